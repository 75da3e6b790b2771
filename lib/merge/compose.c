/* SPDX-License-Identifier: ISC */
/*
 * The lines that a merge writes.
 */
#include "merge/compose.h"

#include <string.h>

#include "graph/graph.h"
#include "match/side.h"
#include "merge/cascade.h"
#include "merge/restate.h"
#include "merge/rules.h"
#include "merge/takeover.h"
#include "stream/record_edit.h"
#include "value/fingerprint.h"
#include "value/repair.h"

/* whether two lines say the same, but for what belongs to each copy */
static int
equal(struct compose *c, const struct record *a, const struct record *b)
{
	struct hash_sum x = {0}, y = {0};
	struct fingerprint_ask ask = { .flags =
	    FINGERPRINT_IGNORED | FINGERPRINT_ALIAS };

	if (slice_same(a->field[RECORD_VALUE], b->field[RECORD_VALUE]))
		return 1;
	if (c->canon == NULL || a->kind != RECORD_COMPONENT ||
	    a->field[RECORD_ENCODING].p != NULL)
		return 0;
	if (fingerprint(c->canon, a, &ask, &x) == -1 ||
	    fingerprint(c->canon, b, &ask, &y) == -1)
		return -1;
	return x.high == y.high && x.low == y.low;
}

/* the source's record where the target's was: its place and its status */
static int
settle(struct compose *c, const struct rule *rule, int renamed,
    const struct record *old, struct record *new)
{
	struct record_edit changes[4];
	struct buf word = {0};
	size_t n = 0;
	int rc;

	if (!renamed && c->path.len == 0) {
		changes[n++] = (struct record_edit){ RECORD_FILE,
		    old->field[RECORD_FILE] };
		changes[n++] = (struct record_edit){ RECORD_AT,
		    old->field[RECORD_AT] };
	}
	if (rule->word != NULL) {
		buf_printf(&word, "\"%s\"", rule->word);
		changes[n++] = (struct record_edit){ RECORD_STATUS, { word.ptr,
		    word.len } };
		c->reset = 1;
	}
	c->spare.len = 0;
	reline(&c->spare, new, changes, n);
	rc = compose_accept(c, new);
	buf_free(&word);
	return rc;
}

/* keep the target's line: the buffer in which lines are read is shared */
static int
keep_old(struct compose *c, uint32_t t, struct record *r)
{
	struct text_error e;

	if (side_line(c->target, t, r) == -1)
		return -1;
	c->old.len = 0;
	buf_add(&c->old, r->line.p, r->line.n);
	return record_read(r, c->old.ptr, c->old.len, &e);
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
	return compose_accept(c, r) == -1 ? -1 : 1;
}

int
compose_file(struct compose *c, uint32_t file)
{
	c->path.len = 0;
	if ((side_node(c->target, file)->status & SIDE_RENAMED) == 0)
		return 0;
	return file_moves_path(c->moves, c->target, c->source, file, &c->path);
}

int
compose_new_file(struct compose *c, uint32_t file)
{
	c->path.len = 0;
	if ((side_node(c->source, file)->status & SIDE_UNRENAMED) == 0)
		return 0;
	return file_moves_new_path(c->moves, c->source, file, &c->path);
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
	if (r.field[RECORD_EMPTY].p != NULL && cascade_fills(c->decide, t)) {
		c->spare.len = 0;
		reline(&c->spare, &r, &full, 1);
		return compose_accept(c, &r) == -1 ? -1 : COMPOSE_MENDED;
	}
	return c->path.len > 0 ? COMPOSE_MENDED : COMPOSE_SAME;
}

/* what stays of the target */
static int
compose_old(struct compose *c, const struct record *old, uint32_t t,
    uint32_t s)
{
	struct record r = *old, model;
	struct slice value;
	int got, changed = 0;

	c->mended = c->reset = 0;
	/* what is lost is known by the words before */
	if ((side_node(c->target, t)->status & SIDE_MEND) != 0) {
		if ((got = restate_lost(c, c->target, &r)) == -1)
			return -1;
		if (got == REPAIR_DROP)
			return COMPOSE_DROP;
		changed |= c->mended = got == REPAIR_CHANGED;
	}
	if ((got = restate_words(c, 0, &r)) == -1)
		return -1;
	changed |= got;
	if (s != NOTHING && takeover_any(c->source, s)) {
		if (side_line(c->source, s, &model) == -1)
			return -1;
		c->text.len = 0;
		buf_add(&c->text, model.field[RECORD_VALUE].p,
		    model.field[RECORD_VALUE].n);
		value = (struct slice){ c->text.ptr, c->text.len };
		if (takeover_inside(c, c->source, s, value, &r) == -1)
			return -1;
		changed |= !slice_same(r.line, old->line);
	}
	if ((got = restate_count(c, t, s, 0, &r)) == -1)
		return -1;
	changed |= got;
	if ((got = restate_scope(c, t, &r)) == -1)
		return -1;
	changed |= got;
	if ((got = move_line(c, &r)) == -1)
		return -1;
	if (!changed && !got)
		return COMPOSE_SAME;
	return compose_derive(c, &r) == -1 ? -1 : COMPOSE_MENDED;
}

/* the target's version stands on a tie of a union */
static int
is_tie(struct compose *c, const struct rule *rule, const struct record *old,
    const struct record *new)
{
	if (rule->action != ACTION_UNION || !rule->sort.keyed)
		return 0;
	return combine_tie(&c->graft, old, new);
}

/* the line made is this one, if no step has made one */
static int
keep_new(struct compose *c, struct record *new)
{
	if (new->line.p == c->line.ptr)
		return 0;
	c->spare.len = 0;
	buf_add(&c->spare, new->line.p, new->line.n);
	return compose_accept(c, new);
}

