/* SPDX-License-Identifier: ISC */
/*
 * Which records of a selection are taken, and which are dropped.
 */
#include "select/chosen.h"

#include <string.h>

#include "map/map.h"
#include "select/leftovers.h"
#include "select/selection.h"
#include "stream/record.h"

/* bytes by kind, 1 for those named; NULL: none of them */
static uint8_t *
kind_set(const struct selection *s, char *const *names, size_t n)
{
	uint8_t *set;
	uint32_t kind;
	size_t i;

	if (n == 0)
		return NULL;
	set = xcalloc(graph_kinds(&s->graph) + 1, 1);
	for (i = 0; i < n; i++) {
		kind = graph_kind_number(&s->graph, names[i],
		    strlen(names[i]));
		if (kind != NOTHING)
			set[kind] = 1;
	}
	return set;
}

/* the kinds that must lead somewhere, and where ("required") */
static void
find_required(struct selection *s)
{
	const struct map_row *r;
	uint32_t kind;
	size_t i;

	for (i = 0; i < s->map->nkinds; i++) {
		r = s->map->kinds[i]->required;
		kind = graph_kind_number(&s->graph, s->map->kinds[i]->name,
		    strlen(s->map->kinds[i]->name));
		if (r == NULL || kind == NOTHING || s->requires != NULL)
			continue;
		s->requires = kind_set(s, &s->map->kinds[i]->name, 1);
		s->required = kind_set(s, r->args, r->nargs);
	}
}

int
select_begin(struct selection *s)
{
	struct reach *c = &s->reach;

	s->stop = kind_set(s, s->options->stop, s->options->nstop);
	s->deps_of = kind_set(s, s->request.deps_of, s->request.ndeps_of);
	find_required(s);
	c->deps = s->options->deps || s->request.deps;
	c->stop = s->stop;
	c->deps_of = s->deps_of;
	c->stub = s->stub;
	c->requires = s->requires;
	c->required = s->required;
	c->trace = s->options->explain != NULL;
	return reach_ready(c);
}

/* whether something in the input needs what has a key's word */
static int
is_needed(const struct graph *g, uint32_t key)
{
	struct run *r = graph_run(g, key);
	uint32_t i;

	if (r != NULL && r->mark[RUN_IS_NEEDED] != 0)
		return r->mark[RUN_IS_NEEDED] == 1;
	for (i = graph_into(g, key); i != NOTHING; i = graph_edge(g, i)->next) {
		if (graph_edge(g, i)->list == RECORD_NEEDS)
			break;
	}
	if (r != NULL)
		r->mark[RUN_IS_NEEDED] = i != NOTHING ? 1 : 2;
	return i != NOTHING;
}

/* whether nothing in the input brings a record along */
static int
is_free(const struct selection *s, uint32_t node)
{
	const struct graph *g = &s->graph;
	uint32_t k;

	for (k = graph_node(g, node)->keys; k != NOTHING;
	    k = graph_next_key(g, k)) {
		if (is_needed(g, k))
			return 0;
	}
	return !graph_owned(g, node);
}

/* whether a record that fits may be chosen */
static int
is_seed(const struct selection *s, uint32_t node)
{
	const struct node *n = graph_node(&s->graph, node);

	return (n->flags & (SELECT_FITS | SELECT_EXCLUDED)) == SELECT_FITS &&
	    ((kindtable_flags(&s->kinds, n->kind) & KIND_FOLLOWS) == 0 ||
	    is_free(s, node));
}

/* take what is chosen, and what every export has */
static int
take_seeds(struct selection *s)
{
	struct node *n;
	enum reach_why why;
	uint32_t i;
	uint64_t before;
	unsigned flags;

	for (i = 0; i < s->graph.n; i++) {
		n = graph_node(&s->graph, i);
		flags = 0;
		if (n->type != RECORD_COMPONENT)
			continue;
		if (is_seed(s, i)) {
			why = REACH_CHOSEN;
		} else if ((n->flags & SELECT_SETTING) != 0) {
			why = REACH_SETTING;
		} else if ((n->flags & SELECT_APP) != 0 ||
		    (kindtable_flags(&s->kinds, n->kind) & KIND_ALWAYS) != 0) {
			why = REACH_ALWAYS;
		} else if (leftovers_stays(s, i)) {
			why = REACH_LEFT;
			flags = s->stub[n->kind] == REACH_STUB ? SELECT_STUB :
			    0;
		} else {
			continue;
		}
		before = s->reach.taken;
		if (reach_take(&s->reach, i, why, flags) == -1)
			return -1;
		if (why == REACH_ALWAYS)
			s->done->always += s->reach.taken - before;
		else
			s->done->chosen += s->reach.taken - before;
	}
	return 0;
}

