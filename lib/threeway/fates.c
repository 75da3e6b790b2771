/* SPDX-License-Identifier: ISC */
/*
 * Which triples are in the result.
 *
 * First by what became of each on its own; then each line that there would be
 * is made and its references are looked at.  What is called back then is
 * looked at in its turn, and so is what refers to something that is left out:
 * once for all of that.
 */
#include "threeway/fates.h"

#include <string.h>

#include "base/diag.h"
#include "base/hashset.h"
#include "stream/list.h"
#include "threeway/compose.h"
#include "threeway/conflicts.h"

/* what is decided, and the triples still to be looked at */
struct fates {
	struct composer *c;
	struct buf work;	/* of uint32_t, none of them twice */
	struct buf list;	/* of the line at hand */
	struct hashset words;	/* references of versions, by their sides */
	uint32_t words_of;	/* ... of this triple, or NOTHING */
	unsigned words_in;	/* ... those of sides with a bit here */
};

static void
push(struct fates *f, uint32_t i)
{
	struct triple *t = triples_at(f->c->t, i);

	if (t->pending)
		return;
	t->pending = 1;
	buf_add(&f->work, &i, sizeof(i));
}

/* ---- what one side removed */

/* the side that still has what the other one removed */
static unsigned
keeper_of(const struct triple *t)
{
	return t->node[TRIPLE_OURS] != NOTHING ? TRIPLE_OURS : TRIPLE_THEIRS;
}

/* what one side removed is in the result all the same */
static void
call_back(struct fates *f, uint32_t i)
{
	struct triple *t = triples_at(f->c->t, i);

	if (t->fate != TRIPLE_GONE)
		return;
	t->fate = TRIPLE_LIVE;
	push(f, i);
}

/* ... with all that stands in it, and belongs to it */
static void
call_back_parts(struct fates *f, uint32_t i)
{
	const struct triples *t = f->c->t;
	const struct triple *triple = triples_at(t, i);
	unsigned side = keeper_of(triple);
	uint32_t node = triple->node[side], end, k;
	struct toward it;

	if (triple->node[TRIPLE_BASE] == NOTHING ||
	    (triple->node[TRIPLE_OURS] != NOTHING &&
	    triple->node[TRIPLE_THEIRS] != NOTHING) ||
	    !(compose_is_component(t, i) || compose_is_raw(t, i)))
		return;
	end = side_end(&t->side[side], node);
	for (k = node + 1; k < end; k++)
		call_back(f, triples_of(t, side, k));
	it = graph_toward(&t->side[side].graph, node);
	while ((k = graph_next_owned(&it)) != NOTHING)
		call_back(f, triples_of(t, side, k));
}

/* it is not in the result, as was chosen: who it concerns is looked at */
static void
leave_out(struct fates *f, uint32_t i)
{
	const struct triples *t = f->c->t;
	struct triple *triple = triples_at(t, i);
	const struct edge *e;
	struct toward it;
	uint32_t node, k, end;
	unsigned side;

	triple->fate = TRIPLE_LEFT;
	for (side = TRIPLE_OURS; side <= TRIPLE_THEIRS; side++) {
		if ((node = triple->node[side]) == NOTHING)
			continue;
		it = graph_toward(&t->side[side].graph, node);
		while ((e = graph_next(&it)) != NULL)
			push(f, triples_of(t, side, e->from));
		end = side_end(&t->side[side], node);
		for (k = node + 1; k < end; k = side_end(&t->side[side], k))
			push(f, triples_of(t, side, k));
	}
}

/* ask about one that a side removed: what says why; 0 or -1 */
static int
ask_removed(struct fates *f, uint32_t i, const char *what)
{
	struct composer *c = f->c;
	struct triple *t = triples_at(c->t, i);
	unsigned side = keeper_of(t);
	struct buf why = {0};
	int got;

	buf_printf(&why, "removed by %s, %s %s", side == TRIPLE_OURS ?
	    "theirs" : "ours", side == TRIPLE_OURS ? "ours" : "theirs", what);
	got = compose_ask(c, i, buf_str(&why));
	buf_free(&why);
	if (got == -1)
		return -1;
	if (got == (side == TRIPLE_OURS ? PICK_THEIRS : PICK_OURS)) {
		leave_out(f, i);
		return 0;
	}
	if (got == PICK_BASE)
		t->take = TAKE_BASE;
	call_back(f, i);
	return 0;
}

