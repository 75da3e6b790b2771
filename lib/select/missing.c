/* SPDX-License-Identifier: ISC */
/*
 * References of what is taken that lost their target.
 */
#include "select/select_priv.h"

#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/diag.h"
#include "map/lost.h"
#include "map/map.h"
#include "stream/list.h"
#include "stream/record.h"

/* so many are named, unless all of them are the answer */
#define NAMED_AT_MOST 20

enum select_missing
missing_default(const struct map *m)
{
	const struct map_row *r = map_row(m, "missing");

	return r != NULL && strcmp(r->args[0], "drop") == 0 ? MISSING_DROP :
	    MISSING_KEEP;
}

/* what became of a reference of a record that is taken */
enum state {
	STATE_FINE,	/* its target is there, or it never counts */
	STATE_NOWHERE,	/* it had no target in the input */
	STATE_LEFT,	/* it is not followed, as the user wants it */
	STATE_LOST
};

/*
 * Whether the platform never misses the target of a soft reference of this
 * kind: it repairs others, and all rows of these say that they are kept.
 */
static int
is_never_missed(const struct selection *s, uint32_t from,
    const struct edge *e)
{
	struct slice kind, target = graph_kind_name(&s->graph, e->kind);
	const struct map_kind *k;
	const struct map_ref *r;
	size_t at = 0;

	if (missing_default(s->map) != MISSING_DROP)
		return 0;
	kind = graph_kind_name(&s->graph, graph_node(&s->graph, from)->kind);
	while ((k = map_next_kind(s->map, kind, &at)) != NULL) {
		for (r = k->refs; r < k->refs + k->nrefs; r++) {
			if ((unsigned)r->list == e->list &&
			    slice_is(target, r->kind) &&
			    r->lost.repair != REPAIR_KEEP)
				return 0;
		}
	}
	return 1;
}

/*
 * Whether all are lost that have a key's word; and if so, whether one of them
 * is excluded.  What is lost stays so: of a run the rest is looked at.
 */
static int
all_lost(const struct selection *s, uint32_t key, int *excluded)
{
	const struct graph *g = &s->graph;
	struct run *r = graph_run(g, key);
	const struct node *n;
	uint32_t at = r == NULL ? 0 : r->mark[SELECT_RUN_LOST];
	uint32_t end = r == NULL ? RUN_FEW : r->n;

	*excluded = r != NULL && r->mark[SELECT_RUN_EXCLUDED] != 0;
	for (key += at; at < end && key != NOTHING; at++,
	    key = keyindex_next(&g->keys, key)) {
		n = graph_node(g, keyindex_at(&g->keys, key)->node);
		if (n->fate != FATE_DROP || (n->flags & REACH_THERE) != 0)
			break;
		*excluded |= (n->flags & REACH_EXCLUDED) != 0;
	}
	if (r != NULL) {
		r->mark[SELECT_RUN_LOST] = at;
		r->mark[SELECT_RUN_EXCLUDED] = (uint32_t)*excluded;
	}
	return r != NULL ? at == r->n : key == NOTHING;
}

static enum state
state_of(const struct selection *s, uint32_t from, const struct edge *e)
{
	const struct graph *g = &s->graph;
	int excluded, followed;

	/* what the export says of itself is edited: leftovers.c */
	if (e->list == RECORD_OWNER || from == s->holds)
		return STATE_FINE;
	if (e->key == NOTHING)
		return e->soft ? STATE_FINE : STATE_NOWHERE;
	if (!all_lost(s, e->key, &excluded))
		return STATE_FINE;
	if (e->soft && is_never_missed(s, from, e))
		return STATE_FINE;
	if (!s->positive || excluded)
		return STATE_LOST;
	followed = e->list == RECORD_LINKS ? reach_follows(&s->reach,
	    graph_node(g, from)->kind, e->kind) : s->reach.stop == NULL ||
	    !s->reach.stop[e->kind] || e->list != RECORD_NEEDS;
	return followed ? STATE_LOST : STATE_LEFT;
}

/*
 * The words of the record whose line is being changed that are lost, and those
 * that are left: one that stands in several lists may be both, and then stays.
 */
static void
find_lost(struct selection *s)
{
	const struct graph *g = &s->graph;
	const struct edge *e;
	enum state state;

	hashset_reset(&s->lost);
	s->lost_known = 1;
	for (e = graph_edges(g, s->node); e < graph_edges(g, s->node + 1);
	    e++) {
		if ((state = state_of(s, s->node, e)) >= STATE_LEFT)
			hashset_add(&s->lost, state, (const char *)&e->key,
			    sizeof(e->key));
	}
}

void
missing_begin(struct selection *s, uint32_t node)
{
	s->node = node;
	s->lost_known = 0;
}

int
missing_lost(void *ctx, const char *ref, size_t n)
{
	struct selection *s = ctx;
	uint32_t key = graph_find(&s->graph, ref, n);
	const char *word = (const char *)&key;

	if (key == NOTHING)
		return 0;
	if (!s->lost_known)
		find_lost(s);
	return hashset_has(&s->lost, STATE_LOST, word, sizeof(key)) &&
	    !hashset_has(&s->lost, STATE_LEFT, word, sizeof(key));
}

