/* SPDX-License-Identifier: ISC */
/*
 * The rules by which a kind's values are looked through.
 */
#include "value/locate_rules_priv.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "json/pathmatch.h"
#include "map/compile_kind.h"
#include "stream/record.h"
#include "value/locate.h"

static void
add_rule(struct locate_rules *m, const char *path, struct locate_rule r)
{
	if (path != NULL)
		pathmatch_add(m->paths, path, (int)m->n, 0);
	m->list = xgrow(m->list, m->n, sizeof(*m->list));
	m->list[m->n++] = r;
}

/* what "in" and "if" name stands beside the value */
static void
add_beside(struct locate_rules *m, const struct map_ref *ref,
    const struct map_source *s)
{
	struct buf b = {0};

	if (compile_kind_beside(&b, ref, s))
		add_rule(m, buf_str(&b),
		    (struct locate_rule){ LOCATE_BESIDE, s, ref, NULL, 0 });
	buf_free(&b);
}

/* the sources of a member of the envelope */
static void
add_member(struct locate_rules *m, enum record_field f, unsigned what)
{
	const struct map_member *mb = &m->kind->members[f];
	const struct map_source *s;
	unsigned i;

	for (i = 0; i < mb->n; i++) {
		for (s = mb->parts[i].sources;
		    s < mb->parts[i].sources + mb->parts[i].n; s++)
			add_rule(m, s->path, (struct locate_rule){ what, s,
			    NULL, NULL, i });
	}
}

/* the places of other rows: which of a row's words are such, up to 0: all */
static const struct {
	const char *word;
	enum spot_what what;
	unsigned from, to;
} places[] = {
	{ "local", SPOT_LOCAL, 0, 0 }, { "ignore", SPOT_IGNORE, 0, 0 },
	{ "sets", SPOT_SETS, 0, 0 }, { "key", SPOT_KEY, 0, 0 },
	{ "secret", SPOT_SECRET, 0, 0 }, { "count", SPOT_COUNT, 0, 1 },
	{ "inner", SPOT_INNER, 0, 1 },
	{ "inner-link", SPOT_INNER_LINK, 0, 1 },
	{ "minted", SPOT_MINTED, 0, 0 }, { "binding", SPOT_BINDING, 1, 0 },
	{ "phrase", SPOT_PHRASE, 0, 0 },
	{ "variable", SPOT_VARIABLE, 1, 2 },
	{ "secured", SPOT_VARIABLE, 1, 2 },
};

static void
add_row(struct locate_rules *m, const struct map_row *r)
{
	const char *path;
	unsigned i, j;

	for (i = 0; i < sizeof(places) / sizeof(places[0]); i++) {
		if (!row_is(r, places[i].word))
			continue;
		for (j = places[i].from; j < r->nargs && (places[i].to == 0 ||
		    j < places[i].to); j++) {
			path = strcmp(r->args[j], ".") == 0 ? "" : r->args[j];
			if (*path != '$')
				add_rule(m, path, (struct locate_rule){
				    places[i].what, &m->whole, NULL, r, j });
		}
	}
}

/* the members of the envelope that values say */
static const struct {
	enum record_field field;
	enum spot_what what;
} members[] = {
	{ RECORD_ALIAS, SPOT_ALIAS }, { RECORD_ID, SPOT_ID },
	{ RECORD_NAME, SPOT_NAME }, { RECORD_NAMES, SPOT_NAMES },
	{ RECORD_TYPE, SPOT_MEMBER }, { RECORD_STATUS, SPOT_MEMBER },
	{ RECORD_LANG, SPOT_MEMBER },
};

struct locate_rules *
locate_rules_open(const struct map *map, const struct map_kind *k)
{
	struct locate_rules *m;
	const struct map_ref *ref;
	const struct map_row *r;
	size_t i;

	m = xcalloc(1, sizeof(*m));
	m->kind = k;
	m->paths = pathmatch_open();
	m->whole.form = refform_find("whole");
	for (ref = k->refs; ref < k->refs + k->nrefs; ref++) {
		add_rule(m, ref->source.from == FROM_PLACE ?
		    ref->source.path : NULL, (struct locate_rule){ SPOT_REF,
		    &ref->source, ref, ref->row, 0 });
		add_beside(m, ref, ref->scope);
		add_beside(m, ref, ref->condition);
	}
	for (i = 0; i < sizeof(members) / sizeof(members[0]); i++)
		add_member(m, members[i].field, members[i].what);
	for (r = k->rows; r < k->rows + k->nrows; r++)
		add_row(m, r);
	for (r = map->every; r < map->every + map->nevery; r++)
		add_row(m, r);
	m->root = pathmatch_root(m->paths);
	return m;
}

void
locate_rules_close(struct locate_rules *m)
{
	if (m == NULL)
		return;
	pathmatch_close(m->paths);
	free(m->list);
	free(m);
}
