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
#include "base/hashset.h"	/* the words inside */
#include "json/edit.h"	/* the edits inside */
#include "json/tape.h"	/* the value inside */
#include "stream/record.h"	/* members */
#include "value/revise.h"

struct locator;
struct map_kind;
struct place;

/* members of the envelope that are set at most, besides those of the value */
#define REVISE_MORE 3

/* used again for the next component */
struct reviser {
	struct diag *diag;
	const struct map *map;
	struct locator *spots;
	struct tape tape;	/* the value as it is read */
	struct edits patch;	/* what is to be done to it */
	/* members of the envelope to be set, none from owner to refs */
	struct {
		enum record_field field;
		size_t from, to;	/* in json */
	} more[REVISE_MORE];
	size_t nmore;
	struct buf json;
	/* free for what edits; the words are forgotten by revise_begin() */
	struct hashset words;
	struct buf text, said, parts;
	/* names under which inner parts of a kind have their status */
	const struct map_kind *named;	/* the kind; NULL: none yet */
	struct buf names;		/* of struct slice */
	/* revise_end()'s */
	struct buf value, texts;
};

/* put a record's value on the tape, without edits; 0, or -1 after a message */
int	revise_begin(struct reviser *, const struct record *,
	    const struct place *);

/*
 * Make the edits, and put the new line, without a newline, into the buffer
 * (emptied before): in the envelope the lists from owner to refs are those of
 * the new value.  1; 0: there is nothing to be done; -1 after a message.
 */
int	revise_end(struct reviser *, const struct record *,
	    const struct place *, struct buf *line);

#endif
