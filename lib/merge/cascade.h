/* SPDX-License-Identifier: ISC */
/*
 * What is dropped with what is dropped: what belonged to it, what stood in
 * it, what only it needed, and what cannot be without it.  What stays, but
 * has lost something, is marked with SIDE_REPAIR.
 */
#ifndef MERGE_CASCADE_H
#define MERGE_CASCADE_H

#include <stdint.h>	/* numbers */

struct fates;
struct side;

/*
 * All that depends on what the rules drop, and what neither side has:
 * d->missing, d->mentioned, SIDE_HELD.  0, or -1 after a message.
 */
int	cascade(struct fates *);

/*
 * When all components are decided: files of which nothing is left, and
 * containers into which nothing comes, are dropped, too.  0 or -1.
 */
int	cascade_empty(struct fates *);

/* whether anything in a container is in the result, of the source as new */
int	cascade_holds(const struct side *, uint32_t open);

/* whether the source brings something new into a file of the target */
int	cascade_fills(const struct fates *, uint32_t file);

#endif
