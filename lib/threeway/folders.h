/* SPDX-License-Identifier: ISC */
/*
 * Folders that go by another path in the result, for the other side renamed
 * what they are called after: what a side put into one goes with it.
 */
#ifndef THREEWAY_FOLDERS_H
#define THREEWAY_FOLDERS_H

#include "base/buf.h"	/* texts inside */
#include "base/keyindex.h"	/* and the table */
#include "base/slice.h"	/* paths */

struct triples;

/* of one side; zeroed: none */
struct folders {
	struct keyindex old;	/* by old path; node: where in texts both are */
	struct buf texts;	/* old and new path, a NUL behind each */
};

/* find those of ours and theirs, by TRIPLE_OURS and so on; 0, or -1 */
int	folders_find(struct folders *, struct triples *);

/* append a path, as in a JSON string, as the result has it; 1; 0: it stays */
int	folders_path(const struct folders *, struct slice path, struct buf *);

/*
 * Append the path that a file has in the result, as in a JSON string.  The
 * side whose it is; or -1 after a message.
 */
int	folders_file(struct triples *, uint32_t file, struct buf *);

void	folders_free(struct folders *);

#endif
