/* SPDX-License-Identifier: ISC */
/*
 * Which records of a merge's two streams are the same component.
 */
#include "pair.h"

#include <limits.h>
#include <string.h>

#include "diag.h"
#include "map.h"
#include "rules.h"
#include "side.h"
#include "spots.h"
#include "tape.h"

/* a key of one side, in the tables of both */
struct walk_keys {
	struct side *side;
	const struct keys *keys;
	uint32_t i, end;	/* a run of equal hashes */
};

void
pair_join(struct side *target, unsigned t, struct side *source, unsigned s,
    unsigned flags)
{
	side_mates(target)[t] = s;
	side_mates(source)[s] = t;
	graph_node(&target->graph, t)->status |=
	    (uint8_t)(SIDE_PAIRED | flags);
	graph_node(&source->graph, s)->status |=
	    (uint8_t)(SIDE_PAIRED | flags);
}

static const struct rule *
rule_of(const struct side *s, uint32_t node)
{
	return rules_at(s->rules, graph_node(&s->graph, node)->flags);
}

static int
is_paired(const struct side *s, uint32_t node)
{
	return (graph_node(&s->graph, node)->status & SIDE_PAIRED) != 0;
}

/* whether a key is the identity of its record, not another of its words */
static int
is_own(const struct side *s, const struct key *k)
{
	return (uint32_t)k->hash == side_mates(s)[k->node];
}

/* whether records without id are told apart by something in them */
static int
by_key(const struct side *s, uint32_t node)
{
	return (graph_node(&s->graph, node)->status & SIDE_KEYED) == 0 &&
	    rule_of(s, node)->keyed;
}

/* which keys of a run may make a pair */
typedef int (*may_pair)(const struct side *, const struct key *);

static int
by_identity(const struct side *s, const struct key *k)
{
	return !is_paired(s, k->node) && is_own(s, k) &&
	    !by_key(s, k->node);
}

static int
by_word(const struct side *s, const struct key *k)
{
	return !is_paired(s, k->node) && (!is_own(s, k) ||
	    (graph_node(&s->graph, k->node)->status & SIDE_KEYED) == 0);
}

/* the next key of a run that may pair, or its end */
static uint32_t
next_of(struct walk_keys *w, may_pair may)
{
	while (w->i < w->end && !may(w->side, keys_at(w->keys, w->i)))
		w->i++;
	return w->i;
}

/* the run of one hash */
static void
run_of(struct walk_keys *w)
{
	uint64_t hash = keys_at(w->keys, w->i)->hash;

	for (w->end = w->i + 1; w->end < w->keys->n; w->end++) {
		if (keys_at(w->keys, w->end)->hash != hash)
			break;
	}
}

/* one of a list of words, to be found */
struct sought {
	uint64_t hash;
	struct slice kind;
	int found;
};

static int
seek(void *ctx, const char *word, size_t n)
{
	struct sought *s = ctx;

	s->found |= keys_hash(s->kind.p, s->kind.n, word, n) == s->hash;
	return 0;
}

/* whether a word is an alias of a record, not a name: 1, 0, or -1 */
static int
is_alias(struct side *s, const struct key *k)
{
	struct sought sought = { .hash = k->hash };
	struct record r;

	if (!rule_of(s, k->node)->names)
		return 1;
	if (side_line(s, k->node, &r) == -1)
		return -1;
	sought.kind = record_text(&r, RECORD_KIND);
	graph_items(r.field[RECORD_ALIAS], seek, &sought);
	return sought.found;
}

/* pair the k-th of a run with the k-th */
static int
join_run(struct walk_keys *t, struct walk_keys *s, may_pair may)
{
	unsigned flags;
	int a, b;

	while (next_of(t, may) < t->end && next_of(s, may) < s->end) {
		flags = 0;
		if (may == by_word) {
			a = is_alias(t->side, keys_at(t->keys, t->i));
			b = is_alias(s->side, keys_at(s->keys, s->i));
			if (a == -1 || b == -1)
				return -1;
			if (a == 0 || b == 0) {
				t->i += a == 0;
				s->i += b == 0;
				continue;
			}
			flags = (graph_node(&t->side->graph,
			    keys_at(t->keys, t->i)->node)->status &
			    SIDE_KEYED) != 0 ? SIDE_RENAMED : 0;
		}
		pair_join(t->side, keys_at(t->keys, t->i)->node, s->side,
		    keys_at(s->keys, s->i)->node, flags);
		t->i++;
		s->i++;
	}
	return 0;
}

/* walk both tables, which are sorted alike */
static int
join(struct side *target, const struct keys *tk, struct side *source,
    const struct keys *sk, may_pair may)
{
	struct walk_keys t = { .side = target, .keys = tk };
	struct walk_keys s = { .side = source, .keys = sk };
	uint64_t a, b;

	while (t.i < tk->n && s.i < sk->n) {
		a = keys_at(tk, t.i)->hash;
		b = keys_at(sk, s.i)->hash;
		if (a != b) {
			t.i += a < b;
			s.i += b < a;
			continue;
		}
		run_of(&t);
		run_of(&s);
		if (join_run(&t, &s, may) == -1)
			return -1;
		t.i = t.end;
		s.i = s.end;
	}
	return 0;
}

