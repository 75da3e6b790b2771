/* SPDX-License-Identifier: ISC */
/*
 * The records of three streams, who of each is the same.
 *
 * Pairs are found of two sides at a time; what pair_all() needs of a side
 * before, which is where it puts its pairs, is kept and put back in between.
 */
#include "threeway/triples.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "diff/files.h"
#include "map/map.h"
#include "map/registry.h"
#include "match/pair.h"
#include "stream/record.h"

/* ---- reading */

static int
open_sides(struct triples *t, const struct triples_options *o,
    struct room *room, struct registry *maps)
{
	struct side *side = t->side;
	const struct twopass *ours = &side[TRIPLE_OURS].in;
	unsigned i;

	for (i = 0; i < TRIPLE_SIDES; i++) {
		if (side_open(&side[i], t->diag, o->files[i], &o->input,
		    room) == -1)
			return -1;
	}
	for (i = 0; i < TRIPLE_SIDES; i++) {
		if (twopass_akin(&side[i].in, "this", ours, "ours", 1,
		    "three") == -1)
			return -1;
	}
	t->map = registry_of(t->diag, maps, o->input.map, &ours->first);
	if (t->map == NULL)
		return -1;
	sorts_init(&t->sorts, t->diag, t->map);
	for (i = 0; i < TRIPLE_SIDES; i++) {
		if (side_read(&side[i], &t->sorts) == -1)
			return -1;
	}
	return 0;
}

/* ---- pairs of two sides */

/* what the sides knew before any pair: copies of their mates */
struct before {
	uint32_t *mates[TRIPLE_SIDES];
};

static void
keep_mates(struct triples *t, struct before *b)
{
	unsigned i;
	size_t n;

	for (i = 0; i < TRIPLE_SIDES; i++) {
		n = t->side[i].graph.n;
		b->mates[i] = xmalloc((n + 1) * sizeof(uint32_t));
		if (n > 0)
			memcpy(b->mates[i], side_mates(&t->side[i]),
			    n * sizeof(uint32_t));
	}
}

static void
free_mates(struct before *b)
{
	unsigned i;

	for (i = 0; i < TRIPLE_SIDES; i++)
		free(b->mates[i]);
}

/* forget the pairs of a side */
static void
unpair(struct side *s, const uint32_t *mates)
{
	uint32_t i;

	if (s->graph.n > 0)
		memcpy(side_mates(s), mates, s->graph.n * sizeof(*mates));
	for (i = 0; i < s->graph.n; i++)
		side_node(s, i)->status &= SIDE_KEYED;
}

/* the text of a field of a node's line; p NULL: no node; 0 or -1 */
static int
text_of(struct triples *t, unsigned side, uint32_t node,
    enum record_field field, struct slice *text)
{
	struct record r;

	*text = (struct slice){0};
	if (node == NOTHING)
		return 0;
	if (side_line(&t->side[side], node, &r) == -1)
		return -1;
	*text = record_text(&r, field);
	return 0;
}

/* the versions of one triple are a pair, if they have words */
static int
mate(struct triples *t, uint32_t ours, uint32_t theirs)
{
	struct side *o = &t->side[TRIPLE_OURS], *s = &t->side[TRIPLE_THEIRS];
	struct slice a, b;

	if (text_of(t, TRIPLE_OURS, ours, RECORD_ID, &a) == -1 ||
	    text_of(t, TRIPLE_THEIRS, theirs, RECORD_ID, &b) == -1)
		return -1;
	pair_join(o, ours, s, theirs, slice_same(a, b) ? 0 : SIDE_RENAMED);
	return 0;
}

/* ours and theirs that only the base shows to be the same; 0 or -1 */
static int
mate_known(struct triples *t)
{
	struct side *o = &t->side[TRIPLE_OURS], *s = &t->side[TRIPLE_THEIRS];
	const uint32_t *node;
	uint32_t i;

	for (i = 0; i < t->n; i++) {
		node = triples_at(t, i)->node;
		if (node[TRIPLE_OURS] != NOTHING &&
		    node[TRIPLE_THEIRS] != NOTHING &&
		    graph_has_keys(&o->graph, node[TRIPLE_OURS]) &&
		    side_mate(o, node[TRIPLE_OURS]) == NOTHING &&
		    side_mate(s, node[TRIPLE_THEIRS]) == NOTHING &&
		    mate(t, node[TRIPLE_OURS], node[TRIPLE_THEIRS]) == -1)
			return -1;
	}
	return 0;
}

