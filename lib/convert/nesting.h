/* SPDX-License-Identifier: ISC */
/*
 * Lines of components that stand inside others: each waits until the one
 * around it is written.
 */
#ifndef CONVERT_NESTING_H
#define CONVERT_NESTING_H

#include <stddef.h>
#include <stdint.h>	/* no cut: SIZE_MAX */

#include "base/buf.h"	/* the scratch inside */
#include "base/slice.h"	/* slices */

struct diag;
struct spool;
struct stream_out;

/* the line has no place for the id of the component around it */
#define NESTING_WHOLE SIZE_MAX

/*
 * A line: an envelope that lacks its last brace, and a value; or a whole line
 * as head and no value (p NULL).  All borrowed.
 */
struct nesting_line {
	struct slice head;
	struct slice value;
	size_t cut;		/* where in head the scope of the component
				   around it goes, or NESTING_WHOLE */
	struct slice scope;	/* of its own, for the lines inside it */
};

/* zeroed but for diag and out: lines go straight to out */
struct nesting {
	struct diag *diag;
	struct stream_out *out;
	struct spool *levels;	/* what waits, outermost first */
	size_t depth, room;
	int through;		/* the outermost level waits no more */
	struct buf scratch;
};

/* from now on lines wait */
void	nesting_push(struct nesting *);

/*
 * What they wait for: write it, and behind it all that waited since the push.
 * 0, or -1 after a message.
 */
int	nesting_pop(struct nesting *, const struct nesting_line *);

/* whether anything waits since the last push */
int	nesting_waiting(const struct nesting *);

/* the same as nesting_pop() for the outermost level, which stays, but open */
int	nesting_through(struct nesting *, const struct nesting_line *);

/* write a line, or let it wait; 0 or -1 */
int	nesting_line(struct nesting *, const struct nesting_line *);

/* forget what waits */
void	nesting_reset(struct nesting *);
void	nesting_free(struct nesting *);

#endif
