/* SPDX-License-Identifier: ISC */
/*
 * Which records of two streams are the same component.
 *
 * Each way to pair walks two lists of hashed words, one of either side, that
 * are sorted alike (walk_words()); records that share a word, a run, are
 * matched among each other.  In this order: pair_outer() of what stands in no
 * component, by id, by place, by alias; pair_inner() of what stands inside a
 * pair, in the same ways; pair_keys() by the map's keys.
 */
#include "match/pair.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "json/tape.h"
#include "map/envelope.h"
#include "map/map.h"
#include "match/side.h"
#include "match/sorts.h"
#include "stream/record.h"
#include "value/fingerprint.h"
#include "value/locate.h"

/* a record that may pair with others of its word */
struct candidate {
	uint64_t key;		/* by which it is matched */
	uint64_t content;	/* a hash of what it says */
	uint64_t status;	/* ... of its status; 0: it has none */
	uint32_t node;
	uint32_t mate;		/* which one of the other side it gets */
};

/* what the key of a candidate is of */
enum { OF_CONTENT = 1, OF_STATUS = 2 };

/* one side's words, sorted, and the candidates of one of them */
struct words {
	struct side *side;
	const struct key *list;
	uint32_t n, i, end;	/* from i to end: a run of one word */
	struct buf candidates;	/* of struct candidate */
	struct keyindex ids, aliases;	/* of what stands inside a pair */
};

/* two records of which an alias says that they are the same */
struct meant {
	uint32_t s, t;
};

/* all that finds pairs */
struct pairing {
	struct words t, s;	/* of the target, of the source */
	struct buf mates;	/* of struct candidate: they are the nodes */
	struct buf meant;	/* of struct meant */
	struct fingerprints *canon;	/* NULL: none was compared yet */
	/* of the record that is compared */
	struct side *side;
	struct buf line;
	struct buf ids;		/* of char *: of those it refers to */
	int failed;		/* one of them could not be read */
	/* of the map's keys */
	struct locator *spots;	/* NULL: none was looked for yet */
	struct tape tape;
	struct buf key;
};

/* which words of a list may make a pair */
typedef int (*may_pair)(const struct side *, const struct key *);

/* one is paired: note the first such of each word that many have */
static void
note_paired(const struct side *s, uint32_t node)
{
	const struct graph *g = &s->graph;
	struct run *r;
	const uint32_t *k;
	uint32_t nth;

	if (g->runs.len == 0)
		return;
	for (k = graph_keys(g, node); k < graph_keys(g, node + 1); k++) {
		if ((r = graph_run(g, *k)) == NULL)
			continue;
		nth = *k - r->first + 1;
		if (r->mark[RUN_MATCH] == 0 || nth < r->mark[RUN_MATCH])
			r->mark[RUN_MATCH] = nth;
	}
}

void
pair_join(struct side *target, uint32_t t, struct side *source, uint32_t s,
    unsigned flags)
{
	side_mates(target)[t] = s;
	side_mates(source)[s] = t;
	side_node(target, t)->status |= (uint16_t)(SIDE_PAIRED | flags);
	side_node(source, s)->status |= (uint16_t)(SIDE_PAIRED | flags);
	note_paired(target, t);
	note_paired(source, s);
}

static int
is_paired(const struct side *s, uint32_t node)
{
	return (side_node(s, node)->status & SIDE_PAIRED) != 0;
}

static int
is_keyed(const struct side *s, uint32_t node)
{
	return (side_node(s, node)->status & SIDE_KEYED) != 0;
}

/* whether a word is the identity of its record, not another of its words */
static int
is_own(const struct side *s, const struct key *k)
{
	return (uint32_t)k->hash == side_mates(s)[k->node];
}

/* of what stands in no other component: by its id */
static int
by_id(const struct side *s, const struct key *k)
{
	return is_own(s, k) && !is_paired(s, k->node) &&
	    graph_outer(&s->graph, k->node) == NOTHING;
}

/* in a list of identities: all but those that pair_keys() tells apart */
static int
by_any(const struct side *s, const struct key *k)
{
	return !is_paired(s, k->node) && (is_keyed(s, k->node) ||
	    !side_sort(s, k->node)->keyed);
}

