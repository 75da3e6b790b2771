/* SPDX-License-Identifier: ISC */
/*
 * What a component of one side of a merge says, to be compared with those of
 * the other: aliases stand for who is meant.
 */
#ifndef LIKENESS_H
#define LIKENESS_H

#include <stdint.h>	/* numbers */

#include "buf.h"	/* texts inside */

struct canon;
struct side;

/* zeroed but for canon, which is borrowed */
struct likeness {
	struct canon *canon;
	struct side *side;	/* of the record looked at */
	struct buf line;	/* ... and its line */
	struct buf ids;		/* of char *: of those it refers to */
};

/* a hash of it, equal for equal content; 0, or -1 after a message */
int	likeness(struct likeness *, struct side *, uint32_t node,
	    uint64_t *hash);
void	likeness_free(struct likeness *);

#endif
