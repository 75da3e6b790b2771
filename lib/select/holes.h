/* SPDX-License-Identifier: ISC */
/*
 * Containers that the platform leaves no empty one of: of a category that was
 * not exported there is no empty list, but none at all (map rows "left
 * absent").
 */
#ifndef SELECT_HOLES_H
#define SELECT_HOLES_H

#include <stdint.h>	/* numbers */

struct buf;
struct record;
struct selection;

/* before all: what the map says of containers */
void	holes_begin(struct selection *);

/* the first pass: a container that may be left out */
void	holes_take(struct selection *, uint32_t node, const struct record *);

/*
 * Once it is known what is dropped: drop the containers that go, and mark
 * the components that they stood in (SELECT_HOLE).
 */
void	holes_settle(struct selection *);

/*
 * Take the containers that went out of the value of a component: as prune(),
 * 1, 0 or -1 after a message.  Other lines are read on the way.
 */
int	holes_trim(struct selection *, uint32_t node, const struct record *,
	    struct buf *line);

#endif
