/* SPDX-License-Identifier: ISC */
/*
 * What a merge does, component by component, as it is done.
 */
#ifndef MERGE_PLAN_H
#define MERGE_PLAN_H

#include <stdint.h>	/* counts */
#include <stdio.h>	/* where it is printed */

#include "base/buf.h"	/* lists inside */
#include "json/diff.h"	/* and values compared */

struct compose;
struct fates;
struct diag;
struct missing;
struct record;
struct side;

enum plan_act {
	PLAN_ADD, PLAN_REPLACE, PLAN_RENAME, PLAN_REPAIR, PLAN_REMOVE,
	PLAN_ERROR, PLAN_ACTS
};

/* of conflicts and the like so many are said one by one */
#define PLAN_TOLD 20

enum plan_form { PLAN_NONE, PLAN_TEXT, PLAN_JSON };

struct plan {
	struct diag *diag;
	enum plan_form form;
	FILE *to;
	uint64_t counts[PLAN_ACTS];
	uint64_t reset;
	struct side *target, *source;	/* borrowed */
	/* texts, each ended by a NUL, as in JSON strings */
	struct buf hand;	/* what is to be done by hand */
	struct buf notes;	/* what should be known beforehand */
	struct buf fails;	/* what the platform would refuse */
	struct differ differ;
	struct buf elements[2];	/* of struct count, by depth: of each side */
	struct buf why, id;	/* of the record said last */
};

/*
 * A record composed.  A conflict is counted; where no plan is printed there is
 * a message, too, for the first PLAN_TOLD.  0 or -1.
 */
int	plan_take(struct plan *, struct compose *, int composed, uint32_t t,
	    uint32_t s);

/* a record of the target is dropped */
int	plan_gone(struct plan *, struct side *target, uint32_t t);

/* a line of the source that is no component comes: of a file not split */
int	plan_new(struct plan *, struct side *source, uint32_t s);

/* a file that is not split: 1 if both are the same, 0, or -1 */
int	plan_file(struct plan *, struct side *target, uint32_t t,
	    struct side *source, uint32_t s);

/* append which component leads to what neither side has; 0 or -1 */
int	plan_missing(struct plan *, const struct missing *,
	    const struct fates *, struct buf *);

/* the tasks that something led to, and nothing does any more; 0 or -1 */
int	plan_unreached(struct plan *, const struct fates *);

/* something is to be done by hand about a record */
void	plan_by_hand(struct plan *, const struct record *, const char *what);

/* the totals, and what is to be done by hand */
int	plan_end(struct plan *, const struct fates *);
void	plan_free(struct plan *);

#endif
