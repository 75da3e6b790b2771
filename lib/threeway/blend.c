/* SPDX-License-Identifier: ISC */
/*
 * Three versions of a component's value made one.
 *
 * A version of a place is a token, TAPE_NONE where the place is not there.
 */
#include "threeway/blend.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "diff/elements.h"
#include "diff/sequence.h"
#include "json/string.h"
#include "json/tape.h"
#include "stream/record.h"
#include "threeway/arrange.h"
#include "threeway/textlines.h"
#include "value/fingerprint.h"

/* what is deeper is not taken apart */
#define DEEPEST 1000

enum { B, O, T };

/* the three versions of a place */
struct three {
	uint32_t of[3];
};

static const char both_changed[] = "changed on both sides";
static const char both_added[] = "added on both sides";

void
blend_open(struct blend *bl, struct diag *d, const struct map *map,
    const struct changes_ask *ask)
{
	int i;

	*bl = (struct blend){0};
	for (i = 0; i < 3; i++)
		changes_open(&bl->pair[i], d, map, ask);
}

void
blend_close(struct blend *bl)
{
	int i;

	for (i = 0; i < 3; i++)
		changes_close(&bl->pair[i]);
	buf_free(&bl->place);
}

/* ---- two versions of a place */

/* those of two sides, the lower first */
static struct changes *
pair_of(struct blend *bl, int a, int b)
{
	return &bl->pair[a + b - 1];
}

static struct version *
version_of(struct blend *bl, int side)
{
	return side == B ? &bl->pair[0].old : side == O ? &bl->pair[2].old :
	    &bl->pair[2].new;
}

static const struct tape *
tape_of(struct blend *bl, int side)
{
	return &version_of(bl, side)->tape;
}

static struct slice
bytes_of(struct blend *bl, const struct three *x, int side)
{
	struct slice none = {0};

	return x->of[side] == TAPE_NONE ? none :
	    tape_bytes(tape_of(bl, side), x->of[side]);
}

static unsigned
type_of(struct blend *bl, const struct three *x, int side)
{
	return tape_of(bl, side)->tokens[x->of[side]].type;
}

static int
same_bytes(struct blend *bl, const struct three *x, int a, int b)
{
	struct slice p = bytes_of(bl, x, a), q = bytes_of(bl, x, b);

	return p.p == NULL || q.p == NULL ? p.p == q.p : slice_same(p, q);
}

/* whether a version says nothing, or does not count */
static int
is_silent(struct blend *bl, const struct three *x, int side)
{
	return x->of[side] == TAPE_NONE ||
	    changes_silent(version_of(bl, side), x->of[side]);
}

static int
alike(struct blend *bl, const struct three *x, int a, int b)
{
	if (x->of[a] == TAPE_NONE || x->of[b] == TAPE_NONE)
		return is_silent(bl, x, a) && is_silent(bl, x, b);
	return changes_alike(pair_of(bl, a, b), x->of[a], x->of[b]);
}

/* whose version is taken, or PICK_BOTH: each changed it */
static enum pick
pick_of(struct blend *bl, const struct three *x)
{
	if (same_bytes(bl, x, O, T))
		return PICK_OURS;
	if (bl->fresh)
		return alike(bl, x, O, T) ? PICK_OURS : PICK_BOTH;
	if (same_bytes(bl, x, B, O))
		return PICK_THEIRS;
	if (same_bytes(bl, x, B, T) || alike(bl, x, O, T))
		return PICK_OURS;
	if (alike(bl, x, B, O))
		return PICK_THEIRS;
	return alike(bl, x, B, T) ? PICK_OURS : PICK_BOTH;
}

/* ---- conflicts */

/* ask which version is taken: of an open one ours, else theirs */
static enum pick
ask(struct blend *bl, const struct three *x, const char *why,
    struct slice *value)
{
	const struct slice of[3] = { bytes_of(bl, x, B), bytes_of(bl, x, O),
	    bytes_of(bl, x, T) };
	int got = bl->ask(bl->ctx, (struct slice){ bl->place.ptr,
	    bl->place.len }, why, of, value);

	if (got == -1)
		bl->failed = -1;
	else if (got == PICK_OPEN && bl->failed == 0)
		bl->failed = 1;
	if (got > PICK_OPEN)
		return (enum pick)got;
	return of[O].p != NULL ? PICK_OURS : PICK_THEIRS;
}

