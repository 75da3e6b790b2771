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

static uint64_t
item_hash(const struct wordlist *l, size_t i)
{
	return hash_bytes(l->out->ptr + l->items[i].at, l->items[i].n);
}

static int
same_item(const struct wordlist *l, size_t i, const char *p, size_t n)
{
	return l->items[i].n == n &&
	    memcmp(l->out->ptr + l->items[i].at, p, n) == 0;
}

/* put the items into a table with room for more */
static void
make_table(struct wordlist *l)
{
	size_t i;
	uint64_t h;

	free(l->table);
	l->mask = 8 * l->n - 1;
	while ((l->mask & (l->mask + 1)) != 0)
		l->mask |= l->mask >> 1;
	l->table = xcalloc(l->mask + 1, sizeof(*l->table));
	for (i = 0; i < l->n; i++) {
		for (h = item_hash(l, i); l->table[h & l->mask] != 0; h++)
			continue;
		l->table[h & l->mask] = i + 1;
	}
}

/* whether the list has the n bytes at p already */
static int
has_item(const struct wordlist *l, const char *p, size_t n)
{
	size_t i;
	uint64_t h;

	if (l->table == NULL) {
		for (i = 0; i < l->n; i++) {
			if (same_item(l, i, p, n))
				return 1;
		}
		return 0;
	}
	for (h = hash_bytes(p, n); (i = l->table[h & l->mask]) != 0; h++) {
		if (same_item(l, i - 1, p, n))
			return 1;
	}
	return 0;
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
	size_t n = l->out->len - at;
	uint64_t h;

	if (n == 0 || has_item(l, l->out->ptr + at, n)) {
		l->out->len = before;
		return;
	}
	buf_addc(l->out, '"');
	if (l->n == l->room)
		more_items(l);
	l->items[l->n++] = (struct item){ at, n };
	if (l->table == NULL ? l->n == LIST_FEW : l->n * 2 > l->mask) {
		make_table(l);
	} else if (l->table != NULL) {
		for (h = item_hash(l, l->n - 1); l->table[h & l->mask] != 0; )
			h++;
		l->table[h & l->mask] = l->n;
	}
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
	l->table = NULL;
}

void
list_end(struct wordlist *l)
{
	if (l->n > 0)
		buf_addc(l->out, ']');
	if (l->items != l->few)
		free(l->items);
	free(l->table);
}
