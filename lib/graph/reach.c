/* SPDX-License-Identifier: ISC */
/*
 * What comes along with the records that are chosen.
 *
 * A list of those taken and not yet followed; each is followed at most three
 * times: bare or as a stub first, then as a whole.
 */
#include "graph/reach.h"

#include "base/hash.h"
#include "graph/graph.h"
#include "graph/kindtable.h"
#include "stream/record.h"

/* what is known of all records of a run */
enum {
	REACHED_AS = RUN_REACH,	/* bits: they were taken for such reasons */
	REACHED_MAY_COME	/* graph_any() of may_come() */
};

void
reach_init(struct reach *c, struct room *room)
{
	c->work.room = c->via.room = room;
}

void
reach_free(struct reach *c)
{
	bigarray_free(&c->work);
	bigarray_free(&c->via);
	hashset_free(&c->belongs);
	hashset_free(&c->through);
}

const char *
reach_word(enum reach_why why)
{
	static const char *const words[REACH_WHYS] = {
		[REACH_NOT] = "left out",
		[REACH_EVERYTHING] = "everything is chosen",
		[REACH_CHOSEN] = "chosen",
		[REACH_ALWAYS] = "in every export",
		[REACH_SETTING] = "a setting of a chosen category",
		[REACH_LEFT] = "left of what is not chosen",
		[REACH_NEEDED] = "needed by it",
		[REACH_LINKED] = "linked from it",
		[REACH_BELONGS] = "belongs to it",
		[REACH_INSIDE] = "stands inside it",
		[REACH_OWNER] = "owns it",
		[REACH_AROUND] = "has it inside",
	};

	return words[why];
}

/* take one through another; which is remembered if someone will ask */
static int
take_via(struct reach *c, uint32_t node, uint32_t from, enum reach_why why,
    unsigned flags)
{
	if (c->trace && (graph_node(c->graph, node)->flags & REACH_TAKEN) ==
	    0)
		((uint32_t *)c->via.p)[node] = from;
	return reach_take(c, node, why, flags);
}

/* take each record that a key's word refers to */
static int
each_target(struct reach *c, uint32_t from, uint32_t key, enum reach_why why)
{
	const struct graph *g = c->graph;
	struct run *r = key == NOTHING ? NULL : graph_run(g, key);
	uint32_t node;

	/* nothing comes of it a second time */
	if (r != NULL && (r->mark[REACHED_AS] & 1U << why) != 0)
		return 0;
	if (r != NULL)
		r->mark[REACHED_AS] |= 1U << why;
	for (; key != NOTHING; key = keyindex_next(&g->keys, key)) {
		node = keyindex_at(&g->keys, key)->node;
		if ((graph_node(g, node)->flags & REACH_THERE) == 0 &&
		    take_via(c, node, from, why, why == REACH_OWNER ?
		    REACH_BARE : 0) == -1)
			return -1;
	}
	return 0;
}

/* whether a record may be taken: nothing it must have around is excluded */
static int
may_come(const struct graph *g, uint32_t node)
{
	do {
		if ((graph_node(g, node)->flags & REACH_EXCLUDED) != 0)
			return 0;
		node = graph_outer(g, node);
	} while (node != NOTHING);
	return 1;
}

/* whether one of the owners can be there; with none at all, too */
static int
may_be_owned(const struct graph *g, uint32_t node)
{
	const struct edge *e = NULL;

	while ((e = graph_owner(g, node, e)) != NULL) {
		if (graph_any(g, e->key, REACHED_MAY_COME, may_come))
			return 1;
	}
	return !graph_owned(g, node);
}

