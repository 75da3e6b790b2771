/* SPDX-License-Identifier: ISC */
/*
 * Members of a package held back until it is known what they are.
 */
#ifndef PACKAGE_PENDING_H
#define PACKAGE_PENDING_H

#include <stddef.h>

#include "base/spool.h"	/* its bytes */
#include "package/member.h"	/* what is known of each */

struct buf;
struct diag;
struct package;

struct pending_member {
	struct member member;	/* its name is its own */
	struct spool bytes;
};

/* zeroed but for diag: none */
struct pending {
	struct diag *diag;
	struct pending_member *members;
	size_t n;
};

/*
 * Hold the member that a package is at: the bytes of it in head, and what is
 * still to be read.  0, or -1 after a message.
 */
int	pending_add(struct pending *, const struct member *,
    const struct buf *head,
	    struct package *);

/* as package_read(), once */
long	pending_read(struct pending_member *, const char **);
void	pending_free(struct pending *);

#endif
