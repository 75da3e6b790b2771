/* SPDX-License-Identifier: ISC */
/*
 * Where a record stands, for people: an element of a list has its number there,
 * from 0, where the stream has "-".
 */
#ifndef MATCH_NUMBERING_H
#define MATCH_NUMBERING_H

#include <stdint.h>	/* numbers */

#include "base/buf.h"	/* counts inside */
#include "base/slice.h"	/* slices */

struct side;

/* zeroed but for what is borrowed */
struct numbering {
	const struct side *side;
	/*
	 * NULL, or that of the other side: an element that has a mate there
	 * has the mate's number, the others follow all of the mate's list, so
	 * that no two are called alike.
	 */
	struct numbering *other;
	struct buf counts;	/* of struct count (numbering.c), by depth */
};

/*
 * Append the place of a record, whose "at" is given.  Of records in ascending
 * order each costs one step an element before it that was not counted yet.
 */
void	numbering_put(struct numbering *, uint32_t node, struct slice at,
	    struct buf *to);

void	numbering_free(struct numbering *);

#endif
