/* SPDX-License-Identifier: ISC */
/*
 * Values of which parts come from another version of the same component.
 */
#include "value/combine.h"

#include <stdlib.h>
#include <string.h>

#include "base/hashset.h"
#include "json/pointer.h"
#include "map/map.h"
#include "stream/record.h"
#include "value/locate.h"

/* deeper values are not put together member by member */
#define DEEPEST 1000

void
combine_free(struct combiner *g)
{
	tape_free(&g->old);
	tape_free(&g->new);
	tape_find_free(&g->in_old);
	tape_find_free(&g->in_new);
	edit_free(&g->patch);
	buf_free(&g->keys[0]);
	buf_free(&g->keys[1]);
	buf_free(&g->pointer);
}

static int
read_both(struct combiner *g, struct slice old, struct slice new)
{
	struct text_error e;

	tape_find_reset(&g->in_old);
	tape_find_reset(&g->in_new);
	g->in_old.tape = &g->old;
	g->in_new.tape = &g->new;
	return tape_read(&g->old, old.p, old.n, &e) == -1 ||
	    tape_read(&g->new, new.p, new.n, &e) == -1 ? -1 : 0;
}

static enum tape_type
type_of(const struct tape *t, uint32_t i)
{
	return (enum tape_type)t->tokens[i].type;
}

/* what distinguishes an element of an array from others */
static struct slice
element(const struct tape *t, uint32_t i, const char *key)
{
	uint32_t m = TAPE_NONE;

	if (key != NULL && type_of(t, i) == TAPE_OBJECT)
		m = tape_member(t, i, key);
	return tape_bytes(t, m != TAPE_NONE ? m : i);
}

static void
add_element(struct buf *out, struct slice s, int *n)
{
	if ((*n)++ > 0)
		buf_addc(out, ',');
	buf_add(out, s.p, s.n);
}

/* the elements of old, then those that only new has */
static void
unite_arrays(struct combiner *g, uint32_t a, uint32_t b, const char *key,
    struct buf *out)
{
	struct hashset seen = {0};
	struct slice s;
	uint32_t i;
	int n = 0;

	buf_addc(out, '[');
	for (i = tape_first(&g->old, a); i != TAPE_NONE;
	    i = tape_after(&g->old, i)) {
		add_element(out, tape_bytes(&g->old, i), &n);
		s = element(&g->old, i, key);
		hashset_add(&seen, 0, s.p, s.n);
	}
	for (i = tape_first(&g->new, b); i != TAPE_NONE;
	    i = tape_after(&g->new, i)) {
		s = element(&g->new, i, key);
		if (hashset_add(&seen, 0, s.p, s.n))
			add_element(out, tape_bytes(&g->new, i), &n);
	}
	buf_addc(out, ']');
	hashset_free(&seen);
}

/* write the key of a member, and the comma before it */
static void
add_key(struct buf *out, struct slice key, int *n)
{
	if ((*n)++ > 0)
		buf_addc(out, ',');
	buf_addc(out, '"');
	buf_add(out, key.p, key.n);
	buf_adds(out, "\":");
}

/* both, of the same place; recursion is as deep as the values may be */
static void
unite(struct combiner *g, uint32_t a, uint32_t b, const char *key, int depth,
    struct buf *out)
{
	struct slice s;
	uint32_t i, j;
	int n = 0;

	if (type_of(&g->old, a) == TAPE_ARRAY &&
	    type_of(&g->new, b) == TAPE_ARRAY) {
		unite_arrays(g, a, b, key, out);
		return;
	}
	if (type_of(&g->old, a) != TAPE_OBJECT || depth > DEEPEST ||
	    type_of(&g->new, b) != TAPE_OBJECT) {
		s = tape_bytes(&g->old, a);
		if (g->newer || (s.n == 5 && memcmp(s.p, "false", 5) == 0))
			s = tape_bytes(&g->new, b);
		buf_add(out, s.p, s.n);
		return;
	}
	buf_addc(out, '{');
	for (i = tape_first(&g->old, a); i != TAPE_NONE;
	    i = tape_after(&g->old, i)) {
		add_key(out, tape_key(&g->old, i), &n);
		j = tape_find_member(&g->in_new, b, tape_key(&g->old, i));
		s = tape_bytes(&g->old, i);
		if (j != TAPE_NONE)
			unite(g, i, j, key, depth + 1, out);
		else
			buf_add(out, s.p, s.n);
	}
	for (i = tape_first(&g->new, b); i != TAPE_NONE;
	    i = tape_after(&g->new, i)) {
		if (tape_find_member(&g->in_old, a, tape_key(&g->new, i)) !=
		    TAPE_NONE)
			continue;
		add_key(out, tape_key(&g->new, i), &n);
		s = tape_bytes(&g->new, i);
		buf_add(out, s.p, s.n);
	}
	buf_addc(out, '}');
}