/* append what was picked; whether there is anything */
static int
put_pick(struct blend *bl, const struct three *x, enum pick pick,
    struct slice value, struct buf *out)
{
	if (pick != PICK_VALUE)
		value = bytes_of(bl, x, pick == PICK_BASE ? B :
		    pick == PICK_OURS ? O : T);
	if (value.p != NULL)
		buf_add(out, value.p, value.n);
	return value.p != NULL;
}

static int
put_asked(struct blend *bl, const struct three *x, const char *why,
    struct buf *out)
{
	struct slice value = {0};
	enum pick pick = ask(bl, x, why, &value);

	return put_pick(bl, x, pick, value, out);
}

static int put(struct blend *, const struct three *, struct buf *);

/* ---- objects */

/* the members of an object by number, and those of another with like keys */
struct members {
	uint32_t *tokens, *numbers;
	uint32_t n;
};

static void
open_members(struct members *m, const struct tape *t, uint32_t object)
{
	uint32_t i, n = 0;

	for (i = tape_first(t, object); i != TAPE_NONE; i = tape_after(t, i))
		n++;
	m->tokens = xmalloc(((size_t)n + 1) * sizeof(*m->tokens));
	m->numbers = xmalloc(((size_t)n + 1) * sizeof(*m->numbers));
	for (m->n = 0, i = tape_first(t, object); i != TAPE_NONE;
	    i = tape_after(t, i))
		m->tokens[m->n++] = i;
}

static void
close_members(struct members *m)
{
	free(m->tokens);
	free(m->numbers);
}

/* the member of a side's object with the key of another's, or TAPE_NONE */
static uint32_t
find_like(struct blend *bl, int side, uint32_t object, const struct tape *t,
    uint32_t token)
{
	if (object == TAPE_NONE)
		return TAPE_NONE;
	return tape_find_member(&version_of(bl, side)->find, object,
	    tape_key(t, token));
}

/* whether no key stands twice */
static int
has_single_keys(struct blend *bl, int side, uint32_t object)
{
	const struct tape *t = tape_of(bl, side);
	uint32_t i;

	for (i = tape_first(t, object); i != TAPE_NONE; i = tape_after(t, i)) {
		if (find_like(bl, side, object, t, i) != i)
			return 0;
	}
	return 1;
}

/* the number of a version, none: 0; whether it is a small whole one */
static int
read_number(struct blend *bl, const struct three *x, int side, long long *n)
{
	struct slice s = bytes_of(bl, x, side);
	size_t i;

	*n = 0;
	for (i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9' || i == 15)
			return 0;
		*n = *n * 10 + s.p[i] - '0';
	}
	return 1;
}

/* a counter: what both sides added to it, or ours */
static int
put_counter(struct blend *bl, const struct three *x, struct buf *out)
{
	long long n[3];

	if (!bl->adds || !read_number(bl, x, B, &n[B]) ||
	    !read_number(bl, x, O, &n[O]) || !read_number(bl, x, T, &n[T]) ||
	    n[O] + n[T] < n[B])
		return put_pick(bl, x, PICK_OURS, (struct slice){0}, out);
	buf_printf(out, "%lld", n[O] + n[T] - n[B]);
	return 1;
}

/* one member, with the comma before it */
static void
put_member(struct blend *bl, const struct three *x, int side,
    struct buf *out)
{
	struct slice key = tape_key(tape_of(bl, side), x->of[side]);
	size_t place = bl->place.len, before = out->len;
	const char *count = bl->depth == 1 ? bl->counter : NULL;
	int there;

	buf_addc(&bl->place, '/');
	string_canon(&bl->place, key.p, key.n);
	if (out->ptr[out->len - 1] != '{')
		buf_addc(out, ',');
	buf_addc(out, '"');
	buf_add(out, key.p, key.n);
	buf_adds(out, "\":");
	if (count != NULL && slice_is(key, count) && x->of[O] != TAPE_NONE)
		there = put_counter(bl, x, out);
	else
		there = put(bl, x, out);
	if (!there)
		out->len = before;
	bl->place.len = place;
}

