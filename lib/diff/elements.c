/* SPDX-License-Identifier: ISC */
/*
 * Two versions of an array.
 */
#include "diff/elements.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/hash.h"
#include "diff/changes_priv.h"
#include "diff/sequence.h"
#include "json/string.h"
#include "map/map.h"
#include "stream/record.h"
#include "value/fingerprint.h"
#include "value/locate.h"

/* so many pairs of a gap are looked at for likeness, and members of each */
#define FEW_PAIRS 1024
#define FEW_MEMBERS 32

/* an element with an identity in the map */
struct element_id {
	uint32_t token;
	size_t order;
	struct slice id;	/* as in a JSON string */
	size_t ref, nref;	/* in refs: what it needs; n 0: nothing */
};

/* one version of the array; lists are by the element's number */
struct array {
	struct version *v;
	uint32_t n;
	uint32_t *tokens, *mate;
	uint64_t *hashes;	/* of what they say */
};

struct arrays {
	struct changes *c;
	struct array old, new;
	uint8_t *keep;		/* by old number: it is in order */
	int ignored, set;
};

/* ---- identities */

static int
by_token(const void *va, const void *vb)
{
	const struct element_id *a = va, *b = vb;

	if (a->token != b->token)
		return a->token < b->token ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

/* that of a token, or NULL */
static struct element_id *
id_of(const struct version *v, uint32_t token)
{
	struct element_id *list = (void *)v->ids.ptr;
	size_t low = 0, high = v->ids.len / sizeof(*list), mid, n = high;

	while (low < high) {
		mid = low + (high - low) / 2;
		if (list[mid].token < token)
			low = mid + 1;
		else
			high = mid;
	}
	return low < n && list[low].token == token ? &list[low] : NULL;
}

/* what elements need: the first that a member of each refers to */
static void
note_needs(struct version *v, const struct record *r)
{
	const struct spot *p;
	struct element_id *e;
	size_t i, n;

	n = locate_find(v->spots, r, &v->tape, SPOT_REF);
	for (i = 0; i < n; i++) {
		p = locate_at(v->spots, i);
		if (p->token == TAPE_NONE || p->token == 0 ||
		    p->ref->list != RECORD_NEEDS)
			continue;
		e = id_of(v, v->tape.tokens[p->token].parent);
		if (e == NULL || e->nref > 0)
			continue;
		e->ref = v->refs.len;
		e->nref = p->text.n;
		buf_add(&v->refs, p->text.p, p->text.n);
	}
}

void
elements_identify(struct version *v, const struct record *r)
{
	struct element_id e = {0};
	const struct spot *p;
	uint32_t id;
	size_t i, n;

	v->ids.len = v->refs.len = 0;
	n = locate_find(v->spots, r, &v->tape, SPOT_INNER);
	for (i = 0; i < n; i++) {
		p = locate_at(v->spots, i);
		if (p->token == 0 || p->token == TAPE_NONE ||
		    v->tape.tokens[p->token].type != TAPE_OBJECT)
			continue;
		id = tape_member(&v->tape, p->token, p->row->args[1]);
		if (id == TAPE_NONE || tape_text(&v->tape, id).n == 0)
			continue;
		e.token = p->token;
		e.order = i;
		e.id = tape_text(&v->tape, id);
		buf_add(&v->ids, &e, sizeof(e));
	}
	n = v->ids.len / sizeof(e);
	if (n > 1)
		qsort(v->ids.ptr, n, sizeof(e), by_token);
	if (n > 0)
		note_needs(v, r);
}

/* ---- pairs */

static uint64_t
hash_of(const struct version *v, uint32_t token)
{
	const struct hash_sum *sum = fingerprint_token(v->prints, token);
	struct slice raw = tape_bytes(&v->tape, token);

	return sum != NULL ? sum->low : ~hash_bytes(raw.p, raw.n);
}

static void
open_array(struct array *a, struct version *v, uint32_t array)
{
	uint32_t n = 1, i;

	for (i = tape_first(&v->tape, array); i != TAPE_NONE;
	    i = tape_after(&v->tape, i))
		n++;
	*a = (struct array){ .v = v };
	a->tokens = xmalloc(n * sizeof(*a->tokens));
	a->mate = xmalloc(n * sizeof(*a->mate));
	a->hashes = xmalloc(n * sizeof(*a->hashes));
	for (i = tape_first(&v->tape, array); i != TAPE_NONE;
	    i = tape_after(&v->tape, i)) {
		a->tokens[a->n] = i;
		a->mate[a->n] = SEQUENCE_NONE;
		a->hashes[a->n++] = hash_of(v, i);
	}
}

static void
close_array(struct array *a)
{
	free(a->tokens);
	free(a->mate);
	free(a->hashes);
}

static void
join(struct arrays *p, uint32_t i, uint32_t j)
{
	p->old.mate[i] = j;
	p->new.mate[j] = i;
}

/* by what they say: a hash, and whether two are the same */
static int
hash_said(const struct array *a, uint32_t i, uint64_t *hash)
{
	*hash = a->hashes[i];
	return 1;
}

static int
same_said(const struct arrays *p, uint32_t i, uint32_t j)
{
	return p->old.hashes[i] == p->new.hashes[j];
}

/* by their identities */
static int
hash_id(const struct array *a, uint32_t i, uint64_t *hash)
{
	const struct element_id *e = id_of(a->v, a->tokens[i]);

	if (e != NULL)
		*hash = hash_bytes(e->id.p, e->id.n);
	return e != NULL;
}

static int
same_id(const struct arrays *p, uint32_t i, uint32_t j)
{
	const struct element_id *a = id_of(p->old.v, p->old.tokens[i]);
	const struct element_id *b = id_of(p->new.v, p->new.tokens[j]);

	return slice_same(a->id, b->id);
}

/* an element of the old array or of the new one that has no mate */
struct single {
	uint64_t hash;
	uint32_t is_new, at;
};

static int
by_hash(const void *va, const void *vb)
{
	const struct single *a = va, *b = vb;

	if (a->hash != b->hash)
		return a->hash < b->hash ? -1 : 1;
	if (a->is_new != b->is_new)
		return a->is_new < b->is_new ? -1 : 1;
	return a->at < b->at ? -1 : a->at > b->at;
}

/* those of an array that have a hash; how many */
static size_t
list_single(const struct array *a, uint32_t is_new, struct single *list,
    int (*hash)(const struct array *, uint32_t, uint64_t *))
{
	uint64_t h = 0;
	uint32_t i;
	size_t n = 0;

	for (i = 0; i < a->n; i++) {
		if (a->mate[i] == SEQUENCE_NONE && hash(a, i, &h))
			list[n++] = (struct single){ h, is_new, i };
	}
	return n;
}

/*
 * Pair what has no mate, wherever it is, the k-th of one hash with the k-th.
 * They are sorted: of thousands of equal ones none is looked for.
 */
static void
pair_anywhere(struct arrays *p,
    int (*hash)(const struct array *, uint32_t, uint64_t *),
    int (*same)(const struct arrays *, uint32_t, uint32_t))
{
	struct single *list = xmalloc(((size_t)p->old.n + p->new.n + 1) *
	    sizeof(*list));
	size_t n = list_single(&p->old, 0, list, hash), i, k, new;

	n += list_single(&p->new, 1, list + n, hash);
	qsort(list, n, sizeof(*list), by_hash);
	for (i = 0; i < n; i = new) {
		for (k = i; k < n && list[k].hash == list[i].hash &&
		    !list[k].is_new; k++)
			continue;
		for (new = k; new < n && list[new].hash == list[i].hash;
		    new++) {
			if (i < k && same(p, list[i].at, list[new].at))
				join(p, list[i++].at, list[new].at);
		}
	}
	free(list);
}

/* ---- likeness */

/* how many bytes two texts have in common at their ends, in eighths */
static uint32_t
like_texts(struct slice a, struct slice b)
{
	size_t least = a.n < b.n ? a.n : b.n, most = a.n + b.n - least;
	size_t n = 0, k = 0;

	while (n < least && a.p[n] == b.p[n])
		n++;
	while (k < least - n && a.p[a.n - 1 - k] == b.p[b.n - 1 - k])
		k++;
	return most == 0 ? 8 : (uint32_t)((n + k) * 8 / most);
}

/* members that two objects have in common, by key and by what they say */
static uint32_t
like_objects(const struct arrays *p, uint32_t a, uint32_t b)
{
	const struct tape *old = &p->old.v->tape, *new = &p->new.v->tape;
	uint32_t keys = 0, same = 0, n = 0, i, j;

	for (i = tape_first(old, a); i != TAPE_NONE && n < FEW_MEMBERS;
	    i = tape_after(old, i), n++) {
		j = tape_find_member(&p->new.v->find, b, tape_key(old, i));
		if (j == TAPE_NONE)
			continue;
		keys++;
		same += changes_alike(p->c, i, j) != 0;
	}
	if (same == 0 && (keys < n || new->tokens[b].next - b == 1))
		return 0;
	return same * 4 + keys;
}

/* how much alike two elements are; 0: they are no versions of one */
static uint32_t
likeness(const struct arrays *p, uint32_t i, uint32_t j)
{
	uint32_t a = p->old.tokens[i], b = p->new.tokens[j];
	const struct tape *old = &p->old.v->tape, *new = &p->new.v->tape;
	unsigned type = old->tokens[a].type;

	if (type > TAPE_ARRAY && new->tokens[b].type > TAPE_ARRAY)
		return 1 + like_texts(tape_bytes(old, a), tape_bytes(new, b));
	if (type != new->tokens[b].type)
		return 0;
	if (type == TAPE_ARRAY)
		return 1;
	if (id_of(p->old.v, a) != NULL && id_of(p->new.v, b) != NULL)
		return 0;	/* others than those paired by them */
	return like_objects(p, a, b);
}

/* elements without a mate, of a gap between pairs that are in order */
struct gap {
	uint32_t *old, *new;
	uint32_t n, m;
};

/* of many pairs: the k-th with the k-th */
static void
pair_in_turn(struct arrays *p, const struct gap *g)
{
	uint32_t k;

	for (k = 0; k < g->n && k < g->m; k++) {
		if (likeness(p, g->old[k], g->new[k]) > 0)
			join(p, g->old[k], g->new[k]);
	}
}

/* of few: in order, so that the sum of their likeness is the greatest */
static void
pair_alike(struct arrays *p, const struct gap *g)
{
	uint32_t w = g->m + 1, i, j, like;
	uint32_t *sum = xcalloc((size_t)(g->n + 1) * w, sizeof(*sum));
	uint32_t *of = xcalloc((size_t)(g->n + 1) * w, sizeof(*of)), *at;

	for (i = g->n; i-- > 0; ) {
		for (j = g->m; j-- > 0; ) {
			at = &sum[(size_t)i * w + j];
			like = likeness(p, g->old[i], g->new[j]);
			of[(size_t)i * w + j] = like;
			*at = at[w] > at[1] ? at[w] : at[1];
			if (like > 0 && at[w + 1] + like > *at)
				*at = at[w + 1] + like;
		}
	}
	for (i = j = 0; i < g->n && j < g->m; ) {
		at = &sum[(size_t)i * w + j];
		like = of[(size_t)i * w + j];
		if (like > 0 && *at == at[w + 1] + like)
			join(p, g->old[i++], g->new[j++]);
		else if (*at == at[w])
			i++;
		else
			j++;
	}
	free(sum);
	free(of);
}

/* pair what has no mate in a part of both, from and to */
static void
pair_gap(struct arrays *p, struct gap *g, uint32_t i, uint32_t iend,
    uint32_t j, uint32_t jend)
{
	g->n = g->m = 0;
	for (; i < iend; i++) {
		if (p->old.mate[i] == SEQUENCE_NONE)
			g->old[g->n++] = i;
	}
	for (; j < jend; j++) {
		if (p->new.mate[j] == SEQUENCE_NONE)
			g->new[g->m++] = j;
	}
	if (g->n == 0 || g->m == 0)
		return;
	if ((uint64_t)g->n * g->m <= FEW_PAIRS)
		pair_alike(p, g);
	else
		pair_in_turn(p, g);
}

/* by likeness between the pairs that are in order, which keep has */
static void
pair_gaps(struct arrays *p)
{
	struct gap g;
	uint32_t i, from = 0, j = 0;

	g.old = xmalloc((p->old.n + 1) * sizeof(*g.old));
	g.new = xmalloc((p->new.n + 1) * sizeof(*g.new));
	for (i = 0; i < p->old.n; i++) {
		if (!p->keep[i])
			continue;
		pair_gap(p, &g, from, i, j, p->old.mate[i]);
		from = i + 1;
		j = p->old.mate[i] + 1;
	}
	pair_gap(p, &g, from, p->old.n, j, p->new.n);
	free(g.old);
	free(g.new);
}

/* who is whom */
static void
pair(struct arrays *p)
{
	uint32_t i;

	sequence_match(p->old.hashes, p->old.n, p->new.hashes, p->new.n,
	    p->old.mate);
	for (i = 0; i < p->old.n; i++) {
		if (p->old.mate[i] != SEQUENCE_NONE)
			join(p, i, p->old.mate[i]);
	}
	pair_anywhere(p, hash_id, same_id);
	pair_anywhere(p, hash_said, same_said);
	sequence_rising(p->old.mate, p->old.n, p->keep);
	pair_gaps(p);
	sequence_rising(p->old.mate, p->old.n, p->keep);
}

/* ---- changes */

void
elements_step(struct changes *c, struct version *v, uint32_t token,
    uint32_t number, struct buf *place)
{
	const struct element_id *e = id_of(v, token);

	if (e == NULL) {
		buf_printf(place, "/%" PRIu32, number);
		return;
	}
	buf_adds(place, "/\"");
	if (e->nref == 0 || !c->ask.name(c->ask.ctx, v->newer,
	    v->refs.ptr + e->ref, e->nref, place))
		string_canon(place, e->id.p, e->id.n);
	buf_addc(place, '"');
}

/* step to an element: its number for machines, and who it is for people */
static void
push_element(struct changes *c, struct version *v, uint32_t token,
    uint32_t number, uint32_t shown)
{
	buf_printf(&c->pointer, "/%" PRIu32, number);
	elements_step(c, v, token, shown, &c->place);
}

/* a change of an element as a whole */
static void
note(struct arrays *p, enum change_op op, uint32_t i, uint32_t j,
    uint32_t number, struct slice from)
{
	struct changes *c = p->c;
	size_t pointer = c->pointer.len, place = c->place.len;
	struct array *a = op == CHANGE_REMOVE ? &p->old : &p->new;
	uint32_t own = op == CHANGE_REMOVE ? i : j;
	int ignored = p->ignored || changes_silent(a->v, a->tokens[own]) ||
	    (op == CHANGE_MOVE && p->set);

	push_element(c, a->v, a->tokens[own], number, own);
	changes_note(c, op, ignored, op == CHANGE_REMOVE ? a->tokens[own] :
	    TAPE_NONE, op == CHANGE_ADD ? a->tokens[own] : TAPE_NONE, from);
	c->pointer.len = pointer;
	c->place.len = place;
}

/* what is inside those that stay, by their old numbers */
static void
compare_inside(struct arrays *p)
{
	struct changes *c = p->c;
	size_t pointer = c->pointer.len, place = c->place.len;
	uint32_t i, j;

	for (i = 0; i < p->old.n; i++) {
		j = p->old.mate[i];
		if (j == SEQUENCE_NONE || slice_same(tape_bytes(
		    &p->old.v->tape, p->old.tokens[i]), tape_bytes(
		    &p->new.v->tape, p->new.tokens[j])))
			continue;
		push_element(c, p->new.v, p->new.tokens[j], i, j);
		changes_compare(c, p->old.tokens[i], p->new.tokens[j],
		    p->ignored);
		c->pointer.len = pointer;
		c->place.len = place;
	}
}

/*
 * The array while it changes: a slot for each element where it is, and where
 * it is to be.  A sum over the slots before one is its number (a Fenwick
 * tree).
 */
struct slots {
	uint32_t *sums, n;
	uint32_t *was, *is;	/* by old and new number */
};

static void
set_slot(struct slots *s, uint32_t slot, uint32_t by)
{
	for (slot++; slot <= s->n; slot += slot & -slot)
		s->sums[slot] += by;
}

static uint32_t
number_of(const struct slots *s, uint32_t slot)
{
	uint32_t n = 0;

	for (; slot > 0; slot -= slot & -slot)
		n += s->sums[slot];
	return n;
}

/* lay the slots out: before each that stays, those that go, then come */
static void
open_slots(struct slots *s, const struct arrays *p)
{
	uint32_t i = 0, j, slot = 0, stay;

	s->n = p->old.n + p->new.n;
	s->sums = xcalloc((size_t)s->n + 1, sizeof(*s->sums));
	s->was = xmalloc((p->old.n + 1) * sizeof(*s->was));
	s->is = xmalloc((p->new.n + 1) * sizeof(*s->is));
	for (j = 0; j <= p->new.n; ) {
		for (; i < p->old.n && !p->keep[i]; i++) {
			if (p->old.mate[i] == SEQUENCE_NONE)
				continue;
			set_slot(s, slot, 1);
			s->was[i] = slot++;
		}
		stay = i < p->old.n ? p->old.mate[i] : p->new.n;
		while (j < stay)
			s->is[j++] = slot++;
		if (i == p->old.n)
			break;
		set_slot(s, slot, 1);
		s->was[i++] = s->is[j++] = slot++;
	}
}

static void
close_slots(struct slots *s)
{
	free(s->sums);
	free(s->was);
	free(s->is);
}

/* those that come, and move, from the first to the last */
static void
note_new_order(struct arrays *p)
{
	struct changes *c = p->c;
	struct slots s;
	struct buf from = {0};
	uint32_t i, j;

	open_slots(&s, p);
	for (j = 0; j < p->new.n; j++) {
		i = p->new.mate[j];
		if (i != SEQUENCE_NONE && p->keep[i])
			continue;
		from.len = 0;
		if (i != SEQUENCE_NONE) {
			buf_add(&from, c->pointer.ptr, c->pointer.len);
			buf_printf(&from, "/%" PRIu32,
			    number_of(&s, s.was[i]));
			set_slot(&s, s.was[i], UINT32_MAX);
		}
		note(p, i == SEQUENCE_NONE ? CHANGE_ADD : CHANGE_MOVE, i, j,
		    number_of(&s, s.is[j]), (struct slice){ from.ptr,
		    from.len });
		set_slot(&s, s.is[j], 1);
	}
	buf_free(&from);
	close_slots(&s);
}

/* both arrays, paired */
static void
open_arrays(struct arrays *p, struct changes *c, uint32_t old, uint32_t new)
{
	p->c = c;
	open_array(&p->old, &c->old, old);
	open_array(&p->new, &c->new, new);
	p->keep = xcalloc((size_t)p->old.n + 1, 1);
	pair(p);
}

static void
close_arrays(struct arrays *p)
{
	free(p->keep);
	close_array(&p->old);
	close_array(&p->new);
}

void
elements_pair(struct changes *c, uint32_t old, uint32_t new,
    uint32_t *old_mates, uint32_t *new_mates)
{
	struct arrays p = {0};

	open_arrays(&p, c, old, new);
	memcpy(old_mates, p.old.mate, p.old.n * sizeof(*old_mates));
	memcpy(new_mates, p.new.mate, p.new.n * sizeof(*new_mates));
	close_arrays(&p);
}

int
elements_same_id(const struct changes *c, uint32_t old, uint32_t new)
{
	const struct element_id *a = id_of(&c->old, old);
	const struct element_id *b = id_of(&c->new, new);

	return a != NULL && b != NULL && slice_same(a->id, b->id);
}

void
elements_compare(struct changes *c, uint32_t old, uint32_t new, int ignored)
{
	struct arrays p = { .ignored = ignored,
	    .set = fingerprint_is_set(c->new.prints, new) };
	uint32_t i;

	open_arrays(&p, c, old, new);
	compare_inside(&p);
	for (i = p.old.n; i-- > 0; ) {
		if (p.old.mate[i] == SEQUENCE_NONE)
			note(&p, CHANGE_REMOVE, i, SEQUENCE_NONE, i,
			    (struct slice){0});
	}
	note_new_order(&p);
	close_arrays(&p);
}
