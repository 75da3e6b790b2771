/* SPDX-License-Identifier: ISC */
/*
 * A stream with the versions of its tasks that an export mode takes.
 */
#ifndef SELECT_FILTER_H
#define SELECT_FILTER_H

#include <stdint.h>	/* counts */

#include "select/status.h"	/* modes and statuses */
#include "stream/input.h"	/* how streams are read */

struct twopass;
struct diag;
struct registry;
struct room;

/* what becomes of tasks of unknown status */
enum filter_unknown {
	UNKNOWN_DEFAULT,	/* fail for published, keep for latest */
	UNKNOWN_KEEP, UNKNOWN_DROP, UNKNOWN_FAIL
};

struct filter_options {
	enum status_mode mode;
	enum filter_unknown unknown;
	const char *states;	/* --states: a file, or NULL */
	const char *rejects;	/* --rejects: a file, or NULL */
	unsigned allow;		/* --allow: of enum allow */
	int mark;		/* --mark: only set the status */
	struct input_options input;	/* of the states, too */
	const char *by;		/* the options, for @stream */
};

/* what was done */
struct filtered {
	uint64_t records, tasks, bytes;
	uint64_t taken[TASK_STATUSES];	/* tasks kept, by status */
	uint64_t left, superseded, unknown;	/* tasks dropped, why */
	uint64_t upgrades;		/* of left: without the published one */
	uint64_t dropped, changed;	/* records, tasks too */
	uint64_t repairs;
	uint64_t doubtful;	/* tasks whose versions the tables leave open */
};

/*
 * Filter a stream to standard output.  The maps are opened here, those of the
 * stream's platform, and are the caller's to close, whatever is returned: 0,
 * or -1 after a message (STATUS_FINDING: tasks of
 * unknown status, or all dropped, and nothing is written).
 */
int	filter(struct diag *, const struct filter_options *, struct twopass *,
	    struct room *, struct registry *, struct filtered *);

#endif
