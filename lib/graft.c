/* SPDX-License-Identifier: ISC */
/*
 * Values of which parts come from another version of the same component.
 */
#include "graft.h"

#include <string.h>

#include "map.h"
#include "pointer.h"
#include "refset.h"
#include "spots.h"

/* deeper values are not put together member by member */
#define DEEPEST 1000

void
graft_free(struct graft *g)
{
	tape_free(&g->old);
	tape_free(&g->new);
	patch_free(&g->patch);
	buf_free(&g->keys[0]);
	buf_free(&g->keys[1]);
	buf_free(&g->pointer);
}

static int
read_both(struct graft *g, struct slice old, struct slice new)
{
	struct record_error e;

	return tape_read(&g->old, old.p, old.n, &e) == -1 ||
	    tape_read(&g->new, new.p, new.n, &e) == -1 ? -1 : 0;
}

static enum tape_type
type_of(const struct tape *t, uint32_t i)
{
	return (enum tape_type)t->tokens[i].type;
}

/* the member of an object with this key, as it is spelled; or TAPE_NONE */
static uint32_t
member(const struct tape *t, uint32_t object, struct slice key)
{
	uint32_t i;

	if (object == TAPE_NONE || type_of(t, object) != TAPE_OBJECT)
		return TAPE_NONE;
	for (i = tape_first(t, object); i != TAPE_NONE; i = tape_after(t, i)) {
		if (slice_same(tape_key(t, i), key))
			return i;
	}
	return TAPE_NONE;
}

/* what tells an element of an array from others */
static struct slice
element(const struct tape *t, uint32_t i, const char *key)
{
	uint32_t m = TAPE_NONE;

	if (key != NULL && type_of(t, i) == TAPE_OBJECT)
		m = tape_member(t, i, key);
	return tape_bytes(t, m != TAPE_NONE ? m : i);
}

static void
add(struct buf *out, struct slice s, int *n)
{
	if ((*n)++ > 0)
		buf_addc(out, ',');
	buf_add(out, s.p, s.n);
}

/* the elements of old, then those that only new has */
static void
unite_arrays(struct graft *g, uint32_t a, uint32_t b, const char *key,
    struct buf *out)
{
	struct refset seen = {0};
	struct slice s;
	uint32_t i;
	int n = 0;

	buf_addc(out, '[');
	for (i = tape_first(&g->old, a); i != TAPE_NONE;
	    i = tape_after(&g->old, i)) {
		add(out, tape_bytes(&g->old, i), &n);
		s = element(&g->old, i, key);
		refset_add(&seen, 0, s.p, s.n);
	}
	for (i = tape_first(&g->new, b); i != TAPE_NONE;
	    i = tape_after(&g->new, i)) {
		s = element(&g->new, i, key);
		if (refset_add(&seen, 0, s.p, s.n))
			add(out, tape_bytes(&g->new, i), &n);
	}
	buf_addc(out, ']');
	refset_free(&seen);
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
unite(struct graft *g, uint32_t a, uint32_t b, const char *key, int depth,
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
		j = member(&g->new, b, tape_key(&g->old, i));
		s = tape_bytes(&g->old, i);
		if (j != TAPE_NONE)
			unite(g, i, j, key, depth + 1, out);
		else
			buf_add(out, s.p, s.n);
	}
	for (i = tape_first(&g->new, b); i != TAPE_NONE;
	    i = tape_after(&g->new, i)) {
		if (member(&g->old, a, tape_key(&g->new, i)) != TAPE_NONE)
			continue;
		add_key(out, tape_key(&g->new, i), &n);
		s = tape_bytes(&g->new, i);
		buf_add(out, s.p, s.n);
	}
	buf_addc(out, '}');
}

