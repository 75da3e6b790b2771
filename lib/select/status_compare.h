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

#include <stdint.h>	/* flags */

struct filter_options;
struct graph;
struct kindtable;
struct twopass;

/*
 * Set node->status (status.h) of the nodes that have the flag task and not
 * known: ours is linked, the other is the file that the options name as
 * states.  0, or -1 after a message.
 */
int	status_compare(struct graph *, const struct kindtable *,
	    struct twopass *, const struct filter_options *, uint16_t task,
	    uint16_t known);

#endif
