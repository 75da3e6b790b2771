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

/* a place more */
static void
put(struct differ *d, const struct tape *t, uint32_t i, struct buf *out)
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
	quote_encode(out, pointer.ptr, pointer.len);
	buf_free(&pointer);
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
			put(d, old, i, out);
	}
	after = tape_first(old, a);
	for (j = tape_first(new, b); j != TAPE_NONE && d->found <= FEW;
	    j = tape_after(new, j)) {
		if (member(old, a, tape_key(new, j), &after) == TAPE_NONE &&
		    !tape_empty(new, j))
			put(d, new, j, out);
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
	if (type != type_of(new, b) || depth == DEEPEST ||
	    (type != TAPE_OBJECT && type != TAPE_ARRAY) ||
	    (n = size_of(old, a)) > MOST || size_of(new, b) > MOST) {
		put(d, old, a, out);
	} else if (type == TAPE_OBJECT) {
		compare_objects(d, a, b, depth + 1, out);
	} else if (n != size_of(new, b)) {
		put(d, old, a, out);
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
differ_free(struct differ *d)
{
	tape_free(&d->old);
	tape_free(&d->new);
}
