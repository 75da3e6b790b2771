/* SPDX-License-Identifier: ISC */
/*
 * A filter of tasks at work: what its parts share.
 */
#ifndef SELECT_FILTERING_H
#define SELECT_FILTERING_H

#include "base/buf.h"	/* the parts inside */
#include "graph/closure.h"
#include "graph/graph.h"
#include "graph/kindtable.h"
#include "select/export_mode.h"
#include "select/status_list.h"

struct twopass;
struct diag;
struct filter_options;
struct filtered;
struct map;
struct repairer;

/* reasons of our own */
enum { WHY_LEFT = WHY_OWN, WHY_SUPERSEDED, WHY_UNKNOWN };

/* a kind whose components have parts with a status; see kindtable.h */
#define KIND_INNER (1U << 16)

/* flags of a task's node */
enum {
	FLAG_TASK = CLOSURE_OWN,
	FLAG_OWN = CLOSURE_OWN << 1,	/* its record has the status */
	FLAG_INNER = CLOSURE_OWN << 2	/* parts inside may have a status */
};

/* problems of one kind are told so often, then counted */
#define DOUBTS 20

/* a task whose versions the tables leave open */
struct doubt {
	uint32_t node;		/* its first version */
	const char *what;
};

struct filter {
	struct diag *diag;
	const struct filter_options *options;
	struct twopass *in;
	const struct map *map;
	struct graph graph;
	struct kindtable kinds;
	struct closure closure;
	struct status_list states;
	struct export_modes telling;
	int linked;
	struct keyindex tasks;	/* tasks by identity: versions together */
	struct buf flags;	/* of unsigned: kindtable_ask() by kind */
	struct repairer *mender;
	struct buf head;	/* the first line */
	struct buf line;	/* of a record mended once */
	struct buf said;	/* a reason with its status */
	struct doubt doubts[DOUBTS];	/* the first of done->doubtful */
	struct filtered *done;
};

#endif
