/* SPDX-License-Identifier: ISC */
/*
 * The result in its order.
 */
#include "threeway/result.h"

#include <unistd.h>

#include "base/diag.h"
#include "base/hash.h"
#include "json/string.h"
#include "json/tape.h"
#include "match/containers.h"
#include "threeway/arrange.h"
#include "threeway/compose.h"

/* containers in each other; the parser's own limit is far below */
#define DEEPEST 4096

/* bytes of a file that a line has at most, as pkg-stream(5) says */
#define SLICE 49152

/* what stands in a container */
struct children {
	struct buf list[TRIPLE_SIDES];	/* of uint32_t: each side's, then the
					   numbers among all */
	struct buf all;			/* of uint32_t: triples by number */
	struct buf order;		/* of uint32_t: numbers */
};

static uint32_t *
number_at(const struct buf *b, size_t i)
{
	return buf_item(b, i, sizeof(uint32_t));
}

static size_t
count_of(const struct buf *b)
{
	return b->len / sizeof(uint32_t);
}

static void
close_children(struct children *k)
{
	unsigned side;

	for (side = 0; side < TRIPLE_SIDES; side++)
		buf_free(&k->list[side]);
	buf_free(&k->all);
	buf_free(&k->order);
}

/* those of a side that are in the result, in its order */
static void
list_side(struct result *w, uint32_t up, unsigned side, struct children *k)
{
	const struct triples *t = w->c->t;
	const struct side *s = &t->side[side];
	uint32_t i = 0, end = s->graph.n, node, of;

	if (up != NOTHING) {
		node = triples_at(t, up)->node[side];
		if (node == NOTHING)
			return;
		i = node + 1;
		end = side_end(s, node);
	}
	for (; i < end; i = side_end(s, i)) {
		of = triples_of(t, side, i);
		if (triples_at(t, of)->fate == TRIPLE_LIVE &&
		    !compose_is_raw_part(t, of) &&
		    compose_around(t, of) == up)
			buf_add(&k->list[side], &of, sizeof(of));
	}
}

/* number the triples of the lists, from 0, and put that in their places */
static void
number_all(struct result *w, struct children *k)
{
	uint32_t *local = w->local.p, *item;
	unsigned side;
	size_t i;

	for (side = 0; side < TRIPLE_SIDES; side++) {
		for (i = 0; i < count_of(&k->list[side]); i++) {
			item = number_at(&k->list[side], i);
			if (local[*item] == NOTHING) {
				local[*item] = (uint32_t)count_of(&k->all);
				buf_add(&k->all, item, sizeof(*item));
			}
			*item = local[*item];
		}
	}
	for (i = 0; i < count_of(&k->all); i++)
		local[*number_at(&k->all, i)] = NOTHING;
}

static struct arrange_list
list_of(const struct children *k, unsigned side)
{
	return (struct arrange_list){ (const uint32_t *)(const void *)
	    k->list[side].ptr, count_of(&k->list[side]) };
}

/* what stands in a triple (or NOTHING: the files), in its order */
static void
open_children(struct result *w, uint32_t up, struct children *k)
{
	unsigned side;

	*k = (struct children){0};
	for (side = 0; side < TRIPLE_SIDES; side++)
		list_side(w, up, side, k);
	number_all(w, k);
	arrange(list_of(k, TRIPLE_BASE), list_of(k, TRIPLE_OURS),
	    list_of(k, TRIPLE_THEIRS), (uint32_t)count_of(&k->all),
	    &k->order);
}

static uint32_t
child_at(const struct children *k, size_t i)
{
	return *number_at(&k->all, *number_at(&k->order, i));
}

/* ---- containers in a component, in the order of its value */

