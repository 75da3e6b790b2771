/* SPDX-License-Identifier: ISC */
/*
 * Where two versions of a component's value differ.
 *
 * Changes are noted in the order in which they can be made: what is inside
 * the members or elements before what becomes of these, by the numbers that
 * elements had in the old array.
 */
#include "diff/changes.h"

#include <string.h>

#include "base/diag.h"
#include "base/hashset.h"
#include "diff/changes_priv.h"
#include "diff/elements.h"
#include "graph/graph.h"
#include "json/pointer.h"
#include "json/string.h"
#include "map/map.h"
#include "stream/record.h"
#include "value/fingerprint.h"
#include "value/locate.h"

/* what is deeper is told as a whole */
#define DEEPEST 1000

/* a change while they are found; texts are offsets */
struct change_note {
	enum change_op op;
	int ignored;
	size_t pointer, npointer, place, nplace, from, nfrom;
	uint32_t old, new;
};

static void
open_version(struct changes *c, struct version *v, int newer,
    const struct map *map)
{
	v->of = c;
	v->newer = newer;
	v->prints = fingerprint_open(c->diag, map);
	v->spots = locate_open(map);
	v->find.tape = &v->tape;
}

void
changes_open(struct changes *c, struct diag *d, const struct map *map,
    const struct changes_ask *ask)
{
	*c = (struct changes){ .diag = d, .ask = *ask };
	open_version(c, &c->old, 0, map);
	open_version(c, &c->new, 1, map);
}

static void
close_version(struct version *v)
{
	fingerprint_close(v->prints);
	locate_close(v->spots);
	tape_free(&v->tape);
	tape_find_free(&v->find);
	buf_free(&v->ids);
	buf_free(&v->refs);
}

void
changes_close(struct changes *c)
{
	close_version(&c->old);
	close_version(&c->new);
	buf_free(&c->notes);
	buf_free(&c->texts);
	buf_free(&c->list);
	buf_free(&c->pointer);
	buf_free(&c->place);
}

int
changes_silent(const struct version *v, uint32_t token)
{
	return fingerprint_token(v->prints, token) == NULL;
}

/* whether both say the same, by their digests */
static int
same_digest(const struct changes *c, uint32_t old, uint32_t new)
{
	const struct hash_sum *a = fingerprint_token(c->old.prints, old);
	const struct hash_sum *b = fingerprint_token(c->new.prints, new);

	if (a == NULL || b == NULL)
		return a == b;
	return a->high == b->high && a->low == b->low;
}

static int
same_bytes(const struct changes *c, uint32_t old, uint32_t new)
{
	return slice_same(tape_bytes(&c->old.tape, old),
	    tape_bytes(&c->new.tape, new));
}

int
changes_alike(const struct changes *c, uint32_t old, uint32_t new)
{
	return same_bytes(c, old, new) || same_digest(c, old, new);
}

void
changes_note(struct changes *c, enum change_op op, int ignored, uint32_t old,
    uint32_t new, struct slice from)
{
	struct change_note n = { .op = op, .ignored = ignored,
	    .old = old, .new = new };

	n.pointer = c->texts.len;
	n.npointer = c->pointer.len;
	buf_add(&c->texts, c->pointer.ptr, c->pointer.len);
	n.place = c->texts.len;
	n.nplace = c->place.len;
	buf_add(&c->texts, c->place.ptr, c->place.len);
	n.from = c->texts.len;
	n.nfrom = from.n;
	buf_add(&c->texts, from.p, from.n);
	buf_add(&c->notes, &n, sizeof(n));
	c->real += !ignored;
}

/* step to a member, of which the version has this token */
static void
push_member(struct changes *c, const struct version *v, uint32_t token)
{
	struct slice key = tape_key(&v->tape, token);
	struct buf text = {0};

	string_decode(&text, key.p, key.n);
	pointer_push(&c->pointer, text.ptr, text.len);
	buf_free(&text);
	buf_addc(&c->place, '/');
	string_canon(&c->place, key.p, key.n);
}

/* a member that only one side has */
static void
note_member(struct changes *c, const struct version *v, uint32_t token,
    int ignored)
{
	size_t pointer = c->pointer.len, place = c->place.len;

	push_member(c, v, token);
	changes_note(c, v->newer ? CHANGE_ADD : CHANGE_REMOVE,
	    ignored || changes_silent(v, token),
	    v->newer ? TAPE_NONE : token, v->newer ? token : TAPE_NONE,
	    (struct slice){0});
	c->pointer.len = pointer;
	c->place.len = place;
}

/* the member of the other version with the key of this one, or TAPE_NONE */
static uint32_t
find_like(struct version *other, uint32_t object, const struct version *v,
    uint32_t token)
{
	return tape_find_member(&other->find, object,
	    tape_key(&v->tape, token));
}

/* whether no key stands twice in an object */
static int
has_single_keys(struct version *v, uint32_t object)
{
	uint32_t i;

	for (i = tape_first(&v->tape, object); i != TAPE_NONE;
	    i = tape_after(&v->tape, i)) {
		if (find_like(v, object, v, i) != i)
			return 0;
	}
	return 1;
}

/* the members that only this version has, by their digests */
static void
list_alone(struct version *v, uint32_t object, struct version *other,
    uint32_t its, struct hashset *digests)
{
	const struct hash_sum *sum;
	uint32_t i;

	for (i = tape_first(&v->tape, object); i != TAPE_NONE;
	    i = tape_after(&v->tape, i)) {
		sum = fingerprint_token(v->prints, i);
		if (sum != NULL && find_like(other, its, v, i) == TAPE_NONE)
			hashset_add(digests, 0, (const char *)sum,
			    sizeof(*sum));
	}
}

