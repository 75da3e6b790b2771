/* SPDX-License-Identifier: ISC */
/*
 * Records that nothing needs any more (the map's "orphan"): they go, those
 * that only need each other, too.
 *
 * What lost a needer is in doubt.  What is in doubt, and what it needs in
 * turn, is tried together: what something else in the result needs is
 * cleared, with what it needs; the rest goes.
 */
#ifndef MERGE_ORPHANS_H
#define MERGE_ORPHANS_H

#include <stdint.h>	/* numbers */

struct decide;

/*
 * A record is gone, or another version of it is taken: doubt what it needed;
 * 0 or -1.
 */
int	orphans_doubt(struct decide *, int source, uint32_t node);

/* try them all, when d->work is empty: what goes is there then; 0 or -1 */
int	orphans_try(struct decide *);

#endif
