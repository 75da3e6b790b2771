/* SPDX-License-Identifier: ISC */
/*
 * What both sides added under one name, each with an id of its own.
 *
 * First what belongs to nothing, then the rest: what it belongs to may be such
 * a pair by then.  Two of one name that are no pair are noted.  All go in the
 * order of theirs, for that of the hashes is another in each process.
 */
#include "threeway/namesakes.h"

#include <string.h>

#include "base/diag.h"
#include "base/keyindex.h"
#include "match/pair.h"
#include "stream/list.h"
#include "threeway/triples.h"

/* the names of both sides; ours' nodes, then theirs' */
struct namesakes {
	struct triples *t;
	struct keyindex names[2];
	struct bigarray order;	/* of struct key: theirs as they stand */
	struct buf text;
};

static struct side *
side_at(const struct namesakes *n, unsigned side)
{
	return &n->t->side[side];
}

static void
add_text(struct buf *b, struct slice s)
{
	buf_printf(b, "%zu:", s.n);
	buf_add(b, s.p, s.n);
}

/* who a record is, on both sides; NOTHING: none */
static void
add_record(struct namesakes *n, unsigned side, uint32_t node)
{
	uint32_t of, mate;

	if (node == NOTHING)
		return;
	of = triples_of(n->t, side, node);
	mate = side_mate(side_at(n, side), node);
	if (of != NOTHING)
		buf_printf(&n->text, "triple %u ", (unsigned)of);
	else if (side == TRIPLE_THEIRS && mate == NOTHING)
		buf_printf(&n->text, "theirs %u ", (unsigned)node);
	else
		buf_printf(&n->text, "ours %u ", (unsigned)(side ==
		    TRIPLE_OURS ? node : mate));
}

/* what a record belongs to */
static void
add_owners(struct namesakes *n, unsigned side, struct slice owners)
{
	const struct graph *g = &side_at(n, side)->graph;
	struct slice item;
	uint32_t key;
	size_t at = 0;

	while (list_next(owners, &at, &item) == 1) {
		item = list_reference(item);
		key = graph_find(g, item.p, item.n);
		if (key == NOTHING)
			add_text(&n->text, item);
		else
			add_record(n, side, keyindex_at(&g->keys, key)->node);
	}
}

/* the hash of who a component is by its name: 1, 0 (it has none) or -1 */
static int
hash_name(struct namesakes *n, unsigned side, uint32_t node, int owned,
    uint64_t *hash)
{
	static const enum record_field fields[] = { RECORD_NAME, RECORD_TYPE,
	    RECORD_LANG };
	struct side *s = side_at(n, side);
	struct slice kind, owners;
	struct record r;
	size_t i;

	if (side_node(s, node)->type != RECORD_COMPONENT)
		return 0;
	if (side_line(s, node, &r) == -1)
		return -1;
	owners = r.field[RECORD_OWNER];
	if (record_text(&r, RECORD_ID).n == 0 ||
	    record_text(&r, RECORD_NAME).n == 0 || (owners.p != NULL) != owned)
		return 0;
	n->text.len = 0;
	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		add_text(&n->text, record_text(&r, fields[i]));
	kind = record_text(&r, RECORD_KIND);
	add_record(n, side, side_node(s, node)->parent);
	add_owners(n, side, owners);
	*hash = keyindex_hash(kind.p, kind.n, n->text.ptr, n->text.len);
	return 1;
}

/* the names of a side; 0 or -1 */
static int
list_names(struct namesakes *n, unsigned side, int owned)
{
	struct keyindex *names = &n->names[side - TRIPLE_OURS];
	uint64_t hash;
	uint32_t i;
	int got;

	names->n = 0;
	for (i = 0; i < side_at(n, side)->graph.n; i++) {
		got = hash_name(n, side, i, owned, &hash);
		if (got == -1 || (got == 1 && keyindex_add(names, hash, i) ==
		    -1))
			return -1;
	}
	if (side == TRIPLE_THEIRS) {
		if (bigarray_hold(&n->order, names->n * sizeof(struct key)) ==
		    -1)
			return -1;
		if (names->n > 0)
			memcpy(n->order.p, names->list.p, names->n *
			    sizeof(struct key));
	}
	return keyindex_sort(names);
}

/* whether a record is on one side alone, by all that is known yet */
static int
is_new(const struct namesakes *n, unsigned side, uint32_t node)
{
	return triples_of(n->t, side, node) == NOTHING &&
	    side_mate(side_at(n, side), node) == NOTHING;
}

/* the only record of this name, or NOTHING */
static uint32_t
only_of(const struct keyindex *names, uint64_t hash)
{
	uint32_t key = keyindex_find(names, hash);

	return key == NOTHING || keyindex_next(names, key) != NOTHING ?
	    NOTHING : keyindex_at(names, key)->node;
}

/* whether two are one, by all that is known yet */
static int
is_same(const struct namesakes *n, uint32_t ours, uint32_t theirs)
{
	uint32_t of = triples_of(n->t, TRIPLE_OURS, ours);

	return side_mate(side_at(n, TRIPLE_OURS), ours) == theirs ||
	    (of != NOTHING && of == triples_of(n->t, TRIPLE_THEIRS, theirs));
}

/* two of one name: a pair, if both are new; 0 or -1 */
static int
join_names(struct namesakes *n, uint32_t ours, uint32_t theirs)
{
	struct side *o = side_at(n, TRIPLE_OURS);
	struct side *s = side_at(n, TRIPLE_THEIRS);
	const uint32_t two[2] = { ours, theirs };

	if (is_same(n, ours, theirs))
		return 0;
	if (!is_new(n, TRIPLE_OURS, ours) ||
	    !is_new(n, TRIPLE_THEIRS, theirs)) {
		buf_add(&n->t->namesakes, two, sizeof(two));
		return 0;
	}
	pair_join(o, ours, s, theirs, SIDE_RENAMED);
	return pair_inside(o, ours, s, theirs);
}

/* those that belong to something, or those that do not; 0 or -1 */
static int
pair_names(struct namesakes *n, int owned)
{
	uint32_t i, ours, theirs;
	uint64_t hash;

	if (list_names(n, TRIPLE_OURS, owned) == -1 ||
	    list_names(n, TRIPLE_THEIRS, owned) == -1)
		return -1;
	for (i = 0; i < n->names[1].n; i++) {
		hash = ((const struct key *)n->order.p)[i].hash;
		ours = only_of(&n->names[0], hash);
		theirs = only_of(&n->names[1], hash);
		if (ours != NOTHING && theirs != NOTHING &&
		    join_names(n, ours, theirs) == -1)
			return -1;
	}
	return 0;
}

int
namesakes_pair(struct triples *t)
{
	struct namesakes n = { .t = t };
	int rc;

	n.names[0].room = n.names[1].room = n.order.room = t->list.room;
	rc = pair_names(&n, 0) == -1 || pair_names(&n, 1) == -1 ? -1 : 0;
	keyindex_free(&n.names[0]);
	keyindex_free(&n.names[1]);
	bigarray_free(&n.order);
	buf_free(&n.text);
	return rc;
}
