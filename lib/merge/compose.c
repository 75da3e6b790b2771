/* SPDX-License-Identifier: ISC */
/*
 * The lines that a merge writes.
 *
 * A step takes a record and, if it changes it, leaves a new line in c->line,
 * of which the record is then.
 */
#include "merge/compose.h"

#include <string.h>

#include "base/diag.h"
#include "base/hashset.h"
#include "graph/graph.h"
#include "map/envelope.h"
#include "map/map.h"
#include "match/side.h"
#include "merge/cascade.h"
#include "merge/fate.h"
#include "merge/policy.h"
#include "stream/record.h"
#include "stream/record_edit.h"
#include "value/derive.h"
#include "value/fingerprint.h"
#include "value/locate.h"
#include "value/repair.h"
#include "value/revise.h"
#include "value/rewrite.h"

/* buffers of more bytes are not kept for the next record */
#define LARGE ((size_t)1 << 20)

/* what looks into values; it grows with the largest */
static void
open_tools(struct compose *c)
{
	c->spots = c->graft.spots = locate_open(c->map);
	c->rewriter = revise_open(c->diag, c->map);
	c->repairer = revise_open(c->diag, c->map);
	c->canon = fingerprint_open(c->diag, c->map);
}

static void
close_tools(struct compose *c)
{
	locate_close(c->spots);
	revise_close(c->rewriter);
	revise_close(c->repairer);
	fingerprint_close(c->canon);
}

/* after a step with a large value: the next shall not come on top of it */
static void
renew(struct compose *c, const struct record *r)
{
	if (c->map == NULL || r->field[RECORD_VALUE].n < LARGE)
		return;
	close_tools(c);
	combine_free(&c->graft);
	open_tools(c);
}

void
compose_open(struct compose *c, struct diag *d, struct fates *fates,
    const struct file_moves *moves)
{
	*c = (struct compose){ .diag = d, .fates = fates, .moves = moves,
	    .of = fates->of, .target = fates->target,
	    .source = fates->source, .into = NOTHING,
	    .map = fates->target->sorts->map };
	if (c->map != NULL)
		open_tools(c);
}

void
compose_close(struct compose *c)
{
	if (c->map != NULL)
		close_tools(c);
	combine_free(&c->graft);
	buf_free(&c->path);
	buf_free(&c->into_file);
	buf_free(&c->old);
	buf_free(&c->line);
	buf_free(&c->spare);
	buf_free(&c->value);
	buf_free(&c->text);
}

/* the line in c->spare is the record's from now on; 0, or -1 after a message */
static int
accept_line(struct compose *c, struct record *r)
{
	struct buf line = c->line;
	struct text_error e;

	c->line = c->spare;
	c->spare = line;
	c->graft.new.text = NULL;
	if (record_read(r, c->line.ptr, c->line.len, &e) == -1)
		return diag_fail(c->diag, STATUS_INPUT, NULL, "a record "
		    "cannot be put together: %s", e.what);
	return 0;
}

/* the same line with n other members; 0 or -1 */
static int
change_line(struct compose *c, struct record *r,
    const struct record_edit *changes, size_t n)
{
	struct tape *tape = &c->graft.new;
	int read = tape->text == r->field[RECORD_VALUE].p;
	size_t i;

	for (i = 0; i < n; i++)
		read &= changes[i].field != RECORD_VALUE;
	c->spare.len = 0;
	record_edit(&c->spare, r, changes, n);
	if (accept_line(c, r) == -1)
		return -1;
	if (read)
		tape->text = r->field[RECORD_VALUE].p;
	return 0;
}

/* the tape with a record's value, read if it is not there; NULL: no JSON */
static const struct tape *
tape_of(struct tape *tape, const struct record *r)
{
	struct slice v = r->field[RECORD_VALUE];
	struct text_error e;

	if (v.p == NULL || (tape->text != v.p &&
	    tape_read(tape, v.p, v.n, &e) == -1))
		return NULL;
	return tape;
}

