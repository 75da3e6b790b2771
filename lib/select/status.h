/* SPDX-License-Identifier: ISC */
/*
 * The status of a task, and what the two export modes take of its versions.
 *
 * Source of the tables: Kore.ai, App Import and Export, "Export Modes".
 */
#ifndef SELECT_STATUS_H
#define SELECT_STATUS_H

#include <stddef.h>
#include <stdint.h>	/* small numbers */

struct map;

/* in the order in which versions get newer; then those never exported */
enum task_status {
	TASK_UNKNOWN,
	TASK_PUBLISHED, TASK_IN_PROGRESS, TASK_CONFIGURED, TASK_AWAITING,
	TASK_UPGRADE, TASK_REJECTED, TASK_SUSPENDED,
	TASK_STATUSES
};

enum status_mode { MODE_PUBLISHED, MODE_LATEST };

/* what becomes of a version of a task */
enum status_fate {
	STATUS_TAKEN,
	STATUS_LEFT,		/* the mode does not export its status */
	STATUS_SUPERSEDED	/* another version of it is exported */
};

/* the canonical word, as pkg-stream(5) has it; of TASK_UNKNOWN "unknown" */
const char *status_word(enum task_status);

/*
 * The status of a word, canonical or as the map spells it, whatever its case,
 * and whatever joins its words ("Awaiting_Approval"); or TASK_UNKNOWN.
 */
enum task_status status_read(const struct map *, const char *, size_t n);

/* the versions of one task: how many there are of each status */
struct versions {
	uint32_t n[TASK_STATUSES];
};

/*
 * What a mode makes of the version of a status, among all the versions.  Of
 * an unknown status the caller decides: it is taken here, alone.
 */
enum status_fate status_fate(enum status_mode, const struct versions *,
	    enum task_status);

/* whether the tables call no version the sole one: then the newest is kept */
int	status_open(enum status_mode, const struct versions *);

#endif
