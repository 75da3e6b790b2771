/* SPDX-License-Identifier: ISC */
/*
 * All differences of two streams.
 *
 * Of each component that differs a row is kept, by which they are sorted for
 * those who ask; what differs in it is found again when its turn comes.
 */
#include "diff/difference.h"

#include <stdlib.h>
#include <string.h>

#include "base/bigarray.h"
#include "base/counts.h"
#include "base/diag.h"
#include "diff/changes.h"
#include "diff/files.h"
#include "diff/item.h"
#include "diff/raw.h"
#include "diff/who.h"
#include "map/map.h"
#include "map/registry.h"
#include "match/pair.h"
#include "match/side.h"
#include "match/sorts.h"

/* owners of owners, at most */
#define MOST_OWNERS 64

/* a component that differs, and where its turn is */
struct row {
	uint64_t group, own;
	uint32_t old, new;	/* or NOTHING */
	uint32_t top;		/* the outermost it belongs to ... */
	uint8_t top_new;	/* ... is of the new stream */
	uint8_t op;
};

struct difference {
	struct diag *diag;
	struct side old, new;
	struct sorts sorts;
	struct changes changes;
	int compares;		/* changes are open */
	struct bigarray rows;	/* of struct row: n */
	uint64_t n;
	struct buf lines[2];	/* of the pair at hand */
	struct raw raw;		/* a file */
	struct who_texts who, was, owner;
};

static struct side *
side_of(struct difference *d, int newer)
{
	return newer ? &d->new : &d->old;
}

/* a component, or a file that is none and is not split into any */
static int
is_shown(const struct side *s, uint32_t node)
{
	if (side_node(s, node)->type == RECORD_COMPONENT)
		return 1;
	return side_node(s, node)->type == RECORD_OF_FILE &&
	    side_sort(s, node)->place == SORT_FILE &&
	    (side_end(s, node) == node + 1 ||
	    side_node(s, node + 1)->type != RECORD_COMPONENT);
}

/* ---- what the values ask */

/* the only record that a reference leads to, or NOTHING */
static uint32_t
leads_to(const struct side *s, const char *ref, size_t n)
{
	uint32_t key = graph_find(&s->graph, ref, n);

	if (key == NOTHING ||
	    keyindex_next(&s->graph.keys, key) != NOTHING)
		return NOTHING;
	return keyindex_at(&s->graph.keys, key)->node;
}

/* of a pair: the old one's number, as the new one's mate; it lasts */
static int
identity(void *ctx, int newer, const char *ref, size_t n, struct slice *text)
{
	struct difference *d = ctx;
	uint32_t node = leads_to(side_of(d, newer), ref, n);

	if (node == NOTHING || side_mate(side_of(d, newer), node) == NOTHING)
		return 0;
	if (!newer)
		node = side_mate(&d->old, node);
	*text = (struct slice){ (const char *)&side_mates(&d->new)[node],
	    sizeof(uint32_t) };
	return 1;
}

static int
name(void *ctx, int newer, const char *ref, size_t n, struct buf *b)
{
	struct side *s = side_of(ctx, newer);
	uint32_t node = leads_to(s, ref, n);

	/* difference_each() asks for the error */
	return node != NOTHING && side_name(s, node, b);
}

/* ---- what differs */

/* whether a pair is called otherwise, not only what it belongs to */
static int
is_renamed(const struct difference *d, uint32_t old, const struct record *a,
    const struct record *b)
{
	struct slice x = record_text(a, RECORD_NAME);
	struct slice y = record_text(b, RECORD_NAME);

	if ((side_node(&d->old, old)->status & SIDE_RENAMED) == 0)
		return 0;
	return x.n > 0 && y.n > 0 ? !slice_same(x, y) :
	    !slice_same(record_text(a, RECORD_ID), record_text(b, RECORD_ID));
}

/* both lines of a pair, kept; 0 or -1 */
static int
keep_pair(struct difference *d, uint32_t old, uint32_t new,
    struct record r[2], struct place at[2])
{
	at[0] = side_place(&d->old, old);
	at[1] = side_place(&d->new, new);
	return side_keep(&d->old, old, &d->lines[0], &r[0]) == -1 ||
	    side_keep(&d->new, new, &d->lines[1], &r[1]) == -1 ? -1 : 0;
}

/*
 * Compare two components; brief: only whether they differ.  What became of
 * it, DIFF_OPS: nothing; or -1.
 */