/* a record lost this: repair it, drop it, or (*ask) see its value */
static int
lose_target(struct selection *s, uint32_t node, const struct edge *e, int *ask)
{
	struct node *n = graph_node(&s->graph, node);
	int drops;

	if (n->fate == FATE_DROP)
		return 0;
	n->fate = FATE_CHANGE;
	s->cleared += n->why != REACH_ALWAYS;
	drops = kindtable_drops(&s->kinds, n->kind, (enum record_field)e->list,
	    e->kind);
	*ask |= drops == DROPS_MAYBE;
	return drops == DROPS_ALWAYS ? closure_drop(&s->closure, node,
	    WHY_LOST) : 0;
}

/* the references of one record */
static int
apply_to(struct selection *s, uint32_t node)
{
	const struct graph *g = &s->graph;
	const struct edge *e;
	enum state state;
	int ask = 0;

	for (e = graph_edges(g, node); e < graph_edges(g, node + 1); e++) {
		graph_fetch(g, e);
		state = state_of(s, node, e);
		s->done->nowhere += state == STATE_NOWHERE;
		s->done->left_out += state == STATE_LEFT;
		s->done->lost += state == STATE_LOST;
		if (state == STATE_LOST && s->missing == MISSING_DROP &&
		    lose_target(s, node, e, &ask) == -1)
			return -1;
	}
	if (!ask || graph_node(g, node)->fate == FATE_DROP)
		return 0;
	/* its value is read for it: once, whatever it lost */
	if ((ask = s->closure.goes(s->closure.ctx, node)) <= 0)
		return ask;
	return closure_drop(&s->closure, node, WHY_LOST);
}

/* report a reference that stands in a list of a record, if it is lost */
static void
report_lost(struct selection *s, const struct record *r,
    enum record_field list, struct slice ref, uint64_t *reported)
{
	static const char *const verbs[] = {
		[RECORD_NEEDS] = "needs", [RECORD_LINKS] = "links to",
		[RECORD_REFS] = "refers to"
	};
	struct slice kind = record_text(r, RECORD_KIND);
	struct slice name = record_text(r, r->field[RECORD_ID].p != NULL ?
	    RECORD_ID : RECORD_AT);
	struct place at = graph_place(s->in, s->node);

	ref = list_reference(ref);
	if (!missing_lost(s, ref.p, ref.n))
		return;
	if (s->missing == MISSING_FAIL)
		diag_fail(s->diag, STATUS_FINDING, &at, "%.*s:%.*s "
		    "%s %.*s, which is not selected", (int)kind.n, kind.p,
		    (int)name.n, name.p, verbs[list], (int)ref.n, ref.p);
	else if ((*reported)++ < NAMED_AT_MOST)
		diag_warn_of(s->diag, "missing", &at,
		    "%.*s:%.*s %s %.*s, which is not "
		    "selected; it stays as it is", (int)kind.n, kind.p,
		    (int)name.n, name.p, verbs[list], (int)ref.n, ref.p);
}

/* whether a record lost anything */
static int
lost_any(const struct selection *s, uint32_t node)
{
	const struct graph *g = &s->graph;
	const struct edge *e;

	for (e = graph_edges(g, node); e < graph_edges(g, node + 1); e++) {
		graph_fetch(g, e);
		if (state_of(s, node, e) == STATE_LOST)
			return 1;
	}
	return 0;
}

/* report all that is lost and not repaired */
static int
report_all(struct selection *s)
{
	struct record r;
	struct slice ref;
	enum record_field f;
	uint64_t reported = 0;
	uint32_t i;
	size_t at;

	for (i = 0; i < s->graph.n; i++) {
		if (graph_node(&s->graph, i)->fate == FATE_DROP ||
		    !lost_any(s, i))
			continue;
		if (selection_line(s, i, &r) == -1)
			return -1;
		missing_begin(s, i);
		for (f = RECORD_NEEDS; f <= RECORD_REFS; f++) {
			for (at = 0; list_next(r.field[f], &at, &ref); )
				report_lost(s, &r, f, ref, &reported);
		}
	}
	if (reported > NAMED_AT_MOST)
		diag_warn_of(s->diag, "missing", &s->input, "and %" PRIu64
		    " reference%s more whose targets are not selected "
		    "(--on-missing drop repairs them)", reported -
		    NAMED_AT_MOST, diag_s(reported - NAMED_AT_MOST));
	return s->missing == MISSING_FAIL ? -1 : 0;
}

/*
 * References of what was asked for are taken out, not only of what every
 * export has: a merge would clear them in the target.
 */
static void
warn_cleared(const struct selection *s)
{
	if (s->cleared == 0 || !s->positive)
		return;
	diag_warn_of(s->diag, "cleared", &s->input, "%" PRIu64 " reference%s "
	    "of what is selected to what is not: taken out, and out of the "
	    "target of a merge, too (--assume TARGET keeps what that has, "
	    "--on-missing keep all)", s->cleared, diag_s(s->cleared));
}

int
missing_apply(struct selection *s)
{
	const struct node *n;
	uint32_t i;

	for (i = 0; i < s->graph.n; i++) {
		n = graph_node(&s->graph, i);
		if (n->fate != FATE_DROP && (n->flags & REACH_STUB) == 0 &&
		    apply_to(s, i) == -1)
			return -1;
	}
	if (s->done->lost == 0)
		return 0;
	if (s->missing != MISSING_DROP)
		return report_all(s);
	warn_cleared(s);
	return closure_run(&s->closure);
}