/* why a component that nothing brought along is not taken */
static unsigned
why_not(const struct selection *s, const struct node *n)
{
	if ((n->flags & SELECT_EXCLUDED) != 0)
		return WHY_EXCLUDED;
	if ((kindtable_flags(&s->kinds, n->kind) & KIND_APART) != 0)
		return WHY_APART;
	return WHY_UNCHOSEN;
}

/* whether one of those that have a key's word is taken */
static int
one_is_taken(const struct graph *g, uint32_t key)
{
	struct run *r = graph_run(g, key);
	int taken = 0;

	if (r != NULL && r->mark[RUN_TAKEN] != 0)
		return r->mark[RUN_TAKEN] == 1;
	for (; key != NOTHING && !taken; key = keyindex_next(&g->keys, key))
		taken = (graph_node(g, keyindex_at(&g->keys,
		    key)->node)->flags & SELECT_TAKEN) != 0;
	if (r != NULL)
		r->mark[RUN_TAKEN] = taken ? 1 : 2;
	return taken;
}

/* whether a file's line, or one of a container, has lost all its owners */
static int
has_lost_owners(const struct selection *s, uint32_t node)
{
	const struct graph *g = &s->graph;
	const struct edge *e;
	uint32_t i;
	int owned = 0;

	for (i = graph_node(g, node)->edges;
	    i < graph_node(g, node + 1)->edges; i++) {
		e = graph_edge(g, i);
		if (e->list != RECORD_OWNER || e->key == NOTHING)
			continue;
		owned = 1;
		if (one_is_taken(g, e->key))
			return 0;
	}
	return owned;
}

/* drop what was not taken; lines of the format stay with what is theirs */
static void
drop_rest(struct selection *s)
{
	struct node *n;
	uint32_t i, up;

	for (i = 0; i < s->graph.n; i++) {
		n = graph_node(&s->graph, i);
		if (n->type == RECORD_COMPONENT) {
			if ((n->flags & SELECT_TAKEN) != 0)
				continue;
			n->why = (uint8_t)why_not(s, n);
			n->fate = FATE_DROP;
		} else if (n->parent != NOTHING && graph_node(&s->graph,
		    n->parent)->fate == FATE_DROP) {
			n->why = WHY_INSIDE;
			n->fate = FATE_DROP;
		} else if (has_lost_owners(s, i)) {
			n->why = WHY_OWNER;
			n->fate = FATE_DROP;
		}
	}
	for (i = 0; i < s->graph.n; i++) {
		n = graph_node(&s->graph, i);
		for (up = (n->flags & SELECT_TAKEN) != 0 ? n->parent :
		    NOTHING; up != NOTHING; up = n->parent) {
			n = graph_node(&s->graph, up);
			if (n->fate == FATE_DROP)
				n->fate = FATE_KEEP;
		}
	}
}

int
select_choose(struct selection *s)
{
	if (take_seeds(s) == -1 || reach_all(&s->reach) == -1)
		return -1;
	s->done->along = s->reach.taken - s->done->chosen - s->done->always;
	drop_rest(s);
	return 0;
}

int
select_exclude(struct selection *s)
{
	struct node *n;
	uint32_t i;

	for (i = 0; i < s->graph.n; i++) {
		n = graph_node(&s->graph, i);
		if (n->type != RECORD_COMPONENT)
			continue;
		if ((n->flags & SELECT_EXCLUDED) == 0) {
			n->flags |= SELECT_TAKEN;
			n->why = REACH_EVERYTHING;
			s->done->chosen++;
		} else if (closure_drop(&s->closure, i, WHY_EXCLUDED) == -1) {
			return -1;
		}
	}
	return closure_fall(&s->closure);
}