/* what is known of a triple on its own; 0 or -1 */
static int
decide_one(struct fates *f, uint32_t i)
{
	struct composer *c = f->c;
	struct triple *t = triples_at(c->t, i);
	int ours = t->node[TRIPLE_OURS] != NOTHING;
	int theirs = t->node[TRIPLE_THEIRS] != NOTHING, got;

	t->fate = TRIPLE_LIVE;
	if (t->node[TRIPLE_BASE] == NOTHING || (ours && theirs))
		return 0;
	t->fate = TRIPLE_GONE;
	if (!ours && !theirs)
		return 0;
	got = compose_changed(c, i, keeper_of(t));
	return got == 1 ? ask_removed(f, i, "changed it") : got;
}

/* a file that is split on one side alone has no parts to be merged */
static int
check_file(struct composer *c, uint32_t i)
{
	const uint32_t *node = triples_at(c->t, i)->node;
	struct place at = side_place(&c->t->side[TRIPLE_THEIRS],
	    node[TRIPLE_THEIRS]);

	if (node[TRIPLE_OURS] == NOTHING || node[TRIPLE_THEIRS] == NOTHING ||
	    compose_one_layout(c->t, i))
		return 0;
	return diag_fail(c->diag, STATUS_INPUT, &at, "ours takes this file "
	    "apart and theirs does not, or the other way round: expected two "
	    "that are read alike; is one of them damaged?");
}

/* ---- two of one name */

/* one gives way: it is as another side has it, or not in the result */
static void
give_way(struct fates *f, uint32_t i, unsigned side)
{
	struct triple *t = triples_at(f->c->t, i);

	if (t->node[side] == NOTHING)
		leave_out(f, i);
	else
		t->take = side == TRIPLE_OURS ? TAKE_OURS :
		    side == TRIPLE_THEIRS ? TAKE_THEIRS : TAKE_BASE;
}

static int
decide_name(struct fates *f, const struct collision *two)
{
	int got;

	if (triples_at(f->c->t, two->ours)->fate != TRIPLE_LIVE ||
	    triples_at(f->c->t, two->theirs)->fate != TRIPLE_LIVE)
		return 0;
	got = compose_ask_name(f->c, two);
	if (got == PICK_OURS)
		give_way(f, two->theirs, TRIPLE_OURS);
	if (got == PICK_THEIRS)
		give_way(f, two->ours, TRIPLE_THEIRS);
	if (got == PICK_BASE) {
		give_way(f, two->ours, TRIPLE_BASE);
		give_way(f, two->theirs, TRIPLE_BASE);
	}
	return got == -1 ? -1 : 0;
}

/* what both sides called alike; 0 or -1 */
static int
decide_names(struct fates *f)
{
	const struct buf *list = &f->c->t->collisions;
	struct collision two;
	size_t i;

	for (i = 0; i < list->len; i += sizeof(two)) {
		memcpy(&two, list->ptr + i, sizeof(two));
		if (decide_name(f, &two) == -1)
			return -1;
	}
	return 0;
}

/* ---- what the result refers to */

/* note the references of a version of the triple at hand; 0 or -1 */
static int
note_references(struct fates *f, uint32_t i, unsigned side)
{
	uint32_t node = triples_at(f->c->t, i)->node[side];
	enum record_field field;
	struct slice item;
	struct record r;
	size_t at;

	if (node == NOTHING)
		return 0;
	if (side_line(&f->c->t->side[side], node, &r) == -1)
		return -1;
	for (field = RECORD_OWNER; field <= RECORD_REFS; field++) {
		at = 0;
		while (list_next(r.field[field], &at, &item) == 1) {
			item = list_reference(item);
			hashset_add(&f->words, side, item.p, item.n);
		}
	}
	return 0;
}

/* whether a version of the triple at hand has a reference in its own words */
static int
has_reference(struct fates *f, uint32_t i, unsigned side, struct slice ref)
{
	if (f->words_of != i) {
		hashset_reset(&f->words);
		f->words_of = i;
		f->words_in = 0;
	}
	if ((f->words_in & 1U << side) == 0 &&
	    note_references(f, i, side) == -1)
		return -1;
	f->words_in |= 1U << side;
	return hashset_has(&f->words, side, ref.p, ref.n);
}

/*
 * What a reference leads to that is not in the result though one side has it:
 * NOTHING if it leads to something else, too, or dangled before
 */
static uint32_t
lost_by(struct composer *c, struct slice ref)
{
	struct triples_word w = { keyindex_hash_ref(ref.p, ref.n),
	    TRIPLE_OURS, NOTHING };
	uint32_t to, lost = NOTHING;

	while ((to = triples_next(c->t, &w)) != NOTHING) {
		switch (triples_at(c->t, to)->fate) {
		case TRIPLE_LIVE:
			return NOTHING;
		case TRIPLE_GONE:
			lost = lost == NOTHING ? to : lost;
			break;
		default:
			break;
		}
	}
	return lost;
}

