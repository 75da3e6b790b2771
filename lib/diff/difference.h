/* SPDX-License-Identifier: ISC */
/*
 * All differences of two streams.
 *
 * Records are paired as an import pairs them (pair.h).  No difference are:
 * what the map says to ignore and what belongs to each copy, ids that are
 * minted and words that lead to the same record, the order of records and of
 * sets, what is empty and what is absent (where both have the same names), the
 * lines of files and line ends of texts that are files.
 *
 * Both streams are read once for who their records are, and then line by
 * line: no more than a pair is in memory.
 */
#ifndef DIFF_DIFFERENCE_H
#define DIFF_DIFFERENCE_H

#include <stdint.h>	/* sizes */

#include "stream/input.h"	/* how streams are read */

struct counts;
struct diag;
struct diff_item;
struct difference;
struct registry;
struct room;

struct difference_options {
	const char *old, *new;	/* files; NULL: standard input */
	const int *fds;		/* NULL, or what is read in place of both */
	struct input_options input;
};

/*
 * Read both streams and find what differs.  room is for all arrays; the maps
 * are opened here, and the caller's to close once the difference is closed,
 * whatever is returned.  NULL after a message.
 */
struct difference *difference_open(struct diag *,
	    const struct difference_options *, struct room *,
	    struct registry *);
void	difference_close(struct difference *);

/* the records that were read, and bytes */
struct counts difference_read(const struct difference *);

/* so many components differ */
uint64_t difference_count(const struct difference *);

/*
 * Call take for each, those of one owner after each other, tasks first; with
 * their changes (inside), or without.  0, or -1 after a message, also where
 * take returns -1.
 */
int	difference_each(struct difference *, int inside,
	    int (*take)(void *ctx, const struct diff_item *), void *ctx);

#endif
