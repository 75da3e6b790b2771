/* SPDX-License-Identifier: ISC */
/*
 * Where a record stands, for people: an element of a list has its number there,
 * from 0, where the stream has "-".
 */
#ifndef MATCH_NUMBERING_H
#define MATCH_NUMBERING_H

#include <stdint.h>	/* numbers */

struct buf;
struct side;
struct slice;

/*
 * Append the place of a record, whose "at" is given.  With another side (or
 * NULL, but for one side always the same) an element that has a mate there has
 * the mate's number, and the others follow all of the mate's list, so that no
 * two are called alike.  Each list is numbered once.  0, or -1 after a message.
 */
int	numbering_put(struct side *, struct side *other, uint32_t node,
	    struct slice at, struct buf *to);

#endif
