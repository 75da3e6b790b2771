/* SPDX-License-Identifier: ISC */
/*
 * A file of a package on its way into a stream, and its @file line.
 */
#ifndef CONVERT_FILE_RECORD_H
#define CONVERT_FILE_RECORD_H

#include <stddef.h>

#include "base/slice.h"	/* slices */
#include "package/member.h"	/* what is known of it */

struct buf;
struct map_file;
struct map_row;

/* a file, as the package and the map know it; everything is borrowed */
struct file {
	const char *input;	/* the package's operand, for messages */
	const struct map_file *row;	/* NULL: the map does not know it */
	struct member member;
	struct slice path;	/* its name as a JSON string */
	struct slice owner;	/* a JSON array of references; p NULL: none */
	const char *stars;	/* what its pattern's stars stood for: texts */
	size_t nstars;		/* as in JSON strings, each ended by a NUL */
};

/*
 * Append the line, without a newline.  Style NULL: the file is not split;
 * empty: it has no lines of its own, and makes a member all the same.
 */
void	file_record_put(struct buf *, const struct file *, const char *type,
	    const char *style, int newline, int empty);

/*
 * Append the array of references that a "belongs" row makes of the stars;
 * nothing for NULL.
 */
void	file_record_owner(struct buf *, const struct map_row *,
    const char *stars,
	    size_t nstars);

#endif