/* before what stands inside is paired: pair_all()'s between */
static int
pair_between(void *ctx, struct side *target, struct side *source)
{
	return mate_known(ctx) == -1 ? -1 : files_pair(NULL, target, source);
}

static int
pair_sides(struct triples *t, const struct before *b, unsigned target,
    unsigned source)
{
	unpair(&t->side[target], b->mates[target]);
	unpair(&t->side[source], b->mates[source]);
	t->side[target].is_source = 0;
	t->side[source].is_source = 1;
	return pair_all(&t->side[target], &t->side[source], pair_between, t);
}

/* ---- triples */

static int
add_triple(struct triples *t, uint32_t base, uint32_t ours, uint32_t theirs)
{
	const struct triple triple = { .node = { base, ours, theirs } };
	unsigned i;

	if (bigarray_hold(&t->list, ((size_t)t->n + 1) * sizeof(triple)) == -1)
		return -1;
	if (t->n == NOTHING - 1)
		return diag_fail(t->diag, STATUS_LIMIT, NULL,
		    "three streams of too many records");
	*triples_at(t, t->n) = triple;
	for (i = 0; i < TRIPLE_SIDES; i++) {
		if (triple.node[i] != NOTHING)
			((uint32_t *)t->of[i].p)[triple.node[i]] = t->n;
	}
	t->n++;
	return 0;
}

/* the base's records, and no others yet */
static int
begin_triples(struct triples *t)
{
	uint32_t i, n;
	unsigned s;

	for (s = 0; s < TRIPLE_SIDES; s++) {
		n = t->side[s].graph.n;
		if (bigarray_hold(&t->of[s], ((size_t)n + 1) *
		    sizeof(uint32_t)) == -1)
			return -1;
		for (i = 0; i < n; i++)
			((uint32_t *)t->of[s].p)[i] = NOTHING;
	}
	for (i = 0; i < t->side[TRIPLE_BASE].graph.n; i++) {
		if (add_triple(t, i, NOTHING, NOTHING) == -1)
			return -1;
	}
	return 0;
}

/* a version more of a triple */
static void
join(struct triples *t, uint32_t i, unsigned side, uint32_t node)
{
	triples_at(t, i)->node[side] = node;
	((uint32_t *)t->of[side].p)[node] = i;
}

/* the base's pairs, as they are now, with a side */
static void
join_base(struct triples *t, unsigned side)
{
	const struct side *base = &t->side[TRIPLE_BASE];
	uint32_t i, mate;

	for (i = 0; i < base->graph.n; i++) {
		if ((mate = side_mate(base, i)) != NOTHING)
			join(t, i, side, mate);
	}
}

/* a pair of ours and theirs, one of which may have no triple yet */
static int
join_both(struct triples *t, uint32_t o, uint32_t s)
{
	uint32_t a = triples_of(t, TRIPLE_OURS, o);
	uint32_t b = triples_of(t, TRIPLE_THEIRS, s);

	if (a == NOTHING && b == NOTHING)
		return add_triple(t, NOTHING, o, s);
	if (a == NOTHING && triples_at(t, b)->node[TRIPLE_OURS] == NOTHING)
		join(t, b, TRIPLE_OURS, o);
	else if (b == NOTHING &&
	    triples_at(t, a)->node[TRIPLE_THEIRS] == NOTHING)
		join(t, a, TRIPLE_THEIRS, s);
	return 0;
}

/* the pairs of ours and theirs, and what one of them alone has */
static int
join_rest(struct triples *t)
{
	const struct side *ours = &t->side[TRIPLE_OURS];
	const struct side *theirs = &t->side[TRIPLE_THEIRS];
	uint32_t i, mate;

	for (i = 0; i < ours->graph.n; i++) {
		mate = side_mate(ours, i);
		if (mate != NOTHING && join_both(t, i, mate) == -1)
			return -1;
	}
	for (i = 0; i < ours->graph.n; i++) {
		if (triples_of(t, TRIPLE_OURS, i) == NOTHING &&
		    add_triple(t, NOTHING, i, NOTHING) == -1)
			return -1;
	}
	for (i = 0; i < theirs->graph.n; i++) {
		if (triples_of(t, TRIPLE_THEIRS, i) == NOTHING &&
		    add_triple(t, NOTHING, NOTHING, i) == -1)
			return -1;
	}
	return 0;
}

