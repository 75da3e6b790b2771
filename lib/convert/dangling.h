/* SPDX-License-Identifier: ISC */
/*
 * References that lead nowhere: those that a package must not lack, as the
 * "required" rows of a map say (an agent without its start flow is refused by
 * the platform); and in an edited stream all of them, as where something was
 * renamed by hand and what refers to it was not.
 */
#ifndef CONVERT_DANGLING_H
#define CONVERT_DANGLING_H

#include <stdint.h>	/* lines */

#include "base/buf.h"	/* the lists inside */
#include "base/hashset.h"	/* and the sets */

struct diag;
struct map;
struct record;

/* what was met so far; zeroed but for the first two */
struct dangling {
	const struct map *map;	/* NULL: nothing is required */
	int edited;		/* look at all references */
	struct hashset there;	/* what references may lead to */
	struct hashset asked;	/* those that did not yet, once each */
	struct buf first;	/* their first places, and texts of them */
	struct buf texts;
	struct buf word;	/* of one of them */
};

/* a component of the stream, and its line */
void	dangling_take(struct dangling *, const struct record *, uint64_t line);

/*
 * At the end: a required reference that leads nowhere, or NULL; lasts until
 * dangling_free().
 */
const char *dangling_required(const struct dangling *);

/* and warn of each reference that leads nowhere, of this input */
void	dangling_warn(const struct dangling *, struct diag *,
	    const char *input);
void	dangling_free(struct dangling *);

#endif
