/* SPDX-License-Identifier: ISC */
/*
 * What a merge makes of each record.
 *
 * First each record by its rule; then what depends on those that are dropped,
 * in any order, for what is dropped never comes back.
 */
#include "merge/decide.h"

#include <string.h>

#include "base/diag.h"
#include "match/side.h"
#include "merge/cascade.h"
#include "merge/collide.h"
#include "merge/fate.h"
#include "merge/policy.h"
#include "value/revise.h"

/* whether the owner of a source's record is kept as the target has it */
static int
owner_stays(const struct fates *d, uint32_t i)
{
	const struct side *s = d->source;
	const struct key *owner;
	const struct rule *r;
	const struct edge *at = NULL;

	while ((owner = fate_owner(s, i, &at)) != NULL) {
		r = fate_rule(s, owner->node);
		if (side_mate(s, owner->node) != NOTHING &&
		    policy_traits(r)->pair == PAIR_STAYS)
			return 1;
	}
	return 0;
}

/* whether the source's version of a pair is in the result, by their rule */
static int
takes_pair(const struct fates *d, uint32_t s, const struct rule *r)
{
	const struct action_traits *a = policy_traits(r);
	const struct node *n = side_node(d->source, s);

	switch (a->pair) {
	case PAIR_STAYS:
		return a->new == NEW_IF_NONE && r->none_stays;
	case PAIR_TAKEN:
		return !owner_stays(d, s);
	case PAIR_UNITED:
		return (n->status & (SIDE_TIE | SIDE_RENAMED)) == 0 &&
		    (r->sort.unites || r->sort.keyed);
	case PAIR_SAME:
		return 1;	/* an error if they differ */
	case PAIR_CLEARED:
		break;
	}
	return 0;
}

/* a pair: whose version is in the result */
static int
decide_pair(struct fates *d, uint32_t t, uint32_t s)
{
	const struct rule *r = fate_rule(d->source, s);
	const struct action_traits *does = policy_traits(r);
	struct node *a = side_node(d->target, t), *b = side_node(d->source, s);

	if (r->sort.follows)
		return 0;	/* the target's line will do */
	if (does->pair == PAIR_CLEARED && r->chosen)
		return fate_drop(d, 0, t, DECIDE_CLEARED);
	if (!r->held) {
		b->why = DECIDE_SCOPE;
		return 0;
	}
	if ((a->status & SIDE_LEFT) != 0) {
		b->why = DECIDE_UNABLE;
		return 0;
	}
	if (takes_pair(d, s, r)) {
		a->fate = b->fate = SIDE_TAKEN;
		return 0;
	}
	if (does->pair == PAIR_STAYS || does->pair == PAIR_CLEARED)
		b->why = DECIDE_KEPT;
	if (does->comes && !owner_stays(d, s))
		b->status |= SIDE_COMES;
	return 0;
}

/* a record of the source alone */
static int
decide_new(struct fates *d, uint32_t s)
{
	const struct rule *r = fate_rule(d->source, s);
	const struct action_traits *does = policy_traits(r);
	struct node *n = side_node(d->source, s);

	/* what only it needs does not come, as where the target has it, too */
	if (!r->sort.follows && does->pair == PAIR_CLEARED && r->chosen)
		return fate_drop(d, 1, s, DECIDE_CLEARED);
	if (r->sort.follows) {
		n->fate = SIDE_TAKEN;
	} else if (!r->held) {
		n->why = DECIDE_SCOPE;
	} else if (does->new == NEW_KEPT_OUT ||
	    (does->new == NEW_IF_NONE && !r->none_stays) ||
	    owner_stays(d, s)) {
		n->why = DECIDE_KEPT;
	} else {
		n->fate = SIDE_TAKEN;
	}
	return 0;
}

/* whether the component around a record of the target stays without a mate */
static int
stands_apart(const struct fates *d, uint32_t t)
{
	uint32_t up = side_node(d->target, t)->parent;

	for (; up != NOTHING; up = side_node(d->target, up)->parent) {
		if (side_node(d->target, up)->type == RECORD_COMPONENT)
			return side_mate(d->target, up) == NOTHING &&
			    side_node(d->target, up)->fate != SIDE_GONE;
	}
	return 0;
}

/* whether it has owners, and all are replaced by the source's */
static int
owners_taken(const struct fates *d, uint32_t t)
{
	const struct key *owner;
	const struct rule *r;
	const struct edge *at = NULL;
	uint32_t mate;

	while ((owner = fate_owner(d->target, t, &at)) != NULL) {
		if ((mate = side_mate(d->target, owner->node)) == NOTHING)
			return 0;
		r = fate_rule(d->source, mate);
		if (!r->held || policy_traits(r)->pair != PAIR_TAKEN)
			return 0;
	}
	return graph_owned(&d->target->graph, t);
}

/*
 * Whether tasks are imported, but not the one that this belongs to: then its
 * training is left alone.
 */
static int
owner_remains(const struct fates *d, uint32_t t)
{
	const struct side *s = d->target;
	const struct key *owner;
	const struct edge *at = NULL;

	while ((owner = fate_owner(s, t, &at)) != NULL) {
		if (fate_rule(s, owner->node)->held &&
		    side_mate(s, owner->node) == NOTHING)
			return 1;
	}
	return 0;
}