/* what finds the keys of the map */
struct keying {
	struct side *target, *source;
	struct spots *spots;
	struct tape tape;
	struct buf text;
	struct keys keys[2];	/* of the target, of the source */
};

/* the target's record of a reference's word on either side, or NOTHING */
static uint32_t
leads_to(const struct keying *k, int source, struct slice ref)
{
	const struct side *s = source ? k->source : k->target;
	uint32_t key = graph_find(&s->graph, ref.p, ref.n), node;

	if (key == NOTHING)
		return NOTHING;
	node = keys_at(&s->graph.keys, key)->node;
	return source ? side_mate(s, node) : node;
}

/*
 * Put the text of a record's key together: of words that refer to others,
 * who these are.  0: it cannot be the same as any of the other side.
 */
static int
spell_key(struct keying *k, int source, size_t found)
{
	const struct spot *spot, *ref;
	unsigned part = UINT_MAX;
	uint32_t to;
	size_t i, j;

	for (i = 0; i < found; i++) {
		spot = spots_at(k->spots, i);
		if (spot->what != SPOT_KEY)
			continue;
		for (j = 0; j < found; j++) {
			ref = spots_at(k->spots, j);
			if (ref->what == SPOT_REF && ref->token == spot->token)
				break;
		}
		if (spot->part != part)
			buf_printf(&k->text, "%u:", spot->part);
		part = spot->part;
		if (j == found) {
			if (k->tape.tokens[spot->token].type == TAPE_STRING)
				buf_add(&k->text, k->tape.text + spot->at + 1,
				    spot->n - 2);
			else
				buf_add(&k->text, k->tape.text + spot->at,
				    spot->n);
			continue;
		}
		if ((to = leads_to(k, source, spots_at(k->spots, j)->text)) ==
		    NOTHING)
			return 0;
		buf_add(&k->text, &to, sizeof(to));
	}
	return 1;
}

/* the key of one record into the table of its side */
static int
key_one(struct keying *k, int source, uint32_t node)
{
	struct side *s = source ? k->source : k->target;
	uint32_t up = graph_node(&s->graph, node)->parent;
	struct record_error e;
	struct record r;
	struct slice kind;

	if (up != NOTHING && source)
		up = side_mate(s, up);
	if (up == NOTHING)
		return 0;
	if (side_line(s, node, &r) == -1)
		return -1;
	if (tape_read(&k->tape, r.field[RECORD_VALUE].p,
	    r.field[RECORD_VALUE].n, &e) == -1)
		return 0;
	kind = record_text(&r, RECORD_KIND);
	k->text.len = 0;
	buf_add(&k->text, &up, sizeof(up));
	if (!spell_key(k, source, spots_find(k->spots, &r, &k->tape,
	    SPOT_KEY | SPOT_REF)))
		return 0;
	return keys_add(&k->keys[source], keys_hash(kind.p, kind.n,
	    k->text.ptr, k->text.len), node);
}

static int
key_side(struct keying *k, int source)
{
	struct side *s = source ? k->source : k->target;
	uint32_t i;

	for (i = 0; i < s->graph.n; i++) {
		if (rule_of(s, i)->keyed && !is_paired(s, i) &&
		    key_one(k, source, i) == -1)
			return -1;
	}
	return keys_sort(&k->keys[source]);
}

/* pairs by key, of what is not yet paired */
static int
by_keys(struct keying *k)
{
	struct keys *t = &k->keys[0], *s = &k->keys[1];
	uint32_t i = 0, j = 0;
	uint64_t a, b;

	if (key_side(k, 1) == -1 || (s->n > 0 && key_side(k, 0) == -1))
		return -1;
	while (i < t->n && j < s->n) {
		a = keys_at(t, i)->hash;
		b = keys_at(s, j)->hash;
		if (a == b)
			pair_join(k->target, keys_at(t, i)->node, k->source,
			    keys_at(s, j)->node, SIDE_TIE);
		i += a <= b;
		j += b <= a;
	}
	return 0;
}

int
pair_keys(struct side *target, struct side *source)
{
	struct room *room = target->mates.room;
	struct keying k = { .target = target, .source = source,
	    .keys = { { .list.room = room, .start.room = room },
	    { .list.room = room, .start.room = room } } };
	int rc;

	if (rules_map(target->rules) == NULL)
		return 0;
	k.spots = spots_open(rules_map(target->rules));
	rc = by_keys(&k);
	spots_close(k.spots);
	tape_free(&k.tape);
	buf_free(&k.text);
	keys_free(&k.keys[0]);
	keys_free(&k.keys[1]);
	return rc;
}

int
pair_first(struct side *target, struct side *source)
{
	if (join(target, &target->graph.keys, source, &source->graph.keys,
	    by_identity) == -1 ||
	    join(target, &target->places, source, &source->places,
	    by_identity) == -1 ||
	    join(target, &target->graph.keys, source, &source->graph.keys,
	    by_word) == -1)
		return -1;
	return 0;
}
