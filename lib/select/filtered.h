/* SPDX-License-Identifier: ISC */
/*
 * What a filter of tasks is asked, and what it tells.
 */
#ifndef SELECT_FILTERED_H
#define SELECT_FILTERED_H

#include <stdint.h>	/* counts */

#include "select/status.h"	/* modes and statuses */

/* what becomes of tasks whose status nothing tells */
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
	int mark;		/* --mark: only tell the status */
	int edited;		/* --edited: streams were edited */
	const char *map;	/* --map: a file, or NULL */
	const char *by;		/* the options, for @stream */
	uint64_t max_line;	/* of a stream given as states */
};

/* what was done */
struct filtered {
	uint64_t records, tasks, bytes;
	uint64_t taken[TASK_STATUSES];	/* tasks kept, by status */
	uint64_t left, superseded, unknown;	/* tasks dropped, why */
	uint64_t upgrades;		/* of left: without the published one */
	uint64_t dropped, changed;	/* records, tasks too */
	uint64_t mendings;
	uint64_t doubtful;	/* tasks whose versions the tables leave open */
};

#endif
