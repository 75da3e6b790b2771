/* SPDX-License-Identifier: ISC */
/*
 * A map read from its text.
 */
#include "map/compile.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/size.h"
#include "json/pathmatch.h"
#include "json/style.h"
#include "map/compile_kind.h"
#include "map/file_match.h"
#include "map/map.h"

/* the group of this name, made if need be */
static struct map_group *
group_of(struct map *m, const char *name)
{
	struct map_group *g = map_group(m, name);

	if (g != NULL)
		return g;
	g = xcalloc(1, sizeof(*g));
	g->name = xstrdup(name);
	g->paths = pathmatch_open();
	m->groups = xgrow(m->groups, m->ngroups, sizeof(*m->groups));
	m->groups[m->ngroups++] = g;
	return g;
}

static int
read_type(const char *word, enum map_type *type)
{
	static const char *const types[] = {
		[MAP_JSON] = "json", [MAP_TEXT] = "text",
		[MAP_BINARY] = "binary"
	};
	int i;

	for (i = MAP_JSON; i <= MAP_BINARY; i++) {
		if (strcmp(word, types[i]) == 0) {
			*type = (enum map_type)i;
			return 0;
		}
	}
	return -1;
}

/* style NAME, with "+newline" or without */
static int
read_style(struct map_file *f, const char *word)
{
	size_t n;

	n = strcspn(word, "+");
	f->newline = strcmp(word + n, "+newline") == 0;
	f->style = style_find(word, n);
	return f->style == NULL || (word[n] == '+' && !f->newline) ? -1 : 0;
}

/* file GROUP PATTERN TYPE [style S] [edition E] [guess] [tells [KEY ...]] */
static int
read_file(struct map *m, struct diag *d, const struct map_row *r)
{
	struct map_file f = { .style = style_at(0) };
	const char *wrong;
	size_t i;

	if (read_type(r->args[2], &f.type) == -1)
		return rows_fail(d, &m->rows, r,
		    "expected json, text or binary", r->args[2]);
	f.pattern = r->args[1];
	if ((wrong = file_match_wrong(f.pattern)) != NULL)
		return rows_fail(d, &m->rows, r, wrong, f.pattern);
	for (i = 3; i < r->nargs; i++) {
		if (strcmp(r->args[i], "style") == 0 && i + 1 < r->nargs) {
			if (read_style(&f, r->args[++i]) == -1)
				return rows_fail(d, &m->rows, r,
				    "expected a layout style", r->args[i]);
		} else if (strcmp(r->args[i], "edition") == 0 &&
		    i + 1 < r->nargs) {
			f.edition = r->args[++i];
		} else if (strcmp(r->args[i], "guess") == 0) {
			f.guess = 1;
		} else if (strcmp(r->args[i], "tells") == 0) {
			f.tells = 1;
			f.keys = r->args + i + 1;
			f.nkeys = r->nargs - i - 1;
			break;
		} else {
			return rows_fail(d, &m->rows, r, "expected style, "
			    "edition, guess or tells", r->args[i]);
		}
	}
	f.group = group_of(m, r->args[0]);
	m->files = xgrow(m->files, m->nfiles, sizeof(*m->files));
	m->files[m->nfiles++] = f;
	return 0;
}

/* keep a row in a list of those that are asked often */
static void
keep_row(struct map_list *l, const struct map_row *r)
{
	l->rows = xgrow(l->rows, l->n, sizeof(*l->rows));
	l->rows[l->n++] = r;
}

/* a row that says something of a group of files */
static int
read_group(struct map *m, struct diag *d, const struct map_row *r)
{
	struct map_group *g = map_group(m, r->args[0]);
	size_t i;
	int owner;

	if (g == NULL)
		return rows_fail(d, &m->rows, r, "expected the group of a "
		    "file row above", r->args[0]);
	owner = row_is(r, "belongs");
	for (i = owner ? 2 : 1; i < r->nargs; i++) {
		if (strlen(r->args[i]) != 2 || r->args[i][0] != '$' ||
		    r->args[i][1] < '1' || r->args[i][1] > '9')
			return rows_fail(d, &m->rows, r, "expected a star "
			    "of the file's pattern, $1 to $9", r->args[i]);
	}
	if (owner)
		g->owner = r;
	else
		g->called = r;
	return 0;
}

