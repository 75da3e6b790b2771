/* SPDX-License-Identifier: ISC */
/*
 * Counters in components of what belongs to them, such as phrases of an
 * intent (map rows "count"): they follow what they count.
 */
#ifndef SELECT_COUNTING_H
#define SELECT_COUNTING_H

#include <stdint.h>	/* numbers */

struct buf;
struct record;
struct selection;

/* mark the records that count one that is dropped (SELECT_COUNT) */
void	counting_mark(struct selection *, uint32_t node);

/*
 * Bring the counters of a record up to date: its new line, into an empty
 * buffer.  1: changed; 0; -1 after a message.
 */
int	counting_change(struct selection *, uint32_t node,
	    const struct record *, struct buf *line);

#endif