/* one reference of the line made; 0 or -1 */
static int
check_reference(struct fates *f, uint32_t i, struct slice ref)
{
	struct composer *c = f->c;
	uint32_t lost = lost_by(c, ref);
	struct buf why = {0};
	struct slice kind, name;
	int got;

	if (lost == NOTHING)
		return 0;
	/* the side that removed it has the reference all the same */
	got = has_reference(f, i, keeper_of(triples_at(c->t, lost)) ==
	    TRIPLE_OURS ? TRIPLE_THEIRS : TRIPLE_OURS, ref);
	if (got != 0)
		return got == -1 ? -1 : 0;
	kind = record_text(&c->made, RECORD_KIND);
	name = record_text(&c->made, RECORD_NAME);
	if (name.n == 0)
		name = record_text(&c->made, RECORD_ID);
	buf_printf(&why, "refers to it: %.*s %.*s", (int)kind.n, kind.p,
	    (int)name.n, name.n > 0 ? name.p : "");
	got = ask_removed(f, lost, buf_str(&why));
	if (triples_at(c->t, lost)->fate == TRIPLE_LEFT)
		push(f, i);
	buf_free(&why);
	return got;
}

/* all references of the line made, which are kept; 0 or -1 */
static int
check_references(struct fates *f, uint32_t i)
{
	enum record_field field;
	struct slice list, item;
	size_t at;

	for (field = RECORD_OWNER; field <= RECORD_REFS; field++) {
		list = f->c->made.field[field];
		if (list.p == NULL)
			continue;
		f->list.len = at = 0;
		buf_add(&f->list, list.p, list.n);
		list.p = f->list.ptr;
		while (list_next(list, &at, &item) == 1) {
			if (check_reference(f, i, list_reference(item)) == -1)
				return -1;
		}
	}
	return 0;
}

/* what a triple stands in is in the result, too: 1; 0: neither is; or -1 */
static int
check_around(struct fates *f, uint32_t i)
{
	struct composer *c = f->c;
	uint32_t up = compose_around(c->t, i);
	struct triple *t;

	if (up == NOTHING || triples_at(c->t, up)->fate == TRIPLE_LIVE)
		return 1;
	t = triples_at(c->t, up);
	if (t->fate == TRIPLE_GONE && !compose_is_component(c->t, up)) {
		t->fate = TRIPLE_LIVE;
		push(f, up);
		return 1;
	}
	if (t->fate == TRIPLE_GONE &&
	    ask_removed(f, up, "changed what stands in it") == -1)
		return -1;
	if (t->fate == TRIPLE_LEFT)
		leave_out(f, i);
	return t->fate == TRIPLE_LIVE;
}

/* one that is in the result; 0 or -1 */
static int
check_one(struct fates *f, uint32_t i)
{
	struct composer *c = f->c;
	int got;

	if (triples_at(c->t, i)->fate != TRIPLE_LIVE ||
	    compose_is_raw_part(c->t, i))
		return 0;
	call_back_parts(f, i);
	if ((got = check_around(f, i)) != 1 || compose_is_raw(c->t, i))
		return got == -1 ? -1 : 0;
	if ((got = compose_three(c, i)) == -1)
		return -1;
	if (got == 1)
		return check_references(f, i);
	leave_out(f, i);
	return 0;
}

/* what each check has pushed, until there is no more */
static int
check_work(struct fates *f)
{
	uint32_t i;
	size_t at;

	for (i = 0; i < f->c->t->n; i++) {
		if (check_one(f, i) == -1)
			return -1;
	}
	while (f->work.len > 0) {
		at = f->work.len - sizeof(i);
		memcpy(&i, f->work.ptr + at, sizeof(i));
		f->work.len = at;
		triples_at(f->c->t, i)->pending = 0;
		if (check_one(f, i) == -1)
			return -1;
	}
	return 0;
}

int
fates_decide(struct composer *c)
{
	struct fates f = { .c = c, .words_of = NOTHING };
	uint32_t i;
	int rc = 0;

	for (i = 0; i < c->t->n && rc == 0; i++) {
		if (!compose_is_raw_part(c->t, i))
			rc = check_file(c, i) == -1 ? -1 : decide_one(&f, i);
	}
	if (rc == 0)
		rc = decide_names(&f);
	if (rc == 0)
		rc = check_work(&f);
	buf_free(&f.work);
	buf_free(&f.list);
	hashset_free(&f.words);
	return rc;
}