/* by an alias: in a list of words of what is inside one component */
static int
by_word(const struct side *s, const struct key *k)
{
	return !is_paired(s, k->node) &&
	    (!is_keyed(s, k->node) || !is_own(s, k));
}

/* the same among all of the stream's words */
static int
by_outer_word(const struct side *s, const struct key *k)
{
	return by_word(s, k) && graph_outer(&s->graph, k->node) == NOTHING;
}

/* ---- what a record says */

/*
 * Who is meant by a reference: its id, which is the same on both sides.  What
 * its own side has not is the other's: there it leads when they are merged.
 */
static int
identity_of(void *ctx, const char *ref, size_t n, struct slice *text)
{
	struct pairing *p = ctx;
	struct side *s = p->side;
	uint32_t key = graph_find(&s->graph, ref, n);
	struct record r;
	struct slice id;
	char *copy;

	if (key == NOTHING) {
		s = s == p->t.side ? p->s.side : p->t.side;
		key = graph_find(&s->graph, ref, n);
	}
	if (key == NOTHING)
		return 0;
	if (side_line(s, keyindex_at(&s->graph.keys, key)->node, &r) == -1) {
		p->failed = 1;
		return 0;
	}
	id = record_text(&r, RECORD_ID);
	if (id.p == NULL)
		id = record_text(&r, RECORD_NAME);
	if (id.p == NULL)
		return 0;
	copy = xstrndup(id.p, id.n);
	buf_add(&p->ids, &copy, sizeof(copy));
	*text = (struct slice){ copy, id.n };
	return 1;
}

static void
free_ids(struct pairing *p)
{
	size_t i;

	for (i = 0; i < p->ids.len / sizeof(char *); i++)
		free(((char **)(void *)p->ids.ptr)[i]);
	p->ids.len = 0;
}

/* the hashes of a candidate, equal for equal content and status; 0 or -1 */
static int
hash_candidate(struct pairing *p, struct side *s, struct candidate *c)
{
	struct place at = side_place(s, c->node);
	struct fingerprint_ask ask = { .identity = identity_of, .ctx = p,
	    .place = &at };
	struct hash_sum sum = {0};
	struct text_error e;
	struct slice status;
	struct record r;
	int rc = 0;

	if (side_line(s, c->node, &r) == -1)
		return -1;
	/* the lines of others are read on the way */
	p->line.len = 0;
	buf_add(&p->line, r.line.p, r.line.n);
	if (record_read(&r, p->line.ptr, p->line.len, &e) == -1)
		return -1;
	p->side = s;
	if (r.field[RECORD_ENCODING].p != NULL) {
		hash_add(&sum, r.field[RECORD_VALUE].p,
		    r.field[RECORD_VALUE].n);
	} else {
		if (p->canon == NULL)
			p->canon = fingerprint_open(s->diag, s->sorts->map);
		rc = fingerprint(p->canon, &r, &ask, &sum);
	}
	free_ids(p);
	status = record_text(&r, RECORD_STATUS);
	c->content = sum.low ^ sum.high;
	c->status = status.p == NULL ? 0 :
	    keyindex_hash("", 0, status.p, status.n);
	return p->failed ? -1 : rc;
}

/* ---- candidates of one word */

static size_t
ncandidates(const struct words *w)
{
	return w->candidates.len / sizeof(struct candidate);
}

static struct candidate *
candidate(const struct words *w, size_t i)
{
	return buf_item(&w->candidates, i, sizeof(struct candidate));
}

/* those of a run that may pair */
static void
collect(struct words *w, may_pair may)
{
	struct candidate c = { .mate = NOTHING, .node = NOTHING };
	uint32_t i;

	w->candidates.len = 0;
	for (i = w->i; i < w->end; i++) {
		if (w->list[i].node == c.node || !may(w->side, &w->list[i]))
			continue;
		c.node = w->list[i].node;
		buf_add(&w->candidates, &c, sizeof(c));
	}
}

