/* SPDX-License-Identifier: ISC */
/*
 * Files that have no name: unlinked as soon as they are open, under $TMPDIR,
 * else /var/tmp (/tmp may be memory).
 */
#ifndef BASE_TEMPFILE_H
#define BASE_TEMPFILE_H

#include <stdint.h>	/* sizes pass 4 GiB */

struct diag;

/* what has more bytes than this does not stay in memory */
#define TEMPFILE_LITTLE ((uint64_t)1 << 21)

/* a descriptor to read and write, the caller's; -1 after a message */
int	tempfile_open(struct diag *);

/*
 * The same for what may be little: in memory at first, memfd_create(2).  File
 * systems take long to make a file where many were removed a moment ago, which
 * many small agents would do.
 */
int	tempfile_open_little(struct diag *);

/*
 * It is more than little now: what was written, and what will be, stands in a
 * file; the descriptor stays the same.  0, or -1 after a message.
 */
int	tempfile_move(struct diag *, int fd);

/* print that something cannot be done with one, by errno; returns -1 */
int	tempfile_fail(struct diag *, const char *doing);

#endif
