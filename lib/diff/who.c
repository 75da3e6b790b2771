/* SPDX-License-Identifier: ISC */
/*
 * Who a record is, for people, and whose.
 */
#include "diff/who.h"

#include <inttypes.h>

#include "diff/item.h"
#include "graph/graph.h"
#include "json/pointer.h"
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

/* ---- without an id: where it stands */

/* components in each other; of deeper ones the innermost are counted */
#define DEEPEST 32

/* how far the elements of a list are counted */
struct count {
	uint32_t list;		/* the record around them */
	uint32_t next;		/* the first that is not counted */
	uint64_t n;
};

/* the components of a list before one of them, in so many other lists */
static uint64_t
number_of(struct who_texts *w, const struct side *s, uint32_t node,
    unsigned depth)
{
	const struct count none = { .list = NOTHING };
	uint32_t list = side_node(s, node)->parent;
	struct count *c;

	while (w->counts.len <= depth * sizeof(*c))
		buf_add(&w->counts, &none, sizeof(none));
	c = (struct count *)(void *)w->counts.ptr + depth;
	if (c->list != list || c->next > node)
		*c = (struct count){ list, list + 1, 0 };
	for (; c->next < node; c->next = side_end(s, c->next))
		c->n += side_node(s, c->next)->type == RECORD_COMPONENT;
	return c->n;
}

/* the steps of a pointer that are elements of components' lists */
static unsigned
elements_of(struct slice at)
{
	unsigned n = 0;
	size_t i;

	for (i = 0; i < at.n; i++)
		n += pointer_is_dash(at.p, at.n, i) != 0;
	return n;
}

/* a pointer with numbers for its steps "-" */
static void
put_pointer(struct who_texts *w, const struct side *s, uint32_t node,
    struct slice at)
{
	uint32_t around[DEEPEST];
	unsigned n = 0, steps = elements_of(at), step = 0;
	size_t i;

	for (; node != NOTHING && n < DEEPEST;
	    node = side_node(s, node)->parent)
		if (side_node(s, node)->type == RECORD_COMPONENT &&
		    side_node(s, node)->parent != NOTHING)
			around[n++] = node;
	for (i = 0; i < at.n; i++) {
		buf_addc(&w->texts, at.p[i]);
		if (!pointer_is_dash(at.p, at.n, i))
			continue;
		/* the last step is the record's own, if others are not known */
		step++;
		if (n > 0 && (step == steps || n == steps)) {
			buf_printf(&w->texts, "%" PRIu64, number_of(w, s,
			    around[steps - step], step - 1));
			i++;
		}
	}
}

/* the file and the place of a record without an id */
static void
put_place(struct who_texts *w, const struct side *s, uint32_t node,
    const struct record *r)
{
	struct slice file = record_text(r, RECORD_FILE);
	struct slice at = record_text(r, RECORD_AT);

	if (w->side != s)
		w->counts.len = 0;
	w->side = s;
	if (file.p != NULL)
		buf_add(&w->texts, file.p, file.n);
	if (r->kind == RECORD_OF_FILE || at.n == 0)
		return;
	buf_addc(&w->texts, '#');
	put_pointer(w, s, node, at);
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
	else
		put_place(w, s, node, &r);
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
	buf_free(&w->counts);
}
