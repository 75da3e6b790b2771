/* SPDX-License-Identifier: ISC */
/*
 * needles [SEED]: many texts looked for at once, and each place of a text
 * compared with each of them.  They are of characters that base64 has not.
 */
#include <stdlib.h>

#include "check.h"
#include "vars/needles.h"

#define MOST 12

/* random texts in memory */
struct random_texts {
	struct dice dice;
	struct buf text[MOST + 1];	/* the last: where is looked */
	size_t n;
};

/* nearly the same again and again, n bytes of it */
static void
add_random(struct random_texts *r, struct buf *b, size_t n)
{
	size_t period = 1 + dice_roll(&r->dice, 3), i;
	size_t other = 1 + dice_roll(&r->dice, n);

	for (i = 0; i < n; i++)
		buf_addc(b, i % other == other - 1 ? '!' :
		    "#.:"[i % period]);
}

/* texts, of which some begin with others, and what has parts of them */
static void
make(struct random_texts *r, size_t longest)
{
	struct buf *all = &r->text[MOST], *b;
	size_t i, from;

	all->len = 0;
	r->n = 1 + dice_roll(&r->dice, MOST);
	for (i = 0; i < r->n; i++) {
		b = &r->text[i];
		b->len = 0;
		from = dice_roll(&r->dice, i + 1);
		if (from < i)
			buf_add(b, r->text[from].ptr, 1 + dice_roll(&r->dice,
			    r->text[from].len));
		add_random(r, b, 1 + dice_roll(&r->dice, longest));
	}
	for (i = 0; i < 6; i++) {
		b = &r->text[dice_roll(&r->dice, r->n)];
		add_random(r, all, 1 + dice_roll(&r->dice, 9));
		buf_add(all, b->ptr, dice_roll(&r->dice, b->len + 1));
	}
}

/* how much of a text that is looked for stands at a place; 0: not enough */
static size_t
stands(const struct buf *needle, const struct buf *all, size_t at)
{
	size_t n = 0;

	while (n < needle->len && at + n < all->len &&
	    needle->ptr[n] == all->ptr[at + n])
		n++;
	return needle->len >= NEEDLE_LEAST && (n == needle->len ||
	    n >= NEEDLE_LONG) ? n : 0;
}

/* the first place from an offset on, and the most that stands there */
static size_t
find(const struct random_texts *r, size_t *at)
{
	const struct buf *all = &r->text[MOST];
	size_t best = 0, n, i;

	for (; *at < all->len; (*at)++) {
		for (i = 0; i < r->n; i++) {
			n = stands(&r->text[i], all, *at);
			best = n > best ? n : best;
		}
		if (best > 0)
			return best;
	}
	return 0;
}

static void
compare(struct random_texts *r)
{
	const struct buf *all = &r->text[MOST];
	struct needles s = {0};
	struct needle_hit hit = {0};
	size_t i, n, at = 0;
	int got;

	for (i = 0; i < r->n; i++)
		needles_add(&s, (struct slice){ r->text[i].ptr,
		    r->text[i].len }, (uint32_t)i);
	needles_ready(&s);
	do {
		n = find(r, &at);
		got = needles_next(&s, (struct slice){ all->ptr, all->len },
		    &hit);
		CHECK_NUMBER("found", got, n > 0);
		if (!got || n == 0)
			break;
		CHECK_NUMBER("place", hit.at, at);
		CHECK_NUMBER("length", hit.n, n);
		CHECK_NUMBER("of the one", stands(&r->text[hit.number], all,
		    at), n);
		at += n;
		hit.at = at;
	} while (check_failures == 0);
	needles_free(&s);
}

int
main(int argc, char **argv)
{
	struct random_texts r = { .dice = { argc > 1 ? strtoull(argv[1], NULL,
	    10) : 1 } };
	size_t i;

	for (i = 0; i < 4000; i++) {
		make(&r, 10);
		compare(&r);
	}
	for (i = 0; i < 60; i++) {
		make(&r, 2 * NEEDLE_LONG);
		compare(&r);
	}
	for (i = 0; i <= MOST; i++)
		buf_free(&r.text[i]);
	return check_done();
}
