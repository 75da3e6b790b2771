/* SPDX-License-Identifier: ISC */
/*
 * Containers that the platform leaves no empty one of ("left absent").
 */
#include "select/holes.h"

#include <string.h>

#include "base/buf.h"
#include "map/file_match.h"
#include "map/map.h"
#include "select/selection.h"
#include "stream/record.h"
#include "value/prune.h"

/* a container that is absent from exports without its category */
struct container {
	uint32_t node;
	size_t absence;		/* which says so */
};

/* whether components of an "in" row stand right inside a place */
static int
stands_in(const char *pattern, struct slice at)
{
	const char *p = at.p, *end = p + at.n, *step;
	size_t n;

	for (;;) {
		pattern++;	/* the slash */
		n = strcspn(pattern, "/");
		if (pattern[n] == '\0')
			return p == end;
		if (p == end || *p != '/')
			return 0;
		step = ++p;
		while (p < end && *p != '/')
			p++;
		if (!(n == 1 && *pattern == '*') && ((size_t)(p - step) != n ||
		    memcmp(pattern, step, n) != 0))
			return 0;
		pattern += n;
	}
}

/* the category without which a container of this kind is absent, or NULL */
static const char *
absent_without(const struct map_kind *k)
{
	const struct map_row *left = selection_row(k, "left", "absent");

	if (left == NULL)
		return NULL;
	if (left->nargs > 1)
		return left->args[1];
	return k->ncategories > 0 ? k->categories[0].category : NULL;
}

/* containers that the map knows to be absent: where they stand */
struct absence {
	const struct map_row *in;
	const char *category;
	int held;		/* something of it is in the result */
};

void
holes_begin(struct selection *s)
{
	const struct map_kind *k;
	const struct map_row *r;
	struct absence a = { .held = 0 };
	size_t i;

	for (i = 0; i < s->map->nkinds; i++) {
		k = s->map->kinds[i];
		if ((a.category = absent_without(k)) == NULL)
			continue;
		for (r = k->rows; r < k->rows + k->nrows; r++) {
			a.in = r;
			if (strcmp(r->word, "in") == 0 &&
			    r->args[1][0] == '/')
				buf_add(&s->absences, &a, sizeof(a));
		}
	}
}

/* whether a file is of the group that an "in" row is about */
static int
is_of_group(const struct selection *s, struct slice path, const char *group)
{
	const struct map_file *file;
	struct buf name = {0}, captures = {0};

	buf_add(&name, path.p, path.n);
	file = map_file(s->map, buf_str(&name), &captures);
	buf_free(&name);
	buf_free(&captures);
	return file != NULL && strcmp(file->group->name, group) == 0;
}

void
holes_take(struct selection *s, uint32_t node, const struct record *r)
{
	const struct absence *a = (void *)s->absences.ptr;
	size_t i, n = s->absences.len / sizeof(*a);
	struct slice at = record_text(r, RECORD_AT);
	struct container c = { .node = node };

	for (i = 0; at.p != NULL && i < n; i++) {
		if (!stands_in(a[i].in->args[1], at) || !is_of_group(s,
		    record_text(r, RECORD_FILE), a[i].in->args[0]))
			continue;
		c.absence = i;
		buf_add(&s->containers, &c, sizeof(c));
		return;
	}
}

/* whether a component that is taken stands in a container */
static int
is_filled(const struct selection *s, uint32_t node)
{
	const struct graph *g = &s->graph;
	uint32_t i;

	for (i = node + 1; i < g->n && graph_node(g, i)->parent != NOTHING &&
	    graph_node(g, i)->parent >= node; i++) {
		if (graph_node(g, i)->fate != FATE_DROP)
			return 1;
	}
	return 0;
}

void
holes_settle(struct selection *s)
{
	const struct container *c = (void *)s->containers.ptr;
	struct absence *a = (void *)s->absences.ptr;
	size_t i, n = s->containers.len / sizeof(*c);
	struct node *node, *outer;
	uint32_t up;

	for (i = 0; n > 0 && i < s->absences.len / sizeof(*a); i++)
		a[i].held = selection_held(s, a[i].category,
		    strlen(a[i].category));
	for (i = 0; i < n; i++) {
		node = graph_node(&s->graph, c[i].node);
		if (node->fate == FATE_DROP || a[c[i].absence].held ||
		    is_filled(s, c[i].node))
			continue;
		node->fate = FATE_DROP;
		node->why = WHY_EMPTY;
		if ((up = graph_outer(&s->graph, c[i].node)) == NOTHING)
			continue;
		outer = graph_node(&s->graph, up);
		outer->flags |= SELECT_HOLE;
		if (outer->fate == FATE_KEEP)
			outer->fate = FATE_CHANGE;
	}
}

/* the places in a component of the containers that went, one after the other */
static int
find_places(struct selection *s, uint32_t node, struct slice own,
    struct buf *texts, struct buf *places)
{
	const struct graph *g = &s->graph;
	struct slice place, *p;
	struct record inner;
	size_t at = 0, n;
	uint32_t i;

	for (i = node + 1; i < g->n && graph_node(g, i)->parent != NOTHING &&
	    graph_node(g, i)->parent >= node; i++) {
		if (graph_node(g, i)->type != RECORD_OPEN ||
		    graph_node(g, i)->why != WHY_EMPTY ||
		    graph_node(g, i)->fate != FATE_DROP)
			continue;
		if (selection_line(s, i, &inner) == -1)
			return -1;
		place = record_text(&inner, RECORD_AT);
		place.p += own.n;
		place.n -= own.n;
		buf_add(texts, place.p, place.n);
		buf_add(places, &place, sizeof(place));
	}
	/* now that the texts do not move any more */
	p = (struct slice *)(void *)places->ptr;
	for (n = places->len / sizeof(*p); n > 0; n--, at += p++->n)
		p->p = texts->ptr + at;
	return 0;
}

int
holes_trim(struct selection *s, uint32_t node, const struct record *r,
    struct buf *line)
{
	const struct place at = selection_place(s, node);
	struct buf own = {0}, texts = {0}, places = {0};
	struct text_error e;
	struct record copy;
	int rc = -1;

	/* what the record stands in may be read into by other lines */
	buf_add(&own, r->line.p, r->line.n);
	if (record_read(&copy, own.ptr, own.len, &e) == 0 &&
	    find_places(s, node, record_text(&copy, RECORD_AT), &texts,
	    &places) == 0)
		rc = prune_holes(s->trimmer, &copy, &at,
		    (const struct slice *)(void *)places.ptr,
		    places.len / sizeof(struct slice), line);
	buf_free(&own);
	buf_free(&texts);
	buf_free(&places);
	return rc;
}
