/* SPDX-License-Identifier: ISC */
/*
 * What two sequences have in common, in the same order.
 *
 * Elements are numbers, such as hashes.  Those that each side has once are
 * found first, then the same between them (patience diff); what is left is
 * compared pair by pair if it is little.  Time is that of sorting a few times.
 */
#ifndef DIFF_SEQUENCE_H
#define DIFF_SEQUENCE_H

#include <stdint.h>	/* elements */

#define SEQUENCE_NONE UINT32_MAX

/*
 * mate[i] becomes the number of the element of b (m of them) that the i-th of
 * a (n) is, or SEQUENCE_NONE; mates ascend.
 */
void	sequence_match(const uint64_t *a, uint32_t n, const uint64_t *b,
	    uint32_t m, uint32_t *mate);

/*
 * keep[i] becomes 1 for the numbers of a longest rising subsequence of n
 * numbers that differ, else 0; SEQUENCE_NONE is passed over.
 */
void	sequence_rising(const uint32_t *list, uint32_t n, uint8_t *keep);

#endif
