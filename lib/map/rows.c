/* SPDX-License-Identifier: ISC */
/*
 * The text of a map as rows of words.
 */
#include "map/rows.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/suggest.h"

/* where a row may stand */
enum where { TOP, KIND };

/* every word of the language: where it stands, how many words may follow */
static const struct word {
	const char *name;
	enum where where;
	size_t min, max;
} words[] = {
	/* the platform */
	{ "platform", TOP, 1, 2 }, { "edition", TOP, 1, 2 },
	{ "paths", TOP, 1, 2 }, { "file", TOP, 3, 64 },
	{ "nameless", TOP, 2, 16 }, { "needed", TOP, 1, 8 },
	{ "belongs", TOP, 3, 8 }, { "called", TOP, 2, 2 },
	{ "blob", TOP, 1, 1 }, { "limit", TOP, 2, 3 },
	{ "word", TOP, 2, 64 },
	{ "builtin", TOP, 2, 64 },
	{ "version", TOP, 1, 2 }, { "holds", TOP, 1, 1 },
	{ "held", TOP, 2, 16 }, { "raw", TOP, 4, 4 },
	{ "foreign", TOP, 1, 2 }, { "every", TOP, 0, 0 },
	{ "missing", TOP, 1, 1 }, { "escapes", TOP, 1, 1 },
	{ "request", TOP, 2, 64 }, { "resource", TOP, 1, 1 },
	{ "ready", TOP, 1, 16 },
	{ "kind", TOP, 1, 2 },
	/* a kind: where it stands and what its envelope says */
	{ "in", KIND, 2, 2 }, { "when", KIND, 2, 64 },
	{ "id", KIND, 1, 32 }, { "name", KIND, 1, 32 },
	{ "type", KIND, 1, 32 }, { "lang", KIND, 1, 32 },
	{ "status", KIND, 1, 32 }, { "alias", KIND, 1, 32 },
	{ "names", KIND, 1, 32 }, { "category", KIND, 1, 64 },
	{ "owner", KIND, 2, 32 }, { "needs", KIND, 2, 32 },
	{ "links", KIND, 2, 32 }, { "refs", KIND, 2, 32 },
	/* the export's mode */
	{ "mode", KIND, 0, 1 },
	/* selection */
	{ "follows", KIND, 0, 0 }, { "apart", KIND, 0, 1 },
	{ "always", KIND, 0, 0 }, { "left", KIND, 1, 64 },
	{ "stays", KIND, 1, 8 },
	{ "required", KIND, 1, 8 }, { "called", KIND, 1, 1 },
	 { "same", KIND, 2, 2 },
	/* merging and comparing */
	{ "full", KIND, 1, 64 }, { "incremental", KIND, 1, 64 },
	{ "unite", KIND, 0, 1 },
	{ "key", KIND, 1, 32 }, { "reset", KIND, 2, 2 },
	{ "local", KIND, 1, 32 }, { "ignore", KIND, 1, 64 },
	{ "sets", KIND, 1, 32 }, { "minted", KIND, 1, 32 },
	{ "orphan", KIND, 0, 0 }, { "everywhere", KIND, 0, 64 },
	{ "missed", KIND, 1, 64 },
	{ "languages", KIND, 1, 8 }, { "unlisted", KIND, 0, 0 },
	{ "spoken", KIND, 1, 1 },
	{ "secret", KIND, 1, 8 }, { "count", KIND, 2, 2 },
	{ "binding", KIND, 2, 16 },
	{ "variable", KIND, 2, 64 }, { "secured", KIND, 2, 64 },
	{ "new", KIND, 2, 2 },
	{ "phrase", KIND, 1, 8 }, { "trained", KIND, 1, 3 },
	{ "entry", KIND, 0, 0 }, { "reached", KIND, 0, 0 },
	{ "scripted", KIND, 1, 2 }, { "starts", KIND, 1, 16 },
	{ "lowered", KIND, 1, 8 },
	{ "inner", KIND, 3, 16 }, { "inner-link", KIND, 3, 32 },
};