/* the tapes hold nothing that was read of other lines */
static void
forget_tapes(struct compose *c)
{
	c->graft.old.text = c->graft.new.text = NULL;
}

/* the same with the value in c->value */
static int
change_value(struct compose *c, struct record *r)
{
	const struct record_edit change = { RECORD_VALUE, { c->value.ptr,
	    c->value.len } };

	return change_line(c, r, &change, 1);
}

/* after the last step: the envelope says what the value says; 0 or -1 */
static int
derive_line(struct compose *c, struct record *r)
{
	struct record_edit changes[DERIVED];
	const struct tape *tape;
	size_t n;

	if (c->map == NULL || r->kind != RECORD_COMPONENT ||
	    r->field[RECORD_ENCODING].p != NULL)
		return 0;
	if ((tape = tape_of(&c->graft.new, r)) == NULL)
		return -1;
	n = derive(c->spots, r, tape, RECORD_ID, changes, &c->text);
	return n == 0 ? 0 : change_line(c, r, changes, n);
}

/* before a record: give back what a large one has taken */
static void
shrink(struct compose *c)
{
	struct buf *const bufs[] = { &c->old, &c->line, &c->spare, &c->value,
	    &c->text };
	size_t i;

	if (c->old.cap + c->line.cap + c->value.cap < LARGE)
		return;
	for (i = 0; i < sizeof(bufs) / sizeof(bufs[0]); i++)
		buf_free(bufs[i]);
	combine_free(&c->graft);
}

/* ---- what a line refers to and counts, restated for the result */

/* the words of a side's line as the result has them: 1, 0 (the same) or -1 */
static int
restate_words(struct compose *c, int source, struct record *r)
{
	const struct side *s = source ? c->source : c->target;
	const struct place at = side_place(s, NOTHING);
	int got;

	if (c->rewriter == NULL || r->kind != RECORD_COMPONENT)
		return 0;
	got = rename_line(&c->of[source], c->rewriter, s, c->target,
	    !source || c->source->unrenamed, r, &at, &c->spare);
	return got != 1 ? got : accept_line(c, r) == -1 ? -1 : 1;
}

/* what a word of a line, as the result has it, leads to: fate_leads() */
static int
leads(const struct compose *c, const char *ref, size_t n)
{
	uint64_t hash = keyindex_hash_ref(ref, n);
	int source = rename_undo(&c->of[1], &hash);

	return fate_leads(c->fates, source, hash);
}

/* whether what a reference refers to is gone: repair()'s question */
static int
ask_lost(void *ctx, const char *ref, size_t n)
{
	return leads(ctx, ref, n) == -1;
}

/* the line without what it lost, if it did: same, repaired, drop; or -1 */
static int
restate_lost(struct compose *c, const struct side *s, uint32_t node,
    struct record *r)
{
	const struct place at = side_place(s, NOTHING);
	const struct repair_ask ask = { .lost = ask_lost, .ctx = c,
	    .place = &at };
	int got;

	if ((side_node(s, node)->status & SIDE_REPAIR) == 0 ||
	    c->repairer == NULL || r->kind != RECORD_COMPONENT)
		return COMPOSE_SAME;
	c->spare.len = 0;
	got = repair(c->repairer, r, &ask, &c->spare);
	if (got == -1 || (got == REPAIRED_CHANGED && accept_line(c, r) == -1))
		return -1;
	c->repaired = got == REPAIRED_CHANGED;
	return got == REPAIRED_DROP ? COMPOSE_DROP : c->repaired ?
	    COMPOSE_REPAIRED : COMPOSE_SAME;
}

/*
 * The component of the target whose id is in that of this one, if it has
 * another in the result, or none, or had none; else NOTHING
 */
