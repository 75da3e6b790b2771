/* SPDX-License-Identifier: ISC */
/*
 * References that a package must not lack: what the "required" rows of a map
 * say (an agent without its start flow is refused by the platform).
 */
#ifndef CONVERT_REQUIRED_H
#define CONVERT_REQUIRED_H

#include "base/buf.h"	/* the list inside */
#include "base/hashset.h"	/* and the set */

struct map;
struct record;

/* what was met so far; zeroed but for map (NULL: nothing is required) */
struct required {
	const struct map *map;
	struct buf wanted;	/* references, each ended by a NUL */
	struct hashset there;	/* what they may lead to */
	struct buf text;	/* of one of them */
};

/* a component of the stream */
void	required_take(struct required *, const struct record *);

/* a reference that leads nowhere, or NULL; lasts until required_free() */
const char *required_missing(const struct required *);
void	required_free(struct required *);

#endif
