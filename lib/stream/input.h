/* SPDX-License-Identifier: ISC */
/*
 * The descriptor that a stream is read from: the file itself, or, where a
 * package is given in its place, what pkg-unpack(1) makes of it.
 */
#ifndef STREAM_INPUT_H
#define STREAM_INPUT_H

#include <stddef.h>
#include <stdint.h>	/* sizes pass 4 GiB */
#include <sys/types.h>	/* processes */

#include "base/buf.h"	/* the first bytes inside */

struct diag;

/* how a stream is read; the strings are borrowed */
struct input_options {
	int edited;		/* --edited: any JSON form, any sum */
	const char *map;	/* --map, for a package; NULL: none */
	uint64_t max_component;	/* --max-component: bytes of a value */
	unsigned max_depth;	/* --max-depth: for a package */
	int patch;		/* it must be a patch */
	const int *fd;		/* NULL, or what is read in place of the file,
				   which is its name then; it stays open */
};

/* zeroed before input_open() */
struct input {
	struct diag *diag;
	const char *file;	/* borrowed; NULL: standard input */
	int fd;			/* the stream */
	int own;		/* ... is to be closed */
	struct input_options options;
	int late;		/* it does not show yet what it is */
	struct buf head;	/* what of it was read already */
	int ended;		/* ... up to its end: a terminal's comes once */
	pid_t unpack;		/* pkg-unpack(1); 0: none runs */
	pid_t feed;		/* who gives it what comes through a pipe */
};

/*
 * Open a file (NULL: standard input).  A zip, a directory, or JSON that is no
 * stream is a package: pkg-unpack(1), of the folder where this program is or
 * else of PATH, reads it as a child.  0, or -1 after a message; input_close()
 * in any case.
 */
int	input_open(struct input *, struct diag *, const char *file,
	    const struct input_options *);

/*
 * Where late is set, before the first byte of fd is read, which may become
 * another, behind head: what comes through a pipe shows only as it comes what
 * it is.  0, or -1 after a message.
 */
int	input_begin(struct input *);

/*
 * At the end of fd: a child that failed, which has said why, fails the
 * program with its exit status.  0 or -1.
 */
int	input_finish(struct input *);
void	input_close(struct input *);

#endif
