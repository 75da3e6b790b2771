/* SPDX-License-Identifier: ISC */
/*
 * Differences printed: as text for people, as figures, as TSV, as JSON, as a
 * page of HTML.
 *
 * Names and values may be made to deceive: what a terminal would obey is
 * never printed as it is.
 */
#ifndef DIFF_SHOW_H
#define DIFF_SHOW_H

struct diff_item;
struct output;
struct show;

enum show_form { SHOW_TEXT, SHOW_STAT, SHOW_TSV, SHOW_JSON, SHOW_HTML };

struct show_look {
	int colour;
	int full;		/* values are not cut */
	unsigned columns;	/* of the terminal */
	const char *old, *new;	/* names for the title of a page, borrowed */
};

/* print to out, which is borrowed; to be given to show_close() */
struct show *show_open(struct output *out, enum show_form,
	    const struct show_look *);
void	show_close(struct show *);

/* whether a form shows the changes inside components */
int	show_needs_changes(enum show_form);

/* the next item; 0, or -1 after a message */
int	show_item(struct show *, const struct diff_item *);

/* after the last: the figures; 0, or -1 after a message */
int	show_end(struct show *);

#endif
