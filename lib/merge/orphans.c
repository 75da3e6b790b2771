/* SPDX-License-Identifier: ISC */
/*
 * Records that nothing needs any more.
 */
#include "merge/orphans.h"

#include "match/side.h"
#include "merge/deciding.h"
#include "merge/rules.h"

static struct node *
node_of(const struct decide *d, int source, uint32_t i)
{
	return graph_node(&decide_side(d, source)->graph, i);
}

static int
push(struct bigarray *a, uint64_t *n, int source, uint32_t node)
{
	uint64_t item = 2 * (uint64_t)node + (source != 0);

	if (bigarray_hold(a, (size_t)(*n + 1) * sizeof(item)) == -1)
		return -1;
	((uint64_t *)a->p)[(*n)++] = item;
	return 0;
}

/* one that may have lost what it is there for, if it is of those */
static int
doubt(struct decide *d, int source, uint32_t i)
{
	const struct side *s = decide_side(d, source);
	struct node *n = node_of(d, source, i);

	if (n->why == WHY_DOUBT || !decide_rule(s, i)->sort.orphan ||
	    !decide_live(s, i, source) || side_mate(s, i) != NOTHING)
		return 0;
	n->why = WHY_DOUBT;
	return push(&d->doubts, &d->ndoubts, source, i);
}

/* clear one in doubt, which something needs */
static int
clear(struct decide *d, int source, uint32_t i)
{
	struct node *n = node_of(d, source, i);

	if (n->why != WHY_DOUBT)
		return 0;
	n->why = WHY_NONE;
	return push(&d->work, &d->nwork, source, i);
}

/* whether what has a key's word was seen to in this phase; it is now */
static int
is_seen(const struct decide *d, const struct graph *g, uint32_t key)
{
	struct run *r = graph_run(g, key);

	if (r == NULL)
		return 0;
	if (r->mark[RUN_NEEDED] == d->phase)
		return 1;
	r->mark[RUN_NEEDED] = d->phase;
	return 0;
}

/* call for each record of one side that a record of either needs */
static int
each_needed(struct decide *d, int source, uint32_t i, int of,
    int (*call)(struct decide *, int, uint32_t))
{
	const struct graph *g = &decide_side(d, source)->graph;
	const struct graph *h = &decide_side(d, of)->graph;
	const struct keyindex *keys = &h->keys;
	const struct edge *e;
	uint32_t j, k;

	for (j = graph_node(g, i)->edges; j < graph_node(g, i + 1)->edges;
	    j++) {
		e = graph_edge(g, j);
		if (e->list != RECORD_NEEDS || e->key == NOTHING)
			continue;
		k = of == source ? e->key :
		    keyindex_find(keys, keyindex_at(&g->keys, e->key)->hash);
		if (k == NOTHING || is_seen(d, h, k))
			continue;
		for (; k != NOTHING; k = keyindex_next(keys, k)) {
			if (call(d, of, keyindex_at(keys, k)->node) == -1)
				return -1;
		}
	}
	return 0;
}

int
orphans_doubt(struct decide *d, int source, uint32_t node)
{
	return each_needed(d, source, node, source, doubt);
}

/*
 * Whether anything of one side by this word's need holds a record.  That
 * nothing does is noted for this phase: one that is cleared later clears
 * itself what it needs.
 */
static int
is_held_by(const struct decide *d, int source, uint64_t hash)
{
	const struct side *s = decide_side(d, source);
	uint32_t key = keyindex_find(&s->graph.keys, hash);
	struct run *r = key == NOTHING ? NULL : graph_run(&s->graph, key);
	struct toward it = decide_toward(&s->graph, hash);
	const struct edge *e;

	if (r != NULL && r->mark[RUN_NO_NEEDER] == d->phase)
		return 0;
	while ((e = graph_next(&it)) != NULL) {
		if (e->list == RECORD_NEEDS &&
		    decide_live(s, e->from, source) &&
		    node_of(d, source, e->from)->why != WHY_DOUBT)
			return 1;
	}
	if (r != NULL)
		r->mark[RUN_NO_NEEDER] = d->phase;
	return 0;
}

/* whether anything in the result that is not in doubt needs a record */
static int
is_held(const struct decide *d, int source, uint32_t i)
{
	const struct graph *g = &decide_side(d, source)->graph;
	uint64_t hash;
	uint32_t k;

	if ((node_of(d, source, i)->status & SIDE_HELD) != 0)
		return 1;
	for (k = graph_node(g, i)->keys; k != NOTHING;
	    k = graph_next_key(g, k)) {
		hash = keyindex_at(&g->keys, k)->hash;
		if (is_held_by(d, 0, hash) || is_held_by(d, 1, hash))
			return 1;
	}
	return 0;
}

static uint64_t
doubted(const struct decide *d, uint64_t i)
{
	return ((const uint64_t *)d->doubts.p)[i];
}

/* clear all that others hold; d->work is a list of the cleared meanwhile */
static int
clear_held(struct decide *d)
{
	uint64_t i, item;

	for (i = 0; i < d->ndoubts; i++) {
		item = doubted(d, i);
		if (is_held(d, item & 1, (uint32_t)(item >> 1)) &&
		    clear(d, item & 1, (uint32_t)(item >> 1)) == -1)
			return -1;
		while (d->nwork > 0) {
			item = ((uint64_t *)d->work.p)[--d->nwork];
			if (each_needed(d, item & 1, (uint32_t)(item >> 1), 0,
			    clear) == -1 || each_needed(d, item & 1,
			    (uint32_t)(item >> 1), 1, clear) == -1)
				return -1;
		}
	}
	return 0;
}

int
orphans_try(struct decide *d)
{
	uint64_t i, item;

	/* the list grows as it is walked */
	for (i = 0; i < d->ndoubts; i++) {
		item = doubted(d, i);
		if (orphans_doubt(d, item & 1, (uint32_t)(item >> 1)) == -1)
			return -1;
	}
	d->phase++;
	if (clear_held(d) == -1)
		return -1;
	for (i = 0; i < d->ndoubts; i++) {
		item = doubted(d, i);
		if (node_of(d, item & 1, (uint32_t)(item >> 1))->why ==
		    WHY_DOUBT && decide_let_go(d, item & 1,
		    (uint32_t)(item >> 1), WHY_UNNEEDED) == -1)
			return -1;
	}
	d->ndoubts = 0;
	d->phase++;
	return 0;
}
