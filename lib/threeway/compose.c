/* SPDX-License-Identifier: ISC */
/*
 * The lines of the result.
 *
 * A step takes the line made and, if it changes it, leaves a new one.
 */
#include "threeway/compose.h"

#include <string.h>

#include "base/diag.h"
#include "json/string.h"
#include "map/envelope.h"
#include "map/map.h"
#include "match/sorts.h"
#include "stream/list.h"
#include "stream/record_edit.h"
#include "threeway/conflicts.h"
#include "threeway/paths.h"
#include "threeway/textlines.h"
#include "value/derive.h"
#include "value/locate.h"
#include "value/repair.h"
#include "value/revise.h"
#include "value/rewrite.h"

/* ---- what values ask about references */

/* the triple that a reference leads to stands for it; it lasts */
static int
identity(void *ctx, int newer, const char *ref, size_t n, struct slice *text)
{
	const struct triples *t = ctx;
	unsigned side;
	uint32_t node;

	(void)newer;
	if (!triples_leads(t, ref, n, &side, &node))
		return 0;
	*text = (struct slice){ (const char *)t->of[side].p +
	    node * sizeof(uint32_t), sizeof(uint32_t) };
	return 1;
}

static int
name(void *ctx, int newer, const char *ref, size_t n, struct buf *b)
{
	struct triples *t = ctx;
	unsigned side;
	uint32_t node;

	(void)newer;
	return triples_leads(t, ref, n, &side, &node) &&
	    side_name(&t->side[side], node, b);
}

int
compose_three_open(struct composer *c, struct diag *d, struct triples *t,
    struct conflicts *conflicts)
{
	const struct changes_ask ask = { .identity = identity, .name = name,
	    .ctx = t };

	*c = (struct composer){ .diag = d, .t = t, .conflicts = conflicts,
	    .path_of = NOTHING };
	blend_open(&c->blend, d, t->map, &ask);
	c->spots = locate_open(t->map);
	c->rewriter = revise_open(d, t->map);
	c->repairer = revise_open(d, t->map);
	return paths_find(c->folders, t);
}

void
compose_three_close(struct composer *c)
{
	struct buf *const bufs[] = { &c->kept[0], &c->kept[1], &c->kept[2],
	    &c->line, &c->spare, &c->value, &c->text, &c->path };
	size_t i;

	if (c->t == NULL)
		return;
	blend_close(&c->blend);
	locate_close(c->spots);
	revise_close(c->rewriter);
	revise_close(c->repairer);
	for (i = 0; i < TRIPLE_SIDES; i++)
		raw_free(&c->raw[i]);
	for (i = 0; i < TRIPLE_SIDES; i++)
		folders_free(&c->folders[i]);
	who_free(&c->who);
	tape_free(&c->tape);
	for (i = 0; i < sizeof(bufs) / sizeof(bufs[0]); i++)
		buf_free(bufs[i]);
}

/* ---- versions */

static const struct triple *
triple_of(const struct composer *c, uint32_t i)
{
	return triples_at(c->t, i);
}

static unsigned
type_of(const struct triples *t, uint32_t i)
{
	unsigned side = triples_own(t, i);

	return side_node(&t->side[side], triples_at(t, i)->node[side])->type;
}

static int
is_raw_file(const struct side *s, uint32_t node)
{
	return side_node(s, node)->type == RECORD_OF_FILE &&
	    side_sort(s, node)->place == SORT_FILE
	    && (side_end(s, node) == node + 1 ||
	    side_node(s, node + 1)->type == RECORD_DATA);
}

int
compose_is_raw(const struct triples *t, uint32_t i)
{
	unsigned side = triples_own(t, i);

	return is_raw_file(&t->side[side], triples_at(t, i)->node[side]);
}

int
compose_one_layout(const struct triples *t, uint32_t i)
{
	const uint32_t *node = triples_at(t, i)->node;

	return is_raw_file(&t->side[TRIPLE_OURS], node[TRIPLE_OURS]) ==
	    is_raw_file(&t->side[TRIPLE_THEIRS], node[TRIPLE_THEIRS]);
}

