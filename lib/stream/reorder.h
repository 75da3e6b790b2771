/* SPDX-License-Identifier: ISC */
/*
 * A component of an edited stream with all that stands in it, in the order
 * that pkg-stream(5) asks for: containers as the value has them.  Whoever
 * sorts the keys of all lines changes the one and not the other.
 */
#ifndef STREAM_REORDER_H
#define STREAM_REORDER_H

#include <stdint.h>	/* line numbers */

#include "base/buf.h"	/* the lines inside */

struct record;

/* zeroed: none are held */
struct reorder {
	struct buf lines;	/* one behind the other */
	struct buf items;	/* of struct reorder_item */
	size_t next;		/* the item to be given */
};

/* whether it is a component in which more than one container may be opened */
int	reorder_begins(const struct record *);

/* whether it stands in the component held first */
int	reorder_inside(const struct reorder *, const struct record *);

/* hold one more; the number of its line */
void	reorder_add(struct reorder *, const struct record *, uint64_t number);

/* bring the first n that are held into their order */
void	reorder_sort(struct reorder *, size_t n);
size_t	reorder_count(const struct reorder *);

/* the next line in place of what the buffer has; 0: all are given */
int	reorder_next(struct reorder *, struct buf *line, uint64_t *number);

/* whether all are given; then others may be held */
int	reorder_done(const struct reorder *);
void	reorder_free(struct reorder *);

#endif
