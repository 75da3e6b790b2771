/* SPDX-License-Identifier: ISC */
/*
 * Which names are to become which.
 */
#include "rename/asked.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/lines.h"
#include "base/slice.h"
#include "base/utf8.h"
#include "json/string.h"
#include "json/tape.h"

/* a line of a file: bytes at most */
#define LONGEST ((size_t)1 << 30)

/* what a kind is made of */
#define KIND_LETTERS "abcdefghijklmnopqrstuvwxyz0123456789_-"

/* how many bytes of a text are a kind */
static size_t
kind_length(const char *text)
{
	return *text >= 'a' && *text <= 'z' ? strspn(text, KIND_LETTERS) : 0;
}

int
asked_is(const char *operand)
{
	size_t n = kind_length(operand);

	return n > 0 && operand[n] == ':';
}

/* the texts become the list's */
static void
add(struct asked *a, char *kind, char *old, char *new)
{
	a->list = xgrow(a->list, a->n, sizeof(*a->list));
	a->list[a->n++] = (struct asked_name){ kind, old, new };
}

/* a plain text in canonical spelling; NULL: it is no UTF-8 */
static char *
spell(const char *text, size_t n)
{
	struct utf8 utf8 = {0};
	struct buf b = {0};

	if (utf8_check(&utf8, text, n) < n || utf8.left > 0)
		return NULL;
	string_encode(&b, text, n);
	return buf_str(&b);
}

/* where OLD ends: at an "=" that is not written twice; NULL: nowhere */
static const char *
find_end(const char *p, struct buf *old)
{
	for (; *p != '\0'; p++) {
		if (*p == '=' && p[1] != '=')
			return p;
		p += *p == '=';
		buf_addc(old, *p);
	}
	return NULL;
}

const char *
asked_add(struct asked *a, const char *operand)
{
	size_t n = kind_length(operand);
	struct buf old = {0};
	const char *end = find_end(operand + n + 1, &old);
	char *from = NULL, *to = NULL;

	if (end != NULL && old.len > 0 && end[1] != '\0') {
		from = spell(old.ptr, old.len);
		to = spell(end + 1, strlen(end + 1));
	}
	buf_free(&old);
	if (from == NULL || to == NULL) {
		free(from);
		free(to);
		return end == NULL || end[1] == '\0' ? "expected "
		    "KIND:OLD=NEW, in whose OLD each \"=\" is written \"==\"" :
		    "expected names in UTF-8, none of them empty";
	}
	add(a, xstrndup(operand, n), from, to);
	return NULL;
}

const char *
asked_prefix(struct asked *a, const char *kind, const char *text)
{
	size_t n = kind_length(kind);
	char *to;

	if (n == 0 || kind[n] != '\0')
		return "expected a kind";
	if (*text == '\0' || (to = spell(text, strlen(text))) == NULL)
		return "expected a text in UTF-8";
	add(a, xstrdup(kind), NULL, to);
	return NULL;
}

/* what would stand between quotes, in canonical spelling; NULL: it cannot */
static char *
respell(const char *text, size_t n)
{
	struct text_error e;
	struct tape t = {0};
	struct buf quoted = {0}, b = {0};

	buf_addc(&quoted, '"');
	buf_add(&quoted, text, n);
	buf_addc(&quoted, '"');
	if (n > 0 && tape_read(&t, quoted.ptr, quoted.len, &e) == 0 &&
	    t.tokens[0].type == TAPE_STRING &&
	    t.tokens[0].end == quoted.len)
		string_canon(&b, text, n);
	tape_free(&t);
	buf_free(&quoted);
	return b.len > 0 ? buf_str(&b) : NULL;
}

/* a line of a file; whether it is one */
static int
add_line(struct asked *a, const char *line, size_t n)
{
	const char *old = memchr(line, '\t', n), *new = NULL;
	const char *end = line + n;
	char *from = NULL, *to = NULL;

	if (old != NULL)
		new = memchr(old + 1, '\t', (size_t)(end - old) - 1);
	if (new == NULL || memchr(new + 1, '\t', (size_t)(end - new) - 1) !=
	    NULL || kind_length(line) != (size_t)(old - line))
		return 0;
	from = respell(old + 1, (size_t)(new - old) - 1);
	to = respell(new + 1, (size_t)(end - new) - 1);
	if (from == NULL || to == NULL) {
		free(from);
		free(to);
		return 0;
	}
	add(a, xstrndup(line, (size_t)(old - line)), from, to);
	return 1;
}

/* lines_each()'s question: a change, or nothing */
static int
take_line(void *ctx, const char *line, size_t n)
{
	while (n > 0 && line[n - 1] == '\r')
		n--;
	return n == 0 || *line == '#' || add_line(ctx, line, n);
}

int
asked_file(struct asked *a, struct diag *d, const char *file)
{
	return lines_each(d, file, LONGEST, take_line, a, "a kind, an old and "
	    "a new name with tabs between them, written as in a JSON string");
}

void
asked_free(struct asked *a)
{
	size_t i;

	for (i = 0; i < a->n; i++) {
		free(a->list[i].kind);
		free(a->list[i].old);
		free(a->list[i].new);
	}
	free(a->list);
}
