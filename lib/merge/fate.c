/* SPDX-License-Identifier: ISC */
/*
 * What was decided of the records so far.
 */
#include "merge/fate.h"

#include "base/diag.h"
#include "match/side.h"
#include "merge/policy.h"

static const char *const whys[DECIDE_WHYS] = {
	[DECIDE_NONE] = "",
	[DECIDE_ABSENT] = "the source has none",
	[DECIDE_CLEARED] = "this import takes it away",
	[DECIDE_OWNED] = "it belonged to what is replaced",
	[DECIDE_OWNERLESS] = "what it belongs to is not there",
	[DECIDE_WITHIN] = "what it stands in is not there",
	[DECIDE_UNNEEDED] = "nothing needs it any more",
	[DECIDE_UNABLE] = "it cannot be without what is gone",
	[DECIDE_SCOPE] = "the source's export does not hold its category",
	[DECIDE_KEPT] = "this import leaves the target's as they are",
	[DECIDE_PLACE] = "it says nothing, and something else comes there",
	[DECIDE_DOUBT] = "",
};

const char *
fate_why(enum decided why)
{
	return whys[why];
}

struct rule *
fate_rule(const struct side *s, uint32_t i)
{
	struct rule *r;
	uint32_t up;

	for (;;) {
		r = policy_rule(s, i);
		up = side_node(s, i)->parent;
		if (!r->sort.follows || up == NOTHING ||
		    side_node(s, i)->type != RECORD_DATA)
			return r;
		i = up;
	}
}

int
fate_live(const struct side *s, uint32_t i, int source)
{
	return side_node(s, i)->fate == (source ? SIDE_TAKEN : SIDE_STAYS);
}

int
fate_present(const struct side *s, const struct side *other, uint32_t i,
    int source)
{
	uint32_t mate;

	if (side_node(s, i)->fate == SIDE_GONE)
		return 0;
	if (!source || side_node(s, i)->fate == SIDE_TAKEN)
		return 1;
	mate = side_mate(s, i);
	return mate != NOTHING && side_node(other, mate)->fate != SIDE_GONE;
}

/* whether a record is in the result, with the word by which it was found */
static int
in_result(const struct fates *d, int source, const struct key *k)
{
	if (!fate_present(fate_side(d, source), fate_side(d, !source),
	    k->node, source))
		return 0;
	/* the other side's version, which is the one taken, may lack it */
	if (!source)
		return d->lost_names.n == 0 ||
		    !keyindex_has(&d->lost_names, k->hash, k->node);
	return side_node(d->source, k->node)->fate == SIDE_TAKEN ||
	    (side_node(d->source, k->node)->status & SIDE_OTHER_WORDS) == 0 ||
	    keyindex_has(&d->target->graph.keys, k->hash,
	    side_mate(d->source, k->node)) ||
	    rename_find(&d->of[1], k->hash).p != NULL;
}

/* the same of a run; what is gone never comes back: its rest is looked at */
static int
run_in_result(const struct fates *d, int source, struct run *r)
{
	const struct keyindex *keys = &fate_side(d, source)->graph.keys;

	while (r->gone < r->n && !in_result(d, source,
	    keyindex_at(keys, r->first + r->gone)))
		r->gone++;
	return r->gone < r->n;
}

/* whether any of a side's records called so is in the result; -1: none is */
static int
resolve(const struct fates *d, int source, uint64_t hash)
{
	const struct graph *g = &fate_side(d, source)->graph;
	uint32_t k = keyindex_find(&g->keys, hash);
	struct run *r;

	if (k == NOTHING)
		return 0;
	if ((r = graph_run(g, k)) != NULL)
		return run_in_result(d, source, r) ? 1 : -1;
	for (; k != NOTHING; k = keyindex_next(&g->keys, k)) {
		if (in_result(d, source, keyindex_at(&g->keys, k)))
			return 1;
	}
	return -1;
}

int
fate_leads(const struct fates *d, int source, uint64_t hash)
{
	int own = resolve(d, source, hash), other;

	if (own == 1)
		return 1;
	other = resolve(d, !source, hash);
	/* the source's, which is called otherwise, is another thing */
	if (other == 1 && (own == 0 ||
	    rename_find(&d->of[1], hash).p == NULL))
		return 1;
	return own == -1 || other == -1 ? -1 : 0;
}

const struct key *
fate_owner(const struct side *s, uint32_t i, const struct edge **at)
{
	*at = graph_owner(&s->graph, i, *at);
	return *at == NULL ? NULL : keyindex_at(&s->graph.keys, (*at)->key);
}

struct toward
fate_toward(const struct graph *g, uint64_t hash)
{
	uint32_t key = keyindex_find(&g->keys, hash);

	return (struct toward){ .graph = g,
	    .edge = key == NOTHING ? NOTHING : graph_into(g, key) };
}

int
fate_push(struct fate_list *list, int source, uint32_t i)
{
	uint64_t item = 2 * (uint64_t)i + (source != 0);

	if (bigarray_hold(&list->items, (size_t)(list->n + 1) *
	    sizeof(item)) == -1)
		return -1;
	((uint64_t *)list->items.p)[list->n++] = item;
	return 0;
}

/*
 * In a union the source's version cannot be: the target's is left as it is,
 * with what it needs, which may have been dropped by now.  Whether it is so.
 */
static int
leave_mate(struct fates *d, uint32_t s)
{
	struct node *n = side_node(d->source, s), *m;
	uint32_t mate = side_mate(d->source, s);

	if (mate == NOTHING || n->fate != SIDE_TAKEN ||
	    (n->status & SIDE_COMES) != 0 ||
	    policy_traits(fate_rule(d->source, s))->pair != PAIR_UNITED)
		return 0;
	m = side_node(d->target, mate);
	if (m->fate != SIDE_TAKEN)
		return 0;
	n->fate = m->fate = SIDE_STAYS;
	m->status |= SIDE_LEFT;
	d->again = 1;
	return 1;
}

int
fate_drop(struct fates *d, int source, uint32_t i, enum decided why)
{
	struct side *s = fate_side(d, source);
	struct node *n = side_node(s, i), *m;
	uint32_t mate = side_mate(s, i);

	if (n->fate == SIDE_GONE)
		return 0;
	if (!source && n->fate == SIDE_STAYS && mate != NOTHING) {
		m = side_node(d->source, mate);
		if ((m->status & SIDE_COMES) != 0 && m->fate == SIDE_STAYS) {
			n->fate = m->fate = SIDE_TAKEN;
			return fate_push(&d->work, 1, mate);
		}
	}
	if (source && leave_mate(d, i))
		return 0;
	n->fate = SIDE_GONE;
	n->why = why & MOST_WHY;
	if (fate_push(&d->work, source, i) == -1)
		return -1;
	return mate == NOTHING ? 0 : fate_drop(d, !source, mate, why);
}