static int
by_key(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	if (x->key != y->key)
		return x->key < y->key ? -1 : 1;
	return x->node < y->node ? -1 : x->node > y->node;
}

static int
by_node(const void *a, const void *b)
{
	const struct candidate *x = a, *y = b;

	return x->node < y->node ? -1 : x->node > y->node;
}

static void
sort_candidates(struct words *w, int (*compare)(const void *, const void *))
{
	if (ncandidates(w) > 1)
		qsort(w->candidates.ptr, ncandidates(w),
		    sizeof(struct candidate), compare);
}

/* the hashes of all candidates; 0 or -1 */
static int
hash_candidates(struct pairing *p, struct words *w)
{
	size_t i;

	for (i = 0; i < ncandidates(w); i++) {
		if (hash_candidate(p, w->side, candidate(w, i)) == -1)
			return -1;
	}
	return 0;
}

static void
set_keys(struct words *w, unsigned of)
{
	struct candidate *c;
	size_t i;

	for (i = 0; i < ncandidates(w); i++) {
		c = candidate(w, i);
		c->key = ((of & OF_CONTENT) != 0 ? c->content * 3 : 0) +
		    ((of & OF_STATUS) != 0 ? c->status : 0);
	}
}

/* of those that have no mate yet, match those equal in these, in order */
static void
match_equal(struct words *t, struct words *s, unsigned of)
{
	size_t i = 0, j = 0, n = ncandidates(t), m = ncandidates(s);

	set_keys(t, of);
	set_keys(s, of);
	sort_candidates(t, by_key);
	sort_candidates(s, by_key);
	while (i < n && j < m) {
		if (candidate(t, i)->mate != NOTHING) {
			i++;
		} else if (candidate(s, j)->mate != NOTHING) {
			j++;
		} else if (candidate(t, i)->key < candidate(s, j)->key) {
			i++;
		} else if (candidate(t, i)->key > candidate(s, j)->key) {
			j++;
		} else {
			candidate(t, i)->mate = candidate(s, j)->node;
			candidate(s, j++)->mate = candidate(t, i++)->node;
		}
	}
	sort_candidates(t, by_node);
	sort_candidates(s, by_node);
}

/* the k-th of those left with the k-th */
static void
match_in_order(struct words *t, struct words *s)
{
	size_t i, j = 0, m = ncandidates(s);

	for (i = 0; i < ncandidates(t); i++) {
		while (j < m && candidate(s, j)->mate != NOTHING)
			j++;
		if (j == m || candidate(t, i)->mate != NOTHING)
			continue;
		candidate(t, i)->mate = candidate(s, j)->node;
		candidate(s, j)->mate = candidate(t, i)->node;
	}
}

/*
 * Who goes with whom, of several components; the rest goes in order.  What
 * says the same comes first, whatever its status: a merge makes the two of a
 * pair say the same, and the next one of this source is to find them again.
 * 0, or -1 after a message.
 */
static int
match_candidates(struct pairing *p)
{
	struct words *t = &p->t, *s = &p->s;

	if (hash_candidates(p, t) == -1 || hash_candidates(p, s) == -1)
		return -1;
	match_equal(t, s, OF_CONTENT | OF_STATUS);
	match_equal(t, s, OF_CONTENT);
	match_equal(t, s, OF_STATUS);
	return 0;
}

/*
 * Of those of the source that say the same any may have any mate of theirs:
 * they get them in order.  So they do in the next merge, too, when those of
 * the target say it as well, and what stands inside each is found again.
 */
static void
order_mates(struct pairing *p)
{
	struct words *s = &p->s;
	struct candidate *c, mate;
	size_t i, n = 0;

	p->mates.len = 0;
	set_keys(s, OF_CONTENT | OF_STATUS);
	sort_candidates(s, by_key);
	for (i = 0; i < ncandidates(s); i++) {
		mate = *candidate(s, i);
		mate.node = mate.mate;
		if (mate.mate != NOTHING)
			buf_add(&p->mates, &mate, sizeof(mate));
	}
	if (p->mates.len > 0)
		qsort(p->mates.ptr, p->mates.len / sizeof(mate), sizeof(mate),
		    by_key);
	for (i = 0; i < ncandidates(s); i++) {
		c = candidate(s, i);
		if (c->mate != NOTHING)
			c->mate = ((struct candidate *)(void *)
			    p->mates.ptr)[n++].node;
	}
	sort_candidates(s, by_node);
}