int
compose_is_component(const struct triples *t, uint32_t i)
{
	return type_of(t, i) == RECORD_COMPONENT;
}

int
compose_is_raw_part(const struct triples *t, uint32_t i)
{
	unsigned side = triples_own(t, i);
	const struct side *s = &t->side[side];
	const struct node *n = side_node(s, triples_at(t, i)->node[side]);

	return n->type == RECORD_DATA && n->parent != NOTHING &&
	    is_raw_file(s, n->parent);
}

uint32_t
compose_around(const struct triples *t, uint32_t i)
{
	return triples_around(t, i, triples_home(t, i));
}

static struct place
place_of(const struct composer *c, uint32_t i, unsigned side)
{
	return side_place(&c->t->side[side], triple_of(c, i)->node[side]);
}

/* the words of the sides that are called otherwise in the result */
static const struct renames *
renames_of(const struct composer *c, unsigned side)
{
	return side == TRIPLE_BASE ? &c->t->base[1] :
	    &c->t->pair[side == TRIPLE_THEIRS];
}

/* read a line that was made of pieces; 0 or -1 */
static int
read_made(struct composer *c, struct record *r, const struct buf *line)
{
	struct text_error e;

	if (record_read(r, line->ptr, line->len, &e) == -1)
		return diag_fail(c->diag, STATUS_INPUT, NULL, "a record "
		    "cannot be put together: %s", e.what);
	return 0;
}

/* a line of no component: what it belongs to as the result calls it */
static int
restate_owner(const struct renames *of, const struct record *r,
    struct buf *line)
{
	struct record_edit change = { .field = RECORD_OWNER };
	struct buf list = {0};
	int other;

	if (of->table.n == 0 || r->field[RECORD_OWNER].p == NULL)
		return 0;
	other = rename_list(of, r->field[RECORD_OWNER], &list);
	change.json = (struct slice){ list.ptr, list.len };
	line->len = 0;
	record_edit(line, r, &change, 1);
	buf_free(&list);
	return other;
}

/* a version's line with the words of the result; 0 or -1 */
static int
restate(struct composer *c, unsigned side, uint32_t node, struct buf *line,
    struct record *r)
{
	const struct renames *of = renames_of(c, side);
	const struct place at = side_place(&c->t->side[side], node);
	int got = r->kind != RECORD_COMPONENT ?
	    restate_owner(of, r, &c->spare) :
	    rename_line(of, c->rewriter, &c->t->side[side],
	    &c->t->side[TRIPLE_OURS], 1, r, &at, &c->spare);

	if (got != 1)
		return got;
	c->restated |= r->kind == RECORD_COMPONENT;
	line->len = 0;
	buf_add(line, c->spare.ptr, c->spare.len);
	return read_made(c, r, line);
}

/* a version's line, kept, as the result would have it; 0 or -1 */
static int
keep(struct composer *c, uint32_t i, unsigned side, struct record *r)
{
	uint32_t node = triple_of(c, i)->node[side];

	*r = (struct record){0};
	if (node == NOTHING)
		return 0;
	if (side_keep(&c->t->side[side], node, &c->kept[side], r) == -1)
		return -1;
	return restate(c, side, node, &c->kept[side], r);
}

/* all of them, and their places */
static int
keep_all(struct composer *c, uint32_t i, struct record r[TRIPLE_SIDES],
    struct place at[TRIPLE_SIDES])
{
	unsigned side;

	for (side = 0; side < TRIPLE_SIDES; side++) {
		at[side] = place_of(c, i, side);
		if (keep(c, i, side, &r[side]) == -1)
			return -1;
	}
	return 0;
}

/* ---- which version is taken */

/* whether two versions are the same bytes: 1, 0 or -1 */
static int
same(struct composer *c, uint32_t i, unsigned a, unsigned b)
{
	const uint32_t *node = triple_of(c, i)->node;

	if (node[a] == NOTHING || node[b] == NOTHING)
		return 0;
	return side_same(&c->t->side[a], node[a], &c->t->side[b], node[b]);
}

