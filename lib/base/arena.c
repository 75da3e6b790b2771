/* SPDX-License-Identifier: ISC */
/*
 * Memory for many small things that are freed at once.
 */
#include "base/arena.h"

#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

/* the first block, and from which on they do not double any more */
#define SMALLEST ((size_t)250)
#define LARGEST ((size_t)64000)

struct arena_block {
	struct arena_block *before;
	alignas(max_align_t) char bytes[];
};

/* another block, with room for n bytes at least */
static void
add_block(struct arena *a, size_t n)
{
	struct arena_block *b;
	size_t size = a->last == NULL ? SMALLEST : 2 * a->size;

	if (size > LARGEST)
		size = LARGEST;
	if (size < n)
		size = n;
	b = xmalloc(sizeof(*b) + size);
	b->before = a->last;
	*a = (struct arena){ .last = b, .size = size };
}

void *
arena_get(struct arena *a, size_t n)
{
	const size_t unit = alignof(max_align_t);
	void *p;

	n = (n + unit - 1) / unit * unit;
	if (a->last == NULL || a->size - a->used < n)
		add_block(a, n);
	p = a->last->bytes + a->used;
	a->used += n;
	return memset(p, 0, n);
}

void
arena_free(struct arena *a)
{
	struct arena_block *b, *before;

	for (b = a->last; b != NULL; b = before) {
		before = b->before;
		free(b);
	}
	*a = (struct arena){0};
}
