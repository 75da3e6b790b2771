/* SPDX-License-Identifier: ISC */
/*
 * Containers in the order of a value.
 */
#include "match/containers.h"

#include <stdlib.h>

#include "base/buf.h"
#include "json/tape.h"
#include "match/side.h"
#include "stream/record.h"

int
containers_add(struct buf *list, struct tapefind *value, struct side *s,
    uint32_t node, size_t skip, uint32_t which)
{
	struct container c = { .node = node, .token = TAPE_NONE,
	    .order = list->len, .which = which };
	const struct tape *t = value->tape;
	struct record r;
	struct slice at;

	if (side_line(s, node, &r) == -1)
		return -1;
	at = record_text(&r, RECORD_AT);
	if (at.n > skip)
		c.token = tape_find_pointer(value, (struct slice){ at.p +
		    skip, at.n - skip });
	if (c.token != TAPE_NONE && t->text[t->tokens[c.token].start] !=
	    *r.field[RECORD_VALUE].p)
		c.token = TAPE_NONE;
	buf_add(list, &c, sizeof(c));
	return 0;
}

static int
by_token(const void *va, const void *vb)
{
	const struct container *a = va, *b = vb;

	if (a->token != b->token)
		return a->token < b->token ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

void
containers_sort(struct buf *list)
{
	size_t n = list->len / sizeof(struct container);

	if (n > 1)
		qsort(list->ptr, n, sizeof(struct container), by_token);
}
