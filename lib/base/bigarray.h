/* SPDX-License-Identifier: ISC */
/*
 * Large arrays that grow: in memory up to a cap that they share, beyond it
 * mapped from unlinked files, where the kernel may write them out.
 */
#ifndef BASE_BIGARRAY_H
#define BASE_BIGARRAY_H

#include <stddef.h>
#include <stdint.h>	/* caps pass 4 GiB */

struct diag;

/* unless the user says otherwise (-S) */
#define ROOM ((uint64_t)256 << 20)

/* what the arrays of a program share; zeroed but for diag and cap */
struct room {
	struct diag *diag;
	uint64_t cap;		/* bytes in memory, of all of them */
	uint64_t used;
};

/* zeroed but for room: empty; size bytes at p may be used */
struct bigarray {
	struct room *room;
	void *p;
	size_t size;
	int filed;		/* they are in the file fd */
	int fd;
};

/*
 * Make it at least size bytes, new ones zero; p may move.  0, or -1 after a
 * message (STATUS_IO: no memory, or no room for the file).
 */
int	bigarray_hold(struct bigarray *, size_t size);

/* one more number behind the n that it has; 0 or -1 */
int	bigarray_push(struct bigarray *, uint64_t *n, uint32_t item);

/* give it back */
void	bigarray_free(struct bigarray *);

#endif
