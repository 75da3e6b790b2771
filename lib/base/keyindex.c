/* SPDX-License-Identifier: ISC */
/*
 * By which words records are found.
 */
#include "base/keyindex.h"

#include <string.h>
#include <sys/random.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/hash.h"

/* shorter runs are sorted by insertion */
#define FEW 24

uint64_t
keyindex_hash_ref(const char *p, size_t n)
{
	static uint64_t seed;

	/* without randomness of the system the seed stays what it is */
	while (seed == 0) {
		if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
			seed = 1;
	}
	return hash_seeded(p, n, seed);
}

uint64_t
keyindex_hash(const char *kind, size_t nkind, const char *word, size_t nword)
{
	char small[256];
	struct buf b = {0};
	char *p = small;
	uint64_t h;

	if (nkind + 1 + nword > sizeof(small))
		p = buf_room(&b, nkind + 1 + nword);
	memcpy(p, kind, nkind);
	p[nkind] = ':';
	memcpy(p + nkind + 1, word, nword);
	h = keyindex_hash_ref(p, nkind + 1 + nword);
	buf_free(&b);
	return h;
}

int
keyindex_add(struct keyindex *k, uint64_t hash, uint32_t node)
{
	if (k->n == NOTHING - 1)
		return diag_fail(k->room->diag, STATUS_LIMIT, NULL,
		    "more than %u ids, aliases and names", NOTHING - 1);
	k->list.room = k->room;
	if (bigarray_hold(&k->list, ((size_t)k->n + 1) * sizeof(struct key)) ==
	    -1)
		return -1;
	*keyindex_at(k, k->n++) = (struct key){ hash, node };
	return 0;
}

static int
before(const struct key *a, const struct key *b)
{
	return a->hash != b->hash ? a->hash < b->hash : a->node < b->node;
}

static void
insertion_sort(struct key *k, size_t n)
{
	struct key x;
	size_t i, j;

	for (i = 1; i < n; i++) {
		x = k[i];
		for (j = i; j > 0 && before(&x, &k[j - 1]); j--)
			k[j] = k[j - 1];
		k[j] = x;
	}
}

/* the eight bits that a digit of a key has: those of the hash, then the node */
static unsigned
digit(const struct key *k, unsigned d)
{
	if (d < 8)
		return (k->hash >> (56 - 8 * d)) & 0xff;
	return (k->node >> (24 - 8 * (d - 8))) & 0xff;
}

/* radix sort in place, most significant digit first */
static void
radix_sort(struct key *k, size_t n, unsigned d)
{
	size_t next[256], end[256], at;
	unsigned i, to;
	struct key x, y;

	if (n <= FEW || d == 12) {
		insertion_sort(k, n);
		return;
	}
	memset(end, 0, sizeof(end));
	for (at = 0; at < n; at++)
		end[digit(&k[at], d)]++;
	for (at = 0, i = 0; i < 256; i++) {
		next[i] = at;
		at = end[i] += at;
	}
	for (i = 0; i < 256; i++) {
		while (next[i] < end[i]) {
			x = k[next[i]];
			while ((to = digit(&x, d)) != i) {
				y = k[next[to]];
				k[next[to]++] = x;
				x = y;
			}
			k[next[i]++] = x;
		}
	}
	for (at = 0, i = 0; i < 256; at = end[i++])
		radix_sort(k + at, end[i] - at, d + 1);
}

static size_t
bucket(const struct keyindex *k, uint64_t hash)
{
	return k->bits == 0 ? 0 : (size_t)(hash >> (64 - k->bits));
}

int
keyindex_sort(struct keyindex *k)
{
	uint32_t *start, i;
	size_t b, buckets;

	radix_sort(k->list.p, k->n, 0);
	for (k->bits = 0; (k->n >> k->bits) > 8; k->bits++)
		continue;
	buckets = (size_t)1 << k->bits;
	k->start.room = k->room;
	if (bigarray_hold(&k->start, (buckets + 1) * sizeof(*start)) == -1)
		return -1;
	start = k->start.p;
	for (b = 0, i = 0; b < buckets; b++) {
		start[b] = i;
		while (i < k->n && bucket(k, keyindex_at(k, i)->hash) == b)
			i++;
	}
	start[buckets] = k->n;
	return 0;
}

uint32_t
keyindex_find(const struct keyindex *k, uint64_t hash)
{
	const uint32_t *start = k->start.p;
	size_t b = bucket(k, hash);
	uint32_t i;

	for (i = start[b]; i < start[b + 1]; i++) {
		if (keyindex_at(k, i)->hash >= hash)
			break;
	}
	return i < start[b + 1] && keyindex_at(k, i)->hash == hash ? i :
	    NOTHING;
}

/* the first key that is not before this hash and node, in its bucket */
static uint32_t
lower_bound(const struct keyindex *k, uint64_t hash, uint32_t node)
{
	const struct key sought = { .hash = hash, .node = node };
	const uint32_t *start = k->start.p;
	size_t b = bucket(k, hash);
	uint32_t low = start[b], high = start[b + 1], middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (before(keyindex_at(k, middle), &sought))
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

int
keyindex_has(const struct keyindex *k, uint64_t hash, uint32_t node)
{
	uint32_t i = lower_bound(k, hash, node);

	return i < k->n && keyindex_at(k, i)->hash == hash &&
	    keyindex_at(k, i)->node == node;
}

uint32_t
keyindex_last(const struct keyindex *k, uint32_t i)
{
	return lower_bound(k, keyindex_at(k, i)->hash, NOTHING) - 1;
}

uint32_t
keyindex_next(const struct keyindex *k, uint32_t i)
{
	return i + 1 < k->n && keyindex_at(k, i + 1)->hash == keyindex_at(k,
	    i)->hash ? i + 1 : NOTHING;
}

void
keyindex_free(struct keyindex *k)
{
	bigarray_free(&k->list);
	bigarray_free(&k->start);
	k->n = 0;
}
