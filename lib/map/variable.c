/* SPDX-License-Identifier: ISC */
/*
 * What a kind's rows "variable" and "secured" say.
 */
#include "map/variable.h"

#include <string.h>

#include "map/rows.h"

/* what the first word of a name is made of */
#define LETTERS "abcdefghijklmnopqrstuvwxyz"

int
map_variable_is(const struct map_row *r)
{
	return r->indented && (row_is(r, "variable") || row_is(r, "secured"));
}

/* whether a path has a step */
static int
has_step(const char *path, const char *step)
{
	size_t n;

	for (; *path != '\0'; path += n + (path[n] == '/')) {
		n = strcspn(path, "/");
		if (n == strlen(step) && memcmp(path, step, n) == 0)
			return 1;
	}
	return 0;
}

/* the words behind the place, from the i-th on; NULL, or what is wrong */
static const char *
read_rest(struct map_variable *v, const struct map_row *r, size_t i)
{
	if (i < r->nargs && strcmp(r->args[i], "by") != 0 &&
	    strcmp(r->args[i], "if") != 0)
		v->suffix = r->args[i++];
	if (i + 1 < r->nargs && strcmp(r->args[i], "by") == 0) {
		v->by = r->args[i + 1];
		i += 2;
	}
	if (i + 2 < r->nargs && strcmp(r->args[i], "if") == 0) {
		v->key = r->args[i + 1];
		v->values = r->args + i + 2;
		v->nvalues = r->nargs - i - 2;
		i = r->nargs;
	}
	return i == r->nargs ? NULL : "expected a word, by and a member, or "
	    "if, a member and its values";
}

const char *
map_variable_read(struct map_variable *v, const struct map_row *r,
    const char **found)
{
	const char *wrong;

	*v = (struct map_variable){ .word = r->args[0], .path = r->args[1],
	    .secured = row_is(r, "secured") };
	*found = r->args[r->nargs - 1];
	if ((wrong = read_rest(v, r, 2)) != NULL)
		return wrong;
	*found = v->word;
	if (*v->word == '\0' || v->word[strspn(v->word, LETTERS)] != '\0')
		return "expected a word of letters in lower case";
	*found = v->path;
	if (strchr(".$^'", *v->path) != NULL || has_step(v->path, "**"))
		return "expected a path without **";
	if (v->by == NULL && has_step(v->path, "-"))
		return "expected by, and the member that tells elements apart";
	return NULL;
}
