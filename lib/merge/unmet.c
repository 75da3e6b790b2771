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

/* the lists of a record, the first that has a word tells of it */
static const enum record_field lists[] = { RECORD_NEEDS, RECORD_LINKS,
    RECORD_OWNER, RECORD_REFS };

/* references of a new record that lead nowhere on its own side */
struct looking {
	struct decide *d;
	uint32_t node;
	enum record_field field;
	struct refset told;	/* of this record */
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
	for (; key != NOTHING; key = keyindex_next(&g->keys, key))
		side_node(d->target, keyindex_at(&g->keys,
		    key)->node)->status |= SIDE_HELD;
}

/* what it needs or belongs to, tasks it leads to, what else the map says */
static int
is_missed(const struct looking *l, const char *ref, size_t nkind)
{
	const struct map_kind *k =
	    decide_rule(l->d->source, l->node)->sort.kind;
	const struct map_row *row;
	size_t i;

	if (l->field == RECORD_NEEDS || l->field == RECORD_OWNER)
		return 1;
	if (l->field == RECORD_LINKS)
		return (kindtable_ask(l->d->kinds[0].map, ref, nkind) &
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
	struct missing m = { .node = l->node, .list = l->field };
	struct buf *to = &d->mentioned;
	uint64_t hash;
	uint32_t k;

	if (n == 0 || *ref == '?' || colon == NULL)
		return 0;
	hash = keyindex_hash_ref(ref, n);
	if (keyindex_find(&d->source->graph.keys, hash) != NOTHING)
		return 0;
	k = keyindex_find(&d->target->graph.keys, hash);
	if (k != NOTHING) {
		hold(d, k);
		return 0;
	}
	if (!refset_add(&l->told, 0, ref, n) || (l->field == RECORD_OWNER &&
	    refset_has(&d->owners, 0, ref, n)))
		return 0;
	if (is_missed(l, ref, (size_t)(colon - ref))) {
		to = &d->missing;
		if (m.list == RECORD_REFS)
			m.list = RECORD_LINKS;
	}
	m.ref = (uint32_t)d->texts.len;
	m.nref = (uint32_t)n;
	buf_add(&d->texts, ref, n);
	buf_add(to, &m, sizeof(m));
	return 0;
}

/* a reference of the target's version: it is not news */
static int
know(void *ctx, const char *ref, size_t n)
{
	refset_add(ctx, 0, ref, n);
	return 0;
}

/* drop from a list, from an offset on, what is known */
static void
drop_known(const struct decide *d, struct buf *list, size_t from,
    const struct refset *known)
{
	struct missing *m;
	size_t i, kept = from;

	for (i = from; i < list->len; i += sizeof(*m)) {
		m = (struct missing *)(void *)(list->ptr + i);
		if (refset_has(known, 0, d->texts.ptr + m->ref, m->nref))
			continue;
		memmove(list->ptr + kept, m, sizeof(*m));
		kept += sizeof(*m);
	}
	list->len = kept;
}

/* drop what is missing in the target's version, too */
static int
compare(struct decide *d, size_t missing, size_t mentioned, uint32_t t)
{
	struct refset known = {0};
	struct record r;
	size_t i;

	if (t == NOTHING || (d->missing.len == missing &&
	    d->mentioned.len == mentioned))
		return 0;
	if (side_line(d->target, t, &r) == -1)
		return -1;
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		graph_items(r.field[lists[i]], know, &known);
	drop_known(d, &d->missing, missing, &known);
	drop_known(d, &d->mentioned, mentioned, &known);
	refset_free(&known);
	return 0;
}

/* what the record belongs to is told of */
static void
note_owners(struct decide *d, size_t from)
{
	const struct buf *list = &d->missing;
	const struct missing *m;

	for (; from < list->len; from += sizeof(*m)) {
		m = (const struct missing *)(const void *)(list->ptr + from);
		if (m->list == RECORD_OWNER)
			refset_add(&d->owners, 0, d->texts.ptr + m->ref,
			    m->nref);
	}
}

int
unmet_of(struct decide *d, uint32_t s)
{
	const struct graph *g = &d->source->graph;
	struct looking l = { .d = d, .node = s };
	const struct edge *e;
	struct record r;
	size_t missing = d->missing.len, mentioned = d->mentioned.len, i;
	uint32_t j, end = side_node(d->source, s + 1)->edges;

	for (j = side_node(d->source, s)->edges; j < end; j++) {
		e = graph_edge(g, j);
		if (e->key == NOTHING && !e->soft)
			break;
	}
	if (j == end || side_node(d->source, s)->type != RECORD_COMPONENT ||
	    !decide_live(d->source, s, 1))
		return 0;
	if (side_line(d->source, s, &r) == -1)
		return -1;
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		l.field = lists[i];
		graph_items(r.field[l.field], look, &l);
	}
	refset_free(&l.told);
	if (compare(d, missing, mentioned, side_mate(d->source, s)) == -1)
		return -1;
	note_owners(d, missing);
	return 0;
}

int
unmet(struct decide *d)
{
	uint32_t i;
	int rc = 0;

	for (i = 0; i < d->source->graph.n && rc == 0; i++)
		rc = unmet_of(d, i);
	return rc;
}