/* a row that stands for itself */
static int
read_row(struct map *m, struct diag *d, const struct map_row *r)
{
	if (row_is(r, "platform")) {
		m->platform = r->args[0];
		m->title = r->nargs > 1 ? r->args[1] : r->args[0];
	} else if (row_is(r, "foreign")) {
		m->foreign = r->args[0];
	} else if (row_is(r, "paths")) {
		if (strcmp(r->args[0], "percent") != 0)
			return rows_fail(d, &m->rows, r,
			    "expected percent", r->args[0]);
		m->percent = 1;
	} else if (row_is(r, "resource")) {
		if (strcspn(r->args[0], "*/") == 0)
			return rows_fail(d, &m->rows, r, "expected a path "
			    "that begins with a word", r->args[0]);
	} else if (row_is(r, "word")) {
		keep_row(&m->words, r);
	} else if (row_is(r, "builtin")) {
		keep_row(&m->builtins, r);
	} else if (row_is(r, "limit")) {
		keep_row(&m->limits, r);
		if (size_read(r->args[0]) == 0)
			return rows_fail(d, &m->rows, r,
			    "expected a size such as 500K", r->args[0]);
	} else if (row_is(r, "file")) {
		return read_file(m, d, r);
	} else if (row_is(r, "belongs") || row_is(r, "called")) {
		return read_group(m, d, r);
	}
	return 0;
}

/* the rows indented below one, which they belong to */
static size_t
below(const struct map_rows *m, const struct map_row *r)
{
	size_t n;

	for (n = 1; r + n < m->rows + m->n && r[n].indented; n++)
		continue;
	return n - 1;
}

/* the kinds: all of them, for their names, before any patterns */
static int
read_kinds(struct map *m, struct diag *d)
{
	const struct map_rows *rows = &m->rows;
	const struct map_row *r;
	struct map_kind *k;
	int rc = 0;

	for (r = NULL; (r = map_next_row(m, "every", r)) != NULL; ) {
		m->every = r + 1;
		m->nevery = below(rows, r);
	}
	for (r = NULL; (r = map_next_row(m, "kind", r)) != NULL; ) {
		m->kinds = xgrow(m->kinds, m->nkinds, sizeof(*m->kinds));
		k = m->kinds[m->nkinds++] = xcalloc(1, sizeof(*k));
		rc |= compile_kind_read(d, rows, r, below(rows, r), k);
		rc |= compile_kind_add(d, rows, m->every, m->nevery, k);
	}
	return rc;
}

static int
add_patterns(struct map *m, struct diag *d)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < m->nkinds; i++)
		rc |= compile_kind_patterns(d, m, m->kinds[i]);
	return rc;
}

/* the rows of the platform */
static int
read_rows(struct map *m, struct diag *d)
{
	size_t i;
	int rc = 0;

	for (i = 0; i < m->rows.n; i++) {
		if (!m->rows.rows[i].indented)
			rc |= read_row(m, d, &m->rows.rows[i]);
	}
	return rc;
}

static struct map *
new_map(const char *name, const char *text, size_t n)
{
	struct map *m;

	m = xcalloc(1, sizeof(*m));
	m->rows.name = name;
	rows_read(&m->rows, text, n);
	return m;
}

struct map *
map_open(struct diag *d, const char *name, const char *text, size_t n)
{
	struct map *m = new_map(name, text, n);
	int rc;

	rc = rows_check(d, &m->rows);
	if (rc == 0)
		rc = read_rows(m, d);
	if (rc == 0)
		rc = map_complete(d, m, 1);
	if (rc == 0 && m->platform == NULL)
		rc = diag_fail(d, STATUS_INPUT, NULL, "%s: expected a row "
		    "\"platform NAME\" (pkg-map(5))", name);
	if (rc == 0)
		return m;
	map_close(m);
	return NULL;
}

struct map *
map_open_files(struct diag *d, const char *name, const char *text, size_t n)
{
	struct map *m = new_map(name, text, n);

	if (read_rows(m, d) == 0)
		return m;
	map_close(m);
	return NULL;
}

int
map_complete(struct diag *d, struct map *m, int walks)
{
	int rc = 0;

	if (!m->complete)
		rc = read_kinds(m, d);
	m->complete = 1;
	if (rc == 0 && walks && !m->walks)
		rc = add_patterns(m, d);
	m->walks |= walks;
	return rc;
}

void
map_close(struct map *m)
{
	size_t i;

	if (m == NULL)
		return;
	for (i = 0; i < m->nkinds; i++)
		compile_kind_free(m->kinds[i]);
	for (i = 0; i < m->ngroups; i++) {
		pathmatch_close(m->groups[i]->paths);
		free(m->groups[i]->hits);
		free(m->groups[i]->name);
		free(m->groups[i]);
	}
	free(m->kinds);
	free(m->groups);
	free(m->files);
	free(m->words.rows);
	free(m->builtins.rows);
	free(m->limits.rows);
	rows_free(&m->rows);
	free(m);
}
