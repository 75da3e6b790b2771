/* SPDX-License-Identifier: ISC */
/*
 * Which triples are in the result: what one side removed is gone, unless the
 * other one changed it, put something into it, or needs it.  That is asked.
 */
#ifndef THREEWAY_FATES_H
#define THREEWAY_FATES_H

struct composer;

/* decide of all; 0, or -1 after a message */
int	fates_decide(struct composer *);

#endif
