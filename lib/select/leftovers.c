/* SPDX-License-Identifier: ISC */
/*
 * What the platform leaves of what was not exported.
 */
#include "select/select_priv.h"

#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "map/file_match.h"
#include "map/map.h"
#include "select/criteria.h"
#include "stream/record.h"
#include "value/prune.h"
#include "value/repair.h"

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
add_kind(struct selection *s, const struct map_kind *k, uint32_t kind)
{
	const struct map_row *stub, *stays;
	size_t i;

	if ((stub = map_kind_row_of(k, "left", "stub")) != NULL)
		s->left[kind] = stub;
	if ((stays = map_kind_row(k, "stays")) == NULL ||
	    (k->ncategories > 0 && is_chosen(s, k->categories[0].category)))
		return;
	for (i = 0; i < stays->nargs; i++) {
		if (is_chosen(s, stays->args[i]))
			s->reach.stub[kind] = stub != NULL ? REACH_LEAVES_STUB :
			    REACH_LEAVES_WHOLE;
	}
}

void
leftovers_kinds(struct selection *s)
{
	const struct map_kind *k;
	uint32_t kind;
	size_t i;

	s->left = xcalloc(graph_kinds(&s->graph) + 1, sizeof(*s->left));
	s->reach.stub = xcalloc(graph_kinds(&s->graph) + 1, 1);
	for (i = 0; i < s->map->nkinds; i++) {
		k = s->map->kinds[i];
		kind = graph_kind_number(&s->graph, k->name, strlen(k->name));
		if (kind != NOTHING)
			add_kind(s, k, kind);
	}
}

int
leftovers_stays(const struct selection *s, uint32_t node)
{
	const struct node *n = graph_node(&s->graph, node);

	return s->reach.stub[n->kind] != REACH_LEAVES_NONE &&
	    (n->flags & (SELECT_NAMED | REACH_EXCLUDED)) == SELECT_NAMED;
}

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
	const struct map_row *left = map_kind_row_of(k, "left", "absent");

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
leftovers_begin(struct selection *s)
{
	const struct map_kind *k;
	const struct map_row *r;
	struct absence a = { .held = 0 };
	size_t i;

	for (i = 0; i < s->map->nkinds; i++) {
		k = s->map->kinds[i];
		if ((a.category = absent_without(k)) == NULL)
			continue;
		for (r = NULL; (r = map_kind_next_row(k, "in", r)) != NULL; ) {
			a.in = r;
			if (r->args[1][0] == '/')
				buf_add(&s->absences, &a, sizeof(a));
		}
	}
}

/* whether a file is of the group that an "in" row is about */
static int
is_of_group(const struct selection *s, struct slice path, const char *group)
{
	const struct map_file *file = map_file_of(s->map, path);

	return file != NULL && strcmp(file->group->name, group) == 0;
}

void
leftovers_container(struct selection *s, uint32_t node, const struct record *r)
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

	for (i = node + 1; graph_inside(g, i, node); i++) {
		if (graph_node(g, i)->fate != FATE_DROP)
			return 1;
	}
	return 0;
}

/*
 * Drop the containers that are empty and that the platform would not have, and
 * mark the components that they stood in.
 */
static void
drop_empty(struct selection *s)
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
		outer->flags |= SELECT_EMPTIED;
		if (outer->fate == FATE_KEEP)
			outer->fate = FATE_CHANGE;
	}
}

/* where in a component the containers dropped stood, one after the other */
static int
find_places(struct selection *s, uint32_t node, struct slice own,
    struct buf *texts, struct buf *places)
{
	const struct graph *g = &s->graph;
	struct slice place, *p;
	struct record inner;
	size_t at = 0, n;
	uint32_t i;

	for (i = node + 1; graph_inside(g, i, node); i++) {
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
	p = buf_at(places, 0);
	for (n = places->len / sizeof(*p); n > 0; n--, at += p++->n)
		p->p = texts->ptr + at;
	return 0;
}

/* prune the containers that were dropped from the value of a component */
static int
prune_empty(struct selection *s, uint32_t node, const struct record *r,
    struct buf *line)
{
	const struct place at = graph_place(s->in, node);
	struct buf own = {0}, texts = {0}, places = {0};
	struct text_error e;
	struct record copy;
	int rc = -1;

