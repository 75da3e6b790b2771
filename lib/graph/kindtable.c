/* SPDX-License-Identifier: ISC */
/*
 * What the map says of a graph's kinds.
 */
#include "graph/kindtable.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "graph/graph.h"
#include "map/map.h"
#include "map/lost.h"

/* more kinds than any map has: those beyond are asked for each time */
#define MOST 512

static const struct {
	const char *word, *arg;
	unsigned flag;
} words[] = {
	{ "follows", NULL, KIND_FOLLOWS }, { "apart", NULL, KIND_APART },
	{ "apart", "compare", KIND_APART_COMPARED },
	{ "always", NULL, KIND_ALWAYS }, { "orphan", NULL, KIND_ORPHAN },
	{ "mode", NULL, KIND_MODE }, { "inner", NULL, KIND_INNER },
	{ "languages", NULL, KIND_LISTS },
};

static unsigned
row_flags(const struct map_row *r)
{
	unsigned flags = 0;
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (row_is(r, words[i].word) &&
		    (words[i].arg == NULL || (r->nargs > 0 &&
		    strcmp(r->args[0], words[i].arg) == 0)))
			flags |= words[i].flag;
	}
	if ((flags & KIND_MODE) != 0 && r->nargs > 0)
		flags = KIND_TWIN;
	return flags;
}

/* what one block of the map says of its kind */
static unsigned
block_flags(const struct map_kind *mk)
{
	const struct map_row *r;
	unsigned flags;

	flags = KIND_KNOWN | (mk->task ? KIND_TASK : 0);
	for (r = mk->rows; r < mk->rows + mk->nrows; r++)
		flags |= row_flags(r);
	return flags;
}

unsigned
kindtable_ask(const struct map *m, const char *name, size_t n)
{
	const struct map_kind *mk;
	unsigned flags = 0;
	size_t at = 0;

	while (m != NULL && (mk = map_next_kind(m,
	    (struct slice){ name, n }, &at)) != NULL)
		flags |= block_flags(mk);
	return flags;
}

unsigned
kindtable_early(struct buf *known, const struct map *m, struct slice name,
    uint32_t kind)
{
	unsigned *flags, unknown = UINT_MAX;

	while (known->len / sizeof(unknown) <= kind)
		buf_add(known, &unknown, sizeof(unknown));
	flags = buf_item(known, kind, sizeof(unsigned));
	if (*flags == unknown)
		*flags = kindtable_ask(m, name.p, name.n);
	return *flags;
}

const char *
kindtable_twin(const struct map *m, const char *name, size_t n)
{
	const struct map_kind *mk;
	const struct map_row *r;
	size_t at = 0;

	while (m != NULL && (mk = map_next_kind(m,
	    (struct slice){ name, n }, &at)) != NULL) {
		for (r = NULL; (r = map_kind_next_row(mk, "mode", r)) !=
		    NULL; ) {
			if (r->nargs > 0)
				return r->args[0];
		}
	}
	return NULL;
}

/* the kind behind an owner row's "through", or NULL */
static const char *
through_of(const struct map_row *r)
{
	size_t i;

	for (i = 2; row_is(r, "owner") && i + 1 < r->nargs; i++) {
		if (strcmp(r->args[i], "through") == 0)
			return r->args[i + 1];
	}
	return NULL;
}

/* take what one block of the map says of a kind */
static void
read_block(struct kindtable *k, const struct map_kind *mk)
{
	const struct map_row *r;
	const char *name;
	uint32_t kind, other;

	kind = graph_kind_number(k->graph, mk->name, strlen(mk->name));
	if (kind == NOTHING)
		return;
	k->flags[kind] |= (uint16_t)block_flags(mk);
	for (r = mk->rows; r < mk->rows + mk->nrows; r++) {
		if ((name = through_of(r)) == NULL)
			continue;
		other = graph_kind_number(k->graph, name, strlen(name));
		if (other == NOTHING)
			continue;
		k->through[kind] = (uint16_t)other;
		k->is_through[other] = 1;
	}
}

void
kindtable_open(struct kindtable *k, const struct map *map,
    const struct graph *g)
{
	size_t i;

	*k = (struct kindtable){ .map = map, .graph = g, .n = graph_kinds(g) };
	k->flags = xcalloc(k->n + 1, sizeof(*k->flags));
	k->through = xcalloc(k->n + 1, sizeof(*k->through));
	k->is_through = xcalloc(k->n + 1, sizeof(*k->is_through));
	for (i = 0; i < k->n; i++)
		k->through[i] = (uint16_t)k->n;
	for (i = 0; map != NULL && i < map->nkinds; i++)
		read_block(k, map->kinds[i]);
	if (k->n <= MOST)
		k->drops = xcalloc((size_t)k->n * k->n * 4 + 1, 1);
}

void
kindtable_close(struct kindtable *k)
{
	free(k->flags);
	free(k->through);
	free(k->is_through);
	free(k->drops);
}

int
kindtable_drops(struct kindtable *k, uint32_t kind, enum record_field list,
    uint32_t target)
{
	struct slice a, b;
	uint8_t *known = NULL;
	int drops;

	if (k->map == NULL)
		return DROPS_NEVER;
	if (k->drops != NULL) {
		known = &k->drops[((size_t)kind * k->n + target) * 4 +
		    (list - RECORD_OWNER)];
		if (*known != 0)
			return *known - 1;
	}
	a = graph_kind_name(k->graph, kind);
	b = graph_kind_name(k->graph, target);
	drops = lost_drops(k->map, a, list, b);
	if (known != NULL)
		*known = (uint8_t)(drops + 1);
	return drops;
}