/* ---- who is called alike */

/*
 * Whether the result calls a triple as a side does: not if the other one has
 * it and alone gave it a name.  1, 0 or -1.
 */
static int
has_name_of(struct triples *t, uint32_t i, unsigned side,
    enum record_field field)
{
	const uint32_t *node = triples_at(t, i)->node;
	unsigned other = side == TRIPLE_OURS ? TRIPLE_THEIRS : TRIPLE_OURS;
	struct slice base, own;

	if (node[TRIPLE_BASE] == NOTHING || node[other] == NOTHING)
		return 1;
	if (text_of(t, TRIPLE_BASE, node[TRIPLE_BASE], field, &base) == -1 ||
	    text_of(t, side, node[side], field, &own) == -1)
		return -1;
	return !slice_same(base, own);
}

/* note that two have one name, if the result would call both so; 0 or -1 */
static int
collide(struct triples *t, uint32_t ours, uint32_t theirs,
    enum record_field field)
{
	struct collision c = { triples_of(t, TRIPLE_OURS, ours),
	    triples_of(t, TRIPLE_THEIRS, theirs), field == RECORD_ID };
	struct slice a, b;
	int got;

	if (text_of(t, TRIPLE_OURS, ours, field, &a) == -1 ||
	    text_of(t, TRIPLE_THEIRS, theirs, field, &b) == -1)
		return -1;
	if (a.n == 0 || !slice_same(a, b))
		return 0;
	if ((got = has_name_of(t, c.ours, TRIPLE_OURS, field)) == 1)
		got = has_name_of(t, c.theirs, TRIPLE_THEIRS, field);
	if (got == 1)
		buf_add(&t->collisions, &c, sizeof(c));
	return got == -1 ? -1 : 0;
}

/* whether a side has the id of a node once: 1, 0 or -1 */
static int
is_single(struct triples *t, unsigned side, uint32_t node)
{
	const struct keyindex *keys = &t->side[side].graph.keys;
	struct record r;
	struct slice kind, id;
	uint32_t key;

	if (side_line(&t->side[side], node, &r) == -1)
		return -1;
	kind = record_text(&r, RECORD_KIND);
	id = record_text(&r, RECORD_ID);
	key = keyindex_find(keys, keyindex_hash(kind.p, kind.n, id.p, id.n));
	return key != NOTHING && keyindex_next(keys, key) == NOTHING;
}

/* those that were a pair of one id, and are not: 0 or -1 */
static int
collide_by_id(struct triples *t, uint32_t ours, uint32_t theirs)
{
	int got = is_single(t, TRIPLE_OURS, ours);

	if (got == 1)
		got = is_single(t, TRIPLE_THEIRS, theirs);
	return got == 1 ? collide(t, ours, theirs, RECORD_ID) : got;
}

/*
 * Ours and theirs may be a pair by an id that one side took from what it
 * renamed, or gave to another: the base knows better.  0 or -1.
 */
static int
mate_triples(struct triples *t)
{
	struct side *o = &t->side[TRIPLE_OURS], *s = &t->side[TRIPLE_THEIRS];
	struct buf apart = {0};	/* of uint32_t, two of each such pair */
	uint32_t i, k, with[2];
	int rc;

	for (i = 0; i < o->graph.n; i++) {
		with[0] = i;
		with[1] = side_mate(o, i);
		k = triples_of(t, TRIPLE_OURS, i);
		if (with[1] == NOTHING || !graph_has_keys(&o->graph, i) ||
		    triples_at(t, k)->node[TRIPLE_THEIRS] == with[1])
			continue;
		side_node(o, i)->status &= SIDE_KEYED;
		side_node(s, with[1])->status &= SIDE_KEYED;
		buf_add(&apart, with, sizeof(with));
	}
	rc = mate_known(t);
	for (i = 0; i < apart.len / sizeof(with) && rc == 0; i++) {
		memcpy(with, apart.ptr + i * sizeof(with), sizeof(with));
		rc = collide_by_id(t, with[0], with[1]);
	}
	buf_free(&apart);
	return rc;
}

