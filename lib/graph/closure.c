/* SPDX-License-Identifier: ISC */
/*
 * What is dropped with records that are dropped.
 *
 * What loses an owner or a needer is a suspect.  Suspects, and what hangs on
 * them alone, are tried together: those that something outside still holds
 * are cleared, with what they hold in turn; the rest is dropped, cycles
 * included.  The work is proportional to what is dropped and what refers to it.
 *
 * Where many records have one word (struct run), what refers to the word is
 * looked at once in each phase, and not once for each of the records: nothing
 * would come of it the second time.
 */
#include "graph/closure.h"

#include "graph/graph.h"
#include "graph/kindtable.h"
#include "stream/record.h"
#include "map/lost.h"

/* what is known of all records of a run: the phase in which ... */
enum {
	CLOSURE_INTO = RUN_CLOSURE,	/* what refers to them was looked at */
	CLOSURE_NEEDED,		/* they were, being needed */
	CLOSURE_NO_OWNER,	/* none of them held what they own ... */
	CLOSURE_NO_NEEDER,	/* ... none that needs them held them */
	CLOSURE_LOST		/* not 0: so was all that loses them */
};

void
closure_init(struct closure *c, struct room *room)
{
	c->work.room = c->suspects.room = c->asked.room = room;
}

void
closure_free(struct closure *c)
{
	bigarray_free(&c->work);
	bigarray_free(&c->suspects);
	bigarray_free(&c->asked);
	hashset_free(&c->through);
}

const char *
closure_why(unsigned why)
{
	static const char *const words[WHY_OWN] = {
		[WHY_INSIDE] = "what it stands in was dropped",
		[WHY_OWNER] = "what it belongs to was dropped",
		[WHY_ORPHAN] = "nothing that is left needs it",
		[WHY_LOST] = "it cannot be without what was dropped",
	};

	return why < WHY_OWN ? words[why] : NULL;
}

static int
is_gone(const struct graph *g, uint32_t node)
{
	return graph_node(g, node)->fate == FATE_DROP;
}

int
closure_drop(struct closure *c, uint32_t node, unsigned why)
{
	struct node *n = graph_node(c->graph, node);

	if (n->fate == FATE_DROP)
		return 0;
	n->fate = FATE_DROP;
	n->why = why & MOST_WHY;
	c->dropped++;
	return bigarray_push(&c->work, &c->nwork, node);
}

/* whether all that a key's word refers to is gone */
static int
is_gone_key(const struct graph *g, uint32_t key)
{
	struct run *r = graph_run(g, key);

	if (r != NULL) {
		while (r->gone < r->n && graph_run_node(g, r, r->gone)->fate
		    == FATE_DROP)
			r->gone++;
		return r->gone == r->n;
	}
	for (; key != NOTHING; key = keyindex_next(&g->keys, key)) {
		if (!is_gone(g, keyindex_at(&g->keys, key)->node))
			return 0;
	}
	return 1;
}

int
closure_lost(const struct graph *g, const char *ref, size_t n)
{
	uint32_t key = graph_find(g, ref, n);

	return key != NOTHING && is_gone_key(g, key);
}

/* one that may have lost what kept it, if it is of those that need that */
static int
suspect(struct closure *c, uint32_t node)
{
	struct node *n = graph_node(c->graph, node);

	if (n->fate == FATE_DROP || (n->flags & CLOSURE_SUSPECT) != 0)
		return 0;
	if ((kindtable_flags(c->kinds, n->kind) & KIND_ORPHAN) == 0 &&
	    !graph_owned(c->graph, node))
		return 0;
	n->flags |= CLOSURE_SUSPECT;
	return bigarray_push(&c->suspects, &c->nsuspects, node);
}

/* whether a run was seen to in this phase; it is from now on */
static int
is_seen(const struct closure *c, uint32_t key, unsigned mark)
{
	struct run *r = key == NOTHING ? NULL : graph_run(c->graph, key);

	if (r == NULL)
		return 0;
	if (r->mark[mark] == c->phase)
		return 1;
	r->mark[mark] = c->phase;
	return 0;
}

/* call for each record that one needs */
static int
each_needed(struct closure *c, uint32_t node,
    int (*call)(struct closure *, uint32_t))
{
	const struct graph *g = c->graph;
	const struct edge *e;
	uint32_t k;

	for (e = graph_edges(g, node); e < graph_edges(g, node + 1); e++) {
		if (e->list != RECORD_NEEDS ||
		    is_seen(c, e->key, CLOSURE_NEEDED))
			continue;
		for (k = e->key; k != NOTHING; k = keyindex_next(&g->keys, k)) {
			if (call(c, keyindex_at(&g->keys, k)->node) == -1)
				return -1;
		}
	}
	return 0;
}

/* the same, and for each record that belongs to it */
static int
each_held(struct closure *c, uint32_t node,
    int (*call)(struct closure *, uint32_t))
{
	struct toward it = graph_toward_once(c->graph, node, CLOSURE_INTO,
	    c->phase);
	uint32_t i;

	while ((i = graph_next_owned(&it)) != NOTHING) {
		if (call(c, i) == -1)
			return -1;
	}
	return each_needed(c, node, call);
}

