/* SPDX-License-Identifier: ISC */
/*
 * Counters in components of what belongs to them ("count").
 */
#include "select/counting.h"

#include <string.h>

#include "map/map.h"
#include "select/selection.h"
#include "stream/record.h"
#include "value/repair.h"

/* whether records of a kind count those of another; asked over and over */
static int
counts(struct selection *s, uint32_t kind, uint32_t counted)
{
	struct slice a = graph_kind_name(&s->graph, kind);
	const char *name;

	if (s->counts[0] != kind || s->counts[1] != counted) {
		s->counts[0] = kind;
		s->counts[1] = counted;
		name = repair_counted(s->map, a.p, a.n);
		s->counts[2] = name != NULL && graph_kind_number(&s->graph,
		    name, strlen(name)) == counted;
	}
	return s->counts[2] != 0;
}

void
counting_mark(struct selection *s, uint32_t node)
{
	const struct graph *g = &s->graph;
	const struct edge *e;
	struct node *n;
	struct run *r;
	uint32_t i, k, kind = graph_node(g, node)->kind;

	for (i = graph_node(g, node)->edges;
	    i < graph_node(g, node + 1)->edges; i++) {
		e = graph_edge(g, i);
		if (e->list != RECORD_OWNER || e->key == NOTHING)
			continue;
		r = graph_run(g, e->key);
		if (r != NULL && r->mark[RUN_COUNTS] == kind + 1)
			continue;
		if (r != NULL)
			r->mark[RUN_COUNTS] = kind + 1;
		for (k = e->key; k != NOTHING; k = keyindex_next(&g->keys, k)) {
			n = graph_node(g, keyindex_at(&g->keys, k)->node);
			if (n->fate == FATE_DROP ||
			    (n->flags & SELECT_COUNT) != 0 ||
			    !counts(s, n->kind, kind))
				continue;
			n->fate = FATE_CHANGE;
			n->flags |= SELECT_COUNT;
		}
	}
}

/* how many of a kind belong to a record: in the input, and now */
static void
count(const struct selection *s, uint32_t node, uint32_t kind, uint64_t *was,
    uint64_t *is)
{
	const struct graph *g = &s->graph;
	struct toward it = graph_toward(g, node);
	const struct edge *e;

	*was = *is = 0;
	while ((e = graph_next(&it)) != NULL) {
		if (e->list != RECORD_OWNER ||
		    graph_node(g, e->from)->kind != kind)
			continue;
		++*was;
		*is += graph_node(g, e->from)->fate != FATE_DROP;
	}
}

int
counting_change(struct selection *s, uint32_t node, const struct record *r,
    struct buf *line)
{
	struct slice kind = record_text(r, RECORD_KIND);
	const char *counted = repair_counted(s->map, kind.p, kind.n);
	const struct place at = selection_place(s, node);
	uint64_t was, is;
	uint32_t number;
	int rc;

	if (counted == NULL || (number = graph_kind_number(&s->graph, counted,
	    strlen(counted))) == NOTHING)
		return 0;
	count(s, node, number, &was, &is);
	rc = repair_count(s->mender, r, counted, was, is, 0, &at, line);
	return rc == -1 ? -1 : rc == REPAIR_CHANGED;
}
