/* SPDX-License-Identifier: ISC */
/*
 * Bytes put aside until later: in memory while they are few, then in an
 * unlinked file under $TMPDIR, else /var/tmp (/tmp may be memory).
 */
#ifndef BASE_SPOOL_H
#define BASE_SPOOL_H

#include <stddef.h>
#include <stdint.h>	/* sizes pass 4 GiB */

#include "base/buf.h"	/* the buffer inside */

struct diag;

/* zeroed but for diag: empty */
struct spool {
	struct diag *diag;
	int filed;		/* fd is open */
	int reading;		/* what buf holds comes from the file */
	int fd;
	uint64_t size;		/* bytes put aside */
	uint64_t given;		/* bytes read back */
	struct buf buf;		/* written: not yet in the file;
				   read: a block of it, from at on */
	size_t at;
};

/* put n bytes aside; 0, or -1 after a message (STATUS_IO) */
int	spool_add(struct spool *, const void *, size_t n);

/* from now on read back, from the start; 0 or -1 */
int	spool_rewind(struct spool *);

/*
 * The next bytes, at most n, in place: they last until the next call.
 * Returns how many; 0 at the end; -1 after a message.
 */
long	spool_read(struct spool *, const char **, size_t n);

/* exactly n bytes into p, which must still be there; 0 or -1 */
int	spool_take(struct spool *, void *p, size_t n);

/* empty it, to be written again */
void	spool_reset(struct spool *);
void	spool_free(struct spool *);

#endif
