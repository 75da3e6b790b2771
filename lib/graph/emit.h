/* SPDX-License-Identifier: ISC */
/*
 * The second pass of a filter: each record's line is echoed, changed or
 * dropped, as its node's fate says (closure.h).
 *
 * Runs of lines that stay are copied as bytes, not looked at.
 */
#ifndef GRAPH_EMIT_H
#define GRAPH_EMIT_H

#include <stdint.h>	/* counts */

#include "base/atomicfile.h"	/* the file of one */
#include "base/lines.h"	/* the outputs inside */
#include "stream/stream.h"	/* the streams */

struct twopass;
struct buf;
struct diag;
struct graph;
struct record;

struct carry {
	struct diag *diag;
	struct twopass *in;
	const struct graph *graph;
	const char *rejects;	/* a file for what is dropped, or NULL;
				   see that it is no other (files.h) */
	/*
	 * The new line of a record whose fate is FATE_CHANGE, into an empty
	 * buffer, without newline.  1; 0: the line stays as it is; -1 after
	 * a message.
	 */
	int (*change)(void *ctx, uint32_t node, const struct record *,
	    struct buf *line);
	/*
	 * A line to be put behind such a record, the i-th from 0 on; in the
	 * same way, 0: no more.  NULL: none.
	 */
	int (*more)(void *ctx, uint32_t node, size_t i, struct buf *line);
	/* x-why of a dropped record, text for a JSON string */
	const char *(*why)(void *ctx, uint32_t node);
	void *ctx;
	/* filled in */
	uint64_t changed, dropped;	/* records */
	uint64_t bytes;				/* written */
	/* its own */
	struct output out, out_rejects;
	struct atomicfile file;	/* of the rejects, if there are any */
	struct stream_out stream, stream_rejects;
	struct buf line;
	int adding;		/* the sum is made of the lines that stay */
};

/*
 * Write the stream to standard output: its first line, without newline, then
 * the records, then @end.  0, or -1 after a message: then no @end is written.
 */
int	emit(struct carry *, const struct buf *head);

#endif
