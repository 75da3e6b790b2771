/* SPDX-License-Identifier: ISC */
/*
 * Files of components that are called otherwise on the other side.
 */
#ifndef DIFF_FILES_H
#define DIFF_FILES_H

struct side;

/*
 * Pair the files of what was renamed, which has its name in their paths, and
 * what stands in them: pair_all()'s between, whose ctx is not looked at.  0,
 * or -1 after a message.
 */
int	files_pair(void *ctx, struct side *old, struct side *new);

#endif
