/* SPDX-License-Identifier: ISC */
/*
 * Several versions of one component.
 */
#include "versions.h"

#include <stdlib.h>

#include "canon.h"
#include "inside.h"
#include "likeness.h"
#include "pair.h"
#include "rules.h"
#include "side.h"

/* a version of what is looked at */
struct version {
	uint64_t key;		/* of its status, 0: it has none; then of
				   what it says */
	uint32_t node;
	uint32_t mate;		/* which one of the other side it gets */
};

/* a side's versions of what is looked at */
struct list {
	struct side *side;
	uint32_t i, end;	/* the run of its keys */
	uint32_t nodes;		/* how many records they are of */
	struct buf versions;	/* of struct version */
};

static size_t
count(const struct list *l)
{
	return l->versions.len / sizeof(struct version);
}

static struct version *
at(const struct list *l, size_t i)
{
	return (struct version *)(void *)l->versions.ptr + i;
}

/* the records of a run of keys whose id it is, unless they were renamed */
static int
collect(struct list *l)
{
	const struct keys *keys = &l->side->graph.keys;
	struct version v = { .mate = NOTHING };
	struct slice kind, id, status;
	struct record r;
	uint32_t i;

	l->versions.len = 0;
	for (i = l->i; i < l->end; i++) {
		if (i > l->i && keys_at(keys, i)->node == v.node)
			continue;
		v.node = keys_at(keys, i)->node;
		if ((graph_node(&l->side->graph, v.node)->status &
		    (SIDE_KEYED | SIDE_RENAMED)) != SIDE_KEYED)
			continue;
		if (side_line(l->side, v.node, &r) == -1)
			return -1;
		kind = record_text(&r, RECORD_KIND);
		id = record_text(&r, RECORD_ID);
		if (keys_hash(kind.p, kind.n, id.p, id.n) !=
		    keys_at(keys, i)->hash)
			continue;
		status = record_text(&r, RECORD_STATUS);
		v.key = status.p == NULL ? 0 : keys_hash("", 0, status.p,
		    status.n);
		buf_add(&l->versions, &v, sizeof(v));
	}
	return 0;
}

static int
by_key(const void *a, const void *b)
{
	const struct version *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->node < y->node ? -1 : x->node > y->node;
}

static int
by_node(const void *a, const void *b)
{
	const struct version *x = a, *y = b;

	return x->node < y->node ? -1 : x->node > y->node;
}

static void
sort(struct list *l, int (*compare)(const void *, const void *))
{
	qsort(l->versions.ptr, count(l), sizeof(struct version), compare);
}

/* of those that have no mate yet, pair equal keys, in order */
static void
match_equal(struct list *t, struct list *s)
{
	size_t i = 0, j = 0, n = count(t), m = count(s);

	sort(t, by_key);
	sort(s, by_key);
	while (i < n && j < m) {
		if (at(t, i)->mate != NOTHING) {
			i++;
		} else if (at(s, j)->mate != NOTHING) {
			j++;
		} else if (at(t, i)->key < at(s, j)->key) {
			i++;
		} else if (at(t, i)->key > at(s, j)->key) {
			j++;
		} else {
			at(t, i)->mate = at(s, j)->node;
			at(s, j++)->mate = at(t, i++)->node;
		}
	}
	sort(t, by_node);
	sort(s, by_node);
}

/* how many have no mate yet */
static size_t
left(const struct list *l)
{
	size_t i, n = 0;

	for (i = 0; i < count(l); i++)
		n += at(l, i)->mate == NOTHING;
	return n;
}

/* the keys of those left are what they say */
static int
key_content(struct likeness *like, struct list *l)
{
	size_t i;

	for (i = 0; i < count(l); i++) {
		if (at(l, i)->mate == NOTHING && likeness(like, l->side,
		    at(l, i)->node, &at(l, i)->key) == -1)
			return -1;
	}
	return 0;
}

