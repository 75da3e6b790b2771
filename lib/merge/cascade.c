/* SPDX-License-Identifier: ISC */
/*
 * What falls with what is gone.
 */
#include "merge/cascade.h"

#include "map/lost.h"
#include "map/map.h"
#include "match/side.h"
#include "merge/deciding.h"
#include "merge/orphans.h"
#include "merge/rules.h"
#include "merge/unmet.h"
#include "value/repair.h"

/* the owners of a record that had any are all gone */
static int
is_ownerless(const struct decide *d, int source, uint32_t i)
{
	const struct side *s = decide_side(d, source);
	const struct edge *e;
	uint32_t j;
	int had = 0;

	for (j = side_node(s, i)->edges; j < side_node(s, i + 1)->edges; j++) {
		e = graph_edge(&s->graph, j);
		if (e->list != RECORD_OWNER || e->key == NOTHING)
			continue;
		had = 1;
		if (decide_leads(d, keyindex_at(&s->graph.keys,
		    e->key)->hash) != -1)
			return 0;
	}
	return had;
}

/* a live record has lost what a reference of it led to */
static int
has_lost(struct decide *d, int source, const struct edge *e)
{
	struct side *s = decide_side(d, source);
	struct node *n = side_node(s, e->from);

	if (!decide_live(s, e->from, source))
		return 0;
	if (e->list == RECORD_OWNER) {
		if (is_ownerless(d, source, e->from))
			return decide_let_go(d, source, e->from, WHY_OWNERLESS);
	} else if (kindtable_drops(&d->kinds[source], n->kind,
	    (enum record_field)e->list, e->kind) == LOST_DROPS) {
		return decide_let_go(d, source, e->from, WHY_UNABLE);
	}
	n->status |= SIDE_MEND;
	return 0;
}

/* those that refer to a word that may lead nowhere now */
static int
lose_word(struct decide *d, uint64_t hash)
{
	const struct edge *e;
	struct toward it;
	int source;

	if (decide_leads(d, hash) != -1)
		return 0;
	for (source = 0; source < 2; source++) {
		it = decide_toward(&decide_side(d, source)->graph, hash);
		while ((e = graph_next(&it)) != NULL) {
			if (has_lost(d, source, e) == -1)
				return -1;
		}
	}
	return 0;
}

/* those that refer to a word of one that is gone; of a run, once */
static int
lose_key(struct decide *d, const struct graph *g, uint32_t key)
{
	uint64_t hash = keyindex_at(&g->keys, key)->hash;
	struct run *r = graph_run(g, key);

	if (r == NULL)
		return lose_word(d, hash);
	if (r->mark[RUN_FELL] != 0 || decide_leads(d, hash) != -1)
		return 0;
	r->mark[RUN_FELL] = 1;
	return lose_word(d, hash);
}

/* what a new record refers to must be there, or it is mended */
static int
check_refs(struct decide *d, uint32_t s)
{
	const struct graph *g = &d->source->graph;
	const struct edge *e;
	uint32_t j;

	for (j = side_node(d->source, s)->edges;
	    j < side_node(d->source, s + 1)->edges; j++) {
		if (!decide_live(d->source, s, 1))
			break;
		e = graph_edge(g, j);
		if (e->key != NOTHING && decide_leads(d,
		    keyindex_at(&g->keys, e->key)->hash) == -1 &&
		    has_lost(d, 1, e) == -1)
			return -1;
	}
	return 0;
}

/* a record of the source takes the place of its mate, which cannot stay */
static int
come(struct decide *d, uint32_t s)
{
	return unmet_of(d, s) == -1 || check_refs(d, s) == -1 ? -1 :
	    orphans_doubt(d, 0, side_mate(d->source, s));
}

/* all that hangs on one that is gone, or comes in place of one that is */
static int
see_to(struct decide *d, int source, uint32_t i)
{
	const struct side *s = decide_side(d, source);
	const struct node *n = side_node(s, i);
	uint32_t k, j, end = side_end(s, i);

	if (n->fate == SIDE_TAKEN && (n->status & SIDE_COMES) != 0)
		return come(d, i);
	for (k = n->keys; k != NOTHING;
	    k = graph_next_key(&s->graph, k)) {
		if (lose_key(d, &s->graph, k) == -1)
			return -1;
	}
	for (j = i + 1; j < end; j++) {
		if (decide_let_go(d, source, j, WHY_WITHIN) == -1)
			return -1;
	}
	return orphans_doubt(d, source, i);
}

/* all that hangs on what is gone, and what nothing needs now */
static int
fall(struct decide *d)
{
	uint64_t item;

	do {
		while (d->nwork > 0) {
			item = ((uint64_t *)d->work.p)[--d->nwork];
			if (see_to(d, item & 1, (uint32_t)(item >> 1)) == -1)
				return -1;
		}
		if (orphans_try(d) == -1)
			return -1;
	} while (d->nwork > 0);
	return 0;
}

/* a record of the source must stand in something that is there */
static int
check_inside(struct decide *d, uint32_t s)
{
	uint32_t up = side_node(d->source, s)->parent;

	if (up == NOTHING || side_node(d->source, s)->fate != SIDE_TAKEN ||
	    decide_present(d->source, d->target, up, 1))
		return 0;
	if (side_mate(d->source, s) != NOTHING)
		return 0;
	return decide_let_go(d, 1, s, WHY_WITHIN);
}

/* a name of the target's version that the source's has not */
struct naming {
	struct decide *d;
	uint32_t node, mate;
	struct slice kind;
};

static int
take_name(void *ctx, const char *name, size_t n)
{
	struct naming *m = ctx;
	const struct graph *g = &m->d->source->graph;
	uint64_t hash = keyindex_hash(m->kind.p, m->kind.n, name, n);

	if (keyindex_has(&g->keys, hash, m->mate))
		return 0;
	return keyindex_add(&m->d->lost_names, hash, m->node);
}

/* names of traits and the like that their new versions have not any more */
static int
find_names(struct decide *d)
{
	struct naming m = { .d = d };
	struct record r;
	uint32_t i;

	for (i = 0; i < d->target->graph.n; i++) {
		if (side_node(d->target, i)->fate != SIDE_TAKEN ||
		    !decide_rule(d->target, i)->sort.names)
			continue;
		if (side_line(d->target, i, &r) == -1)
			return -1;
		m.node = i;
		m.mate = side_mate(d->target, i);
		m.kind = record_text(&r, RECORD_KIND);
		if (graph_items(r.field[RECORD_NAMES], take_name, &m) == -1)
			return -1;
	}
	return keyindex_sort(&d->lost_names);
}

static int
lose_names(struct decide *d)
{
	uint32_t i;

	for (i = 0; i < d->lost_names.n; i++) {
		if (lose_word(d, keyindex_at(&d->lost_names, i)->hash) == -1)
			return -1;
	}
	return 0;
}

int
cascade(struct decide *d)
{
	uint32_t i;
	int rc = 0;

	for (i = 0; i < d->source->graph.n && rc == 0; i++)
		rc = check_inside(d, i);
	if (rc == 0)
		rc = find_names(d);
	for (i = 0; i < d->target->graph.n && rc == 0; i++) {
		if (side_node(d->target, i)->fate == SIDE_TAKEN)
			rc = orphans_doubt(d, 0, i);
	}
	if (rc == 0)
		rc = lose_names(d) == -1 ? -1 : fall(d);
	for (i = 0; i < d->source->graph.n && rc == 0; i++)
		rc = check_refs(d, i);
	return rc == 0 ? fall(d) : -1;
}