int
combine_unite(struct combiner *g, struct slice old, struct slice new,
    const char *key, int newer, struct buf *out)
{
	if (read_both(g, old, new) == -1)
		return -1;
	g->newer = newer;
	unite(g, 0, 0, key, 0, out);
	return 0;
}

/* the token at the same place in the other value, or TAPE_NONE */
static uint32_t
counterpart(const struct tape *from, uint32_t i, struct tapefind *to)
{
	struct slice key;
	uint32_t up;

	if (i == 0)
		return 0;
	up = counterpart(from, from->tokens[i].parent, to);
	key = tape_key(from, i);
	return key.p != NULL ? tape_find_member(to, up, key) :
	    tape_find_element(to, up, from->tokens[i].index);
}

/* whether an element of an array stands around it */
static int
in_array(const struct tape *t, uint32_t i)
{
	for (; i != 0; i = t->tokens[i].parent) {
		if (tape_key(t, i).p == NULL)
			return 1;
	}
	return 0;
}

/* make the edits; 1, or 0 without any */
static int
apply(struct combiner *g, struct slice new, struct buf *out)
{
	if (edit_none(&g->patch))
		return 0;
	edit_apply(&g->patch, new.p, new.n, out);
	return 1;
}

int
combine_local(struct combiner *g, const struct record *old,
    const struct record *new, struct buf *out)
{
	struct slice a = old->field[RECORD_VALUE];
	struct slice b = new->field[RECORD_VALUE], s;
	const struct spot *spot;
	uint32_t i;
	size_t n, k;

	if (read_both(g, a, b) == -1)
		return -1;
	edit_reset(&g->patch);
	n = locate_find(g->spots, new, &g->new, SPOT_LOCAL);
	for (k = 0; k < n; k++) {
		spot = locate_at(g->spots, k);
		if (spot->token == TAPE_NONE || spot->token == 0)
			continue;
		i = counterpart(&g->new, spot->token, &g->in_old);
		if (i != TAPE_NONE) {
			s = tape_bytes(&g->old, i);
			if (!slice_same(s, tape_bytes(&g->new, spot->token)))
				edit_replace(&g->patch, spot->at, spot->n,
				    s.p, s.n);
		} else if (!in_array(&g->new, spot->token)) {
			edit_drop(&g->patch, &g->new, spot->token);
		}
	}
	/* and what only the target has */
	n = locate_find(g->spots, old, &g->old, SPOT_LOCAL);
	for (k = 0; k < n; k++) {
		spot = locate_at(g->spots, k);
		if (spot->token == TAPE_NONE || spot->token == 0 ||
		    in_array(&g->old, spot->token) ||
		    g->old.tokens[spot->token].parent != 0 ||
		    counterpart(&g->old, spot->token, &g->in_new) != TAPE_NONE)
			continue;
		s = tape_key(&g->old, spot->token);
		g->pointer.len = 0;
		buf_add(&g->pointer, s.p, s.n);
		s = tape_bytes(&g->old, spot->token);
		edit_member(&g->patch, &g->new, 0, buf_str(&g->pointer), s.p,
		    s.n);
	}
	return apply(g, b, out);
}

/* the members of a "secret" row count only if another has a value */
static int
is_secret(const struct tape *t, const struct map_row *r, size_t *nkeys)
{
	uint32_t i;
	size_t k;

	for (k = 0; k < r->nargs && strcmp(r->args[k], "if") != 0; k++)
		continue;
	*nkeys = k;
	if (k + 2 >= r->nargs)
		return 1;
	i = tape_member(t, 0, r->args[k + 1]);
	return i != TAPE_NONE && (type_of(t, i) == TAPE_STRING ?
	    map_among(r->args + k + 2, r->nargs - k - 2, tape_text(t, i).p,
	    tape_text(t, i).n) :
	    map_among(r->args + k + 2, r->nargs - k - 2, tape_bytes(t, i).p,
	    tape_bytes(t, i).n));
}

