/* SPDX-License-Identifier: ISC */
/*
 * What the source's version of a component takes over from the target's.
 */
#ifndef MERGE_TAKEOVER_H
#define MERGE_TAKEOVER_H

#include <stdint.h>	/* numbers */

#include "base/slice.h"	/* slices */

struct compose;
struct record;
struct rule;
struct side;

/* the members that belong to each copy, and the secrets; 0 or -1 */
int	takeover_own(struct compose *, const struct rule *,
	    const struct record *old, struct record *new);

/* all of both, where the map's "unite" or "holds" wants it; 0 or -1 */
int	takeover_parts(struct compose *, const struct rule *,
	    const struct record *old, struct record *new);

/* whether anything stands inside a component (NOTHING: none) */
int	takeover_any(const struct side *, uint32_t node);

/*
 * The containers that stand in the version from of a side, whose value is the
 * model, are open in this one, too; 0 or -1.
 */
int	takeover_inside(struct compose *, struct side *, uint32_t from,
	    struct slice model, struct record *);

#endif
