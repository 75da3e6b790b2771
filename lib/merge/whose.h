/* SPDX-License-Identifier: ISC */
/*
 * Who a record of a merge is, for people: its id, or where it stands.
 */
#ifndef MERGE_WHOSE_H
#define MERGE_WHOSE_H

#include <stdint.h>	/* numbers */

#include "base/buf.h"	/* the counting inside */

struct record;
struct side;

/* zeroed: nothing counted yet; records come in the order of their stream */
struct whose {
	struct buf counts[2];	/* of struct count, by depth: of each side */
};

/*
 * Append the id of a record, as in a JSON string, or its file and pointer
 * with a "#" between them.  An element of a list has its number there, from
 * 0; one that only the source has follows those of the target, so that no
 * two are called alike.  node is of the side; other is the other one.
 */
void	whose(struct whose *, const struct side *, const struct side *other,
	    uint32_t node, const struct record *, struct buf *);
void	whose_free(struct whose *);

#endif