/* the same of the files that are not split */
static int
same_raw(struct composer *c, uint32_t i, unsigned a, unsigned b)
{
	const uint32_t *node = triple_of(c, i)->node;
	int got;

	if (node[a] == NOTHING || node[b] == NOTHING)
		return 0;
	got = raw_differ(&c->raw[0], &c->t->side[a], node[a], &c->t->side[b],
	    node[b]);
	return got == -1 ? -1 : !got;
}

/* take ours, theirs or both by what is the same; or -1 */
static int
take_by(struct composer *c, uint32_t i,
    int (*alike)(struct composer *, uint32_t, unsigned, unsigned))
{
	int got;

	if ((got = alike(c, i, TRIPLE_OURS, TRIPLE_THEIRS)) != 0)
		return got == -1 ? -1 : TAKE_OURS;
	if ((got = alike(c, i, TRIPLE_BASE, TRIPLE_OURS)) != 0)
		return got == -1 ? -1 : TAKE_THEIRS;
	if ((got = alike(c, i, TRIPLE_BASE, TRIPLE_THEIRS)) != 0)
		return got == -1 ? -1 : TAKE_OURS;
	return TAKE_BOTH;
}

/* the same by what the values say */
static int
take_by_value(struct composer *c, uint32_t i)
{
	struct record r[TRIPLE_SIDES];
	struct place at[TRIPLE_SIDES];
	int got;

	if (keep_all(c, i, r, at) == -1 ||
	    (got = blend_compare(&c->blend, r, at)) == -1)
		return -1;
	return got == PICK_BOTH ? TAKE_BOTH : got == PICK_THEIRS ?
	    TAKE_THEIRS : TAKE_OURS;
}

static int
find_take(struct composer *c, uint32_t i)
{
	const uint32_t *node = triple_of(c, i)->node;
	int got;

	if (node[TRIPLE_OURS] == NOTHING)
		return TAKE_THEIRS;
	if (node[TRIPLE_THEIRS] == NOTHING)
		return TAKE_OURS;
	if (compose_is_raw(c->t, i))
		return take_by(c, i, same_raw);
	got = take_by(c, i, same);
	if (got != TAKE_BOTH)
		return got;
	return type_of(c->t, i) == RECORD_COMPONENT ?
	    take_by_value(c, i) : TAKE_OURS;
}

static int
take_of(struct composer *c, uint32_t i)
{
	struct triple *t = triples_at(c->t, i);
	int got;

	if (t->take == TAKE_UNKNOWN) {
		if ((got = find_take(c, i)) == -1)
			return -1;
		t->take = (uint8_t)got;
	}
	return t->take;
}

/* the name in an id: what it is scoped by comes before */
static struct slice
own_name(const struct side *s, uint32_t node, const struct record *r)
{
	const struct map_kind *k = side_sort(s, node)->kind;
	struct slice id = record_text(r, RECORD_ID);

	return k == NULL || k->members[RECORD_ID].n < 2 ? id :
	    envelope_last(id, 1);
}

/* whether a side has another name for a triple than the base: 1, 0 or -1 */
static int
is_renamed(struct composer *c, uint32_t i, unsigned side)
{
	const uint32_t *node = triple_of(c, i)->node;
	struct side *s = &c->t->side[TRIPLE_BASE], *other = &c->t->side[side];
	struct record a, b;

	if (side_line(s, node[TRIPLE_BASE], &a) == -1 ||
	    side_line(other, node[side], &b) == -1)
		return -1;
	return !slice_same(own_name(s, node[TRIPLE_BASE], &a),
	    own_name(other, node[side], &b));
}