/* whether a record goes is to be asked, when all is known that it lost */
static int
ask_later(struct closure *c, uint32_t node)
{
	struct node *n = graph_node(c->graph, node);

	if (c->goes == NULL || (n->flags & CLOSURE_ASKED) != 0)
		return 0;
	n->flags |= CLOSURE_ASKED;
	return bigarray_push(&c->asked, &c->nasked, node);
}

/* the record that an edge comes from loses this target for good, maybe */
static int
lose_ref(struct closure *c, const struct edge *e)
{
	struct graph *g = c->graph;
	struct node *n = graph_node(g, e->from);
	int drops;

	if (n->fate == FATE_DROP || !is_gone_key(g, e->key))
		return 0;
	n->fate = FATE_CHANGE;
	drops = kindtable_drops(c->kinds, n->kind, (enum record_field)e->list,
	    e->kind);
	if (drops == DROPS_MAYBE)
		return ask_later(c, e->from);
	return drops == DROPS_ALWAYS ? closure_drop(c, e->from, WHY_LOST) : 0;
}

/*
 * Whether no owner of this kind is left to a record.  Of one with many, those
 * that are gone are not looked at again: that all are is said once.
 */
static int
no_owner_of(struct graph *g, uint32_t node, uint32_t kind)
{
	uint32_t end = graph_node(g, node + 1)->edges;
	uint32_t first = graph_node(g, node)->edges;
	uint32_t *i = graph_owner_cursor(g, node, kind);
	const struct edge *e;

	if (i == NULL)
		i = &first;
	if (*i == NOTHING)
		return 0;
	for (; *i < end; ++*i) {
		e = graph_edge(g, *i);
		if (e->list != RECORD_OWNER)
			break;
		if (e->kind == kind && e->key != NOTHING &&
		    !is_gone_key(g, e->key))
			return 0;
	}
	*i = NOTHING;
	return 1;
}

/*
 * A record's owner is gone: what belongs to the record through owners of that
 * kind (owner ... through) is dropped, though the record may stay.
 */
static int
drop_through(struct closure *c, uint32_t node, uint32_t kind)
{
	struct graph *g = c->graph;
	struct toward it;
	uint32_t i;

	if (!c->kinds->is_through[kind] || !no_owner_of(g, node, kind))
		return 0;
	it = graph_toward_new(g, node, &c->through, kind);
	while ((i = graph_next_owned(&it)) != NOTHING) {
		if (c->kinds->through[graph_node(g, i)->kind] == kind &&
		    closure_drop(c, i, WHY_OWNER) == -1)
			return -1;
	}
	return 0;
}

/* what stands inside: the lines after it, up to one that does not */
static int
drop_inside(struct closure *c, uint32_t node)
{
	const struct graph *g = c->graph;
	uint32_t i;

	for (i = node + 1; graph_inside(g, i, node); i++) {
		if (closure_drop(c, i, WHY_INSIDE) == -1)
			return -1;
	}
	return 0;
}

/* what refers to a word of which no record is left */
static int
lose_word(struct closure *c, uint32_t key, uint32_t kind)
{
	const struct graph *g = c->graph;
	const struct edge *e;
	uint32_t i;

	for (i = graph_into(g, key); i != NOTHING; i = e->next) {
		e = graph_edge(g, i);
		if (e->list != RECORD_OWNER ? lose_ref(c, e) == -1 :
		    drop_through(c, e->from, kind) == -1)
			return -1;
	}
	return 0;
}

/* all that a dropped record meant to others */
static int
follow_drop(struct closure *c, uint32_t node)
{
	const struct graph *g = c->graph;
	struct toward it;
	struct run *r;
	const uint32_t *k;
	uint32_t i;

	if (drop_inside(c, node) == -1 ||
	    each_needed(c, node, suspect) == -1)
		return -1;
	it = graph_toward_once(g, node, CLOSURE_INTO, c->phase);
	while ((i = graph_next_owned(&it)) != NOTHING) {
		if (suspect(c, i) == -1)
			return -1;
	}
	for (k = graph_keys(g, node); k < graph_keys(g, node + 1); k++) {
		if ((r = graph_run(g, *k)) != NULL &&
		    (r->mark[CLOSURE_LOST] != 0 ||
		    !is_gone_key(g, r->first)))
			continue;
		if (r != NULL)
			r->mark[CLOSURE_LOST] = 1;
		if (lose_word(c, *k, graph_node(g, node)->kind) == -1)
			return -1;
	}
	return 0;
}

/* whether an edge's other end holds, and is not itself in doubt */
static int
holds(const struct graph *g, uint32_t node)
{
	const struct node *n = graph_node(g, node);

	return n->fate != FATE_DROP && (n->flags & CLOSURE_SUSPECT) == 0;
}

