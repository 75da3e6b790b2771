/* SPDX-License-Identifier: ISC */
/*
 * Hashes of bytes, and the order-free sum that a stream ends with.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include <stddef.h>
#include <stdint.h>	/* the sum's halves */

/* a sum modulo 2^128 of XXH3-128 hashes; zeroed: of nothing */
struct hash_sum {
	uint64_t high, low;
};

/* room for a sum as text: 32 hex digits and a terminator */
#define HASH_TEXT 33

/* add the hash of n bytes */
void	hash_add(struct hash_sum *, const void *, size_t n);

/* take it away again */
void	hash_subtract(struct hash_sum *, const void *, size_t n);

/* add another sum */
static inline void
hash_add_sum(struct hash_sum *sum, const struct hash_sum *other)
{
	sum->low += other->low;
	sum->high += other->high + (sum->low < other->low);
}

/* the hash of bytes that come in pieces; to be given to hash_close() */
struct hash;
struct hash *hash_open(void);
void	hash_close(struct hash *);
void	hash_piece(struct hash *, const void *, size_t n);

/* add the hash of the pieces so far, and start over */
void	hash_add_pieces(struct hash_sum *, struct hash *);

/* most significant digit first, as xxhsum(1) prints */
void	hash_text(const struct hash_sum *, char text[HASH_TEXT]);

/* a hash for tables in memory */
uint64_t hash_bytes(const void *, size_t n);

/* one that nobody can foresee, if nobody knows the seed */
uint64_t hash_seeded(const void *, size_t n, uint64_t seed);

#endif
