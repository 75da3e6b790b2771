/* SPDX-License-Identifier: ISC */
/*
 * record [SEED]: lines of a stream taken apart, refused where they are not
 * canonical, and brought back into canonical form where they were edited.
 */
#include "stream/record.h"

#include <stdlib.h>

#include "check.h"
#include "json/scan.h"
#include "json/string.h"
#include "stream/canonical.h"
#include "value.h"

#define ROUNDS CHECK_ROUNDS(5000)
#define MEMBERS 24

/* a member of a line: its name and its value, as in the line */
struct member {
	int field;		/* RECORD_FIELDS: one of the user's own */
	struct buf name, value;
};

/* a line to be, in its order */
struct plan {
	enum record_kind kind;
	struct member members[MEMBERS];
	size_t n;
};

static const struct {
	const char *name;
	enum record_kind kind;
} kinds[] = {
	{ "@stream", RECORD_STREAM }, { "@file", RECORD_OF_FILE },
	{ "@open", RECORD_OPEN }, { "@data", RECORD_DATA },
	{ "@end", RECORD_END }, { "dialog", RECORD_COMPONENT },
	{ "a", RECORD_COMPONENT }, { "end", RECORD_COMPONENT }
};

/* past the string that begins at p */
static const char *
string_end(const char *p)
{
	for (p++; *p != '"'; p++)
		p += *p == '\\';
	return p + 1;
}

/* append a value, its strings (but for keys) in canonical spelling */
static void
put_canon(struct buf *out, struct buf *value)
{
	const char *p = buf_str(value), *end;

	while (*p != '\0') {
		if (*p != '"') {
			buf_addc(out, *p++);
			continue;
		}
		end = string_end(p);
		buf_addc(out, '"');
		if (*end == ':')
			buf_add(out, p + 1, (size_t)(end - p) - 2);
		else
			string_canon(out, p + 1, (size_t)(end - p) - 2);
		buf_addc(out, '"');
		p = end;
	}
}

/* whether a member's strings are spelled as the platform spells them */
static int
is_raw(int field)
{
	return field == RECORD_VALUE || field == RECORD_KEY;
}

/* a member with a random value; strings of an envelope are canonical */
static void
add_member(struct plan *p, struct dice *d, int field)
{
	struct member *m = &p->members[p->n++];
	struct buf value = {0};

	m->field = field;
	if (field == RECORD_FIELDS) {
		buf_adds(&m->name, "x-");
		value_text(&value, d);
		string_canon(&m->name, buf_str(&value), value.len);
		value.len = 0;
	} else {
		buf_adds(&m->name, record_member((enum record_field)field));
	}
	value_make(&value, d, 3);
	if (is_raw(field))
		buf_add(&m->value, value.ptr, value.len);
	else
		put_canon(&m->value, &value);
	buf_free(&value);
}

static void
make_plan(struct plan *p, struct dice *d)
{
	const enum record_field *f;
	size_t k = dice_roll(d, sizeof(kinds) / sizeof(kinds[0])), own;

	*p = (struct plan){ .kind = kinds[k].kind };
	for (f = record_order(p->kind); *f != RECORD_FIELDS; f++) {
		if (*f == RECORD_VALUE)
			for (own = dice_roll(d, 3); own > 0; own--)
				add_member(p, d, RECORD_FIELDS);
		/* an @open is nothing without its value */
		if (*f == RECORD_KIND || dice_roll(d, 3) == 0 ||
		    (*f == RECORD_VALUE && p->kind == RECORD_OPEN))
			add_member(p, d, (int)*f);
	}
	p->members[0].value.len = 0;
	buf_printf(&p->members[0].value, "\"%s\"", kinds[k].name);
}

static void
plan_free(struct plan *p)
{
	size_t i;

	for (i = 0; i < p->n; i++) {
		buf_free(&p->members[i].name);
		buf_free(&p->members[i].value);
	}
}

