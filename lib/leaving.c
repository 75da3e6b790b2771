/* SPDX-License-Identifier: ISC */
/*
 * What the platform leaves of what was not exported.
 */
#include "leaving.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "criteria.h"
#include "map.h"
#include "mapfile.h"
#include "mend.h"
#include "record.h"
#include "selection.h"
#include "trim.h"

/* a container that is absent from exports without its category */
struct container {
	uint32_t node;
	const char *category;	/* of the map */
};

/* the row of a kind with this word and first arg (NULL: any), or NULL */
static const struct map_row *
row_of(const struct map_kind *k, const char *word, const char *arg)
{
	const struct map_row *r;

	for (r = k->rows; r < k->rows + k->nrows; r++) {
		if (strcmp(r->word, word) == 0 && (arg == NULL ||
		    strcmp(r->args[0], arg) == 0))
			return r;
	}
	return NULL;
}

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
	const struct map_row *left = row_of(k, "left", "absent");

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
};

void
leaving_begin(struct selection *s)
{
	const struct map_kind *k;
	const struct map_row *r;
	struct absence a;
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
leaving_container(struct selection *s, uint32_t node, const struct record *r)
{
	const struct absence *a = (void *)s->absences.ptr;
	size_t i, n = s->absences.len / sizeof(*a);
	struct slice at = record_text(r, RECORD_AT);
	struct container c = { .node = node };

	for (i = 0; at.p != NULL && i < n; i++) {
		if (!stands_in(a[i].in->args[1], at) || !is_of_group(s,
		    record_text(r, RECORD_FILE), a[i].in->args[0]))
			continue;
		c.category = a[i].category;
		buf_add(&s->containers, &c, sizeof(c));
		return;
	}
}

/* whether some chosen category is this one, or stands above or below it */
static int
is_chosen(const struct selection *s, const char *category)
{
	const struct criteria_word *w;
	size_t n = strlen(category), len;

	for (w = s->criteria->words; w < s->criteria->words +
	    s->criteria->n; w++) {
		if (w->by != BY_CATEGORY || w->exclude)
			continue;
		len = strlen(w->text);
		if (strncmp(w->text, category, n < len ? n : len) == 0 &&
		    (len == n || (len < n ? category[len] : w->text[n]) ==
		    '/'))
			return 1;
	}
	return 0;
}

static void
take_kind(struct selection *s, const struct map_kind *k, uint32_t kind)
{
	const struct map_row *stub, *stays;
	size_t i;

	if ((stub = row_of(k, "left", "stub")) != NULL)
		s->left[kind].stub = stub;
	if ((stays = row_of(k, "stays", NULL)) == NULL ||
	    (k->ncategories > 0 && is_chosen(s, k->categories[0].category)))
		return;
	for (i = 0; i < stays->nargs; i++) {
		if (is_chosen(s, stays->args[i]))
			s->stub[kind] = stub != NULL ? REACH_STUB :
			    REACH_WHOLE;
	}
}

void
leaving_kinds(struct selection *s)
{
	const struct map_kind *k;
	uint32_t kind;
	size_t i;

	s->left = xcalloc(graph_kinds(&s->graph) + 1, sizeof(*s->left));
	s->stub = xcalloc(graph_kinds(&s->graph) + 1, 1);
	for (i = 0; i < s->map->nkinds; i++) {
		k = s->map->kinds[i];
		kind = graph_kind_number(&s->graph, k->name, strlen(k->name));
		if (kind != NOTHING)
			take_kind(s, k, kind);
	}
}

int
leaving_stays(const struct selection *s, uint32_t node)
{
	const struct node *n = graph_node(&s->graph, node);

	return s->stub[n->kind] != REACH_NONE &&
	    (n->flags & (SELECT_NAMED | SELECT_EXCLUDED)) == SELECT_NAMED;
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

/* the component that a container stands in, or NOTHING */
static uint32_t
around(const struct graph *g, uint32_t node)
{
	do
		node = graph_node(g, node)->parent;
	while (node != NOTHING &&
	    graph_node(g, node)->type != RECORD_COMPONENT);
	return node;
}

/* containers that are absent without their category */
static void
leave_containers(struct selection *s)
{
	const struct container *c = (void *)s->containers.ptr;
	size_t i, n = s->containers.len / sizeof(*c);
	struct node *node, *outer;
	uint32_t up;

	for (i = 0; i < n; i++) {
		node = graph_node(&s->graph, c[i].node);
		if (node->fate == FATE_DROP || is_filled(s, c[i].node) ||
		    selection_held(s, c[i].category, strlen(c[i].category)))
			continue;
		node->fate = FATE_DROP;
		node->why = WHY_EMPTY;
		if ((up = around(&s->graph, c[i].node)) == NOTHING)
			continue;
		outer = graph_node(&s->graph, up);
		outer->flags |= SELECT_HOLE;
		if (outer->fate == FATE_KEEP)
			outer->fate = FATE_CHANGE;
	}
}

/* whether records of a kind count those of another; asked over and over */
static int
counts(struct selection *s, uint32_t kind, uint32_t counted)
{
	struct slice a = graph_kind_name(&s->graph, kind);
	struct slice b = graph_kind_name(&s->graph, counted);

	if (s->counts[0] != kind || s->counts[1] != counted) {
		s->counts[0] = kind;
		s->counts[1] = counted;
		s->counts[2] = (uint32_t)mend_counts(s->map, a.p, a.n, b.p,
		    b.n);
	}
	return s->counts[2] != 0;
}

/* the records that count one that is dropped */
static void
mark_counts(struct selection *s, uint32_t node)
{
	const struct graph *g = &s->graph;
	const struct edge *e;
	struct node *n;
	uint32_t i, k;

	for (i = graph_node(g, node)->edges;
	    i < graph_node(g, node + 1)->edges; i++) {
		e = graph_edge(g, i);
		for (k = e->list == RECORD_OWNER ? e->key : NOTHING;
		    k != NOTHING; k = keys_next(&g->keys, k)) {
			n = graph_node(g, keys_at(&g->keys, k)->node);
			if (n->fate == FATE_DROP ||
			    (n->flags & SELECT_COUNT) != 0 ||
			    !counts(s, n->kind, graph_node(g, node)->kind))
				continue;
			n->fate = FATE_CHANGE;
			n->flags |= SELECT_COUNT;
		}
	}
}

int
leaving_came(const struct selection *s, const char *category, size_t n)
{
	const struct map_kind *k;
	uint32_t kind;
	size_t i;

	for (i = 0; s->came != NULL && i < s->map->nkinds; i++) {
		k = s->map->kinds[i];
		if (!k->task || k->ncategories != 1 ||
		    strlen(k->categories[0].category) != n ||
		    memcmp(k->categories[0].category, category, n) != 0)
			continue;
		kind = graph_kind_number(&s->graph, k->name, strlen(k->name));
		if (kind != NOTHING && s->came[kind])
			return 1;
	}
	return 0;
}

/* remember the kinds of what was chosen, and came along with that */
static void
find_came(struct selection *s)
{
	const struct node *n;
	uint32_t i;

	s->came = xcalloc(graph_kinds(&s->graph) + 1, 1);
	for (i = 0; i < s->graph.n; i++) {
		n = graph_node(&s->graph, i);
		if ((n->flags & SELECT_TAKEN) != 0 && n->fate != FATE_DROP &&
		    (n->why == REACH_CHOSEN || n->why == REACH_NEEDED ||
		    n->why == REACH_LINKED || n->why == REACH_BELONGS ||
		    n->why == REACH_AROUND))
			s->came[n->kind] = 1;
	}
}

int
leaving_settle(struct selection *s)
{
	struct node *n;
	uint32_t i;
	uint64_t dropped = 0;

	find_came(s);
	leave_containers(s);
	for (i = 0; i < s->graph.n; i++) {
		n = graph_node(&s->graph, i);
		if (n->fate == FATE_DROP) {
			dropped++;
			if (n->type == RECORD_COMPONENT)
				mark_counts(s, i);
		} else if ((n->flags & SELECT_STUB) != 0) {
			dropped++;
			s->done->stubs++;
			n->fate = FATE_CHANGE;
		}
	}
	if (dropped > 0 && s->holds != NOTHING &&
	    graph_node(&s->graph, s->holds)->fate == FATE_KEEP)
		graph_node(&s->graph, s->holds)->fate = FATE_CHANGE;
	return 0;
}

static int
is_held(void *ctx, const char *category, size_t n)
{
	return selection_held(ctx, category, n);
}

static int
is_gone(void *ctx, const char *ref, size_t n)
{
	const struct selection *s = ctx;

	return closure_lost(&s->graph, ref, n);
}

static int
all_deps(void *ctx)
{
	const struct selection *s = ctx;

	return s->done->left_out == 0;
}

/* take the containers out of the value that stand in it no more */
static int
trim_holes(struct selection *s, uint32_t node, struct record *r,
    struct buf *from, struct buf *to)
{
	const struct graph *g = &s->graph;
	struct slice at = record_text(r, RECORD_AT), place;
	struct record inner, *now = r;
	struct record_error e;
	const struct place line = selection_place(s, node);
	struct buf own = {0}, turn;
	uint32_t i;
	int rc = 0, changed = 0;

	buf_add(&own, at.p, at.n);
	for (i = node + 1; rc != -1 && i < g->n && graph_node(g, i)->parent !=
	    NOTHING && graph_node(g, i)->parent >= node; i++) {
		if (graph_node(g, i)->type != RECORD_OPEN ||
		    graph_node(g, i)->why != WHY_EMPTY ||
		    graph_node(g, i)->fate != FATE_DROP)
			continue;
		/* the line being changed may stand in the same window */
		if (!changed && now->line.p != from->ptr) {
			from->len = 0;
			buf_add(from, r->line.p, r->line.n);
			if (record_read(now, from->ptr, from->len, &e) == -1)
				break;
		}
		if ((rc = selection_line(s, i, &inner)) == -1)
			break;
		place = record_text(&inner, RECORD_AT);
		rc = trim_hole(s->trimmer, now, &line, place.p + own.len,
		    place.n - own.len, to);
		if (rc != 1)
			continue;
		changed = 1;
		turn = *from;
		*from = *to;
		*to = turn;
		if (record_read(now, from->ptr, from->len, &e) == -1)
			break;
	}
	buf_free(&own);
	return rc == -1 ? -1 : changed;
}

/* how many of a kind belong to a record: in the input, and now */
static void
count(const struct selection *s, uint32_t node, uint32_t kind, uint64_t *was,
    uint64_t *is)
{
	const struct graph *g = &s->graph;
	const struct edge *e;
	uint32_t i, k;

	*was = *is = 0;
	for (k = graph_node(g, node)->keys; k != NOTHING;
	    k = graph_next_key(g, k)) {
		for (i = graph_into(g, k); i != NOTHING; i = e->next) {
			e = graph_edge(g, i);
			if (e->list != RECORD_OWNER ||
			    graph_node(g, e->from)->kind != kind)
				continue;
			++*was;
			*is += graph_node(g, e->from)->fate != FATE_DROP;
		}
	}
}

/* bring the counters of a record up to date */
static int
recount(struct selection *s, uint32_t node, const struct record *r,
    struct buf *line)
{
	struct slice kind = record_text(r, RECORD_KIND), counted;
	const struct place at = selection_place(s, node);
	struct buf name = {0};
	uint64_t was, is;
	uint32_t i;
	int rc = MEND_NONE;

	for (i = 0; rc == MEND_NONE && i < graph_kinds(&s->graph); i++) {
		counted = graph_kind_name(&s->graph, i);
		if (!mend_counts(s->map, kind.p, kind.n, counted.p,
		    counted.n))
			continue;
		count(s, node, i, &was, &is);
		name.len = 0;
		buf_add(&name, counted.p, counted.n);
		rc = mend_count(s->mender, r, buf_str(&name), was, is, &at,
		    line);
	}
	buf_free(&name);
	return rc == -1 ? -1 : rc == MEND_CHANGED;
}

int
leaving_change(struct selection *s, uint32_t node, const struct record *r,
    struct buf *line)
{
	struct request_held held = { is_held, is_gone, all_deps, s->map,
	    s->key, s };
	const struct node *n = graph_node(&s->graph, node);
	const struct map_row *stub = s->left[n->kind].stub;
	struct record now = *r;
	const struct place at = selection_place(s, node);
	struct buf other = {0};
	int rc = 0;

	if ((n->flags & SELECT_STUB) != 0 && stub != NULL)
		return trim_stub(s->trimmer, r, &at, stub->args + 1,
		    stub->nargs - 1, line);
	if (node == s->holds)
		return trim(s->trimmer, r, &at, request_edit, &held, line);
	if ((n->flags & SELECT_HOLE) != 0) {
		/* other lines were read: the record's own is gone */
		rc = trim_holes(s, node, &now, &other, line);
		if (rc != -1 && other.len > 0) {
			line->len = 0;
			buf_add(line, other.ptr, other.len);
			rc = 1;
		}
	} else if ((n->flags & SELECT_COUNT) != 0) {
		rc = recount(s, node, r, line);
	}
	buf_free(&other);
	return rc;
}
