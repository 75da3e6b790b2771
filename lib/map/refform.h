/* SPDX-License-Identifier: ISC */
/*
 * How a value names what it refers to: the words in it, where they stand, and
 * all that differs by that.  A form is a row of the table in refform.c, and a
 * function that finds its words.
 */
#ifndef MAP_REFFORM_H
#define MAP_REFFORM_H

#include <stddef.h>

#include "base/slice.h"	/* words */

/* a word in a text, and what marks it there */
struct form_word {
	size_t at, n;		/* the word */
	size_t from, to;	/* with the "@", the "${WORD:" and the "}" */
};

struct refform {
	const char *word;	/* behind "as" in a map */
	int argument;		/* one word more follows there: a prefix ... */
	int whole;		/* the word is all of the value */
	int key;		/* it is the member's key */
	int path;		/* it is the last step of a resource path: what
				   stands before it belongs to the reference */
	int inside;		/* it stands in a text, and can stay there as
				   plain text if what it names is lost ... */
	int stays;		/* ... even if it is all of the text */
	int asked;		/* ids are asked for as aliases are: others made
				   them, and they may change */
	const char *never;	/* bytes that a word cannot have */

	/*
	 * The next word after *at, which is 0 at first, in a text of n bytes:
	 * what is between the quotes of a string in canonical spelling, or
	 * another scalar.  with is the argument.  Returns 1, or 0: no more.
	 * NULL: the value has none.
	 */
	int (*next)(const char *with, const char *text, size_t n, size_t *at,
	    struct form_word *);
};

/* the form of a name, or NULL */
const struct refform *refform_find(const char *word);

/* whether a word can stand in this form: else it would be read as another */
int	refform_fits(const struct refform *, struct slice word);

#endif
