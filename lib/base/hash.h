/* SPDX-License-Identifier: ISC */
/*
 * Hashes of bytes, and the order-free sum that a stream ends with.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>	/* the sum's halves */

/* a sum modulo 2^128 of XXH3-128 hashes; zeroed: of nothing */
struct digest_sum {
	uint64_t high, low;
};

/* room for a sum as text: 32 hex digits and a terminator */
#define DIGEST_TEXT 33

/* add the hash of n bytes */
void	digest_add(struct digest_sum *, const void *, size_t n);

/* take it away again */
void	digest_subtract(struct digest_sum *, const void *, size_t n);

/* the hash of bytes that come in pieces; to be given to digest_close() */
struct digest;
struct digest *digest_open(void);
void	digest_close(struct digest *);
void	digest_piece(struct digest *, const void *, size_t n);

/* add the hash of the pieces so far, and start over */
void	digest_add_pieces(struct digest_sum *, struct digest *);

/* most significant digit first, as xxhsum(1) prints */
void	digest_text(const struct digest_sum *, char text[DIGEST_TEXT]);

/* a hash for tables in memory */
uint64_t digest_hash(const void *, size_t n);

/* one that nobody can foresee, if nobody knows the seed */
uint64_t digest_seeded(const void *, size_t n, uint64_t seed);

#endif
