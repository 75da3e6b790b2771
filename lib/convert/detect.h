/* SPDX-License-Identifier: ISC */
/*
 * Which platform a package is of, found out by reading it as far as need be:
 * by the names of its members and, where these do not say, by their first
 * bytes.
 */
#ifndef CONVERT_DETECT_H
#define CONVERT_DETECT_H

#include "base/buf.h"	/* the head inside */
#include "package/member.h"	/* one inside */
#include "package/pending.h"	/* the members inside */

struct diag;
struct map;
struct map_file;
struct registry;
struct package;

/* a package and what it is of; zeroed but for the first five */
struct detected {
	struct diag *diag;
	struct package *package;
	const struct registry *maps;
	const char *name;	/* of JSON without one; NULL: by what it has */
	struct pending held;	/* members that came before it was known */
	const struct map *map;		/* NULL: nothing yet */
	const struct map_file *file;	/* the row that showed it */
	struct buf prefix;	/* a folder around it all, with its "/" */
	struct member member;	/* the one that did, if it was begun ... */
	struct buf head;	/* ... and the bytes of it already read */
	struct buf unlike;	/* what has the name of such a member, and is
				   something else, or empty */
};

/*
 * Find the platform: 0, or -1 after a message that says what was found and
 * what was expected.
 */
int	detect(struct detected *);

/*
 * Where the package is in a folder: whether a member's name is that of another
 * package, in a folder beside it.  -1 after a message, else 0.
 */
int	detect_another(struct detected *, const char *name);
void	detect_free(struct detected *);

/* append what packages the maps expect, for a message */
void	detect_expected(const struct registry *, struct buf *);

#endif
