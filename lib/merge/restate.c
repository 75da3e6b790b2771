/* SPDX-License-Identifier: ISC */
/*
 * What a line refers to and counts, restated for the result.
 */
#include "merge/restate.h"

#include <string.h>

#include "base/diag.h"
#include "graph/graph.h"
#include "map/envelope.h"
#include "map/map.h"
#include "match/side.h"
#include "merge/composing.h"
#include "merge/decide.h"
#include "merge/rules.h"
#include "stream/record_edit.h"
#include "value/repair.h"
#include "value/rewrite.h"

/* what a word is called now: rewrite()'s question */
struct asked {
	const struct renames *of;
	int any;
};

static int
ask_word(void *ctx, const char *ref, size_t n, struct slice *word)
{
	const struct asked *a = ctx;

	*word = rename_find(a->of, keyindex_hash_ref(ref, n));
	return word->p != NULL;
}

int
restate_words(struct compose *c, int source, struct record *r)
{
	struct side *s = source ? c->source : c->target;
	struct place at = side_place(s);
	struct asked asked = { .of = &c->of[source] };
	struct rewrite_ask ask = { .word = ask_word, .ctx = &asked,
	    .ids = !source || c->source->unrenamed, .place = &at };
	int got;

	if (c->rewriter == NULL || r->kind != RECORD_COMPONENT)
		return 0;
	if (source && c->source->prefix.len > 0 &&
	    c->target->prefix.len > 0) {
		ask.prefix = (struct slice){ c->source->prefix.ptr,
		    c->source->prefix.len };
		ask.new_prefix = (struct slice){ c->target->prefix.ptr,
		    c->target->prefix.len };
		if (slice_same(ask.prefix, ask.new_prefix))
			ask.prefix = (struct slice){0};
	}
	if (ask.prefix.p == NULL && c->of[source].table.n == 0)
		return 0;
	c->spare.len = 0;
	if ((got = rewrite(c->rewriter, r, &ask, &c->spare)) != 1)
		return got;
	return compose_accept(c, r) == -1 ? -1 : 1;
}

/* whether what a reference led to is gone: repair()'s question */
static int
ask_lost(void *ctx, const char *ref, size_t n)
{
	const struct compose *c = ctx;

	return decide_leads(c->decide, keyindex_hash_ref(ref, n)) == -1;
}

int
restate_lost(struct compose *c, const struct side *s, struct record *r)
{
	struct place at = side_place(s);
	struct repair_ask ask = { .lost = ask_lost, .ctx = c, .place = &at };
	int got;

	if (c->mender == NULL || r->kind != RECORD_COMPONENT)
		return REPAIR_NONE;
	c->spare.len = 0;
	got = repair(c->mender, r, &ask, &c->spare);
	if (got == REPAIR_CHANGED && compose_accept(c, r) == -1)
		return -1;
	return got;
}

/* the last parts of an id that is put together */
static struct slice
last_parts(struct slice id, size_t n)
{
	const char *p = id.p + id.n;

	for (; p > id.p; p--) {
		if (p[-1] == '/' && n-- <= 1)
			break;
	}
	return (struct slice){ p, (size_t)(id.p + id.n - p) };
}

/* append what a renamed record's new id gives to those of what is inside */
static int
put_scope(struct compose *c, uint32_t t, struct buf *b)
{
	const struct map_kind *k = sorts_at(c->target->sorts,
	    side_node(c->target, t)->flags)->kind;
	struct record r;
	struct slice id;

	if (side_line(c->source, side_mate(c->target, t), &r) == -1)
		return -1;
	id = record_text(&r, RECORD_ID);
	if (k->members[RECORD_ID].n == 1) {
		envelope_part(b, id);
		return 0;
	}
	if (k->scoped)
		id = last_parts(id, k->members[RECORD_ID].n - 1);
	buf_add(b, id.p, id.n);
	return 0;
}

int
restate_scope(struct compose *c, uint32_t t, struct record *r)
{
	const struct map_kind *k = sorts_at(c->target->sorts,
	    side_node(c->target, t)->flags)->kind;
	uint32_t up = graph_outer(&c->target->graph, t);
	struct slice own = record_text(r, RECORD_ID);
	struct record_edit change = { .field = RECORD_ID };
	struct buf id = {0};
	int rc;

	if (k == NULL || !k->scoped || own.p == NULL || up == NOTHING ||
	    (side_node(c->target, up)->status & SIDE_RENAMED) == 0)
		return 0;
	buf_addc(&id, '"');
	rc = put_scope(c, up, &id);
	buf_addc(&id, '/');
	own = last_parts(own, k->members[RECORD_ID].n - 1);
	buf_add(&id, own.p, own.n);
	buf_addc(&id, '"');
	change.json = (struct slice){ id.ptr, id.len };
	if (rc == 0 && !slice_same(change.json, r->field[RECORD_ID])) {
		c->spare.len = 0;
		reline(&c->spare, r, &change, 1);
		rc = compose_accept(c, r) == -1 ? -1 : 1;
	}
	buf_free(&id);
	return rc;
}

/* components that belong to a record by a kind's owner edges, in the result */
static uint64_t
count_of(const struct compose *c, int source, uint32_t i, uint32_t kind,
    int result)
{
	const struct side *s = source ? c->source : c->target;
	const struct edge *e;
	struct toward it;
	uint64_t n = 0;

	if (i == NOTHING || kind == NOTHING)
		return 0;
	it = graph_toward(&s->graph, i);
	while ((e = graph_next(&it)) != NULL) {
		if (e->list != RECORD_OWNER ||
		    side_node(s, e->from)->kind != kind)
			continue;
		n += !result || (source ?
		    side_node(s, e->from)->fate == SIDE_TAKEN &&
		    side_mate(s, e->from) == NOTHING :
		    side_node(s, e->from)->fate != SIDE_GONE);
	}
	return n;
}

/* whether the target's line, which is kept, has a member */
static int
old_has(struct compose *c, const char *member)
{
	struct text_error e;
	struct record old;

	return record_read(&old, c->old.ptr, c->old.len, &e) == 0 &&
	    tape_read(&c->graft.old, old.field[RECORD_VALUE].p,
	    old.field[RECORD_VALUE].n, &e) == 0 &&
	    tape_member(&c->graft.old, 0, member) != TAPE_NONE;
}

int
restate_count(struct compose *c, uint32_t t, uint32_t s, int from_source,
    struct record *r)
{
	const struct rule *rule = t != NOTHING ? compose_rule(c->target, t) :
	    compose_rule(c->source, s);
	const struct map_row *row;
	struct place at = side_place(c->target);
	const char *what;
	uint32_t a, b;
	uint64_t was, is;
	int got, other;

	if (!rule->sort.counts ||
	    (row = sorts_row(rule->sort.kind, "count")) == NULL)
		return 0;
	what = row->args[1];
	a = graph_kind_number(&c->target->graph, what, strlen(what));
	b = graph_kind_number(&c->source->graph, what, strlen(what));
	is = count_of(c, 0, t, a, 1) + count_of(c, 1, s, b, 1);
	was = from_source ? count_of(c, 1, s, b, 0) : count_of(c, 0, t, a, 0);
	other = from_source && t != NOTHING && old_has(c, row->args[0]);
	if (is == was && !other)
		return 0;
	c->spare.len = 0;
	got = repair_count(c->mender, r, what, was, is, other, &at, &c->spare);
	if (got == REPAIR_CHANGED && compose_accept(c, r) == -1)
		return -1;
	return got == -1 ? -1 : got == REPAIR_CHANGED;
}
