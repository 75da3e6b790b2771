/* SPDX-License-Identifier: ISC */
/*
 * What is to be done by hand after a merge.
 */
#include "merge/byhand.h"

#include <string.h>

#include "graph/graph.h"
#include "json/tape.h"
#include "map/map.h"
#include "match/side.h"
#include "merge/decide.h"
#include "merge/rules.h"

void
byhand(struct buf *list, const struct record *r, const struct buf *id,
    const char *what)
{
	struct slice kind = record_text(r, RECORD_KIND);

	buf_printf(list, "%.*s %.*s: %s", (int)kind.n, kind.p, (int)id->len,
	    id->ptr, what);
	buf_addc(list, '\0');
}

void
byhand_secrets(struct buf *list, const struct record *r, const struct buf *id,
    const struct map_kind *kind)
{
	const struct map_row *row = sorts_row(kind, "secret");
	struct slice v = r->field[RECORD_VALUE];
	struct text_error e;
	struct tape t = {0};
	uint32_t i;
	size_t k;

	if (row == NULL || tape_read(&t, v.p, v.n, &e) == -1) {
		tape_free(&t);
		return;
	}
	for (k = 0; k < row->nargs && strcmp(row->args[k], "if") != 0; k++) {
		i = tape_member(&t, 0, row->args[k]);
		if (i != TAPE_NONE && tape_empty(&t, i))
			byhand(list, r, id, "has no value");
	}
	tape_free(&t);
}

/* whether an edge brings anybody to a task */
static int
leads(const struct edge *e)
{
	return (e->list == RECORD_LINKS || e->list == RECORD_REFS) && !e->soft;
}

/* what of the target leads to a task: it did, and it does */
static void
from_target(const struct side *s, uint32_t task, int *had, int *has)
{
	struct toward it = graph_toward(&s->graph, task);
	const struct edge *e;

	while ((e = graph_next(&it)) != NULL) {
		if (!leads(e) || e->from == task)
			continue;
		*had = 1;
		*has |= graph_node(&s->graph, e->from)->fate == SIDE_STAYS;
	}
}

/* whether anything that is taken of the source leads to one of the target's */
static int
from_source(const struct decide *d, uint32_t task)
{
	const struct graph *g = &d->target->graph, *h = &d->source->graph;
	const struct edge *e;
	struct toward it;
	uint32_t k;

	for (k = graph_node(g, task)->keys; k != NOTHING;
	    k = graph_next_key(g, k)) {
		it = decide_toward(h, keyindex_at(&g->keys, k)->hash);
		while ((e = graph_next(&it)) != NULL) {
			if (graph_node(h, e->from)->fate == SIDE_TAKEN &&
			    !e->soft && e->list != RECORD_OWNER)
				return 1;
		}
	}
	return 0;
}

int
byhand_unreached(struct buf *list, const struct decide *d)
{
	struct side *s = d->target;
	struct slice text;
	struct buf id = {0};
	struct record r;
	uint32_t i;
	int had, has, rc = 0;

	for (i = 0; i < s->graph.n && rc == 0; i++) {
		if (!rules_rule(s, i)->sort.task ||
		    graph_node(&s->graph, i)->fate != SIDE_STAYS)
			continue;
		had = has = 0;
		from_target(s, i, &had, &has);
		/* held: by what is taken of a source that has not this task */
		if (!had || has || from_source(d, i) || (graph_node(&s->graph,
		    i)->status & SIDE_HELD) != 0)
			continue;
		if ((rc = side_line(s, i, &r)) == -1)
			break;
		text = record_text(&r, RECORD_ID);
		id.len = 0;
		if (text.p != NULL)
			buf_add(&id, text.p, text.n);
		byhand(list, &r, &id, "nothing leads to it any more");
	}
	buf_free(&id);
	return rc;
}
