/* SPDX-License-Identifier: ISC */
/*
 * A stream in which components have other names, and all that refers to them
 * does so by these.
 *
 * The folder, in the order to read it: asked.h, which names; this;
 * renaming_priv.h, which its two halves share: matches.c finds whom the names
 * are of, and whether the new ones are free, and renaming.c changes what
 * refers to them; moves.h, their files.
 */
#ifndef RENAME_RENAMING_H
#define RENAME_RENAMING_H

#include <stdint.h>	/* counts */

#include "stream/input.h"	/* how streams are read */

struct asked;
struct diag;
struct registry;
struct room;
struct twopass;

struct renaming_options {
	const struct asked *asked;
	int list;		/* print the changes, not the stream */
	struct input_options input;
	const char *by;		/* the options, for @stream */
};

/* what was done */
struct renamed_counts {
	uint64_t records, bytes;
	uint64_t renamed;	/* components with another name */
	uint64_t changed;	/* records, those and others */
	uint64_t files;		/* that go by another path */
};

/*
 * Rename to standard output.  The map is opened here, and the caller's to
 * close, whatever is returned: 0, or -1 after messages (STATUS_FINDING: a
 * name is not there, or cannot be given), and nothing is written.
 */
int	renaming(struct diag *, const struct renaming_options *,
	    struct twopass *, struct room *, struct registry *,
	    struct renamed_counts *);

#endif