static void
put_line(struct buf *out, const struct plan *p)
{
	size_t i;

	for (i = 0; i < p->n; i++) {
		buf_adds(out, i == 0 ? "{\"" : ",\"");
		buf_add(out, p->members[i].name.ptr, p->members[i].name.len);
		buf_adds(out, "\":");
		buf_add(out, p->members[i].value.ptr,
		    p->members[i].value.len);
	}
	buf_addc(out, '}');
}

/* that a canonical line is taken apart into the members of its plan */
static void
check_read(const struct plan *p, const struct buf *line)
{
	struct text_error e = {0};
	struct record r;
	const struct member *m;
	struct slice got;
	int present[RECORD_FIELDS] = {0};
	size_t i;

	CHECK_NUMBER("record_read", record_read(&r, edge(line->ptr, line->len),
	    line->len, &e), 0);
	CHECK_NUMBER("kind", r.kind, p->kind);
	CHECK_BYTES("line", r.line.p, r.line.n, line->ptr, line->len);
	for (m = p->members; m < p->members + p->n; m++) {
		if (m->field == RECORD_FIELDS)
			continue;
		present[m->field] = 1;
		got = r.field[m->field];
		CHECK_BYTES(record_member((enum record_field)m->field), got.p,
		    got.n, m->value.ptr, m->value.len);
		got = record_text(&r, (enum record_field)m->field);
		if (*m->value.ptr == '"')
			CHECK_BYTES("text", got.p, got.n, m->value.ptr + 1,
			    m->value.len - 2);
		else
			CHECK(got.p == NULL);
	}
	for (i = 0; i < RECORD_FIELDS; i++)
		CHECK((r.field[i].p != NULL) == present[i]);
}

/* append a blank or more, or none */
static void
put_blank(struct buf *out, struct dice *d)
{
	static const char *const blanks[] = {
		"", "", "", " ", "  ", "\t", "\r", " \t \r", "\n"
	};

	buf_adds(out, blanks[dice_roll(d, sizeof(blanks) /
	    sizeof(blanks[0]))]);
}

/* append the inside of a string, some of its characters as escapes */
static void
respell(struct buf *out, struct dice *d, const char *p, size_t n)
{
	size_t i, len;

	for (i = 0; i < n; i++) {
		if (p[i] == '\\') {
			len = p[i + 1] == 'u' ? 6 : 2;
			buf_add(out, p + i, len);
			i += len - 1;
		} else if ((unsigned char)p[i] < 0x80 &&
		    dice_roll(d, 3) == 0) {
			buf_printf(out, dice_roll(d, 2) == 0 ? "\\u%04x" :
			    "\\u%04X", (unsigned)p[i]);
		} else {
			if (p[i] == '/' && dice_roll(d, 2) == 0)
				buf_addc(out, '\\');
			buf_addc(out, p[i]);
		}
	}
}

/* append a value with blanks and, in an envelope, other spellings */
static void
put_edited(struct buf *out, struct dice *d, struct buf *value, int envelope)
{
	const char *p = buf_str(value), *end;

	while (*p != '\0') {
		put_blank(out, d);
		if (*p == '"') {
			end = string_end(p);
			buf_addc(out, '"');
			if (envelope && *end != ':')
				respell(out, d, p + 1,
				    (size_t)(end - p) - 2);
			else
				buf_add(out, p + 1, (size_t)(end - p) - 2);
			buf_addc(out, '"');
			p = end;
		} else if (strchr("[]{},:", *p) != NULL) {
			buf_addc(out, *p++);
		} else {
			for (; *p != '\0' && strchr("[]{},:", *p) == NULL; p++)
				buf_addc(out, *p);
		}
	}
	put_blank(out, d);
}

/* any order, but that the user's own members stay in theirs */
static void
shuffle(struct member **order, size_t n, struct dice *d)
{
	struct member *m;
	size_t times, i;

	for (times = n > 1 ? n * n : 0; times > 0; times--) {
		i = dice_roll(d, n - 1);
		if (order[i]->field == RECORD_FIELDS &&
		    order[i + 1]->field == RECORD_FIELDS)
			continue;
		m = order[i];
		order[i] = order[i + 1];
		order[i + 1] = m;
	}
}

