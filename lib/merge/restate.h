/* SPDX-License-Identifier: ISC */
/*
 * What a line refers to and counts, restated for the result of a merge.
 */
#ifndef MERGE_RESTATE_H
#define MERGE_RESTATE_H

#include <stdint.h>	/* numbers */

struct compose;
struct record;
struct side;

/* the words of a side's line as the result has them: 1, 0 (the same) or -1 */
int	restate_words(struct compose *, int source, struct record *);

/* the line without what leads nowhere any more: an enum mended, or -1 */
int	restate_lost(struct compose *, const struct side *, struct record *);

/*
 * The id of a line of the target, which stays, in a component that was
 * renamed: 1, 0 (the same) or -1.
 */
int	restate_scope(struct compose *, uint32_t t, struct record *);

/*
 * The number of what belongs to it, if that is another in the result: of a
 * pair, or of one alone (NOTHING), as the line is from the target or the
 * source.  1, 0 (the same) or -1.
 */
int	restate_count(struct compose *, uint32_t t, uint32_t s,
	    int from_source, struct record *);

#endif
