/* SPDX-License-Identifier: ISC */
/*
 * What each record's own rule makes of it, whatever hangs on it.
 */
#ifndef MERGE_CHOOSE_H
#define MERGE_CHOOSE_H

struct decide;

/* by the rules of a full import, or an incremental one; 0 or -1 */
int	choose(struct decide *, int full);

#endif
