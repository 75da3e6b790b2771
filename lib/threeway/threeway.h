/* SPDX-License-Identifier: ISC */
/*
 * What two people made of one package, put together.
 *
 * The folder, in the order to read it: this; triples.h, who is the same in
 * three streams, and namesakes.h, what is by its name alone; paths.h, where
 * files are in the result; fates.h, what is in it; compose.h, the line of
 * each, and blend.h, a value that both sides changed (textlines.h: a text);
 * conflicts.h, what nobody but the user can say; result.h, the stream, and
 * arrange.h, its order.
 */
#ifndef THREEWAY_THREEWAY_H
#define THREEWAY_THREEWAY_H

#include <stddef.h>
#include <stdint.h>	/* counts */

#include "base/counts.h"	/* what a run counts */
#include "stream/input.h"	/* how streams are read */

struct conflict_prefer;
struct diag;
struct registry;
struct room;

struct threeway_options {
	/* files; NULL: standard input */
	const char *base, *ours, *theirs;
	struct input_options input;
	const char *conflicts, *resolve;	/* files, or NULL */
	const struct conflict_prefer *prefer;
	size_t nprefer;
	const char *by;		/* the options, for @stream */
};

/* what was done */
struct threeway_done {
	struct counts report;
	uint64_t base, ours, theirs;	/* records */
	uint64_t blended;	/* both sides have a part in it */
	uint64_t conflicts, settled;
};

/*
 * Merge to standard output.  The maps are opened here, and are the caller's to
 * close, whatever is returned: 0, or -1 after a message (STATUS_FINDING: there
 * are conflicts, and no stream is written).
 */
int	threeway(struct diag *, const struct threeway_options *, struct room *,
	    struct registry *, struct threeway_done *);

#endif