/* those that namesakes_pair() has noted; 0 or -1 */
static int
collide_by_name(struct triples *t)
{
	uint32_t i, two[2];

	for (i = 0; i < t->namesakes.len / sizeof(two); i++) {
		memcpy(two, t->namesakes.ptr + i * sizeof(two), sizeof(two));
		if (collide(t, two[0], two[1], RECORD_NAME) == -1)
			return -1;
	}
	return 0;
}

/* ---- words */

/* the name of the target stays in a renamed pair */
static void
keep_name(struct side *target, uint32_t t, struct side *source, uint32_t s)
{
	struct node *a = side_node(target, t), *b = side_node(source, s);

	a->status = (uint16_t)((a->status & ~SIDE_RENAMED) | SIDE_UNRENAMED);
	b->status = (uint16_t)((b->status & ~SIDE_RENAMED) | SIDE_UNRENAMED);
}

/* an id up to its next slash, or (whole) all of it, which is taken off */
static struct slice
next_part(struct slice *id, int whole)
{
	const char *slash = whole ? NULL : memchr(id->p, '/', id->n);
	struct slice part = { id->p, slash == NULL ? id->n :
	    (size_t)(slash - id->p) };

	id->p += part.n + (slash != NULL);
	id->n -= part.n + (slash != NULL);
	return part;
}

/* how many slashes stand between the parts of the ids of all versions; 0, too,
   where they cannot be taken apart */
static size_t
count_slashes(const struct map_kind *k, const struct slice id[TRIPLE_SIDES])
{
	size_t n[TRIPLE_SIDES] = {0}, i;
	unsigned side;

	for (side = 0; side < TRIPLE_SIDES; side++) {
		for (i = 0; i < id[side].n; i++)
			n[side] += id[side].p[i] == '/';
	}
	return k != NULL && k->members[RECORD_ID].n > 1 &&
	    n[TRIPLE_BASE] == n[TRIPLE_OURS] &&
	    n[TRIPLE_BASE] == n[TRIPLE_THEIRS] ? n[TRIPLE_BASE] : 0;
}

/*
 * The id of a triple in the result: of each part ours, but theirs where ours
 * is that of the base.  0 or -1
 */
static int
id_of_both(struct triples *t, const uint32_t node[TRIPLE_SIDES],
    struct buf *both)
{
	struct slice id[TRIPLE_SIDES], part[TRIPLE_SIDES];
	size_t slashes, i = 0;
	unsigned side;

	for (side = 0; side < TRIPLE_SIDES; side++) {
		if (text_of(t, side, node[side], RECORD_ID, &id[side]) == -1)
			return -1;
	}
	slashes = count_slashes(side_sort(&t->side[TRIPLE_OURS],
	    node[TRIPLE_OURS])->kind, id);
	both->len = 0;
	do {
		for (side = 0; side < TRIPLE_SIDES; side++)
			part[side] = next_part(&id[side], slashes == 0);
		side = slice_same(part[TRIPLE_OURS], part[TRIPLE_BASE]) ?
		    TRIPLE_THEIRS : TRIPLE_OURS;
		buf_adds(both, i == 0 ? "" : "/");
		buf_add(both, part[side].p, part[side].n);
	} while (i++ < slashes);
	return 0;
}

/* a pair that is renamed has ours' name, theirs', or (both flags) one of both;
   0 or -1 */
static int
judge_name(struct triples *t, uint32_t ours, struct buf *both)
{
	uint32_t mate = side_mate(&t->side[TRIPLE_OURS], ours);
	const uint32_t *node = triples_at(t, triples_of(t, TRIPLE_OURS,
	    ours))->node;
	struct slice id, o, s;

	if (id_of_both(t, node, both) == -1 ||
	    text_of(t, TRIPLE_OURS, ours, RECORD_ID, &o) == -1 ||
	    text_of(t, TRIPLE_THEIRS, mate, RECORD_ID, &s) == -1)
		return -1;
	id = (struct slice){ buf_str(both), both->len };
	if (slice_same(id, o))
		keep_name(&t->side[TRIPLE_OURS], ours,
		    &t->side[TRIPLE_THEIRS], mate);
	else if (!slice_same(id, s))
		side_node(&t->side[TRIPLE_OURS], ours)->status |=
		    SIDE_UNRENAMED;
	return 0;
}

