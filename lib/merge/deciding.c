/* SPDX-License-Identifier: ISC */
/*
 * What a merge has decided, and the means to decide.
 */
#include "merge/deciding.h"

#include "base/diag.h"
#include "match/side.h"
#include "merge/rules.h"

static const char *const whys[WHYS] = {
	[WHY_NONE] = "",
	[WHY_ABSENT] = "the source has none",
	[WHY_CLEARED] = "this import takes it away",
	[WHY_OWNED] = "it belonged to what is replaced",
	[WHY_OWNERLESS] = "what it belongs to is not there",
	[WHY_WITHIN] = "what it stands in is not there",
	[WHY_UNNEEDED] = "nothing needs it any more",
	[WHY_UNABLE] = "it cannot be without what is gone",
	[WHY_SCOPE] = "the source's export does not hold its category",
	[WHY_KEPT] = "this import leaves the target's as they are",
	[WHY_PLACE] = "it says nothing, and something else comes there",
	[WHY_DOUBT] = "",
};

const char *
decide_why(enum decided why)
{
	return whys[why];
}

struct rule *
decide_rule(const struct side *s, uint32_t i)
{
	struct rule *r;
	uint32_t up;

	for (;;) {
		r = rules_rule(s, i);
		up = side_node(s, i)->parent;
		if (!r->sort.follows || up == NOTHING ||
		    side_node(s, i)->type != RECORD_DATA)
			return r;
		i = up;
	}
}

int
decide_live(const struct side *s, uint32_t i, int source)
{
	return side_node(s, i)->fate == (source ? SIDE_TAKEN : SIDE_STAYS);
}

int
decide_present(const struct side *s, const struct side *other, uint32_t i,
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
is_led_to(const struct decide *d, int source, const struct key *k)
{
	if (!decide_present(decide_side(d, source), decide_side(d, !source),
	    k->node, source))
		return 0;
	/* the version taken of a target's record may lack this name */
	return source || d->lost_names.n == 0 ||
	    !keyindex_has(&d->lost_names, k->hash, k->node);
}

/* the same of a run; what is gone never comes back: its rest is looked at */
static int
leads_to_run(const struct decide *d, int source, struct run *r)
{
	const struct keyindex *keys = &decide_side(d, source)->graph.keys;

	while (r->gone < r->n && !is_led_to(d, source,
	    keyindex_at(keys, r->first + r->gone)))
		r->gone++;
	return r->gone < r->n;
}

/* whether any of a side's records called so is in the result; -1: none is */
static int
leads(const struct decide *d, int source, uint64_t hash)
{
	const struct graph *g = &decide_side(d, source)->graph;
	uint32_t k = keyindex_find(&g->keys, hash);
	struct run *r;

	if (k == NOTHING)
		return 0;
	if ((r = graph_run(g, k)) != NULL)
		return leads_to_run(d, source, r) ? 1 : -1;
	for (; k != NOTHING; k = keyindex_next(&g->keys, k)) {
		if (is_led_to(d, source, keyindex_at(&g->keys, k)))
			return 1;
	}
	return -1;
}

int
decide_leads(const struct decide *d, uint64_t hash)
{
	int t = leads(d, 0, hash), s = leads(d, 1, hash);

	if (t == 1 || s == 1)
		return 1;
	return t == -1 || s == -1 ? -1 : 0;
}

struct toward
decide_toward(const struct graph *g, uint64_t hash)
{
	uint32_t key = keyindex_find(&g->keys, hash);

	return (struct toward){ .graph = g, .key = NOTHING,
	    .edge = key == NOTHING ? NOTHING : graph_into(g, key) };
}

/* something hangs on what became of a record */
static int
push(struct decide *d, int source, uint32_t i)
{
	uint64_t item = 2 * (uint64_t)i + (source != 0);

	if (bigarray_hold(&d->work, (size_t)(d->nwork + 1) *
	    sizeof(item)) == -1)
		return -1;
	((uint64_t *)d->work.p)[d->nwork++] = item;
	return 0;
}

int
decide_let_go(struct decide *d, int source, uint32_t i, enum decided why)
{
	struct side *s = decide_side(d, source);
	struct node *n = side_node(s, i), *m;
	uint32_t mate = side_mate(s, i);

	if (n->fate == SIDE_GONE)
		return 0;
	if (!source && n->fate == SIDE_STAYS && mate != NOTHING) {
		m = side_node(d->source, mate);
		if ((m->status & SIDE_COMES) != 0 && m->fate == SIDE_STAYS) {
			n->fate = m->fate = SIDE_TAKEN;
			return push(d, 1, mate);
		}
	}
	n->fate = SIDE_GONE;
	n->why = (uint8_t)why;
	if (push(d, source, i) == -1)
		return -1;
	return mate == NOTHING ? 0 : decide_let_go(d, !source, mate, why);
}
