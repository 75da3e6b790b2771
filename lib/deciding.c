/* SPDX-License-Identifier: ISC */
/*
 * What a merge has decided, and the means to decide.
 */
#include "deciding.h"

#include "diag.h"
#include "rules.h"
#include "side.h"

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
		r = rules_at(s->rules, side_node(s, i)->flags);
		up = side_node(s, i)->parent;
		if (!r->follows || up == NOTHING ||
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

/* whether the version taken of a target's record has not this name */
static int
is_lost(const struct decide *d, uint64_t hash, uint32_t t)
{
	uint32_t k;

	if (d->lost_names.n == 0)
		return 0;
	for (k = keys_find(&d->lost_names, hash); k != NOTHING;
	    k = keys_next(&d->lost_names, k)) {
		if (keys_at(&d->lost_names, k)->node == t)
			return 1;
	}
	return 0;
}

/* whether any of a side's records called so is in the result; -1: none is */
static int
leads(const struct decide *d, int source, uint64_t hash)
{
	const struct side *s = decide_side(d, source);
	uint32_t i, k;

	k = keys_find(&s->graph.keys, hash);
	if (k == NOTHING)
		return 0;
	for (; k != NOTHING; k = keys_next(&s->graph.keys, k)) {
		i = keys_at(&s->graph.keys, k)->node;
		if (decide_present(s, decide_side(d, !source), i, source) &&
		    (source || !is_lost(d, hash, i)))
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
	uint32_t key = keys_find(&g->keys, hash);

	return (struct toward){ .graph = g, .key = NOTHING,
	    .edge = key == NOTHING ? NOTHING : graph_into(g, key) };
}

int
decide_let_go(struct decide *d, int source, uint32_t i, enum decided why)
{
	struct side *s = decide_side(d, source);
	struct node *n = side_node(s, i);
	uint64_t item = 2 * (uint64_t)i + (source != 0);
	uint32_t mate;

	if (n->fate == SIDE_GONE)
		return 0;
	n->fate = SIDE_GONE;
	n->why = (uint8_t)why;
	if (array_hold(&d->work, (size_t)(d->nwork + 1) *
	    sizeof(item)) == -1)
		return -1;
	((uint64_t *)d->work.p)[d->nwork++] = item;
	if ((mate = side_mate(s, i)) == NOTHING)
		return 0;
	return decide_let_go(d, !source, mate, why);
}
