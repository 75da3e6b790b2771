/* SPDX-License-Identifier: ISC */
/*
 * A stream as a whole: its first line, its last, and the proof between.
 *
 * The folder, in the order to read it: input.h; record.h, one line; list.h and
 * record_edit.h, which read and change it; this; twopass.h, a stream read
 * twice; canonical.h and reorder.h, lines that somebody has edited.
 */
#ifndef STREAM_STREAM_H
#define STREAM_STREAM_H

#include <stddef.h>
#include <stdint.h>	/* counts */

#include "base/hash.h"	/* the sum inside */
#include "base/lines.h"	/* the lines inside */
#include "stream/input.h"	/* where they come from */
#include "stream/reorder.h"	/* and those held back */

struct scan;
struct place;
struct record;
struct slice;

/* a stream being read */
struct stream_in {
	struct input input;
	struct lines lines;
	int edited;		/* --edited: any JSON form, any sum */
	int patch;		/* it must be a patch */
	uint64_t records;
	struct hash_sum sum;
	int begun, ended;
	struct scan *json;	/* of edited lines */
	struct buf canonical;	/* an edited line as it should be */
	/* what changes edited records, in their buffer; NULL: nothing */
	int (*change)(void *, struct record *, struct buf *,
	    const struct place *);
	void (*change_free)(void *);
	void *changer;
	struct reorder order;	/* read, and not given yet */
	uint64_t shown;		/* the line of what was given, or 0: the last */
};

/*
 * Open a file (NULL: standard input), which may be a package, too.  The
 * struct stays where it is.  0, or -1 after a message; stream_close() in any
 * case.
 */
int	stream_open(struct stream_in *, struct diag *, const char *file,
	    const struct input_options *);

/*
 * The next line as a record, @stream first.  Returns 1; 0 after the @end,
 * which has been found true; -1 after a message.  The record lasts until the
 * next call.
 */
int	stream_read(struct stream_in *, struct record *);
/*
 * Give away the buffer that the record read last stands in, so that it lasts:
 * to is empty before, and to be freed.
 */
void	stream_give(struct stream_in *, struct buf *to);
void	stream_close(struct stream_in *);

/* the place of the line read last, for messages */
struct place stream_place(const struct stream_in *);

/* a stream being written; zeroed but for out, and pieces from hash_open() */
struct stream_out {
	struct output *out;
	uint64_t records;
	struct hash_sum sum;
	struct hash *pieces;
};

/*
 * Append the @stream line that a filter writes, without its newline: that of
 * its input, with an entry more in "by", of a program.  options is the inside
 * of a JSON array of strings, maybe empty.
 */
void	stream_put_head(struct buf *, const struct record *,
	    const char *program, const char *options);

/* append an option to such an inside: name, or name=value */
void	stream_put_option(struct buf *options, const char *name,
	    const char *value);

/* write the first line: text without its newline, not counted; 0 or -1 */
int	stream_head(struct stream_out *, const char *, size_t n);

/* write a line, given in parts without its newline; 0 or -1 */
int	stream_line(struct stream_out *, const struct slice *parts, size_t n);

/* write a line in pieces: each of them, then its end; 0 or -1 */
int	stream_piece(struct stream_out *, const char *, size_t n);
int	stream_piece_end(struct stream_out *);

/*
 * Write the @end, and all that was held back.  0 or -1; also if any error was
 * printed before: then nothing is written.
 */
int	stream_finish(struct stream_out *);

#endif
