/* SPDX-License-Identifier: ISC */
/*
 * The order of what two sides made of one list: ours, with what only theirs
 * has behind the same neighbours; where only theirs was put into another
 * order, the other way round.
 */
#ifndef THREEWAY_ARRANGE_H
#define THREEWAY_ARRANGE_H

#include <stddef.h>
#include <stdint.h>	/* numbers */

struct buf;

/* numbers, none of them twice */
struct arrange_list {
	const uint32_t *list;
	size_t n;
};

/*
 * Append (as uint32_t) all that ours and theirs have, each once; numbers are
 * below count.  base has the order that both began with.  Returns whether both
 * sides changed the order of what all three have, each in another way.
 */
int	arrange(struct arrange_list base, struct arrange_list ours,
	    struct arrange_list theirs, uint32_t count, struct buf *out);

#endif
