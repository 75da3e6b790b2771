/* SPDX-License-Identifier: ISC */
/*
 * The patch that makes one stream of another.
 *
 * Records of one name are the same one.  Of those that stand in one place the
 * most that keep their order stay, the others move.  The patch is the new
 * stream without what stays, but for what others stand in or come behind.
 */
#include "patch/patch.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "diff/sequence.h"
#include "map/registry.h"
#include "patch/digest.h"
#include "patch/tree.h"
#include "stream/record_edit.h"

const char *const patch_ops[PATCH_OPS] = {
	[PATCH_KEEP] = "keep", [PATCH_ADD] = "add",
	[PATCH_REPLACE] = "replace", [PATCH_REMOVE] = "remove",
	[PATCH_MOVE] = "move",
};

/* of a record of the new stream: node->status */
enum {
	MARK_CHANGED = 1,	/* its line is another */
	MARK_MOVED = 2,
	MARK_WRITTEN = 4,	/* the patch has it */
	MARK_WAS = 8,		/* ... with its sum, though it stays */
	MARK_SLICES = 16,	/* a file: slices of it change */
	MARK_SHUFFLED = 32	/* what stands in it has another order */
};

/* a record that is removed, and what it stood in is not */
struct top {
	uint32_t before;	/* the new record that it is written before */
	uint32_t up;		/* the one that it stood in, from 1; or 0 */
	uint32_t old;
};

struct writing {
	struct diag *diag;
	struct tree old, new;
	struct bigarray mates[2];	/* of uint32_t, by old and by new */
	struct bigarray tops;	/* of struct top: ntops */
	size_t ntops;
	int shuffled;		/* so is what stands in the stream itself */
	struct digests digests;
	struct stream_out stream;
	struct buf line;
	struct patched *done;
};

static uint32_t *
mates_of_old(const struct writing *w)
{
	return w->mates[0].p;
}

static uint32_t *
mates_of_new(const struct writing *w)
{
	return w->mates[1].p;
}

static uint16_t *
mark_of(const struct writing *w, uint32_t new)
{
	return &graph_node(&w->new.graph, new)->status;
}

/* ---- what is the same */

/* who is who, and whose line is another; 0 or -1 */
static int
pair(struct writing *w)
{
	uint32_t i, old;
	int same;

	if (bigarray_hold(&w->mates[0], ((size_t)w->old.graph.n + 1) *
	    sizeof(uint32_t)) == -1 || bigarray_hold(&w->mates[1],
	    ((size_t)w->new.graph.n + 1) * sizeof(uint32_t)) == -1)
		return -1;
	for (i = 0; i < w->old.graph.n; i++)
		mates_of_old(w)[i] = NOTHING;
	for (i = 0; i < w->new.graph.n; i++) {
		old = tree_find(&w->old, tree_name(&w->new, i));
		mates_of_new(w)[i] = old;
		if (old == NOTHING)
			continue;
		mates_of_old(w)[old] = i;
		if ((same = graph_same(&w->old.graph, &w->old.in, old,
		    &w->new.graph, &w->new.in, i)) == -1)
			return -1;
		if (!same)
			*mark_of(w, i) |= MARK_CHANGED;
	}
	return 0;
}

/* ---- what moves */

/* whether the records that stand in this one keep their order */
static int
is_shuffled(const struct writing *w, uint32_t up)
{
	return up == NOTHING ? w->shuffled : *mark_of(w, up) & MARK_SHUFFLED;
}

/* note where the order is another; 0 or -1 */
static int
find_shuffled(struct writing *w)
{
	struct bigarray last = { .room = w->mates[0].room };
	uint32_t i, up, mate, *before;

	if (bigarray_hold(&last, ((size_t)w->new.graph.n + 1) *
	    sizeof(*before)) == -1)
		return -1;
	for (i = 0; i < w->new.graph.n; i++) {
		if ((mate = mates_of_new(w)[i]) == NOTHING)
			continue;
		up = tree_parent(&w->new, i);
		before = (uint32_t *)last.p + tree_slot(&w->new, up);
		if (mate < *before && up == NOTHING)
			w->shuffled = 1;
		else if (mate < *before)
			*mark_of(w, up) |= MARK_SHUFFLED;
		*before = mate;
	}
	bigarray_free(&last);
	return 0;
}

