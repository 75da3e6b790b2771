/* SPDX-License-Identifier: ISC */
/*
 * What stands inside of two records that are the same one: lines without id
 * are the same if they stand at the same place.
 */
#ifndef INSIDE_H
#define INSIDE_H

#include <stdint.h>	/* numbers */

struct side;

/* pair those that have no mate yet, in order; 0, or -1 after a message */
int	inside_join(struct side *target, uint32_t t, struct side *source,
	    uint32_t s);

/* take the pairs of those apart */
void	inside_part(struct side *, uint32_t node);

#endif
