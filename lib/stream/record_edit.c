/* SPDX-License-Identifier: ISC */
/*
 * A line with some members of its envelope changed.
 */
#include "stream/record_edit.h"

#include <string.h>

#include "base/buf.h"
#include "json/string.h"

/* the most members that change at once: an envelope has no more */
#define CHANGES_MOST (RECORD_FIELDS + 1)

/* bytes of the line that give way to a text */
struct swap {
	size_t at, n;
	struct slice text;
	const char *name;	/* of a member to be inserted; or NULL */
	int rank;		/* of several inserted at one place */
};

/* where in the line a member begins, with its comma */
static size_t
begin_of(const struct record *r, enum record_field f)
{
	return (size_t)(r->field[f].p - r->line.p) -
	    strlen(record_member(f)) - sizeof(",\"\":") + 1;
}

static size_t
end_of(const struct record *r, enum record_field f)
{
	return (size_t)(r->field[f].p + r->field[f].n - r->line.p);
}

/* the end of what stands before a member that is not there */
static size_t
place_of(const struct record *r, enum record_field f, int *rank)
{
	const enum record_field *o = record_order(r->kind), *first = o;
	size_t at = end_of(r, RECORD_KIND);

	for (; *o != f && *o != RECORD_FIELDS; o++) {
		if (r->field[*o].p != NULL)
			at = end_of(r, *o);
	}
	*rank = (int)(o - first);
	return at;
}

/* a member as a swap; 0: nothing is to be done */
static int
swap_of(const struct record *r, const struct record_edit *c, struct swap *s)
{
	struct slice old = r->field[c->field];

	*s = (struct swap){ .text = c->json, .rank = RECORD_FIELDS };
	if (old.p != NULL && c->json.p != NULL) {
		s->at = (size_t)(old.p - r->line.p);
		s->n = old.n;
	} else if (old.p != NULL) {
		s->at = begin_of(r, c->field);
		s->n = end_of(r, c->field) - s->at;
		s->text.n = 0;
	} else if (c->json.p != NULL) {
		s->at = place_of(r, c->field, &s->rank);
		s->name = record_member(c->field);
	} else {
		return 0;
	}
	return 1;
}

/* put a swap among those there are, by place; what is inserted comes first */
static void
put_swap(struct swap *list, size_t n, struct swap s)
{
	for (; n > 0 && (list[n - 1].at > s.at || (list[n - 1].at == s.at &&
	    list[n - 1].rank > s.rank)); n--)
		list[n] = list[n - 1];
	list[n] = s;
}

static void
write_swaps(struct buf *b, struct slice line, const struct swap *s, size_t n)
{
	size_t done = 0;

	for (; n > 0; n--, s++) {
		buf_add(b, line.p + done, s->at - done);
		if (s->name != NULL) {
			buf_add(b, ",\"", 2);
			buf_adds(b, s->name);
			buf_add(b, "\":", 2);
		}
		buf_add(b, s->text.p, s->text.n);
		done = s->at + s->n;
	}
	buf_add(b, line.p + done, line.n - done);
}

/* the value of a member of one's own, as a swap; else s stays as it is */
static void
find_own(const struct record *r, const char *name, struct swap *s)
{
	struct slice v = r->field[RECORD_VALUE], own;
	const char *p = r->line.p + 1, *past;
	const char *end = v.p != NULL ? v.p : r->line.p + r->line.n - 1;

	for (; p < end; p = past + 1) {
		own.p = p + 1;
		p = string_skip(p, end);	/* the colon */
		own.n = (size_t)(p - own.p) - 1;
		if (p + 1 == end)
			return;		/* of the value */
		past = record_skip_value(p + 1, end);
		if (!slice_is(own, name))
			continue;
		s->at = (size_t)(p + 1 - r->line.p);
		s->n = (size_t)(past - p) - 1;
		s->name = NULL;
		return;
	}
}

/* the changes, and a member of one's own (JSON; name NULL: none) */
static void
change(struct buf *b, const struct record *r, const struct record_edit *c,
    size_t n, const char *name, struct slice json)
{
	struct swap list[CHANGES_MOST], s;
	struct slice v = r->field[RECORD_VALUE];
	size_t i, count = 0;

	for (i = 0; i < n; i++) {
		if (swap_of(r, &c[i], &s))
			put_swap(list, count++, s);
	}
	if (name != NULL) {
		s = (struct swap){ .text = json, .name = name,
		    .rank = RECORD_FIELDS - 1 };
		s.at = v.p != NULL ? begin_of(r, RECORD_VALUE) :
		    r->line.n - 1;
		find_own(r, name, &s);
		put_swap(list, count++, s);
	}
	write_swaps(b, r->line, list, count);
}

void
record_edit(struct buf *b, const struct record *r, const struct record_edit *c,
    size_t n)
{
	change(b, r, c, n, NULL, (struct slice){0});
}

/* append text as a JSON string */
static void
add_string(struct buf *b, const char *text)
{
	buf_addc(b, '"');
	string_encode(b, text, strlen(text));
	buf_addc(b, '"');
}

void
record_edit_status(struct buf *b, const struct record *r, const char *status,
    const char *why)
{
	struct buf json = {0};
	struct record_edit c = { .field = RECORD_STATUS };
	size_t n = 0;

	if (status != NULL)
		add_string(&json, status);
	n = json.len;
	if (why != NULL)
		add_string(&json, why);
	if (n > 0)
		c.json = (struct slice){ json.ptr, n };
	change(b, r, &c, 1, why != NULL ? "x-why" : NULL,
	    (struct slice){ json.ptr + n, json.len - n });
	buf_free(&json);
}

void
record_edit_why(struct buf *b, const struct record *r, const char *why)
{
	struct buf json = {0};

	add_string(&json, why);
	change(b, r, NULL, 0, "x-why", (struct slice){ json.ptr, json.len });
	buf_free(&json);
}
