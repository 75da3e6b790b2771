/* SPDX-License-Identifier: ISC */
/*
 * Whether a file ends as a zip does, told from its last bytes.
 */
#ifndef PACKAGE_ZIPTAIL_H
#define PACKAGE_ZIPTAIL_H

#include <stddef.h>

#include "base/buf.h"	/* the last bytes inside */

/* the most bytes that tell: the end record and the longest comment */
#define ZIPTAIL_MAX ((size_t)22 + 65535)

/* the last bytes of a file; a zeroed struct is ready for the first */
struct ziptail {
	struct buf bytes;
};

/* the next n bytes of the file */
void	ziptail_add(struct ziptail *, const char *, size_t n);

/* whether the bytes end with the end record of a zip and its comment */
int	ziptail_ends(const struct ziptail *);
void	ziptail_free(struct ziptail *);

#endif