int
reach_take(struct reach *c, uint32_t node, enum reach_why why, unsigned flags)
{
	struct graph *g = c->graph;
	struct node *n = graph_node(g, node);
	unsigned less = n->flags & (REACH_BARE | REACH_STUB);

	if (n->type != RECORD_COMPONENT || !may_come(g, node))
		return 0;
	if (why != REACH_NEEDED && !may_be_owned(g, node))
		return 0;
	if ((n->flags & REACH_TAKEN) != 0) {
		/* it is there, in whatever form, and that is enough */
		if ((flags & REACH_BARE) != 0)
			return 0;
		less &= flags;
		if (less == (n->flags & (REACH_BARE | REACH_STUB)))
			return 0;
		n->flags &= (uint16_t)~(REACH_BARE | REACH_STUB);
		n->flags |= (uint16_t)less;
		return bigarray_push(&c->work, &c->nwork, node);
	}
	n->flags |= (uint16_t)(REACH_TAKEN | flags);
	n->why = why & MOST_WHY;
	c->taken++;
	return bigarray_push(&c->work, &c->nwork, node);
}

int
reach_follows(const struct reach *c, uint32_t from, uint32_t to)
{
	if (c->stop != NULL && c->stop[to])
		return 0;
	return c->deps || (c->deps_of != NULL && (c->deps_of[from] ||
	    c->deps_of[to]));
}

/* whether a package must not lack what an edge refers to */
static int
is_required(const struct reach *c, uint32_t from, const struct edge *e)
{
	return e->list == RECORD_REFS && c->requires != NULL &&
	    c->requires[from] && c->required[e->kind];
}

/* what a record needs, links to and, if it did not come from there, owns it */
static int
take_targets(struct reach *c, uint32_t node)
{
	struct graph *g = c->graph;
	const struct node *n = graph_node(g, node);
	const struct edge *e;
	int owner, rc = 0;

	owner = n->why != REACH_NEEDED && n->why != REACH_BELONGS;
	for (e = graph_edges(g, node); rc == 0 &&
	    e < graph_edges(g, node + 1); e++) {
		if (e->list == RECORD_OWNER && owner)
			rc = each_target(c, node, e->key, REACH_OWNER);
		else if (e->list == RECORD_NEEDS && (c->stop == NULL ||
		    !c->stop[e->kind]))
			rc = each_target(c, node, e->key, REACH_NEEDED);
		else if ((e->list == RECORD_LINKS ||
		    is_required(c, n->kind, e)) &&
		    reach_follows(c, n->kind, e->kind))
			rc = each_target(c, node, e->key, REACH_LINKED);
	}
	return rc;
}

/* whether a record has an owner of this kind that the input has */
static int
has_owner_of(const struct graph *g, uint32_t node, uint32_t kind)
{
	const struct edge *e = NULL;

	while ((e = graph_owner(g, node, e)) != NULL) {
		if (e->kind == kind)
			return 1;
	}
	return 0;
}

/* as what a record comes with one of these flags that it belongs to */
static int
comes(const struct reach *c, uint32_t node, unsigned owner)
{
	const struct node *n = graph_node(c->graph, node);
	unsigned kind = kindtable_flags(c->kinds, n->kind);

	if ((kind & KIND_APART) != 0 && (kind & KIND_APART_COMPARED) == 0)
		return (n->flags & REACH_WANTED) != 0 ? REACH_LEAVES_WHOLE :
		    REACH_LEAVES_NONE;
	if ((owner & REACH_STUB) == 0)
		return REACH_LEAVES_WHOLE;
	return c->stub == NULL ? REACH_LEAVES_NONE : c->stub[n->kind];
}

static unsigned
is_stub(const struct graph *g, uint32_t node)
{
	return (graph_node(g, node)->flags & REACH_STUB) != 0;
}

