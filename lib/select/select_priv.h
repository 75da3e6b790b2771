/* SPDX-License-Identifier: ISC */
/*
 * A selection under way: what its parts share.
 *
 * To read in this order: criteria.c says which components are asked for, and
 * request.c makes criteria of a platform's request; selection.c is what all
 * others ask, select.c reads the stream twice and decides what is taken;
 * check_select.c says what of the criteria is not there; missing.c looks at
 * the references that lost their target; leftovers.c knows what the platform
 * leaves of what is not taken, and export_options.c what the export then
 * says of itself, language_list.c which languages; listing.c prints.  Only
 * select.c calls them all: no two of these files need one another.
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

struct buf;
struct classifier;
struct edits;
struct map;
struct map_row;
struct record;
struct tape;

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
	SELECT_RUN_COUNTS,	/* those that count this kind + 1 are marked */
	SELECT_RUN_BARE		/* graph_any() of is_bare() */
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
	int bare;			/* something comes without what
					   belongs to it (leftovers.c) */
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
	uint32_t *counts;		/* by kind: of which its records have
					   a counter, or NOTHING ... */
	uint8_t *counted;		/* ... and whether some have one of
					   it (leftovers.c) */
	struct hashset lost;		/* keys of the node below, in lists
					   by what became of them ... */
	int lost_known;			/* ... once asked (missing.c) */
	struct reviser *reviser;
	enum select_missing missing;
	int positive;			/* something is chosen, not all */
	uint64_t cleared;		/* references of such that were lost
					   (missing.c) */
	uint32_t node;			/* whose line is being changed */
	const char *key;		/* of the record in holds, or NULL */
	uint32_t holds;			/* the record that says what the
					   export has, or NOTHING */
	struct place input;		/* for messages about the whole */
	struct selected *done;
};

/* ---- selection.c: what all others ask */

/* whether something of a category is in the result */
int	selection_held(const struct selection *, const char *category,
	    size_t n);

/* a node's line taken apart; it lasts until the next one.  0 or -1 */
int	selection_line(struct selection *, uint32_t node, struct record *);

/* ---- check_select.c: whether what is asked for is there */

/* no kind or category is one that nobody knows; 0, or -1 after messages */
int	check_select_words(struct selection *);

/* every id is there; 0, or -1 after messages */
int	check_select_ids(struct selection *, const struct criteria *);

/* anything fits, once it is known what is taken; 0, or -1 after a message */
int	check_select_any(struct selection *);

/* report that n components fit, but cannot be chosen alone; -1 */
int	check_select_followers(const struct selection *, uint64_t n);

/* ---- missing.c: references of what is taken that lost their target */

/* what the platform itself does: the map's row "missing" */
enum select_missing missing_default(const struct map *);

/*
 * Look at all references, once it is known what is dropped; with MISSING_DROP
 * drop those records that cannot be without what they lost, and mark those
 * that must be repaired; else report them.  0, or -1 after messages
 * (MISSING_FAIL: there are some).
 */
int	missing_apply(struct selection *);

/* the record that missing_lost() is asked about from now on */
void	missing_begin(struct selection *, uint32_t node);

/* repair: whether a reference of the record being changed is lost */
int	missing_lost(void *selection, const char *ref, size_t n);

/*
 * ---- leftovers.c: what the platform leaves of what was not exported: stubs
 * (map rows "left" and "stays"), empty containers or none ("left absent": of a
 * category that was not exported there is no empty list, but none at all),
 * counters of what belongs to a component ("count")
 */

/* before all: what the map says of containers */
void	leftovers_begin(struct selection *);

/* the first pass: a container that may be left out */
void	leftovers_container(struct selection *, uint32_t node,
	    const struct record *);

/* after the first pass: what the map says of the kinds */
void	leftovers_kinds(struct selection *);

/* whether a record that is not taken is left, as a stub or as a whole */
int	leftovers_stays(const struct selection *, uint32_t node);

/* once it is known what is dropped: mark what changes for it */
void	leftovers_mark(struct selection *);

/*
 * The new line of a record that is marked, from its line so far, into an
 * empty buffer.  1: changed; 0; -1 after a message.
 */
int	leftovers_change(struct selection *, uint32_t node,
	    const struct record *, struct buf *line);

/*
 * ---- language_list.c: the agent's own list of languages, at the places of
 * the map's rows "languages", in a selection by language
 */

/* once the map and the criteria are known: whether lists are looked at */
void	language_list_begin(struct selection *);

/*
 * The first pass: of a component that lists languages those that are asked for
 * are met, and it is marked if it lists others.  0, or -1 after a message.
 */
int	language_list_gather(struct selection *, uint32_t node,
	    const struct record *);

/* between the passes: those marked are to be changed */
void	language_list_mark(struct selection *);

/*
 * The second: take the languages that are not wanted out of lists, and warn of
 * one that stands alone, such as the default.  1: the new line is in the
 * buffer; 0: there is nothing to change; -1 after a message.
 */
int	language_list_change(struct selection *, uint32_t node,
	    const struct record *, struct buf *line);

/*
 * ---- export_options.c: what an export says of itself, in the words of a
 * request for it (map rows "holds" and "request")
 */

/* the key of the record in which the export says what it has, or NULL */
const char *export_options_key(const struct map *);

/* whether a record is that of a key (NULL: none is) */
int	export_options_is(const char *key, const struct record *);

/* prune: take out of what an export says what it has no more */
void	export_options_edit(void *selection, const struct tape *,
	    struct edits *);

/* ---- listing.c: what is printed in place of a stream */

/* a line for each component that fits, columns or an object; 0 or -1 */
int	listing_print(struct selection *);

/*
 * The components that --explain asked for, each with the path that pulled it
 * in, from the chosen one on; or why it was left out.  0, or -1 after a
 * message (STATUS_FINDING: there is none).
 */
int	listing_explain(struct selection *);

#endif