int
compose_changed(struct composer *c, uint32_t i, unsigned side)
{
	struct record base, other;
	struct place at[TRIPLE_SIDES] = { place_of(c, i, TRIPLE_BASE),
	    place_of(c, i, TRIPLE_OURS), place_of(c, i, TRIPLE_THEIRS) };
	int got;

	if (compose_is_raw(c->t, i)) {
		got = same_raw(c, i, TRIPLE_BASE, side);
		return got == -1 ? -1 : !got;
	}
	if (type_of(c->t, i) != RECORD_COMPONENT)
		return 0;
	if ((got = same(c, i, TRIPLE_BASE, side)) != 0)
		return got == -1 ? -1 : 0;
	/* both are kept with ours' name */
	if ((got = is_renamed(c, i, side)) != 0)
		return got;
	if (keep(c, i, TRIPLE_BASE, &base) == -1 ||
	    keep(c, i, side, &other) == -1)
		return -1;
	return blend_differ(&c->blend, side, &base, &other, at);
}

/* ---- conflicts */

static int
ask(struct composer *c, struct conflict *k, int quiet, struct slice *value)
{
	unsigned side = triples_own(c->t, c->at);
	struct slice *name_of = &k->who.name;

	if (who_is(&c->who, &c->t->side[side],
	    triple_of(c, c->at)->node[side], &k->who) == -1)
		return -1;
	if (name_of->n == 0)
		name_of->p = NULL;
	c->conflicts->quiet = quiet;
	return conflicts_ask(c->conflicts, k, value);
}

/* a place in the value at hand: blend_put()'s question */
static int
ask_place(void *ctx, struct slice place, const char *why,
    const struct slice of[3], struct slice *value)
{
	struct composer *c = ctx;
	struct conflict k = { .place = place, .why = why,
	    .of = { of[0], of[1], of[2] } };

	return ask(c, &k, !c->report, value);
}

/* the value of a version, or of a file its text */
static int
value_of(struct composer *c, uint32_t i, unsigned side, struct buf *keeper,
    struct slice *value)
{
	struct side *s = &c->t->side[side];
	uint32_t node = triple_of(c, i)->node[side];
	struct record r;

	if (node == NOTHING)
		return 0;
	if (compose_is_raw(c->t, i))
		return raw_value(&c->raw[side], s, node, value);
	if (side_keep(s, node, keeper, &r) == -1)
		return -1;
	*value = r.field[RECORD_VALUE];
	return 0;
}

/* the same of all versions, whether told or not */
static int
ask_whole(struct composer *c, uint32_t i, const char *why, int quiet)
{
	struct buf kept[TRIPLE_SIDES] = {{0}};
	struct conflict k = { .why = why };
	struct slice value = {0};
	unsigned side;
	int got = 0;

	c->at = i;
	for (side = 0; side < TRIPLE_SIDES && got == 0; side++)
		got = value_of(c, i, side, &kept[side], &k.of[side]);
	if (got == 0)
		got = ask(c, &k, quiet, &value);
	if (got == PICK_VALUE)
		got = diag_fail(c->diag, STATUS_INPUT, NULL, "%.*s %.*s: a "
		    "\"choice\" of value is for places in it; expected ours, "
		    "theirs or base", (int)k.who.kind.n, k.who.kind.p,
		    (int)k.who.id.n, k.who.id.p);
	for (side = 0; side < TRIPLE_SIDES; side++)
		buf_free(&kept[side]);
	return got;
}

int
compose_ask(struct composer *c, uint32_t i, const char *why)
{
	return ask_whole(c, i, why, 0);
}

