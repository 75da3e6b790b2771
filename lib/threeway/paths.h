/* SPDX-License-Identifier: ISC */
/*
 * Paths of files in the result: a file goes by that of the side which renamed
 * what it is called after, and what the other side put into its folder goes
 * with it.
 */
#ifndef THREEWAY_PATHS_H
#define THREEWAY_PATHS_H

#include <stdint.h>	/* numbers */

struct buf;
struct folders;
struct triples;

/*
 * Find the folders of ours and of theirs that moved, by TRIPLE_OURS and so on;
 * yours to free.  0, or -1 after a message.
 */
int	paths_find(struct folders *, struct triples *);

/*
 * Append the path that a file has in the result, as in a JSON string.  The
 * side whose it is; or -1 after a message.
 */
int	paths_file(struct triples *, uint32_t file, struct buf *);

#endif
