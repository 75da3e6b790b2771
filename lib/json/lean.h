/* SPDX-License-Identifier: ISC */
/*
 * Text without its line breaks and the indents after them, and the way back
 * to where its bytes stood.
 *
 * A line break cannot stand inside a JSON token (RFC 8259: section 7 bars it
 * from strings), so a parser need not see it: a third of an indented file is
 * never looked at byte by byte.  What it joins by being left out is for the
 * caller to notice, with lean_joins().
 */
#ifndef JSON_LEAN_H
#define JSON_LEAN_H

#include <stddef.h>

#include "base/buf.h"	/* the text inside */

/* a piece of text made lean; a zeroed struct is ready for the first */
struct lean {
	struct buf text;
	struct lean_mark {
		size_t at;	/* where in text something is left out */
		size_t out;	/* bytes left out up to here */
	} *marks;
	size_t n, room;
	size_t next;		/* the first mark not yet passed */
	int indent;		/* the last piece ended in an indent */
};

/* take the next piece, of n bytes */
void	lean_take(struct lean *, const char *, size_t n);

/*
 * Where in the piece the first end bytes of text reach to.  end must not
 * fall from call to call.
 */
static inline size_t
lean_reach(struct lean *l, size_t end)
{
	while (l->next < l->n && l->marks[l->next].at < end)
		l->next++;
	return end + (l->next > 0 ? l->marks[l->next - 1].out : 0);
}

/* whether something was left out among the last n of these bytes */
static inline int
lean_joins(const struct lean *l, size_t end, size_t n)
{
	return l->next > 0 && l->marks[l->next - 1].at + n > end;
}

/* forget all pieces */
void	lean_reset(struct lean *);
void	lean_free(struct lean *);

#endif
