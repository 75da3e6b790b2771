/* SPDX-License-Identifier: ISC */
/*
 * What the source's version of a component takes over from the target's.
 */
#include "merge/takeover.h"

#include <string.h>

#include "graph/graph.h"
#include "map/map.h"
#include "match/side.h"
#include "merge/composing.h"
#include "merge/decide.h"
#include "merge/rules.h"
#include "stream/record.h"
#include "stream/record_edit.h"
#include "value/locate.h"

int
takeover_own(struct compose *c, const struct rule *rule,
    const struct record *old, struct record *new)
{
	struct record_edit status = { RECORD_STATUS,
	    old->field[RECORD_STATUS] };
	int got;

	if (rule->sort.local) {
		c->value.len = 0;
		if ((got = combine_local(&c->graft, old, new, &c->value)) == -1)
			return -1;
		if (got == 1 && compose_revalue(c, new, &status,
		    rule->sort.task ? 0 : 1) == -1)
			return -1;
	}
	if (!rule->sort.secret)
		return 0;
	c->value.len = 0;
	got = combine_secret(&c->graft, rule->sort.kind,
	    old->field[RECORD_VALUE], new->field[RECORD_VALUE], &c->value);
	return got == 1 ? compose_revalue(c, new, NULL, 0) : got;
}

/*
 * Of what the export says of itself: no word that leads to what is gone, or
 * (nowhere: 1) nowhere, as those of the source's other versions do.
 */
static int
drop_words(struct compose *c, struct record *r, int nowhere)
{
	struct combiner *g = &c->graft;
	struct slice s = r->field[RECORD_VALUE];
	const struct spot *spot;
	struct text_error e;
	size_t i, n;

	if (tape_read(&g->new, s.p, s.n, &e) == -1)
		return -1;
	n = locate_find(c->spots, r, &g->new, SPOT_REF);
	edit_reset(&g->patch);
	for (i = 0; i < n; i++) {
		spot = locate_at(c->spots, i);
		if (spot->token != TAPE_NONE && spot->token != 0 &&
		    decide_leads(c->decide, keyindex_hash_ref(spot->text.p,
		    spot->text.n)) < nowhere)
			edit_drop(&g->patch, &g->new, spot->token);
	}
	if (edit_none(&g->patch))
		return 0;
	c->value.len = 0;
	edit_apply(&g->patch, s.p, s.n, &c->value);
	return compose_revalue(c, r, NULL, 0);
}

int
takeover_parts(struct compose *c, const struct rule *rule,
    const struct record *old, struct record *new)
{
	const struct map_row *row;
	const char *key = NULL;
	int holds = sorts_holds(c->target->sorts, new);

	if (!holds && (rule->action != ACTION_UNION || !rule->sort.unites))
		return 0;
	if (!holds) {
		row = sorts_row(rule->sort.kind, "unite");
		key = row->nargs > 0 ? row->args[0] : NULL;
	} else if (drop_words(c, new, 1) == -1) {
		return -1;
	}
	c->value.len = 0;
	if (combine_unite(&c->graft, old->field[RECORD_VALUE],
	    new->field[RECORD_VALUE], key, !holds, &c->value) == -1 ||
	    compose_revalue(c, new, NULL, 0) == -1)
		return -1;
	if (!holds)
		return 0;
	return drop_words(c, new, 0);
}

int
takeover_any(const struct side *s, uint32_t i)
{
	return i != NOTHING && i + 1 < s->graph.n &&
	    side_node(s, i + 1)->parent == i;
}

/* containers inside a component, with the texts of their pointers */
struct inside {
	struct buf holes;	/* of struct combine_hole, without pointers */
	struct buf pointers;	/* one after the other */
};

/* the container inside a value that a line opens, and what it is */
static int
add_hole(struct inside *in, struct side *s, uint32_t open, size_t skip)
{
	struct combine_hole hole = { .pointer.p = NULL };
	struct record r;
	struct slice at;

	if (side_line(s, open, &r) == -1)
		return -1;
	at = record_text(&r, RECORD_AT);
	if (at.n > skip) {
		hole.pointer.n = at.n - skip;
		buf_add(&in->pointers, at.p + skip, hole.pointer.n);
	}
	hole.container = r.field[RECORD_VALUE].n > 0 &&
	    *r.field[RECORD_VALUE].p == '{' ? "{}" : "[]";
	buf_add(&in->holes, &hole, sizeof(hole));
	return 0;
}

/* those right inside a record of a side that are in the result */
static int
find_holes(struct inside *in, struct side *s, uint32_t from)
{
	struct combine_hole *hole;
	struct record r;
	uint32_t i, end = side_end(s, from);
	size_t skip = 0, at = 0, n;

	for (i = from + 1; i < end; i = side_end(s, i)) {
		if (side_node(s, i)->type != RECORD_OPEN ||
		    side_node(s, i)->fate == SIDE_GONE)
			continue;
		if (in->holes.len == 0) {
			if (side_line(s, from, &r) == -1)
				return -1;
			skip = record_text(&r, RECORD_AT).n;
		}
		if (add_hole(in, s, i, skip) == -1)
			return -1;
	}
	/* now that the texts do not move any more */
	hole = (struct combine_hole *)(void *)in->holes.ptr;
	for (n = in->holes.len / sizeof(*hole); n > 0; n--, hole++) {
		hole->pointer.p = in->pointers.ptr + at;
		at += hole->pointer.n;
	}
	return 0;
}

int
takeover_inside(struct compose *c, struct side *s, uint32_t from,
    struct slice model, struct record *r)
{
	struct inside in = {0};
	int got;

	got = find_holes(&in, s, from);
	/* again while one opens what another one stands in */
	for (got = got == 0 && in.holes.len > 0 ? 1 : got; got == 1; ) {
		c->value.len = 0;
		got = combine_open(&c->graft, r->field[RECORD_VALUE], model,
		    (const struct combine_hole *)(void *)in.holes.ptr,
		    in.holes.len / sizeof(struct combine_hole), &c->value);
		if (got == 1)
			got = compose_revalue(c, r, NULL, 0);
	}
	buf_free(&in.holes);
	buf_free(&in.pointers);
	return got == -1 ? -1 : 0;
}
