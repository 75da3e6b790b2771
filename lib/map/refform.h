/* SPDX-License-Identifier: ISC */
/*
 * How a value names what it refers to ("as FORM" in a map): which words of a
 * string, a number or a key are references, and all that differs by that.  A
 * form is a row of the table in refform.c, and a function that finds its words.
 *
 * compile_kind.c reads a form's name in a map.  capture.c asks next() when an
 * envelope is made, value/locate.c where the words of a value stand; then
 * value/rewrite.c puts others there, as never and asked allow, and
 * value/repair.c does what lost says where the map's row has no "lost".
 */
#ifndef MAP_REFFORM_H
#define MAP_REFFORM_H

#include <stddef.h>

#include "base/slice.h"	/* words */

/* what becomes of a word whose target is lost, unless the map's row says */
enum form_lost {
	FORM_VALUE,	/* the value goes: an array's element or a member */
	FORM_MEMBER,	/* the member goes, in an array, too */
	FORM_AMONG,	/* among other text it stays, as plain text; if it is
			   all of the text, the value goes */
	FORM_PLAIN	/* it stays, as plain text */
};

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
				   plain text: "lost plain" */
	enum form_lost lost;
	int asked;		/* ids are asked for as aliases are: others made
				   them, and they may change */
	const char *never;	/* bytes that a word cannot have; in a path:
				   unless it stands there alone */

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

/* the forms by number, from 0; NULL: no more */
const struct refform *refform_at(size_t i);

/*
 * Whether a word can stand in this form: else it would be read as another.
 * alone is the form's argument if the word is all of the value, else NULL.
 */
int	refform_fits(const struct refform *, const char *alone,
	    struct slice word);

#endif
