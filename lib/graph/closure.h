/* SPDX-License-Identifier: ISC */
/*
 * What is dropped with records that are dropped, and what must be repaired.
 *
 * With a record is dropped what stands inside it; what belongs to it, when all
 * its owners are gone; what only such records needed, of the kinds that the
 * map calls orphan; and what cannot be without it ("lost drop record").  What
 * is needed by something kept stays, whatever its owner.
 */
#ifndef GRAPH_CLOSURE_H
#define GRAPH_CLOSURE_H

#include <stdint.h>	/* numbers */

#include "base/bigarray.h"	/* the work inside */
#include "base/hashset.h"	/* and a set */

struct graph;
struct kindtable;

/* what becomes of a record: node->fate */
enum fate {
	FATE_KEEP,	/* its line is echoed */
	FATE_CHANGE,	/* it stays, but something in it changes */
	FATE_DROP
};

/* why it is dropped: node->why; a tool's own reasons begin at WHY_OWN */
enum why {
	WHY_NOT,
	WHY_INSIDE,	/* what it stands in is gone */
	WHY_OWNER,	/* all that it belongs to is gone */
	WHY_ORPHAN,	/* nothing that is left needs it */
	WHY_LOST,	/* what it cannot be without is gone */
	WHY_OWN
};

/* node->flags: the closure's own; a tool's are from CLOSURE_OWN up to 0x4000 */
enum {
	CLOSURE_SUSPECT = 1,	/* it may have lost what kept it */
	CLOSURE_OWN = 2,
	CLOSURE_ASKED = 0x8000	/* it will be asked whether it goes */
};

struct closure {
	struct graph *graph;
	struct kindtable *kinds;
	/*
	 * Whether a record really goes for a lost reference where the map's
	 * rows differ: 1 or 0, -1 after a message.  NULL: it stays.
	 */
	int (*goes)(void *ctx, uint32_t node);
	void *ctx;
	uint64_t dropped;
	struct bigarray work;	/* of uint32_t: dropped, not yet followed */
	uint64_t nwork;
	struct bigarray suspects;	/* of uint32_t */
	uint64_t nsuspects;
	struct bigarray asked;	/* of uint32_t: goes() is to be asked */
	uint64_t nasked;
	uint32_t phase;		/* of the work, for struct run */
	struct hashset through;	/* runs, and a kind: what belongs to them
				   through an owner of that was dropped */
};

/* zeroed but for graph, kinds, goes and ctx; arrays take memory from room */
void	closure_init(struct closure *, struct room *);
void	closure_free(struct closure *);

/* drop a record, for a reason; 0 or -1 */
int	closure_drop(struct closure *, uint32_t node, unsigned why);

/* drop what is to be dropped with those; 0 or -1 */
int	closure_run(struct closure *);

/* whether what a reference "kind:word" meant in the input is gone */
int	closure_lost(const struct graph *, const char *ref, size_t n);

/* a reason in words, as x-why has it; NULL: a tool's own */
const char *closure_why(unsigned why);

#endif
