/* SPDX-License-Identifier: ISC */
/*
 * What a tool refuses lest a mistake look like success, unless it is allowed
 * by name: --allow WORD,...
 */
#ifndef BASE_ALLOW_H
#define BASE_ALLOW_H

enum allow {
	ALLOW_EMPTY = 1,	/* no task is left */
	ALLOW_UNRELATED = 2,	/* source and target share no task */
	ALLOW_MISSING = 4,	/* something needed is nowhere */
	ALLOW_LANGUAGES = 8	/* records and list of languages differ */
};

/*
 * Add the words of an argument, with commas between them, to a set.  known is
 * the set of those that the tool has.  0, or -1: a word is none of them.
 */
int	allow_add(unsigned *set, unsigned known, const char *arg);

#endif
