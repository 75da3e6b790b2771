/* SPDX-License-Identifier: ISC */
/*
 * A map in memory, asked.
 */
#include "map/map.h"

#include <string.h>

#include "base/size.h"

const struct map_group *
map_group(const struct map *m, const char *name)
{
	size_t i;

	for (i = 0; i < m->ngroups; i++) {
		if (strcmp(m->groups[i]->name, name) == 0)
			return m->groups[i];
	}
	return NULL;
}

int
map_among(char *const *values, size_t n, const char *value, size_t len)
{
	size_t i, m;

	for (i = 0; i < n; i++) {
		m = strlen(values[i]);
		if (m > 0 && values[i][m - 1] == '*' ?
		    len >= m - 1 && memcmp(values[i], value, m - 1) == 0 :
		    len == m && memcmp(values[i], value, m) == 0)
			return 1;
	}
	return 0;
}

const char *
map_word(const struct map *m, const char *field, const char *word, size_t n)
{
	const struct map_row *r;
	size_t i;

	for (i = 0; i < m->words.n; i++) {
		r = m->words.rows[i];
		if (strcmp(r->args[0], field) == 0 &&
		    map_among(r->args + 1, r->nargs - 1, word, n))
			return r->args[1];
	}
	return NULL;
}

int
map_builtin(const struct map *m, const char *kind, const char *name, size_t n)
{
	const struct map_row *r;
	size_t i;

	for (i = 0; i < m->builtins.n; i++) {
		r = m->builtins.rows[i];
		if (strcmp(r->args[0], kind) == 0 &&
		    map_among(r->args + 1, r->nargs - 1, name, n))
			return 1;
	}
	return 0;
}

uint64_t
map_limit(const struct map *m, const char *what, const char *edition)
{
	const struct map_row *r;
	size_t i;

	for (i = 0; i < m->limits.n; i++) {
		r = m->limits.rows[i];
		if (strcmp(r->args[1], what) == 0 && (r->nargs == 2 ||
		    (edition != NULL && strcmp(r->args[2], edition) == 0)))
			return size_read(r->args[0]);
	}
	return 0;
}