int
rows_unknown(struct diag *d, const struct map_rows *m,
    const struct map_row *r, const char *what, const char *found,
    const char *meant)
{
	struct place at = { .input = m->name, .line = r->line,
	    .offset = DIAG_NOWHERE };

	return diag_fail(d, STATUS_INPUT, &at, "%s: %s, found \"%s\"%s "
	    "(pkg-map(5))", r->word, what, found, meant);
}

int
rows_fail(struct diag *d, const struct map_rows *m, const struct map_row *r,
    const char *what, const char *found)
{
	return rows_unknown(d, m, r, what, found, "");
}

static int
is_blank(char c)
{
	return c == ' ' || c == '\t';
}

/* cut the next word out of a line, in place; NULL at its end */
static char *
cut_word(char **line)
{
	char *p = *line, *word;
	char end;

	while (is_blank(*p))
		p++;
	if (*p == '\0' || *p == '#')
		return NULL;
	word = p;
	if (*p == '"') {
		word = ++p;
		end = '"';
		p += strcspn(p, "\"");
	} else {
		while (*p != '\0' && !is_blank(*p))
			p++;
		end = *p;
	}
	if (*p != '\0' && *p == end)
		*p++ = '\0';
	*line = p;
	return word;
}

/* a line, without its end; where its words stand is said by place_words() */
static void
add_row(struct map_rows *m, char *line, unsigned number)
{
	struct map_row r = { .line = number };
	char *word;

	r.indented = is_blank(*line);
	if ((word = cut_word(&line)) == NULL)
		return;
	r.word = word;
	for (; (word = cut_word(&line)) != NULL; r.nargs++) {
		m->words = xgrow(m->words, m->nwords, sizeof(*m->words));
		m->words[m->nwords++] = word;
	}
	m->rows = xgrow(m->rows, m->n, sizeof(*m->rows));
	m->rows[m->n++] = r;
}

/* the words have all come: each row's follow those of the row before */
static void
place_words(struct map_rows *m)
{
	char **next = m->words;
	size_t i;

	for (i = 0; i < m->n; i++) {
		if (m->rows[i].nargs == 0)
			continue;
		m->rows[i].args = next;
		next += m->rows[i].nargs;
	}
}

/* a word that is none of the language, with those that could be meant */
static int
fail_word(struct diag *d, const struct map_rows *m, const struct map_row *r)
{
	struct suggestion nearest = { .word = r->word };
	struct buf found = {0};
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if ((words[i].where == KIND) == r->indented)
			suggest_try(&nearest, words[i].name,
			    strlen(words[i].name));
	}
	suggest_put(&nearest, &found);
	rows_unknown(d, m, r, r->indented ? "not a word that a kind has" :
	    "not a word that begins a row", r->word, buf_str(&found));
	suggest_free(&nearest);
	buf_free(&found);
	return -1;
}

static int
check_row(struct diag *d, const struct map_rows *m, const struct map_row *r)
{
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (row_is(r, words[i].name) &&
		    (words[i].where == KIND) == r->indented)
			break;
	}
	if (i == sizeof(words) / sizeof(words[0]))
		return fail_word(d, m, r);
	if (r->nargs < words[i].min)
		return rows_fail(d, m, r, "expected more words",
		    r->nargs > 0 ? r->args[r->nargs - 1] : "none");
	if (r->nargs > words[i].max)
		return rows_fail(d, m, r, "expected fewer words",
		    r->args[words[i].max]);
	return 0;
}

void
rows_read(struct map_rows *m, const char *text, size_t n)
{
	char *line, *end, *stop;
	unsigned number;

	m->text = xstrndup(text, n);
	stop = m->text + n;
	for (line = m->text, number = 1; line < stop; line = end + 1,
	    number++) {
		end = memchr(line, '\n', (size_t)(stop - line));
		if (end == NULL)
			end = stop;
		*end = '\0';
		add_row(m, line, number);
	}
	place_words(m);
}

int
rows_check(struct diag *d, const struct map_rows *m)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < m->n; i++)
		rc |= check_row(d, m, &m->rows[i]);
	return rc;
}

void
rows_free(struct map_rows *m)
{
	free(m->rows);
	free(m->words);
	free(m->text);
	*m = (struct map_rows){ .name = m->name };
}
