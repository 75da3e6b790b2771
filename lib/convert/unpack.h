/* SPDX-License-Identifier: ISC */
/*
 * A package to a stream.
 *
 * The folder, in the order to read it: detect.h, whose package it is; this;
 * split.h, walk.h and nesting.h, a document into components; file_record.h;
 * pack.h, assemble.h and dangling.h, the way back.
 */
#ifndef CONVERT_UNPACK_H
#define CONVERT_UNPACK_H

#include "convert/split.h"	/* its options inside */

struct counts;
struct diag;
struct registry;
struct output;
struct package;

struct unpack_options {
	const struct registry *maps;
	struct split_options split;
	int all_files;
	const char *source;	/* for @stream; NULL: nothing is said */
	const char *name;	/* of JSON without a name; NULL: by what
				   it has */
	const char *by;		/* JSON: the entry in @stream's "by" */
};

/*
 * Write the stream of a package.  0 when it is whole; -1 after messages, and
 * then it has no @end.  What was read and written is counted.
 */
int	unpack(struct diag *, const struct unpack_options *, struct package *,
	    struct output *, struct counts *);

#endif
