/* SPDX-License-Identifier: ISC */
/*
 * Which platform a package is of: by the names of its members and, where
 * these do not say, by their first bytes.
 */
#ifndef CONVERT_DETECT_H
#define CONVERT_DETECT_H

#include <stddef.h>

#include "base/buf.h"	/* a text inside */

struct map;
struct map_file;
struct registry;

/* bytes of a member that may be asked for */
#define DETECT_HEAD 4096

/* what was told; zeroed at first, and unlike is the caller's to free */
struct told {
	const struct map *map;		/* NULL: nothing yet */
	const struct map_file *file;	/* the row that told it */
	size_t prefix;			/* bytes of a folder around it all */
	struct buf unlike;		/* what has a telling name, and is
					   something else, or empty */
};

/*
 * Whether a member tells: by its name, or also by its first n bytes, in which
 * the members that the map wants must stand unless they are no JSON.  If it
 * could tell by them and head is NULL, -1: ask again with them.  1: told.
 * folder: also if all of it stands in a folder, whose name comes first.
 */
int	detect_member(struct told *, const struct registry *, const char *name,
	    int folder, const char *head, size_t n);

/*
 * The name that a JSON text without one should have, by its first n bytes,
 * and what that tells; NULL if nothing.
 */
const char *detect_nameless(struct told *, const struct registry *,
	    const char *head, size_t n);

/* whether nothing in a map tells it: it must be asked for */
int	detect_never(const struct map *);

/* the map whose binary form n bytes at the start of a file are, or NULL */
const struct map *detect_blob(const struct registry *, const char *head,
    size_t n);

/* append a pattern of files as a message shows it: what recurs is a star */
void	detect_pattern(struct buf *, const char *pattern);

/* append what packages the maps expect, for a message */
void	detect_expected(const struct registry *, struct buf *);

#endif
