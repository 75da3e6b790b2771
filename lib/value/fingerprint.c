/* SPDX-License-Identifier: ISC */
/*
 * A digest of what a component says, to compare two versions of it.
 *
 * The tokens are gone through from the last to the first, so that what is in
 * a container has its digest before the container.
 */
#include "value/fingerprint.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/diag.h"
#include "json/string.h"
#include "json/tape.h"
#include "map/map.h"
#include "stream/record.h"
#include "value/locate.h"

/* what is known of a token */
enum mark { MARK_SKIP = 1, MARK_SET = 2, MARK_ABSENT = 4, MARK_LINK = 8 };

/*
 * So often what refers to a minted id is known by the part that has the id,
 * then by those that this one refers to, and so on.
 */
#define ROUNDS 16

/* a word that another text stands for */
struct stand_in {
	uint32_t token, from, to;
	size_t order;		/* of two for the same, the first counts */
	struct slice text;
};

/* an id minted for the copy, or what refers to one */
struct minted {
	struct slice text;	/* raw */
	uint32_t token;
	uint32_t part;		/* what has the id, or the id referred to */
	struct hash_sum sum;	/* of a link: what it says in this round */
};

struct fingerprints {
	struct diag *diag;
	struct locator *spots;
	struct tape tape;
	struct buf stand_ins;		/* by token, then place */
	struct buf ids, links;		/* of struct minted */
	struct hash_sum *digests;	/* by token */
	uint8_t *marks;
	size_t room;
	unsigned flags;
	struct buf bytes;		/* to be hashed */
};

struct fingerprints *
fingerprint_open(struct diag *d, const struct map *map)
{
	struct fingerprints *c;

	c = xcalloc(1, sizeof(*c));
	c->diag = d;
	c->spots = locate_open(map);
	return c;
}

void
fingerprint_close(struct fingerprints *c)
{
	if (c == NULL)
		return;
	locate_close(c->spots);
	tape_free(&c->tape);
	buf_free(&c->stand_ins);
	buf_free(&c->ids);
	buf_free(&c->links);
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

/* ask what stands for a reference in the value; 0 or -1 */
static int
note_ref(struct fingerprints *c, const struct spot *p,
    const struct fingerprint_ask *ask)
{
	struct stand_in s = { .token = p->token, .from = p->at,
	    .to = p->at + p->n, .order = c->stand_ins.len };
	int got;

	if (p->token == TAPE_NONE)
		return 0;
	got = ask->identity(ask->ctx, p->text.p, p->text.n, &s.text);
	if (got != 1)
		return got;
	if (p->form->path)
		s.from = p->from;
	buf_add(&c->stand_ins, &s, sizeof(s));
	return 0;
}

static int
by_text(const void *va, const void *vb)
{
	const struct minted *a = va, *b = vb;
	int c;

	c = memcmp(a->text.p, b->text.p, a->text.n < b->text.n ? a->text.n :
	    b->text.n);
	if (c != 0 || a->text.n == b->text.n)
		return c;
	return a->text.n < b->text.n ? -1 : 1;
}

/* keep an id that the copy minted (the row's first place), or a link to one */
static void
note_minted(struct fingerprints *c, const struct spot *p)
{
	struct minted m = { .token = p->token };

	if (p->token == TAPE_NONE || p->token == 0 ||
	    c->tape.tokens[p->token].type != TAPE_STRING)
		return;
	m.text = tape_text(&c->tape, p->token);
	m.part = c->tape.tokens[p->token].parent;
	buf_add(p->part == 0 ? &c->ids : &c->links, &m, sizeof(m));
	if (p->part == 0)
		c->marks[p->token] |= MARK_SKIP;
}

/* find the ids of the links; those to nowhere are forgotten, and count */
static void
resolve(struct fingerprints *c)
{
	struct minted *ids = (void *)c->ids.ptr, *l = (void *)c->links.ptr;
	size_t n = c->ids.len / sizeof(*ids), i, kept = 0;
	const struct minted *id;

	if (n > 1)
		qsort(ids, n, sizeof(*ids), by_text);
	for (i = 0; n > 0 && i < c->links.len / sizeof(*l); i++) {
		id = bsearch(&l[i], ids, n, sizeof(*ids), by_text);
		if (id == NULL)
			continue;
		c->marks[l[i].token] |= MARK_LINK;
		l[kept] = l[i];
		l[kept++].part = id->part;
	}
	c->links.len = kept * sizeof(*l);
}

/* what the map says of the value's tokens; 0 or -1 */
static int
note_spots(struct fingerprints *c, const struct record *r,
    const struct fingerprint_ask *ask)
{
	const struct spot *p;
	size_t n, i;

	n = locate_find(c->spots, r, &c->tape, SPOT_MINTED | SPOT_LOCAL |
	    SPOT_SETS | (ask->identity == NULL ? 0 : SPOT_REF) |
	    (ask->flags & FINGERPRINT_IGNORED ? 0 : SPOT_IGNORE) |
	    (ask->flags & FINGERPRINT_ALIAS ? 0 : SPOT_ALIAS));
	for (i = 0; i < n; i++) {
		p = locate_at(c->spots, i);
		if (p->what == SPOT_REF) {
			if (note_ref(c, p, ask) == -1)
				return -1;
		} else if (p->what == SPOT_MINTED) {
			note_minted(c, p);
		} else if (p->token != TAPE_NONE) {
			c->marks[p->token] |= p->what == SPOT_SETS ?
			    MARK_SET : MARK_SKIP;
		}
	}
	n = c->stand_ins.len / sizeof(struct stand_in);
	if (n > 1)
		qsort(c->stand_ins.ptr, n, sizeof(struct stand_in), by_token);
	resolve(c);
	return 0;
}

/* where a token's stand-ins end; those of later tokens are behind it */
static size_t
back_to(const struct fingerprints *c, uint32_t token, size_t n)
{
	const struct stand_in *s = (const void *)c->stand_ins.ptr;

	while (n > 0 && s[n - 1].token > token)
		n--;
	return n;
}

/* append raw text decoded, with what stands in for words of it */
static void
add_text(struct fingerprints *c, uint32_t token, struct slice raw, size_t n)
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
		string_decode(&c->bytes, c->tape.text + at, s[i].from - at);
		buf_add(&c->bytes, s[i].text.p, s[i].text.n);
		at = s[i].to;
	}
	string_decode(&c->bytes, c->tape.text + at, end - at);
}