int
graft_unite(struct graft *g, struct slice old, struct slice new,
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
counterpart(const struct tape *from, uint32_t i, const struct tape *to)
{
	uint32_t up = from->tokens[i].parent, j, k, n;
	struct slice key;

	if (i == 0)
		return 0;
	if ((up = counterpart(from, up, to)) == TAPE_NONE)
		return TAPE_NONE;
	key = tape_key(from, i);
	if (key.p != NULL)
		return member(to, up, key);
	if (type_of(to, up) != TAPE_ARRAY)
		return TAPE_NONE;
	for (n = 0, j = tape_first(from, from->tokens[i].parent); j != i;
	    j = tape_after(from, j))
		n++;
	for (k = tape_first(to, up); k != TAPE_NONE && n > 0; n--)
		k = tape_after(to, k);
	return k;
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
apply(struct graft *g, struct slice new, struct buf *out)
{
	if (patch_none(&g->patch))
		return 0;
	patch_apply(&g->patch, new.p, new.n, out);
	return 1;
}

int
graft_local(struct graft *g, const struct record *old,
    const struct record *new, struct buf *out)
{
	struct slice a = old->field[RECORD_VALUE];
	struct slice b = new->field[RECORD_VALUE], s;
	const struct spot *spot;
	uint32_t i;
	size_t n, k;

	if (read_both(g, a, b) == -1)
		return -1;
	patch_reset(&g->patch);
	n = spots_find(g->spots, new, &g->new, SPOT_LOCAL);
	for (k = 0; k < n; k++) {
		spot = spots_at(g->spots, k);
		if (spot->token == TAPE_NONE || spot->token == 0)
			continue;
		i = counterpart(&g->new, spot->token, &g->old);
		if (i != TAPE_NONE) {
			s = tape_bytes(&g->old, i);
			if (!slice_same(s, tape_bytes(&g->new, spot->token)))
				patch_replace(&g->patch, spot->at, spot->n,
				    s.p, s.n);
		} else if (!in_array(&g->new, spot->token)) {
			patch_drop(&g->patch, &g->new, spot->token);
		}
	}
	/* and what only the target has */
	n = spots_find(g->spots, old, &g->old, SPOT_LOCAL);
	for (k = 0; k < n; k++) {
		spot = spots_at(g->spots, k);
		if (spot->token == TAPE_NONE || spot->token == 0 ||
		    in_array(&g->old, spot->token) ||
		    g->old.tokens[spot->token].parent != 0 ||
		    counterpart(&g->old, spot->token, &g->new) != TAPE_NONE)
			continue;
		s = tape_key(&g->old, spot->token);
		g->pointer.len = 0;
		buf_add(&g->pointer, s.p, s.n);
		s = tape_bytes(&g->old, spot->token);
		patch_member(&g->patch, &g->new, 0, buf_str(&g->pointer), s.p,
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
graft_secret(struct graft *g, const struct map_kind *kind, struct slice old,
    struct slice new, struct buf *out)
{
	const struct map_row *r;
	struct slice s;
	uint32_t i, j;
	size_t k, n;

	if (read_both(g, old, new) == -1)
		return -1;
	patch_reset(&g->patch);
	for (r = kind->rows; r < kind->rows + kind->nrows; r++) {
		if (strcmp(r->word, "secret") != 0 ||
		    !is_secret(&g->new, r, &n))
			continue;
		for (k = 0; k < n; k++) {
			i = tape_member(&g->old, 0, r->args[k]);
			j = tape_member(&g->new, 0, r->args[k]);
			if (i == TAPE_NONE || tape_empty(&g->old, i) ||
			    (j != TAPE_NONE && !tape_empty(&g->new, j)))
				continue;
			s = tape_bytes(&g->old, i);
			if (j != TAPE_NONE)
				patch_replace(&g->patch,
				    g->new.tokens[j].start,
				    tape_bytes(&g->new, j).n, s.p, s.n);
			else
				patch_member(&g->patch, &g->new, 0,
				    r->args[k], s.p, s.n);
		}
	}
	return apply(g, new, out);
}

/* what a record says at the places of its "key" */
static int
spell(struct graft *g, struct tape *t, const struct record *r, struct buf *b)
{
	const struct spot *spot;
	struct record_error e;
	size_t n, k;

	b->len = 0;
	if (tape_read(t, r->field[RECORD_VALUE].p, r->field[RECORD_VALUE].n,
	    &e) == -1)
		return -1;
	n = spots_find(g->spots, r, t, SPOT_KEY);
	for (k = 0; k < n; k++) {
		spot = spots_at(g->spots, k);
		if (spot->token == TAPE_NONE)
			continue;
		buf_printf(b, "%u ", spot->part);
		buf_add(b, t->text + spot->at, spot->n);
	}
	return 0;
}

int
graft_tie(struct graft *g, const struct record *old, const struct record *new)
{
	if (spell(g, &g->old, old, &g->keys[0]) == -1 ||
	    spell(g, &g->new, new, &g->keys[1]) == -1)
		return -1;
	return g->keys[0].len == g->keys[1].len && (g->keys[0].len == 0 ||
	    memcmp(g->keys[0].ptr, g->keys[1].ptr, g->keys[0].len) == 0);
}

/* put a member behind those that stand before it in the model's object */
static void
insert(struct graft *g, uint32_t object, uint32_t in_model, struct slice key,
    const char *container)
{
	struct buf text = {0};
	uint32_t i, j, before = TAPE_NONE, at;

	for (i = in_model == TAPE_NONE ? TAPE_NONE : tape_first(&g->old,
	    in_model); i != TAPE_NONE && !slice_same(tape_key(&g->old, i), key);
	    i = tape_after(&g->old, i)) {
		j = member(&g->new, object, tape_key(&g->old, i));
		if (j != TAPE_NONE)
			before = j;
	}
	if (before == TAPE_NONE) {
		at = g->new.tokens[object].start + 1;
		buf_printf(&text, "\"%.*s\":%s%s", (int)key.n, key.p,
		    container, tape_first(&g->new, object) == TAPE_NONE ? "" :
		    ",");
	} else {
		at = g->new.tokens[before].end;
		buf_printf(&text, ",\"%.*s\":%s", (int)key.n, key.p,
		    container);
	}
	patch_replace(&g->patch, at, 0, text.ptr, text.len);
	buf_free(&text);
}

int
graft_open(struct graft *g, struct slice value, struct slice model,
    struct slice pointer, const char *container, struct buf *out)
{
	const char *p = pointer.p, *step = p, *end = p + pointer.n;
	uint32_t object = 0, next, in_model = 0;
	struct slice key = {0};

	if (read_both(g, model, value) == -1)
		return -1;
	patch_reset(&g->patch);
	for (; p < end; p = step) {
		for (step = ++p; step < end && *step != '/'; step++)
			continue;
		g->pointer.len = 0;
		pointer_key(&g->pointer, p, (size_t)(step - p));
		key = (struct slice){ g->pointer.ptr, g->pointer.len };
		next = member(&g->new, object, key);
		if (next == TAPE_NONE)
			break;
		object = next;
		if (in_model != TAPE_NONE)
			in_model = member(&g->old, in_model, key);
	}
	/* an object on the way that is not there either is not made up */
	if (p >= end || step < end || type_of(&g->new, object) != TAPE_OBJECT)
		return 0;
	insert(g, object, in_model, key, container);
	return apply(g, value, out);
}
