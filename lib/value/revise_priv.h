/* SPDX-License-Identifier: ISC */
/*
 * One component's value being edited: what repair, rewrite and prune share.
 *
 * Each begins with revise_begin(), looks for places with locate_find(), notes
 * edits of the tape, and has revise_end() write the line.
 */
#ifndef VALUE_REVISE_PRIV_H
#define VALUE_REVISE_PRIV_H

#include <stddef.h>

#include "base/buf.h"	/* the texts inside */
#include "json/edit.h"	/* the edits inside */
#include "json/tape.h"	/* the value inside */

struct diag;
struct locator;
struct map;
struct place;
struct record;
struct record_edit;

/* members of the envelope that revise_end() sets at most */
#define REVISE_MORE 3

/* used again for the next component; what is not the caller's says so */
struct revision {
	struct diag *diag;
	struct locator *spots;
	struct tape tape;	/* the value as it is read */
	struct edits patch;	/* what is to be done to it */
	struct buf value, texts;	/* revise_end()'s */
};

/* diag and map are borrowed */
void	revise_init(struct revision *, struct diag *, const struct map *);
void	revise_free(struct revision *);

/* put a record's value on the tape, without edits; 0, or -1 after a message */
int	revise_begin(struct revision *, const struct record *,
	    const struct place *);

/*
 * Make the edits, and put the new line, without a newline, into the buffer
 * (emptied before): in the envelope the lists from owner to refs are those of
 * the new value, and n more members, none of those, are set.  1; 0: there are
 * no edits and n is 0; -1 after a message.
 */
int	revise_end(struct revision *, const struct record *,
	    const struct place *, const struct record_edit *more, size_t n,
	    struct buf *line);

#endif
