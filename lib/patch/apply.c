/* SPDX-License-Identifier: ISC */
/*
 * A patch applied to a target, which is the stream that it was made of, or
 * that one with other changes.
 *
 * The patch is gone through once: each of its records has a name, by which
 * the target's is found.  What is as it was changes, what is as it is to be
 * stays, and what is neither is in the way.
 */
#include "patch/patch.h"

#include <inttypes.h>

#include "base/diag.h"
#include "json/string.h"
#include "map/registry.h"
#include "patch/digest.h"
#include "patch/rebuild.h"
#include "patch/tree.h"

/* so many records that are in the way are named */
#define TOLD 20

/* where what comes next in a record of the patch is put */
struct cursor {
	enum { AT_BEGIN, AFTER_RECORD, AFTER_ITEM, AT_END } where;
	uint32_t of;		/* a record of the target, or an item */
};

/* of a record of the patch: node->fate */
enum { FATE_FOUND, FATE_NEW, FATE_NONE };

struct applying {
	struct diag *diag;
	struct tree target, patch;
	struct rebuild result;
	struct bigarray mates;	/* of uint32_t, by node of the patch */
	struct bigarray cursors;	/* by node of the patch, and one more */
	struct digests digests;
	struct stream_out stream;
	struct buf who;
	struct patched *done;
};

/* a record of the patch, and the target's */
struct step {
	uint32_t node, up, mate;	/* or NOTHING */
	enum patch_op op;
	struct record r;
	struct place at;
};

static uint32_t *
mates(const struct applying *a)
{
	return a->mates.p;
}

static struct node *
target_node(const struct applying *a, uint32_t node)
{
	return graph_node(&a->target.graph, node);
}

static unsigned
fate_of(const struct applying *a, uint32_t node)
{
	return node == NOTHING ? FATE_FOUND :
	    graph_node(&a->patch.graph, node)->fate;
}

/* ---- what is in the way */

/* who a record is, for a message; it lasts until the next call */
static const char *
who(struct applying *a, const struct record *r)
{
	static const enum record_field texts[] = { RECORD_ID, RECORD_FILE,
	    RECORD_AT };
	struct slice s = record_text(r, RECORD_KIND);
	size_t i;

	a->who.len = 0;
	string_decode(&a->who, s.p, s.n);
	for (i = 0; i < 3; i++) {
		s = record_text(r, texts[i]);
		if (s.p == NULL || (i > 0 && r->field[RECORD_ID].p != NULL))
			continue;
		buf_addc(&a->who, i == 2 ? '#' : ' ');
		string_decode(&a->who, s.p, s.n);
	}
	s = record_text(r, RECORD_NAME);
	if (s.n > 0) {
		buf_adds(&a->who, " (");
		string_decode(&a->who, s.p, s.n);
		buf_addc(&a->who, ')');
	}
	return buf_str(&a->who);
}

/* a record is in the way; of the first ones it is said where and why */
static void
refuse(struct applying *a, const struct record *r, const struct place *at,
    const char *expected, const char *found)
{
	if (a->done->conflicts++ < TOLD)
		diag_fail(a->diag, STATUS_FINDING, at, "%s is in the way: "
		    "expected %s, found %s", who(a, r), expected, found);
}

/* the target's record is another; its line, taken apart, is at hand */
static void
refuse_other(struct applying *a, const struct step *s, const struct record *r)
{
	struct place at = tree_place(&a->target, s->mate);
	struct slice was = record_text(&s->r, RECORD_WAS);
	char found[HASH_TEXT + 24] = "one with the sum ";
	struct buf expected = {0};

	if (was.n > 0)
		buf_printf(&expected, "one with the sum %.*s", (int)was.n,
		    was.p);
	else
		buf_adds(&expected, "none");
	tree_sum(r->line, found + strlen(found));
	refuse(a, r, &at, buf_str(&expected), found);
	buf_free(&expected);
}

/* ---- versions of a record */

enum version { VERSION_OLD, VERSION_NEW, VERSION_LIKE_NEW, VERSION_OTHER };

/* whether a line has the sum that the patch says */
static int
has_sum(const struct record *patched, const struct record *r)
{
	char text[HASH_TEXT];

	tree_sum(r->line, text);
	return record_is(patched, RECORD_WAS, text);
}

