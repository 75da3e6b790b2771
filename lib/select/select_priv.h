/* SPDX-License-Identifier: ISC */
/*
 * A selection under way: what its parts share.
 *
 * To read in this order: criteria.c says which components are asked for, and
 * request.c makes criteria of a platform's request; select.c reads the stream
 * twice and decides what is taken; check_select.c says what of the criteria is
 * not there; missing.c looks at the references that lost their target;
 * leftovers.c knows what the platform leaves of what is not taken, and
 * export_options.c what the export then says of itself, language_list.c which
 * languages; listing.c prints.
 */
#ifndef SELECT_SELECT_PRIV_H
#define SELECT_SELECT_PRIV_H

#include <stdint.h>	/* numbers */

#include "base/buf.h"	/* lists inside */
#include "base/diag.h"	/* the input's place */
#include "base/keyindex.h"
#include "base/hashset.h"	/* sets inside */
#include "graph/closure.h"	/* and what is dropped with others */
#include "graph/graph.h"	/* and the records */
#include "graph/kindtable.h"
#include "graph/reach.h"	/* and what comes along */
#include "json/tape.h"	/* a value */
#include "select/request.h"	/* and what is asked for */
#include "select/select.h"	/* options and figures */

struct classifier;
struct map_row;

/* more of node->flags */
enum {
	SELECT_FITS = REACH_OWN,	/* the criteria ask for it */
	SELECT_APP = REACH_OWN << 1,	/* every export has it */
	SELECT_SETTING = REACH_OWN << 2,	/* of a chosen category */
	SELECT_NAMED = REACH_OWN << 3,	/* it was named, or nothing is */
	SELECT_ASKED = REACH_OWN << 4,	/* --explain asks for it */
	SELECT_COUNT = REACH_OWN << 5,	/* what it counts changed */
	SELECT_EMPTIED = REACH_OWN << 6,	/* it loses containers */
	SELECT_LISTS = REACH_OWN << 7	/* languages that are not wanted */
};

/* what is known of all records of a run (graph.h) */
enum {
	SELECT_RUN_TAKEN = RUN_TOOL,	/* graph_any() of is_taken() */
	SELECT_RUN_NEEDED,	/* 1: something needs them; 2: nothing */
	SELECT_RUN_LOST,	/* the first so many are lost */
	SELECT_RUN_EXCLUDED,	/* one of those is excluded */
	SELECT_RUN_COUNTS	/* those that count this kind + 1 are marked */
};

/* categories of what is chosen, and those that such stand below */
enum { PENDING_ITSELF, PENDING_BELOW };

/* reasons to drop, beside those of closure.h */
enum { WHY_EXCLUDED = WHY_OWN, WHY_APART, WHY_UNCHOSEN, WHY_EMPTY };

struct selection {
	struct diag *diag;
	const struct select_options *options;
	struct criteria *criteria;
	struct twopass *in;
	const struct map *map;
	struct request request;
	struct graph graph;
	struct kindtable kinds;
	struct closure closure;
	struct reach reach;
	struct keyindex there;		/* ids of the later target */
	const struct map_row **left;	/* by kind: left stub KEY ... */
	uint8_t *came;			/* by kind: some were taken, though
					   not as every export has them */
	struct buf flags;		/* of unsigned: by kind, while read */
	struct buf absences;		/* of struct absence (leftovers.c) */
	struct buf containers;		/* of struct container (leftovers.c) */
	struct hashset held;		/* categories of the chosen: lists
					   HELD_... */
	struct buf head;		/* the first line */
	struct buf spare, pruned;	/* lines between two changes */
	struct classifier *sorts;	/* of records that list languages, or
					   NULL: lists stay */
	struct tape listed;		/* the value of such a record */
	uint32_t counts[3];		/* two kinds, whether one counts the
					   other; as asked last */
	struct hashset lost;		/* keys of the node below, in lists
					   by what became of them ... */
	int lost_known;			/* ... once asked (missing.c) */
	struct reviser *reviser;
	enum select_missing missing;
	int positive;			/* something is chosen, not all */
	uint32_t node;			/* whose line is being changed */
	const char *key;		/* of the record in holds, or NULL */
	uint32_t holds;			/* the record that says what the
					   export has, or NOTHING */
	struct place input;		/* for messages about the whole */
	struct selected *done;
};

/* whether something of a category is in the result */
int	selection_held(const struct selection *, const char *category,
	    size_t n);

/* the line of a node, for messages */
struct place selection_place(const struct selection *, uint32_t node);

/* a node's line taken apart; it lasts until the next one.  0 or -1 */
int	selection_line(struct selection *, uint32_t node, struct record *);

#endif
