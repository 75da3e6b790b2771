/* SPDX-License-Identifier: ISC */
/*
 * What of the source is imported.
 */
#include "merge/scope.h"

#include <string.h>

#include "base/buf.h"
#include "json/string.h"
#include "map/file_match.h"
#include "map/map.h"

int
scope_below(struct slice category, const char *top)
{
	size_t n = strlen(top);

	return category.n >= n && memcmp(category.p, top, n) == 0 &&
	    (category.n == n || category.p[n] == '/');
}

/* whether options[group] has the word, in any spelling; -1: nothing is told */
static int
listed(const struct scope *s, const char *category, size_t n)
{
	const char *slash = memchr(category, '/', n), *word;
	struct slice key, text;
	struct buf full = {0};
	uint32_t i, group;
	int rc = 0;

	key = (struct slice){ category, slash == NULL ? n :
	    (size_t)(slash - category) };
	for (group = tape_first(&s->tape, 0); group != TAPE_NONE;
	    group = tape_after(&s->tape, group)) {
		text = tape_key(&s->tape, group);
		buf_add(&full, text.p, text.n);
		word = map_word(s->map, "category", full.ptr, full.len);
		buf_free(&full);
		if ((text.n == key.n && memcmp(text.p, key.p, key.n) == 0) ||
		    (word != NULL && slice_is(key, word)))
			break;
	}
	if (group == TAPE_NONE)
		return -1;
	if (slash == NULL || s->tape.tokens[group].type != TAPE_ARRAY)
		return !tape_empty(&s->tape, group) &&
		    !slice_is(tape_bytes(&s->tape, group), "false");
	for (i = tape_first(&s->tape, group); i != TAPE_NONE && !rc;
	    i = tape_after(&s->tape, i)) {
		if (s->tape.tokens[i].type != TAPE_STRING)
			continue;
		text = tape_text(&s->tape, i);
		buf_add(&full, key.p, key.n);
		buf_addc(&full, '/');
		buf_add(&full, text.p, text.n);
		word = map_word(s->map, "category", full.ptr, full.len);
		rc = (full.len == n && memcmp(full.ptr, category, n) == 0) ||
		    (word != NULL && slice_is((struct slice){ category,
		    n }, word));
		buf_free(&full);
	}
	return rc;
}

/* what decides of a category: itself, or what the map's row "held" names */
static int
decide(const struct scope *s, struct slice category, int *told)
{
	const struct map_row *row = map_row_of(s->map, "held", category);
	size_t i;
	int got, rc = 0;

	got = listed(s, category.p, category.n);
	*told = got == 1;
	if (row == NULL)
		return got != 0;
	for (i = 1; i < row->nargs; i++)
		rc |= listed(s, row->args[i], strlen(row->args[i])) != 0;
	return got == 1 || rc;
}

/* the category that a kind comes with: another one, where "left" names it */
static struct slice
scope_of(const struct map_kind *k, struct slice category)
{
	const struct map_row *row = k == NULL ? NULL : map_kind_row(k, "left");

	if (row == NULL || row->nargs != 2 ||
	    strchr(row->args[1], '/') == NULL)
		return category;
	return (struct slice){ row->args[1], strlen(row->args[1]) };
}

/* a category that was chosen, as the map spells it */
static const char *
only(const struct scope *s, size_t i)
{
	const char *word = s->only[i];
	const char *known = s->map == NULL ? NULL :
	    map_word(s->map, "category", word, strlen(word));

	return known == NULL ? word : known;
}

/* whether a category is below one of those chosen, or held by one */
static int
chosen(const struct scope *s, struct slice category)
{
	const struct map_row *row;
	size_t i, j;

	if (s->nonly == 0)
		return 1;
	row = map_row_of(s->map, "held", category);
	for (i = 0; i < s->nonly; i++) {
		if (scope_below(category, only(s, i)))
			return 1;
		for (j = 1; row != NULL && j < row->nargs; j++) {
			if (strcmp(row->args[j], only(s, i)) == 0)
				return 1;
		}
	}
	return 0;
}

void
scope_tell(struct scope *s, struct slice options)
{
	struct text_error e;

	s->told = options.p != NULL &&
	    tape_read(&s->tape, options.p, options.n, &e) == 0 &&
	    s->tape.tokens[0].type == TAPE_OBJECT;
}

int
scope_chosen(const struct scope *s, struct slice category)
{
	return category.p == NULL ? s->nonly == 0 : chosen(s, category);
}

int
scope_has(const struct scope *s, const struct map_kind *k,
    struct slice category, int *told)
{
	if (category.p == NULL)
		return s->nonly == 0;
	return chosen(s, category) && (!s->told ||
	    decide(s, scope_of(k, category), told));
}

static int
holds(const struct scope *s, const char *category, size_t n)
{
	int told = 0;

	if (!chosen(s, (struct slice){ category, n }))
		return 0;
	return s->told == 0 || decide(s, (struct slice){ category, n }, &told);
}

/* whether elements of a container at a path of the map are at a place */
static int
inside(const char *place, const char *at)
{
	size_t n;

	if (*place != '/')
		return 0;
	for (place++; *at == '/'; place += n + (place[n] == '/')) {
		n = strcspn(place, "/");
		at++;
		if ((n != 1 || (*place != '*' && *place != '-')) &&
		    (strlen(at) < n || memcmp(place, at, n) != 0 ||
		    (at[n] != '/' && at[n] != '\0')))
			return 0;
		at += strcspn(at, "/");
	}
	return *at == '\0' && (strcmp(place, "-") == 0 ||
	    strcmp(place, "*") == 0);
}

/* the category of a kind, whatever the key */
static const char *
category_of(const struct map_kind *k)
{
	size_t i;

	for (i = 0; i < k->ncategories; i++) {
		if (k->categories[i].key == NULL)
			return k->categories[i].category;
	}
	return NULL;
}

int
scope_inside(const struct scope *s, struct slice file, struct slice at)
{
	const struct map_file *row;
	const struct map_kind *k = NULL;
	const struct map_row *in;
	const char *category;
	struct slice come;
	struct buf path = {0}, stars = {0};
	size_t i;

	if (s->map == NULL)
		return 0;
	string_decode(&path, file.p, file.n);
	row = map_file(s->map, buf_str(&path), &stars);
	path.len = 0;
	buf_add(&path, at.p, at.n);
	for (i = 0; row != NULL && i < s->map->nkinds && k == NULL; i++) {
		for (in = NULL; (in = map_kind_next_row(s->map->kinds[i],
		    "in", in)) != NULL; ) {
			if (strcmp(in->args[0], row->group->name) == 0 &&
			    inside(in->args[1], buf_str(&path)))
				k = s->map->kinds[i];
		}
	}
	buf_free(&path);
	buf_free(&stars);
	if (k == NULL || (category = category_of(k)) == NULL)
		return 0;
	come = scope_of(k, (struct slice){ category, strlen(category) });
	return holds(s, come.p, come.n);
}

void
scope_free(struct scope *s)
{
	tape_free(&s->tape);
}
