/* SPDX-License-Identifier: ISC */
/*
 * Hashes of bytes; the only file that knows xxHash.
 */
#include "base/hash.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <xxhash.h>

#include "base/buf.h"

struct digest {
	XXH3_state_t *state;
};

static void
add(struct digest_sum *sum, XXH128_hash_t h)
{
	sum->low += h.low64;
	sum->high += h.high64 + (sum->low < h.low64);
}

void
digest_add(struct digest_sum *sum, const void *p, size_t n)
{
	add(sum, XXH3_128bits(p, n));
}

void
digest_subtract(struct digest_sum *sum, const void *p, size_t n)
{
	XXH128_hash_t h = XXH3_128bits(p, n);

	sum->high -= h.high64 + (sum->low < h.low64);
	sum->low -= h.low64;
}

struct digest *
digest_open(void)
{
	struct digest *d;

	d = xmalloc(sizeof(*d));
	if ((d->state = XXH3_createState()) == NULL)
		memory_fail();
	XXH3_128bits_reset(d->state);
	return d;
}

void
digest_close(struct digest *d)
{
	if (d == NULL)
		return;
	XXH3_freeState(d->state);
	free(d);
}

void
digest_piece(struct digest *d, const void *p, size_t n)
{
	XXH3_128bits_update(d->state, p, n);
}

void
digest_add_pieces(struct digest_sum *sum, struct digest *d)
{
	add(sum, XXH3_128bits_digest(d->state));
	XXH3_128bits_reset(d->state);
}

void
digest_text(const struct digest_sum *sum, char text[DIGEST_TEXT])
{
	snprintf(text, DIGEST_TEXT, "%016" PRIx64 "%016" PRIx64, sum->high,
	    sum->low);
}

uint64_t
digest_hash(const void *p, size_t n)
{
	return XXH3_64bits(p, n);
}

uint64_t
digest_seeded(const void *p, size_t n, uint64_t seed)
{
	return XXH3_64bits_withSeed(p, n, seed);
}
