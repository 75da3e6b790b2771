/* SPDX-License-Identifier: ISC */
/*
 * What falls with what is gone: what belonged to it, what stood in it, what
 * only it needed, and what cannot be without it.  What stays, but has lost
 * something, is marked with SIDE_MEND.
 */
#ifndef MERGE_CASCADE_H
#define MERGE_CASCADE_H

struct decide;

/* all that hangs on what the rules let go; 0, or -1 after a message */
int	cascade(struct decide *);

#endif
