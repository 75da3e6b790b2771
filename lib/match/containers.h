/* SPDX-License-Identifier: ISC */
/*
 * Containers that stand in a component, in the order of a value that was made
 * of several versions of it.
 */
#ifndef MATCH_CONTAINERS_H
#define MATCH_CONTAINERS_H

#include <stddef.h>
#include <stdint.h>	/* numbers */

struct buf;
struct side;
struct tapefind;

struct container {
	uint32_t node;		/* of its side */
	uint32_t token;		/* where the value has it, or TAPE_NONE */
	size_t order;		/* in which it was added */
	uint32_t which;		/* the caller's */
};

/*
 * Add a container of a side to a list of struct container, by its place in
 * the component, whose own place has "skip" bytes.  It has none in the value
 * where that has something else there, such as a text.  0 or -1
 */
int	containers_add(struct buf *list, struct tapefind *value,
	    struct side *, uint32_t node, size_t skip, uint32_t which);

/* as the value has them; those that have no place there last */
void	containers_sort(struct buf *list);

#endif
