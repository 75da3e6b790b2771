/* SPDX-License-Identifier: ISC */
/*
 * A set of words, each in one of several lists, kept by their hashes.
 */
#ifndef BASE_REFSET_H
#define BASE_REFSET_H

#include <stddef.h>
#include <stdint.h>	/* hashes */

/* a zeroed struct is empty */
struct refset {
	uint64_t *slots;	/* 0: free */
	size_t n, mask;
};

/* forget all words; a table that was large is given back */
void	refset_reset(struct refset *);

/* add a word of a list (any number); 0: it was there */
int	refset_add(struct refset *, unsigned list, const char *, size_t n);

/* whether the list has the word */
int	refset_has(const struct refset *, unsigned list, const char *,
	    size_t n);
void	refset_free(struct refset *);

#endif