/* whether the target's line is that which the patch brings */
static int
is_new(struct applying *a, const struct step *s, const struct record *r)
{
	struct buf *line = &a->result.line;

	line->len = 0;
	tree_plain(&s->r, line);
	return slice_same(r->line, (struct slice){ line->ptr, line->len });
}

/* which version the target has, by what counts of it; or -1 */
static int
compare_digests(struct applying *a, const struct step *s,
    const struct record *r)
{
	struct place at = tree_place(&a->target, s->mate);
	struct slice old = record_text(&s->r, RECORD_FINGERPRINT);
	char its[HASH_TEXT], new[HASH_TEXT] = "";
	int got;

	if ((got = digest_of(&a->digests, r, &at, its)) < 1)
		return got == -1 ? -1 : VERSION_OTHER;
	if (s->op != PATCH_REMOVE &&
	    digest_of(&a->digests, &s->r, &s->at, new) == -1)
		return -1;
	if (*new != '\0' && (slice_is(old, new) || slice_is((struct slice){
	    its, HASH_TEXT - 1 }, new)))
		return VERSION_LIKE_NEW;
	return slice_is(old, its) ? VERSION_OLD : VERSION_OTHER;
}

/*
 * Which version the target has.  Where nothing that counts changes, and the
 * target has another, that one does as well as the new one.
 */
static int
version_of(struct applying *a, const struct step *s, const struct record *r)
{
	if (s->r.field[RECORD_WAS].p != NULL && has_sum(&s->r, r))
		return VERSION_OLD;
	if (s->op != PATCH_REMOVE && is_new(a, s, r))
		return VERSION_NEW;
	return compare_digests(a, s, r);
}

/* ---- where things go */

static struct cursor *
cursor_of(const struct applying *a, uint32_t up)
{
	return (struct cursor *)a->cursors.p + tree_slot(&a->patch, up);
}

/* what comes next in the same record comes behind this one */
static void
go_behind(struct applying *a, const struct step *s)
{
	struct cursor *c = cursor_of(a, s->up);

	if (s->mate != NOTHING)
		*c = (struct cursor){ AFTER_RECORD, s->mate };
	else
		*c = (struct cursor){ AT_END, 0 };
}

/* put an item behind all that is in a record */
static void
put_last(struct rebuild *r, struct rebuild_slot *slot, uint32_t item)
{
	if (slot->last == NOTHING)
		slot->last = item;
	else
		rebuild_item(r, slot->tail)->next = item;
	slot->tail = item;
}

/* put a record where its turn is; 0 or -1 */
static int
put(struct applying *a, const struct step *s, uint32_t node, int of_target)
{
	struct cursor *c = cursor_of(a, s->up);
	uint32_t up = s->up == NOTHING ? NOTHING : mates(a)[s->up];
	struct rebuild *r = &a->result;
	struct rebuild_slot *slot = rebuild_slot(r, tree_slot(&a->target, up));
	uint32_t item = rebuild_add(r, node, of_target);

	if (item == NOTHING)
		return -1;
	if (c->where == AT_BEGIN)
		slot->first = item;
	else if (c->where == AFTER_RECORD)
		rebuild_slot(r, c->of)->after = item;
	else if (c->where == AFTER_ITEM && slot->tail == c->of)
		put_last(r, slot, item);
	else if (c->where == AFTER_ITEM)
		rebuild_item(r, c->of)->next = item;
	else
		put_last(r, slot, item);
	*c = (struct cursor){ AFTER_ITEM, item };
	return 0;
}

/* ---- what becomes of each */

static void
set_fate(struct applying *a, const struct step *s, unsigned fate)
{
	graph_node(&a->patch.graph, s->node)->fate = fate & MOST_FATE;
}

/* a record that the target has not; 0 or -1 */
static int
add(struct applying *a, struct step *s)
{
	set_fate(a, s, FATE_NEW);
	a->done->counts[PATCH_ADD]++;
	if (fate_of(a, s->up) == FATE_NEW)
		return 0;	/* it comes with what it stands in */
	if (fate_of(a, s->up) == FATE_NONE) {
		set_fate(a, s, FATE_NONE);
		/* of what was to be added with more in it, that is said once */
		if (graph_node(&a->patch.graph, s->up)->why != PATCH_ADD)
			refuse(a, &s->r, &s->at, "what it stands in", "none");
		return 0;
	}
	return put(a, s, s->node, 0);
}

