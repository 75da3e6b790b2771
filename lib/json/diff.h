/* SPDX-License-Identifier: ISC */
/*
 * Where two versions of a value differ, for people.
 */
#ifndef JSON_DIFF_H
#define JSON_DIFF_H

#include "json/tape.h"	/* the values inside */

struct buf;

/* zeroed: nothing compared yet */
struct differ {
	struct tape old, new;
	unsigned found;		/* places, up to one more than are told */
};

/*
 * Append the places at which two compact JSON texts differ, as in JSON
 * strings: pointers (RFC 6901) with commas between them, the first few; behind
 * what one text alone has, "(gone)" or "(new)".  An absent member is as good
 * as an empty one.  Returns whether there is any;
 * 0, too, if one of both is no JSON, or the whole differs.
 */
int	differ(struct differ *, struct slice old, struct slice new,
	    struct buf *);
void	diff_free(struct differ *);

#endif