/* number theirs as ours with the same keys, the rest after those */
static void
number_members(struct blend *bl, const struct three *x, struct members *ours,
    struct members *theirs)
{
	const struct tape *o = tape_of(bl, O), *t = tape_of(bl, T);
	uint32_t i, like;

	for (i = 0; i < ours->n; i++)
		ours->numbers[i] = i;
	for (i = 0; i < theirs->n; i++) {
		like = find_like(bl, O, x->of[O], t, theirs->tokens[i]);
		theirs->numbers[i] = like == TAPE_NONE ? ours->n + i :
		    o->tokens[like].index;
	}
}

/* the versions of the member of this number; which side has it */
static int
find_member(struct blend *bl, const struct three *x,
    const struct members *ours, const struct members *theirs,
    uint32_t number, struct three *member)
{
	int side = number < ours->n ? O : T;
	const struct tape *t = tape_of(bl, side);
	uint32_t token = side == O ? ours->tokens[number] :
	    theirs->tokens[number - ours->n];

	member->of[B] = find_like(bl, B, x->of[B], t, token);
	member->of[O] = side == O ? token : TAPE_NONE;
	member->of[T] = find_like(bl, T, x->of[T], t, token);
	return side;
}

static void
put_object(struct blend *bl, const struct three *x, struct buf *out)
{
	const struct arrange_list none = {0};
	struct members ours, theirs;
	struct three member;
	struct buf order = {0};
	const uint32_t *number;
	size_t i;
	int side;

	open_members(&ours, tape_of(bl, O), x->of[O]);
	open_members(&theirs, tape_of(bl, T), x->of[T]);
	number_members(bl, x, &ours, &theirs);
	arrange(none, (struct arrange_list){ ours.numbers, ours.n },
	    (struct arrange_list){ theirs.numbers, theirs.n },
	    ours.n + theirs.n, &order);
	buf_addc(out, '{');
	for (i = 0; i < order.len / sizeof(*number); i++) {
		number = buf_item(&order, i, sizeof(*number));
		side = find_member(bl, x, &ours, &theirs, *number, &member);
		put_member(bl, &member, side, out);
	}
	buf_addc(out, '}');
	buf_free(&order);
	close_members(&ours);
	close_members(&theirs);
}

/* ---- arrays */

/* an element in its versions, by their numbers, and what is taken of it */
struct element {
	uint32_t number[3];
	enum pick pick;
	struct slice value;	/* of PICK_VALUE */
};

struct array {
	uint32_t *tokens[3], n[3];
	uint32_t *of[3];	/* which element it is, by number */
	struct buf elements;	/* of struct element */
	int set;		/* their order does not count */
	int based;		/* the base has the array */
};

static void
open_side(struct blend *bl, const struct three *x, int side, struct array *a)
{
	const struct tape *t = tape_of(bl, side);
	uint32_t i, n = 0;

	a->n[side] = 0;
	if (x->of[side] != TAPE_NONE) {
		for (i = tape_first(t, x->of[side]); i != TAPE_NONE;
		    i = tape_after(t, i))
			a->n[side]++;
	}
	a->tokens[side] = xmalloc(((size_t)a->n[side] + 1) *
	    sizeof(uint32_t));
	a->of[side] = xmalloc(((size_t)a->n[side] + 1) * sizeof(uint32_t));
	if (a->n[side] == 0)
		return;
	for (i = tape_first(t, x->of[side]); i != TAPE_NONE;
	    i = tape_after(t, i), n++) {
		a->tokens[side][n] = i;
		a->of[side][n] = SEQUENCE_NONE;
	}
}

static struct element *
element_at(const struct array *a, uint32_t i)
{
	return buf_item(&a->elements, i, sizeof(struct element));
}

static uint32_t
count_of(const struct array *a)
{
	return (uint32_t)(a->elements.len / sizeof(struct element));
}

/* a version of an element that there is, or of a new one (SEQUENCE_NONE) */
static void
add_version(struct array *a, uint32_t i, int side, uint32_t number)
{
	const struct element none = { .number = { SEQUENCE_NONE,
	    SEQUENCE_NONE, SEQUENCE_NONE } };

	if (i == SEQUENCE_NONE) {
		i = count_of(a);
		buf_add(&a->elements, &none, sizeof(none));
	}
	element_at(a, i)->number[side] = number;
	a->of[side][number] = i;
}

