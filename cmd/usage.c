/* SPDX-License-Identifier: ISC */
/*
 * The text of -h.
 */
#include "cmd/usage.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "cmd/option_spec.h"

/* no line of the synopsis is longer; where what an option does begins */
#define WIDTH 79
#define HELP 24

/* a synopsis being written */
struct synopsis {
	struct buf *to;
	size_t line;		/* where its line begins */
	size_t indent;		/* of lines but the first */
	struct buf item;	/* the next thing in it */
};

/* the item goes to this line, or begins another */
static void
put_item(struct synopsis *s)
{
	if (s->to->len - s->line + 1 + s->item.len > WIDTH) {
		buf_addc(s->to, '\n');
		s->line = s->to->len;
		buf_printf(s->to, "%*s", (int)s->indent, "");
	}
	buf_addc(s->to, ' ');
	buf_add(s->to, s->item.ptr, s->item.len);
	s->item.len = 0;
}

/* the letters of options without a value, in one item */
static void
put_letters(struct synopsis *s, const struct tool *t)
{
	const struct option_spec *o;
	size_t i;

	buf_adds(&s->item, "[-");
	for (i = 0; (o = option_spec_row(t, i)) != NULL; i++) {
		if (o->letter != 0 && o->argument == NULL &&
		    !(o->flags & OPTION_APART))
			buf_addc(&s->item, (char)o->letter);
	}
	buf_addc(&s->item, ']');
	put_item(s);
}

/* an option with its value, which is a name for it, or itself */
static void
put_option(struct synopsis *s, const struct tool *t,
    const struct option_spec *o)
{
	const struct option_spec *p;
	const char *arg;
	size_t i;

	buf_addc(&s->item, '[');
	for (i = 0; o->flags & OPTION_PREFIXED &&
	    (p = option_spec_row(t, i)) != NULL; i++) {
		if (p->flags & OPTION_PREFIX)
			buf_printf(&s->item, "[-%c] ", p->letter);
	}
	if (o->letter != 0)
		buf_printf(&s->item, "-%c", o->letter);
	else
		buf_printf(&s->item, "--%s", o->name);
	if (o->argument != NULL)
		buf_adds(&s->item, o->flags & OPTION_OPTIONAL ? "[=" : " ");
	for (arg = o->argument; arg != NULL && *arg != '\0'; arg++)
		buf_addc(&s->item, (char)tolower((unsigned char)*arg));
	buf_adds(&s->item, o->flags & OPTION_OPTIONAL ? "]]" : "]");
	put_item(s);
}

/* qsort(3): by the long form */
static int
compare_names(const void *a, const void *b)
{
	return strcmp((*(const struct option_spec *const *)a)->name,
	    (*(const struct option_spec *const *)b)->name);
}

/* letters with a value as in the table, long forms in the alphabet's order */
static void
put_options(struct synopsis *s, const struct tool *t)
{
	const struct option_spec *o, **names = NULL;
	size_t i, n = 0;

	for (i = 0; (o = option_spec_row(t, i)) != NULL; i++) {
		if (o->flags & OPTION_APART ||
		    (o->letter != 0 && o->argument == NULL))
			continue;
		if (o->letter != 0) {
			put_option(s, t, o);
			continue;
		}
		names = xrealloc(names, n + 1, sizeof(const void *));
		names[n++] = o;
	}
	if (n > 0)
		qsort(names, n, sizeof(const void *), compare_names);
	for (i = 0; i < n; i++)
		put_option(s, t, names[i]);
	free(names);
}

/* what an option does, in lines of their own column */
static void
put_help(struct buf *b, const struct option_spec *o)
{
	size_t start = b->len, n;
	const char *help = o->help;

	if (o->letter != 0)
		buf_printf(b, "  -%c, --%s", o->letter, o->name);
	else
		buf_printf(b, "      --%s", o->name);
	if (o->argument != NULL)
		buf_printf(b, o->flags & OPTION_OPTIONAL ? "[=%s]" : " %s",
		    o->argument);
	n = b->len - start;
	buf_printf(b, "%*s", n + 2 > HELP ? 2 : (int)(HELP - n), "");
	while ((n = strcspn(help, "\n")), help[n] != '\0') {
		buf_printf(b, "%.*s\n%*s", (int)n, help, HELP, "");
		help += n + 1;
	}
	buf_printf(b, "%s\n", help);
}

void
usage_put(struct buf *b, const struct tool *t)
{
	struct synopsis s = { .to = b, .line = b->len };
	const struct option_spec *o;
	size_t i;

	buf_printf(b, "usage: %s", t->name);
	s.indent = b->len - s.line;
	put_letters(&s, t);
	put_options(&s, t);
	buf_adds(&s.item, t->operands);
	put_item(&s);
	buf_free(&s.item);
	buf_adds(b, "\n\n");
	for (i = 0; (o = option_spec_row(t, i)) != NULL; i++)
		put_help(b, o);
	buf_printf(b, "\n%s  See %s(1).\n", t->notes, t->name);
}
