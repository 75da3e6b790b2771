/* SPDX-License-Identifier: ISC */
/*
 * Whole lines out of big reads, runs of bytes into big writes.
 */
#ifndef BASE_LINES_H
#define BASE_LINES_H

#include <stddef.h>
#include <stdint.h>	/* line numbers */

#include "base/buf.h"	/* the buffers inside */

struct diag;
struct output;

/* with each line this many bytes of the next are there, if it has them */
#define LINES_AHEAD 16

/* lines from a descriptor; the descriptor and the strings stay the caller's */
struct lines {
	struct diag *diag;
	const char *input;	/* its name; NULL: standard input */
	int fd;
	int ended;		/* nothing more to read */
	uint64_t number;	/* of the line given last, from 1 */
	uint64_t taken;		/* bytes of the lines given */
	size_t max;		/* the longest line allowed, bytes */
	int loose;		/* the last line may lack its newline */
	struct output *copy;	/* what is read is written here, too; or NULL */
	/* asked at the end of fd whether its writer did its work, 0 or -1
	   after a message; NULL: nobody */
	int (*finish)(void *);
	void *writer;
	struct buf buf;
	size_t next;		/* where the next line begins in buf */
};

/*
 * Open a file ("-": standard input) whose lines are of max bytes at most; the
 * last may lack its newline.  0, or -1 after a message; lines_close() if 0.
 */
int	lines_open(struct lines *, struct diag *, const char *file, size_t max);
void	lines_close(struct lines *);

/*
 * The next line, without its newline, in place: it lasts until the next call.
 * Returns 1; 0 at the end; -1 after a message: a read error (STATUS_IO), a
 * line over the limit (STATUS_LIMIT), one cut short (STATUS_STREAM).
 */
int	lines_next(struct lines *, const char **line, size_t *n);

/*
 * All lines of such a file: take() gets each, and returns whether it is one as
 * expected; the first that is not ends it, with a message.  0 or -1.
 */
int	lines_each(struct diag *, const char *file, size_t max,
	    int (*take)(void *ctx, const char *line, size_t n), void *ctx,
	    const char *expected);

/*
 * Before the first line: the first n bytes, or what there is, in place.
 * Returns how many, -1 after a message.
 */
long	lines_head(struct lines *, const char **head, size_t n);

/* before the first line: bytes that were read of fd before; 0 or -1 */
int	lines_begin(struct lines *, const char *, size_t n);

/* whether the next line begins with text, of at most LINES_AHEAD bytes */
int	lines_ahead(const struct lines *, const char *text);

/* give away the buffer that the line given last stands in */
void	lines_give(struct lines *, struct buf *to);
void	lines_free(struct lines *);

/* what one write holds, and output_room() gives, at most */
#define OUTPUT_ROOM ((size_t)1 << 17)

/* bytes to a descriptor, which stays the caller's */
struct output {
	struct diag *diag;
	const char *name;	/* for messages, such as "stdout" */
	int fd;
	uint64_t total;		/* bytes written */
	int failed;		/* a write has: nothing is written any more */
	struct buf buf;
};

/*
 * Write n bytes, now or later.  0, or -1 after a message (STATUS_IO), and
 * from then on always.
 */
int	output_add(struct output *, const void *, size_t n);

/*
 * Room for n bytes (at most OUTPUT_ROOM) that count as written: to be filled
 * before the next call.  NULL after a message.
 */
char	*output_room(struct output *, size_t n);

/* write what is held back */
int	output_flush(struct output *);
void	output_free(struct output *);

/* close standard output: some disks fail only now; 0 or -1 (STATUS_IO) */
int	output_end(struct diag *);

#endif