/* a record that both have, if it is to change; 0 or -1 */
static int
change(struct applying *a, struct step *s)
{
	struct record r;
	int version;

	if (tree_line(&a->target, s->mate, &r) == -1 ||
	    (version = version_of(a, s, &r)) == -1)
		return -1;
	if (version == VERSION_NEW || version == VERSION_LIKE_NEW) {
		a->done->already++;
	} else if (version == VERSION_OTHER || s->op == PATCH_ADD) {
		refuse_other(a, s, &r);
	} else {
		a->done->counts[s->op]++;
		if (s->op == PATCH_REMOVE)
			target_node(a, s->mate)->status |= REBUILD_GONE;
		else
			((uint32_t *)a->result.lines.p)[s->mate] = s->node;
	}
	return 0;
}

/* whether it stands in the target where it is to be moved to */
static int
is_there(const struct applying *a, const struct step *s)
{
	const struct cursor *c = cursor_of(a, s->up);
	const struct rebuild_item *item;

	if (c->where == AT_BEGIN)
		return s->mate == tree_begin(tree_parent(&a->target, s->mate));
	if (c->where == AFTER_RECORD)
		return s->mate == tree_end(&a->target, c->of);
	if (c->where == AT_END)
		return 0;
	item = rebuild_item(&a->result, c->of);
	return item->of_target && s->mate == tree_end(&a->target, item->node);
}

/* it stands elsewhere among those that it stands with; 0 or -1 */
static int
move(struct applying *a, struct step *s)
{
	target_node(a, s->mate)->status |= REBUILD_TAKEN;
	if (s->op == PATCH_MOVE && !is_there(a, s))
		a->done->counts[PATCH_MOVE]++;
	else if (s->op == PATCH_MOVE)
		a->done->already++;
	return put(a, s, s->mate, 1);
}

/* one that the patch names, and the target has not any more */
static void
miss(struct applying *a, struct step *s)
{
	struct slice was = record_text(&s->r, RECORD_WAS);
	struct buf expected = {0};

	set_fate(a, s, FATE_NONE);
	if (s->op == PATCH_REPLACE || (s->op == PATCH_REMOVE &&
	    tree_is_content(&s->r) && fate_of(a, s->up) != FATE_NONE) ||
	    (s->op == PATCH_KEEP && s->r.kind == RECORD_DATA)) {
		buf_printf(&expected, "it with the sum %.*s", (int)was.n,
		    was.n > 0 ? was.p : "");
		refuse(a, &s->r, &s->at, buf_str(&expected), "none");
		buf_free(&expected);
	} else if (s->op == PATCH_REMOVE) {
		a->done->already++;
	}
}

/* slices of a file are taken all together: what stays must be as it was */
static int
check_kept(struct applying *a, const struct step *s)
{
	struct record r;

	if (s->r.kind != RECORD_DATA || s->r.field[RECORD_WAS].p == NULL)
		return 0;
	if (tree_line(&a->target, s->mate, &r) == -1)
		return -1;
	if (!has_sum(&s->r, &r))
		refuse_other(a, s, &r);
	return 0;
}

static int
change_found(struct applying *a, struct step *s)
{
	set_fate(a, s, FATE_FOUND);
	if (s->op == PATCH_KEEP) {
		if (check_kept(a, s) == -1)
			return -1;
	} else if (s->op != PATCH_MOVE && change(a, s) == -1) {
		return -1;
	}
	if (s->op == PATCH_MOVE || s->r.field[RECORD_MOVED].p != NULL)
		return move(a, s);
	if (s->op != PATCH_REMOVE)
		go_behind(a, s);
	return 0;
}

/* what a patch says of a record; PATCH_OPS after a message */
static enum patch_op
read_op(struct applying *a, const struct step *s)
{
	int op;

	for (op = 0; op < PATCH_OPS; op++) {
		if (record_is(&s->r, RECORD_OP, patch_ops[op]))
			break;
	}
	if (op == PATCH_OPS)
		diag_fail(a->diag, STATUS_INPUT, &s->at, "expected keep, add, "
		    "replace, remove or move as op");
	return (enum patch_op)op;
}

