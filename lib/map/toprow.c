/* SPDX-License-Identifier: ISC */
/*
 * The map's rows that are of no kind: what they say of a merge.
 */
#include "map/toprow.h"

#include <string.h>

#include "base/buf.h"
#include "json/string.h"
#include "map/file_match.h"
#include "map/map.h"
#include "map/refform.h"

/* the first row with a word whose first argument is this text (NULL: any) */
static const struct map_row *
find(const struct map *m, const char *word, const char *p, size_t n)
{
	const struct map_row *row;
	size_t i;

	for (i = 0; m != NULL && i < m->rows.n; i++) {
		row = &m->rows.rows[i];
		if (!row->indented && strcmp(row->word, word) == 0 &&
		    (p == NULL || (strlen(row->args[0]) == n &&
		    memcmp(row->args[0], p, n) == 0)))
			return row;
	}
	return NULL;
}

const struct map_row *
toprow(const struct map *m, const char *word)
{
	return find(m, word, NULL, 0);
}

const struct map_row *
toprow_held(const struct map *m, struct slice category)
{
	return find(m, "held", category.p, category.n);
}

const struct map_row *
toprow_raw(const struct map *m, struct slice file)
{
	const struct map_file *row;
	struct buf path = {0}, stars = {0};

	if (m == NULL)
		return NULL;
	string_decode(&path, file.p, file.n);
	row = map_file(m, buf_str(&path), &stars);
	buf_free(&path);
	buf_free(&stars);
	return row == NULL ? NULL : find(m, "raw", row->group->name,
	    strlen(row->group->name));
}

int
toprow_every(const struct map *m, const char *word)
{
	const struct map_row *row, *end;
	int every = 0;

	if (m == NULL)
		return 0;
	end = m->rows.rows + m->rows.n;
	for (row = m->rows.rows; row < end; row++) {
		if (!row->indented)
			every = strcmp(row->word, "every") == 0;
		else if (every && strcmp(row->word, word) == 0)
			return 1;
	}
	return 0;
}

int
toprow_paths(const struct map *m)
{
	size_t i, j;

	for (i = 0; m != NULL && i < m->nkinds; i++) {
		for (j = 0; j < m->kinds[i]->nrefs; j++) {
			if (m->kinds[i]->refs[j].source.form == FORM_TAIL)
				return 1;
		}
	}
	return 0;
}