/* whether elements of two sides may be one */
static int
may_join(struct blend *bl, const struct array *a, int p, uint32_t i, int q,
    uint32_t j)
{
	struct changes *c = pair_of(bl, p, q);
	uint32_t x = a->tokens[p][i], y = a->tokens[q][j];

	/* both are new in an old array: only if they are the same */
	if ((p == O && a->based) || (a->set && tape_of(bl, p)->tokens[x].type >
	    TAPE_ARRAY))
		return changes_alike(c, x, y) || elements_same_id(c, x, y);
	return 1;
}

/* the elements of a side that are those of a lower one, or new */
static void
join_side(struct blend *bl, const struct three *x, struct array *a, int p,
    int q)
{
	uint32_t *low = xmalloc(((size_t)a->n[p] + 1) * sizeof(*low));
	uint32_t *high = xmalloc(((size_t)a->n[q] + 1) * sizeof(*high));
	uint32_t i, of;

	elements_pair(pair_of(bl, p, q), x->of[p], x->of[q], low, high);
	for (i = 0; i < a->n[q]; i++) {
		if (high[i] == SEQUENCE_NONE ||
		    a->of[q][i] != SEQUENCE_NONE ||
		    !may_join(bl, a, p, high[i], q, i))
			continue;
		of = a->of[p][high[i]];
		if (element_at(a, of)->number[q] == SEQUENCE_NONE)
			add_version(a, of, q, i);
	}
	free(low);
	free(high);
}

/* what is left of a side is new */
static void
add_rest(struct array *a, int side)
{
	uint32_t i;

	for (i = 0; i < a->n[side]; i++) {
		if (a->of[side][i] == SEQUENCE_NONE)
			add_version(a, SEQUENCE_NONE, side, i);
	}
}

static void
open_array(struct blend *bl, const struct three *x, struct array *a)
{
	int side;

	*a = (struct array){ .based = x->of[B] != TAPE_NONE,
	    .set = fingerprint_is_set(version_of(bl, O)->prints,
	    x->of[O]) };
	for (side = B; side <= T; side++)
		open_side(bl, x, side, a);
	add_rest(a, B);
	if (a->based) {
		join_side(bl, x, a, B, O);
		join_side(bl, x, a, B, T);
	}
	add_rest(a, O);
	join_side(bl, x, a, O, T);
	add_rest(a, T);
}

static void
close_array(struct array *a)
{
	int side;

	for (side = B; side <= T; side++) {
		free(a->tokens[side]);
		free(a->of[side]);
	}
	buf_free(&a->elements);
}

static struct three
three_of(const struct array *a, const struct element *e)
{
	struct three x;
	int side;

	for (side = B; side <= T; side++)
		x.of[side] = e->number[side] == SEQUENCE_NONE ? TAPE_NONE :
		    a->tokens[side][e->number[side]];
	return x;
}

/* step to an element, for people */
static void
push_element(struct blend *bl, const struct array *a,
    const struct element *e)
{
	int side = e->number[O] != SEQUENCE_NONE ? O : T;

	elements_step(pair_of(bl, O, T), version_of(bl, side),
	    a->tokens[side][e->number[side]], e->number[side], &bl->place);
}

/* what is taken of an element; of one that a side removed it may be asked */
static void
judge(struct blend *bl, const struct array *a, struct element *e)
{
	size_t place = bl->place.len;
	struct three x = three_of(a, e);

	if (x.of[O] == TAPE_NONE && x.of[T] == TAPE_NONE) {
		e->pick = PICK_OURS;
		return;
	}
	e->pick = pick_of(bl, &x);
	if (e->pick != PICK_BOTH || (x.of[O] != TAPE_NONE &&
	    x.of[T] != TAPE_NONE))
		return;
	if (bl->fresh) {	/* of a set */
		e->pick = x.of[O] != TAPE_NONE ? PICK_OURS : PICK_THEIRS;
		return;
	}
	push_element(bl, a, e);
	e->pick = ask(bl, &x, x.of[O] == TAPE_NONE ?
	    "removed by ours, changed by theirs" :
	    "removed by theirs, changed by ours", &e->value);
	bl->place.len = place;
}

