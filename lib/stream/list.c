/* SPDX-License-Identifier: ISC */
/*
 * A list of strings in an envelope, in which nothing stands twice.
 */
#include "stream/list.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/hash.h"

static int
is_item(const struct wordlist *l, size_t i, const char *p, size_t n)
{
	return l->items[i].n == n &&
	    memcmp(l->out->ptr + l->items[i].at, p, n) == 0;
}

/* whether the list has the n bytes at p already */
static int
has_item(const struct wordlist *l, const char *p, size_t n)
{
	size_t i, at = 0;
	uint64_t hash;
	uint32_t found;

	if (l->n < LIST_FEW) {
		for (i = 0; i < l->n && !is_item(l, i, p, n); i++)
			continue;
		return i < l->n;
	}
	hash = hash_bytes(p, n);
	do
		found = hashset_next(&l->table, hash, &at);
	while (found != HASHSET_NONE && !is_item(l, found, p, n));
	return found != HASHSET_NONE;
}

static void
put_in_table(struct wordlist *l, size_t i)
{
	hashset_put(&l->table, hash_bytes(l->out->ptr + l->items[i].at,
	    l->items[i].n), (uint32_t)i);
}

/* room for as many items again: those on the heap are the list's own */
static void
more_items(struct wordlist *l)
{
	struct item *old = l->items;

	l->room *= 2;
	l->items = xrealloc(old == l->few ? NULL : old, l->room,
	    sizeof(*l->items));
	if (old == l->few)
		memcpy(l->items, l->few, sizeof(l->few));
}

void
list_end_item(struct wordlist *l, size_t before, size_t at)
{
	size_t n = l->out->len - at, i;

	if (n == 0 || has_item(l, l->out->ptr + at, n)) {
		l->out->len = before;
		return;
	}
	buf_addc(l->out, '"');
	if (l->n == l->room)
		more_items(l);
	l->items[l->n++] = (struct item){ at, n };
	if (l->n < LIST_FEW)
		return;
	/* the first that is one too many brings those before it along */
	for (i = l->n == LIST_FEW ? 0 : l->n - 1; i < l->n; i++)
		put_in_table(l, i);
}

void
list_item(struct wordlist *l)
{
	if (l->n == 0)
		record_put(l->out, l->field, "[", 1);
	else
		buf_addc(l->out, ',');
	buf_addc(l->out, '"');
}

void
list_begin(struct wordlist *l, struct buf *out, enum record_field field)
{
	l->out = out;
	l->field = field;
	l->n = 0;
	l->room = LIST_FEW;
	l->items = l->few;
	l->table = (struct hashset){0};
}

void
list_end(struct wordlist *l)
{
	if (l->n > 0)
		buf_addc(l->out, ']');
	if (l->items != l->few)
		free(l->items);
	hashset_free(&l->table);
}