/* mark those of what stands in this one that move; 0 or -1 */
static int
mark_moved(struct writing *w, uint32_t up)
{
	struct bigarray list = { .room = w->mates[0].room };
	struct bigarray keep = { .room = w->mates[0].room };
	uint32_t i, n = 0, end = tree_end(&w->new, up);
	uint64_t listed = 0;
	int rc = 0;

	for (i = tree_begin(up); i < end && rc == 0; i = tree_end(&w->new, i))
		rc = bigarray_push(&list, &listed, mates_of_new(w)[i]);
	if (rc == 0)
		rc = bigarray_hold(&keep, (size_t)listed);
	if (rc == 0)
		sequence_rising(list.p, (uint32_t)listed, keep.p);
	for (i = tree_begin(up); i < end && rc == 0; n++) {
		if (mates_of_new(w)[i] != NOTHING &&
		    !((uint8_t *)keep.p)[n])
			*mark_of(w, i) |= MARK_MOVED;
		i = tree_end(&w->new, i);
	}
	bigarray_free(&list);
	bigarray_free(&keep);
	return rc;
}

static int
find_moved(struct writing *w)
{
	uint32_t i;

	if (find_shuffled(w) == -1)
		return -1;
	if (is_shuffled(w, NOTHING) && mark_moved(w, NOTHING) == -1)
		return -1;
	for (i = 0; i < w->new.graph.n; i++) {
		if (is_shuffled(w, i) && mark_moved(w, i) == -1)
			return -1;
	}
	return 0;
}

/* ---- what is removed, and where that is written */

static int
by_place(const void *va, const void *vb)
{
	const struct top *a = va, *b = vb;

	if (a->before != b->before)
		return a->before < b->before ? -1 : 1;
	if (a->up != b->up)	/* what is further in comes first */
		return a->up > b->up ? -1 : 1;
	return a->old < b->old ? -1 : 1;
}

/* a removed record, before what follows it in the new stream; 0 or -1 */
static int
add_top(struct writing *w, uint32_t old, uint32_t next)
{
	uint32_t up = tree_parent(&w->old, old);
	struct top top = { .old = old, .before = next };

	if (up != NOTHING) {
		up = mates_of_old(w)[up];
		top.up = up + 1;
	}
	if (next == NOTHING)
		top.before = tree_end(&w->new, up);
	if (bigarray_hold(&w->tops, (w->ntops + 1) * sizeof(top)) == -1)
		return -1;
	((struct top *)w->tops.p)[w->ntops++] = top;
	return 0;
}

/* all that are removed, sorted; 0 or -1 */
static int
find_removed(struct writing *w)
{
	struct bigarray next = { .room = w->mates[0].room };
	uint32_t i, up, mate, *after;
	int rc;

	rc = bigarray_hold(&next, ((size_t)w->old.graph.n + 1) *
	    sizeof(*after));
	after = next.p;
	for (i = 0; rc == 0 && i <= w->old.graph.n; i++)
		after[i] = NOTHING;
	for (i = w->old.graph.n; rc == 0 && i-- > 0; ) {
		up = tree_parent(&w->old, i);
		mate = mates_of_old(w)[i];
		if (mate == NOTHING && (up == NOTHING ||
		    mates_of_old(w)[up] != NOTHING))
			rc = add_top(w, i, after[tree_slot(&w->old, up)]);
		else if (mate != NOTHING && !(*mark_of(w, mate) & MARK_MOVED))
			after[tree_slot(&w->old, up)] = mate;
	}
	bigarray_free(&next);
	if (rc == 0 && w->ntops > 1)
		qsort(w->tops.p, w->ntops, sizeof(struct top), by_place);
	return rc;
}

/* ---- what is written */