/* the line as somebody might have edited it */
static void
put_edited_line(struct buf *out, struct plan *p, struct dice *d)
{
	struct member *order[MEMBERS], *m;
	size_t i;

	for (i = 0; i < p->n; i++)
		order[i] = &p->members[i];
	shuffle(order, p->n, d);
	put_blank(out, d);
	for (i = 0; i < p->n; i++) {
		m = order[i];
		buf_addc(out, i == 0 ? '{' : ',');
		put_blank(out, d);
		buf_addc(out, '"');
		respell(out, d, m->name.ptr, m->name.len);
		buf_addc(out, '"');
		put_blank(out, d);
		buf_addc(out, ':');
		put_edited(out, d, &m->value, !is_raw(m->field));
	}
	buf_addc(out, '}');
	put_blank(out, d);
}

/* a line, and what becomes of it once it was edited */
static void
check_plan(struct scan *json, struct dice *d)
{
	struct plan p;
	struct buf line = {0}, edited = {0}, out = {0};
	struct text_error e = {0};

	make_plan(&p, d);
	put_line(&line, &p);
	check_read(&p, &line);
	put_edited_line(&edited, &p, d);
	CHECK_NUMBER("edited", canonical_line(json, &out, edited.ptr,
	    edited.len, &e), 0);
	CHECK_BYTES("canonical", out.ptr, out.len, line.ptr, line.len);
	CHECK_NUMBER("canonical edited", canonical_line(json, &out, line.ptr,
	    line.len, &e), 0);
	CHECK_BYTES("canonical again", out.ptr, out.len, line.ptr, line.len);
	plan_free(&p);
	buf_free(&line);
	buf_free(&edited);
	buf_free(&out);
}

/* lines that are not canonical, each with where it is told */
static void
check_refused(void)
{
	static const char *const lines[] = {
		"", "{", "}", "{}", "[]", "null", "\"kind\"", "{{}}", "{,}",
		"{\"kind\":\"a\"", "\"kind\":\"a\"}", "{\"kind\":\"a\"}}",
		" {\"kind\":\"a\"}", "{\"kind\":\"a\"} ", "{\"kind\":\"a\"}\r",
		"{ \"kind\":\"a\"}", "{\"kind\" :\"a\"}", "{\"kind\": \"a\"}",
		"{\"kind\":\"a\" }", "{\"kind\":\"a\", \"id\":\"b\"}",
		"{\"kind\":\"a\" ,\"id\":\"b\"}", "{\"kind\":\"a\",}",
		"{\"kind\":\"a\",\"id\":\"b\",}", "{,\"kind\":\"a\"}",
		"{\"kind\":\"a\",,\"id\":\"b\"}", "{\"kind\"}", "{\"kind\":}",
		"{\"kind\":\"a\",\"id\"}", "{\"kind\":\"a\",\"id\":}",
		"{\"kind\":\"a\",\"id\":,\"name\":\"b\"}",
		"{\"kind\":\"a\"\"id\":\"b\"}", "{\"kind\":\"a\";\"id\":1}",
		"{\"kind\":\"a\",\"id\",\"name\":\"b\"}",
		"{\"kind\":\"a\",\"id:1}", "{\"kind\":\"a\",id:1}",
		"{\"kind\":\"a\",\"id\":\"b}",
		"{\"kind\":\"a\",\"id\":\"b\\\"}",
		"{\"kind\":\"a\",\"id\":\"b\\}", "{\"kind\":\"a}",
		"{\"kind\":\"a\",\"refs\":[1,2}", "{\"kind\":\"a\",\"refs\":[}",
		"{\"kind\":\"a\",\"refs\":[[1]}", "{\"kind\":\"a\",\"id\":1]}",
		"{\"kind\":\"a\",\"refs\":]}",
		"{\"kind\":\"a\",\"at\":{\"b\":1}",
		"{\"kind\":\"a\",\"id\":\"b\"]}", "{\"kind\":\"a\"1,\"id\":2}",
		"{\"id\":\"b\"}", "{\"id\":\"b\",\"kind\":\"a\"}",
		"{\"x-a\":1,\"kind\":\"a\"}", "{\"value\":1,\"kind\":\"a\"}",
		"{\"kind\":\"a\",\"kind\":\"a\"}",
		"{\"kind\":\"a\",\"id\":1,\"id\":1}",
		"{\"kind\":\"a\",\"foo\":1}", "{\"kind\":\"a\",\"x\":1}",
		"{\"kind\":\"a\",\"X-a\":1}", "{\"kind\":\"a\",\"\":1}",
		"{\"kind\":\"a\",\"Id\":1}", "{\"kind\":\"a\",\"ids\":1}",
		"{\"kind\":\"a\",\"i\":1}", "{\"\\u006bind\":\"a\"}",
		"{\"Kind\":\"a\"}", "{\"kind\":\"\"}", "{\"kind\":1}",
		"{\"kind\":null}", "{\"kind\":true}", "{\"kind\":[\"a\"]}",
		"{\"kind\":{\"a\":1}}", "{\"kind\":\"@\"}",
		"{\"kind\":\"@foo\"}", "{\"kind\":\"@End\"}",
		"{\"kind\":\"@end \"}", "{\"kind\":\"@streams\"}",
		"{\"kind\":\"a\",\"value\":}", "{\"kind\":\"a\",\"value\"}",
		"{\"kind\":\"a\",\"value\":1", "{\"kind\":'a'}",
		"{'kind':\"a\"}"
	};
	struct text_error e;
	struct record r;
	size_t i, n;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		check_about = lines[i];
		n = strlen(lines[i]);
		e = (struct text_error){ .at = SIZE_MAX };
		CHECK_NUMBER("not canonical", record_read(&r, edge(lines[i],
		    n), n, &e), -1);
		CHECK(e.what != NULL && e.at <= n);
	}
	check_about = NULL;
}