/* whether those of the target's around one go when the source has not it */
static int
group_goes(const struct fates *d, uint32_t t, const struct rule *r)
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
decide_old(struct fates *d, uint32_t t, int full)
{
	const struct rule *r = fate_rule(d->target, t);
	enum decided why = DECIDE_NONE;
	int goes = 0;

	if (r->sort.follows)
		return 0;
	switch (policy_traits(r)->old) {
	case OLD_STAYS:
		break;
	case OLD_CLEARED:
		goes = r->chosen;
		why = DECIDE_CLEARED;
		break;
	case OLD_ABSENT:
		goes = full ? !stands_apart(d, t) : group_goes(d, t, r);
		why = DECIDE_ABSENT;
		break;
	case OLD_OWNED:
		goes = !full && !r->sort.orphan && owners_taken(d, t);
		why = DECIDE_OWNED;
		break;
	}
	return goes ? fate_drop(d, 0, t, why) : 0;
}

/* what an export says of itself is always put together, whoever holds it */
static void
take_scope(struct fates *d)
{
	uint32_t t = d->target->says, s = d->source->says;

	if (t != NOTHING && s != NOTHING && side_mate(d->target, t) == s)
		side_node(d->target, t)->fate = side_node(d->source, s)->fate =
		    SIDE_TAKEN;
}

/* what each record's own rule makes of it; 0 or -1 */
static int
decide_all(struct fates *d, int full)
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
	take_scope(d);
	return rc;
}

/* a side's records, as if nothing had been decided of them but SIDE_LEFT */
static void
forget(struct side *s)
{
	const int flags = SIDE_HELD | SIDE_REPAIR | SIDE_COMES;
	struct run *r = (void *)s->graph.runs.ptr;
	size_t i, n = s->graph.runs.len / sizeof(*r);
	struct node *node;
	uint32_t j;

	for (i = 0; i < n; i++) {
		r[i].gone = 0;
		memset(r[i].mark, 0, sizeof(r[i].mark));
	}
	for (j = 0; j < s->graph.n; j++) {
		node = side_node(s, j);
		node->fate = SIDE_STAYS;
		node->why = DECIDE_NONE;
		node->status &= (uint16_t)~flags;
	}
}

/* count what the target has that is not gone; whether any rule has none now */
static int
count(struct fates *d)
{
	struct policy *rules = policy_of(d->target);
	struct node *n;
	uint32_t i;

	policy_uncount(rules);
	for (i = 0; i < d->target->graph.n; i++) {
		n = side_node(d->target, i);
		fate_rule(d->target, i)->target += n->type != RECORD_DATA &&
		    n->fate != SIDE_GONE;
	}
	return policy_none_stays(rules);
}

/*
 * What comes if the target has none (if-none) comes, too, if none of those
 * that it has can stay: then all is to be decided again.
 */
static int
decide_again(struct fates *d)
{
	if (!d->again && !count(d))
		return 0;
	d->again = 0;
	forget(d->target);
	forget(d->source);
	d->doubts.n = 0;
	d->lost_names.n = 0;
	d->missing.len = d->mentioned.len = d->texts.len = 0;
	hashset_reset(&d->owners);
	return 1;
}

/*
 * Words of pairs that are gone stay as they are, as a merge where the target
 * never had them would leave them; 0 or -1
 */
static int
forget_words(struct fates *d)
{
	uint32_t i;

	if (d->of[0].table.n + d->of[1].table.n == 0)
		return 0;
	for (i = 0; i < d->target->graph.n; i++) {
		if (side_node(d->target, i)->fate == SIDE_GONE &&
		    side_mate(d->target, i) != NOTHING)
			return rename_make(d->of, d->target, d->source);
	}
	return 0;
}

int
decide(struct fates *d, struct diag *diag, struct side *target,
    struct side *source)
{
	struct room *room = target->mates.room;
	const struct map *m = target->sorts->map;

	*d = (struct fates){ .diag = diag, .target = target,
	    .source = source, .work.items.room = room,
	    .doubts.items.room = room, .maybes.items.room = room, .phase = 1,
	    .lost_names.room = room };
	kindtable_open(&d->kinds[0], m, &target->graph);
	kindtable_open(&d->kinds[1], m, &source->graph);
	rename_init(&d->of[0], room);
	rename_init(&d->of[1], room);
	if (rename_make(d->of, target, source) == -1)
		return -1;
	count(d);
	do {
		if (decide_all(d, policy_full(policy_of(target))) == -1 ||
		    cascade(d) == -1)
			return -1;
	} while (decide_again(d));
	return forget_words(d) == -1 || collide_members(d) == -1 ? -1 :
	    cascade_empty(d);
}

void
decide_free(struct fates *d)
{
	if (d->kinds[0].graph != NULL)
		kindtable_close(&d->kinds[0]);
	if (d->kinds[1].graph != NULL)
		kindtable_close(&d->kinds[1]);
	rename_free(&d->of[0]);
	rename_free(&d->of[1]);
	bigarray_free(&d->work.items);
	bigarray_free(&d->doubts.items);
	bigarray_free(&d->maybes.items);
	revise_close(d->reviser);
	buf_free(&d->line);
	keyindex_free(&d->lost_names);
	buf_free(&d->missing);
	buf_free(&d->mentioned);
	hashset_free(&d->owners);
	buf_free(&d->texts);
	buf_free(&d->overlaps);
}
