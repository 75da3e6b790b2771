/* SPDX-License-Identifier: ISC */
/*
 * Files that go by another path because what they are of was renamed.
 *
 * A renamed component that is a file of its own takes its file along; one
 * whose folder is called after it takes all that is below.
 */
#ifndef MERGE_FILE_MOVES_H
#define MERGE_FILE_MOVES_H

#include <stdint.h>	/* numbers */

#include "match/folders.h"	/* those that move */

struct buf;
struct record;
struct renames;
struct side;

/*
 * Zeroed: nothing moved.  The target's of what is renamed; the source's of
 * what is not, for the target's name stays.
 */
struct file_moves {
	struct folders of[2];
};

/*
 * What is not imported is not renamed: of pairs by an alias whose rule leaves
 * the target's as it is, the target's id stays.  Of those that stand in no
 * component before file_moves_find(), of all once everything is paired.
 */
void	file_moves_undo(struct side *target, struct side *source);

/*
 * Pair the files of the renamed pairs, and what stands in them; a target's
 * file that moves gets SIDE_RENAMED, a source's SIDE_UNRENAMED.  0, or -1
 * after a message.
 */
int	file_moves_find(struct file_moves *, struct side *target,
    struct side *source);

/*
 * Append the path, as in a JSON string, that a file of a side has now, if it
 * moves: a target's, or one that only the source has.  1, 0 (it stays) or -1.
 */
int	file_moves_path(const struct file_moves *, struct side *,
	    struct side *other, uint32_t file, struct buf *path);

/*
 * Append a line of a file that moves to this path: its file, the ids that the
 * path tells, and what it belongs to.
 */
void	file_moves_line(struct buf *line, const struct record *,
    const struct side *,
	    const struct renames *, const char *path, size_t n);

void	file_moves_free(struct file_moves *);

#endif