/* what a record's id has of a renamed parent's is another now, too */
static unsigned
flags_inside(const struct side *s, uint32_t node)
{
	const struct map_kind *k = side_sort(s, node)->kind;
	uint32_t up;

	if (k == NULL || !k->scoped || !is_keyed(s, node) ||
	    (up = graph_outer(&s->graph, node)) == NOTHING)
		return 0;
	return side_node(s, up)->status & SIDE_RENAMED;
}

/* pair the records of one word: of one on either side there is no question */
static int
pair_run(struct pairing *p, may_pair may)
{
	struct words *t = &p->t, *s = &p->s;
	const struct candidate *c;
	size_t i;
	int several;

	collect(t, may);
	collect(s, may);
	if (ncandidates(t) == 0 || ncandidates(s) == 0)
		return 0;
	several = ncandidates(t) + ncandidates(s) > 2 && side_node(t->side,
	    candidate(t, 0)->node)->type == RECORD_COMPONENT;
	if (several && match_candidates(p) == -1)
		return -1;
	match_in_order(t, s);
	if (several)
		order_mates(p);
	for (i = 0; i < ncandidates(s); i++) {
		c = candidate(s, i);
		if (c->mate != NOTHING)
			pair_join(t->side, c->mate, s->side, c->node,
			    flags_inside(t->side, c->mate));
	}
	return 0;
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

	s->found |= keyindex_hash(s->kind.p, s->kind.n, word, n) == s->hash;
	return 0;
}

/* whether a word is an alias of a record, not a name: 1, 0, or -1 */
static int
is_alias(struct side *s, const struct key *k)
{
	struct sought sought = { .hash = k->hash };
	struct record r;

	if (!side_sort(s, k->node)->names)
		return 1;
	if (side_line(s, k->node, &r) == -1)
		return -1;
	sought.kind = record_text(&r, RECORD_KIND);
	graph_items(r.field[RECORD_ALIAS], seek, &sought);
	return sought.found;
}

/* the next word of a run that may pair, or its end */
static uint32_t
next_candidate(struct words *w, may_pair may)
{
	while (w->i < w->end && !may(w->side, &w->list[w->i]))
		w->i++;
	return w->i;
}

/* the k-th of a run goes with the k-th, of those whose alias the word is */
static int
note_aliases(struct pairing *p, may_pair may)
{
	struct words *t = &p->t, *s = &p->s;
	struct meant m;
	int a, b;

	while (next_candidate(t, may) < t->end &&
	    next_candidate(s, may) < s->end) {
		a = is_alias(t->side, &t->list[t->i]);
		b = is_alias(s->side, &s->list[s->i]);
		if (a == -1 || b == -1)
			return -1;
		m.t = t->list[t->i].node;
		m.s = s->list[s->i].node;
		if (a == 1 && b == 1)
			buf_add(&p->meant, &m, sizeof(m));
		t->i += a == 0 || b == 1;
		s->i += b == 0 || a == 1;
	}
	return 0;
}

/* the run of the word at hand */
static void
find_run(struct words *w)
{
	for (w->end = w->i + 1; w->end < w->n; w->end++) {
		if (w->list[w->end].hash != w->list[w->i].hash)
			break;
	}
}

/* one of a list is asked for soon: have memory fetch what is asked */
FETCH
fetch(const struct words *w, uint32_t i)
{
	uint32_t node;

	if (i >= w->n)
		return;
	node = w->list[i].node;
	__builtin_prefetch(side_node(w->side, node));
	__builtin_prefetch(side_mates(w->side) + node);
}

