/* SPDX-License-Identifier: ISC */
/*
 * What is found by its hash: a set of words, or numbers of the caller's.
 */
#ifndef BASE_HASHSET_H
#define BASE_HASHSET_H

#include <stddef.h>
#include <stdint.h>	/* hashes */

/* a zeroed struct is empty; it holds either words or numbers */
struct hashset {
	uint64_t *slots;	/* a word's hash, or half of one and a number
				   + 1; 0: free */
	size_t n, mask;
};

/* no number */
#define HASHSET_NONE UINT32_MAX

/* forget all; a table that was large is given back */
void	hashset_reset(struct hashset *);

/* room for n in all: what is added until then moves nothing */
void	hashset_room(struct hashset *, size_t n);

/* add a word, of one of several lists (any number); 0: it was there */
int	hashset_add(struct hashset *, unsigned list, const char *, size_t n);

/* whether the list has the word */
int	hashset_has(const struct hashset *, unsigned list, const char *,
	    size_t n);

/* add a number (but HASHSET_NONE) by a hash, which others may have, too */
void	hashset_put(struct hashset *, uint64_t hash, uint32_t number);

/*
 * The next number that may have been added by this hash, in the order they
 * came, or HASHSET_NONE; the caller compares what it stands for.  *at is zero
 * before the first.
 */
static inline uint32_t
hashset_next(const struct hashset *s, uint64_t hash, size_t *at)
{
	uint64_t slot;

	if (s->slots == NULL)
		return HASHSET_NONE;
	do
		slot = s->slots[((hash >> 32) + (*at)++) & s->mask];
	while (slot != 0 && slot >> 32 != hash >> 32);
	return (uint32_t)slot - 1;
}

void	hashset_free(struct hashset *);

#endif
