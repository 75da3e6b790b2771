/* SPDX-License-Identifier: ISC */
/*
 * Which records of two streams are the same component.
 *
 * What stands in no other component pairs by id, or without one by its place
 * in the file; then those of which an alias tells that one was renamed.  What
 * stands inside a component pairs in the same ways, but only inside a pair:
 * its id need be unique in what is around it alone.  Elements of arrays
 * without an id pair if they say the same, the rest by their place; but where
 * the map has a "key", by that.
 *
 * Of several records of one id, those that say the same pair first, and of
 * these the ones of equal status: so an import finds again what it brought,
 * though it reset statuses.  Then those of equal status, in order; the rest the
 * k-th with the k-th.
 *
 * The calls, in their order: side_open() of both, whose first lines say which
 * map; sorts_init() with that; side_read() of both; pair_all().  Then
 * side_mate() is asked.  tests/unit/pair.c is all of it.
 *
 * The folder, in the order to read it: side.h, a stream read to be compared;
 * sorts.h, what the map says of its records; this; rename.h, what is called
 * otherwise on the other side, and folders.h, what moves with it; numbering.h,
 * where a record stands, for people; containers.h, what stands in a component.
 * None of them knows what a merge does, but for the place that side.h has for
 * what it notes.
 */
#ifndef MATCH_PAIR_H
#define MATCH_PAIR_H

#include <stdint.h>	/* numbers */

struct side;

/*
 * Pair the records of two streams, which side_read() has read with the same
 * sorts: side_mate() tells who is the same as whom.  between (or NULL) is
 * called with ctx, once what stands in no component is paired and before what
 * stands inside: it may pair more, and change the flags of pairs.  0, or -1
 * after a message, also where between returns -1.
 */
int	pair_all(struct side *target, struct side *source,
	    int (*between)(void *ctx, struct side *, struct side *),
	    void *ctx);

/* these two are the same: mark both, with more flags of side.h */
void	pair_join(struct side *target, uint32_t t, struct side *source,
	    uint32_t s, unsigned flags);

/*
 * Pair what stands in two files or components that are a pair; of files only
 * what has no id, for ids pair wherever they stand.  0, or -1 after a message.
 */
int	pair_inside(struct side *target, uint32_t t, struct side *source,
	    uint32_t s);

#endif
