/* SPDX-License-Identifier: ISC */
/*
 * The parts of a filter by status: where the status of a task is known from,
 * besides its own record.
 */
#ifndef SELECT_FILTER_PRIV_H
#define SELECT_FILTER_PRIV_H

#include <stdint.h>	/* counts */

#include "base/buf.h"	/* texts inside */
#include "base/hashset.h"	/* and a table */
#include "select/status.h"	/* what a list has */

struct diag;
struct filter_options;
struct graph;
struct kindtable;
struct map;
struct record;
struct twopass;

/*
 * ---- export_mode.c: how a package was exported, derived from its components:
 * their own status is that of what is trained and published as a whole
 * (languages' settings, traits), and in development they name their published
 * twins.
 *
 * Source: measured on 246 Kore exports, of which none is mixed; all four
 * that are known to be published exports show it.
 */
enum export_mode {
	EXPORT_UNKNOWN,		/* nothing shows it, or both are shown */
	EXPORT_PUBLISHED,	/* all tasks are published */
	EXPORT_NEVER,		/* in development, never published */
	EXPORT_DEVELOPMENT	/* in development, of a published agent */
};

/* what was met so far; zeroed but for map */
struct export_modes {
	const struct map *map;
	uint64_t published, others;	/* components that show it */
	int twins;			/* some name a published twin ... */
	const char *twin;		/* ... by this member of their value */
};

/* a component of a kind with these flags (kindtable.h) */
void	export_mode_add(struct export_modes *, const struct record *,
	    unsigned flags);

enum export_mode export_mode_of(const struct export_modes *);

/* the mode in words: "it was exported ..." */
const char *export_mode_words(enum export_mode);

/*
 * ---- status_list.c: a list of tasks and their statuses, which somebody wrote
 * or a platform gave: TSV, CSV (RFC 4180) or NDJSON.
 *
 * Columns are found by a first line that names one of them status or state
 * (and id, refId, _id or name), else they are the first two; in the list that
 * pkg-select prints, which has four, the second and third.  Of an object the
 * members of these names count.
 */
/* zeroed: an empty list */
struct status_list {
	struct buf list;	/* of struct state */
	struct hashset table;	/* their numbers by key */
	int stream;		/* the file is a stream: nothing was read */
};

/*
 * Read a list; the map (maybe NULL) translates words.  0, or -1 after a
 * message: a word that is no status, no second column, a task with two
 * statuses.
 */
int	status_list_read(struct status_list *, struct diag *,
	    const struct map *, const char *path);

/*
 * The status of a task by its id, alias or name (canonical text, without
 * quotes), or TASK_UNKNOWN.
 */
enum task_status status_list_find(struct status_list *, const char *, size_t n);

/* how many entries were never found */
uint64_t status_list_unused(const struct status_list *);
void	status_list_free(struct status_list *);

/*
 * ---- status_compare.c: from another stream, the published export of the same
 * agent.
 *
 * In both and equal: published; in both and different: upgrade in progress;
 * only here: configured.  A task is compared together with what it needs and
 * what stands inside it, as the map lets components be compared
 * (fingerprint.h).
 */
/*
 * Set node->status of the nodes that have the flag task and not known: ours is
 * linked, the other is the file that the options name as states.  0, or -1
 * after a message.
 */
int	status_compare(struct graph *, const struct kindtable *,
	    struct twopass *, const struct filter_options *, uint16_t task,
	    uint16_t known);

#endif
