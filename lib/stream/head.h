/* SPDX-License-Identifier: ISC */
/*
 * The first line of the stream that a filter writes: that of its input, and
 * in "by" one entry more.
 */
#ifndef STREAM_HEAD_H
#define STREAM_HEAD_H

struct buf;
struct record;

/*
 * Append the @stream line, without its newline, with an entry for a program:
 * options is the inside of a JSON array of strings, maybe empty.
 */
void	head_put(struct buf *, const struct record *, const char *program,
	    const char *options);

/* append an option to such an inside: name, or name=value */
void	head_option(struct buf *options, const char *name, const char *value);

#endif
