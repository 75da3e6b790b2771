/* SPDX-License-Identifier: ISC */
/*
 * Which names are to become which.
 */
#ifndef RENAME_ASKED_H
#define RENAME_ASKED_H

#include <stddef.h>

struct diag;

/* one of them; the texts are canonical, as in an envelope */
struct asked_name {
	char *kind;
	char *old;	/* NULL: any, and new is what is put before it */
	char *new;
};

/* zeroed: none */
struct asked {
	struct asked_name *list;
	size_t n;
};

/* whether an operand is meant as KIND:OLD=NEW: it begins as a kind does */
int	asked_is(const char *operand);

/*
 * Add one: KIND:OLD=NEW, in whose OLD each "=" is written twice.  NULL, or
 * what is wrong with it.
 */
const char *asked_add(struct asked *, const char *operand);

/* add names of a kind, all of which get a text before them; as asked_add() */
const char *asked_prefix(struct asked *, const char *kind, const char *text);

/*
 * Add what a file ("-": standard input) lists: kind, old and new with tabs
 * between them, each as it would stand between the quotes of a JSON string.
 * 0, or -1 after a message.
 */
int	asked_file(struct asked *, struct diag *, const char *file);
void	asked_free(struct asked *);

#endif