/* whether an element is in the result */
static int
is_taken(const struct element *e)
{
	switch (e->pick) {
	case PICK_VALUE:
	case PICK_BOTH:
		return 1;
	default:
		return e->number[e->pick == PICK_BASE ? B : e->pick ==
		    PICK_OURS ? O : T] != SEQUENCE_NONE;
	}
}

/* the elements of a side that are in the result, in its order */
static uint32_t *
list_side(const struct array *a, int side, struct arrange_list *w)
{
	uint32_t *list = xmalloc(((size_t)a->n[side] + 1) * sizeof(*list));
	uint32_t i;

	w->list = list;
	w->n = 0;
	for (i = 0; i < a->n[side]; i++) {
		if (is_taken(element_at(a, a->of[side][i])))
			list[w->n++] = a->of[side][i];
	}
	return list;
}

/* their order; whether both sides changed it, and it counts */
static int
order_elements(const struct array *a, struct buf *order)
{
	struct arrange_list w[3];
	uint32_t *list[3];
	int side, clash;

	for (side = B; side <= T; side++)
		list[side] = list_side(a, side, &w[side]);
	clash = arrange(w[B], w[O], w[T], count_of(a), order);
	for (side = B; side <= T; side++)
		free(list[side]);
	return clash && !a->set;
}

static void
put_element(struct blend *bl, const struct array *a,
    const struct element *e, struct buf *out)
{
	size_t place = bl->place.len;
	struct three x = three_of(a, e);

	if (out->ptr[out->len - 1] != '[')
		buf_addc(out, ',');
	push_element(bl, a, e);
	if (e->pick == PICK_BOTH)
		put(bl, &x, out);
	else
		put_pick(bl, &x, e->pick, e->value, out);
	bl->place.len = place;
}

/* whether ours and theirs have the same elements, in one order */
static int
is_aligned(const struct array *a)
{
	return a->n[O] == a->n[T] && (a->n[O] == 0 || memcmp(a->of[O],
	    a->of[T], a->n[O] * sizeof(*a->of[O])) == 0);
}

static int
put_array(struct blend *bl, const struct three *x, struct buf *out)
{
	struct buf order = {0};
	struct array a;
	uint32_t i, n;
	int there = 1;

	open_array(bl, x, &a);
	n = count_of(&a);
	if (!a.based && !a.set && !is_aligned(&a)) {
		there = put_asked(bl, x, both_added, out);
		close_array(&a);
		return there;
	}
	for (i = 0; i < n; i++)
		judge(bl, &a, element_at(&a, i));
	if (order_elements(&a, &order)) {
		there = put_asked(bl, x, "put into another order on both "
		    "sides", out);
	} else {
		buf_addc(out, '[');
		for (i = 0; i < order.len / sizeof(i); i++)
			put_element(bl, &a, element_at(&a,
			    *(uint32_t *)buf_item(&order, i, sizeof(i))), out);
		buf_addc(out, ']');
	}
	buf_free(&order);
	close_array(&a);
	return there;
}

/* ---- any place */

/* a text of several lines, line by line; 0: it cannot be */
static int
put_text(struct blend *bl, const struct three *x, struct buf *out)
{
	struct slice of[3];
	size_t before = out->len;
	int side, lines = 0;

	for (side = B; side <= T; side++) {
		of[side] = tape_text(tape_of(bl, side), x->of[side]);
		lines |= memmem(of[side].p, of[side].n, "\\n", 2) != NULL;
	}
	if (!lines)
		return 0;
	buf_addc(out, '"');
	if (!textlines_merge(of[B], of[O], of[T], out)) {
		out->len = before;
		return 0;
	}
	buf_addc(out, '"');
	return 1;
}

/* whether all versions are of a type; the base's may be absent if it may */
static int
are_all(struct blend *bl, const struct three *x, unsigned type, int absent)
{
	int side;

	for (side = B; side <= T; side++) {
		if (x->of[side] == TAPE_NONE && side == B && absent)
			continue;
		if (x->of[side] == TAPE_NONE || type_of(bl, x, side) != type)
			return 0;
	}
	return 1;
}

/* objects of which no key stands twice */
static int
are_objects(struct blend *bl, const struct three *x)
{
	int side;

	if (!are_all(bl, x, TAPE_OBJECT, 1))
		return 0;
	for (side = B; side <= T; side++) {
		if (x->of[side] != TAPE_NONE &&
		    !has_single_keys(bl, side, x->of[side]))
			return 0;
	}
	return 1;
}

