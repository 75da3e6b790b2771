/* SPDX-License-Identifier: ISC */
/*
 * Files that are not split, and values that are the bytes of a file: texts
 * are the same whatever their line ends.
 */
#ifndef DIFF_RAW_H
#define DIFF_RAW_H

#include <stdint.h>	/* numbers */

#include "base/buf.h"	/* the texts inside */
#include "base/slice.h"	/* values */

struct record;
struct side;

/* the texts of both versions; zeroed: none */
struct raw {
	struct buf of[2], plain[2];
};

/* whether two values with an encoding are the same */
int	raw_same(struct raw *, const struct record *, const struct record *);

/* whether two files that are not split differ: 1, 0 or -1 */
int	raw_differ(struct raw *, struct side *old, uint32_t file,
	    struct side *new, uint32_t its);

/*
 * A file as JSON: a text as a string; what is none, or large, as an object
 * with its bytes and a hash.  It lasts until the next call for this side.  0,
 * or -1 after a message.
 */
int	raw_value(struct raw *, struct side *, uint32_t file,
	    struct slice *json);
void	raw_free(struct raw *);

#endif
