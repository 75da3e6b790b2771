/* SPDX-License-Identifier: ISC */
/*
 * A package written as a directory: beside it first, then swapped in.
 */
#ifndef PACKAGE_DIR_WRITER_H
#define PACKAGE_DIR_WRITER_H

struct diag;
struct sink_ops;
struct dir_writer;

extern const struct sink_ops dir_writer_sink_ops;

/*
 * Begin a tree for the directory path, which need not exist.  owns tells
 * whether a file of it (its path inside) belongs to the package: if there is
 * one and force is not set, refused (STATUS_USAGE).  NULL after a message.
 */
struct dir_writer *dir_writer_open(struct diag *, const char *path, int force,
	    int (*owns)(void *arg, const char *name), void *arg);

/*
 * After sink_ops.finish: move the files to where they belong; those that the
 * package owned and has no more are removed, with a note of their number, all
 * others stay.  Not atomic as a whole, unless the directory is new.  0 or -1.
 */
int	dir_writer_commit(struct dir_writer *);

#endif
