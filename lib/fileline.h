/* SPDX-License-Identifier: ISC */
/*
 * The @file line, which every file of a package has in a stream.
 */
#ifndef FILELINE_H
#define FILELINE_H

struct buf;
struct member;

/*
 * Append the line, without a newline.  Style NULL: the file is not split;
 * empty: it has no lines of its own, and makes a member all the same.
 */
void	fileline_put(struct buf *, const struct member *, const char *type,
	    const char *style, int newline, int empty);

#endif
