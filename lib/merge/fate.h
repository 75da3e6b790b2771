/* SPDX-License-Identifier: ISC */
/*
 * What was decided of the records so far: what all files ask that decide, or
 * go by what was decided.  decide.h says in which order it is done.
 */
#ifndef MERGE_FATE_H
#define MERGE_FATE_H

#include <stdint.h>	/* numbers */

#include "base/bigarray.h"	/* the work inside */
#include "base/buf.h"	/* and lists */
#include "base/keyindex.h"	/* and a table */
#include "base/hashset.h"	/* and a set */
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
const char *fate_why(enum decided);

/* a reference of something new to what neither side has */
struct missing {
	uint32_t node;		/* of the source */
	uint32_t list;		/* enum record_field: how it leads there */
	uint32_t ref, nref;	/* in texts */
};

/* records of both sides */
struct fate_list {
	struct bigarray items;	/* of uint64_t: 2 * node + side */
	uint64_t n;
};

/*
 * The fates of all records, in node->fate and node->why, and what is known and
 * still to do on the way there
 */
struct fates {
	struct diag *diag;
	struct side *target, *source;
	struct kindtable kinds[2];
	struct renames of[2];	/* the words of each */
	struct fate_list work;	/* dropped or, of the source, taken
					   late */
	struct fate_list doubts;	/* maybe nothing needs it */
	struct fate_list maybes;	/* maybe it cannot be without what it
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

/* whether a record's own is in the result, as its version or its mate's */
int	fate_present(const struct side *, const struct side *other,
	    uint32_t node, int source);

/*
 * What the word of a reference of either side leads to in the result: 1,
 * something; 0, it never led anywhere; -1, what it led to is gone.  An alias
 * by which the sides call different things leads to its own side's.
 */
int	fate_leads(const struct fates *, int source, uint64_t hash);

/* the edges of a graph that lead to a word, by its hash: graph_next() */
struct toward fate_toward(const struct graph *, uint64_t hash);

/* the rule of a record; of a line that follows its file, that of the file */
struct rule *fate_rule(const struct side *, uint32_t node);

/* whether what a record says is in the result, as it stands on this side */
int	fate_live(const struct side *, uint32_t node, int source);

/*
 * A record is not in the result, nor its mate; what depends on it is for
 * cascade().  One of the target whose mate has SIDE_COMES is replaced by that
 * instead; one of the source that is united with its mate leaves that one as
 * it is, and all is decided again.
 */
int	fate_drop(struct fates *, int source, uint32_t node,
	    enum decided);

/* add a record to a list; 0 or -1 */
int	fate_push(struct fate_list *, int source, uint32_t node);

/*
 * The next owner of a record that its own side has, behind *at, which is NULL
 * at first: the word by which it is called, or NULL
 */
const struct key *fate_owner(const struct side *, uint32_t node,
	    const struct edge **at);

static inline struct side *
fate_side(const struct fates *d, int source)
{
	return source ? d->source : d->target;
}

#endif
