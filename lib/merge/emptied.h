/* SPDX-License-Identifier: ISC */
/*
 * Files of which a merge leaves nothing, and containers into which nothing
 * comes: these go, too.
 */
#ifndef MERGE_EMPTIED_H
#define MERGE_EMPTIED_H

#include <stdint.h>	/* numbers */

struct decide;

/* when all components are decided; 0, or -1 after a message */
int	emptied(struct decide *);

/* whether the source brings something new into a file of the target */
int	emptied_fills(const struct decide *, uint32_t file);

#endif
