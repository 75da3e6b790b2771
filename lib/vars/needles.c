/* SPDX-License-Identifier: ISC */
/*
 * Many texts looked for at once.
 *
 * They are sorted.  Of those that a place begins with the longest is the last
 * that is not after the place, or one that this begins with: each knows the
 * longest of those that it begins with.
 *
 * Of a long one so much of the beginning is enough that it is not compared from
 * each place of a text that nearly has it: what is compared further is met.
 */
#include "vars/needles.h"

#include <stdlib.h>

#include "base/base64.h"

#define NONE UINT32_MAX

struct needle {
	const char *p;		/* set by needles_ready() */
	size_t at, n;		/* in texts */
	uint32_t number;
	uint32_t shorter;	/* the longest that it begins with, or NONE */
};

static struct needle *
needle_at(const struct needles *s, size_t i)
{
	return buf_item(&s->list, i, sizeof(struct needle));
}

static size_t
count(const struct needles *s)
{
	return s->list.len / sizeof(struct needle);
}

int
needles_none(const struct needles *s)
{
	return s->list.len == 0;
}

static void
add(struct needles *s, struct slice text, uint32_t number)
{
	struct needle n = { .at = s->texts.len, .n = text.n,
	    .number = number };

	if (text.n < NEEDLE_LEAST ||
	    !hashset_add(&s->known, 0, text.p, text.n))
		return;
	buf_add(&s->texts, text.p, text.n);
	buf_add(&s->list, &n, sizeof(n));
}

/* the same in the alphabet of URLs (RFC 4648, section 5), where it differs */
static void
add_base64(struct needles *s, struct slice text, uint32_t number)
{
	struct buf b = {0};
	size_t i;
	int other = 0;

	add(s, text, number);
	buf_add(&b, text.p, text.n);
	for (i = 0; i < b.len; i++) {
		if (b.ptr[i] == '+' || b.ptr[i] == '/') {
			b.ptr[i] = b.ptr[i] == '+' ? '-' : '_';
			other = 1;
		}
	}
	if (other)
		add(s, (struct slice){ b.ptr, b.len }, number);
	buf_free(&b);
}

/*
 * In base64 a text may begin at any of three places of a group: what does not
 * depend on what stands around it.
 */
void
needles_add(struct needles *s, struct slice text, uint32_t number)
{
	struct buf plain = {0}, coded = {0};
	size_t before, from, to;

	add(s, text, number);
	for (before = 0; before < 3 && text.n >= NEEDLE_BASE64; before++) {
		plain.len = coded.len = 0;
		buf_add(&plain, "\0\0", before);
		buf_add(&plain, text.p, text.n);
		base64_encode(&coded, plain.ptr, plain.len);
		from = (before * 8 + 5) / 6;
		to = plain.len * 8 / 6;
		add_base64(s, (struct slice){ coded.ptr + from, to - from },
		    number);
	}
	buf_free(&plain);
	buf_free(&coded);
}

static int
compare(struct slice a, struct slice b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int c = memcmp(a.p, b.p, n);

	return c != 0 ? c : a.n < b.n ? -1 : a.n > b.n;
}

static int
compare_needles(const void *a, const void *b)
{
	const struct needle *x = a, *y = b;

	return compare((struct slice){ x->p, x->n },
	    (struct slice){ y->p, y->n });
}

/* whether a text begins with a needle */
static int
begins(struct slice text, const struct needle *n)
{
	return text.n >= n->n && memcmp(text.p, n->p, n->n) == 0;
}

static unsigned
start_of(const char *p)
{
	return (unsigned)(unsigned char)p[0] << 8 | (unsigned char)p[1];
}

void
needles_ready(struct needles *s)
{
	struct needle *n;
	uint32_t i, k;

	for (i = 0; i < count(s); i++) {
		n = needle_at(s, i);
		n->p = s->texts.ptr + n->at;
		s->starts[start_of(n->p) / 64] |= (uint64_t)1 <<
		    start_of(n->p) % 64;
	}
	if (s->list.len > 0)
		qsort(s->list.ptr, count(s), sizeof(*n), compare_needles);
	for (i = 0; i < count(s); i++) {
		n = needle_at(s, i);
		for (k = i == 0 ? NONE : i - 1; k != NONE && !begins(
		    (struct slice){ n->p, n->n }, needle_at(s, k));
		    k = needle_at(s, k)->shorter)
			continue;
		n->shorter = k;
	}
}

/* how many bytes of a needle a text begins with; 0: not enough of them */
static size_t
match(const struct needle *n, struct slice text)
{
	size_t same = n->n < NEEDLE_LONG ? n->n : NEEDLE_LONG;

	if (text.n < same || memcmp(text.p, n->p, same) != 0)
		return 0;
	while (same < n->n && same < text.n && text.p[same] == n->p[same])
		same++;
	return same;
}

/* the first needle that is after a text */
static size_t
first_after(const struct needles *s, struct slice text)
{
	const struct needle *n;
	size_t low = 0, high = count(s), middle;

	while (low < high) {
		middle = (low + high) / 2;
		n = needle_at(s, middle);
		if (compare((struct slice){ n->p, n->n }, text) <= 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* the needle of which most stands where a text begins, and how much; or NULL */
static const struct needle *
longest(const struct needles *s, struct slice text, size_t *same)
{
	const struct needle *n, *best = NULL;
	size_t after = first_after(s, text), found = 0;
	uint32_t k;

	*same = 0;
	if (after < count(s) && (*same = match(needle_at(s, after),
	    text)) > 0)
		best = needle_at(s, after);
	for (k = after == 0 ? NONE : (uint32_t)after - 1; k != NONE &&
	    found == 0; k = n->shorter) {
		n = needle_at(s, k);
		found = match(n, text);
		if (found > 0 && found >= *same) {
			*same = found;
			best = n;
		}
	}
	return best;
}

int
needles_next(const struct needles *s, struct slice text,
    struct needle_hit *hit)
{
	const char *p = text.p + hit->at, *end = text.p + text.n;
	const struct needle *n;
	unsigned start;
	size_t same;

	for (; end - p >= NEEDLE_LEAST; p++) {
		start = start_of(p);
		if ((s->starts[start / 64] >> start % 64 & 1) == 0 ||
		    (n = longest(s, (struct slice){ p,
		    (size_t)(end - p) }, &same)) == NULL)
			continue;
		hit->at = (size_t)(p - text.p);
		hit->n = same;
		hit->number = n->number;
		return 1;
	}
	return 0;
}

void
needles_free(struct needles *s)
{
	buf_free(&s->list);
	buf_free(&s->texts);
	hashset_free(&s->known);
}
