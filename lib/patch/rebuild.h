/* SPDX-License-Identifier: ISC */
/*
 * A target's records in their new order: those that stay, what comes between
 * them, and the lines that take others' place.
 */
#ifndef PATCH_REBUILD_H
#define PATCH_REBUILD_H

#include <stddef.h>
#include <stdint.h>	/* numbers */

#include "base/bigarray.h"	/* the arrays inside */
#include "base/buf.h"	/* a line inside */
#include "stream/stream.h"	/* the stream that is written */

struct tree;

/* of a record of the target: node->status */
enum {
	REBUILD_GONE = 1,	/* it is not in the result */
	REBUILD_TAKEN = 2,	/* it stands elsewhere */
	REBUILD_NAMED = 4	/* the patch names it */
};

/* what comes into one of the target's records, numbers of items */
struct rebuild_slot {
	uint32_t first;		/* before all that stands in it */
	uint32_t after;		/* behind it */
	uint32_t last, tail;	/* behind all that stands in it: a chain */
};

/* what is put somewhere, with all that stands in it */
struct rebuild_item {
	uint32_t node;
	uint32_t next;		/* the item behind it, or NOTHING */
	uint32_t of_target;	/* the node is the target's, else the patch's */
};

/* a record whose inside is written */
struct rebuild_frame {
	uint32_t node, next, item;
	int ended;
};

/* zeroed but for the trees and the rooms */
struct rebuild {
	struct tree *target, *patch;
	struct bigarray slots;	/* by node, the last is the stream's */
	struct bigarray items;	/* nitems */
	uint64_t nitems;
	struct bigarray lines;	/* of uint32_t, by node: the patch's record
				   whose line it gets, or NOTHING */
	struct stream_out *out;
	struct buf stack;	/* of struct rebuild_frame */
	struct buf line;
};

/* make the arrays, once the trees are read: nothing changes; 0 or -1 */
int	rebuild_init(struct rebuild *);
void	rebuild_free(struct rebuild *);

/* an item more: its number, or NOTHING after a message */
uint32_t rebuild_add(struct rebuild *, uint32_t node, int of_target);

/* write all records; 0 or -1 */
int	rebuild_write(struct rebuild *);

static inline struct rebuild_slot *
rebuild_slot(const struct rebuild *r, uint32_t slot)
{
	return (struct rebuild_slot *)r->slots.p + slot;
}

static inline struct rebuild_item *
rebuild_item(const struct rebuild *r, uint32_t item)
{
	return (struct rebuild_item *)r->items.p + item;
}

#endif
