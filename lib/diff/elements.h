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

struct changes;
struct record;
struct version;

/* note the changes of two arrays and of what is in them */
void	elements_compare(struct changes *, uint32_t old, uint32_t new,
	    int ignored);

/* note which elements of a version have an identity in the map */
void	elements_identify(struct version *, const struct record *);

#endif