/* whether it is not where it was as it was */
static int
is_touched(const struct writing *w, uint32_t new)
{
	return mates_of_new(w)[new] == NOTHING ||
	    (*mark_of(w, new) & (MARK_CHANGED | MARK_MOVED)) != 0;
}

/* whether something is put behind the one that stands before it */
static int
is_placed(const struct writing *w, uint32_t new)
{
	return mates_of_new(w)[new] == NOTHING ||
	    (*mark_of(w, new) & MARK_MOVED) != 0;
}

/* what those that stand in this one are put behind */
static void
mark_anchors(struct writing *w, uint32_t up)
{
	uint32_t i, before = NOTHING, end = tree_end(&w->new, up);

	for (i = tree_begin(up); i < end; i = tree_end(&w->new, i)) {
		if (before != NOTHING && is_placed(w, i))
			*mark_of(w, before) |= MARK_WRITTEN;
		before = i;
	}
}

/* files whose slices change: they come with all of them */
static void
mark_slices(struct writing *w)
{
	uint32_t i, up;

	for (i = 0; i < w->new.graph.n; i++) {
		up = tree_parent(&w->new, i);
		if (graph_node(&w->new.graph, i)->type == RECORD_DATA &&
		    up != NOTHING && is_touched(w, i))
			*mark_of(w, up) |= MARK_SLICES;
	}
	for (i = 0; i < w->old.graph.n; i++) {
		up = tree_parent(&w->old, i);
		if (graph_node(&w->old.graph, i)->type == RECORD_DATA &&
		    mates_of_old(w)[i] == NOTHING && up != NOTHING &&
		    mates_of_old(w)[up] != NOTHING)
			*mark_of(w, mates_of_old(w)[up]) |= MARK_SLICES;
	}
	for (i = 0; i < w->new.graph.n; i++) {
		up = tree_parent(&w->new, i);
		if (graph_node(&w->new.graph, i)->type == RECORD_DATA &&
		    up != NOTHING && *mark_of(w, up) & MARK_SLICES)
			*mark_of(w, i) |= MARK_WRITTEN | MARK_WAS;
	}
}

/* all that the patch has of the new stream */
static void
mark_written(struct writing *w)
{
	const struct top *top = w->tops.p;
	uint32_t i, up;
	size_t k;

	mark_slices(w);
	for (k = 0; k < w->ntops; k++) {
		if (top[k].up > 0)
			*mark_of(w, top[k].up - 1) |= MARK_WRITTEN;
	}
	mark_anchors(w, NOTHING);
	for (i = 0; i < w->new.graph.n; i++) {
		if (mates_of_new(w)[i] != NOTHING)
			mark_anchors(w, i);
	}
	for (i = w->new.graph.n; i-- > 0; ) {
		if (is_touched(w, i))
			*mark_of(w, i) |= MARK_WRITTEN;
		up = tree_parent(&w->new, i);
		if (up != NOTHING && *mark_of(w, i) & MARK_WRITTEN)
			*mark_of(w, up) |= MARK_WRITTEN;
	}
}

/* ---- writing */

/* the members that say what becomes of a record, and their texts */
struct saying {
	struct record_edit list[5];
	size_t n;
	char op[16], was[HASH_TEXT + 2], print[HASH_TEXT + 2], nth[16];
};

static void
say(struct saying *s, enum record_field f, const char *json)
{
	s->list[s->n++] = (struct record_edit){ .field = f, .json = { json,
	    strlen(json) } };
}

static void
say_op(struct saying *s, enum patch_op op, uint32_t nth)
{
	snprintf(s->op, sizeof(s->op), "\"%s\"", patch_ops[op]);
	say(s, RECORD_OP, s->op);
	if (nth > 0) {
		snprintf(s->nth, sizeof(s->nth), "%u", (unsigned)nth);
		say(s, RECORD_NTH, s->nth);
	}
}

static void
say_text(struct saying *s, enum record_field f, char *quoted, const char *text)
{
	snprintf(quoted, HASH_TEXT + 2, "\"%s\"", text);
	say(s, f, quoted);
}

