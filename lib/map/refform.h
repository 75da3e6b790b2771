/* SPDX-License-Identifier: ISC */
/*
 * How a value names what it refers to: the words in it, and where they stand.
 */
#ifndef MAP_REFFORM_H
#define MAP_REFFORM_H

#include <stddef.h>

enum map_form {
	FORM_WHOLE,	/* the whole value */
	FORM_KEY,	/* the member's key */
	FORM_TAIL,	/* the last step of a path that begins with a text;
			   of other values the whole */
	FORM_MENTION,	/* each @name, up to a blank or ":" */
	FORM_TEXT	/* each ${WORD:name} inside a text */
};

/* a word in a text, and what marks it there */
struct form_word {
	size_t at, n;		/* the word */
	size_t from, to;	/* with the "@", the "${WORD:" and the "}" */
};

/*
 * The next word after *at, which is 0 at first, in a text of n bytes: what is
 * between the quotes of a string in canonical spelling, or another scalar.
 * with is the form's own word or prefix.  Returns 1, or 0: no more.
 */
int	refform_next(enum map_form, const char *with, const char *text,
    size_t n,
	    size_t *at, struct form_word *);

#endif
