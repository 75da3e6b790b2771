/* SPDX-License-Identifier: ISC */
/*
 * What a component of one side of a merge says.
 */
#include "likeness.h"

#include <stdlib.h>

#include "canon.h"
#include "diag.h"
#include "side.h"

/* who is meant by a reference: its id, which is the same on both sides */
static int
identity(void *ctx, const char *ref, size_t n, struct slice *text)
{
	struct likeness *l = ctx;
	const struct graph *g = &l->side->graph;
	uint32_t key = graph_find(g, ref, n);
	struct record r;
	struct slice id;
	char *copy;

	if (key == NOTHING || side_line(l->side, keys_at(&g->keys, key)->node,
	    &r) == -1)
		return 0;
	id = record_text(&r, RECORD_ID);
	if (id.p == NULL)
		return 0;
	copy = xstrndup(id.p, id.n);
	buf_add(&l->ids, &copy, sizeof(copy));
	*text = (struct slice){ copy, id.n };
	return 1;
}

static void
free_ids(struct likeness *l)
{
	size_t i;

	for (i = 0; i < l->ids.len / sizeof(char *); i++)
		free(((char **)(void *)l->ids.ptr)[i]);
	l->ids.len = 0;
}

int
likeness(struct likeness *l, struct side *s, uint32_t node, uint64_t *hash)
{
	struct place at = side_place(s);
	struct canon_ask ask = { .identity = identity, .ctx = l,
	    .place = &at };
	struct digest_sum sum = {0};
	struct record_error e;
	struct record r;
	int rc;

	at.line = node + (uint64_t)2;	/* @stream is the first */
	if (side_line(s, node, &r) == -1)
		return -1;
	/* the lines of others are read on the way */
	l->line.len = 0;
	buf_add(&l->line, r.line.p, r.line.n);
	if (record_read(&r, l->line.ptr, l->line.len, &e) == -1)
		return -1;
	l->side = s;
	rc = canon(l->canon, &r, &ask, &sum);
	free_ids(l);
	*hash = sum.low ^ sum.high;
	return rc;
}

void
likeness_free(struct likeness *l)
{
	buf_free(&l->line);
	buf_free(&l->ids);
}
