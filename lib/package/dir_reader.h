/* SPDX-License-Identifier: ISC */
/*
 * Packages that are files already: a directory, or some files one by one.
 */
#ifndef PACKAGE_DIR_READER_H
#define PACKAGE_DIR_READER_H

#include <stddef.h>
#include <stdint.h>	/* sizes pass 4 GiB */
#include <sys/types.h>	/* dev_t */

struct diag;
struct source_ops;
struct stat;

extern const struct source_ops dir_reader_ops;

/* a file: its path in the package, and where it is (NULL: standard input) */
struct dir_reader_file {
	char *name;
	char *path;
};

/*
 * Files to be read in this order.  Their times and modes are those of a
 * checkout, not of a package: none are given.
 */
struct dir_reader {
	struct diag *diag;
	struct dir_reader_file *files;
	size_t n;
	size_t next;		/* the file after the one being read */
	int fd;			/* -1: none is */
	int64_t left;		/* bytes of it to be read; -1: of a pipe */
	char *block;
	int stream;		/* what the one file is read from; -1: paths */
	const char *head;	/* bytes of it already read */
	size_t nhead;
	struct dir_reader_own {
		dev_t dev;
		ino_t ino;
	} own[2];		/* what the run writes itself, or zeroes */
	size_t nskipped;	/* what was left out as no file */
	int silent;		/* what is left out is not told */
};

/* an empty folder, for source_ops.close */
struct dir_reader *dir_reader_open(struct diag *);

/* leave out of what is added the i-th file that the run writes, if it is one */
void	dir_reader_spare(struct dir_reader *, size_t i, const struct stat *);

/* open the i-th file, of which st tells: its descriptor, -1 after a message */
int	dir_reader_file(struct dir_reader *, size_t i, struct stat *st);

/*
 * Add a file by its path (NULL: standard input, whose name must be given);
 * its name is the path's last step, or name.
 */
void	dir_reader_add(struct dir_reader *, const char *path, const char *name);

/*
 * Add all regular files below a directory, sorted by name.  Names that begin
 * with "." are left out at its top, with a note, unless all; what is neither
 * a file nor a directory is left out with a warning, the first of them by
 * name; unless silent.  0 or -1 (STATUS_IO).
 */
int	dir_reader_add_tree(struct dir_reader *, const char *dir, int all);

/* put the files into the order of their ranks; a negative one leaves out */
void	dir_reader_arrange(struct dir_reader *, int (*rank)(void *,
    const char *name),
	    void *arg);

#endif
