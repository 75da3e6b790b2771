/* SPDX-License-Identifier: ISC */
/*
 * Differences shown: on standard output, as the terminal is, and as a page.
 */
#ifndef DIFF_LOOK_H
#define DIFF_LOOK_H

#include "diff/show.h"	/* how they look */

struct diag;
struct diff_item;
struct difference;

/* all is borrowed */
struct look {
	struct diag *diag;
	struct difference *found;
	struct show_look show;
	const char *html;	/* a file for the page, or NULL */
	/* complete an item with what a plan knows of it; NULL: nothing is */
	void (*explain)(void *ctx, struct diff_item *);
	void *ctx;
};

/* --color: how the value becomes an unsigned */
#define LOOK_COLOURS "auto|always|never"

/*
 * Look as standard output is, and asked for: colour is --color's place among
 * its words from 1, or 0; full: values are not cut.  Old and new are files,
 * NULL for standard input.
 */
void	look_set(struct look *, unsigned colour, int full, const char *old,
	    const char *new);

/* print to standard output; 0, or -1 after a message */
int	look_print(struct look *, enum show_form);

/* write the page, if one is asked for; 0, or -1 after a message */
int	look_page(struct look *);

#endif
