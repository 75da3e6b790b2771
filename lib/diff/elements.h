/* SPDX-License-Identifier: ISC */
/*
 * Two versions of an array: which elements are the same, which moved, came
 * and went.
 *
 * Elements that say the same are paired first, in order (sequence.h); then
 * those of one identity (a row "inner" of the map), and those that say the
 * same elsewhere; between pairs that are in order the rest by likeness.
 */
#ifndef DIFF_ELEMENTS_H
#define DIFF_ELEMENTS_H

#include <stdint.h>	/* tokens */

struct buf;
struct changes;
struct record;
struct version;

/* note the changes of two arrays and of what is in them */
void	elements_compare(struct changes *, uint32_t old, uint32_t new,
	    int ignored);

/*
 * Which elements of two arrays are the same: mates by number, SEQUENCE_NONE
 * where there is none; both lists have room for an element each.
 */
void	elements_pair(struct changes *, uint32_t old, uint32_t new,
	    uint32_t *old_mates, uint32_t *new_mates);

/* whether two elements have the same identity in the map */
int	elements_same_id(const struct changes *, uint32_t old, uint32_t new);

/*
 * Append the step to an element for people: its name or id in quotes, or the
 * number.
 */
void	elements_step(struct changes *, struct version *, uint32_t token,
	    uint32_t number, struct buf *);

/* note which elements of a version have an identity in the map */
void	elements_identify(struct version *, const struct record *);

#endif
