/* SPDX-License-Identifier: ISC */
/*
 * Text without its line breaks and the indents after them.
 */
#include "json/lean.h"

#include <stdlib.h>
#include <string.h>

/* past the blanks and tabs at p */
static const char *
skip_indent(const char *p, const char *end)
{
	static const char blanks[8] = "        ";

	while (end - p >= 8 && memcmp(p, blanks, 8) == 0)
		p += 8;
	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	return p;
}

static void
mark(struct lean *l, size_t at, size_t out)
{
	if (l->n == l->room) {
		l->room = l->room * 2 + 64;
		l->marks = xrealloc(l->marks, l->room, sizeof(*l->marks));
	}
	l->marks[l->n++] = (struct lean_mark){ at, out };
}

void
lean_take(struct lean *l, const char *p, size_t n)
{
	const char *start = p, *end = p + n, *eol;

	l->text.len = 0;
	l->n = l->next = 0;
	buf_room(&l->text, n);
	if (l->indent && (p = skip_indent(p, end)) > start)
		mark(l, 0, (size_t)(p - start));
	while (p < end && (eol = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		buf_add(&l->text, p, (size_t)(eol - p));
		p = skip_indent(eol + 1, end);
		l->indent = p == end;
		mark(l, l->text.len, (size_t)(p - start) - l->text.len);
	}
	if (p < end) {
		buf_add(&l->text, p, (size_t)(end - p));
		l->indent = 0;
	}
}

void
lean_reset(struct lean *l)
{
	l->indent = 0;
	l->n = l->next = 0;
}

void
lean_free(struct lean *l)
{
	buf_free(&l->text);
	free(l->marks);
	*l = (struct lean){0};
}
