/* SPDX-License-Identifier: ISC */
/*
 * A line that jq or a person edited, brought back into canonical form.
 */
#ifndef STREAM_CANONICAL_H
#define STREAM_CANONICAL_H

#include <stddef.h>

struct buf;
struct scan;
struct text_error;

/*
 * A parser of such lines, to be given to scan_close(): values may nest as deep
 * as --max-depth says, and 4,095 levels in any case.
 */
struct scan *canonical_open(unsigned max_depth);

/*
 * Parse n bytes strictly as one JSON object and put it into out (emptied
 * first) as pkg-stream(5) writes a record: members in order, no white space,
 * the envelope's strings with the fewest escapes, the value's own tokens.
 * 0, or -1 and the error tells; scan_error() whether a limit was reached.
 */
int	canonical_line(struct scan *, struct buf *out, const char *, size_t n,
	    struct text_error *);

#endif
