/* SPDX-License-Identifier: ISC */
/*
 * A stream with the components that are asked for, and what they depend on.
 */
#ifndef SELECT_H
#define SELECT_H

#include <stddef.h>

struct again;
struct diag;
struct map;
struct room;
struct select_options;
struct selected;

/*
 * Select from a stream to standard output.  map_of finds a platform's map, or
 * NULL after a message.  0, or -1 after a message (STATUS_FINDING: nothing
 * fits, or references are lost that must not be).
 */
int	selects(struct diag *, const struct select_options *, struct again *,
	    struct room *, const struct map *(*map_of)(void *, const char *,
	    size_t), void *ctx, struct selected *);

#endif