/*
 * The members that only one version has.  One that the other has, too, under
 * a key that stands for the same, makes no difference.
 */
static void
note_alone(struct version *v, uint32_t object, struct version *other,
    uint32_t its, int ignored)
{
	struct hashset digests = {0};
	const struct hash_sum *sum;
	uint32_t i;

	list_alone(other, its, v, object, &digests);
	for (i = tape_first(&v->tape, object); i != TAPE_NONE;
	    i = tape_after(&v->tape, i)) {
		if (find_like(other, its, v, i) != TAPE_NONE)
			continue;
		sum = fingerprint_token(v->prints, i);
		note_member(v->of, v, i, ignored || (sum != NULL &&
		    digests.n > 0 && hashset_has(&digests, 0,
		    (const char *)sum, sizeof(*sum))));
	}
	hashset_free(&digests);
}

static void
compare_objects(struct changes *c, uint32_t a, uint32_t b, int ignored)
{
	size_t pointer = c->pointer.len, place = c->place.len;
	uint32_t i, j;

	for (i = tape_first(&c->old.tape, a); i != TAPE_NONE;
	    i = tape_after(&c->old.tape, i)) {
		if ((j = find_like(&c->new, b, &c->old, i)) == TAPE_NONE)
			continue;
		push_member(c, &c->old, i);
		changes_compare(c, i, j, ignored);
		c->pointer.len = pointer;
		c->place.len = place;
	}
	note_alone(&c->old, a, &c->new, b, ignored);
	note_alone(&c->new, b, &c->old, a, ignored);
}

void
changes_compare(struct changes *c, uint32_t old, uint32_t new, int ignored)
{
	unsigned a = c->old.tape.tokens[old].type;
	unsigned b = c->new.tape.tokens[new].type;

	if (same_bytes(c, old, new))
		return;
	ignored |= same_digest(c, old, new);
	if (a != b || a > TAPE_ARRAY || c->depth == DEEPEST ||
	    (a == TAPE_OBJECT && (!has_single_keys(&c->old, old) ||
	    !has_single_keys(&c->new, new)))) {
		changes_note(c, CHANGE_REPLACE, ignored, old, new,
		    (struct slice){0});
		return;
	}
	c->depth++;
	if (a == TAPE_OBJECT)
		compare_objects(c, old, new, ignored);
	else
		elements_compare(c, old, new, ignored);
	c->depth--;
}

/* ---- a pair of records */

static int
identity(void *ctx, const char *ref, size_t n, struct slice *text)
{
	struct version *v = ctx;
	const struct changes_ask *ask = &v->of->ask;

	return ask->identity(ask->ctx, v->newer, ref, n, text);
}

/* read a version's value and take its digests; 0 or -1 */
static int
read_version(struct version *v, const struct record *r, unsigned flags,
    const struct place *at, struct hash_sum *sum)
{
	struct fingerprint_ask ask = { .identity = identity, .ctx = v,
	    .flags = flags, .place = at, .tape = &v->tape };

	tape_find_reset(&v->find);
	if (record_read_value(&v->tape, v->of->diag, r, at) == -1)
		return -1;
	return fingerprint(v->prints, r, &ask, sum);
}

int
changes_read(struct changes *c, const struct record *old,
    const struct record *new, const struct place *at)
{
	struct hash_sum a = {0}, b = {0};
	/* what has a name that the other has not may be empty */
	unsigned flags = graph_same_items(old->field[RECORD_NAMES],
	    new->field[RECORD_NAMES]) ? 0 : FINGERPRINT_EMPTY;

	c->notes.len = c->texts.len = c->list.len = 0;
	c->pointer.len = c->place.len = 0;
	c->real = c->depth = 0;
	if (read_version(&c->old, old, flags, &at[0], &a) == -1 ||
	    read_version(&c->new, new, flags, &at[1], &b) == -1)
		return -1;
	return a.high != b.high || a.low != b.low;
}

int
changes_find(struct changes *c, const struct record *old,
    const struct record *new, const struct place *at, int brief)
{
	int got = changes_read(c, old, new, at);

	if (got == -1 || (brief && got == 0))
		return got;
	elements_identify(&c->old, old);
	elements_identify(&c->new, new);
	changes_compare(c, 0, 0, 0);
	return c->real > 0;
}

static struct slice
text_at(const struct changes *c, size_t at, size_t n)
{
	return (struct slice){ n == 0 ? "" : c->texts.ptr + at, n };
}

static struct slice
value_at(const struct version *v, uint32_t token)
{
	struct slice none = {0};

	return token == TAPE_NONE ? none : tape_bytes(&v->tape, token);
}

const struct change *
changes_list(struct changes *c, size_t *n)
{
	const struct change_note *note = (const void *)c->notes.ptr;
	struct change change = {0};
	size_t i;

	*n = c->notes.len / sizeof(*note);
	c->list.len = 0;
	for (i = 0; i < *n; i++, note++) {
		change.op = note->op;
		change.ignored = note->ignored;
		change.pointer = text_at(c, note->pointer, note->npointer);
		change.place = text_at(c, note->place, note->nplace);
		change.from = text_at(c, note->from, note->nfrom);
		change.old = value_at(&c->old, note->old);
		change.new = value_at(&c->new, note->new);
		buf_add(&c->list, &change, sizeof(change));
	}
	return (const void *)c->list.ptr;
}
