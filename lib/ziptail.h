/* SPDX-License-Identifier: ISC */
/*
 * How many members a zip says it has, told from its last bytes: what a reader
 * of a pipe has passed by when it learns it (APPNOTE 4.3.16, 4.3.14).
 */
#ifndef ZIPTAIL_H
#define ZIPTAIL_H

#include <stddef.h>
#include <stdint.h>	/* Zip64 counts to 2^64 */

#include "buf.h"	/* the bytes inside */

/* zeroed: of nothing */
struct ziptail {
	struct buf bytes;	/* the last ones, of those added */
};

/* the next n bytes of the zip */
void	ziptail_add(struct ziptail *, const char *, size_t n);

/* after the last: how many; 0, or -1: no end record is among them */
int	ziptail_members(const struct ziptail *, uint64_t *count);
void	ziptail_free(struct ziptail *);

#endif