int
compose_ask_name(struct composer *c, const struct collision *two)
{
	const uint32_t *p = triple_of(c, two->ours)->node;
	const uint32_t *q = triple_of(c, two->theirs)->node;
	struct buf kept[2] = {{0}};
	struct conflict k = { .why = "ours and theirs have each given this "
	    "name to another" };
	struct slice value;
	struct record r[2];
	int got = -1;

	if (side_keep(&c->t->side[TRIPLE_OURS], p[TRIPLE_OURS], &kept[0],
	    &r[0]) == 0 && side_keep(&c->t->side[TRIPLE_THEIRS],
	    q[TRIPLE_THEIRS], &kept[1], &r[1]) == 0 &&
	    who_is(&c->who, &c->t->side[TRIPLE_THEIRS], q[TRIPLE_THEIRS],
	    &k.who) == 0) {
		k.of[TRIPLE_OURS] = r[0].field[RECORD_VALUE];
		k.of[TRIPLE_THEIRS] = r[1].field[RECORD_VALUE];
		c->conflicts->quiet = 0;
		got = conflicts_ask(c->conflicts, &k, &value);
	}
	if (got != -1 && got != PICK_OPEN && (two->by_id ||
	    got == PICK_VALUE))
		got = diag_fail(c->diag, STATUS_FINDING, NULL, "%.*s %.*s: "
		    "ours and theirs have each given this name to another: "
		    "no choice can tell them apart; rename one of them on its "
		    "side (pkg-rename) and merge again", (int)k.who.kind.n,
		    k.who.kind.p, (int)k.who.name.n, k.who.name.p);
	buf_free(&kept[0]);
	buf_free(&kept[1]);
	return got;
}

/* ---- the line made */

static int
change_made(struct composer *c, const struct record_edit *changes, size_t n)
{
	struct buf old = c->line;

	c->spare.len = 0;
	record_edit(&c->spare, &c->made, changes, n);
	c->line = c->spare;
	c->spare = old;
	return read_made(c, &c->made, &c->line);
}

static int
take_line(struct composer *c, uint32_t i, unsigned side)
{
	struct record r;

	if (keep(c, i, side, &r) == -1)
		return -1;
	c->line.len = 0;
	buf_add(&c->line, c->kept[side].ptr, c->kept[side].len);
	return read_made(c, &c->made, &c->line);
}

/* the member that counts others, or NULL */
static const struct map_row *
counter_of(const struct composer *c, uint32_t i)
{
	unsigned side = triples_own(c->t, i);
	const struct sort *sort = side_sort(&c->t->side[side],
	    triple_of(c, i)->node[side]);

	return sort->counts ? map_kind_row(sort->kind, "count") : NULL;
}

/* components of a kind that belong to a version; live: in the result, and of
   ours, or not ours at all */
static uint64_t
count_owned(const struct composer *c, uint32_t i, unsigned side,
    const char *kind, int live)
{
	const struct side *s = &c->t->side[side];
	uint32_t node = triple_of(c, i)->node[side], number, to;
	struct toward it;
	uint64_t n = 0;

	number = graph_kind_number(&s->graph, kind, strlen(kind));
	if (node == NOTHING || number == NOTHING)
		return 0;
	it = graph_toward(&s->graph, node);
	while ((node = graph_next_owned(&it)) != NOTHING) {
		if (side_node(s, node)->kind != number)
			continue;
		to = triples_of(c->t, side, node);
		n += !live || (triple_of(c, to)->fate == TRIPLE_LIVE &&
		    (side != TRIPLE_THEIRS ||
		    triple_of(c, to)->node[TRIPLE_OURS] == NOTHING));
	}
	return n;
}

/* whether the stream has nothing of what it counts: a file alone, maybe */
static int
counts_elsewhere(const struct composer *c, uint32_t i, const char *kind)
{
	unsigned side;

	for (side = 0; side < TRIPLE_SIDES; side++) {
		if (count_owned(c, i, side, kind, 0) > 0)
			return 0;
	}
	return 1;
}

/* the side that a pick stands for */
static unsigned
side_of(enum pick pick)
{
	return pick == PICK_BASE ? TRIPLE_BASE : pick == PICK_THEIRS ?
	    TRIPLE_THEIRS : TRIPLE_OURS;
}

/* of versions that are spelled in other ways there is no common value */
static int
has_one_encoding(const struct record *r)
{
	return slice_same(r[TRIPLE_OURS].field[RECORD_ENCODING],
	    r[TRIPLE_THEIRS].field[RECORD_ENCODING]) &&
	    (r[TRIPLE_BASE].line.p == NULL ||
	    slice_same(r[TRIPLE_OURS].field[RECORD_ENCODING],
	    r[TRIPLE_BASE].field[RECORD_ENCODING]));
}

