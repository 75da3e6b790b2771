/* SPDX-License-Identifier: ISC */
/*
 * The second pass of a filter: the new lines of records that stay, but not
 * as they were, and why others do not.
 */
#ifndef SELECT_AMEND_H
#define SELECT_AMEND_H

#include <stdint.h>	/* nodes */

struct buf;
struct record;

/* these are called with the struct filter as their ctx: see emit.h */
int	amend_line(void *ctx, uint32_t node, const struct record *,
	    struct buf *line);
const char *amend_why(void *ctx, uint32_t node);

/* and this one by the closure (closure.h) */
int	amend_goes(void *ctx, uint32_t node);

#endif
