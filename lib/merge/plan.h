/* SPDX-License-Identifier: ISC */
/*
 * The plan of a merge: what it would do, and why.
 *
 * What it would do is the difference between the target and the result
 * (diff/difference.h): the result is written, but to a file without a name.
 * What is known of each change is kept here until it is shown, by the numbers
 * that records have in these two streams.
 */
#ifndef MERGE_PLAN_H
#define MERGE_PLAN_H

#include <stdint.h>	/* counts */

#include "base/bigarray.h"	/* lists inside */
#include "base/buf.h"	/* texts inside */
#include "base/hashset.h"	/* a table inside */
#include "json/diff.h"	/* values compared */

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

/* the word of each, and what is then: "add", "added" */
extern const char *const plan_acts[PLAN_ACTS], *const plan_done[PLAN_ACTS];

/* of conflicts and the like so many are said one by one */
#define PLAN_TOLD 20

/* of records, by ascending numbers */
struct plan_list {
	struct bigarray items;	/* of struct plan_entry (plan.c) */
	uint64_t n;
};

struct plan {
	struct diag *diag;
	int told;		/* all is kept; else it is only counted */
	uint64_t counts[PLAN_ACTS];
	uint64_t reset;
	struct side *target, *source;	/* borrowed until plan_end() */
	/* texts, each ended by a NUL, as in JSON strings */
	struct buf hand;	/* what is to be done by hand */
	struct buf notes;	/* what should be known beforehand */
	struct buf fails;	/* what the platform would refuse */
	struct plan_list come, gone;	/* of the result, of the target */
	struct buf whys;	/* the reasons, each ended by a NUL */
	struct hashset table;	/* where each is */
	int fds[2];		/* the target and the result, as streams that
				   can be read again; or -1 */
	struct differ differ;
	struct buf why, id;	/* of the record said last */
};

/*
 * Begin with nothing, but for diag and told; room is for the lists, the sides
 * are borrowed until plan_end().
 */
void	plan_open(struct plan *, struct room *room, struct side *target,
	    struct side *source);

/*
 * A record composed, which would be the one of this number in the result.  A
 * conflict is counted; where no plan is made there is a message, too, for the
 * first PLAN_TOLD.  0 or -1.
 */
int	plan_take(struct plan *, struct compose *, int composed, uint32_t t,
	    uint32_t s, uint64_t number);

/* a record of the target is dropped */
int	plan_gone(struct plan *, struct side *target, uint32_t t);

/* a line of the source that is no component comes: of a file not split */
int	plan_new(struct plan *, struct side *source, uint32_t s,
	    uint64_t number);

/* a file that is not split: 1 if both are the same, 0, or -1 */
int	plan_file(struct plan *, struct side *target, uint32_t t,
	    struct side *source, uint32_t s, uint64_t number);

/* append which component leads to what neither side has; 0 or -1 */
int	plan_missing(struct plan *, const struct missing *,
	    const struct fates *, struct buf *);

/* the tasks that something led to, and nothing does any more; 0 or -1 */
int	plan_unreached(struct plan *, const struct fates *);

/* something is to be done by hand about a record */
void	plan_by_hand(struct plan *, const struct record *, const char *what);

/* all is known: the sides may be closed, and plan_why() be asked; 0 or -1 */
int	plan_end(struct plan *, const struct fates *);

/* whether the import would fail: there is something that speaks against it */
int	plan_fails(const struct plan *);

/*
 * Why a record of the result (new; NOTHING: none), or one of the target that
 * is not in it, is what it is, and what is done; as in a JSON string, and ""
 * if that is not known.  It lasts as the plan does.
 */
const char *plan_why(const struct plan *, uint32_t old, uint32_t new,
	    enum plan_act *);
void	plan_free(struct plan *);

#endif
