/* SPDX-License-Identifier: ISC */
/*
 * What the source's version of a component takes over from the target's.
 */
#include "takeover.h"

#include <string.h>

#include "composing.h"
#include "deciding.h"
#include "graph.h"
#include "map.h"
#include "reline.h"
#include "rules.h"
#include "side.h"
#include "spots.h"

int
takeover_own(struct compose *c, const struct rule *rule,
    const struct record *old, struct record *new)
{
	struct reline status = { RECORD_STATUS, old->field[RECORD_STATUS] };
	int got;

	if (rule->local) {
		c->value.len = 0;
		if ((got = graft_local(&c->graft, old, new, &c->value)) == -1)
			return -1;
		if (got == 1 && compose_revalue(c, new, &status,
		    rule->task ? 0 : 1) == -1)
			return -1;
	}
	if (!rule->secret)
		return 0;
	c->value.len = 0;
	got = graft_secret(&c->graft, rule->kind, old->field[RECORD_VALUE],
	    new->field[RECORD_VALUE], &c->value);
	return got == 1 ? compose_revalue(c, new, NULL, 0) : got;
}

/*
 * Of what the export says of itself: no word that leads to what is gone, or
 * (nowhere: 1) nowhere, as those of the source's other versions do.
 */
static int
drop_words(struct compose *c, struct record *r, int nowhere)
{
	struct graft *g = &c->graft;
	struct slice s = r->field[RECORD_VALUE];
	const struct spot *spot;
	struct record_error e;
	size_t i, n;

	if (tape_read(&g->new, s.p, s.n, &e) == -1)
		return -1;
	n = spots_find(c->spots, r, &g->new, SPOT_REF);
	patch_reset(&g->patch);
	for (i = 0; i < n; i++) {
		spot = spots_at(c->spots, i);
		if (spot->token != TAPE_NONE && spot->token != 0 &&
		    decide_leads(c->decide, keys_hash_ref(spot->text.p,
		    spot->text.n)) < nowhere)
			patch_drop(&g->patch, &g->new, spot->token);
	}
	if (patch_none(&g->patch))
		return 0;
	c->value.len = 0;
	patch_apply(&g->patch, s.p, s.n, &c->value);
	return compose_revalue(c, r, NULL, 0);
}

int
takeover_parts(struct compose *c, const struct rule *rule,
    const struct record *old, struct record *new)
{
	const struct map_row *row;
	const char *key = NULL;
	int holds = rules_holds(c->target->rules, new);

	if (!holds && (rule->action != ACTION_UNION || !rule->unites))
		return 0;
	if (!holds) {
		row = rules_row(rule->kind, "unite");
		key = row->nargs > 0 ? row->args[0] : NULL;
	} else if (drop_words(c, new, 1) == -1) {
		return -1;
	}
	c->value.len = 0;
	if (graft_unite(&c->graft, old->field[RECORD_VALUE],
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

/* the container inside a value that a line opens, and what it is */
static int
inner(struct side *s, uint32_t open, uint32_t component, struct buf *pointer,
    const char **container)
{
	struct record r;
	struct slice at;
	size_t skip;

	if (side_line(s, component, &r) == -1)
		return -1;
	skip = record_text(&r, RECORD_AT).n;
	if (side_line(s, open, &r) == -1)
		return -1;
	at = record_text(&r, RECORD_AT);
	pointer->len = 0;
	if (at.n > skip)
		buf_add(pointer, at.p + skip, at.n - skip);
	*container = r.field[RECORD_VALUE].n > 0 &&
	    *r.field[RECORD_VALUE].p == '{' ? "{}" : "[]";
	return 0;
}

int
takeover_inside(struct compose *c, struct side *s, uint32_t from,
    struct slice model, struct record *r)
{
	struct buf pointer = {0};
	const char *container;
	uint32_t i, end = side_end(s, from);
	int got = 0;

	for (i = from + 1; i < end && got != -1; i = side_end(s, i)) {
		if (side_node(s, i)->type != RECORD_OPEN ||
		    side_node(s, i)->fate == SIDE_GONE)
			continue;
		if ((got = inner(s, i, from, &pointer, &container)) == -1)
			break;
		c->value.len = 0;
		got = graft_open(&c->graft, r->field[RECORD_VALUE], model,
		    (struct slice){ pointer.ptr, pointer.len }, container,
		    &c->value);
		if (got == 1)
			got = compose_revalue(c, r, NULL, 0);
	}
	buf_free(&pointer);
	return got == -1 ? -1 : 0;
}
