/* SPDX-License-Identifier: ISC */
/*
 * Folders that go by another path, for what they are called after was renamed:
 * all that is below goes with them.
 */
#ifndef MATCH_FOLDERS_H
#define MATCH_FOLDERS_H

#include "base/buf.h"	/* texts inside */
#include "base/keyindex.h"	/* and the table */
#include "base/slice.h"	/* paths */

struct room;

/* of one side */
struct folders {
	struct keyindex old;	/* by old path; node: where in texts both are */
	struct buf texts;	/* old and new path, a NUL behind each */
};

/* begin with none; the table takes its memory from room */
void	folders_init(struct folders *, struct room *);

/*
 * A file has another path, both as in a JSON string: the folder around it has
 * moved if it is called as the file is, but for its ending, here and there.
 * All are added before folders_sort().  0 or -1.
 */
int	folders_add(struct folders *, const struct buf *old,
	    const struct buf *new);
int	folders_sort(struct folders *);

/*
 * Append the path of a file as it is now, if it is below one that moved: of
 * several in one another, below the one that was added first.  1, or 0.
 */
int	folders_path(const struct folders *, struct slice path, struct buf *);

void	folders_free(struct folders *);

#endif
