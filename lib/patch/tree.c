/* SPDX-License-Identifier: ISC */
/*
 * A stream as a tree of records that have names.
 */
#include "patch/tree.h"

#include <inttypes.h>
#include <string.h>

#include "base/diag.h"
#include "stream/record_edit.h"
#include "value/derive.h"

/* a name in the making */
struct name_parts {
	uint64_t up, own, nth;
};

struct place
tree_place(const struct tree *t, uint32_t node)
{
	struct place at = graph_place(&t->in, node);

	if (node == NOTHING)
		at.line = 1;
	return at;
}

int
tree_open(struct tree *t, struct diag *d, const char *file,
    const struct input_options *o, struct room *room)
{
	t->diag = d;
	graph_init(&t->graph, d, room);
	t->names.room = t->nths.room = t->ends.room = room;
	t->index.room = room;
	return twopass_open(&t->in, d, file, o);
}

void
tree_close(struct tree *t)
{
	twopass_close(&t->in);
	graph_free(&t->graph);
	bigarray_free(&t->names);
	bigarray_free(&t->nths);
	bigarray_free(&t->ends);
	keyindex_free(&t->index);
	buf_free(&t->text);
	buf_free(&t->line);
}

void
tree_plain(const struct record *r, struct buf *b)
{
	struct record_edit none[RECORD_MOVED - RECORD_PATCH + 1] = {0};
	size_t n = 0;
	int f;

	for (f = RECORD_PATCH; f <= RECORD_MOVED; f++)
		none[n++].field = (enum record_field)f;
	record_edit(b, r, none, n);
}

void
tree_sum(struct slice line, char text[HASH_TEXT])
{
	struct hash_sum sum = {0};

	hash_add(&sum, line.p, line.n);
	hash_text(&sum, text);
}

void
tree_digest(const struct hash_sum *sum, uint64_t records, struct buf *b)
{
	char text[HASH_TEXT];

	hash_text(sum, text);
	buf_printf(b, "{\"records\":%" PRIu64 ",\"sum\":\"%s\"}", records,
	    text);
}

int
tree_is_content(const struct record *r)
{
	struct slice at = record_text(r, RECORD_AT);

	return r->kind == RECORD_COMPONENT && r->field[RECORD_ID].p == NULL &&
	    at.n > 1 && memcmp(at.p + at.n - 2, "/-", 2) == 0;
}

/* append a member; newlines, which are in no JSON text, end each */
static void
put_part(struct buf *b, struct slice s)
{
	buf_add(b, s.p, s.n);
	buf_addc(b, '\n');
}

/* the same of the sum of what a record says */
static void
put_content(struct tree *t, const struct record *r)
{
	struct slice was = record_text(r, RECORD_WAS), line = r->line;
	char text[HASH_TEXT];

	if (was.p != NULL) {
		put_part(&t->text, was);
		return;
	}
	if (r->of_patch) {
		t->line.len = 0;
		tree_plain(r, &t->line);
		line = (struct slice){ t->line.ptr, t->line.len };
	}
	tree_sum(line, text);
	put_part(&t->text, (struct slice){ text, HASH_TEXT - 1 });
}

/* a hash of who a record is but for what it stands in */
static uint64_t
own_hash(struct tree *t, const struct record *r)
{
	t->text.len = 0;
	put_part(&t->text, record_text(r, RECORD_KIND));
	if (r->kind == RECORD_OF_FILE) {
		put_part(&t->text, record_text(r, RECORD_FILE));
	} else if (r->kind == RECORD_DATA) {
		put_part(&t->text, r->field[RECORD_OFFSET]);
	} else {
		put_part(&t->text, record_text(r, RECORD_AT));
		put_part(&t->text, record_text(r, RECORD_ID));
		if (tree_is_content(r))
			put_content(t, r);
	}
	return keyindex_hash_ref(t->text.ptr, t->text.len);
}

static uint64_t
join(uint64_t up, uint64_t own, uint64_t nth)
{
	struct name_parts parts = { up, own, nth };

	return keyindex_hash_ref((const char *)&parts, sizeof(parts));
}

