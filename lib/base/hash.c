/* SPDX-License-Identifier: ISC */
/*
 * Hashes of bytes; the only file that knows xxHash.
 */
#include "base/hash.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#define XXH_INLINE_ALL	/* most of what is hashed is short */
#include <xxhash.h>

#include "base/buf.h"

struct hash {
	XXH3_state_t *state;
};

static void
add_hash(struct hash_sum *sum, XXH128_hash_t h)
{
	sum->low += h.low64;
	sum->high += h.high64 + (sum->low < h.low64);
}

void
hash_add(struct hash_sum *sum, const void *p, size_t n)
{
	add_hash(sum, XXH3_128bits(p, n));
}

void
hash_subtract(struct hash_sum *sum, const void *p, size_t n)
{
	XXH128_hash_t h = XXH3_128bits(p, n);

	sum->high -= h.high64 + (sum->low < h.low64);
	sum->low -= h.low64;
}

struct hash *
hash_open(void)
{
	struct hash *d;

	d = xmalloc(sizeof(*d));
	if ((d->state = XXH3_createState()) == NULL)
		memory_fail();
	XXH3_128bits_reset(d->state);
	return d;
}

void
hash_close(struct hash *d)
{
	if (d == NULL)
		return;
	XXH3_freeState(d->state);
	free(d);
}

void
hash_piece(struct hash *d, const void *p, size_t n)
{
	XXH3_128bits_update(d->state, p, n);
}

void
hash_add_pieces(struct hash_sum *sum, struct hash *d)
{
	add_hash(sum, XXH3_128bits_digest(d->state));
	XXH3_128bits_reset(d->state);
}

void
hash_text(const struct hash_sum *sum, char text[HASH_TEXT])
{
	snprintf(text, HASH_TEXT, "%016" PRIx64 "%016" PRIx64, sum->high,
	    sum->low);
}

uint64_t
hash_bytes(const void *p, size_t n)
{
	return XXH3_64bits(p, n);
}

uint64_t
hash_seeded(const void *p, size_t n, uint64_t seed)
{
	return XXH3_64bits_withSeed(p, n, seed);
}
