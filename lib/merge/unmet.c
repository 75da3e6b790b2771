/* SPDX-License-Identifier: ISC */
/*
 * References of what is new that lead nowhere in the source.
 */
#include "merge/unmet.h"

#include <string.h>

#include "base/refset.h"
#include "map/map.h"
#include "match/side.h"
#include "merge/deciding.h"
#include "merge/rules.h"

/* references of a new record that lead nowhere on its own side */
struct looking {
	struct decide *d;
	uint32_t node;
	enum record_field field;
};

/* what of the target has a word is there for something new */
static void
hold(const struct decide *d, uint32_t key)
{
	const struct graph *g = &d->target->graph;
	struct run *r = graph_run(g, key);

	if (r != NULL && r->mark[RUN_IS_NEEDED] != 0)
		return;
	if (r != NULL)
		r->mark[RUN_IS_NEEDED] = 1;
	for (; key != NOTHING; key = keys_next(&g->keys, key))
		side_node(d->target, keys_at(&g->keys, key)->node)->status |=
		    SIDE_HELD;
}

/* what is needed, tasks that are led to, and what else the map says */
static int
is_missed(const struct looking *l, const char *ref, size_t nkind)
{
	const struct map_kind *k =
	    decide_rule(l->d->source, l->node)->sort.kind;
	const struct map_row *row;
	size_t i;

	if (l->field == RECORD_NEEDS)
		return 1;
	if (l->field == RECORD_LINKS)
		return (kinds_ask(l->d->kinds[0].map, ref, nkind) &
		    KIND_TASK) != 0;
	if (k == NULL || l->field != RECORD_REFS ||
	    (row = sorts_row(k, "missed")) == NULL)
		return 0;
	for (i = 0; i < row->nargs; i++) {
		if (strlen(row->args[i]) == nkind &&
		    memcmp(row->args[i], ref, nkind) == 0)
			return 1;
	}
	return 0;
}

static int
look(void *ctx, const char *ref, size_t n)
{
	struct looking *l = ctx;
	struct decide *d = l->d;
	const char *colon = memchr(ref, ':', n);
	struct missing m = { .node = l->node };
	uint64_t hash;
	uint32_t k;

	if (n == 0 || *ref == '?' || colon == NULL)
		return 0;
	hash = keys_hash_ref(ref, n);
	if (keys_find(&d->source->graph.keys, hash) != NOTHING)
		return 0;
	k = keys_find(&d->target->graph.keys, hash);
	if (k != NOTHING) {
		hold(d, k);
		return 0;
	}
	if (!is_missed(l, ref, (size_t)(colon - ref)))
		return 0;
	m.ref = (uint32_t)d->texts.len;
	m.nref = (uint32_t)n;
	buf_add(&d->texts, ref, n);
	buf_add(&d->missing, &m, sizeof(m));
	return 0;
}

/* a reference of the target's version: it is not news */
static int
know(void *ctx, const char *ref, size_t n)
{
	refset_add(ctx, 0, ref, n);
	return 0;
}

/* drop what is missing in the target's version, too */
static int
drop_known(struct decide *d, size_t from, uint32_t t)
{
	struct refset known = {0};
	struct missing *m;
	struct record r;
	size_t i, kept = from;

	if (d->missing.len == from || t == NOTHING)
		return 0;
	if (side_line(d->target, t, &r) == -1)
		return -1;
	graph_items(r.field[RECORD_LINKS], know, &known);
	graph_items(r.field[RECORD_NEEDS], know, &known);
	graph_items(r.field[RECORD_REFS], know, &known);
	for (i = from; i < d->missing.len; i += sizeof(*m)) {
		m = (struct missing *)(void *)(d->missing.ptr + i);
		if (refset_has(&known, 0, d->texts.ptr + m->ref, m->nref))
			continue;
		memmove(d->missing.ptr + kept, m, sizeof(*m));
		kept += sizeof(*m);
	}
	d->missing.len = kept;
	refset_free(&known);
	return 0;
}

/* references of the source's record that lead nowhere there */
static int
look_up(struct decide *d, uint32_t s)
{
	const struct graph *g = &d->source->graph;
	struct looking l = { .d = d, .node = s };
	const struct edge *e;
	struct record r;
	size_t from = d->missing.len;
	uint32_t j, end = side_node(d->source, s + 1)->edges;

	for (j = side_node(d->source, s)->edges; j < end; j++) {
		e = graph_edge(g, j);
		if (e->key == NOTHING && !e->soft)
			break;
	}
	if (j == end || !decide_live(d->source, s, 1))
		return 0;
	if (side_line(d->source, s, &r) == -1)
		return -1;
	for (l.field = RECORD_OWNER; l.field <= RECORD_REFS; l.field++)
		graph_items(r.field[l.field], look, &l);
	return drop_known(d, from, side_mate(d->source, s));
}

int
unmet(struct decide *d)
{
	uint32_t i;
	int rc = 0;

	for (i = 0; i < d->source->graph.n && rc == 0; i++)
		rc = look_up(d, i);
	return rc;
}