/* the number in a patch's line of how many twins come before it */
static int
read_nth(struct tree *t, const struct record *r, uint32_t node)
{
	struct place at = tree_place(t, node);
	long long n = 0;

	if (r->field[RECORD_NTH].p != NULL)
		n = record_number(r, RECORD_NTH);
	if (n < 0 || n >= NOTHING)
		return diag_fail(t->diag, STATUS_INPUT, &at, "expected a "
		    "number as nth");
	((uint32_t *)t->nths.p)[node] = (uint32_t)n;
	return 0;
}

static int
add_record(struct tree *t, const struct record *r, uint64_t at)
{
	struct record bare = { .kind = r->kind };
	uint32_t i;
	uint64_t own;

	bare.field[RECORD_KIND] = r->field[RECORD_KIND];
	bare.field[RECORD_AT] = r->field[RECORD_AT];
	if ((i = graph_add(&t->graph, &bare, at)) == NOTHING ||
	    bigarray_hold(&t->names, ((size_t)i + 1) * sizeof(uint64_t)) == -1
	    || bigarray_hold(&t->nths, ((size_t)i + 1) * sizeof(uint32_t)) ==
	    -1)
		return -1;
	own = own_hash(t, r);
	((uint64_t *)t->names.p)[i] = own;
	if (t->in.in.patch)
		return read_nth(t, r, i);
	return keyindex_add(&t->index, join(tree_parent(t, i), own, 0), i);
}

/* where each record ends, with what is in it */
static int
find_ends(struct tree *t)
{
	uint32_t i = t->graph.n, up, *end;

	if (bigarray_hold(&t->ends, ((size_t)i + 1) * sizeof(*end)) == -1)
		return -1;
	for (end = t->ends.p; i-- > 0; ) {
		if (end[i] < i + 1)
			end[i] = i + 1;
		up = tree_parent(t, i);
		if (up != NOTHING && end[up] < end[i])
			end[up] = end[i];
	}
	return 0;
}

/* which of several that are the same each is */
static int
count_twins(struct tree *t)
{
	struct key *k = t->index.list.p;
	uint32_t i, nth = 0;

	if (keyindex_sort(&t->index) == -1)
		return -1;
	k = t->index.list.p;
	for (i = 1; i < t->index.n; i++) {
		nth = k[i].hash == k[i - 1].hash ? nth + 1 : 0;
		((uint32_t *)t->nths.p)[k[i].node] = nth;
	}
	return 0;
}

/* the names: of what something stands in first */
static int
find_names(struct tree *t)
{
	uint64_t *name = t->names.p;
	uint32_t i, up;

	for (i = 0; i < t->graph.n; i++) {
		up = tree_parent(t, i);
		name[i] = join(up == NOTHING ? 0 : name[up], name[i],
		    tree_nth(t, i));
	}
	if (t->in.in.patch)
		return 0;
	for (i = 0; i < t->index.n; i++)
		keyindex_at(&t->index, i)->hash =
		    name[keyindex_at(&t->index, i)->node];
	return keyindex_sort(&t->index);
}

int
tree_read(struct tree *t, const struct map *map)
{
	struct record r;
	uint64_t at;
	int got;

	derive_edited(&t->in.in, map);
	while ((got = twopass_read(&t->in, &r, &at)) == 1) {
		if (add_record(t, &r, at) == -1)
			return -1;
	}
	if (got != 0 || graph_end(&t->graph, at) == -1 || find_ends(t) == -1)
		return -1;
	if (!t->in.in.patch && count_twins(t) == -1)
		return -1;
	return find_names(t);
}

int
tree_line(struct tree *t, uint32_t node, struct record *r)
{
	return graph_read(&t->graph, &t->in, node, r);
}

uint32_t
tree_find(const struct tree *t, uint64_t name)
{
	uint32_t k = keyindex_find(&t->index, name);

	return k == NOTHING ? NOTHING : keyindex_at(&t->index, k)->node;
}