/* the digest of the bytes */
static struct hash_sum
hash(const struct fingerprints *c)
{
	struct hash_sum sum = {0};

	hash_add(&sum, c->bytes.ptr, c->bytes.len);
	return sum;
}

/* the digest of a scalar */
static void
hash_scalar(struct fingerprints *c, uint32_t i, size_t n)
{
	const struct tape_token *k = &c->tape.tokens[i];

	if (tape_empty(&c->tape, i) && !(c->flags & FINGERPRINT_EMPTY)) {
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
is_absent(const struct fingerprints *c, uint32_t i)
{
	return (c->marks[i] & (MARK_ABSENT | MARK_SKIP)) != 0;
}

/* the digest of an array in which the order counts */
static void
hash_ordered(struct fingerprints *c, uint32_t i)
{
	static const struct hash_sum nothing;
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
	if (used == 1 && !(c->flags & FINGERPRINT_EMPTY))
		c->marks[i] |= MARK_ABSENT;
	else
		c->digests[i] = hash(c);
}

/*
 * The digest of an object, from those of its members with their keys (which
 * have been put into the members'), or of a set.
 */
static void
hash_loose(struct fingerprints *c, uint32_t i)
{
	struct hash_sum sum = {0};
	int object = c->tape.tokens[i].type == TAPE_OBJECT;
	size_t n = 0;
	uint32_t j;

	for (j = tape_first(&c->tape, i); j != TAPE_NONE;
	    j = tape_after(&c->tape, j)) {
		if (is_absent(c, j))
			continue;
		/* what has a key is a hash of its own, whatever it is */
		if (object)
			hash_add_sum(&sum, &c->digests[j]);
		else
			hash_add(&sum, &c->digests[j], sizeof(sum));
		n++;
	}
	if (n == 0 && !(c->flags & FINGERPRINT_EMPTY)) {
		c->marks[i] |= MARK_ABSENT;
		return;
	}
	c->bytes.len = 0;
	buf_addc(&c->bytes, object ? 'o' : 'S');
	buf_add(&c->bytes, &sum, sizeof(sum));
	c->digests[i] = hash(c);
}

/* put the key into the digest of a member */
static void
hash_key(struct fingerprints *c, uint32_t i, size_t n)
{
	c->bytes.len = 0;
	buf_add(&c->bytes, &c->digests[i], sizeof(c->digests[i]));
	add_text(c, i, tape_key(&c->tape, i), n);
	c->digests[i] = hash(c);
}

/* room for what is known of the tokens, cleared */
static void
clear_value(struct fingerprints *c)
{
	if (c->room < c->tape.n) {
		c->room = c->tape.n + c->tape.n / 2;
		c->digests = xrealloc(c->digests, c->room,
		    sizeof(*c->digests));
		c->marks = xrealloc(c->marks, c->room, 1);
	}
	memset(c->marks, 0, c->tape.n);
	c->stand_ins.len = c->ids.len = c->links.len = 0;
}

/* the digests of all tokens */
static void
hash_all(struct fingerprints *c)
{
	size_t n = c->stand_ins.len / sizeof(struct stand_in);
	const struct tape_token *k;
	uint32_t i;

	for (i = (uint32_t)c->tape.n; i-- > 0; ) {
		if (c->marks[i] & MARK_SKIP)
			continue;
		k = &c->tape.tokens[i];
		n = back_to(c, i, n);
		if (c->marks[i] & MARK_LINK)
			;	/* it has its digest */
		else if (k->type > TAPE_ARRAY)
			hash_scalar(c, i, n);
		else if (k->type == TAPE_OBJECT || (c->marks[i] & MARK_SET))
			hash_loose(c, i);
		else
			hash_ordered(c, i);
		if (k->key != TAPE_NONE && !is_absent(c, i))
			hash_key(c, i, n);
	}
}

/* the digests once more, in which links say what their parts said before */
static void
hash_again(struct fingerprints *c)
{
	static const struct hash_sum nothing;
	struct minted *l = (void *)c->links.ptr;
	size_t n = c->links.len / sizeof(*l), i;

	for (i = 0; i < n; i++)
		l[i].sum = is_absent(c, l[i].part) ? nothing :
		    c->digests[l[i].part];
	for (i = 0; i < c->tape.n; i++)
		c->marks[i] &= (uint8_t)~MARK_ABSENT;
	for (i = 0; i < n; i++)
		c->digests[l[i].token] = l[i].sum;
	hash_all(c);
}

/* before the first round: links say that they are such */
static void
begin_links(struct fingerprints *c)
{
	static const struct hash_sum link = { 1, 1 };
	const struct minted *l = (const void *)c->links.ptr;
	size_t i;

	for (i = 0; i < c->links.len / sizeof(*l); i++)
		c->digests[l[i].token] = link;
}

/* the digest of a record whose value is on the tape; 0 or -1 */
static int
digest(struct fingerprints *c, const struct record *r,
    const struct fingerprint_ask *ask, struct hash_sum *sum)
{
	size_t n, i;

	c->flags = ask->flags;
	clear_value(c);
	if (note_spots(c, r, ask) == -1)
		return -1;
	begin_links(c);
	hash_all(c);
	n = c->links.len / sizeof(struct minted);
	for (i = 0; i < n && i < ROUNDS; i++)
		hash_again(c);
	memset(sum, 0, sizeof(*sum));
	if (!is_absent(c, 0))
		*sum = c->digests[0];
	return 0;
}

int
fingerprint(struct fingerprints *c, const struct record *r,
    const struct fingerprint_ask *ask, struct hash_sum *sum)
{
	struct tape own = c->tape;
	int rc;

	if (ask->tape == NULL)
		return record_read_value(&c->tape, c->diag, r, ask->place) ==
		    -1 ? -1 : digest(c, r, ask, sum);
	c->tape = *ask->tape;
	rc = digest(c, r, ask, sum);
	c->tape = own;
	return rc;
}

const struct hash_sum *
fingerprint_token(const struct fingerprints *c, uint32_t token)
{
	return is_absent(c, token) ? NULL : &c->digests[token];
}

int
fingerprint_is_set(const struct fingerprints *c, uint32_t token)
{
	return (c->marks[token] & MARK_SET) != 0;
}