/* whether what a patch says of a record can be; 0 or -1 */
static int
check_step(struct applying *a, const struct step *s)
{
	const struct node *up = s->up == NOTHING ? NULL :
	    graph_node(&a->patch.graph, s->up);
	const char *what = NULL;

	if (s->op != PATCH_REMOVE && up != NULL && up->why == PATCH_REMOVE)
		what = "what stands in a record that is removed is removed";
	else if (s->op != PATCH_ADD && up != NULL && up->why == PATCH_ADD)
		what = "what stands in a record that is added is added";
	else if ((s->op == PATCH_REPLACE || s->op == PATCH_REMOVE) &&
	    record_text(&s->r, RECORD_WAS).n != HASH_TEXT - 1)
		what = "expected the sum of the old line as was";
	else if (s->mate != NOTHING &&
	    target_node(a, s->mate)->status & REBUILD_NAMED)
		what = "the patch names this record twice";
	return what == NULL ? 0 : diag_fail(a->diag, STATUS_INPUT, &s->at,
	    "%s: the patch was not made by pkg-diff(1), was altered, or is of "
	    "a stream out of order, which pkg-pack(1) refuses", what);
}

/* a record of the patch; 0 or -1 */
static int
take(struct applying *a, uint32_t node)
{
	struct step s = { .node = node, .up = tree_parent(&a->patch, node),
	    .at = tree_place(&a->patch, node) };
	struct record copy;

	if (tree_line(&a->patch, node, &copy) == -1)
		return -1;
	s.r = copy;
	if ((s.op = read_op(a, &s)) == PATCH_OPS)
		return -1;
	graph_node(&a->patch.graph, node)->why = s.op & MOST_WHY;
	s.mate = tree_find(&a->target, tree_name(&a->patch, node));
	mates(a)[node] = s.mate;
	if (check_step(a, &s) == -1)
		return -1;
	if (s.mate != NOTHING) {
		target_node(a, s.mate)->status |= REBUILD_NAMED;
		return change_found(a, &s);
	}
	if (s.op == PATCH_ADD)
		return add(a, &s);
	miss(a, &s);
	if (s.op == PATCH_KEEP && fate_of(a, s.up) == FATE_FOUND)
		go_behind(a, &s);
	return 0;
}

/*
 * What the target has and the patch does not know: in what is removed, or
 * slices of a file that gets others.  0 or -1.
 */
static int
check_rest(struct applying *a)
{
	struct place at;
	struct record r;
	uint32_t i, up;
	int gone;

	for (i = 0; i < a->target.graph.n; i++) {
		up = tree_parent(&a->target, i);
		if (up == NOTHING || target_node(a, i)->status & REBUILD_NAMED)
			continue;
		gone = target_node(a, up)->status & REBUILD_GONE;
		if (!gone && (target_node(a, i)->type != RECORD_DATA ||
		    !target_node(a, up)->flags))
			continue;
		at = tree_place(&a->target, i);
		if (tree_line(&a->target, i, &r) == -1)
			return -1;
		refuse(a, &r, &at, "nothing more in what changes as a whole",
		    "this");
	}
	return 0;
}

/* note whose slices the patch names */
static void
note_slices(struct applying *a)
{
	uint32_t i, up;

	for (i = 0; i < a->patch.graph.n; i++) {
		up = tree_parent(&a->patch, i);
		if (graph_node(&a->patch.graph, i)->type == RECORD_DATA &&
		    up != NOTHING && mates(a)[up] != NOTHING)
			target_node(a, mates(a)[up])->flags = 1;
	}
}

/* what becomes of all records; 0 or -1 */
static int
decide(struct applying *a)
{
	uint64_t *conflicts = &a->done->conflicts;
	uint32_t i;

	for (i = 0; i < a->patch.graph.n; i++) {
		if (take(a, i) == -1)
			return -1;
	}
	note_slices(a);
	if (check_rest(a) == -1)
		return -1;
	if (*conflicts > TOLD)
		return diag_fail(a->diag, STATUS_FINDING, NULL, "%" PRIu64
		    " records are in the way in all", *conflicts);
	return *conflicts > 0 ? -1 : 0;
}

/* ---- writing */

/* the first line of what the patch was made of, and who wrote this */
static int
put_head(struct applying *a, const char *by)
{
	struct buf plain = {0}, head = {0};
	struct text_error e;
	struct record r;
	int rc;

	tree_plain(&a->patch.in.first, &plain);
	rc = record_read(&r, plain.ptr, plain.len, &e);
	if (rc == 0) {
		stream_put_head(&head, &r, "pkg-merge", by);
		rc = stream_head(&a->stream, head.ptr, head.len);
	}
	buf_free(&plain);
	buf_free(&head);
	return rc;
}

