/* SPDX-License-Identifier: ISC */
/*
 * Many texts looked for at once, as they are and in base64.
 */
#ifndef VARS_NEEDLES_H
#define VARS_NEEDLES_H

#include <stddef.h>
#include <stdint.h>	/* numbers */

#include "base/buf.h"	/* the texts inside */
#include "base/hashset.h"	/* and which there are */
#include "base/slice.h"	/* slices */

/* a shorter text is not looked for, and a shorter one not in base64 */
#define NEEDLE_LEAST 4
#define NEEDLE_BASE64 5

/* of a longer one the beginning is enough, so far as it stands there */
#define NEEDLE_LONG 1024

/* zeroed: none */
struct needles {
	struct buf list;	/* of struct needle (needles.c), in order */
	struct buf texts;
	struct hashset known;
	uint64_t starts[1024];	/* bits: the two bytes that some begin with */
};

/* where one was met */
struct needle_hit {
	size_t at, n;
	uint32_t number;	/* the caller's */
};

/* add a text; a number that was given for the same text before stays */
void	needles_add(struct needles *, struct slice text, uint32_t number);

/* after the last: make them ready to be looked for */
void	needles_ready(struct needles *);

/* the next in a text from hit->at on, the longest there; 1, or 0: none */
int	needles_next(const struct needles *, struct slice text,
	    struct needle_hit *);

/* whether there are none */
int	needles_none(const struct needles *);
void	needles_free(struct needles *);

#endif
