/* SPDX-License-Identifier: ISC */
/*
 * Edits of a compact JSON text, noted in any order and made in one copy.
 *
 * What is dropped takes the comma along that would be left over.  An edit
 * inside another falls away; of two of the same bytes the first noted counts.
 */
#ifndef JSON_EDIT_H
#define JSON_EDIT_H

#include <stddef.h>

#include "base/buf.h"	/* the edits and their texts inside */

struct tape;

/* a zeroed struct has no edits */
struct edits {
	struct buf edits;	/* of struct edit (edit.c) */
	struct buf texts;	/* what they put in */
	int reshaped;		/* tokens may stand elsewhere, or be others */
};

/* forget all edits */
void	edit_reset(struct edits *);

/* whether there is none */
int	edit_none(const struct edits *);

/* put m bytes (copied) in the place of the n at an offset */
void	edit_replace(struct edits *, size_t at, size_t n, const char *bytes,
	    size_t m);

/*
 * The same inside a string, by what may stand there.  Where all edits are such,
 * and of one length, the text has the tokens that it had: reshaped is 0.
 */
void	edit_word(struct edits *, size_t at, size_t n, const char *bytes,
	    size_t m);

/*
 * Take a token out of its container, with its key and comma.  It is not the
 * whole.
 */
void	edit_drop(struct edits *, const struct tape *, size_t token);

/* add a member at an object's end: key without escapes, value as JSON */
void	edit_member(struct edits *, const struct tape *, size_t object,
	    const char *key, const char *json, size_t n);

/* append the text with all edits made */
void	edit_apply(struct edits *, const char *text, size_t n, struct buf *);
void	edit_free(struct edits *);

#endif
