/* SPDX-License-Identifier: ISC */
/*
 * Memory for many small things that are freed at once.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stddef.h>

/* zeroed: empty */
struct arena {
	struct arena_block *last;	/* its blocks, the last one first */
	size_t size, used;		/* of the last: bytes behind its head */
};

/* n bytes, zeroed and aligned for anything; they last until arena_free() */
void	*arena_get(struct arena *, size_t n);

/* give all of it back; leaves it empty */
void	arena_free(struct arena *);

#endif
