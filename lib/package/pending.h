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

struct held_member {
	struct member member;	/* its name is its own */
	struct spool bytes;
};

/* zeroed but for diag: none */
struct held {
	struct diag *diag;
	struct held_member *members;
	size_t n;
};

/*
 * Hold the member that a package is at: the bytes of it in head, and what is
 * still to be read.  0, or -1 after a message.
 */
int	held_add(struct held *, const struct member *, const struct buf *head,
	    struct package *);

/* as package_read(), once */
long	held_read(struct held_member *, const char **);
void	held_free(struct held *);

#endif