/* that the value made has no place for one */
static int
no_place(struct result *w, struct side *s, uint32_t node)
{
	struct record r;

	return side_line(s, node, &r) == -1 ? -1 : diag_fail(w->c->diag,
	    STATUS_FINDING, NULL, "%.*s%.*s: what stands in there has no "
	    "place in the value, from which one side removed it: expected a "
	    "choice of that value which has it",
	    (int)record_text(&r, RECORD_FILE).n,
	    record_text(&r, RECORD_FILE).p, (int)record_text(&r, RECORD_AT).n,
	    record_text(&r, RECORD_AT).p);
}

/* where the value made has a container: added to a list; 0 or -1 */
static int
find_container(struct result *w, struct tapefind *in, uint32_t child,
    uint32_t number, struct buf *list)
{
	const struct triples *t = w->c->t;
	unsigned side = triples_home(t, child);
	struct side *s = (struct side *)&w->c->t->side[side];
	uint32_t node = triples_at(t, child)->node[side];
	const struct container *c;
	struct record r;

	if (side_line(s, side_node(s, node)->parent, &r) == -1 ||
	    containers_add(list, in, s, node, record_text(&r, RECORD_AT).n,
	    number) == -1)
		return -1;
	c = buf_at(list, list->len - sizeof(*c));
	return c->token != TAPE_NONE ? 0 : no_place(w, s, node);
}

/* bring the children into the order of the value in c->made; 0 or -1 */
static int
sort_children(struct result *w, struct children *k)
{
	struct tape tape = {0};
	struct tapefind in = { .tape = &tape };
	struct slice value = w->c->made.field[RECORD_VALUE];
	struct buf list = {0};
	const struct container *c;
	struct text_error e;
	size_t i, n = count_of(&k->order);
	int rc = 0;

	if (n == 0)
		return 0;
	if (tape_read(&tape, value.p, value.n, &e) == -1) {
		tape_free(&tape);
		return diag_fail(w->c->diag, STATUS_STREAM, NULL, "the value "
		    "of a container is no JSON: %s (--edited checks all of "
		    "them)", e.what);
	}
	for (i = 0; i < n && rc == 0; i++)
		rc = find_container(w, &in, child_at(k, i),
		    *number_at(&k->order, i), &list);
	containers_sort(&list);
	for (c = buf_at(&list, 0), i = 0; i < n && rc == 0; i++)
		*number_at(&k->order, i) = c[i].which;
	buf_free(&list);
	tape_find_free(&in);
	tape_free(&tape);
	return rc;
}

/* ---- lines */

static int
put_line(struct result *w, const struct buf *line)
{
	const struct slice part = { line->ptr, line->len };

	w->records++;
	return w->dry ? 0 : stream_line(&w->stream, &part, 1);
}

/* the length of a slice of a string's inside that gives SLICE bytes at most */
static size_t
slice_length(const char *p, size_t n, size_t *bytes)
{
	size_t i = 0, step, gives;

	for (*bytes = 0; i < n; i += step, *bytes += gives) {
		step = gives = 1;
		if (p[i] == '\\') {
			step = i + 1 < n && p[i + 1] == 'u' ? 6 : 2;
			gives = step == 6 ? 3 : 1;
		}
		while (i + step < n && ((unsigned char)p[i + step] & 0xc0) ==
		    0x80) {
			step++;
			gives++;
		}
		if (*bytes + gives > SLICE)
			break;
	}
	return i < n ? i : n;
}

/* a text in slices, as the lines of the file in c->made */
static int
put_slices(struct result *w)
{
	struct composer *c = w->c;
	struct slice owner = c->made.field[RECORD_OWNER];
	struct buf line = {0}, plain = {0};
	size_t at = 0, n, offset = 0, bytes;
	int rc = 0;

	for (; rc == 0 && at < c->value.len; at += n) {
		n = slice_length(c->value.ptr + at, c->value.len - at, &bytes);
		line.len = plain.len = 0;
		record_begin(&line, "@data", 5);
		record_put(&line, RECORD_FILE, c->made.field[RECORD_FILE].p,
		    c->made.field[RECORD_FILE].n);
		if (owner.p != NULL)
			record_put(&line, RECORD_OWNER, owner.p, owner.n);
		record_put_number(&line, RECORD_OFFSET, (long long)offset);
		record_put_text(&line, RECORD_ENCODING, "utf-8", 5);
		buf_adds(&line, ",\"value\":\"");
		buf_add(&line, c->value.ptr + at, n);
		buf_adds(&line, "\"}");
		rc = put_line(w, &line);
		string_decode(&plain, c->value.ptr + at, n);
		offset += plain.len;
	}
	buf_free(&line);
	buf_free(&plain);
	return rc;
}

