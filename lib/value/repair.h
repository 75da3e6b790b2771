/* SPDX-License-Identifier: ISC */
/*
 * A component some of whose references have lost what they referred to,
 * repaired as the map's "lost" says (pkg-map(5), Repairs).
 */
#ifndef VALUE_REPAIR_H
#define VALUE_REPAIR_H

#include <stddef.h>
#include <stdint.h>	/* counters */

struct buf;
struct map;
struct place;
struct record;
struct reviser;

/* the first two are those of revise_end() */
enum repaired {
	REPAIRED_NONE,	/* nothing changed; no line was written */
	REPAIRED_CHANGED,	/* the new line is in the buffer */
	REPAIRED_DROP	/* the component is to be dropped */
};

/* what is asked, and who hears of repairs; everything is borrowed */
struct repair_ask {
	/*
	 * Nonzero: what "kind:word" (n bytes, no "?") meant is gone.  With a
	 * component those must be gone that have its id in theirs: a page
	 * with its flow.  An edited envelope may ask for what has no colon.
	 */
	int (*lost)(void *ctx, const char *ref, size_t n);
	/*
	 * NULL, or called for each repair: the reference, what was done (in
	 * words such as "member dropped") and where in the value (RFC 6901;
	 * empty if that is nested deeper than 1,024).  Not for references
	 * that are kept.
	 */
	void (*report)(void *ctx, const struct record *, const char *ref,
	    size_t n, const char *what, const char *pointer);
	void *ctx;
	const struct place *place;	/* of the line, for messages; or NULL */
};

/*
 * Repair a component.  The new line is put into line (emptied before), without
 * a newline: in the value what the map says is edited; the envelope's lists
 * are those of the new value: without what was lost, and what was dropped
 * along with it.  All else is as it was.  An enum repaired, or -1 after a
 * message (a value that is no JSON).  REPAIRED_NONE also where all that is
 * lost is to be kept.
 *
 * Where the map's row says nothing: an owner stays.  ${WORD:x} in a text
 * becomes x, and @x in the midst of one.  What is needed takes along the
 * nearest element of an array around it, any other reference only itself:
 * the element that it is, else the member.  Where that would be the component
 * itself, it is dropped.
 */
int	repair(struct reviser *, const struct record *,
    const struct repair_ask *,
	    struct buf *line);

/* the parts inside a component that have a status of their own */
struct repair_inner {
	/* nonzero: a part of this status (canonical word) is to be dropped */
	int (*unwanted)(void *ctx, const char *status, size_t n);
	/* NULL, or called for each dropped: its status and where it was */
	void (*report)(void *ctx, const struct record *, const char *status,
	    size_t n, const char *pointer);
	void *ctx;
	const struct place *place;
};

/*
 * Drop the inner parts (map rows "inner") whose status is known and unwanted,
 * and repair what refers to them inside the component ("inner-link").  The
 * envelope as of repair().
 */
int	repair_inner(struct reviser *, const struct record *,
	    const struct repair_inner *, struct buf *line);

/*
 * Whether a component can have inner parts with a status, as the bytes of its
 * value tell without being read as JSON: only 0 is certain.
 */
int	repair_may_have_inner(struct reviser *, const struct record *);

/* the kind of which a record of a kind has a counter ("count"), or NULL */
const char *repair_counted(const struct map *, const char *kind, size_t n);

/*
 * Set the counter of what belongs to this component: it was so many, and is
 * now so many of a kind.  A counter that is not there means none, so it is
 * made if there were none, and taken out if none are left; but one that was
 * missing before stays so, unless (other) another version has it.
 */
int	repair_count(struct reviser *, const struct record *,
    const char *counted,
	    uint64_t was, uint64_t is, int other, const struct place *,
	    struct buf *line);

#endif