/* edited lines that are no JSON objects, and those that are no records */
static void
check_edited_refused(struct scan *json)
{
	static const char twice[] = "{\"id\":1,\"kind\":\"a\",\"id\":2}";
	static const char *const lines[] = {
		"", " ", "[]", "[{\"kind\":\"a\"}]", "\"a\"", "1", "null",
		"{\"kind\":\"a\"", "{\"kind\":\"a\"}{\"kind\":\"b\"}",
		"{\"kind\":\"a\",}", "{kind:\"a\"}", "{\"kind\":'a'}",
		"{\"kind\":\"a\xff\"}", "{\"kind\":\"a\tb\"}",
		"{\"kind\":\"a\\x\"}", "{\"kind\":01}", "{\"kind\":NaN}",
		"{\"kind\":\"a\"}//", "\xef\xbb\xbf{\"kind\":\"a\"}",
		"{\"kind\":\"a\"} x", "{\"kind\":\"a\"} \"x"
	};
	struct text_error e;
	struct record r;
	struct buf out = {0};
	size_t i, n;

	for (i = 0; i < sizeof(lines) / sizeof(lines[0]); i++) {
		check_about = lines[i];
		n = strlen(lines[i]);
		e = (struct text_error){0};
		CHECK_NUMBER("no JSON object", canonical_line(json, &out,
		    edge(lines[i], n), n, &e), -1);
		CHECK(e.what != NULL && e.at <= n);
	}
	check_about = NULL;
	CHECK_NUMBER("nothing in it", canonical_line(json, &out, "{}", 2, &e),
	    0);
	CHECK_TEXT("nothing in it", out.ptr, out.len, "{}");
	CHECK_NUMBER("twice", canonical_line(json, &out, twice, strlen(twice),
	    &e), 0);
	CHECK_TEXT("twice", out.ptr, out.len,
	    "{\"kind\":\"a\",\"id\":1,\"id\":2}");
	CHECK_NUMBER("twice", record_read(&r, out.ptr, out.len, &e), -1);
	buf_free(&out);
}

