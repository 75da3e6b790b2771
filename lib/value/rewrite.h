/* SPDX-License-Identifier: ISC */
/*
 * A component whose own words, or those of what it refers to, are others now:
 * aliases of a merge's target, ids of what was renamed.
 */
#ifndef VALUE_REWRITE_H
#define VALUE_REWRITE_H

#include <stddef.h>

#include "base/slice.h"	/* slices */

struct buf;
struct place;
struct record;
struct reviser;

/* what is asked; everything is borrowed */
struct rewrite_ask {
	/*
	 * Whether what is called "kind:word" (n bytes, no "?") is called
	 * otherwise now: nonzero, and the new word in canonical spelling as
	 * the envelope has it (without kind; of a scoped reference whole).
	 * It must last until rewrite() returns.
	 */
	int (*word)(void *ctx, const char *ref, size_t n, struct slice *word);
	void *ctx;
	/*
	 * Also references by id, and the component's own id.  Else only those
	 * "by alias", those "as tail" and "as text" (which may be either) and
	 * the own aliases.  Those "by name" never.
	 */
	int ids;
	/*
	 * What resource paths begin with (of rows "as tail") and shall begin
	 * with: raw text without a last "/".  p NULL: they stay.
	 */
	struct slice prefix, new_prefix;
	const struct place *place;	/* of the line, for messages; or NULL */
};

/*
 * Rewrite a component: the words in the value in their form, the envelope's
 * alias, and with ids its id (name too, where it is the same place); owner,
 * needs, links and refs are those of the new value.  1: changed, the new line
 * is in the buffer (emptied before), without a newline.  0: nothing there has
 * another word, no line.  -1 after a message.  file and at are never changed:
 * words that the map takes from there are for the caller.
 */
int	rewrite(struct reviser *, const struct record *,
	    const struct rewrite_ask *, struct buf *line);

#endif
