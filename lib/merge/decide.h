/* SPDX-License-Identifier: ISC */
/*
 * What a merge makes of each record: node->fate on both sides, and why.
 *
 * decide() goes in this order.  Each record by the rule of its sort
 * (policy.h): of the source, decide_pair() what the target has, too,
 * decide_new() what it has not; then decide_old() what only the target has.
 * Then cascade(): what depends on what is dropped.  If that left a rule none
 * of its records, or a pair as the target has it, all is done again.  At last
 * what would come to one place (collide.h), and files and containers of
 * which nothing is left.
 *
 * All this is decided by the records, but for two: a component one of whose
 * rows would drop it and another not (DROPS_MAYBE, map/lost.h) is asked for its
 * value by the cascade, and what comes to one place by collide.c.  All other
 * values are looked at when the lines are made (compose.h), where a
 * component that cannot be without what it lost may still be dropped.
 */
#ifndef MERGE_DECIDE_H
#define MERGE_DECIDE_H

#include <stdint.h>	/* numbers */

#include "base/bigarray.h"	/* the work inside */
#include "base/buf.h"	/* and lists */
#include "base/keyindex.h"	/* and a table */
#include "base/hashset.h"	/* and a set */
#include "base/slice.h"	/* slices */
#include "graph/graph.h"	/* edges */
#include "graph/kindtable.h"	/* what drops what */
#include "match/rename.h"	/* what is called otherwise */

struct diag;
struct reviser;
struct rule;
struct side;

/* why a record of the target is dropped, or one of the source not taken */
enum decided {
	DECIDE_NONE,
	DECIDE_ABSENT,	/* the source has no such thing */
	DECIDE_CLEARED,	/* this import takes it away */
	DECIDE_OWNED,	/* it belonged to what was replaced */
	DECIDE_OWNERLESS,	/* what it belongs to is gone */
	DECIDE_WITHIN,	/* what it stands in is gone */
	DECIDE_UNNEEDED,	/* nothing needs it any more */
	DECIDE_UNABLE,	/* it cannot be without what is gone */
	DECIDE_SCOPE,	/* the source's export does not hold it */
	DECIDE_KEPT,	/* this import leaves it alone */
	DECIDE_PLACE,	/* it says nothing, and another comes there */
	DECIDE_DOUBT,	/* until it is known whether something needs it */
	DECIDE_WHYS
};

/* the reason in words */
const char *decide_why(enum decided);

/* a reference of something new to what neither side has */
struct missing {
	uint32_t node;		/* of the source */
	uint32_t list;		/* enum record_field: how it leads there */
	uint32_t ref, nref;	/* in texts */
};

/* records of both sides */
struct decide_list {
	struct bigarray items;	/* of uint64_t: 2 * node + side */
	uint64_t n;
};

struct decide {
	struct diag *diag;
	struct side *target, *source;
	struct kindtable kinds[2];
	struct renames of[2];	/* the words of each */
	struct decide_list work;	/* dropped or, of the source, taken
					   late */
	struct decide_list doubts;	/* maybe nothing needs it */
	struct decide_list maybes;	/* maybe it cannot be without what it
					   lost: its value says */
	struct reviser *reviser;	/* who is asked then, or NULL */
	struct buf line;	/* of that one */
	int again;		/* what was decided does not hold */
	uint32_t phase;		/* of the doubts, for struct run */
	struct keyindex lost_names;	/* of the target's replaced records */
	struct buf missing;	/* of struct missing: the import needs it */
	struct buf mentioned;	/* of the same: it can do without */
	struct hashset owners;	/* that are missing: said once */
	struct buf texts;
	struct buf overlaps;	/* sentences, a '\0' behind each */
};

/* decide for all; rules have their scope.  0 or -1; decide_free() after */
int	decide(struct decide *, struct diag *, struct side *target,
	    struct side *source);
void	decide_free(struct decide *);

/* whether a record's own is in the result, as its version or its mate's */
int	decide_present(const struct side *, const struct side *other,
	    uint32_t node, int source);

/*
 * What the word of a reference of either side leads to in the result: 1,
 * something; 0, it never led anywhere; -1, what it led to is gone.  An alias
 * by which the sides call different things leads to its own side's.
 */
int	decide_leads(const struct decide *, int source, uint64_t hash);

/* the edges of a graph that lead to a word, by its hash: graph_next() */
struct toward decide_toward(const struct graph *, uint64_t hash);

/* the rule of a record; of a line that follows its file, that of the file */
struct rule *decide_rule(const struct side *, uint32_t node);

/* whether what a record says is in the result, as it stands on this side */
int	decide_live(const struct side *, uint32_t node, int source);

/*
 * A record is not in the result, nor its mate; what depends on it is for
 * cascade().  One of the target whose mate has SIDE_COMES is replaced by that
 * instead; one of the source that is united with its mate leaves that one as
 * it is, and all is decided again.
 */
int	decide_drop(struct decide *, int source, uint32_t node,
	    enum decided);

/* add a record to a list; 0 or -1 */
int	decide_push(struct decide_list *, int source, uint32_t node);

/*
 * The next owner of a record that its own side has, from *next on, which is 0
 * at first: the word by which it is called, or NULL
 */
const struct key *decide_owner(const struct side *, uint32_t node,
	    uint32_t *next);

static inline struct side *
decide_side(const struct decide *d, int source)
{
	return source ? d->source : d->target;
}

#endif
