/* SPDX-License-Identifier: ISC */
/*
 * Which components are asked for: by category, kind, id, name, language and
 * status, and which are not to be taken in any case.
 *
 * Words that name components (ids, names) are alternatives, whichever way
 * they came; of the others a component must fit each list that is given.
 */
#ifndef SELECT_CRITERIA_H
#define SELECT_CRITERIA_H

#include <stddef.h>
#include <stdint.h>	/* counts */

#include "base/buf.h"	/* the words inside */
#include "base/keyindex.h"	/* the ids inside */

struct diag;
struct map;
struct record;
struct slice;

enum criterion {
	BY_CATEGORY, BY_KIND, BY_ID, BY_NAME, BY_LANG, BY_STATUS
};

/* what a record is to the criteria: bits */
enum {
	FITS = 1,		/* it is asked for */
	FITS_BUT_NAME = 2,	/* it would be, if it were named */
	EXCLUDED = 4,
	NAMED = 8		/* it is named, or need not be */
};

/* a word of a list */
struct criteria_word {
	enum criterion by;
	int exclude;
	int names;		/* of an id: it may be a name, too */
	char *text;		/* canonical, but for patterns of names */
	char *kind, *status;	/* of an id, or NULL */
	size_t whole;		/* of a list of ids: all of it, as a word that
				   need not be met if the others are; its
				   number + 1, or 0 */
	int unsure;		/* it is such a word */
	uint64_t met;		/* records that fit it */
};

/* zeroed but for the rooms of ids: everything is asked for */
struct criteria {
	struct criteria_word *words;
	size_t n;
	size_t *others;		/* which of them are patterns of names */
	size_t nothers;
	unsigned given;		/* bits of lists to be taken */
	unsigned kept_out;	/* bits of lists to be excluded */
	struct keyindex ids;	/* node: which word; of patterns none */
	int kinds, any;		/* ids of a kind, and of any, are among them */
	/* only of these kinds ids must be named; none: of all */
	char **named;
	size_t nnamed;
	int exists;		/* ids that are not there are forgiven */
	struct buf name;	/* a name being compared */
};

/*
 * Add a comma-separated list (a comma in a word is written "\,").  A list of
 * ids may be one id with commas, too.  Returns how many words it has.
 */
size_t	criteria_add(struct criteria *, enum criterion, const char *list,
	    int exclude);

/* add one word as it is */
void	criteria_word(struct criteria *, enum criterion, const char *,
	    int exclude);

/* an id of a kind only, both canonical */
void	criteria_id(struct criteria *, const char *kind, const char *id,
	    int exclude);

/* ids need be named of this kind only, and of others that are said so */
void	criteria_named(struct criteria *, const char *kind);

/*
 * Add what a file ("-": standard input) lists: lines as --list prints them,
 * or an id or name a line.  0, or -1 after a message.
 */
int	criteria_file(struct criteria *, struct diag *, const char *file,
	    int exclude);

/*
 * Before the first question: words of the platform get their canonical
 * spelling.  0, or -1 after a message.
 */
int	criteria_ready(struct criteria *, const struct map *);

/* whether a word that names something was met, one way or the other */
int	criteria_met(const struct criteria *, const struct criteria_word *);

/* what a component is: bits of FITS... */
unsigned criteria_ask(struct criteria *, const struct record *);

/* whether a category was given, and is wanted, or excluded: bits */
unsigned criteria_category(const struct criteria *, const char *, size_t n);

/*
 * Whether a language is not wanted: others are asked for, or it is excluded.
 * A word that is this language is met.
 */
int	criteria_foreign(struct criteria *, struct slice language);

void	criteria_free(struct criteria *);

#endif
