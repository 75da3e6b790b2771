/* SPDX-License-Identifier: ISC */
/*
 * A list of tasks and their statuses, which somebody wrote or a platform gave:
 * TSV, CSV (RFC 4180) or NDJSON.
 *
 * Columns are found by a first line that names one of them status or state
 * (and id, refId, _id or name), else they are the first two; in the list that
 * pkg-select prints, which has four, the second and third.  Of an object the
 * members of these names count.
 */
#ifndef SELECT_STATUS_LIST_H
#define SELECT_STATUS_LIST_H

#include <stddef.h>
#include <stdint.h>	/* counts */

#include "base/buf.h"	/* the entries inside */
#include "base/hashset.h"	/* and a table of them */
#include "select/status.h"	/* what it has */

struct diag;
struct map;

/* zeroed: an empty list */
struct status_list {
	struct buf list;	/* of struct state */
	struct hashset table;	/* their numbers by key */
	int stream;		/* the file is a stream: nothing was read */
};

/* one entry */
struct state {
	uint64_t hash;
	uint64_t line;
	enum task_status status;
	int used;
};

/*
 * Read a list; the map (maybe NULL) translates words.  0, or -1 after a
 * message: a word that is no status, no second column, a task with two
 * statuses.
 */
int	status_list_read(struct status_list *, struct diag *,
    const struct map *,
	    const char *path);

/*
 * The status of a task by its id, alias or name (canonical text, without
 * quotes), or TASK_UNKNOWN.
 */
enum task_status status_list_find(struct status_list *, const char *, size_t n);

/* how many entries were never found */
uint64_t status_list_unused(const struct status_list *);
void	status_list_free(struct status_list *);

#endif