int
combine_secret(struct combiner *g, const struct map_kind *kind,
    struct slice old, struct slice new, struct buf *out)
{
	const struct map_row *r = NULL;
	struct slice s;
	uint32_t i, j;
	size_t k, n;

	if (read_both(g, old, new) == -1)
		return -1;
	edit_reset(&g->patch);
	while ((r = map_kind_next_row(kind, "secret", r)) != NULL) {
		if (!is_secret(&g->new, r, &n))
			continue;
		for (k = 0; k < n; k++) {
			i = tape_member(&g->old, 0, r->args[k]);
			j = tape_member(&g->new, 0, r->args[k]);
			if (i == TAPE_NONE || tape_empty(&g->old, i) ||
			    (j != TAPE_NONE && !tape_empty(&g->new, j)))
				continue;
			s = tape_bytes(&g->old, i);
			if (j != TAPE_NONE)
				edit_replace(&g->patch,
				    g->new.tokens[j].start,
				    tape_bytes(&g->new, j).n, s.p, s.n);
			else
				edit_member(&g->patch, &g->new, 0,
				    r->args[k], s.p, s.n);
		}
	}
	return apply(g, new, out);
}

/* what a record says at the places of its "key" */
static int
spell(struct combiner *g, struct tape *t, const struct record *r, struct buf *b)
{
	const struct spot *spot;
	struct text_error e;
	size_t n, k;

	b->len = 0;
	if (tape_read(t, r->field[RECORD_VALUE].p, r->field[RECORD_VALUE].n,
	    &e) == -1)
		return -1;
	n = locate_find(g->spots, r, t, SPOT_KEY);
	for (k = 0; k < n; k++) {
		spot = locate_at(g->spots, k);
		if (spot->token == TAPE_NONE)
			continue;
		buf_printf(b, "%u ", spot->part);
		buf_add(b, t->text + spot->at, spot->n);
	}
	return 0;
}

int
combine_tie(struct combiner *g, const struct record *old,
    const struct record *new)
{
	if (spell(g, &g->old, old, &g->keys[0]) == -1 ||
	    spell(g, &g->new, new, &g->keys[1]) == -1)
		return -1;
	return g->keys[0].len == g->keys[1].len && (g->keys[0].len == 0 ||
	    memcmp(g->keys[0].ptr, g->keys[1].ptr, g->keys[0].len) == 0);
}

/* a container that a value lacks: where it goes in the value and the model */
struct opening {
	uint32_t object;
	uint32_t in_model;	/* that object there, or TAPE_NONE */
	uint32_t place;		/* it in the model; TAPE_NONE: behind all */
	size_t key, nkey;	/* in the graft's pointers */
	struct slice rest;	/* of the pointer, behind that key */
	uint32_t instead;	/* what says nothing there, or TAPE_NONE */
	size_t order;
	const char *container;
};

/*
 * Where a pointer leads: to an object that has not one of its steps, or says
 * nothing there.  0: the container is there, or something else is.
 */
static int
find_opening(struct combiner *g, struct slice pointer, struct opening *o)
{
	const char *p = pointer.p, *step = p, *end = p + pointer.n;
	struct slice key = {0};
	uint32_t next = 0;

	o->object = o->in_model = 0;
	for (; p < end; p = step) {
		step = pointer_step(++p, end);
		o->key = g->pointer.len;
		pointer_key(&g->pointer, p, (size_t)(step - p));
		o->nkey = g->pointer.len - o->key;
		key = (struct slice){ buf_str(&g->pointer) + o->key,
		    o->nkey };
		next = tape_find_member(&g->in_new, o->object, key);
		if (next == TAPE_NONE || step == end ||
		    type_of(&g->new, next) != TAPE_OBJECT)
			break;
		o->object = next;
		o->in_model = tape_find_member(&g->in_old, o->in_model, key);
	}
	o->instead = next;
	o->rest = (struct slice){ step, (size_t)(end - step) };
	if (type_of(&g->new, o->object) != TAPE_OBJECT || (next != TAPE_NONE &&
	    (!tape_empty(&g->new, next) || (step == end &&
	    g->new.text[g->new.tokens[next].start] == *o->container))))
		return 0;
	o->place = tape_find_member(&g->in_old, o->in_model, key);
	return 1;
}

