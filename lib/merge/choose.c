/* SPDX-License-Identifier: ISC */
/*
 * What each record's own rule makes of it.
 */
#include "merge/choose.h"

#include "match/side.h"
#include "merge/deciding.h"
#include "merge/rules.h"

/* whether the owner of a source's record is kept as the target has it */
static int
owner_stays(const struct decide *d, int source, uint32_t i)
{
	const struct side *s = decide_side(d, source);
	const struct edge *e;
	const struct rule *r;
	uint32_t j, to;

	for (j = side_node(s, i)->edges; j < side_node(s, i + 1)->edges; j++) {
		e = graph_edge(&s->graph, j);
		if (e->list != RECORD_OWNER || e->key == NOTHING)
			continue;
		to = keyindex_at(&s->graph.keys, e->key)->node;
		r = decide_rule(s, to);
		if (side_mate(s, to) != NOTHING && (r->action == ACTION_ADD ||
		    r->action == ACTION_KEEP || r->action == ACTION_IF_NONE))
			return 1;
	}
	return 0;
}

/* a pair: whose version is in the result */
static int
decide_pair(struct decide *d, uint32_t t, uint32_t s)
{
	const struct rule *r = decide_rule(d->source, s);
	struct node *a = side_node(d->target, t), *b = side_node(d->source, s);
	int takes = 0;

	if (r->sort.follows)
		return 0;	/* the target's line will do */
	if (r->action == ACTION_CLEAR && r->chosen)
		return decide_let_go(d, 0, t, WHY_CLEARED);
	if (!r->held) {
		b->why = WHY_SCOPE;
	} else if (r->action == ACTION_REPLACE ||
	    r->action == ACTION_REPLACE_ALL) {
		takes = !owner_stays(d, 1, s);
	} else if (r->action == ACTION_UNION) {
		takes = (b->status & (SIDE_TIE | SIDE_RENAMED)) == 0 &&
		    (r->sort.unites || r->sort.keyed);
	} else if (r->action == ACTION_IF_NONE && r->none_stays) {
		takes = 1;
	} else {
		b->why = WHY_KEPT;
	}
	if (r->action == ACTION_ERROR && r->held)
		takes = 1;	/* told if they differ */
	if (takes)
		a->fate = b->fate = SIDE_TAKEN;
	else if (r->held && (r->action == ACTION_ADD || r->action ==
	    ACTION_UNION) && !owner_stays(d, 1, s))
		b->status |= SIDE_COMES;
	return 0;
}

/* a record of the source alone */
static int
decide_new(struct decide *d, uint32_t s)
{
	const struct rule *r = decide_rule(d->source, s);
	struct node *n = side_node(d->source, s);

	/* what only it needs does not come, as where the target has it, too */
	if (!r->sort.follows && r->action == ACTION_CLEAR && r->chosen)
		return decide_let_go(d, 1, s, WHY_CLEARED);
	if (r->sort.follows) {
		n->fate = SIDE_TAKEN;
	} else if (!r->held) {
		n->why = WHY_SCOPE;
	} else if (r->action == ACTION_KEEP || r->action == ACTION_CLEAR ||
	    (r->action == ACTION_IF_NONE && !r->none_stays) ||
	    owner_stays(d, 1, s)) {
		n->why = WHY_KEPT;
	} else {
		n->fate = SIDE_TAKEN;
	}
	return 0;
}

/* whether the component around a record of the target stays without a mate */
static int
stands_apart(const struct decide *d, uint32_t t)
{
	uint32_t up = side_node(d->target, t)->parent;

	for (; up != NOTHING; up = side_node(d->target, up)->parent) {
		if (side_node(d->target, up)->type == RECORD_COMPONENT)
			return side_mate(d->target, up) == NOTHING &&
			    side_node(d->target, up)->fate != SIDE_GONE;
	}
	return 0;
}

