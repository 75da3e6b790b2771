/* SPDX-License-Identifier: ISC */
/*
 * Differences printed: as text for people, as figures, as TSV, as JSON, as a
 * page of HTML.  A plan is the difference between what is and what would be,
 * with the reasons of it, and three lists of sentences.
 *
 * Names and values may be made to deceive: what a terminal would obey is
 * never printed as it is.
 */
#ifndef DIFF_SHOW_H
#define DIFF_SHOW_H

#include <stddef.h>
#include <stdint.h>	/* counts */

#include "base/slice.h"	/* texts */

struct diff_item;
struct output;
struct show;

enum show_form { SHOW_TEXT, SHOW_STAT, SHOW_TSV, SHOW_JSON, SHOW_HTML };

/* sentences about a plan: what they are, for people and as a member's name */
struct show_list {
	const char *title, *key;
	struct slice texts;	/* each ended by a NUL, as in JSON strings */
};

/* what should be known, what is to be done by hand, what would fail */
#define SHOW_LISTS 3

/* what a plan has besides; all is borrowed */
struct show_plan {
	const char *import;	/* what it is the plan of: "full" */
	struct show_list lists[SHOW_LISTS];
	/* at the end: how many components of each action, and its word */
	const uint64_t *counts;
	const char *const *done;
	size_t n;
};

struct show_look {
	int colour;
	int full;		/* values are not cut */
	unsigned columns;	/* of the terminal */
	const char *old, *new;	/* names for the title of a page, borrowed */
	const struct show_plan *plan;	/* it is one, or NULL */
};

/* print to out, which is borrowed; to be given to show_close() */
struct show *show_open(struct output *out, enum show_form,
	    const struct show_look *);
void	show_close(struct show *);

/* whether a form shows the changes inside components; of a plan all do */
int	show_needs_changes(enum show_form);

/* the next item; 0, or -1 after a message */
int	show_item(struct show *, const struct diff_item *);

/* after the last: the figures; 0, or -1 after a message */
int	show_end(struct show *);

#endif