/* a file that is not split */
static int
put_file(struct result *w, uint32_t i)
{
	struct composer *c = w->c;
	unsigned side;
	uint32_t node, end;
	int got = compose_raw(c, i, &side);

	if (got == -1)
		return -1;
	if (got == 1)
		return put_line(w, &c->line) == -1 ? -1 : put_slices(w);
	if ((node = triples_at(c->t, i)->node[side]) == NOTHING)
		return 0;
	for (end = side_end(&c->t->side[side], node); node < end; node++) {
		if (compose_part(c, i, side, node) == -1 ||
		    put_line(w, &c->line) == -1)
			return -1;
	}
	return 0;
}

static int put_children(struct result *, const struct children *);

static int
put_triple(struct result *w, uint32_t i)
{
	struct children k;
	int rc = 0;

	if (compose_is_raw(w->c->t, i))
		return put_file(w, i);
	if (compose_three(w->c, i) == -1 || put_line(w, &w->c->line) == -1)
		return -1;
	open_children(w, i, &k);
	if (w->c->made.kind == RECORD_COMPONENT)
		rc = sort_children(w, &k);
	if (rc == 0 && count_of(&k.order) > 0) {
		if (++w->depth > DEEPEST)
			rc = diag_fail(w->c->diag, STATUS_LIMIT, NULL,
			    "containers stand more than %d deep", DEEPEST);
		else
			rc = put_children(w, &k);
		w->depth--;
	}
	close_children(&k);
	return rc;
}

/* white space at a file's end comes last */
static int
is_tail(const struct result *w, uint32_t i)
{
	const struct triples *t = w->c->t;
	unsigned side = triples_own(t, i);

	return side_node(&t->side[side],
	    triples_at(t, i)->node[side])->type == RECORD_DATA;
}

static int
put_children(struct result *w, const struct children *k)
{
	size_t i, n = count_of(&k->order);
	int tail;

	for (tail = 0; tail <= 1; tail++) {
		for (i = 0; i < n; i++) {
			if (is_tail(w, child_at(k, i)) == tail &&
			    put_triple(w, child_at(k, i)) == -1)
				return -1;
		}
	}
	return 0;
}

static int
put_all(struct result *w)
{
	struct children k;
	int rc;

	open_children(w, NOTHING, &k);
	rc = put_children(w, &k);
	close_children(&k);
	return rc;
}

int
result_write(struct result *w, const struct buf *head)
{
	uint32_t i;
	int rc = -1;

	w->local.room = w->c->t->list.room;
	w->out = (struct output){ .diag = w->c->diag, .name = "stdout",
	    .fd = STDOUT_FILENO };
	w->stream = (struct stream_out){ .out = &w->out,
	    .pieces = hash_open() };
	w->records = 0;
	if (bigarray_hold(&w->local, ((size_t)w->c->t->n + 1) *
	    sizeof(uint32_t)) == 0) {
		for (i = 0; i < w->c->t->n; i++)
			((uint32_t *)w->local.p)[i] = NOTHING;
		if (w->dry)
			rc = put_all(w);
		else if (stream_head(&w->stream, head->ptr, head->len) == 0 &&
		    put_all(w) == 0)
			rc = stream_finish(&w->stream);
	}
	hash_close(w->stream.pieces);
	output_free(&w->out);
	bigarray_free(&w->local);
	return rc;
}
