/* SPDX-License-Identifier: ISC */
/*
 * What stands in the containers of a tape, found by key or number.
 */
#include "json/find.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/hash.h"
#include "json/pointer.h"
#include "json/tape.h"

/* so many members are looked at before there is a table */
#define FEW 16

void
tape_find_reset(struct tapefind *f)
{
	free(f->slots);
	f->slots = NULL;
}

void
tape_find_free(struct tapefind *f)
{
	tape_find_reset(f);
}

/* a container and a key in it, or (p NULL) a number */
struct sought {
	uint32_t container, number;
	struct slice key;
};

static int
is_sought(const struct tape *t, uint32_t i, const struct sought *s)
{
	struct slice key = tape_key(t, i);

	if (t->tokens[i].parent != s->container)
		return 0;
	return s->key.p == NULL ? key.p == NULL &&
	    t->tokens[i].index == s->number :
	    key.p != NULL && slice_same(key, s->key);
}

static uint64_t
hash(const struct sought *s)
{
	uint64_t h = s->key.p != NULL ? hash_bytes(s->key.p, s->key.n) :
	    s->number;

	/* numbers that follow each other must not fill the table in a row */
	h = (h + s->container * UINT64_C(0x9e3779b97f4a7c15)) *
	    UINT64_C(0xbf58476d1ce4e5b9);
	return h ^ h >> 32;
}

/* the slot of what is sought: taken, or free for it */
static uint32_t *
slot_of(const struct tapefind *f, const struct sought *s)
{
	uint64_t h;
	uint32_t *slot;

	for (h = hash(s); ; h++) {
		slot = &f->slots[h & f->mask];
		if (*slot == 0 || is_sought(f->tape, *slot - 1, s))
			return slot;
	}
}

/* all that stands in containers into the table: of equal keys the first */
static void
make_table(struct tapefind *f)
{
	const struct tape *t = f->tape;
	struct sought s;
	uint32_t i, *slot;

	for (f->mask = 63; f->mask < 2 * t->n; )
		f->mask = 2 * f->mask + 1;
	f->slots = xcalloc(f->mask + 1, sizeof(*f->slots));
	for (i = 1; i < t->n; i++) {
		s = (struct sought){ t->tokens[i].parent, t->tokens[i].index,
		    tape_key(t, i) };
		slot = slot_of(f, &s);
		if (*slot == 0)
			*slot = i + 1;
	}
}

static uint32_t
find(struct tapefind *f, const struct sought *s)
{
	uint32_t i;
	unsigned n = 0;

	for (i = tape_first(f->tape, s->container); i != TAPE_NONE && n < FEW;
	    i = tape_after(f->tape, i), n++) {
		if (is_sought(f->tape, i, s))
			return i;
	}
	if (i == TAPE_NONE)
		return i;
	if (f->slots == NULL)
		make_table(f);
	/* TAPE_NONE is the token before the first */
	return *slot_of(f, s) - 1;
}

uint32_t
tape_find_member(struct tapefind *f, uint32_t object, struct slice key)
{
	struct sought s = { .container = object, .key = key };

	if (object == TAPE_NONE || key.p == NULL ||
	    f->tape->tokens[object].type != TAPE_OBJECT)
		return TAPE_NONE;
	return find(f, &s);
}

uint32_t
tape_find_element(struct tapefind *f, uint32_t array, uint32_t n)
{
	struct sought s = { .container = array, .number = n };

	if (array == TAPE_NONE || f->tape->tokens[array].type != TAPE_ARRAY)
		return TAPE_NONE;
	return find(f, &s);
}

uint32_t
tape_find_pointer(struct tapefind *f, struct slice pointer)
{
	const char *p = pointer.p, *end = p + pointer.n, *step;
	struct buf key = {0};
	uint32_t token = 0;

	for (; p < end && token != TAPE_NONE; p = step) {
		step = pointer_step(++p, end);
		key.len = 0;
		pointer_key(&key, p, (size_t)(step - p));
		token = tape_find_member(f, token, (struct slice){
		    buf_str(&key), key.len });
	}
	buf_free(&key);
	return token;
}
