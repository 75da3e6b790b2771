/* SPDX-License-Identifier: ISC */
/*
 * Members of objects in which each side has something else.
 */
#ifndef MERGE_OVERLAP_H
#define MERGE_OVERLAP_H

struct decide;

/*
 * When everything is decided: of two things at one place the one that says
 * nothing (null, "" or an empty container) makes way.  If both say something,
 * a sentence is added to d->overlaps.  0, or -1 after a message.
 */
int	overlap(struct decide *);

#endif
