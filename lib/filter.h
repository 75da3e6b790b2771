/* SPDX-License-Identifier: ISC */
/*
 * A stream with the versions of its tasks that an export mode takes.
 */
#ifndef FILTER_H
#define FILTER_H

#include <stddef.h>

#include "filtered.h"	/* what is asked and told */

struct again;
struct diag;
struct map;
struct room;

/*
 * Filter a stream to standard output.  map_of finds a platform's map, or
 * NULL after a message.  0, or -1 after a message (STATUS_FINDING: tasks of
 * unknown status, and nothing is written).
 */
int	filter(struct diag *, const struct filter_options *, struct again *,
	    struct room *, const struct map *(*map_of)(void *, const char *,
	    size_t), void *ctx, struct filtered *);

#endif