static void
say_sum(struct saying *s, const struct record *r)
{
	char text[HASH_TEXT];

	tree_sum(r->line, text);
	say_text(s, RECORD_WAS, s->was, text);
}

/* what the old version is known by; 0 or -1 */
static int
say_was(struct writing *w, struct saying *s, uint32_t old,
    const struct record *r)
{
	struct place at = tree_place(&w->old, old);
	char text[HASH_TEXT];
	int got;

	say_sum(s, r);
	if ((got = digest_of(&w->digests, r, &at, text)) == 1)
		say_text(s, RECORD_FINGERPRINT, s->print, text);
	return got == -1 ? -1 : 0;
}

static int
put_line(struct writing *w)
{
	const struct slice line = { w->line.ptr, w->line.len };

	return stream_line(&w->stream, &line, 1);
}

/* write a record with what becomes of it; 0 or -1 */
static int
put_whole(struct writing *w, const struct record *r, const struct saying *s)
{
	w->line.len = 0;
	record_edit(&w->line, r, s->list, s->n);
	return put_line(w);
}

/* the same of one that is not there whole, but by what it is known by */
static int
put_known(struct writing *w, const struct record *r, struct saying *s)
{
	static const enum record_field known[] = { RECORD_ID, RECORD_NAME,
	    RECORD_FILE, RECORD_AT, RECORD_KEY, RECORD_OFFSET };
	const enum record_field *f;
	struct slice kind = record_text(r, RECORD_KIND);
	size_t i;

	w->line.len = 0;
	record_begin(&w->line, kind.p, kind.n);
	for (f = record_order(r->kind); *f != RECORD_FIELDS; f++) {
		if (*f == RECORD_VALUE && r->kind == RECORD_OPEN)
			record_put(&w->line, *f, r->field[*f].p,
			    r->field[*f].n);
		for (i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
			if (known[i] == *f && r->field[*f].p != NULL)
				record_put(&w->line, *f, r->field[*f].p,
				    r->field[*f].n);
		}
		for (i = 0; i < s->n; i++) {
			if (s->list[i].field == *f)
				record_put(&w->line, *f, s->list[i].json.p,
				    s->list[i].json.n);
		}
	}
	buf_addc(&w->line, '}');
	return put_line(w);
}

/* a record that is removed, with all that stands in it; 0 or -1 */
static int
put_removed(struct writing *w, uint32_t top)
{
	struct record r;
	uint32_t i, end = tree_end(&w->old, top);

	for (i = top; i < end; i++) {
		struct saying s = {0};

		say_op(&s, PATCH_REMOVE, tree_nth(&w->old, i));
		if (tree_line(&w->old, i, &r) == -1 ||
		    say_was(w, &s, i, &r) == -1 || put_known(w, &r, &s) == -1)
			return -1;
		w->done->counts[PATCH_REMOVE]++;
	}
	return 0;
}

static enum patch_op
op_of(const struct writing *w, uint32_t new)
{
	if (mates_of_new(w)[new] == NOTHING)
		return PATCH_ADD;
	if (*mark_of(w, new) & MARK_CHANGED)
		return PATCH_REPLACE;
	return *mark_of(w, new) & MARK_MOVED ? PATCH_MOVE : PATCH_KEEP;
}

/* a record of the new stream; 0 or -1 */
static int
put_new(struct writing *w, uint32_t new)
{
	struct saying s = {0};
	enum patch_op op = op_of(w, new);
	uint32_t old = mates_of_new(w)[new];
	struct record r;

	w->done->counts[op] += op != PATCH_KEEP;
	say_op(&s, op, tree_nth(&w->new, new));
	if (op == PATCH_REPLACE) {
		if (*mark_of(w, new) & MARK_MOVED)
			say(&s, RECORD_MOVED, "true");
		if (tree_line(&w->old, old, &r) == -1 ||
		    say_was(w, &s, old, &r) == -1)
			return -1;
	}
	if (tree_line(&w->new, new, &r) == -1)
		return -1;
	if (op == PATCH_ADD || op == PATCH_REPLACE)
		return put_whole(w, &r, &s);
	if (tree_is_content(&r) || *mark_of(w, new) & MARK_WAS)
		say_sum(&s, &r);
	return put_known(w, &r, &s);
}

