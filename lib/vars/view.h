/* SPDX-License-Identifier: ISC */
/*
 * A text as programs would read it: with the escapes of JSON and of URLs
 * decoded, also those that stand in one another.
 */
#ifndef VARS_VIEW_H
#define VARS_VIEW_H

#include <stddef.h>
#include <stdint.h>	/* places */

#include "base/buf.h"	/* the texts inside */

/* so many times a text is decoded */
#define VIEW_DEEP 3

/* one of the texts; zeroed: the views of nothing */
struct view {
	const char *p;
	size_t n;
	const struct view *of;	/* what it was decoded of; NULL: as given */
	struct buf text;
	struct buf steps;	/* of struct view_step (view.c) */
};

/* room for the views of one text after the other */
struct views {
	struct view deep[VIEW_DEEP + 1];
};

/*
 * Call for a text of less than 4 GiB as it is, and as each way of decoding
 * reads it, as long as the call returns 0.  Returns what it returned last.
 */
int	view_each(struct views *, const char *text, size_t n,
	    int (*call)(void *ctx, const struct view *), void *ctx);

/* where in the text as given bytes of a view stand: from, and up to */
void	view_source(const struct view *, size_t at, size_t n, size_t *from,
	    size_t *to);
void	view_free(struct views *);

#endif