/* ours' names stay in the pairs at hand, but (judge) what theirs renamed */
static int
keep_names(struct triples *t, unsigned source, int judge)
{
	struct side *ours = &t->side[TRIPLE_OURS];
	struct buf both = {0};
	uint32_t i;
	int rc = 0;

	for (i = 0; i < ours->graph.n && rc == 0; i++) {
		if ((side_node(ours, i)->status & SIDE_RENAMED) == 0)
			continue;
		if (judge)
			rc = judge_name(t, i, &both);
		else
			keep_name(ours, i, &t->side[source],
			    side_mate(ours, i));
	}
	buf_free(&both);
	return rc;
}

/* all versions of a triple have the id that is of both; 0 or -1 */
static int
name_of_both(struct triples *t, uint32_t i, struct buf *both)
{
	struct renames *const of[TRIPLE_SIDES] = { &t->base[1], &t->pair[0],
	    &t->pair[1] };
	const uint32_t *node = triples_at(t, i)->node;
	struct slice kind, id;
	struct record r;
	unsigned side;

	if (id_of_both(t, node, both) == -1)
		return -1;
	for (side = 0; side < TRIPLE_SIDES; side++) {
		if (side_line(&t->side[side], node[side], &r) == -1)
			return -1;
		kind = record_text(&r, RECORD_KIND);
		id = record_text(&r, RECORD_ID);
		if (rename_again(of[side], keyindex_hash(kind.p, kind.n, id.p,
		    id.n), (struct slice){ buf_str(both), both->len }) == -1)
			return -1;
	}
	return 0;
}

/* the same of all that keep_names() has found; 0 or -1 */
static int
name_all(struct triples *t)
{
	const unsigned flags = SIDE_RENAMED | SIDE_UNRENAMED;
	const struct side *ours = &t->side[TRIPLE_OURS];
	struct buf both = {0};
	uint32_t i;
	int rc = 0;

	for (i = 0; i < ours->graph.n && rc == 0; i++) {
		if ((side_node(ours, i)->status & flags) == flags)
			rc = name_of_both(t, triples_of(t, TRIPLE_OURS, i),
			    &both);
	}
	buf_free(&both);
	return rc;
}

/* what ours has not is called as theirs calls it in the base, too; 0 or -1 */
static int
name_as_theirs(struct triples *t)
{
	const struct graph *theirs = &t->side[TRIPLE_THEIRS].graph;
	struct record base, other;
	const uint32_t *node;
	uint32_t i;

	for (i = 0; i < t->n; i++) {
		node = triples_at(t, i)->node;
		if (node[TRIPLE_BASE] == NOTHING ||
		    node[TRIPLE_OURS] != NOTHING ||
		    node[TRIPLE_THEIRS] == NOTHING ||
		    !graph_has_keys(theirs, node[TRIPLE_THEIRS]))
			continue;
		if (side_line(&t->side[TRIPLE_BASE], node[TRIPLE_BASE],
		    &base) == -1 || side_line(&t->side[TRIPLE_THEIRS],
		    node[TRIPLE_THEIRS], &other) == -1 ||
		    rename_add(&t->base[1], record_text(&base, RECORD_KIND),
		    record_text(&base, RECORD_ID),
		    record_text(&other, RECORD_ID)) == -1)
			return -1;
	}
	return keyindex_sort(&t->base[1].table);
}

static int
find_all(struct triples *t, const struct before *b)
{
	struct side *side = t->side;

	if (begin_triples(t) == -1 ||
	    pair_sides(t, b, TRIPLE_OURS, TRIPLE_BASE) == -1)
		return -1;
	join_base(t, TRIPLE_OURS);
	if (keep_names(t, TRIPLE_BASE, 0) == -1 || rename_make(t->base,
	    &side[TRIPLE_OURS], &side[TRIPLE_BASE]) == -1 ||
	    pair_sides(t, b, TRIPLE_BASE, TRIPLE_THEIRS) == -1)
		return -1;
	join_base(t, TRIPLE_THEIRS);
	if (pair_sides(t, b, TRIPLE_OURS, TRIPLE_THEIRS) == -1 ||
	    t->more(t) == -1 || join_rest(t) == -1 ||
	    mate_triples(t) == -1 || collide_by_name(t) == -1 ||
	    keep_names(t, TRIPLE_THEIRS, 1) == -1)
		return -1;
	return rename_make(t->pair, &side[TRIPLE_OURS],
	    &side[TRIPLE_THEIRS]) == -1 || name_all(t) == -1 ? -1 :
	    name_as_theirs(t);
}