static uint32_t
changed_scope(const struct compose *c, uint32_t t)
{
	const struct map_kind *k = side_sort(c->target, t)->kind;
	const struct node *n;
	uint32_t up, s;

	if (k == NULL || !k->scoped ||
	    (up = graph_outer(&c->target->graph, t)) == NOTHING)
		return NOTHING;
	n = side_node(c->target, up);
	if ((n->status & SIDE_RENAMED) != 0)
		return up;
	s = side_mate(c->target, up);
	return s != NOTHING && n->fate == SIDE_TAKEN && ((n->status ^
	    side_node(c->source, s)->status) & SIDE_KEYED) != 0 ? up : NOTHING;
}

/* the same of a record that only the source has, in what keeps its id */
static uint32_t
kept_scope(const struct compose *c, uint32_t s)
{
	const struct map_kind *k = side_sort(c->source, s)->kind;
	uint32_t up, t;

	if (k == NULL || !k->scoped ||
	    (up = graph_outer(&c->source->graph, s)) == NOTHING)
		return NOTHING;
	t = side_mate(c->source, up);
	return t != NOTHING && (side_node(c->target, t)->status &
	    SIDE_UNRENAMED) != 0 ? t : NOTHING;
}

/* append what an id of a record of a side gives to those of what is inside */
static int
put_scope(struct side *s, uint32_t i, struct buf *b)
{
	const struct map_kind *k = side_sort(s, i)->kind;
	struct record r;
	struct slice id;

	if (side_line(s, i, &r) == -1)
		return -1;
	id = record_text(&r, RECORD_ID);
	if (k->members[RECORD_ID].n == 1) {
		envelope_part(b, id);
		return 0;
	}
	if (k->scoped)
		id = envelope_last(id, k->members[RECORD_ID].n - 1);
	buf_add(b, id.p, id.n);
	return 0;
}

/*
 * The id of a line of the target, which stays, or of one that only the source
 * has, in a component that has another: 1, 0 (the same) or -1
 */
static int
restate_scope(struct compose *c, int source, uint32_t i, struct record *r)
{
	struct side *s = source ? c->source : c->target;
	const struct map_kind *k = side_sort(s, i)->kind;
	uint32_t up = source ? kept_scope(c, i) : changed_scope(c, i);
	struct slice own = record_text(r, RECORD_ID);
	struct record_edit change = { .field = RECORD_ID };
	struct buf id = {0};
	int rc;

	if (own.p == NULL || up == NOTHING)
		return 0;
	buf_addc(&id, '"');
	rc = source ? put_scope(c->target, up, &id) :
	    put_scope(c->source, side_mate(c->target, up), &id);
	if (id.len > 1)
		buf_addc(&id, '/');
	own = envelope_last(own, k->members[RECORD_ID].n - 1);
	buf_add(&id, own.p, own.n);
	buf_addc(&id, '"');
	change.json = (struct slice){ id.ptr, id.len };
	if (rc == 0 && !slice_same(change.json, r->field[RECORD_ID]))
		rc = change_line(c, r, &change, 1) == -1 ? -1 : 1;
	buf_free(&id);
	return rc;
}

