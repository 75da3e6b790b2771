/* SPDX-License-Identifier: ISC */
/*
 * Three versions of a text, merged line by line.
 */
#ifndef THREEWAY_TEXTLINES_H
#define THREEWAY_TEXTLINES_H

#include "base/slice.h"	/* texts */

struct buf;

/*
 * Append what both sides made of a text, which is what stands between the
 * quotes of a JSON string.  1; 0: both changed the same lines, or lines that
 * follow each other, and nothing was appended.
 */
int	textlines_merge(struct slice base, struct slice ours,
	    struct slice theirs, struct buf *out);

#endif