/* why somebody is asked about a place */
static const char *
why_of(const struct blend *bl, const struct three *x)
{
	if (x->of[O] != TAPE_NONE && x->of[T] != TAPE_NONE)
		return x->of[B] == TAPE_NONE ? both_added : both_changed;
	if (bl->fresh)
		return x->of[O] == TAPE_NONE ?
		    "new on both sides, this on theirs alone" :
		    "new on both sides, this on ours alone";
	return x->of[O] == TAPE_NONE ? "removed by ours, changed by theirs" :
	    "removed by theirs, changed by ours";
}

/* what each side changed; whether there is anything */
static int
put_both(struct blend *bl, const struct three *x, struct buf *out)
{
	const char *why = why_of(bl, x);
	int there = 1, fresh = bl->fresh;

	bl->depth++;
	bl->fresh = x->of[B] == TAPE_NONE;
	if (bl->depth < DEEPEST && are_objects(bl, x))
		put_object(bl, x, out);
	else if (bl->depth < DEEPEST && are_all(bl, x, TAPE_ARRAY, 1))
		there = put_array(bl, x, out);
	else if (!are_all(bl, x, TAPE_STRING, 0) || !put_text(bl, x, out))
		there = put_asked(bl, x, why, out);
	bl->fresh = fresh;
	bl->depth--;
	return there;
}

static int
put(struct blend *bl, const struct three *x, struct buf *out)
{
	enum pick pick = pick_of(bl, x);

	if (pick == PICK_BOTH)
		return put_both(bl, x, out);
	return put_pick(bl, x, pick, (struct slice){0}, out);
}

/* ---- the whole */

static const struct three whole = { { 0, 0, 0 } };

static struct three
roots(const struct blend *bl)
{
	struct three x = whole;

	if (!bl->based)
		x.of[B] = TAPE_NONE;
	return x;
}

/* read a pair of versions */
static int
read_pair(struct blend *bl, int a, int b, const struct record *r,
    const struct place *at)
{
	struct changes *c = pair_of(bl, a, b);
	const struct place places[2] = { at[a], at[b] };

	if (changes_read(c, &r[a], &r[b], places) == -1)
		return -1;
	elements_identify(&c->old, &r[a]);
	elements_identify(&c->new, &r[b]);
	return 0;
}

int
blend_compare(struct blend *bl, const struct record *r,
    const struct place *at)
{
	struct three x;

	bl->based = r[B].line.p != NULL;
	if (read_pair(bl, O, T, r, at) == -1 || (bl->based &&
	    (read_pair(bl, B, O, r, at) == -1 ||
	    read_pair(bl, B, T, r, at) == -1)))
		return -1;
	bl->fresh = !bl->based;
	x = roots(bl);
	return (int)pick_of(bl, &x);
}

int
blend_differ(struct blend *bl, unsigned side, const struct record *base,
    const struct record *other, const struct place *at)
{
	const struct place places[2] = { at[B], at[side] };

	return changes_read(&bl->pair[side - 1], base, other, places);
}

/* of a value that cannot be put together who is taken, appended if a value */
static int
ask_whole(struct blend *bl, const struct three *x, struct buf *out)
{
	struct slice value = {0};
	enum pick pick = ask(bl, x, why_of(bl, x), &value);

	if (pick == PICK_VALUE)
		buf_add(out, value.p, value.n);
	return (int)pick;
}

int
blend_put(struct blend *bl, struct buf *out)
{
	struct three x = roots(bl);
	int pick = PICK_BOTH;

	bl->place.len = 0;
	bl->depth = 0;
	bl->fresh = !bl->based;
	bl->failed = 0;
	if (are_objects(bl, &x) || are_all(bl, &x, TAPE_ARRAY, 1))
		pick = put_both(bl, &x, out) ? PICK_BOTH : PICK_BASE;
	else if (!are_all(bl, &x, TAPE_STRING, 0) || !put_text(bl, &x, out))
		pick = ask_whole(bl, &x, out);
	return bl->failed == -1 ? -1 : bl->failed == 1 ? PICK_OPEN : pick;
}
