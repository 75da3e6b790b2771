/* SPDX-License-Identifier: ISC */
/*
 * A list of strings in an envelope, read and written.
 */
#include "stream/list.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/hash.h"
#include "json/string.h"

int
list_next(struct slice list, size_t *at, struct slice *text)
{
	const char *p, *end, *past;

	if (list.p == NULL || *at + 2 >= list.n)
		return 0;
	p = list.p + *at + 1;
	end = list.p + list.n;
	if ((p[-1] != '[' && p[-1] != ',') || *p != '"' ||
	    (past = string_skip(p, end)) == NULL)
		return 0;
	*text = (struct slice){ p + 1, (size_t)(past - p) - 2 };
	*at = (size_t)(past - list.p);
	return 1;
}

struct slice
list_reference(struct slice item)
{
	size_t soft = item.n > 0 && *item.p == '?';

	return (struct slice){ item.p + soft, item.n - soft };
}

static int
is_item(const struct list *l, size_t i, const char *p, size_t n)
{
	return l->items[i].n == n &&
	    memcmp(l->out->ptr + l->items[i].at, p, n) == 0;
}

/* whether the list has the n bytes at p already */
static int
has_item(const struct list *l, const char *p, size_t n)
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
put_in_table(struct list *l, size_t i)
{
	hashset_put(&l->table, hash_bytes(l->out->ptr + l->items[i].at,
	    l->items[i].n), (uint32_t)i);
}

/* room for as many items again: those on the heap are the list's own */
static void
more_items(struct list *l)
{
	struct list_item *old = l->items;

	l->room *= 2;
	l->items = xrealloc(old == l->few ? NULL : old, l->room,
	    sizeof(*l->items));
	if (old == l->few)
		memcpy(l->items, l->few, sizeof(l->few));
}

void
list_end_item(struct list *l, size_t before, size_t at)
{
	size_t n = l->out->len - at, i;

	if (n == 0 || has_item(l, l->out->ptr + at, n)) {
		l->out->len = before;
		return;
	}
	buf_addc(l->out, '"');
	if (l->n == l->room)
		more_items(l);
	l->items[l->n++] = (struct list_item){ at, n };
	if (l->n < LIST_FEW)
		return;
	/* the first that is one too many brings those before it along */
	for (i = l->n == LIST_FEW ? 0 : l->n - 1; i < l->n; i++)
		put_in_table(l, i);
}

void
list_item(struct list *l)
{
	if (l->n == 0)
		record_put(l->out, l->field, "[", 1);
	else
		buf_addc(l->out, ',');
	buf_addc(l->out, '"');
}

void
list_begin(struct list *l, struct buf *out, enum record_field field)
{
	l->out = out;
	l->field = field;
	l->n = 0;
	l->room = LIST_FEW;
	l->items = l->few;
	l->table = (struct hashset){0};
}

void
list_end(struct list *l)
{
	if (l->n > 0)
		buf_addc(l->out, ']');
	if (l->items != l->few)
		free(l->items);
	hashset_free(&l->table);
}