/*
 * Whether one of those that have a key's word holds.  That none does is noted
 * for this phase: one that is cleared later clears itself what it holds.
 */
static int
one_holds(const struct closure *c, uint32_t key)
{
	const struct graph *g = c->graph;
	struct run *r = graph_run(g, key);

	if (r != NULL && r->mark[CLOSURE_NO_OWNER] == c->phase)
		return 0;
	for (; key != NOTHING; key = keyindex_next(&g->keys, key)) {
		if (holds(g, keyindex_at(&g->keys, key)->node))
			return 1;
	}
	if (r != NULL)
		r->mark[CLOSURE_NO_OWNER] = c->phase;
	return 0;
}

/* whether something that holds needs what has a key's word; as above */
static int
is_needed(const struct closure *c, uint32_t key)
{
	const struct graph *g = c->graph;
	struct run *r = graph_run(g, key);
	const struct edge *e;
	uint32_t i;

	if (r != NULL && r->mark[CLOSURE_NO_NEEDER] == c->phase)
		return 0;
	for (i = graph_into(g, key); i != NOTHING; i = e->next) {
		e = graph_edge(g, i);
		if (e->list == RECORD_NEEDS && holds(g, e->from))
			return 1;
	}
	if (r != NULL)
		r->mark[CLOSURE_NO_NEEDER] = c->phase;
	return 0;
}

/* whether an owner or a needer outside the suspects holds a record */
static int
is_held(const struct closure *c, uint32_t node)
{
	const struct graph *g = c->graph;
	const struct edge *e = NULL;
	const uint32_t *k;

	while ((e = graph_owner(g, node, e)) != NULL) {
		if (one_holds(c, e->key))
			return 1;
	}
	for (k = graph_keys(g, node); k < graph_keys(g, node + 1); k++) {
		if (is_needed(c, *k))
			return 1;
	}
	return 0;
}

/* clear a suspect, whom something holds; and then those whom it holds */
static int
clear_suspect(struct closure *c, uint32_t node)
{
	struct node *n = graph_node(c->graph, node);

	if ((n->flags & CLOSURE_SUSPECT) == 0)
		return 0;
	n->flags &= (uint16_t)~CLOSURE_SUSPECT;
	return bigarray_push(&c->work, &c->nwork, node);
}

/* clear all whom those outside hold; the work is a list of the cleared */
static int
clear_held(struct closure *c)
{
	uint32_t node;
	uint64_t i;

	for (i = 0; i < c->nsuspects; i++) {
		node = ((uint32_t *)c->suspects.p)[i];
		if ((graph_node(c->graph, node)->flags & CLOSURE_SUSPECT) !=
		    0 && is_held(c, node) && clear_suspect(c, node) == -1)
			return -1;
		while (c->nwork > 0) {
			node = ((uint32_t *)c->work.p)[--c->nwork];
			if (each_held(c, node, clear_suspect) == -1)
				return -1;
		}
	}
	return 0;
}

/* try the suspects, and what hangs on them: drop those that nothing holds */
static int
try_suspects(struct closure *c)
{
	struct node *n;
	uint64_t i;
	uint32_t node;

	c->phase++;
	for (i = 0; i < c->nsuspects; i++) {
		if (each_held(c, ((uint32_t *)c->suspects.p)[i], suspect) ==
		    -1)
			return -1;
	}
	c->phase++;
	if (clear_held(c) == -1)
		return -1;
	for (i = 0; i < c->nsuspects; i++) {
		node = ((uint32_t *)c->suspects.p)[i];
		n = graph_node(c->graph, node);
		if ((n->flags & CLOSURE_SUSPECT) == 0)
			continue;
		n->flags &= (uint16_t)~CLOSURE_SUSPECT;
		if (closure_drop(c, node, graph_owned(c->graph, node) ?
		    WHY_OWNER : WHY_ORPHAN) == -1)
			return -1;
	}
	c->nsuspects = 0;
	return 0;
}

/* ask of those that lost something whether they go: a value is read for it */
static int
ask_all(struct closure *c)
{
	struct node *n;
	uint32_t node;
	int goes;

	while (c->nasked > 0) {
		node = ((uint32_t *)c->asked.p)[--c->nasked];
		n = graph_node(c->graph, node);
		n->flags &= (uint16_t)~CLOSURE_ASKED;
		if (n->fate == FATE_DROP)
			continue;
		if ((goes = c->goes(c->ctx, node)) == -1 ||
		    (goes && closure_drop(c, node, WHY_LOST) == -1))
			return -1;
	}
	return 0;
}

int
closure_run(struct closure *c)
{
	while (c->nwork > 0) {
		c->phase++;
		do {
			while (c->nwork > 0) {
				if (follow_drop(c, ((uint32_t *)c->work.p)
				    [--c->nwork]) == -1)
					return -1;
			}
			if (ask_all(c) == -1)
				return -1;
		} while (c->nwork > 0);
		if (try_suspects(c) == -1)
			return -1;
	}
	return 0;
}