/* walk both lists, and pair what has a word in common */
static int
walk_words(struct pairing *p, int (*pair)(struct pairing *, may_pair),
    may_pair may)
{
	struct words *t = &p->t, *s = &p->s;
	uint64_t a, b;

	for (t->i = s->i = 0; t->i < t->n && s->i < s->n; ) {
		a = t->list[t->i].hash;
		b = s->list[s->i].hash;
		fetch(t, t->i + AHEAD);
		fetch(s, s->i + AHEAD);
		if (a != b) {
			t->i += a < b;
			s->i += b < a;
			continue;
		}
		find_run(t);
		find_run(s);
		if (pair(p, may) == -1)
			return -1;
		t->i = t->end;
		s->i = s->end;
	}
	return 0;
}

/* the record that a key means: of several the first that is paired, if any */
static uint32_t
meant_by(const struct side *s, uint32_t key)
{
	const struct keyindex *keys = &s->graph.keys;
	const struct run *r = graph_run(&s->graph, key);
	uint32_t k;

	if (r != NULL) {
		k = r->mark[RUN_MATCH];
		return keyindex_at(keys, k == 0 ? key : r->first + k -
		    1)->node;
	}
	for (k = key; k != NOTHING; k = keyindex_next(keys, k)) {
		if (is_paired(s, keyindex_at(keys, k)->node))
			return keyindex_at(keys, k)->node;
	}
	return keyindex_at(keys, key)->node;
}

/* what a record belongs to first, or NOTHING */
static uint32_t
owner_of(const struct side *s, uint32_t node)
{
	const struct edge *e = graph_owner(&s->graph, node, NULL);

	return e == NULL ? NOTHING : meant_by(s, e->key);
}

/* what belongs to another one is another one, whatever its alias */
static int
owners_agree(const struct pairing *p, const struct meant *m)
{
	uint32_t t = owner_of(p->t.side, m->t), s = owner_of(p->s.side, m->s);

	return t == NOTHING || s == NOTHING || side_mate(p->s.side, s) == t;
}

/* what has no id is another one where what it stands in is */
static int
places_agree(const struct pairing *p, const struct meant *m)
{
	const struct side *t = p->t.side, *s = p->s.side;
	uint32_t a = side_node(t, m->t)->parent;
	uint32_t b = side_node(s, m->s)->parent;

	if (is_keyed(t, m->t) || is_keyed(s, m->s) || a == NOTHING ||
	    b == NOTHING || (!is_paired(t, a) && !is_paired(s, b)))
		return 1;
	return side_mate(t, a) == b;
}

/* the hash of its id, which is the first of its words, or of its place */
static uint64_t
own_hash(const struct side *s, uint32_t node)
{
	return !is_keyed(s, node) ? side_mates(s)[node] :
	    keyindex_at(&s->graph.keys, *graph_keys(&s->graph, node))->hash;
}

/*
 * Whether another one has the id of this one and is paired: then the id goes
 * on with that one, and this one was not renamed.
 */
static int
is_double(const struct side *s, uint32_t node)
{
	uint64_t hash = own_hash(s, node);
	uint32_t other;

	if (!is_keyed(s, node))
		return 0;
	other = meant_by(s, keyindex_find(&s->graph.keys, hash));
	return is_paired(s, other) && is_keyed(s, other) &&
	    own_hash(s, other) == hash;
}

static int
by_source(const void *va, const void *vb)
{
	const struct meant *a = va, *b = vb;

	if (a->s != b->s)
		return a->s < b->s ? -1 : 1;
	return a->t < b->t ? -1 : a->t > b->t;
}

/*
 * Pair those meant, in the source's order, for words come in that of their
 * hashes, which differ from run to run.  How many were paired.
 */
static size_t
pair_meant(struct pairing *p)
{
	const struct meant *m = (const void *)p->meant.ptr;
	struct side *t = p->t.side, *s = p->s.side;
	size_t n = p->meant.len / sizeof(*m), i, done = 0;

	if (n > 1)
		qsort(p->meant.ptr, n, sizeof(*m), by_source);
	for (i = 0; i < n; i++, m++) {
		if (is_paired(t, m->t) || is_paired(s, m->s) ||
		    is_double(t, m->t) || is_double(s, m->s) ||
		    !owners_agree(p, m) || !places_agree(p, m))
			continue;
		pair_join(t, m->t, s, m->s, is_keyed(t, m->t) &&
		    is_keyed(s, m->s) ? SIDE_RENAMED : 0);
		done++;
	}
	p->meant.len = 0;
	return done;
}

