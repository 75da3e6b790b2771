/* SPDX-License-Identifier: ISC */
/*
 * Where two versions of a value differ, for people.
 */
#include "json/diff.h"

#include <string.h>

#include "base/buf.h"
#include "json/string.h"

/* so many places are told */
#define FEW 4

/* what is deeper, or has more in it, is told as a whole */
#define DEEPEST 64
#define MOST 200

static enum tape_type
type_of(const struct tape *t, uint32_t i)
{
	return (enum tape_type)t->tokens[i].type;
}

/* how many stand in a container; more than MOST are not counted */
static uint32_t
size_of(const struct tape *t, uint32_t i)
{
	uint32_t n = 0;

	for (i = tape_first(t, i); i != TAPE_NONE && n <= MOST;
	    i = tape_after(t, i))
		n++;
	return n;
}

/* a place more; what: "", or what became of it */
static void
put(struct differ *d, const struct tape *t, uint32_t i, const char *what,
    struct buf *out)
{
	struct buf pointer = {0};

	if (i == 0 || d->found > FEW)
		return;
	if (++d->found > FEW) {
		buf_adds(out, " and more");
		return;
	}
	tape_pointer(t, i, &pointer);
	buf_adds(out, d->found > 1 ? ", " : "");
	string_encode(out, pointer.ptr, pointer.len);
	buf_adds(out, what);
	buf_free(&pointer);
}

/* what one side alone has */
static void
put_gone(struct differ *d, uint32_t old, struct buf *out)
{
	put(d, &d->old, old, " (gone)", out);
}

static void
put_new(struct differ *d, uint32_t new, struct buf *out)
{
	put(d, &d->new, new, " (new)", out);
}

/* the member with a key, sought from the one after the last found on */
static uint32_t
member(const struct tape *t, uint32_t object, struct slice key,
    uint32_t *after)
{
	uint32_t i;

	if (*after != TAPE_NONE && slice_same(tape_key(t, *after), key)) {
		i = *after;
	} else {
		for (i = tape_first(t, object); i != TAPE_NONE &&
		    !slice_same(tape_key(t, i), key); i = tape_after(t, i))
			continue;
	}
	if (i != TAPE_NONE)
		*after = tape_after(t, i);
	return i;
}

static void compare(struct differ *, uint32_t a, uint32_t b, int depth,
    struct buf *out);

static void
compare_objects(struct differ *d, uint32_t a, uint32_t b, int depth,
    struct buf *out)
{
	const struct tape *old = &d->old, *new = &d->new;
	uint32_t i, j, after = tape_first(new, b);

	for (i = tape_first(old, a); i != TAPE_NONE && d->found <= FEW;
	    i = tape_after(old, i)) {
		j = member(new, b, tape_key(old, i), &after);
		if (j != TAPE_NONE)
			compare(d, i, j, depth, out);
		else if (!tape_empty(old, i))
			put_gone(d, i, out);
	}
	after = tape_first(old, a);
	for (j = tape_first(new, b); j != TAPE_NONE && d->found <= FEW;
	    j = tape_after(new, j)) {
		if (member(old, a, tape_key(new, j), &after) == TAPE_NONE &&
		    !tape_empty(new, j))
			put_new(d, j, out);
	}
}

/* how many of two arrays' elements are equal, behind those before */
static uint32_t
equal_ones(const struct differ *d, const uint32_t *old, uint32_t nold,
    const uint32_t *new, uint32_t nnew, int from_end)
{
	uint32_t i, o, n, least = nold < nnew ? nold : nnew;

	for (i = 0; i < least; i++) {
		o = old[from_end ? nold - 1 - i : i];
		n = new[from_end ? nnew - 1 - i : i];
		if (!slice_same(tape_bytes(&d->old, o),
		    tape_bytes(&d->new, n)))
			break;
	}
	return i;
}

/* the elements of an array, of which there are at most MOST */
static uint32_t
elements(const struct tape *t, uint32_t array, uint32_t *list)
{
	uint32_t i, n = 0;

	for (i = tape_first(t, array); i != TAPE_NONE; i = tape_after(t, i))
		list[n++] = i;
	return n;
}

/*
 * Two arrays of different lengths: elements that came or went between equal
 * ones are told one by one, else the array as a whole.
 */
static void
compare_lengths(struct differ *d, uint32_t a, uint32_t b, struct buf *out)
{
	uint32_t old[MOST], new[MOST], nold, nnew, i, before, behind;

	nold = elements(&d->old, a, old);
	nnew = elements(&d->new, b, new);
	before = equal_ones(d, old, nold, new, nnew, 0);
	behind = equal_ones(d, old + before, nold - before, new + before,
	    nnew - before, 1);
	if (before + behind == nold) {
		for (i = before; i < nnew - behind; i++)
			put_new(d, new[i], out);
	} else if (before + behind == nnew) {
		for (i = before; i < nold - behind; i++)
			put_gone(d, old[i], out);
	} else {
		put(d, &d->old, a, "", out);
	}
}

/* one value of each side, of the same place */
static void
compare(struct differ *d, uint32_t a, uint32_t b, int depth, struct buf *out)
{
	const struct tape *old = &d->old, *new = &d->new;
	enum tape_type type = type_of(old, a);
	uint32_t n;

	if (slice_same(tape_bytes(old, a), tape_bytes(new, b)) ||
	    (tape_empty(old, a) && tape_empty(new, b)))
		return;
	if (tape_empty(old, a) || tape_empty(new, b) ||
	    type != type_of(new, b) || depth == DEEPEST ||
	    (type != TAPE_OBJECT && type != TAPE_ARRAY) ||
	    (n = size_of(old, a)) > MOST || size_of(new, b) > MOST) {
		put(d, old, a, tape_empty(new, b) ? " (gone)" :
		    tape_empty(old, a) ? " (new)" : "", out);
	} else if (type == TAPE_OBJECT) {
		compare_objects(d, a, b, depth + 1, out);
	} else if (n != size_of(new, b)) {
		compare_lengths(d, a, b, out);
	} else {
		a = tape_first(old, a);
		for (b = tape_first(new, b); a != TAPE_NONE;
		    b = tape_after(new, b)) {
			compare(d, a, b, depth + 1, out);
			a = tape_after(old, a);
		}
	}
}

int
differ(struct differ *d, struct slice old, struct slice new, struct buf *out)
{
	struct text_error e;

	d->found = 0;
	if (tape_read(&d->old, old.p, old.n, &e) == 0 &&
	    tape_read(&d->new, new.p, new.n, &e) == 0)
		compare(d, 0, 0, 0, out);
	return d->found > 0;
}

void
diff_free(struct differ *d)
{
	tape_free(&d->old);
	tape_free(&d->new);
}