/* a line that both sides have a part in: 1; *side is whose it is; 0: the base's
   was chosen, which has none; or -1 */
static int
blend_line(struct composer *c, uint32_t i, unsigned *side)
{
	const struct map_row *row = counter_of(c, i);
	struct record_edit change = { .field = RECORD_VALUE };
	struct record r[TRIPLE_SIDES];
	struct place at[TRIPLE_SIDES];
	int got;

	*side = TRIPLE_OURS;
	c->at = i;
	c->blend.ask = ask_place;
	c->blend.ctx = c;
	c->blend.counter = row != NULL ? row->args[0] : NULL;
	c->blend.adds = row != NULL && counts_elsewhere(c, i, row->args[1]);
	c->value.len = 0;
	if (keep_all(c, i, r, at) == -1 ||
	    blend_compare(&c->blend, r, at) == -1)
		return -1;
	if (has_one_encoding(r)) {
		got = blend_put(&c->blend, &c->value);
	} else {
		got = ask_whole(c, i, "changed on both sides", !c->report);
		if (got == -1 || keep_all(c, i, r, at) == -1)
			return -1;
	}
	if (got == -1)
		return -1;
	if (got != PICK_VALUE && got != PICK_BOTH)
		*side = side_of((enum pick)got);
	if (triple_of(c, i)->node[*side] == NOTHING)
		return 0;
	c->line.len = 0;
	buf_add(&c->line, c->kept[*side].ptr, c->kept[*side].len);
	if (read_made(c, &c->made, &c->line) == -1)
		return -1;
	change.json = (struct slice){ c->value.ptr, c->value.len };
	return got != PICK_VALUE && got != PICK_BOTH ? 1 :
	    change_made(c, &change, 1) == -1 ? -1 : 1;
}

/* ---- where it stands */

/* the path that a file has in the result, with its quotes, in c->path */
static int
find_path(struct composer *c, uint32_t file)
{
	struct buf path = {0};
	int side;

	if (c->path_of == file)
		return 0;
	c->path_of = NOTHING;
	c->path.len = 0;
	if ((side = paths_file(c->t, file, &path)) == -1)
		return -1;
	buf_addc(&c->path, '"');
	if (!folders_path(&c->folders[side], (struct slice){ path.ptr,
	    path.len }, &c->path))
		buf_add(&c->path, buf_str(&path), path.len);
	buf_addc(&c->path, '"');
	buf_free(&path);
	c->path_of = file;
	return 0;
}

/* the file, and the place in it, where the result has it: 1, 0 or -1 */
static int
restate_place(struct composer *c, uint32_t i, unsigned side)
{
	unsigned home = triples_home(c->t, i);
	struct record_edit changes[3];
	struct record r;
	uint32_t file = i, up;
	size_t n = 0;

	while ((up = compose_around(c->t, file)) != NOTHING)
		file = up;
	if (find_path(c, file) == -1)
		return -1;
	if (!slice_same(c->made.field[RECORD_FILE],
	    (struct slice){ c->path.ptr, c->path.len }))
		changes[n++] = (struct record_edit){ RECORD_FILE,
		    { c->path.ptr, c->path.len } };
	if (home != side && c->made.kind != RECORD_OF_FILE) {
		if (side_keep(&c->t->side[home], triple_of(c, i)->node[home],
		    &c->text, &r) == -1)
			return -1;
		if (!slice_same(c->made.field[RECORD_AT], r.field[RECORD_AT]))
			changes[n++] = (struct record_edit){ RECORD_AT,
			    r.field[RECORD_AT] };
		if (!slice_same(c->made.field[RECORD_KEY],
		    r.field[RECORD_KEY]))
			changes[n++] = (struct record_edit){ RECORD_KEY,
			    r.field[RECORD_KEY] };
	}
	return n == 0 ? 0 : change_made(c, changes, n) == -1 ? -1 : 1;
}

