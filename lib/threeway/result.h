/* SPDX-License-Identifier: ISC */
/*
 * The result in its order: ours, with what only theirs has behind the same
 * neighbours (arrange.h).
 */
#ifndef THREEWAY_RESULT_H
#define THREEWAY_RESULT_H

#include <stdint.h>	/* counts */

#include "base/bigarray.h"	/* a list inside */
#include "base/lines.h"	/* the output inside */
#include "stream/stream.h"	/* the stream inside */

struct composer;

struct result {
	struct composer *c;
	int dry;		/* write nothing: only ask */
	struct output out;
	struct stream_out stream;
	struct bigarray local;	/* of uint32_t: a triple's number among those
				   of a container */
	uint64_t records;
	unsigned depth;
};

/*
 * Write the stream to standard output, its first line without newline; or
 * only ask.  0, or -1 after a message: then no @end is written.
 */
int	result_write(struct result *, const struct buf *head);

#endif