/* the k-th of those left with the k-th */
static void
match_rest(struct list *t, struct list *s)
{
	size_t i, j = 0, m = count(s);

	for (i = 0; i < count(t); i++) {
		while (j < m && at(s, j)->mate != NOTHING)
			j++;
		if (j == m || at(t, i)->mate != NOTHING)
			continue;
		at(t, i)->mate = at(s, j)->node;
		at(s, j)->mate = at(t, i)->node;
	}
}

/* who goes with whom: keys are statuses; 0, or -1 after a message */
static int
match(struct likeness *like, struct list *t, struct list *s)
{
	match_equal(t, s);
	if (like->canon != NULL && left(t) > 0 && left(s) > 0 &&
	    left(t) + left(s) > 2) {
		if (key_content(like, t) == -1 || key_content(like, s) == -1)
			return -1;
		match_equal(t, s);
	}
	match_rest(t, s);
	return 0;
}

/* take a side's pairs apart; hash is that of their id */
static void
part(struct list *l, uint64_t hash)
{
	uint32_t node;
	size_t i;

	for (i = 0; i < count(l); i++) {
		node = at(l, i)->node;
		graph_node(&l->side->graph, node)->status &=
		    (uint8_t)~SIDE_PAIRED;
		/* as of any that has no mate: side.h */
		side_mates(l->side)[node] = (uint32_t)hash;
		inside_part(l->side, node);
	}
}

/* the versions of one id, of which a side has several */
static int
pair_versions(struct likeness *like, struct list *t, struct list *s)
{
	uint64_t hash = keys_at(&t->side->graph.keys, t->i)->hash;
	size_t i, n;

	if (collect(t) == -1 || collect(s) == -1)
		return -1;
	n = count(t);
	if (n == 0 || count(s) == 0 || n + count(s) == 2)
		return 0;
	if (match(like, t, s) == -1)
		return -1;
	for (i = 0; i < n && side_mate(t->side, at(t, i)->node) ==
	    at(t, i)->mate; i++)
		continue;
	if (i == n)
		return 0;
	part(t, hash);
	part(s, hash);
	for (i = 0; i < n; i++) {
		if (at(t, i)->mate == NOTHING)
			continue;
		pair_join(t->side, at(t, i)->node, s->side, at(t, i)->mate,
		    0);
		if (inside_join(t->side, at(t, i)->node, s->side,
		    at(t, i)->mate) == -1)
			return -1;
	}
	return 0;
}

/*
 * The run of keys with the hash of the first.  They are sorted by record, too;
 * one whose id is an alias of its own has two.
 */
static void
run_of(struct list *l)
{
	const struct keys *keys = &l->side->graph.keys;
	uint64_t hash = keys_at(keys, l->i)->hash;

	l->nodes = 1;
	for (l->end = l->i + 1; l->end < keys->n; l->end++) {
		if (keys_at(keys, l->end)->hash != hash)
			break;
		l->nodes += keys_at(keys, l->end)->node !=
		    keys_at(keys, l->end - 1)->node;
	}
}

/* walk the keys of both sides, which are sorted alike */
static int
walk(struct likeness *like, struct list *t, struct list *s)
{
	const struct keys *a = &t->side->graph.keys, *b = &s->side->graph.keys;

	while (t->i < a->n && s->i < b->n) {
		if (keys_at(a, t->i)->hash < keys_at(b, s->i)->hash) {
			t->i++;
			continue;
		}
		if (keys_at(a, t->i)->hash > keys_at(b, s->i)->hash) {
			s->i++;
			continue;
		}
		run_of(t);
		run_of(s);
		if (t->nodes + s->nodes > 2 &&
		    pair_versions(like, t, s) == -1)
			return -1;
		t->i = t->end;
		s->i = s->end;
	}
	return 0;
}

int
versions_pair(struct side *target, struct side *source)
{
	struct list t = { .side = target }, s = { .side = source };
	const struct map *m = rules_map(target->rules);
	struct likeness like = { .canon = m == NULL ? NULL :
	    canon_open(target->diag, m) };
	int rc = walk(&like, &t, &s);

	if (like.canon != NULL)
		canon_close(like.canon);
	likeness_free(&like);
	buf_free(&t.versions);
	buf_free(&s.versions);
	return rc;
}
