/* SPDX-License-Identifier: ISC */
/*
 * Two streams merged as the platform would import one into the other.
 *
 * The folder, in the order to read it: this; policy.h and scope.h, what an
 * import does with what; fate.h, what is decided of each record, and decide.h
 * and cascade.h, which decide; file_moves.h, paths that go by names;
 * compose.h, the new lines; order.h, where they stand; plan.h, binding.h and
 * collide.h, what is told of it; check_merge.h and guard.h, what is refused.
 */
#ifndef MERGE_MERGE_H
#define MERGE_MERGE_H

#include <stdint.h>	/* counts */

#include "base/counts.h"	/* what a run counts */
#include "merge/plan.h"	/* how the plan is told, and its counts */
#include "merge/policy.h"	/* what the user wants */
#include "stream/input.h"	/* how the streams are read */

struct diag;
struct registry;
struct room;

struct merge_options {
	struct policy_ask ask;
	const char *target, *source;	/* files; NULL: standard input */
	int plan;		/* write no stream, but make a plan */
	const char *backup;	/* --backup: a file, or NULL */
	int force;		/* it may be replaced */
	struct input_options input;	/* of both streams */
	unsigned allow;		/* --allow: of enum allow */
	int no_limits;		/* only warn of what would be refused */
	const char *const *drop;	/* variables that stay as they are */
	size_t ndrop;
	const char *by;		/* the options, for @stream */
};

/* what was done */
struct merged {
	uint64_t counts[PLAN_ACTS];
	struct counts report;
	uint64_t target, source;	/* records */
	uint64_t rewritten;	/* aliases */
	struct plan plan;	/* zeroed before; yours: plan_free() */
};

/*
 * Merge to standard output, or make the plan of it.  The maps are opened here,
 * those of the streams' platform, and are the caller's to close, whatever is
 * returned: 0, or -1 after a message (STATUS_FINDING: the platform would
 * refuse the import, and no stream is written; of a plan plan_fails() says
 * that).
 */
int	merge(struct diag *, const struct merge_options *, struct room *,
	    struct registry *, struct merged *);

#endif