/* whether all its owners are replaced by the source's; -1: it has none */
static int
owners_taken(const struct decide *d, uint32_t t)
{
	const struct side *s = d->target;
	const struct edge *e;
	uint32_t j, to, mate;
	int rc = -1;

	for (j = side_node(s, t)->edges; j < side_node(s, t + 1)->edges; j++) {
		e = graph_edge(&s->graph, j);
		if (e->list != RECORD_OWNER || e->key == NOTHING)
			continue;
		to = keyindex_at(&s->graph.keys, e->key)->node;
		mate = side_mate(s, to);
		if (mate == NOTHING || !decide_rule(d->source, mate)->held ||
		    (decide_rule(d->source, mate)->action != ACTION_REPLACE &&
		    decide_rule(d->source, mate)->action != ACTION_REPLACE_ALL))
			return 0;
		rc = 1;
	}
	return rc;
}

/*
 * Whether tasks are imported, but not the one that this belongs to: then its
 * training is left alone.
 */
static int
owner_remains(const struct decide *d, uint32_t t)
{
	const struct side *s = d->target;
	const struct edge *e;
	uint32_t j, to;

	for (j = side_node(s, t)->edges; j < side_node(s, t + 1)->edges; j++) {
		e = graph_edge(&s->graph, j);
		if (e->list != RECORD_OWNER || e->key == NOTHING)
			continue;
		to = keyindex_at(&s->graph.keys, e->key)->node;
		if (decide_rule(s, to)->held && side_mate(s, to) == NOTHING)
			return 1;
	}
	return 0;
}

/* whether those of the target's around one go when the source has not it */
static int
group_goes(const struct decide *d, uint32_t t, const struct rule *r)
{
	uint32_t up = side_node(d->target, t)->parent, mate;

	if (side_node(d->target, t)->type == RECORD_OF_FILE)
		return r->held;
	mate = up == NOTHING ? NOTHING : side_mate(d->target, up);
	if (!r->held || mate == NOTHING)
		return 0;
	if (r->sort.apart && owner_remains(d, t))
		return 0;
	/* an empty list of the source says something if it is known to hold */
	return r->told || side_node(d->source, mate)->type !=
	    RECORD_OPEN || (mate + 1 < d->source->graph.n &&
	    side_node(d->source, mate + 1)->parent == mate);
}

/* a record of the target alone */
static int
decide_old(struct decide *d, uint32_t t, int full)
{
	const struct rule *r = decide_rule(d->target, t);
	int goes = 0;

	if (r->sort.follows)
		return 0;
	if (r->action == ACTION_CLEAR && r->chosen)
		return decide_let_go(d, 0, t, WHY_CLEARED);
	if (r->action == ACTION_REPLACE_ALL)
		goes = full ? !stands_apart(d, t) : group_goes(d, t, r);
	if (goes)
		return decide_let_go(d, 0, t, WHY_ABSENT);
	if (r->action == ACTION_REPLACE && !full && !r->sort.orphan &&
	    owners_taken(d, t) == 1)
		return decide_let_go(d, 0, t, WHY_OWNED);
	return 0;
}

/* what an export says of itself is always put together, whoever holds it */
static void
take_says(struct decide *d)
{
	uint32_t t = d->target->says, s = d->source->says;

	if (t != NOTHING && s != NOTHING && side_mate(d->target, t) == s)
		side_node(d->target, t)->fate = side_node(d->source, s)->fate =
		    SIDE_TAKEN;
}

int
choose(struct decide *d, int full)
{
	uint32_t i, mate;
	int rc = 0;

	for (i = 0; i < d->source->graph.n && rc == 0; i++) {
		mate = side_mate(d->source, i);
		rc = mate == NOTHING ? decide_new(d, i) :
		    decide_pair(d, mate, i);
	}
	for (i = 0; i < d->target->graph.n && rc == 0; i++) {
		if (side_mate(d->target, i) == NOTHING)
			rc = decide_old(d, i, full);
	}
	take_says(d);
	return rc;
}
