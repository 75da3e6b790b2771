/* SPDX-License-Identifier: ISC */
/*
 * Three versions of a component's value made one: members by their keys,
 * elements of arrays by who they are (diff/elements.h), texts by lines.  What
 * both sides added must be the same, place by place; of sets both are taken.
 */
#ifndef THREEWAY_BLEND_H
#define THREEWAY_BLEND_H

#include <stddef.h>
#include <stdint.h>	/* tokens */

#include "base/buf.h"	/* the place inside */
#include "base/slice.h"	/* values */
#include "diff/changes.h"	/* what compares two versions */
#include "threeway/conflicts.h"	/* what is taken */

struct place;
struct record;

/* who is asked of a place that both sides changed: as conflicts_ask() */
typedef int blend_ask(void *ctx, struct slice place, const char *why,
	    const struct slice of[3], struct slice *value);

struct blend {
	struct changes pair[3];	/* base and ours, base and theirs, ours and
				   theirs */
	blend_ask *ask;
	void *ctx;
	int based;		/* there is a base's version */
	int fresh;		/* both sides added what the place is in */
	const char *counter;	/* a member that counts others, or NULL */
	int adds;		/* ... those of both sides add up; or ours
				   stays, for the caller to set */
	struct buf place;	/* at hand */
	unsigned depth;
	int failed;
};

/* diag, map and what ask says are borrowed */
void	blend_open(struct blend *, struct diag *, const struct map *,
	    const struct changes_ask *);
void	blend_close(struct blend *);

/*
 * Compare: three records whose lines last (the base's may have line.p NULL),
 * and their places.  PICK_OURS, PICK_THEIRS, or PICK_BOTH: each changed it;
 * -1 after a message.
 */
int	blend_compare(struct blend *, const struct record *r,
	    const struct place *at);

/* whether two versions differ, by their sides: 1, 0 or -1 */
int	blend_differ(struct blend *, unsigned side, const struct record *base,
	    const struct record *other, const struct place *at);

/*
 * After blend_compare(): append the value made of both.  PICK_BOTH; or which
 * version is taken as it is (nothing is appended), PICK_VALUE (the user's,
 * appended); PICK_OPEN: there are conflicts, and the value is none of the
 * result's; -1 after a message.
 */
int	blend_put(struct blend *, struct buf *out);

#endif