static int
compare(struct difference *d, uint32_t old, uint32_t new, struct record r[2],
    int brief)
{
	struct place at[2];
	int got = 0;

	if (keep_pair(d, old, new, r, at) == -1)
		return -1;
	if (r[0].field[RECORD_ENCODING].p != NULL &&
	    r[1].field[RECORD_ENCODING].p != NULL &&
	    raw_same(&d->raw, &r[0], &r[1]))
		return is_renamed(d, old, &r[0], &r[1]) ? DIFF_RENAME :
		    DIFF_OPS;
	if (!brief || !slice_same(r[0].field[RECORD_VALUE],
	    r[1].field[RECORD_VALUE]))
		got = changes_find(&d->changes, &r[0], &r[1], at, brief);
	if (got == -1)
		return -1;
	if (is_renamed(d, old, &r[0], &r[1]))
		return DIFF_RENAME;
	return got == 1 ? DIFF_CHANGE : DIFF_OPS;
}

/* the same of a pair of any sort, first by their bytes */
static int
compare_any(struct difference *d, uint32_t old, uint32_t new)
{
	struct record r[2];
	int got;

	if (side_node(&d->old, old)->type == RECORD_OF_FILE) {
		got = raw_differ(&d->raw, &d->old, old, &d->new, new);
		return got == -1 ? -1 : got == 1 ? DIFF_CHANGE : DIFF_OPS;
	}
	if ((got = side_same(&d->old, old, &d->new, new)) != 0)
		return got == -1 ? -1 : DIFF_OPS;
	return compare(d, old, new, r, 1);
}

/* the order of a component: tasks first, then as the map has the kinds */
static uint64_t
order_of(const struct side *s, uint32_t node)
{
	const struct sort *sort = side_sort(s, node);
	uint64_t place = sort->place < 0 ? 4095 : (unsigned)sort->place;

	return (uint64_t)(sort->task == 0) << 45 | place << 33 |
	    (uint64_t)(s->is_source == 0) << 32 | node;
}

/* a row more: where its turn is; 0 or -1 */
static int
add_row(struct difference *d, enum diff_op op, uint32_t old, uint32_t new)
{
	struct row row = { .old = old, .new = new, .op = (uint8_t)op,
	    .top_new = new != NOTHING };
	struct side *s = side_of(d, row.top_new);
	uint32_t node = row.top_new ? new : old, up;
	unsigned n = 0;

	row.own = order_of(s, node);
	row.top = node;
	while (n++ < MOST_OWNERS && (up = who_owner(s, row.top)) != NOTHING &&
	    up != node)
		row.top = up;
	if (!row.top_new && side_mate(&d->old, row.top) != NOTHING) {
		row.top = side_mate(&d->old, row.top);
		row.top_new = 1;
	}
	row.group = order_of(side_of(d, row.top_new), row.top);
	if (row.group == row.own)
		row.own = 0;
	if (bigarray_hold(&d->rows, (size_t)(d->n + 1) * sizeof(row)) == -1)
		return -1;
	((struct row *)d->rows.p)[d->n++] = row;
	return 0;
}

static int
by_turn(const void *va, const void *vb)
{
	const struct row *a = va, *b = vb;

	if (a->group != b->group)
		return a->group < b->group ? -1 : 1;
	return a->own < b->own ? -1 : a->own > b->own;
}

/* the rows of all that differs, sorted; 0 or -1 */
static int
find(struct difference *d)
{
	uint32_t i, mate;
	int got, rc = 0;

	for (i = 0; i < d->old.graph.n && rc == 0; i++) {
		if (!is_shown(&d->old, i))
			continue;
		mate = side_mate(&d->old, i);
		got = mate == NOTHING || !is_shown(&d->new, mate) ?
		    DIFF_REMOVE : compare_any(d, i, mate);
		rc = got == -1 ? -1 : got == DIFF_OPS ? 0 :
		    add_row(d, (enum diff_op)got, i, got == DIFF_REMOVE ?
		    NOTHING : mate);
	}
	for (i = 0; i < d->new.graph.n && rc == 0; i++) {
		mate = side_mate(&d->new, i);
		if (is_shown(&d->new, i) && (mate == NOTHING ||
		    !is_shown(&d->old, mate)))
			rc = add_row(d, DIFF_ADD, NOTHING, i);
	}
	if (rc == 0 && d->n > 1)
		qsort(d->rows.p, (size_t)d->n, sizeof(struct row), by_turn);
	return rc;
}

/* ---- the whole */

static int
open_sides(struct difference *d, const struct difference_options *o,
    struct room *room, struct registry *maps)
{
	const struct changes_ask ask = { .identity = identity, .name = name,
	    .ctx = d };
	struct input_options old = o->input, new = o->input;
	const struct map *map;

	if (o->fds != NULL) {
		old.fd = &o->fds[0];
		new.fd = &o->fds[1];
	}
	if (side_open(&d->old, d->diag, o->old, &old, room) == -1 ||
	    side_open(&d->new, d->diag, o->new, &new, room) == -1 ||
	    twopass_akin(&d->new.in, "the new stream", &d->old.in,
	    "the old one", 0, "two") == -1 || (map = registry_of(d->diag,
	    maps, o->input.map, &d->old.in.first)) == NULL)
		return -1;
	sorts_init(&d->sorts, d->diag, map);
	changes_open(&d->changes, d->diag, map, &ask);
	d->compares = 1;
	return side_read(&d->old, &d->sorts) == -1 ||
	    side_read(&d->new, &d->sorts) == -1 ? -1 : 0;
}