/* by their aliases: again while another has taken a mate that one meant */
static int
pair_aliases(struct pairing *p, may_pair may)
{
	size_t n, done;

	do {
		if (walk_words(p, note_aliases, may) == -1)
			return -1;
		n = p->meant.len / sizeof(struct meant);
		done = pair_meant(p);
	} while (done > 0 && done < n);
	return 0;
}

static void
set_list(struct words *w, const struct keyindex *keys)
{
	w->list = keys->list.p;
	w->n = keys->n;
}

/* what stands in no component */
static int
pair_outer(struct pairing *p)
{
	const struct side *t = p->t.side, *s = p->s.side;

	set_list(&p->t, &t->graph.keys);
	set_list(&p->s, &s->graph.keys);
	if (walk_words(p, pair_run, by_id) == -1)
		return -1;
	set_list(&p->t, &t->places);
	set_list(&p->s, &s->places);
	if (walk_words(p, pair_run, by_any) == -1)
		return -1;
	set_list(&p->t, &t->graph.keys);
	set_list(&p->s, &s->graph.keys);
	return pair_aliases(p, by_outer_word);
}

/* ---- what stands inside a pair */

/*
 * The word by which a record pairs with those inside the mate of what it
 * stands in, whose own place has n bytes: its id, or its place in there.
 */
static int
word_inside(struct side *s, uint32_t node, size_t n, int renamed,
    uint64_t *hash)
{
	const struct map_kind *k = side_sort(s, node)->kind;
	struct slice kind, word;
	struct record r;

	*hash = own_hash(s, node);
	if (is_keyed(s, node) && (!renamed || k == NULL || !k->scoped))
		return 0;
	if (side_line(s, node, &r) == -1)
		return -1;
	kind = record_text(&r, RECORD_KIND);
	if (is_keyed(s, node)) {
		word = envelope_last(record_text(&r, RECORD_ID),
		    k->members[RECORD_ID].n - 1);
	} else {
		word = record_text(&r, RECORD_AT);
		word = n > word.n ? (struct slice){ "", 0 } :
		    (struct slice){ word.p + n, word.n - n };
	}
	if (r.kind == RECORD_OPEN)	/* [] is not {} */
		kind = (struct slice){ r.field[RECORD_VALUE].p, 1 };
	*hash = keyindex_hash(kind.p, kind.n, word.p, word.n);
	return 0;
}

/* list what stands inside a record, but not in a component in it */
static int
list_inside(struct words *w, uint32_t up, int renamed)
{
	struct side *s = w->side;
	int in_file = side_node(s, up)->type == RECORD_OF_FILE;
	uint32_t i, end = side_end(s, up);
	struct record r;
	uint64_t hash;
	size_t n;

	w->ids.n = 0;
	if (side_line(s, up, &r) == -1)
		return -1;
	n = record_text(&r, RECORD_AT).n;
	for (i = up + 1; i < end; ) {
		if (!is_paired(s, i) && !(in_file && is_keyed(s, i)) &&
		    (word_inside(s, i, n, renamed, &hash) == -1 ||
		    keyindex_add(&w->ids, hash, i) == -1))
			return -1;
		i = side_node(s, i)->type == RECORD_COMPONENT ?
		    side_end(s, i) : i + 1;
	}
	if (keyindex_sort(&w->ids) == -1)
		return -1;
	set_list(w, &w->ids);
	return 0;
}

