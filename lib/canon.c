/* SPDX-License-Identifier: ISC */
/*
 * A digest of what a component says, to compare two versions of it.
 *
 * The tokens are gone through from the last to the first, so that what is in
 * a container has its digest before the container.
 */
#include "canon.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "diag.h"
#include "map.h"
#include "quote.h"
#include "spots.h"
#include "tape.h"

/* what is known of a token */
enum mark { MARK_SKIP = 1, MARK_SET = 2, MARK_ABSENT = 4 };

/* a word that another text stands for */
struct stand_in {
	uint32_t token, from, to;
	size_t order;		/* of two for the same, the first counts */
	struct slice text;
};

struct canon {
	struct diag *diag;
	const struct map *map;
	struct spots *spots;
	struct tape tape;
	struct buf stand_ins;		/* by token, then place */
	struct digest_sum *digests;	/* by token */
	uint8_t *marks;
	size_t room;
	unsigned flags;
	struct buf bytes;		/* to be hashed */
};

struct canon *
canon_open(struct diag *d, const struct map *map)
{
	struct canon *c;

	c = xcalloc(1, sizeof(*c));
	c->diag = d;
	c->map = map;
	c->spots = spots_open(map);
	return c;
}

void
canon_close(struct canon *c)
{
	if (c == NULL)
		return;
	spots_close(c->spots);
	tape_free(&c->tape);
	buf_free(&c->stand_ins);
	buf_free(&c->bytes);
	free(c->digests);
	free(c->marks);
	free(c);
}

static int
by_token(const void *va, const void *vb)
{
	const struct stand_in *a = va, *b = vb;

	if (a->token != b->token)
		return a->token < b->token ? -1 : 1;
	if (a->from != b->from)
		return a->from < b->from ? -1 : 1;
	return a->order < b->order ? -1 : 1;
}

/* ask what stands for a reference in the value */
static void
take_ref(struct canon *c, const struct spot *p, const struct canon_ask *ask)
{
	struct stand_in s = { .token = p->token, .from = p->at,
	    .to = p->at + p->n, .order = c->stand_ins.len };

	if (p->token == TAPE_NONE || ask->identity == NULL ||
	    !ask->identity(ask->ctx, p->text.p, p->text.n, &s.text))
		return;
	if (p->form == FORM_TAIL)
		s.from = p->from;
	buf_add(&c->stand_ins, &s, sizeof(s));
}

/* what the map says of the value's tokens */
static void
take_spots(struct canon *c, const struct record *r,
    const struct canon_ask *ask)
{
	const struct spot *p;
	size_t n, i;

	n = spots_find(c->spots, r, &c->tape, SPOT_REF |
	    (ask->flags & CANON_IGNORED ? 0 : SPOT_IGNORE) |
	    (ask->flags & CANON_LOCAL ? 0 : SPOT_LOCAL) |
	    (ask->flags & CANON_ALIAS ? 0 : SPOT_ALIAS) |
	    (ask->flags & CANON_ORDER ? 0 : SPOT_SETS));
	for (i = 0; i < n; i++) {
		p = spots_at(c->spots, i);
		if (p->what == SPOT_REF)
			take_ref(c, p, ask);
		else if (p->token != TAPE_NONE)
			c->marks[p->token] |= p->what == SPOT_SETS ?
			    MARK_SET : MARK_SKIP;
	}
	n = c->stand_ins.len / sizeof(struct stand_in);
	if (n > 1)
		qsort(c->stand_ins.ptr, n, sizeof(struct stand_in), by_token);
}

/* where a token's stand-ins end; those of later tokens are behind it */
static size_t
back_to(const struct canon *c, uint32_t token, size_t n)
{
	const struct stand_in *s = (const void *)c->stand_ins.ptr;

	while (n > 0 && s[n - 1].token > token)
		n--;
	return n;
}

/* append raw text decoded, with what stands in for words of it */
static void
add_text(struct canon *c, uint32_t token, struct slice raw, size_t n)
{
	const struct stand_in *s = (const void *)c->stand_ins.ptr;
	uint32_t at = (uint32_t)(raw.p - c->tape.text);
	uint32_t end = at + (uint32_t)raw.n;
	size_t i;

	for (i = n; i > 0 && s[i - 1].token == token; i--)
		continue;
	for (; i < n; i++) {
		if (s[i].from < at || s[i].to > end)
			continue;	/* of the key, or of the same word */
		quote_decode(&c->bytes, c->tape.text + at, s[i].from - at);
		buf_add(&c->bytes, s[i].text.p, s[i].text.n);
		at = s[i].to;
	}
	quote_decode(&c->bytes, c->tape.text + at, end - at);
}

/* the digest of the bytes */
static struct digest_sum
hash(const struct canon *c)
{
	struct digest_sum sum = {0};

	digest_add(&sum, c->bytes.ptr, c->bytes.len);
	return sum;
}

