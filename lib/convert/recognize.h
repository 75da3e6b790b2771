/* SPDX-License-Identifier: ISC */
/*
 * What a package is of, found out by reading it as far as need be.
 */
#ifndef CONVERT_RECOGNIZE_H
#define CONVERT_RECOGNIZE_H

#include "base/buf.h"	/* the head inside */
#include "convert/detect.h"	/* what was told */
#include "package/member.h"	/* the telling one */
#include "package/pending.h"	/* the members inside */

struct diag;
struct registry;
struct package;

/* a package being recognized; zeroed but for the first five */
struct recognized {
	struct diag *diag;
	struct package *package;
	const struct registry *maps;
	const char *name;	/* of JSON without one; NULL: told by it */
	struct pending held;	/* members that came before it was told */
	struct told told;
	struct buf prefix;	/* a folder around it all, with its "/" */
	struct member member;	/* the one that told it, if it was begun ... */
	struct buf head;	/* ... and the bytes of it already read */
};

/*
 * Tell the platform: 0, or -1 after a message that says what was found and
 * what was expected.
 */
int	recognize(struct recognized *);
void	recognized_free(struct recognized *);

#endif
