/* SPDX-License-Identifier: ISC */
/*
 * A component of an edited stream with all that stands in it.
 *
 * The lines form a tree by their places: a container is in a component, and
 * components are in it.  Of each component the containers are sorted by where
 * its value has them, each with all that stands in it.
 */
#include "stream/reorder.h"

#include <stdlib.h>
#include <string.h>

#include "base/slice.h"
#include "json/pointer.h"
#include "json/tape.h"
#include "stream/record.h"

/* containers in each other; the parser's own limit is far below */
#define DEEPEST 4096

/* a line that is held */
struct reorder_item {
	size_t line, nline;	/* in lines */
	size_t at, nat;		/* its place, in lines */
	uint64_t number;
	int component;
};

/* a container of a component, and what stands in it */
struct segment {
	size_t from, end;	/* items */
	uint32_t token;		/* in the component's value, or TAPE_NONE */
};

static struct reorder_item *
item(const struct reorder *o, size_t i)
{
	return buf_item(&o->items, i, sizeof(struct reorder_item));
}

size_t
reorder_count(const struct reorder *o)
{
	return o->items.len / sizeof(struct reorder_item);
}

int
reorder_done(const struct reorder *o)
{
	return o->next == reorder_count(o);
}

int
reorder_begins(const struct record *r)
{
	struct slice v = r->field[RECORD_VALUE];
	const char *p, *end;
	int empty = 0;

	if (r->kind != RECORD_COMPONENT || r->field[RECORD_AT].p == NULL ||
	    v.p == NULL)
		return 0;
	end = v.p + v.n;
	for (p = v.p; p + 1 < end && empty < 2; p++)
		empty += memcmp(p, "[]", 2) == 0 || memcmp(p, "{}", 2) == 0;
	return empty > 1;
}

int
reorder_inside(const struct reorder *o, const struct record *r)
{
	const struct reorder_item *first = item(o, 0);
	struct slice at = record_text(r, RECORD_AT);

	return r->kind != RECORD_OF_FILE && at.p != NULL && pointer_below(
	    o->lines.ptr + first->at, first->nat, at.p, at.n);
}

void
reorder_add(struct reorder *o, const struct record *r, uint64_t number)
{
	struct slice at = record_text(r, RECORD_AT);
	struct reorder_item i = { .line = o->lines.len, .nline = r->line.n,
	    .number = number, .component = r->kind == RECORD_COMPONENT };

	if (at.p != NULL) {
		i.at = o->lines.len + (size_t)(at.p - r->line.p);
		i.nat = at.n;
	}
	buf_add(&o->lines, r->line.p, r->line.n);
	buf_add(&o->items, &i, sizeof(i));
}

/* the item after all that stands in this one */
static size_t
end_of(const struct reorder *o, size_t i, size_t end)
{
	const struct reorder_item *up = item(o, i);

	for (i++; i < end && pointer_below(o->lines.ptr + up->at, up->nat,
	    o->lines.ptr + item(o, i)->at, item(o, i)->nat); i++)
		continue;
	return i;
}

/* what stands in an item, container by container */
static size_t
list_segments(const struct reorder *o, size_t from, size_t end,
    struct buf *list)
{
	struct segment s = { .token = TAPE_NONE };
	size_t i;

	for (i = from + 1; i < end; i = s.end) {
		s.from = i;
		s.end = end_of(o, i, end);
		buf_add(list, &s, sizeof(s));
	}
	return list->len / sizeof(s);
}

static int
by_token(const void *a, const void *b)
{
	const struct segment *x = a, *y = b;

	if (x->token != y->token)
		return x->token < y->token ? -1 : 1;
	return x->from < y->from ? -1 : x->from > y->from;
}

/* find the containers in the component's value: 1, unless it is no JSON */
static int
find_segments(const struct reorder *o, size_t from, struct segment *s,
    size_t n)
{
	const struct reorder_item *c = item(o, from), *in;
	struct tape tape = {0};
	struct tapefind find = { .tape = &tape };
	struct text_error e;
	struct record r;
	size_t i;
	int got = 0;

	if (record_read(&r, o->lines.ptr + c->line, c->nline, &e) == 0 &&
	    tape_read(&tape, r.field[RECORD_VALUE].p,
	    r.field[RECORD_VALUE].n, &e) == 0)
		got = 1;
	for (i = 0; got && i < n; i++) {
		in = item(o, s[i].from);
		s[i].token = tape_find_pointer(&find, (struct slice){
		    o->lines.ptr + in->at + c->nat, in->nat - c->nat });
	}
	tape_find_free(&find);
	tape_free(&tape);
	return got;
}

/* the items behind a component, in the order of the segments */
static void
move_items(struct reorder *o, size_t from, struct segment *s, size_t n)
{
	struct buf moved = {0};
	size_t i, at = from + 1, len;

	for (i = 0; i < n; i++) {
		len = s[i].end - s[i].from;
		buf_add(&moved, item(o, s[i].from),
		    len * sizeof(struct reorder_item));
		s[i].from = at;
		s[i].end = at += len;
	}
	if (n > 0)
		memcpy(item(o, from + 1), moved.ptr, moved.len);
	buf_free(&moved);
}

/* an item, and what stands in it */
static void
sort_below(struct reorder *o, size_t from, size_t end, unsigned depth)
{
	struct buf list = {0};
	struct segment *s;
	size_t i, n;

	if (end - from < 2 || depth == DEEPEST)
		return;
	n = list_segments(o, from, end, &list);
	s = buf_at(&list, 0);
	if (n > 1 && item(o, from)->component &&
	    find_segments(o, from, s, n)) {
		qsort(s, n, sizeof(*s), by_token);
		move_items(o, from, s, n);
	}
	for (i = 0; i < n; i++)
		sort_below(o, s[i].from, s[i].end, depth + 1);
	buf_free(&list);
}

void
reorder_sort(struct reorder *o, size_t n)
{
	sort_below(o, 0, n, 0);
}

int
reorder_next(struct reorder *o, struct buf *line, uint64_t *number)
{
	const struct reorder_item *i;

	if (reorder_done(o))
		return 0;
	i = item(o, o->next++);
	line->len = 0;
	buf_add(line, o->lines.ptr + i->line, i->nline);
	*number = i->number;
	if (reorder_done(o))
		o->items.len = o->lines.len = o->next = 0;
	return 1;
}

void
reorder_free(struct reorder *o)
{
	buf_free(&o->lines);
	buf_free(&o->items);
	o->next = 0;
}
