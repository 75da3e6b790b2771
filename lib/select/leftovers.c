/* SPDX-License-Identifier: ISC */
/*
 * What the platform leaves of what was not exported.
 */
#include "select/leftovers.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "map/map.h"
#include "select/counting.h"
#include "select/criteria.h"
#include "select/export_options.h"
#include "select/holes.h"
#include "select/selection.h"
#include "stream/record.h"
#include "value/prune.h"

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

	if ((stub = selection_row(k, "left", "stub")) != NULL)
		s->left[kind].stub = stub;
	if ((stays = selection_row(k, "stays", NULL)) == NULL ||
	    (k->ncategories > 0 && is_chosen(s, k->categories[0].category)))
		return;
	for (i = 0; i < stays->nargs; i++) {
		if (is_chosen(s, stays->args[i]))
			s->stub[kind] = stub != NULL ? REACH_STUB :
			    REACH_WHOLE;
	}
}

void
leftovers_kinds(struct selection *s)
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
leftovers_stays(const struct selection *s, uint32_t node)
{
	const struct node *n = graph_node(&s->graph, node);

	return s->stub[n->kind] != REACH_NONE &&
	    (n->flags & (SELECT_NAMED | SELECT_EXCLUDED)) == SELECT_NAMED;
}

int
leftovers_came(const struct selection *s, const char *category, size_t n)
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
leftovers_settle(struct selection *s)
{
	struct node *n;
	uint32_t i;
	uint64_t dropped = 0;

	find_came(s);
	holes_settle(s);
	for (i = 0; i < s->graph.n; i++) {
		n = graph_node(&s->graph, i);
		if (n->fate == FATE_DROP) {
			dropped++;
			if (n->type == RECORD_COMPONENT)
				counting_mark(s, i);
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

int
leftovers_change(struct selection *s, uint32_t node, const struct record *r,
    struct buf *line)
{
	struct export_options_ask held = { is_held, is_gone, all_deps, s->map,
	    s->key, s };
	const struct node *n = graph_node(&s->graph, node);
	const struct map_row *stub = s->left[n->kind].stub;
	const struct place at = selection_place(s, node);

	if ((n->flags & SELECT_STUB) != 0 && stub != NULL)
		return prune_stub(s->trimmer, r, &at, stub->args + 1,
		    stub->nargs - 1, line);
	if (node == s->holds)
		return prune(s->trimmer, r, &at, export_options_edit, &held,
		    line);
	if ((n->flags & SELECT_HOLE) != 0)
		return holes_trim(s, node, r, line);
	if ((n->flags & SELECT_COUNT) != 0)
		return counting_change(s, node, r, line);
	return 0;
}