/* the digest of a scalar */
static void
take_scalar(struct canon *c, uint32_t i, size_t n)
{
	const struct tape_token *k = &c->tape.tokens[i];

	if (tape_empty(&c->tape, i) && !(c->flags & CANON_EMPTY)) {
		c->marks[i] |= MARK_ABSENT;
		return;
	}
	c->bytes.len = 0;
	buf_addc(&c->bytes, k->type == TAPE_STRING ? 's' : 'n');
	add_text(c, i, k->type == TAPE_STRING ? tape_text(&c->tape, i) :
	    tape_bytes(&c->tape, i), n);
	c->digests[i] = hash(c);
}

static int
is_absent(const struct canon *c, uint32_t i)
{
	return (c->marks[i] & (MARK_ABSENT | MARK_SKIP)) != 0;
}

/* add the digest of one that is in an unordered container */
static void
add_loose(struct digest_sum *sum, const struct digest_sum *one)
{
	digest_add(sum, one, sizeof(*one));
}

/* the digest of an array in which the order counts */
static void
take_ordered(struct canon *c, uint32_t i)
{
	static const struct digest_sum nothing;
	size_t used;
	uint32_t j;

	c->bytes.len = 0;
	buf_addc(&c->bytes, 'a');
	used = c->bytes.len;
	for (j = tape_first(&c->tape, i); j != TAPE_NONE;
	    j = tape_after(&c->tape, j)) {
		if (c->marks[j] & MARK_SKIP)
			continue;
		buf_add(&c->bytes, is_absent(c, j) ? &nothing :
		    &c->digests[j], sizeof(nothing));
		if (!is_absent(c, j))
			used = c->bytes.len;
	}
	c->bytes.len = used;
	if (used == 1 && !(c->flags & CANON_EMPTY))
		c->marks[i] |= MARK_ABSENT;
	else
		c->digests[i] = hash(c);
}

/*
 * The digest of an object, from those of its members with their keys (which
 * have been put into the members'), or of a set.
 */
static void
take_loose(struct canon *c, uint32_t i)
{
	struct digest_sum sum = {0};
	size_t n = 0;
	uint32_t j;

	for (j = tape_first(&c->tape, i); j != TAPE_NONE;
	    j = tape_after(&c->tape, j)) {
		if (is_absent(c, j))
			continue;
		add_loose(&sum, &c->digests[j]);
		n++;
	}
	if (n == 0 && !(c->flags & CANON_EMPTY)) {
		c->marks[i] |= MARK_ABSENT;
		return;
	}
	c->bytes.len = 0;
	buf_addc(&c->bytes, c->tape.tokens[i].type == TAPE_OBJECT ? 'o' : 'S');
	buf_add(&c->bytes, &sum, sizeof(sum));
	c->digests[i] = hash(c);
}

/* put the key into the digest of a member */
static void
take_key(struct canon *c, uint32_t i, size_t n)
{
	c->bytes.len = 0;
	buf_add(&c->bytes, &c->digests[i], sizeof(c->digests[i]));
	add_text(c, i, tape_key(&c->tape, i), n);
	c->digests[i] = hash(c);
}

/* room for what is known of the tokens, cleared */
static void
clear(struct canon *c)
{
	if (c->room < c->tape.n) {
		c->room = c->tape.n + c->tape.n / 2;
		c->digests = xrealloc(c->digests, c->room,
		    sizeof(*c->digests));
		c->marks = xrealloc(c->marks, c->room, 1);
	}
	memset(c->marks, 0, c->tape.n);
	c->stand_ins.len = 0;
}

int
canon(struct canon *c, const struct record *r, const struct canon_ask *ask,
    struct digest_sum *sum)
{
	const struct tape_token *k;
	size_t n;
	uint32_t i;

	if (tape_record(&c->tape, c->diag, r, ask->place) == -1)
		return -1;
	c->flags = ask->flags;
	clear(c);
	take_spots(c, r, ask);
	n = c->stand_ins.len / sizeof(struct stand_in);
	for (i = (uint32_t)c->tape.n; i-- > 0; ) {
		if (c->marks[i] & MARK_SKIP)
			continue;
		k = &c->tape.tokens[i];
		n = back_to(c, i, n);
		if (k->type > TAPE_ARRAY)
			take_scalar(c, i, n);
		else if (k->type == TAPE_OBJECT || (c->marks[i] & MARK_SET))
			take_loose(c, i);
		else
			take_ordered(c, i);
		if (k->key != TAPE_NONE && !is_absent(c, i))
			take_key(c, i, n);
	}
	memset(sum, 0, sizeof(*sum));
	if (!is_absent(c, 0))
		*sum = c->digests[0];
	return 0;
}