/* one that names a record as its owner, and those that belong through it */
static int
take_owned(struct reach *c, uint32_t owned, uint32_t node)
{
	const struct graph *g = c->graph;
	const struct node *owner = graph_node(g, node);
	struct toward it;
	uint32_t i, through = c->kinds->through[graph_node(g, owned)->kind];
	int as = comes(c, owned, owner->flags);

	if (as != REACH_LEAVES_NONE && (through == c->kinds->n ||
	    !has_owner_of(g, node, through)) && take_via(c, owned, node,
	    REACH_BELONGS, as == REACH_LEAVES_STUB ? REACH_STUB : 0) == -1)
		return -1;
	it = graph_toward_new(g, owned, &c->through, 2 * owner->kind +
	    is_stub(g, node));
	while ((i = graph_next_owned(&it)) != NOTHING) {
		if (c->kinds->through[graph_node(g, i)->kind] ==
		    owner->kind && comes(c, i, owner->flags) &&
		    take_via(c, i, node, REACH_BELONGS, 0) == -1)
			return -1;
	}
	return 0;
}

/* a hash of those kinds of a record's owners that something belongs through */
static uint64_t
kinds_of_owners(const struct reach *c, uint32_t node)
{
	struct hashset kinds = {0};
	const struct edge *e = NULL;
	uint64_t sum = 0;
	uint32_t kind;

	while ((e = graph_owner(c->graph, node, e)) != NULL) {
		kind = e->kind;
		if (c->kinds->is_through[kind] && hashset_add(&kinds, 0,
		    (const char *)&kind, sizeof(kind)))
			sum += hash_bytes(&kind, sizeof(kind));
	}
	hashset_free(&kinds);
	return sum;
}

/*
 * All that name a record as their owner.  Those that have one word and owners
 * of the same such kinds have the same belongings.
 */
static int
take_belongings(struct reach *c, uint32_t node)
{
	const struct graph *g = c->graph;
	uint64_t kinds = g->runs.len == 0 ? 0 : kinds_of_owners(c, node);
	struct toward it = graph_toward_new(g, node, &c->belongs, 2 * kinds +
	    is_stub(g, node));
	uint32_t i;

	while ((i = graph_next_owned(&it)) != NOTHING) {
		if (take_owned(c, i, node) == -1)
			return -1;
	}
	return 0;
}

/* what stands inside, but for what belongs to something else */
static int
take_inside(struct reach *c, uint32_t node)
{
	const struct graph *g = c->graph;
	uint32_t i;

	for (i = node + 1; graph_inside(g, i, node); i++) {
		if (graph_node(g, i)->type == RECORD_COMPONENT &&
		    graph_outer(g, i) == node && !graph_owned(g, i) &&
		    comes(c, i, graph_node(g, node)->flags) &&
		    take_via(c, i, node, REACH_INSIDE, 0) == -1)
			return -1;
	}
	return 0;
}

static int
follow_taken(struct reach *c, uint32_t node)
{
	const struct graph *g = c->graph;
	unsigned flags = graph_node(g, node)->flags;
	uint32_t outer = graph_outer(g, node);

	if (outer != NOTHING && take_via(c, outer, node, REACH_AROUND,
	    REACH_BARE) == -1)
		return -1;
	if ((flags & REACH_STUB) == 0 && take_targets(c, node) == -1)
		return -1;
	if ((flags & REACH_BARE) != 0)
		return 0;
	if (take_belongings(c, node) == -1)
		return -1;
	return (flags & REACH_STUB) != 0 ? 0 : take_inside(c, node);
}

int
reach_ready(struct reach *c)
{
	uint32_t i;

	if (!c->trace)
		return 0;
	if (bigarray_hold(&c->via, ((size_t)c->graph->n + 1) * sizeof(i)) == -1)
		return -1;
	for (i = 0; i < c->graph->n; i++)
		((uint32_t *)c->via.p)[i] = NOTHING;
	return 0;
}

int
reach_all(struct reach *c)
{
	while (c->nwork > 0) {
		graph_fetch_stack(c->graph, c->work.p, c->nwork);
		if (follow_taken(c, ((uint32_t *)c->work.p)[--c->nwork]) == -1)
			return -1;
	}
	return 0;
}

uint32_t
reach_via(const struct reach *c, uint32_t node)
{
	return ((const uint32_t *)c->via.p)[node];
}