/* components that belong to a record by a kind's owner edges, in the result */
static uint64_t
count_of(const struct compose *c, int source, uint32_t i, uint32_t kind,
    int result)
{
	const struct side *s = source ? c->source : c->target;
	struct toward it;
	uint64_t n = 0;

	if (i == NOTHING || kind == NOTHING)
		return 0;
	it = graph_toward(&s->graph, i);
	while ((i = graph_next_owned(&it)) != NOTHING) {
		if (side_node(s, i)->kind == kind)
			n += !result || (source ?
			    side_node(s, i)->fate == SIDE_TAKEN &&
			    side_mate(s, i) == NOTHING :
			    side_node(s, i)->fate != SIDE_GONE);
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

/*
 * The number of what belongs to it, if that is another in the result: of a
 * pair, or of one alone (NOTHING), as the line is from the target or the
 * source.  1, 0 (the same) or -1
 */
static int
restate_count(struct compose *c, uint32_t t, uint32_t s, int from_source,
    struct record *r)
{
	const struct rule *rule = t != NOTHING ? policy_rule(c->target, t) :
	    policy_rule(c->source, s);
	const struct map_row *row;
	struct place at = side_place(c->target, NOTHING);
	const char *what;
	uint32_t a, b;
	uint64_t was, is;
	int got, other;

	if (!rule->sort.counts ||
	    (row = map_kind_row(rule->sort.kind, "count")) == NULL)
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
	got = repair_count(c->repairer, r, what, was, is, other, &at,
	    &c->spare);
	if (got == REPAIRED_CHANGED && accept_line(c, r) == -1)
		return -1;
	return got == -1 ? -1 : got == REPAIRED_CHANGED;
}

/* ---- what the source's version takes over from the target's */

/* the members that belong to each copy, and the secrets; 0 or -1 */
static int
keep_own(struct compose *c, const struct rule *rule,
    const struct record *old, struct record *new)
{
	struct record_edit changes[2] = { { RECORD_STATUS,
	    old->field[RECORD_STATUS] } };
	int got;

	if (rule->sort.local) {
		c->value.len = 0;
		if ((got = combine_local(&c->graft, old, new, &c->value)) == -1)
			return -1;
		changes[1] = (struct record_edit){ RECORD_VALUE,
		    { c->value.ptr, c->value.len } };
		if (got == 1 && (rule->sort.task ? change_value(c, new) :
		    change_line(c, new, changes, 2)) == -1)
			return -1;
	}
	if (!rule->sort.secret)
		return 0;
	c->value.len = 0;
	got = combine_secret(&c->graft, rule->sort.kind,
	    old->field[RECORD_VALUE], new->field[RECORD_VALUE], &c->value);
	return got == 1 ? change_value(c, new) : got;
}

/*
 * Of what the export says of itself: no word that refers to what is gone, or
 * (nowhere: 1) to nothing, as those of the source's other versions do.
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
		    leads(c, spot->text.p, spot->text.n) < nowhere)
			edit_drop(&g->patch, &g->new, spot->token);
	}
	if (edit_none(&g->patch))
		return 0;
	c->value.len = 0;
	edit_apply(&g->patch, s.p, s.n, &c->value);
	return change_value(c, r);
}

/* all of both, where the map's "unite" or "holds" wants it; 0 or -1 */
static int
unite_parts(struct compose *c, const struct rule *rule,
    const struct record *old, struct record *new)
{
	const struct map_row *row;
	const char *key = NULL;
	int holds = sorts_holds(c->target->sorts, new);

	if (!holds && (policy_traits(rule)->pair != PAIR_UNITED ||
	    !rule->sort.unites))
		return 0;
	if (!holds) {
		row = map_kind_row(rule->sort.kind, "unite");
		key = row->nargs > 0 ? row->args[0] : NULL;
	} else if (drop_words(c, new, 1) == -1) {
		return -1;
	}
	c->value.len = 0;
	if (combine_unite(&c->graft, old->field[RECORD_VALUE],
	    new->field[RECORD_VALUE], key, !holds, &c->value) == -1 ||
	    change_value(c, new) == -1)
		return -1;
	if (!holds)
		return 0;
	return drop_words(c, new, 0);
}

/* whether anything stands inside a component (NOTHING: none) */
static int
has_inside(const struct side *s, uint32_t i)
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
add_container(struct inside *in, struct side *s, uint32_t open, size_t skip)
{
	struct combine_hole hole = { .pointer.p = NULL,
	    .yields = s->is_source && !cascade_holds(s, open) };
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
find_containers(struct inside *in, struct side *s, uint32_t from)
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
		if (add_container(in, s, i, skip) == -1)
			return -1;
	}
	/* now that the texts do not move any more */
	hole = buf_at(&in->holes, 0);
	for (n = in->holes.len / sizeof(*hole); n > 0; n--, hole++) {
		hole->pointer.p = in->pointers.ptr + at;
		at += hole->pointer.n;
	}
	return 0;
}

/*
 * The containers that stand in the version from of a side, whose value is the
 * model, are open in this one, too; 0 or -1
 */
static int
keep_inside(struct compose *c, struct side *s, uint32_t from,
    struct slice model, struct record *r)
{
	struct inside in = {0};
	int got;

	got = find_containers(&in, s, from);
	/* again while one opens what another one stands in */
	for (got = got == 0 && in.holes.len > 0 ? 1 : got; got == 1; ) {
		c->value.len = 0;
		got = combine_open(&c->graft, r->field[RECORD_VALUE], model,
		    (const struct combine_hole *)(void *)in.holes.ptr,
		    in.holes.len / sizeof(struct combine_hole), &c->value);
		if (got == 1)
			got = change_value(c, r);
	}
	buf_free(&in.holes);
	buf_free(&in.pointers);
	return got == -1 ? -1 : 0;
}

/* ---- lines put together */

/*
 * Whether two lines say the same, but for what belongs to each copy.  What has
 * a name may be empty: names are to be the same, too.
 */
static int
equal(struct compose *c, const struct record *a, const struct record *b)
{
	struct hash_sum x = {0}, y = {0};
	struct fingerprint_ask ask = { .flags =
	    FINGERPRINT_IGNORED | FINGERPRINT_ALIAS };

	if (slice_same(a->field[RECORD_VALUE], b->field[RECORD_VALUE]))
		return 1;
	if (c->canon == NULL || a->kind != RECORD_COMPONENT ||
	    a->field[RECORD_ENCODING].p != NULL ||
	    !graph_same_items(a->field[RECORD_NAMES], b->field[RECORD_NAMES]))
		return 0;
	ask.tape = tape_of(&c->graft.old, a);
	if (fingerprint(c->canon, a, &ask, &x) == -1)
		return -1;
	ask.tape = tape_of(&c->graft.new, b);
	if (fingerprint(c->canon, b, &ask, &y) == -1)
		return -1;
	return x.high == y.high && x.low == y.low;
}

/* the source's record where the target's was: its place and its status */
static int
place_line(struct compose *c, const struct rule *rule, int renamed,
    const struct record *old, struct record *new)
{
	struct record_edit changes[4];
	struct buf word = {0};
	size_t n = 0;
	int rc;

	if (c->path.len == 0)
		changes[n++] = (struct record_edit){ RECORD_FILE,
		    old->field[RECORD_FILE] };
	/* the key there may be its name */
	if (c->path.len == 0 && !renamed)
		changes[n++] = (struct record_edit){ RECORD_AT,
		    old->field[RECORD_AT] };
	if (rule->word != NULL) {
		buf_printf(&word, "\"%s\"", rule->word);
		changes[n++] = (struct record_edit){ RECORD_STATUS, { word.ptr,
		    word.len } };
		c->reset = 1;
	}
	rc = change_line(c, new, changes, n);
	buf_free(&word);
	return rc;
}

/* keep the target's line: the buffer in which lines are read is shared */
static int
keep_old(struct compose *c, uint32_t t, struct record *r)
{
	forget_tapes(c);
	return side_keep(c->target, t, &c->old, r);
}

/* a line of a file that goes by another path now */
static int
move_line(struct compose *c, struct record *r)
{
	if (c->path.len == 0)
		return 0;
	c->spare.len = 0;
	file_moves_line(&c->spare, r, c->target, &c->of[0], c->path.ptr,
	    c->path.len);
	return accept_line(c, r) == -1 ? -1 : 1;
}

int
compose_file(struct compose *c, int source, uint32_t file)
{
	struct side *s = source ? c->source : c->target;

	c->path.len = 0;
	return file_moves_path(c->moves, s, source ? c->target : c->source,
	    file, &c->path) == -1 ? -1 : 0;
}

int
compose_other(struct compose *c, uint32_t t)
{
	const struct record_edit full = { .field = RECORD_EMPTY };
	struct record r;

	if (c->path.len == 0 && side_node(c->target, t)->type !=
	    RECORD_OF_FILE)
		return COMPOSE_SAME;
	if (side_line(c->target, t, &r) == -1 || move_line(c, &r) == -1)
		return -1;
	if (r.field[RECORD_EMPTY].p != NULL && cascade_fills(c->fates, t))
		return change_line(c, &r, &full, 1) == -1 ? -1 :
		    COMPOSE_REPAIRED;
	return c->path.len > 0 ? COMPOSE_REPAIRED : COMPOSE_SAME;
}

/* what stays of the target */
static int
compose_old(struct compose *c, const struct record *old, uint32_t t,
    uint32_t s)
{
	struct record r = *old, model;
	struct slice value;
	int got, changed = 0;

	c->repaired = c->reset = 0;
	/* what is lost is known by the words before */
	if ((got = restate_lost(c, c->target, t, &r)) == -1 ||
	    got == COMPOSE_DROP)
		return got;
	changed |= got == COMPOSE_REPAIRED;
	if ((got = restate_words(c, 0, &r)) == -1)
		return -1;
	changed |= got;
	if (s != NOTHING && has_inside(c->source, s)) {
		if (side_line(c->source, s, &model) == -1)
			return -1;
		c->text.len = 0;
		buf_add(&c->text, model.field[RECORD_VALUE].p,
		    model.field[RECORD_VALUE].n);
		value = (struct slice){ c->text.ptr, c->text.len };
		if (keep_inside(c, c->source, s, value, &r) == -1)
			return -1;
		changed |= !slice_same(r.line, old->line);
	}
	if ((got = restate_count(c, t, s, 0, &r)) == -1)
		return -1;
	changed |= got;
	if ((got = restate_scope(c, 0, t, &r)) == -1)
		return -1;
	changed |= got;
	if ((got = move_line(c, &r)) == -1)
		return -1;
	if (!changed && !got)
		return COMPOSE_SAME;
	return derive_line(c, &r) == -1 ? -1 : COMPOSE_REPAIRED;
}

/* the target's version stands on a tie of a union */
static int
is_tie(struct compose *c, const struct rule *rule, const struct record *old,
    const struct record *new)
{
	if (policy_traits(rule)->pair != PAIR_UNITED || !rule->sort.keyed)
		return 0;
	return combine_tie(&c->graft, old, new);
}

/* the line made is this one, if no step has made one */
static int
keep_new(struct compose *c, struct record *new)
{
	return new->line.p == c->line.ptr ? 0 : change_line(c, new, NULL, 0);
}

/* the source's version in the place of the target's; the target's on a tie */
static int
compose_pair(struct compose *c, uint32_t t, uint32_t s, int tie)
{
	const struct rule *rule = policy_rule(c->source, s);
	struct record old, new;
	int got, renamed;

	renamed = (side_node(c->target, t)->status & SIDE_RENAMED) != 0;
	if (keep_old(c, t, &old) == -1 || side_line(c->source, s, &new) == -1)
		return -1;
	if (restate_words(c, 1, &new) == -1)
		return -1;
	if (!renamed && slice_same(old.field[RECORD_VALUE],
	    new.field[RECORD_VALUE]) &&
	    (side_node(c->source, s)->status & SIDE_REPAIR) == 0)
		return compose_old(c, &old, t, s);
	renew(c, &new);
	if (keep_own(c, rule, &old, &new) == -1 ||
	    unite_parts(c, rule, &old, &new) == -1)
		return -1;
	renew(c, &new);
	if (tie && (got = is_tie(c, rule, &old, &new)) != 0) {
		/* what it refers to was not looked at: the source's counts */
		side_node(c->target, t)->status |= SIDE_REPAIR;
		return got == -1 ? -1 : compose_old(c, &old, t, s);
	}
	if (has_inside(c->target, t) && keep_inside(c, c->target, t,
	    old.field[RECORD_VALUE], &new) == -1)
		return -1;
	if ((got = restate_lost(c, c->source, s, &new)) == -1 ||
	    got == COMPOSE_DROP)
		return got;
	if (restate_count(c, t, s, 1, &new) == -1)
		return -1;
	got = renamed ? 0 : equal(c, &old, &new);
	if (got != 0)
		return got == -1 ? -1 : compose_old(c, &old, t, s);
	if (policy_traits(rule)->pair == PAIR_SAME)
		return keep_new(c, &new) == -1 ? -1 : COMPOSE_ERROR;
	if (place_line(c, rule, renamed, &old, &new) == -1 ||
	    derive_line(c, &new) == -1)
		return -1;
	return COMPOSE_REPLACED;
}

/* what only the source has */
static int
compose_new(struct compose *c, uint32_t s)
{
	struct record r;
	int got, changed;

	if (side_line(c->source, s, &r) == -1 ||
	    (changed = restate_words(c, 1, &r)) == -1)
		return -1;
	if ((got = restate_lost(c, c->source, s, &r)) == -1 ||
	    got == COMPOSE_DROP)
		return got;
	changed |= got == COMPOSE_REPAIRED;
	if ((got = restate_scope(c, 1, s, &r)) == -1)
		return -1;
	changed |= got;
	if ((got = restate_count(c, NOTHING, s, 1, &r)) == -1)
		return -1;
	if (!changed && !got)
		return COMPOSE_SAME;
	return derive_line(c, &r) == -1 ? -1 : COMPOSE_REPLACED;
}

/* whether the target's line stays, at a glance: most do; or -1 */
static int
stays(struct compose *c, uint32_t t, uint32_t s)
{
	if ((side_node(c->target, t)->status & (SIDE_REPAIR | SIDE_RENAMED)) !=
	    0 || c->of[0].table.n > 0 || c->path.len > 0 ||
	    policy_rule(c->target, t)->sort.counts ||
	    changed_scope(c, t) != NOTHING)
		return 0;
	if (s == NOTHING)
		return 1;
	if (has_inside(c->source, s) || has_inside(c->target, t))
		return 0;
	if (side_node(c->source, s)->fate != SIDE_TAKEN)
		return 1;
	if ((side_node(c->source, s)->status & SIDE_REPAIR) != 0 ||
	    c->of[1].table.n > 0 || c->source->prefix.len > 0)
		return 0;
	return side_same(c->target, t, c->source, s);
}

/* append a text of an envelope, in quotes: two that follow each other */
static void
put_text(struct buf *b, struct slice first, struct slice second)
{
	buf_addc(b, '"');
	buf_add(b, first.p, first.n);
	buf_add(b, second.p, second.n);
	buf_addc(b, '"');
}

/* a line of the source's, as it is or as it was made */
static int
new_line(struct compose *c, uint32_t i, int made, struct record *r)
{
	struct text_error e;

	return made ? record_read(r, c->line.ptr, c->line.len, &e) :
	    side_line(c->source, i, r);
}

/* put the line of a record (made, or as it is) elsewhere */
static int
relocate(struct compose *c, uint32_t i, int made, struct slice file,
    struct slice at, size_t around)
{
	struct buf name = {0}, place = {0};
	struct record_edit changes[2];
	struct record r;
	struct slice whole;
	int rc;

	if (new_line(c, i, made, &r) == -1)
		return -1;
	whole = record_text(&r, RECORD_AT);
	put_text(&name, file, (struct slice){ "", 0 });
	put_text(&place, at, (struct slice){ whole.p + around,
	    whole.n - around });
	changes[0] = (struct record_edit){ RECORD_FILE, { name.ptr,
	    name.len } };
	changes[1] = (struct record_edit){ RECORD_AT, { place.ptr,
	    place.len } };
	rc = change_line(c, &r, changes, 2) == -1 ? -1 : 1;
	buf_free(&name);
	buf_free(&place);
	return rc;
}

/* a line of a file of the source alone that goes by another path */
static int
into_file(struct compose *c, uint32_t i, int made, const struct buf *path)
{
	struct record r;

	if (path->len == 0)
		return 0;
	if (new_line(c, i, made, &r) == -1)
		return -1;
	c->spare.len = 0;
	file_moves_line(&c->spare, &r, c->source, &c->of[1], path->ptr,
	    path->len);
	return accept_line(c, &r) == -1 || derive_line(c, &r) == -1 ?
	    -1 : 1;
}

/*
 * What stands in a file, but in no component, has its mate in that file's; but
 * where the target's keeps its name, that one is called otherwise.
 */
static int
into_namesake(struct compose *c, uint32_t t, uint32_t i, int made)
{
	uint32_t s = side_mate(c->target, t);
	struct record old, up;
	struct slice file;

	if (c->path.len > 0 || s == NOTHING)
		return 0;
	if (c->into != t) {
		if (keep_old(c, t, &old) == -1 ||
		    side_line(c->source, s, &up) == -1)
			return -1;
		c->into = t;
		c->into_file.len = 0;
		file = record_text(&old, RECORD_FILE);
		if (!slice_same(file, record_text(&up, RECORD_FILE)))
			buf_add(&c->into_file, file.p, file.n);
	}
	return into_file(c, i, made, &c->into_file);
}

int
compose_into(struct compose *c, uint32_t t, uint32_t i, int made)
{
	uint32_t s;
	struct record old, up;
	struct slice file, at;

	if (t == NOTHING)
		return into_file(c, i, made, &c->path);
	if (side_node(c->target, t)->type != RECORD_COMPONENT &&
	    graph_outer(&c->target->graph, t) == NOTHING)
		return into_namesake(c, t, i, made);
	s = side_mate(c->target, t);
	if (keep_old(c, t, &old) == -1 || side_line(c->source, s, &up) == -1)
		return -1;
	file = c->path.len > 0 ? (struct slice){ c->path.ptr, c->path.len } :
	    record_text(&old, RECORD_FILE);
	at = record_text(&old, RECORD_AT);
	if (slice_same(file, record_text(&up, RECORD_FILE)) &&
	    slice_same(at, record_text(&up, RECORD_AT)))
		return 0;
	return relocate(c, i, made, file, at, record_text(&up, RECORD_AT).n);
}

/* the source's version, for the target's cannot stay */
static int
compose_anew(struct compose *c, uint32_t t, uint32_t s)
{
	c->repaired = c->reset = 0;
	return compose_pair(c, t, s, 0);
}

int
compose(struct compose *c, uint32_t t, uint32_t s)
{
	struct record old;
	int got;

	shrink(c);
	forget_tapes(c);
	c->repaired = c->reset = 0;
	if (t == NOTHING)
		return compose_new(c, s);
	if ((got = stays(c, t, s)) != 0)
		return got == -1 ? -1 : COMPOSE_SAME;
	if (s != NOTHING && side_node(c->source, s)->fate == SIDE_TAKEN) {
		got = compose_pair(c, t, s, 1);
		/* perhaps the target's, on a tie, that cannot stay */
		return got != COMPOSE_DROP ? got : compose_anew(c, t, s);
	}
	if (keep_old(c, t, &old) == -1)
		return -1;
	got = compose_old(c, &old, t, s);
	if (got != COMPOSE_DROP || s == NOTHING ||
	    (side_node(c->source, s)->status & SIDE_COMES) == 0)
		return got;
	/* what it refers to was not looked at */
	side_node(c->source, s)->status |= SIDE_REPAIR;
	return compose_anew(c, t, s);
}
