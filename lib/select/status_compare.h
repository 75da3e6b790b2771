/* SPDX-License-Identifier: ISC */
/*
 * The status of a stream's tasks, from another stream: the published export
 * of the same agent.
 *
 * In both and equal: published; in both and different: upgrade in progress;
 * only here: configured.  A task is compared together with what it needs and
 * what stands inside it, as the map lets components be compared
 * (fingerprint.h).
 */
#ifndef SELECT_STATUS_COMPARE_H
#define SELECT_STATUS_COMPARE_H

#include <stdint.h>	/* sizes, flags */

struct twopass;
struct diag;
struct graph;
struct kindtable;
struct map;

struct versus {
	struct diag *diag;
	const struct map *map;
	struct graph *graph;	/* ours, linked */
	struct twopass *in;
	const struct kindtable *kinds;
	const char *other;	/* the file of the other */
	int edited;		/* it was edited on purpose */
	uint64_t max_line;
	uint16_t task;		/* node->flags of tasks ... */
	uint16_t known;		/* ... and of those to be left alone */
};

/* set node->status (status.h) of the tasks; 0, or -1 after a message */
int	status_compare(const struct versus *);

#endif
