/* SPDX-License-Identifier: ISC */
/*
 * A stream to a package.
 */
#ifndef CONVERT_PACK_H
#define CONVERT_PACK_H

#include "package/zip_writer.h"	/* its options inside */

struct counts;
struct diag;
struct registry;
struct stream_in;

struct pack_options {
	const struct registry *maps;
	const char *output;	/* x.zip, dir/, or "-": standard output */
	int force;		/* replace what is there */
	int no_limits;		/* the platform's limits only warn */
	unsigned max_depth;
	struct zip_options zip;
};

/*
 * Write the package of a stream.  0 when it is whole and in its place; -1
 * after messages, and then nothing is left of it.  What was read and written
 * is counted.
 */
int	pack(struct diag *, const struct pack_options *, struct stream_in *,
	    struct counts *);

#endif
