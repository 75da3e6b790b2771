/* SPDX-License-Identifier: ISC */
/*
 * Who a record is, for people, and whose.
 */
#ifndef DIFF_WHO_H
#define DIFF_WHO_H

#include <stdint.h>	/* numbers */

#include "base/buf.h"	/* the texts inside */

struct diff_who;
struct side;

/* the texts of one; zeroed: none */
struct who_texts {
	struct buf texts;
};

/*
 * Kind, id and name of a record, which last until the next call.  Without an
 * id it is its file and its place there, with a "#" between them, and the
 * numbers of elements as far as these are components; a file that is not split
 * is of the kind "file", and its path is its id.  0, or -1 after a message.
 */
int	who_is(struct who_texts *, struct side *, uint32_t node,
	    struct diff_who *);
void	who_free(struct who_texts *);

/* what a record belongs to first, or stands in; NOTHING: nothing */
uint32_t who_owner(const struct side *, uint32_t node);

#endif