/* append the container, in objects for the rest of its pointer */
static void
put_container(struct buf *text, const struct opening *o)
{
	const char *p = o->rest.p, *end = p + o->rest.n, *step;
	size_t depth;

	for (depth = 0; p < end; p = step, depth++) {
		step = pointer_step(++p, end);
		buf_adds(text, "{\"");
		pointer_key(text, p, (size_t)(step - p));
		buf_adds(text, "\":");
	}
	buf_adds(text, o->container);
	buf_fill(text, '}', depth);
}

/* by object, then as the model has them; others as they came */
static int
by_place(const void *va, const void *vb)
{
	const struct opening *a = va, *b = vb;

	if (a->object != b->object)
		return a->object < b->object ? -1 : 1;
	if (a->place != b->place)
		return a->place < b->place ? -1 : 1;
	return a->order < b->order ? -1 : a->order > b->order;
}

/* put the container in the place of what says nothing */
static void
replace_empty(struct combiner *g, const struct opening *o)
{
	struct slice old = tape_bytes(&g->new, o->instead);
	struct buf text = {0};

	put_container(&text, o);
	edit_replace(&g->patch, g->new.tokens[o->instead].start, old.n,
	    text.ptr, text.len);
	buf_free(&text);
}

/* put a member behind another, or (TAPE_NONE) before all the object has */
static void
insert_member(struct combiner *g, const struct opening *o, uint32_t before,
    int follows)
{
	const char *key = g->pointer.ptr + o->key;
	struct buf text = {0};
	int any = tape_first(&g->new, o->object) != TAPE_NONE;
	size_t at;

	if (before != TAPE_NONE || (follows && !any))
		buf_addc(&text, ',');
	buf_printf(&text, "\"%.*s\":", (int)o->nkey, key);
	put_container(&text, o);
	if (before == TAPE_NONE && any)
		buf_addc(&text, ',');
	at = before == TAPE_NONE ? g->new.tokens[o->object].start + 1 :
	    g->new.tokens[before].end;
	edit_replace(&g->patch, at, 0, text.ptr, text.len);
	buf_free(&text);
}

/*
 * The openings, sorted, of one object from o on: each behind the last member
 * that stands before it in the model.  Returns where those of the next begin.
 */
static const struct opening *
insert_all(struct combiner *g, const struct opening *o,
    const struct opening *end)
{
	const struct opening *first = o;
	struct hashset done = {0};
	uint32_t i = TAPE_NONE, j, before = TAPE_NONE;
	int follows = 0;

	if (o->in_model != TAPE_NONE &&
	    type_of(&g->old, o->in_model) == TAPE_OBJECT)
		i = tape_first(&g->old, o->in_model);
	for (; o < end && o->object == first->object; o++) {
		for (; i != TAPE_NONE && i != o->place;
		    i = tape_after(&g->old, i)) {
			j = tape_find_member(&g->in_new, o->object,
			    tape_key(&g->old, i));
			if (j != TAPE_NONE)
				before = j;
		}
		if (!hashset_add(&done, 0, g->pointer.ptr + o->key, o->nkey))
			continue;
		if (o->instead != TAPE_NONE) {
			replace_empty(g, o);
			continue;
		}
		insert_member(g, o, before, follows);
		follows = 1;
	}
	hashset_free(&done);
	return o;
}

int
combine_open(struct combiner *g, struct slice value, struct slice model,
    const struct combine_hole *holes, size_t n, struct buf *out)
{
	const struct opening *o, *end;
	struct opening one;
	struct buf list = {0};
	size_t i;

	if (read_both(g, model, value) == -1)
		return -1;
	edit_reset(&g->patch);
	g->pointer.len = 0;
	for (i = 0; i < n; i++) {
		one = (struct opening){ .order = i,
		    .container = holes[i].container };
		if (find_opening(g, holes[i].pointer, &one) &&
		    (one.instead == TAPE_NONE || !holes[i].yields))
			buf_add(&list, &one, sizeof(one));
	}
	if (list.len > sizeof(one))
		qsort(list.ptr, list.len / sizeof(one), sizeof(one), by_place);
	o = buf_at(&list, 0);
	for (end = o + list.len / sizeof(one); o < end; )
		o = insert_all(g, o, end);
	buf_free(&list);
	return apply(g, value, out);
}
