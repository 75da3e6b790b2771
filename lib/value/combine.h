/* SPDX-License-Identifier: ISC */
/*
 * Values of which parts come from another version of the same component.
 *
 * All take compact JSON texts, and append one.
 */
#ifndef VALUE_COMBINE_H
#define VALUE_COMBINE_H

#include <stddef.h>

#include "base/buf.h"	/* the text inside */
#include "json/edit.h"	/* the edits inside */
#include "json/tape.h"	/* the values inside */
#include "base/slice.h"	/* slices */

struct map_kind;
struct record;
struct locator;

/* zeroed but for spots (borrowed) */
struct combiner {
	struct locator *spots;
	struct tape old, new;	/* the target's, the source's */
	struct tapefind in_old, in_new;
	struct edits patch;
	struct buf keys[2];	/* what a record's key says */
	struct buf pointer;
	int newer;
};

void	combine_free(struct combiner *);

/*
 * Put both together: members and elements that only new has come behind those
 * of old.  Of scalars that differ new's count if newer; else old's stay, but
 * true goes before false.  Elements are the same if all of them is, or, if
 * key is not NULL, if they are objects in which this member is.  0, or -1:
 * one of them is no JSON.
 */
int	combine_unite(struct combiner *, struct slice old, struct slice new,
	    const char *key, int newer, struct buf *out);

/*
 * The new record's value with the target's members at the map's "local"
 * places: where old has none, the member goes, but stays inside elements of
 * arrays.  1: it differs; 0: it does not, nothing was appended; or -1.
 */
int	combine_local(struct combiner *, const struct record *old,
	    const struct record *new, struct buf *out);

/*
 * The same with old's secrets where new's are empty: the members of a row
 * "secret" (pkg-map(5)).
 */
int	combine_secret(struct combiner *, const struct map_kind *,
	    struct slice old, struct slice new, struct buf *out);

/* whether two versions say the same at the map's "key" places; or -1 */
int	combine_tie(struct combiner *, const struct record *old,
	    const struct record *new);

/* an empty container, "[]" or "{}", at a pointer into a value; borrowed */
struct combine_hole {
	struct slice pointer;
	const char *container;
	int yields;		/* even to what says nothing */
};

/*
 * The value with n such containers, each unless there is something: behind the
 * members that stand before it in model, a version that has it.  1, 0 (nothing
 * was appended) or -1.
 */
int	combine_open(struct combiner *, struct slice value, struct slice model,
	    const struct combine_hole *, size_t n, struct buf *out);

#endif
