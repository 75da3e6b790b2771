/* SPDX-License-Identifier: ISC */
/*
 * A component's envelope, put together from what was met in its value.
 */
#ifndef MAP_ENVELOPE_H
#define MAP_ENVELOPE_H

#include <stddef.h>
#include <stdint.h>	/* no place: SIZE_MAX */

#include "base/slice.h"	/* slices */

struct buf;
struct capture;
struct map;
struct map_kind;
struct map_ref;
struct map_source;

/* the stars of a file's pattern and of a place: $1 to $9 */
#define ENVELOPE_STARS 9

/* all that is known of a component at its end; everything is borrowed */
struct gathered {
	const struct map *map;
	const struct capture *captures;
	size_t n;
	const char *texts;
	struct slice stars[ENVELOPE_STARS];
	struct slice key;	/* its own key, if it is an object's member */
};

/* no place is left open for the parent's id */
#define ENVELOPE_WHOLE SIZE_MAX

/*
 * Whether the component is of this kind, by its "when" row.
 */
int	envelope_is(const struct gathered *, const struct map_kind *);

/*
 * Point at stars, from the i-th on: n texts, each ended by a NUL; an empty one
 * says nothing.  Returns which is the next.
 */
size_t	envelope_stars(struct gathered *, size_t i, const char *texts,
	    size_t n);

/* what a source says of the component; p NULL: nothing */
struct slice envelope_say(const struct gathered *, const struct map_source *);

/* append a part of a composed id: "%" and "/" are percent-encoded */
void	envelope_part(struct buf *, struct slice);

/*
 * Append a reference, kind:[scope/]word.  With a "?" before it stand those of
 * which envelope_soft() says so.
 */
void	envelope_ref(struct buf *, const struct map_ref *, struct slice scope,
	    struct slice word);
int	envelope_soft(const struct map *, const struct map_ref *,
	    struct slice word);

/*
 * Append the members from "kind" to "refs", without a closing brace.  Returns
 * where the id of the component it stands in, and a "/", are to be put in, or
 * ENVELOPE_WHOLE.
 */
size_t	envelope_put(struct buf *, const struct gathered *,
	    const struct map_kind *);

/*
 * Append the id as other ids have it in front of their own: composed ids as
 * they are, plain ones percent-encoded, and a "/".  Nothing, without an id.
 */
void	envelope_scope(struct buf *, const struct gathered *,
	    const struct map_kind *);

/* the last n parts, 1 or more, of an id that is put together */
struct slice envelope_last(struct slice id, size_t n);

#endif