struct difference *
difference_open(struct diag *diag, const struct difference_options *o,
    struct room *room, struct registry *maps)
{
	struct difference *d = xcalloc(1, sizeof(*d));

	d->diag = diag;
	d->new.is_source = 1;
	d->rows.room = room;
	if (open_sides(d, o, room, maps) == 0 &&
	    pair_all(&d->old, &d->new, files_pair, NULL) == 0 && find(d) == 0)
		return d;
	difference_close(d);
	return NULL;
}

void
difference_close(struct difference *d)
{
	if (d == NULL)
		return;
	if (d->compares)
		changes_close(&d->changes);
	side_close(&d->old);
	side_close(&d->new);
	sorts_free(&d->sorts);
	bigarray_free(&d->rows);
	buf_free(&d->lines[0]);
	buf_free(&d->lines[1]);
	raw_free(&d->raw);
	who_free(&d->who);
	who_free(&d->was);
	who_free(&d->owner);
	free(d);
}

struct counts
difference_read(const struct difference *d)
{
	return (struct counts){ .records = (uint64_t)d->old.graph.n +
	    d->new.graph.n, .bytes_in = d->old.in.in.lines.taken +
	    d->new.in.in.lines.taken };
}

uint64_t
difference_count(const struct difference *d)
{
	return d->n;
}

/* the changes of what one side alone has, or of a file; 0 or -1 */
static int
change_whole(struct difference *d, const struct row *row,
    struct diff_item *item, struct change *change)
{
	uint32_t node = row->new != NOTHING ? row->new : row->old;
	struct side *s = side_of(d, row->new != NOTHING);
	struct record r;

	*change = (struct change){ .op = row->op == DIFF_ADD ? CHANGE_ADD :
	    row->op == DIFF_REMOVE ? CHANGE_REMOVE : CHANGE_REPLACE,
	    .pointer = { "", 0 }, .place = { "", 0 } };
	item->changes = change;
	item->nchanges = 1;
	if (side_node(s, node)->type == RECORD_OF_FILE)
		return (row->old != NOTHING && raw_value(&d->raw, &d->old,
		    row->old, &change->old) == -1) || (row->new != NOTHING &&
		    raw_value(&d->raw, &d->new, row->new, &change->new) ==
		    -1) ? -1 : 0;
	if (side_keep(s, node, &d->lines[0], &r) == -1)
		return -1;
	if (row->op == DIFF_ADD)
		change->new = r.field[RECORD_VALUE];
	else
		change->old = r.field[RECORD_VALUE];
	return 0;
}

/* what differs in a row's component; 0 or -1 */
static int
look_inside(struct difference *d, const struct row *row,
    struct diff_item *item, struct change *change)
{
	struct record r[2];

	if (row->old == NOTHING || row->new == NOTHING ||
	    side_node(&d->old, row->old)->type == RECORD_OF_FILE)
		return change_whole(d, row, item, change);
	if (compare(d, row->old, row->new, r, 0) == -1)
		return -1;
	item->changes = changes_list(&d->changes, &item->nchanges);
	return 0;
}

/* who a row is of; 0 or -1 */
static int
name_row(struct difference *d, const struct row *row, struct diff_item *item)
{
	struct side *s = side_of(d, row->new != NOTHING);
	uint32_t node = row->new != NOTHING ? row->new : row->old;

	item->op = (enum diff_op)row->op;
	item->owns = row->own == 0;
	item->old = row->old;
	item->new = row->new;
	if (who_is(&d->who, s, node, &item->who) == -1)
		return -1;
	if (row->old != NOTHING && row->new != NOTHING &&
	    who_is(&d->was, &d->old, row->old, &item->was) == -1)
		return -1;
	return item->begins ? who_is(&d->owner, side_of(d, row->top_new),
	    row->top, &item->owner) : 0;
}

int
difference_each(struct difference *d, int inside,
    int (*take)(void *, const struct diff_item *), void *ctx)
{
	const struct row *row = d->rows.p;
	struct diff_item item = {0};
	struct change change;
	uint64_t i;

	for (i = 0; i < d->n; i++, row++) {
		item = (struct diff_item){ .owner = item.owner };
		item.begins = i == 0 || row[-1].group != row->group;
		if (name_row(d, row, &item) == -1 || (inside &&
		    look_inside(d, row, &item, &change) == -1) ||
		    take(ctx, &item) == -1)
			return -1;
	}
	/* a name that could not be read is none, and the error stays one */
	return diag_failed(d->old.diag);
}
