/* SPDX-License-Identifier: ISC */
/*
 * References of an edited stream that lead nowhere, as where something was
 * renamed by hand and what refers to it was not.
 */
#ifndef CONVERT_DANGLING_H
#define CONVERT_DANGLING_H

#include <stdint.h>	/* lines */

#include "base/buf.h"	/* the lists inside */
#include "base/hashset.h"	/* and the sets */

struct diag;
struct record;

/* what was met so far; a zeroed struct has nothing */
struct dangling {
	struct hashset there;	/* what references may lead to */
	struct hashset asked;	/* those that did not yet, once each */
	struct buf first;	/* their first places, and texts of them */
	struct buf texts;
	struct buf word;	/* of one of them */
};

/* a component of the stream, and its line */
void	dangling_take(struct dangling *, const struct record *, uint64_t line);

/* at the end: warn of each reference that leads nowhere, of this input */
void	dangling_warn(const struct dangling *, struct diag *,
	    const char *input);
void	dangling_free(struct dangling *);

#endif