/* members that are long, and kinds that are no strings, at every length */
static void
check_edited_lengths(struct scan *json)
{
	struct text_error e = {0};
	struct buf line = {0}, out = {0}, want = {0};
	size_t n;

	for (n = 0; n < 1100; n++) {
		line.len = want.len = 0;
		buf_adds(&line, "{\"x-a\":\"");
		buf_fill(&line, 'a', n);
		buf_adds(&line, "\",\"kind\":1}");
		buf_adds(&want, "{\"kind\":1,\"x-a\":\"");
		buf_fill(&want, 'a', n);
		buf_adds(&want, "\"}");
		CHECK_NUMBER("no string", canonical_line(json, &out, line.ptr,
		    line.len, &e), 0);
		CHECK_BYTES("no string", out.ptr, out.len, want.ptr, want.len);
	}
	line.len = want.len = 0;
	buf_adds(&want, "{\"kind\":\"a\",\"name\":\"");
	buf_fill(&want, 'n', 200000);
	buf_adds(&want, "\",\"value\":\"");
	buf_fill(&want, 'v', 200000);
	buf_adds(&want, "\"}");
	buf_addc(&line, ' ');
	buf_add(&line, want.ptr, want.len);
	CHECK_NUMBER("long", canonical_line(json, &out, line.ptr, line.len, &e),
	    0);
	CHECK_BYTES("long", out.ptr, out.len, want.ptr, want.len);
	buf_free(&line);
	buf_free(&out);
	buf_free(&want);
}

/* what a value may hold passes unchanged, what an envelope holds does not */
static void
check_edited_examples(struct scan *json)
{
	static const char *const rows[][2] = {
		{ "{\"value\":1,\"kind\":\"a\"}",
		    "{\"kind\":\"a\",\"value\":1}" },
		{ "{\"kind\":\"a\",\"value\":{\"n\":[1.10, 1e400, -0,"
		    " 12345678901234567890], \"s\":\"\\u003c\\/\\uD800\","
		    " \"k\":1, \"k\":2}}",
		    "{\"kind\":\"a\",\"value\":{\"n\":[1.10,1e400,-0,"
		    "12345678901234567890],\"s\":\"\\u003c\\/\\uD800\","
		    "\"k\":1,\"k\":2}}" },
		{ "{\"kind\":\"a\",\"x-n\":[1.10,\"\\u003c\\/\\uD800\"]}",
		    "{\"kind\":\"a\",\"x-n\":[1.10,\"</\\ud800\"]}" },
		{ "{\"x-b\":1,\"x-a\":2,\"id\":\"\\u0041\",\"kind\":\"a\"}",
		    "{\"kind\":\"a\",\"id\":\"A\",\"x-b\":1,\"x-a\":2}" },
		{ "{\"v\\u0061lue\":\"\\u0041\",\"k\\u0069nd\":\"\\u0061\"}",
		    "{\"kind\":\"a\",\"value\":\"\\u0041\"}" },
		{ "{\"size\":1,\"type\":\"json\",\"kind\":\"\\u0040file\","
		    "\"file\":\"b\"}",
		    "{\"kind\":\"@file\",\"file\":\"b\",\"type\":\"json\","
		    "\"size\":1}" },
		{ "{\"x-v\":{\"value\":\"\\u0041\"},\"kind\":\"a\"}",
		    "{\"kind\":\"a\",\"x-v\":{\"value\":\"A\"}}" },
		{ "{\"value\":{\"value\":\"\\u0041\"},\"kind\":\"a\"}",
		    "{\"kind\":\"a\",\"value\":{\"value\":\"\\u0041\"}}" },
		{ "{\"key\":\"\\u0041\",\"kind\":\"a\",\"at\":\"\\u0041\"}",
		    "{\"kind\":\"a\",\"at\":\"A\",\"key\":\"\\u0041\"}" },
		{ "{\"kind\":\"a\",\"value\":null}\r",
		    "{\"kind\":\"a\",\"value\":null}" },
		{ " \t{\"kind\":\"a\"} ", "{\"kind\":\"a\"}" },
	};
	struct text_error e = {0};
	struct buf out = {0};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		check_about = rows[i][0];
		CHECK_NUMBER("edited", canonical_line(json, &out, rows[i][0],
		    strlen(rows[i][0]), &e), 0);
		CHECK_TEXT("canonical", out.ptr, out.len, rows[i][1]);
	}
	check_about = NULL;
	buf_free(&out);
}