/* list all words of those listed that have no mate */
static int
list_words(struct words *w)
{
	const struct graph *g = &w->side->graph;
	const uint32_t *k;
	uint32_t i, node;

	w->aliases.n = 0;
	for (i = 0; i < w->ids.n; i++) {
		node = keyindex_at(&w->ids, i)->node;
		if (is_paired(w->side, node))
			continue;
		for (k = graph_keys(g, node); k < graph_keys(g, node + 1);
		    k++) {
			if (keyindex_add(&w->aliases, keyindex_at(&g->keys,
			    *k)->hash, node) == -1)
				return -1;
		}
	}
	if (keyindex_sort(&w->aliases) == -1)
		return -1;
	set_list(w, &w->aliases);
	return 0;
}

/* what stands in the two records of a pair */
static int
pair_contents(struct pairing *p, uint32_t t, uint32_t s)
{
	const struct node *up = side_node(p->t.side, t);
	int renamed = (up->status & SIDE_RENAMED) != 0 ||
	    is_keyed(p->t.side, t) != is_keyed(p->s.side, s);

	if (list_inside(&p->t, t, renamed) == -1 ||
	    list_inside(&p->s, s, renamed) == -1 ||
	    walk_words(p, pair_run, by_any) == -1)
		return -1;
	if (up->type == RECORD_OF_FILE)
		return 0;
	return list_words(&p->t) == -1 || list_words(&p->s) == -1 ? -1 :
	    pair_aliases(p, by_word);
}

/* what stands in components, from the outermost inwards */
static int
pair_inner(struct pairing *p)
{
	const struct side *t = p->t.side;
	uint32_t i;

	for (i = 0; i + 1 < t->graph.n; i++) {
		if (side_node(t, i)->type == RECORD_COMPONENT &&
		    side_node(t, i + 1)->parent == i && is_paired(t, i) &&
		    pair_contents(p, i, side_mate(t, i)) == -1)
			return -1;
	}
	return 0;
}

/* ---- by the map's keys */

/* of records that share a word the first: which is meant is not known */
static uint32_t
first_namesake(const struct side *s, uint32_t node)
{
	const struct graph *g = &s->graph;
	const uint32_t *k;
	uint32_t first = node, other;

	for (k = graph_keys(g, node); k < graph_keys(g, node + 1); k++) {
		other = keyindex_find(&g->keys, keyindex_at(&g->keys,
		    *k)->hash);
		other = keyindex_at(&g->keys, other)->node;
		if (other < first)
			first = other;
	}
	return first;
}

/* the target's record of a reference's word on either side, or NOTHING */
static uint32_t
target_of(const struct pairing *p, const struct side *s, struct slice ref)
{
	uint32_t key = graph_find(&s->graph, ref.p, ref.n), node;

	if (key == NOTHING)
		return NOTHING;
	node = meant_by(s, key);
	if (s == p->s.side)
		node = side_mate(s, node);
	return node == NOTHING ? node : first_namesake(p->t.side, node);
}

/* the reference that stands where a part of a key does, or NULL */
static const struct spot *
ref_at(const struct pairing *p, size_t found, uint32_t token)
{
	const struct spot *ref;
	size_t i;

	for (i = 0; i < found; i++) {
		ref = locate_at(p->spots, i);
		if (ref->what == SPOT_REF && ref->token == token)
			return ref;
	}
	return NULL;
}

/*
 * Put the text of a record's key together: of words that refer to others,
 * who these are.  0: it cannot be the same as any of the other side.
 */
static int
spell_key(struct pairing *p, const struct side *s, size_t found)
{
	const struct spot *spot, *ref;
	unsigned part = UINT_MAX;
	uint32_t to;
	size_t i, quote;

	for (i = 0; i < found; i++) {
		spot = locate_at(p->spots, i);
		if (spot->what != SPOT_KEY)
			continue;
		if (spot->part != part)
			buf_add(&p->key, &spot->part, sizeof(part));
		part = spot->part;
		if ((ref = ref_at(p, found, spot->token)) == NULL) {
			quote = p->tape.tokens[spot->token].type ==
			    TAPE_STRING;
			buf_add(&p->key, p->tape.text + spot->at + quote,
			    spot->n - 2 * quote);
			continue;
		}
		if ((to = target_of(p, s, ref->text)) == NOTHING)
			return 0;
		buf_add(&p->key, &to, sizeof(to));
	}
	return 1;
}

