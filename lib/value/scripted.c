/* SPDX-License-Identifier: ISC */
/*
 * Names of components in scripts and texts.
 */
#include "value/scripted.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "map/map.h"

void
scripted_open(struct scripted *m, const struct map *map)
{
	const struct map_row *row;
	struct scripted_kind k;
	size_t i;

	for (i = 0; i < map->nkinds; i++) {
		row = map_kind_row(map->kinds[i], "scripted");
		if (row == NULL)
			continue;
		k = (struct scripted_kind){ map->kinds[i], row->args[0],
		    strlen(row->args[0]) };
		buf_add(&m->kinds, &k, sizeof(k));
	}
}

void
scripted_free(struct scripted *m)
{
	buf_free(&m->kinds);
}

size_t
scripted_find(const struct scripted *m, const char *word)
{
	size_t i = 0;

	while (i < scripted_count(m) && strcmp(scripted_kind(m, i)->word,
	    word) != 0)
		i++;
	return i;
}

static int
is_letter(char c)
{
	return c == '_' || (c > 0 && isalnum((unsigned char)c));
}

int
scripted_fits(struct slice name)
{
	size_t i;

	for (i = 0; i < name.n && is_letter(name.p[i]); i++)
		continue;
	return name.n > 0 && i == name.n;
}

/* what a byte before a word says: whether the word is part of a longer one */
static int
joins(char c)
{
	return is_letter(c) || c == '.' || c == '$';
}

/* whether a word begins at p, behind an escape of JSON or of a URL, too */
static int
begins(const char *start, const char *p)
{
	const char hex[] = { p - start > 2 ? p[-2] : '.',
	    p - start > 2 ? p[-1] : '.', '\0' };

	if (p == start || !joins(p[-1]))
		return 1;
	if (p - start > 2 && p[-3] == '%' && isxdigit((unsigned char)hex[0]) &&
	    isxdigit((unsigned char)hex[1]))
		return !joins((char)strtol(hex, NULL, 16));
	if (p - start > 1 && p[-2] == '\\')
		return strchr("bfnrt", p[-1]) != NULL;
	return p - start > 5 && p[-6] == '\\' && p[-5] == 'u';
}

/* the kind whose word ends at a dot, or how many there are */
static size_t
kind_before(const struct scripted *m, const char *start, const char *dot)
{
	const struct scripted_kind *k;
	size_t i;

	for (i = 0; i < scripted_count(m); i++) {
		k = scripted_kind(m, i);
		if ((size_t)(dot - start) >= k->n &&
		    memcmp(dot - k->n, k->word, k->n) == 0 &&
		    begins(start, dot - k->n))
			break;
	}
	return i;
}

/* whether what follows a name calls it: then it is no variable */
static int
is_call(const char *p, const char *end)
{
	return (p < end && *p == '(') || (end - p > 2 &&
	    memcmp(p, "%28", 3) == 0);
}

int
scripted_next(const struct scripted *m, struct slice text, size_t *at,
    struct scripted_name *found)
{
	const char *p = text.p + *at, *end = text.p + text.n, *dot, *q;

	if (scripted_count(m) == 0)
		return 0;
	for (; p < end && (dot = memchr(p, '.', (size_t)(end - p))) != NULL;
	    p = dot + 1) {
		found->kind = kind_before(m, text.p, dot);
		if (found->kind == scripted_count(m))
			continue;
		for (q = dot + 1; q < end && is_letter(*q); q++)
			continue;
		if (q == dot + 1 || is_call(q, end))
			continue;
		found->name = (struct slice){ dot + 1,
		    (size_t)(q - dot) - 1 };
		*at = (size_t)(q - text.p);
		return 1;
	}
	return 0;
}
