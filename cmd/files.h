/* SPDX-License-Identifier: ISC */
/*
 * Files that a run is to write must not be those that it reads.
 */
#ifndef CMD_FILES_H
#define CMD_FILES_H

#include <stddef.h>

struct diag;

/*
 * Check, before anything is done, the names of files that are read and of
 * those that are written (NULL: none): what is written must be writable, and
 * none of the others, whatever its name, by device and inode, nor a folder
 * that one of them is in.  Standard input
 * and output count, too, where they are files.  What is read as "-" is
 * standard input, which only one may read.  The output gets its name at the
 * end of the run, and is not tried; nothing is made.  0, or -1 after a
 * message (STATUS_USAGE, STATUS_IO).
 */
int	files_check(struct diag *, const char *const *reads, size_t nreads,
	    const char *const *writes, size_t nwrites, const char *output);

#endif
