/* SPDX-License-Identifier: ISC */
/*
 * The result of a merge in its order: the target's, with what is new where it
 * belongs.
 *
 * What comes into an array follows its last element; a member of a document
 * follows the one that it follows in the source; a file the last of its kind.
 */
#ifndef MERGE_ORDER_H
#define MERGE_ORDER_H

#include <stdint.h>	/* counts */

#include "base/buf.h"	/* a list inside */
#include "base/lines.h"	/* the output inside */
#include "stream/stream.h"	/* the stream inside */

struct compose;
struct diag;
struct plan;
struct side;

struct order {
	struct diag *diag;
	struct side *target, *source;
	struct compose *compose;
	struct plan *plan;	/* told of all that changes */
	int fd;			/* where the stream is written */
	int dry;		/* write no stream */
	/* filled in */
	uint64_t records, bytes;
	/* its own */
	struct output out;
	struct stream_out stream;
	struct side *run;	/* lines to be copied: of this side */
	uint32_t from, to;
	int subtract;		/* the sum is the target's, less what goes */
	struct buf files;	/* of struct insertion: the source's */
	unsigned depth;
};

/*
 * Write the stream, its first line without newline; or, if dry, only tell the
 * plan.  0, or -1 after a message: then no @end is
 * written.
 */
int	order(struct order *, const struct buf *head);

#endif
