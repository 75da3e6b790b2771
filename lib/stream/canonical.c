/* SPDX-License-Identifier: ISC */
/*
 * A line that jq or a person edited, brought back into canonical form.
 */
#include "stream/canonical.h"

#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "json/scan.h"
#include "json/string.h"
#include "stream/record.h"

/* lines nest so deep in any case: they were checked where they came from */
#define DEPTH 4096

/* a member: its name and its value, both in the text of the line */
struct member {
	size_t name, nname;
	size_t value, nvalue;
	size_t rank;		/* where it is to stand */
};

/* a line being taken apart */
struct line {
	struct buf text;	/* names and values, without white space */
	struct buf members;	/* of struct member */
	unsigned depth;
	int keyed;		/* the last token was a key */
	int raw;		/* in "value" and "key": as it stands */
};

static struct member *
last(struct line *l)
{
	return (struct member *)(void *)(l->members.ptr + l->members.len) - 1;
}

/* whether the member has this name */
static int
named(const struct line *l, const struct member *m, const char *name)
{
	return strlen(name) == m->nname &&
	    memcmp(l->text.ptr + m->name, name, m->nname) == 0;
}

static void
end_member(struct line *l)
{
	if (l->members.len > 0 && last(l)->nvalue == 0)
		last(l)->nvalue = l->text.len - last(l)->value;
}

/* a string of the envelope, in its canonical spelling */
static void
add_canon(struct line *l, const struct json_token *t)
{
	buf_addc(&l->text, '"');
	string_canon(&l->text, t->raw + 1, t->len - 2);
	buf_addc(&l->text, '"');
}

static void
begin_member(struct line *l, const struct json_token *t)
{
	struct member m = {0};

	end_member(l);
	m.name = l->text.len + 1;
	add_canon(l, t);
	m.nname = l->text.len - 1 - m.name;
	m.value = l->text.len;
	buf_add(&l->members, &m, sizeof(m));
	l->raw = named(l, last(l), "value") || named(l, last(l), "key");
}

static int
take(void *arg, const struct json_token *t)
{
	struct line *l = arg;

	if (l->depth == 1 && t->type == JSON_KEY) {
		begin_member(l, t);
		l->keyed = 1;
		return 0;
	}
	l->depth -= t->type == JSON_END;
	if (l->depth > 1 && t->type != JSON_END && !t->first && !l->keyed)
		buf_addc(&l->text, ',');
	l->keyed = t->type == JSON_KEY;
	if (t->type == JSON_STRING && !l->raw)
		add_canon(l, t);
	else if (l->depth > 0)
		buf_add(&l->text, t->raw, t->len);
	if (t->type == JSON_KEY)
		buf_addc(&l->text, ':');
	l->depth += t->type == JSON_OBJECT || t->type == JSON_ARRAY;
	if (l->depth == 0)
		end_member(l);
	return 0;
}

/* where in an order the member stands; what is in none comes before value */
static size_t
rank(const struct line *l, const struct member *m,
    const enum record_field *order)
{
	size_t i;

	for (i = 0; order[i + 1] != RECORD_FIELDS; i++) {
		if (named(l, m, record_member(order[i])))
			return 2 * i;
	}
	return named(l, m, "value") ? 2 * i : 2 * i - 1;
}

/* the order that the line's kind asks for */
static const enum record_field *
order_of(const struct line *l)
{
	const struct member *m = (void *)l->members.ptr;
	size_t i;

	for (i = 0; i < l->members.len / sizeof(*m); i++) {
		if (named(l, &m[i], "kind") && m[i].nvalue > 1 &&
		    l->text.ptr[m[i].value + 1] == '@')
			return record_order(RECORD_OF_FILE);
	}
	return record_order(RECORD_COMPONENT);
}

/* whether the value, which a reader takes for the last member, stands twice */
static int
has_two_values(const struct line *l)
{
	const struct member *m = (void *)l->members.ptr;
	size_t i;
	int values = 0;

	for (i = 0; i < l->members.len / sizeof(*m); i++)
		values += named(l, &m[i], "value");
	return values > 1;
}

/* the members in the order of their ranks, those of one rank in theirs */
static void
put_all(const struct line *l, struct buf *out)
{
	struct member *m = (void *)l->members.ptr;
	const enum record_field *order = order_of(l);
	char there[2 * RECORD_FIELDS + 1] = {0};
	size_t i, at, n = l->members.len / sizeof(*m);

	for (i = 0; i < n; i++) {
		m[i].rank = rank(l, &m[i], order);
		there[m[i].rank] = 1;
	}
	out->len = 0;
	buf_addc(out, '{');
	for (at = 0; at < sizeof(there); at++) {
		for (i = there[at] ? 0 : n; i < n; i++) {
			if (m[i].rank != at)
				continue;
			buf_adds(out, out->len == 1 ? "\"" : ",\"");
			buf_add(out, l->text.ptr + m[i].name, m[i].nname);
			buf_add(out, "\":", 2);
			buf_add(out, l->text.ptr + m[i].value, m[i].nvalue);
		}
	}
	buf_addc(out, '}');
}

struct scan *
canonical_open(unsigned max_depth)
{
	/* the record is around the value */
	const struct scan_options options = { max_depth < DEPTH ? DEPTH :
	    max_depth + 1, SIZE_MAX };

	return scan_open(&options, take);
}

int
canonical_line(struct scan *json, struct buf *out, const char *p, size_t n,
    struct text_error *e)
{
	struct line l = {0};
	int rc;

	rc = scan_text(json, &l, p, n, e);
	if (rc == 0 && p[strspn(p, " \t\r\n")] != '{') {
		e->what = "expected a record: one JSON object a line";
		rc = -1;
	} else if (rc == 0 && has_two_values(&l)) {
		e->what = "expected \"kind\" first, and each member once";
		rc = -1;
	}
	if (rc == 0)
		put_all(&l, out);
	buf_free(&l.text);
	buf_free(&l.members);
	return rc;
}
