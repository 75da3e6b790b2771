/* SPDX-License-Identifier: ISC */
/*
 * What a merge makes of each record: node->fate on both sides, and why.
 */
#ifndef MERGE_DECIDE_H
#define MERGE_DECIDE_H

#include "merge/deciding.h"	/* what was decided */

/* decide for all; rules have their scope.  0 or -1; decide_free() after */
int	decide(struct decide *, struct diag *, struct side *target,
	    struct side *source);
void	decide_free(struct decide *);

#endif
