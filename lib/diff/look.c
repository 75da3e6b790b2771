/* SPDX-License-Identifier: ISC */
/*
 * Differences shown.
 */
#include "diff/look.h"

#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "base/atomicfile.h"
#include "base/diag.h"
#include "base/lines.h"
#include "diff/difference.h"
#include "diff/item.h"

/* the columns of what is no terminal */
#define COLUMNS 80

/* the words of LOOK_COLOURS, from 1 */
enum colour { COLOUR_AUTO = 1, COLOUR_ALWAYS, COLOUR_NEVER };

/* the columns of the terminal, as git finds them */
static unsigned
terminal_columns(void)
{
	const char *said = getenv("COLUMNS");
	struct winsize size;
	unsigned long n;
	char *end;

	if (said != NULL && *said != '\0') {
		n = strtoul(said, &end, 10);
		if (*end == '\0' && n > 0 && n < 100000)
			return (unsigned)n;
	}
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0)
		return size.ws_col;
	return COLUMNS;
}

/* whether text is to have colours, by NO_COLOR and TERM if not asked for */
static int
has_colour(unsigned asked)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	if (asked > COLOUR_AUTO)
		return asked == COLOUR_ALWAYS;
	if (no != NULL && *no != '\0')
		return 0;
	return isatty(STDOUT_FILENO) && term != NULL &&
	    strcmp(term, "dumb") != 0;
}

static const char *
title_of(const char *file)
{
	return file != NULL ? file : "-";
}

void
look_set(struct look *l, unsigned colour, int full, const char *old,
    const char *new)
{
	l->show.colour = has_colour(colour);
	l->show.full = full;
	l->show.columns = terminal_columns();
	l->show.old = title_of(old);
	l->show.new = title_of(new);
}

/* who shows items, and what is known of them */
struct shower {
	const struct look *look;
	struct show *show;
};

static int
take(void *ctx, const struct diff_item *item)
{
	const struct shower *s = ctx;
	struct diff_item known = *item;

	if (s->look->explain != NULL)
		s->look->explain(s->look->ctx, &known);
	return show_item(s->show, &known);
}

/* show all in a form; 0 or -1 */
static int
show(struct look *l, struct output *out, enum show_form form)
{
	struct shower s = { l, show_open(out, form, &l->show) };
	int rc;

	rc = difference_each(l->found, l->show.plan != NULL ||
	    show_needs_changes(form), take, &s);
	if (rc == 0)
		rc = show_end(s.show);
	show_close(s.show);
	output_free(out);
	return rc;
}

int
look_print(struct look *l, enum show_form form)
{
	struct output out = { .diag = l->diag, .name = "stdout",
	    .fd = STDOUT_FILENO };

	return show(l, &out, form);
}

int
look_page(struct look *l)
{
	struct output out = { .diag = l->diag, .name = l->html };
	struct atomicfile file = {0};
	int rc;

	if (l->html == NULL)
		return 0;
	if (atomicfile_open(&file, out.diag, l->html, 1) == -1)
		return -1;
	out.fd = file.fd;
	rc = show(l, &out, SHOW_HTML);
	if (rc == 0)
		rc = atomicfile_commit(&file);
	atomicfile_close(&file);
	return rc;
}