	/* what the record stands in may be read into by other lines */
	buf_add(&own, r->line.p, r->line.n);
	if (record_read(&copy, own.ptr, own.len, &e) == 0 &&
	    find_places(s, node, record_text(&copy, RECORD_AT), &texts,
	    &places) == 0)
		rc = prune_containers(s->reviser, &copy, &at,
		    (const struct slice *)(void *)places.ptr,
		    places.len / sizeof(struct slice), line);
	buf_free(&own);
	buf_free(&texts);
	buf_free(&places);
	return rc;
}

/* remember which kinds count which */
static void
find_counted(struct selection *s)
{
	uint32_t i, n = graph_kinds(&s->graph);
	const char *name;
	struct slice kind;

	s->counts = xcalloc(n + 1, sizeof(*s->counts));
	s->counted = xcalloc(n + 1, 1);
	for (i = 0; i < n; i++) {
		kind = graph_kind_name(&s->graph, i);
		name = repair_counted(s->map, kind.p, kind.n);
		s->counts[i] = name == NULL ? NOTHING : graph_kind_number(
		    &s->graph, name, strlen(name));
		if (s->counts[i] != NOTHING)
			s->counted[s->counts[i]] = 1;
	}
}

/* mark the records that count one that is dropped */
static void
mark_counters(struct selection *s, uint32_t node)
{
	const struct graph *g = &s->graph;
	const struct edge *e = NULL;
	struct node *n;
	struct run *r;
	uint32_t k, kind = graph_node(g, node)->kind;

	if (!s->counted[kind])
		return;
	while ((e = graph_owner(g, node, e)) != NULL) {
		r = graph_run(g, e->key);
		if (r != NULL && r->mark[SELECT_RUN_COUNTS] == kind + 1)
			continue;
		if (r != NULL)
			r->mark[SELECT_RUN_COUNTS] = kind + 1;
		for (k = e->key; k != NOTHING; k = keyindex_next(&g->keys, k)) {
			n = graph_node(g, keyindex_at(&g->keys, k)->node);
			if (n->fate == FATE_DROP ||
			    (n->flags & SELECT_COUNT) != 0 ||
			    s->counts[n->kind] != kind)
				continue;
			n->fate = FATE_CHANGE;
			n->flags |= SELECT_COUNT;
		}
	}
}

/* how many of a kind belong to a record: in the input, and now */
static void
count(const struct selection *s, uint32_t node, uint32_t kind, uint64_t *was,
    uint64_t *is)
{
	const struct graph *g = &s->graph;
	struct toward it = graph_toward(g, node);
	uint32_t i;

	*was = *is = 0;
	while ((i = graph_next_owned(&it)) != NOTHING) {
		if (graph_node(g, i)->kind != kind)
			continue;
		++*was;
		*is += graph_node(g, i)->fate != FATE_DROP;
	}
}

/* bring the counters of a record up to date */
static int
change_counter(struct selection *s, uint32_t node, const struct record *r,
    struct buf *line)
{
	struct slice kind = record_text(r, RECORD_KIND);
	const char *counted = repair_counted(s->map, kind.p, kind.n);
	const struct place at = graph_place(s->in, node);
	uint32_t number = s->counts[graph_node(&s->graph, node)->kind];
	uint64_t was, is;
	int rc;

	if (number == NOTHING)
		return 0;
	count(s, node, number, &was, &is);
	rc = repair_count(s->reviser, r, counted, was, is, 0, &at, line);
	return rc == -1 ? -1 : rc == REPAIRED_CHANGED;
}

/* whether a record comes without what belongs to it */
static int
is_bare(const struct graph *g, uint32_t node)
{
	const struct node *n = graph_node(g, node);

	return (n->flags & REACH_BARE) != 0 && n->fate != FATE_DROP;
}

/* remember the kinds of what was chosen, and came along; and if some is bare */
static void
find_came(struct selection *s)
{
	const struct node *n;
	uint32_t i;

	s->came = xcalloc(graph_kinds(&s->graph) + 1, 1);
	for (i = 0; i < s->graph.n; i++) {
		n = graph_node(&s->graph, i);
		s->bare |= s->positive && is_bare(&s->graph, i);
		if ((n->flags & REACH_TAKEN) != 0 && n->fate != FATE_DROP &&
		    (n->why == REACH_CHOSEN || n->why == REACH_NEEDED ||
		    n->why == REACH_LINKED || n->why == REACH_BELONGS ||
		    n->why == REACH_AROUND))
			s->came[n->kind] = 1;
	}
}

/* whether what is dropped belongs to one that comes bare */
static int
is_parted(const struct selection *s, uint32_t node)
{
	const struct graph *g = &s->graph;
	const struct edge *e = NULL;

	graph_fetch(g, graph_edges(g, node));
	while ((e = graph_owner(g, node, e)) != NULL) {
		if (graph_any(g, e->key, SELECT_RUN_BARE, is_bare))
			return 1;
	}
	return 0;
}

/* a merge would take what comes bare for all that there is */
static void
warn_parted(const struct selection *s, uint64_t parted)
{
	if (parted > 0)
		diag_warn_of(s->diag, "parted", &s->input, "%" PRIu64
		    " component%s left out of what the selected ones belong "
		    "to: a merge removes %s from the target, too (--assume "
		    "TARGET leaves out what that has, --deps brings more)",
		    parted, parted == 1 ? " is" : "s are", parted == 1 ? "it" :
		    "them");
}

void
leftovers_mark(struct selection *s)
{
	struct node *n;
	uint32_t i;
	uint64_t dropped = 0, parted = 0;

	find_came(s);
	find_counted(s);
	drop_empty(s);
	for (i = 0; i < s->graph.n; i++) {
		n = graph_node(&s->graph, i);
		if (n->fate == FATE_DROP) {
			dropped++;
			if (n->type != RECORD_COMPONENT)
				continue;
			mark_counters(s, i);
			parted += s->bare && is_parted(s, i);
		} else if ((n->flags & REACH_STUB) != 0) {
			dropped++;
			s->done->stubs++;
			n->fate = FATE_CHANGE;
		}
	}
	warn_parted(s, parted);
	if (dropped > 0 && s->holds != NOTHING &&
	    graph_node(&s->graph, s->holds)->fate == FATE_KEEP)
		graph_node(&s->graph, s->holds)->fate = FATE_CHANGE;
}

int
leftovers_change(struct selection *s, uint32_t node, const struct record *r,
    struct buf *line)
{
	const struct node *n = graph_node(&s->graph, node);
	const struct map_row *stub = s->left[n->kind];
	const struct place at = graph_place(s->in, node);

	if ((n->flags & REACH_STUB) != 0 && stub != NULL)
		return prune_stub(s->reviser, r, &at, stub->args + 1,
		    stub->nargs - 1, line);
	if (node == s->holds)
		return prune(s->reviser, r, &at, export_options_edit, s,
		    line);
	if ((n->flags & SELECT_EMPTIED) != 0)
		return prune_empty(s, node, r, line);
	if ((n->flags & SELECT_COUNT) != 0)
		return change_counter(s, node, r, line);
	return 0;
}