/* ---- the whole */

int
triples_open(struct triples *t, struct diag *d,
    const struct triples_options *o, struct room *room, struct registry *maps)
{
	struct before before = {0};
	unsigned i;
	int rc;

	*t = (struct triples){ .diag = d, .list.room = room,
	    .more = o->more };
	for (i = 0; i < TRIPLE_SIDES; i++)
		t->of[i].room = room;
	for (i = 0; i < 2; i++) {
		rename_init(&t->pair[i], room);
		rename_init(&t->base[i], room);
	}
	if (open_sides(t, o, room, maps) == -1)
		return -1;
	keep_mates(t, &before);
	rc = find_all(t, &before);
	free_mates(&before);
	return rc;
}

void
triples_close(struct triples *t)
{
	unsigned i;

	for (i = 0; i < TRIPLE_SIDES; i++) {
		side_close(&t->side[i]);
		bigarray_free(&t->of[i]);
	}
	for (i = 0; i < 2; i++) {
		rename_free(&t->pair[i]);
		rename_free(&t->base[i]);
	}
	sorts_free(&t->sorts);
	bigarray_free(&t->list);
	buf_free(&t->namesakes);
	buf_free(&t->collisions);
}

/* ---- what is asked */

uint32_t
triples_around(const struct triples *t, uint32_t i, unsigned side)
{
	uint32_t node = triples_at(t, i)->node[side], up;

	if (node == NOTHING)
		return NOTHING;
	up = side_node(&t->side[side], node)->parent;
	return up == NOTHING ? NOTHING : triples_of(t, side, up);
}

unsigned
triples_home(const struct triples *t, uint32_t i)
{
	const uint32_t *node;
	uint32_t up;

	for (;;) {
		node = triples_at(t, i)->node;
		if (node[TRIPLE_OURS] == NOTHING)
			return TRIPLE_THEIRS;
		if (node[TRIPLE_THEIRS] == NOTHING)
			return TRIPLE_OURS;
		up = triples_around(t, i, TRIPLE_OURS);
		if (up != triples_around(t, i, TRIPLE_THEIRS))
			return node[TRIPLE_BASE] != NOTHING && up ==
			    triples_around(t, i, TRIPLE_BASE) ?
			    TRIPLE_THEIRS : TRIPLE_OURS;
		if (up == NOTHING)
			return TRIPLE_OURS;
		i = up;
	}
}

unsigned
triples_own(const struct triples *t, uint32_t i)
{
	const uint32_t *node = triples_at(t, i)->node;

	return node[TRIPLE_OURS] != NOTHING ? TRIPLE_OURS :
	    node[TRIPLE_THEIRS] != NOTHING ? TRIPLE_THEIRS : TRIPLE_BASE;
}

uint32_t
triples_next(const struct triples *t, struct triples_word *w)
{
	const struct keyindex *keys = &t->side[w->side].graph.keys;

	for (;;) {
		w->key = w->key == NOTHING ? keyindex_find(keys, w->hash) :
		    keyindex_next(keys, w->key);
		if (w->key != NOTHING)
			return triples_of(t, w->side,
			    keyindex_at(keys, w->key)->node);
		if (w->side == TRIPLE_THEIRS)
			return NOTHING;
		w->side = TRIPLE_THEIRS;
		keys = &t->side[w->side].graph.keys;
		rename_undo(&t->pair[1], &w->hash);
	}
}

int
triples_leads(const struct triples *t, const char *ref, size_t n,
    unsigned *side, uint32_t *node)
{
	static const unsigned order[] = { TRIPLE_OURS, TRIPLE_THEIRS,
		TRIPLE_BASE };
	const struct keyindex *keys;
	uint32_t key;
	size_t i;

	for (i = 0; i < 3; i++) {
		keys = &t->side[order[i]].graph.keys;
		key = keyindex_find(keys, keyindex_hash_ref(ref, n));
		if (key == NOTHING)
			continue;
		*side = order[i];
		*node = keyindex_at(keys, key)->node;
		return keyindex_next(keys, key) == NOTHING;
	}
	return 0;
}