/* whether a stream is the one that the patch's first line says */
static int
is_stream(struct applying *a, enum record_field which,
    const struct hash_sum *sum, uint64_t records)
{
	a->who.len = 0;
	tree_digest(sum, records, &a->who);
	return slice_same(a->patch.in.first.field[which], (struct slice){
	    a->who.ptr, a->who.len });
}

/* ... and is the target */
static int
is_target(struct applying *a, enum record_field which)
{
	return is_stream(a, which, &a->target.in.sum, a->target.graph.n);
}

static int
write_result(struct applying *a, const char *by)
{
	const struct place at = tree_place(&a->patch, NOTHING);

	if (put_head(a, by) == -1 || rebuild_write(&a->result) == -1 ||
	    twopass_same(&a->target.in) == -1 ||
	    twopass_same(&a->patch.in) == -1)
		return -1;
	if (is_target(a, RECORD_OLD) && !is_stream(a, RECORD_NEW,
	    &a->stream.sum, a->stream.records))
		return diag_fail(a->diag, STATUS_STREAM, &at, "the target is "
		    "what the patch was made of, but the result is not what "
		    "it says: the patch was altered, or the target is out of "
		    "order, which pkg-pack(1) tells");
	return stream_finish(&a->stream);
}

/* ---- the whole */

/* both read; 0 or -1 */
static int
read_both(struct applying *a, const struct patch_options *o,
    struct registry *maps)
{
	const struct map *map = registry_of(a->diag, maps, o->input.map,
	    &a->target.in.first);

	if (map == NULL)
		return -1;
	digest_open(&a->digests, a->diag, map);
	if (tree_read(&a->target, map) == -1 || tree_read(&a->patch, map) ==
	    -1)
		return -1;
	a->done->report.bytes_in = a->target.in.in.lines.taken +
	    a->patch.in.in.lines.taken;
	return rebuild_init(&a->result) == -1 || bigarray_hold(&a->mates,
	    ((size_t)a->patch.graph.n + 1) * sizeof(uint32_t)) == -1 ||
	    bigarray_hold(&a->cursors, ((size_t)a->patch.graph.n + 1) *
	    sizeof(struct cursor)) == -1 ? -1 : 0;
}

static int
apply(struct applying *a, const struct patch_options *o,
    struct registry *maps)
{
	uint64_t changed = 0;
	int op;

	if (twopass_akin(&a->patch.in, "the patch", &a->target.in,
	    "the target", 1, "two") == -1 || read_both(a, o, maps) == -1)
		return -1;
	if ((!is_target(a, RECORD_NEW) || is_target(a, RECORD_OLD)) &&
	    decide(a) == -1)
		return -1;
	for (op = 0; op < PATCH_OPS; op++)
		changed += a->done->counts[op];
	if (changed == 0)
		diag_warn(a->diag, NULL, "nothing changes");
	return write_result(a, o->by);
}

int
patch_apply(struct diag *d, const struct patch_options *o, struct room *room,
    struct registry *maps, struct patched *done)
{
	struct output out = { .diag = d, .name = "stdout", .fd = 1 };
	struct applying a = { .diag = d, .mates.room = room,
	    .cursors.room = room, .stream.out = &out, .done = done };
	struct input_options patch = o->input;
	int rc = -1;

	a.stream.pieces = hash_open();
	patch.edited = 0;
	patch.patch = 1;
	a.result = (struct rebuild){ .target = &a.target, .patch = &a.patch,
	    .slots.room = room, .items.room = room, .lines.room = room,
	    .out = &a.stream };
	if (tree_open(&a.target, d, o->from, &o->input, room) == 0 &&
	    tree_open(&a.patch, d, o->with, &patch, room) == 0)
		rc = apply(&a, o, maps);
	done->report.records = a.stream.records;
	done->report.bytes_out = out.total;
	output_free(&out);
	hash_close(a.stream.pieces);
	digest_close(&a.digests);
	rebuild_free(&a.result);
	tree_close(&a.target);
	tree_close(&a.patch);
	bigarray_free(&a.mates);
	bigarray_free(&a.cursors);
	buf_free(&a.who);
	return rc;
}
