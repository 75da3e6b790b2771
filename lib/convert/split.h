/* SPDX-License-Identifier: ISC */
/*
 * A JSON file of a package, split into the records that a map sees in it.
 */
#ifndef CONVERT_SPLIT_H
#define CONVERT_SPLIT_H

#include <stddef.h>
#include <stdint.h>	/* sizes and counts */

struct diag;
struct file;
struct map;
struct stream_out;

struct split;

struct split_options {
	uint64_t max_component;	/* bytes of a component's value */
	unsigned max_depth;	/* of nested containers */
};

/*
 * A splitter for the files of one package; the map, the stream and the
 * options are borrowed, input is for messages.
 */
struct split *split_open(struct diag *, const char *input, const struct map *,
	    const struct split_options *, struct stream_out *);
void	split_close(struct split *);

/* begin a file; it is borrowed until split_end() */
void	split_begin(struct split *, const struct file *);

/* the file's next n bytes; 0, or -1 after a message */
int	split_feed(struct split *, const char *, size_t n);

/* the file ends here; 0 or -1 */
int	split_end(struct split *);

#endif