/* the key of one record into the list of its side */
static int
add_key(struct pairing *p, struct words *w, uint32_t node)
{
	struct side *s = w->side;
	uint32_t up = side_node(s, node)->parent;
	struct text_error e;
	struct record r;
	struct slice kind;

	if (up != NOTHING && s == p->s.side)
		up = side_mate(s, up);
	if (up == NOTHING)
		return 0;
	if (side_line(s, node, &r) == -1)
		return -1;
	if (tape_read(&p->tape, r.field[RECORD_VALUE].p,
	    r.field[RECORD_VALUE].n, &e) == -1)
		return 0;
	kind = record_text(&r, RECORD_KIND);
	p->key.len = 0;
	buf_add(&p->key, &up, sizeof(up));
	if (!spell_key(p, s, locate_find(p->spots, &r, &p->tape,
	    SPOT_KEY | SPOT_REF)))
		return 0;
	return keyindex_add(&w->ids, keyindex_hash(kind.p, kind.n,
	    p->key.ptr, p->key.len), node);
}

/* list a side's records that the map tells apart by keys, and have no mate */
static int
list_keys(struct pairing *p, struct words *w)
{
	struct side *s = w->side;
	uint32_t i;

	w->ids.n = 0;
	for (i = 0; i < s->graph.n; i++) {
		if (side_sort(s, i)->keyed && !is_paired(s, i) &&
		    add_key(p, w, i) == -1)
			return -1;
	}
	if (keyindex_sort(&w->ids) == -1)
		return -1;
	set_list(w, &w->ids);
	return 0;
}

/* the k-th of a run with the k-th: no two of a side should have one key */
static int
pair_key_run(struct pairing *p, may_pair may)
{
	struct words *t = &p->t, *s = &p->s;

	(void)may;
	for (; t->i < t->end && s->i < s->end; t->i++, s->i++)
		pair_join(t->side, t->list[t->i].node, s->side,
		    s->list[s->i].node, SIDE_TIE);
	return 0;
}

/* by the keys of the map, when what is around is paired */
static int
pair_keys(struct pairing *p)
{
	const struct map *map = p->t.side->sorts->map;

	if (map == NULL)
		return 0;
	p->spots = locate_open(map);
	if (list_keys(p, &p->s) == -1 ||
	    (p->s.n > 0 && list_keys(p, &p->t) == -1))
		return -1;
	return p->s.n == 0 ? 0 : walk_words(p, pair_key_run, NULL);
}

/* ---- the whole */

static void
pairing_open(struct pairing *p, struct side *target, struct side *source)
{
	struct room *room = target->mates.room;
	const struct keyindex none = { .room = room };

	*p = (struct pairing){
	    .t = { .side = target, .ids = none, .aliases = none },
	    .s = { .side = source, .ids = none, .aliases = none } };
}

static void
words_free(struct words *w)
{
	buf_free(&w->candidates);
	keyindex_free(&w->ids);
	keyindex_free(&w->aliases);
}

static void
pairing_close(struct pairing *p)
{
	fingerprint_close(p->canon);
	words_free(&p->t);
	words_free(&p->s);
	locate_close(p->spots);
	tape_free(&p->tape);
	buf_free(&p->mates);
	buf_free(&p->meant);
	buf_free(&p->line);
	buf_free(&p->ids);
	buf_free(&p->key);
}

int
pair_inside(struct side *target, uint32_t t, struct side *source, uint32_t s)
{
	struct pairing p;
	int rc;

	pairing_open(&p, target, source);
	rc = pair_contents(&p, t, s);
	pairing_close(&p);
	return rc;
}

int
pair_all(struct side *target, struct side *source,
    int (*between)(void *, struct side *, struct side *), void *ctx)
{
	struct pairing p;
	int rc;

	pairing_open(&p, target, source);
	rc = pair_outer(&p);
	if (rc == 0 && between != NULL)
		rc = between(ctx, target, source);
	if (rc == 0)
		rc = pair_inner(&p);
	if (rc == 0)
		rc = pair_keys(&p);
	pairing_close(&p);
	return rc;
}
