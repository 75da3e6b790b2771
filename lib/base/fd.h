/* SPDX-License-Identifier: ISC */
/*
 * Reading and writing a descriptor: a signal interrupts nothing, and what
 * comes short is asked for again.
 */
#ifndef BASE_FD_H
#define BASE_FD_H

#include <stddef.h>
#include <stdint.h>	/* places pass 4 GiB */

struct buf;

/*
 * The next bytes, at most n: how many, 0 at the end, -1 with errno.  A pipe
 * gives what it has.
 */
long	fd_read(int fd, void *, size_t n);

/* n bytes, fewer only where the end comes first: how many, -1 with errno */
long	fd_read_all(int fd, void *, size_t n);

/* the same of a file from a place on; the position is not moved */
long	fd_read_at(int fd, void *, size_t n, uint64_t from);

/*
 * Append what a file ("-": standard input) has; of one that is longer than
 * most bytes, more than those, not all.  0, or -1 with errno.
 */
int	fd_read_file(const char *path, size_t most, struct buf *);

/* write n bytes, all of them; 0, or -1 with errno */
int	fd_write(int fd, const void *, size_t n);

/*
 * Let a pipe hold more, so that its ends take fewer turns; where the system
 * does not let it, or it is none, it serves as it is.
 */
void	fd_widen(int fd);

#endif
