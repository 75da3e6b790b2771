/* SPDX-License-Identifier: ISC */
/*
 * What stands in the containers of a tape, found by key or number.
 *
 * The first few members of an object are looked at one after the other; of
 * more a table is made, for all of the tape at once.
 */
#ifndef JSON_FIND_H
#define JSON_FIND_H

#include <stddef.h>
#include <stdint.h>	/* tokens */

struct slice;
struct tape;

/* zeroed but for tape (borrowed): nothing was sought yet */
struct tapefind {
	const struct tape *tape;
	uint32_t *slots;	/* a token + 1; 0: free */
	size_t mask;
};

/* another value is on the tape; tape_find_free() also does */
void	tape_find_reset(struct tapefind *);

/*
 * The first member of an object with this key, as it is spelled; TAPE_NONE:
 * it has none, or is no object, or TAPE_NONE itself.
 */
uint32_t tape_find_member(struct tapefind *, uint32_t object, struct slice key);

/* the n-th element of an array, from 0; TAPE_NONE as above */
uint32_t tape_find_element(struct tapefind *, uint32_t array, uint32_t n);

/*
 * What is at a pointer from the whole on, through objects only, its keys as
 * they are spelled; TAPE_NONE: nothing.
 */
uint32_t tape_find_pointer(struct tapefind *, struct slice pointer);
void	tape_find_free(struct tapefind *);

#endif
