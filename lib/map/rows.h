/* SPDX-License-Identifier: ISC */
/*
 * The text of a map as rows of words: the grammar of pkg-map(5), and which
 * words there are.
 */
#ifndef MAP_ROWS_H
#define MAP_ROWS_H

#include <stddef.h>
#include <string.h>	/* strcmp of the inline question */

struct diag;

/*
 * A row: its first word, and the others.  Rows of a kind stand indented below
 * its "kind" row.
 */
struct map_row {
	const char *word;
	char **args;		/* without the first word */
	size_t nargs;
	unsigned line;
	int indented;
};

struct map_rows {
	const char *name;	/* borrowed: of the map, for messages */
	struct map_row *rows;
	size_t n;
	char *text;		/* what the words point into */
	char **words;		/* what the rows' args point into */
	size_t nwords;
};

/* whether this is its first word: most rows differ in its first letter */
static inline int
row_is(const struct map_row *r, const char *word)
{
	return *r->word == *word && strcmp(r->word, word) == 0;
}

/*
 * Split a map's text of n bytes into rows; free them with rows_free().  Those
 * compiled in are right.
 */
void	rows_read(struct map_rows *, const char *text, size_t n);
void	rows_free(struct map_rows *);

/*
 * Check each row against the list of words.  0, or -1 after messages for all
 * rows that are wrong.
 */
int	rows_check(struct diag *, const struct map_rows *);

/* an error at a row; always -1 */
int	rows_fail(struct diag *, const struct map_rows *,
	    const struct map_row *, const char *what, const char *found);

/* the same, with what could be meant, as suggest_put() has it */
int	rows_unknown(struct diag *, const struct map_rows *,
	    const struct map_row *, const char *what, const char *found,
	    const char *meant);

#endif
