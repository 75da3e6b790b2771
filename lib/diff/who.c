/* SPDX-License-Identifier: ISC */
/*
 * Who a record is, for people, and whose.
 */
#include "diff/who.h"

#include "diff/item.h"
#include "graph/graph.h"
#include "match/numbering.h"
#include "match/side.h"
#include "stream/record.h"

uint32_t
who_owner(const struct side *s, uint32_t node)
{
	const struct graph *g = &s->graph;
	const struct edge *e;
	uint32_t to;

	for (e = graph_edges(g, node); e < graph_edges(g, node + 1); e++) {
		if (e->list != RECORD_OWNER || e->key == NOTHING)
			continue;
		to = keyindex_at(&g->keys, e->key)->node;
		if (to != node)
			return to;
	}
	return graph_outer(g, node);
}

/* the file and the place of a record without an id; 0 or -1 */
static int
put_place(struct who_texts *w, struct side *s, uint32_t node,
    const struct record *r)
{
	struct slice file = record_text(r, RECORD_FILE);
	struct slice at = record_text(r, RECORD_AT);

	if (file.p != NULL)
		buf_add(&w->texts, file.p, file.n);
	if (r->kind == RECORD_OF_FILE || at.n == 0)
		return 0;
	buf_addc(&w->texts, '#');
	return numbering_put(s, NULL, node, at, &w->texts);
}

int
who_is(struct who_texts *w, struct side *s, uint32_t node,
    struct diff_who *who)
{
	struct slice kind, id, text;
	struct record r;
	size_t nid;

	if (side_line(s, node, &r) == -1)
		return -1;
	kind = r.kind == RECORD_OF_FILE ? (struct slice){ "file", 4 } :
	    record_text(&r, RECORD_KIND);
	id = record_text(&r, RECORD_ID);
	text = record_text(&r, RECORD_NAME);
	w->texts.len = 0;
	buf_add(&w->texts, kind.p, kind.n);
	if (id.p != NULL)
		buf_add(&w->texts, id.p, id.n);
	else if (put_place(w, s, node, &r) == -1)
		return -1;
	nid = w->texts.len - kind.n;
	buf_add(&w->texts, text.p, text.p == NULL ? 0 : text.n);
	who->kind = (struct slice){ w->texts.ptr, kind.n };
	who->id = (struct slice){ w->texts.ptr + kind.n, nid };
	who->name = (struct slice){ text.p == NULL ? NULL :
	    w->texts.ptr + kind.n + nid, text.p == NULL ? 0 : text.n };
	return 0;
}

void
who_free(struct who_texts *w)
{
	buf_free(&w->texts);
}
