/* SPDX-License-Identifier: ISC */
/*
 * Two texts compared word by word.
 */
#ifndef DIFF_WORDS_H
#define DIFF_WORDS_H

#include "base/slice.h"	/* texts */

struct buf;

/* a run of words */
struct words_run {
	enum { WORDS_BOTH, WORDS_OLD, WORDS_NEW } of;
	struct slice text;	/* of the new text, if both have it */
};

/*
 * Append the runs of which both texts (what is between the quotes of JSON
 * strings) are made, as struct words_run.
 */
void	words_compare(struct slice old, struct slice new, struct buf *runs);

#endif