/* lines put together member by member, and numbers out of them */
static void
check_put(void)
{
	static const struct {
		const char *json;
		long long number;
	} rows[] = {
		{ "0", 0 }, { "1", 1 }, { "1700000000", 1700000000 },
		{ "999999999999999999", 999999999999999999 },
		{ "1000000000000000000", -1 }, { "18446744073709551617", -1 },
		{ "-1", -1 }, { "1.0", -1 }, { "1e3", -1 }, { "\"1\"", -1 },
		{ "null", -1 }, { "[1]", -1 }
	};
	struct buf b = {0};
	struct record r;
	struct text_error e = {0};
	size_t i;

	record_begin(&b, "a", 1);
	record_put_text(&b, RECORD_ID, "q\"\\\n\x1f/\xed\xa0\x80", 9);
	record_put_number(&b, RECORD_SIZE, 4294967296);
	record_put(&b, RECORD_VALUE, "[1]", 3);
	buf_addc(&b, '}');
	CHECK_TEXT("put together", b.ptr, b.len, "{\"kind\":\"a\",\"id\":"
	    "\"q\\\"\\\\\\n\\u001f/\\ud800\",\"size\":4294967296,"
	    "\"value\":[1]}");
	CHECK_NUMBER("taken apart", record_read(&r, b.ptr, b.len, &e), 0);
	CHECK(record_is(&r, RECORD_KIND, "a"));
	CHECK(!record_is(&r, RECORD_KIND, "aa"));
	CHECK(!record_is(&r, RECORD_KIND, ""));
	CHECK(!record_is(&r, RECORD_SIZE, "4294967296"));
	CHECK(!record_is(&r, RECORD_NAME, ""));
	CHECK_NUMBER("size", record_number(&r, RECORD_SIZE), 4294967296);
	CHECK_NUMBER("absent", record_number(&r, RECORD_MTIME), -1);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		b.len = 0;
		record_begin(&b, "@file", 5);
		record_put(&b, RECORD_MTIME, rows[i].json,
		    strlen(rows[i].json));
		buf_addc(&b, '}');
		CHECK_NUMBER(rows[i].json, record_read(&r, b.ptr, b.len, &e),
		    0);
		CHECK_NUMBER(rows[i].json, record_number(&r, RECORD_MTIME),
		    rows[i].number);
	}
	buf_free(&b);
}

/* every member has a place in an order: kind first, value last, each once */
static void
check_orders(void)
{
	static const enum record_kind both[] = { RECORD_COMPONENT, RECORD_END };
	const enum record_field *f;
	int seen[RECORD_FIELDS] = {0}, here[RECORD_FIELDS];
	size_t i;

	for (i = 0; i < 2; i++) {
		f = record_order(both[i]);
		memset(here, 0, sizeof(here));
		CHECK_NUMBER("first", *f, RECORD_KIND);
		for (; *f != RECORD_FIELDS; f++) {
			CHECK_NUMBER(record_member(*f), here[*f]++, 0);
			seen[*f] = 1;
		}
		CHECK_NUMBER("last", f[-1], RECORD_VALUE);
	}
	for (i = 0; i < RECORD_FIELDS; i++)
		CHECK_NUMBER(record_member((enum record_field)i), seen[i], 1);
}

int
main(int argc, char *argv[])
{
	struct dice d = { argc > 1 ? strtoul(argv[1], NULL, 10) : 1 };
	struct scan *json = canonical_open(0);
	int i;

	check_orders();
	check_put();
	check_refused();
	check_edited_refused(json);
	check_edited_examples(json);
	check_edited_lengths(json);
	for (i = 0; i < ROUNDS; i++)
		check_plan(json, &d);
	scan_close(json);
	return check_done();
}
