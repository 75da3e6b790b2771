/* SPDX-License-Identifier: ISC */
/*
 * A map in memory, asked.
 */
#include "map/map.h"

#include <string.h>

#include "base/size.h"

const char *const map_actions[ACTIONS + 1] = {
	[ACTION_REPLACE] = "replace", [ACTION_REPLACE_ALL] = "replace-all",
	[ACTION_ADD] = "add", [ACTION_IF_NONE] = "if-none",
	[ACTION_KEEP] = "keep", [ACTION_CLEAR] = "clear",
	[ACTION_UNION] = "union", [ACTION_ERROR] = "error",
};

/* with what both have, what is new, what is old */
const struct action_traits map_action_traits[ACTIONS] = {
	[ACTION_REPLACE] = { PAIR_TAKEN, NEW_COMES, OLD_OWNED,
	    .owned = ACTION_REPLACE_ALL },
	[ACTION_REPLACE_ALL] = { PAIR_TAKEN, NEW_COMES, OLD_ABSENT,
	    .owned = ACTION_REPLACE_ALL },
	[ACTION_ADD] = { PAIR_STAYS, NEW_COMES, OLD_STAYS, .comes = 1,
	    .owned = ACTION_ADD },
	[ACTION_IF_NONE] = { PAIR_STAYS, NEW_IF_NONE, OLD_STAYS,
	    .owned = ACTIONS },
	[ACTION_KEEP] = { PAIR_STAYS, NEW_KEPT_OUT, OLD_STAYS,
	    .owned = ACTION_KEEP },
	[ACTION_CLEAR] = { PAIR_CLEARED, NEW_KEPT_OUT, OLD_CLEARED,
	    .owned = ACTIONS },
	[ACTION_UNION] = { PAIR_UNITED, NEW_COMES, OLD_STAYS, .comes = 1,
	    .owned = ACTION_UNION },
	[ACTION_ERROR] = { PAIR_SAME, NEW_COMES, OLD_STAYS,
	    .owned = ACTIONS },
};

const char *const map_requests[REQUESTS + 1] = {
	[REQUEST_MODE] = "mode", [REQUEST_IGNORE] = "ignore",
	[REQUEST_CATEGORY] = "category", [REQUEST_FLAG] = "flag",
	[REQUEST_ID] = "id", [REQUEST_DEPS] = "deps",
	[REQUEST_WITHOUT] = "without",
};

/* the next row with a word, from r on and before end, or NULL */
static const struct map_row *
next_row(const struct map_row *r, const struct map_row *end, const char *word,
    int indented)
{
	for (; r < end; r++) {
		if (r->indented == indented && row_is(r, word))
			return r;
	}
	return NULL;
}

const struct map_row *
map_next_row(const struct map *m, const char *word,
    const struct map_row *after)
{
	return m == NULL ? NULL : next_row(after == NULL ? m->rows.rows :
	    after + 1, m->rows.rows + m->rows.n, word, 0);
}

const struct map_row *
map_row(const struct map *m, const char *word)
{
	return map_next_row(m, word, NULL);
}

const struct map_row *
map_row_of(const struct map *m, const char *word, struct slice text)
{
	const struct map_row *r = NULL;

	while ((r = map_next_row(m, word, r)) != NULL &&
	    !slice_is(text, r->args[0]))
		continue;
	return r;
}

const struct map_row *
map_kind_next_row(const struct map_kind *k, const char *word,
    const struct map_row *after)
{
	return next_row(after == NULL ? k->rows : after + 1,
	    k->rows + k->nrows, word, 1);
}

const struct map_row *
map_kind_row(const struct map_kind *k, const char *word)
{
	return map_kind_next_row(k, word, NULL);
}

const struct map_row *
map_kind_row_of(const struct map_kind *k, const char *word, const char *text)
{
	const struct map_row *r = NULL;

	while ((r = map_kind_next_row(k, word, r)) != NULL &&
	    strcmp(r->args[0], text) != 0)
		continue;
	return r;
}

int
map_every(const struct map *m, const char *word)
{
	return m != NULL && m->nevery > 0 && next_row(m->every,
	    m->every + m->nevery, word, 1) != NULL;
}

const struct map_kind *
map_next_kind(const struct map *m, struct slice name, size_t *at)
{
	while (*at < m->nkinds) {
		if (slice_is(name, m->kinds[(*at)++]->name))
			return m->kinds[*at - 1];
	}
	return NULL;
}

/* the number of a word among n, or n */
static int
number_of(const char *word, const char *const *words, int n)
{
	int i;

	for (i = 0; i < n && strcmp(words[i], word) != 0; i++)
		continue;
	return i;
}

enum action
map_action(const char *word)
{
	return (enum action)number_of(word, map_actions, ACTIONS);
}

enum request_act
map_request(const struct map_row *r)
{
	return (enum request_act)number_of(r->args[1], map_requests, REQUESTS);
}

struct map_group *
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

/* the row of a first word that has a value behind it, or NULL */
static const struct map_row *
row_among(const struct map_list *rows, const char *first, const char *value,
    size_t n)
{
	const struct map_row *r;
	size_t i;

	for (i = 0; i < rows->n; i++) {
		r = rows->rows[i];
		if (strcmp(r->args[0], first) == 0 &&
		    map_among(r->args + 1, r->nargs - 1, value, n))
			return r;
	}
	return NULL;
}

const char *
map_word(const struct map *m, const char *field, const char *word, size_t n)
{
	const struct map_row *r = row_among(&m->words, field, word, n);

	return r != NULL ? r->args[1] : NULL;
}

int
map_builtin(const struct map *m, const char *kind, const char *name, size_t n)
{
	return row_among(&m->builtins, kind, name, n) != NULL;
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