/* the first line: of which stream the patch makes which; 0 or -1 */
static int
put_head(struct writing *w, const char *by)
{
	struct buf head = {0}, old = {0}, new = {0}, line = {0};
	struct record_edit say[] = { { .field = RECORD_PATCH, .json = { "1",
	    1 } }, { .field = RECORD_OLD }, { .field = RECORD_NEW } };
	struct text_error e;
	struct record r;
	int rc;

	stream_put_head(&head, &w->new.in.first, "pkg-diff", by);
	tree_digest(&w->old.in.sum, w->old.graph.n, &old);
	tree_digest(&w->new.in.sum, w->new.graph.n, &new);
	say[1].json = (struct slice){ old.ptr, old.len };
	say[2].json = (struct slice){ new.ptr, new.len };
	rc = record_read(&r, head.ptr, head.len, &e);
	if (rc == 0) {
		record_edit(&line, &r, say, 3);
		rc = stream_head(&w->stream, line.ptr, line.len);
	}
	buf_free(&head);
	buf_free(&old);
	buf_free(&new);
	buf_free(&line);
	return rc;
}

static int
put_all(struct writing *w, const char *by)
{
	const struct top *top = w->tops.p;
	uint32_t i, n = w->new.graph.n;
	size_t k = 0;

	if (put_head(w, by) == -1)
		return -1;
	for (i = 0; i <= n; i++) {
		for (; k < w->ntops && top[k].before == i; k++) {
			if (put_removed(w, top[k].old) == -1)
				return -1;
		}
		if (i < n && *mark_of(w, i) & MARK_WRITTEN &&
		    put_new(w, i) == -1)
			return -1;
	}
	if (twopass_same(&w->old.in) == -1 || twopass_same(&w->new.in) == -1)
		return -1;
	return stream_finish(&w->stream);
}

/* ---- the whole */

static int
write_patch(struct writing *w, const struct patch_options *o,
    struct registry *maps)
{
	const struct map *map = registry_of(w->diag, maps, o->input.map,
	    &w->old.in.first);

	if (map == NULL)
		return -1;
	digest_open(&w->digests, w->diag, map);
	if (tree_read(&w->old, map) == -1 || tree_read(&w->new, map) == -1)
		return -1;
	w->done->report.records = (uint64_t)w->old.graph.n + w->new.graph.n;
	w->done->report.bytes_in = w->old.in.in.lines.taken +
	    w->new.in.in.lines.taken;
	if (pair(w) == -1 || find_moved(w) == -1 || find_removed(w) == -1)
		return -1;
	mark_written(w);
	return put_all(w, o->by);
}

int
patch_write(struct diag *d, const struct patch_options *o, struct room *room,
    struct registry *maps, struct patched *done)
{
	struct output out = { .diag = d, .name = "stdout", .fd = 1 };
	struct writing w = { .diag = d, .mates = { { .room = room },
	    { .room = room } }, .tops.room = room, .stream.out = &out,
	    .done = done };
	int rc = -1;

	w.stream.pieces = hash_open();
	if (tree_open(&w.old, d, o->from, &o->input, room) == 0 &&
	    tree_open(&w.new, d, o->with, &o->input, room) == 0 &&
	    twopass_akin(&w.new.in, "the new stream", &w.old.in,
	    "the old one", 1, "two") == 0)
		rc = write_patch(&w, o, maps);
	done->report.bytes_out = out.total;
	output_free(&out);
	hash_close(w.stream.pieces);
	digest_close(&w.digests);
	tree_close(&w.old);
	tree_close(&w.new);
	bigarray_free(&w.mates[0]);
	bigarray_free(&w.mates[1]);
	bigarray_free(&w.tops);
	buf_free(&w.line);
	return rc;
}
