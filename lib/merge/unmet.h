/* SPDX-License-Identifier: ISC */
/*
 * References of what is new that lead nowhere in the source: to the target's,
 * which is then held, or to nothing at all.
 */
#ifndef MERGE_UNMET_H
#define MERGE_UNMET_H

#include <stdint.h>	/* numbers */

struct decide;

/* find them: d->missing, d->mentioned, SIDE_HELD; 0, or -1 after a message */
int	unmet(struct decide *);

/* the same of one record of the source */
int	unmet_of(struct decide *, uint32_t source);

#endif