/* the source's version in the place of the target's; the target's on a tie */
static int
compose_pair(struct compose *c, uint32_t t, uint32_t s, int tie)
{
	const struct rule *rule = compose_rule(c->source, s);
	struct record old, new;
	int got, renamed;

	renamed = (side_node(c->target, t)->status & SIDE_RENAMED) != 0;
	if (keep_old(c, t, &old) == -1 || side_line(c->source, s, &new) == -1)
		return -1;
	if (restate_words(c, 1, &new) == -1)
		return -1;
	if (!renamed && slice_same(old.field[RECORD_VALUE],
	    new.field[RECORD_VALUE]) &&
	    (side_node(c->source, s)->status & SIDE_MEND) == 0)
		return compose_old(c, &old, t, s);
	compose_renew(c, &new);
	if (takeover_own(c, rule, &old, &new) == -1 ||
	    takeover_parts(c, rule, &old, &new) == -1)
		return -1;
	compose_renew(c, &new);
	if (tie && (got = is_tie(c, rule, &old, &new)) != 0) {
		/* what it refers to was not looked at: the source's counts */
		side_node(c->target, t)->status |= SIDE_MEND;
		return got == -1 ? -1 : compose_old(c, &old, t, s);
	}
	if (takeover_any(c->target, t) && takeover_inside(c, c->target, t,
	    old.field[RECORD_VALUE], &new) == -1)
		return -1;
	if ((side_node(c->source, s)->status & SIDE_MEND) != 0) {
		if ((got = restate_lost(c, c->source, &new)) == -1)
			return -1;
		if (got == REPAIR_DROP)
			return COMPOSE_DROP;
		c->mended = got == REPAIR_CHANGED;
	}
	if (restate_count(c, t, s, 1, &new) == -1)
		return -1;
	got = renamed ? 0 : equal(c, &old, &new);
	if (got != 0)
		return got == -1 ? -1 : compose_old(c, &old, t, s);
	if (rule->action == ACTION_ERROR)
		return keep_new(c, &new) == -1 ? -1 : COMPOSE_ERROR;
	if (settle(c, rule, renamed, &old, &new) == -1 ||
	    compose_derive(c, &new) == -1)
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
	if ((side_node(c->source, s)->status & SIDE_MEND) != 0) {
		if ((got = restate_lost(c, c->source, &r)) == -1)
			return -1;
		if (got == REPAIR_DROP)
			return COMPOSE_DROP;
		changed |= c->mended = got == REPAIR_CHANGED;
	}
	if ((got = restate_count(c, NOTHING, s, 1, &r)) == -1)
		return -1;
	if (!changed && !got)
		return COMPOSE_SAME;
	return compose_derive(c, &r) == -1 ? -1 : COMPOSE_REPLACED;
}

/* whether the lines of a pair are the same bytes; or -1 */
static int
same_lines(struct compose *c, uint32_t t, uint32_t s)
{
	const struct graph *g = &c->target->graph, *h = &c->source->graph;
	size_t n = graph_length(g, t);
	const char *a, *b;

	if (n != graph_length(h, s))
		return 0;
	a = twopass_bytes(&c->target->in, side_node(c->target, t)->at, n);
	b = twopass_bytes(&c->source->in, side_node(c->source, s)->at, n);
	return a == NULL || b == NULL ? -1 : memcmp(a, b, n) == 0;
}

/* whether the target's line stays, at a glance: most do; or -1 */
static int
stays(struct compose *c, uint32_t t, uint32_t s)
{
	if ((side_node(c->target, t)->status & (SIDE_MEND | SIDE_RENAMED)) !=
	    0 || c->of[0].table.n > 0 || c->path.len > 0 ||
	    compose_rule(c->target, t)->sort.counts)
		return 0;
	if (s == NOTHING)
		return 1;
	if (takeover_any(c->source, s) || takeover_any(c->target, t))
		return 0;
	if (side_node(c->source, s)->fate != SIDE_TAKEN)
		return 1;
	if ((side_node(c->source, s)->status & SIDE_MEND) != 0 ||
	    c->of[1].table.n > 0 || c->source->prefix.len > 0)
		return 0;
	return same_lines(c, t, s);
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
	c->spare.len = 0;
	reline(&c->spare, &r, changes, 2);
	rc = compose_accept(c, &r) == -1 ? -1 : 1;
	buf_free(&name);
	buf_free(&place);
	return rc;
}

/* a line of a file of the source alone that goes by another path */
static int
into_file(struct compose *c, uint32_t i, int made)
{
	struct record r;

	if (c->path.len == 0)
		return 0;
	if (new_line(c, i, made, &r) == -1)
		return -1;
	c->spare.len = 0;
	file_moves_line(&c->spare, &r, c->source, &c->of[1], c->path.ptr,
	    c->path.len);
	return compose_accept(c, &r) == -1 || compose_derive(c, &r) == -1 ?
	    -1 : 1;
}

int
compose_into(struct compose *c, uint32_t t, uint32_t i, int made)
{
	uint32_t s;
	struct record old, up;
	struct slice file, at;

	if (t == NOTHING)
		return into_file(c, i, made);
	s = side_mate(c->target, t);
	/* what stands in a file has its mate in that file's */
	if (side_node(c->target, t)->type != RECORD_COMPONENT &&
	    graph_outer(&c->target->graph, t) == NOTHING)
		return 0;
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
	c->mended = c->reset = 0;
	return compose_pair(c, t, s, 0);
}

int
compose(struct compose *c, uint32_t t, uint32_t s)
{
	struct record old;
	int got;

	compose_shrink(c);
	c->mended = c->reset = 0;
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
	side_node(c->source, s)->status |= SIDE_MEND;
	return compose_anew(c, t, s);
}