/* ---- what it counts, and has lost */

static int
take_spare(struct composer *c)
{
	struct buf old = c->line;

	c->line = c->spare;
	c->spare = old;
	return read_made(c, &c->made, &c->line) == -1 ? -1 : 1;
}

/* the number of what belongs to it: 1, 0 (the same) or -1 */
static int
restate_count(struct composer *c, uint32_t i, unsigned side)
{
	const struct map_row *row = counter_of(c, i);
	struct place at = place_of(c, i, side);
	uint64_t was, is;
	int got;

	if (row == NULL)
		return 0;
	was = count_owned(c, i, side, row->args[1], 0);
	is = count_owned(c, i, TRIPLE_OURS, row->args[1], 1) +
	    count_owned(c, i, TRIPLE_THEIRS, row->args[1], 1);
	if (was == is)
		return 0;
	c->spare.len = 0;
	got = repair_count(c->repairer, &c->made, row->args[1], was, is, 0,
	    &at, &c->spare);
	return got == REPAIRED_CHANGED ? take_spare(c) : got == -1 ? -1 : 0;
}

/* whether the user has chosen that what a reference means is gone */
static int
ask_lost(void *ctx, const char *ref, size_t n)
{
	const struct composer *c = ctx;
	struct triples_word w = { keyindex_hash_ref(ref, n), TRIPLE_OURS,
	    NOTHING };
	int lost = 0;
	uint32_t to;

	while ((to = triples_next(c->t, &w)) != NOTHING) {
		if (triple_of(c, to)->fate == TRIPLE_LIVE)
			return 0;
		lost |= triple_of(c, to)->fate == TRIPLE_LEFT;
	}
	return lost;
}

/* whether a list has a reference to what is gone so */
static int
has_lost(struct composer *c)
{
	enum record_field f;
	struct slice item;
	size_t at;

	for (f = RECORD_OWNER; f <= RECORD_REFS; f++) {
		at = 0;
		while (list_next(c->made.field[f], &at, &item) == 1) {
			item = list_reference(item);
			if (ask_lost(c, item.p, item.n))
				return 1;
		}
	}
	return 0;
}

/* whether all that the line made belongs to is gone so */
static int
is_orphan(struct composer *c)
{
	struct slice item;
	size_t at = 0, owners = 0;

	while (list_next(c->made.field[RECORD_OWNER], &at, &item) == 1) {
		item = list_reference(item);
		if (!ask_lost(c, item.p, item.n))
			return 0;
		owners++;
	}
	return owners > 0;
}

/* without that: 1; 0: it cannot be without it; or -1 */
static int
restate_lost(struct composer *c, uint32_t i, unsigned side)
{
	struct place at = place_of(c, i, side);
	const struct repair_ask lost = { .lost = ask_lost, .ctx = c,
	    .place = &at };
	int got;

	if (!has_lost(c))
		return 1;
	if (is_orphan(c))
		return 0;
	c->spare.len = 0;
	got = repair(c->repairer, &c->made, &lost, &c->spare);
	if (got == REPAIRED_CHANGED)
		return take_spare(c);
	return got == -1 ? -1 : got != REPAIRED_DROP;
}

/* the envelope says what the value says; 0 or -1 */
static int
derive_made(struct composer *c, uint32_t i, unsigned side)
{
	struct record_edit changes[DERIVED];
	struct place at = place_of(c, i, side);
	size_t n;

	if (c->made.field[RECORD_ENCODING].p != NULL)
		return 0;
	if (record_read_value(&c->tape, c->diag, &c->made, &at) == -1)
		return -1;
	n = derive(c->spots, &c->made, &c->tape, RECORD_ID, changes,
	    &c->text);
	return n == 0 ? 0 : change_made(c, changes, n);
}

/* a component: 1, 0 or -1 */
static int
finish(struct composer *c, uint32_t i, unsigned side, int blended)
{
	int placed = restate_place(c, i, side), counted, there;

	if (placed == -1)
		return -1;
	if (c->made.kind != RECORD_COMPONENT)
		return 1;
	counted = restate_count(c, i, side);
	there = counted == -1 ? -1 : restate_lost(c, i, side);
	if (there != 1)
		return there;
	return (blended || placed || c->restated) &&
	    derive_made(c, i, side) == -1 ? -1 : 1;
}

int
compose_three(struct composer *c, uint32_t i)
{
	unsigned side = TRIPLE_OURS;
	int take = take_of(c, i), rc;

	c->restated = 0;
	switch (take) {
	case -1:
		return -1;
	case TAKE_BOTH:
		rc = blend_line(c, i, &side);
		break;
	default:
		side = take == TAKE_BASE ? TRIPLE_BASE :
		    take == TAKE_THEIRS ? TRIPLE_THEIRS : TRIPLE_OURS;
		rc = take_line(c, i, side) == -1 ? -1 : 1;
	}
	return rc != 1 ? rc : finish(c, i, side, take == TAKE_BOTH);
}

/* ---- files that are not split */

/* the size that a text has as bytes, for its line */
static int
set_size(struct composer *c)
{
	struct record_edit change = { .field = RECORD_SIZE };
	struct buf size = {0};
	int rc;

	c->text.len = 0;
	string_decode(&c->text, c->value.ptr, c->value.len);
	buf_printf(&size, "%zu", c->text.len);
	change.json = (struct slice){ size.ptr, size.len };
	rc = change_made(c, &change, 1);
	buf_free(&size);
	return rc;
}

/* the texts of both put together: 1, 0 (they cannot be) or -1 */
static int
blend_texts(struct composer *c, uint32_t i)
{
	const uint32_t *node = triple_of(c, i)->node;
	struct slice of[TRIPLE_SIDES];
	unsigned side;

	for (side = 0; side < TRIPLE_SIDES; side++) {
		if (node[side] == NOTHING)
			return 0;
		if (raw_value(&c->raw[side], &c->t->side[side], node[side],
		    &of[side]) == -1)
			return -1;
		if (*of[side].p != '"')
			return 0;
		of[side].p++;
		of[side].n -= 2;
	}
	c->value.len = 0;
	return textlines_merge(of[TRIPLE_BASE], of[TRIPLE_OURS],
	    of[TRIPLE_THEIRS], &c->value);
}

int
compose_raw(struct composer *c, uint32_t i, unsigned *side)
{
	int take = take_of(c, i), got;

	if (take == -1)
		return -1;
	*side = take == TAKE_BASE ? TRIPLE_BASE : take == TAKE_THEIRS ?
	    TRIPLE_THEIRS : TRIPLE_OURS;
	if (take != TAKE_BOTH)
		return 0;
	if ((got = blend_texts(c, i)) == -1)
		return -1;
	if (got == 0) {
		got = ask_whole(c, i, "changed on both sides", !c->report);
		*side = side_of((enum pick)got);
		return got == -1 ? -1 : 0;
	}
	if (take_line(c, i, *side) == -1 ||
	    restate_place(c, i, *side) == -1)
		return -1;
	return set_size(c) == -1 ? -1 : 1;
}

int
compose_part(struct composer *c, uint32_t file, unsigned side, uint32_t node)
{
	struct record_edit change = { .field = RECORD_FILE };
	struct record r;

	if (find_path(c, file) == -1 || side_keep(&c->t->side[side], node,
	    &c->kept[side], &r) == -1 ||
	    restate(c, side, node, &c->kept[side], &r) == -1)
		return -1;
	c->line.len = 0;
	buf_add(&c->line, c->kept[side].ptr, c->kept[side].len);
	if (read_made(c, &c->made, &c->line) == -1)
		return -1;
	change.json = (struct slice){ c->path.ptr, c->path.len };
	return slice_same(c->made.field[RECORD_FILE], change.json) ? 0 :
	    change_made(c, &change, 1);
}
