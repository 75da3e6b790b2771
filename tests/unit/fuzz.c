/* SPDX-License-Identifier: ISC */
/*
 * fuzz [SEED [ROUNDS]]: what reads bytes from outside is given spoiled ones:
 * the parser says the same as a plain reader, records stay inside their line,
 * edited lines become JSON, maps are compiled or refused; nobody dies.
 */
#include <stdlib.h>

#include "base/diag.h"
#include "check.h"
#include "json/scan.h"
#include "json/string.h"
#include "map/compile.h"
#include "map/file_match.h"
#include "map/map.h"
#include "map/registry.h"
#include "naive.h"
#include "reading.h"
#include "stream/canonical.h"
#include "stream/record.h"
#include "value.h"

#define DEPTH 12

/* a value with blanks here and there, outside its strings or not */
static void
put_blanks(struct buf *out, struct dice *d, const struct buf *value)
{
	static const char *const blanks[] = {
		" ", "\n", "\n  ", "\r\n", "\t", "\n\t\t", "\n    \n"
	};
	size_t i;

	for (i = 0; i < value->len; i++) {
		if (strchr("[]{},:", value->ptr[i]) != NULL &&
		    dice_roll(d, 6) == 0)
			buf_adds(out, blanks[dice_roll(d, 7)]);
		buf_addc(out, value->ptr[i]);
		if (strchr("[]{},:", value->ptr[i]) != NULL &&
		    dice_roll(d, 6) == 0)
			buf_adds(out, blanks[dice_roll(d, 7)]);
	}
}

/* read a text in pieces of max bytes, or of as many or fewer; 0 or -1 */
static int
read_pieces(struct scan *json, struct dice *d, const struct buf *text,
    size_t max, struct reading *r)
{
	size_t i, n;
	int rc;

	*r = (struct reading){ .scan = json };
	scan_reset(json, r);
	for (i = 0, rc = 0; rc == 0 && i < text->len; i += n) {
		n = dice_roll(d, 2) == 0 ? max : 1 + dice_roll(d, max);
		if (n > text->len - i)
			n = text->len - i;
		rc = scan_feed(json, edge(text->ptr + i, n), n);
	}
	return rc == 0 ? scan_finish(json) : rc;
}

/* that a text is refused in pieces for the same reason as a whole */
static void
check_reason(struct scan *json, struct dice *d, const struct buf *text)
{
	struct scan_error e = *scan_error(json);
	struct reading r;

	read_pieces(json, d, text, 1, &r);
	reading_free(&r);
	if (e.offset != scan_error(json)->offset ||
	    e.what != scan_error(json)->what) {
		CHECK_BYTES(scan_error(json)->what, text->ptr, text->len, "",
		    0);
		CHECK_NUMBER(e.what, e.offset, scan_error(json)->offset);
	}
}

/* a text in pieces of one size, or of many: as a plain reader says */
static void
check_json(struct scan *json, struct dice *d, const struct buf *text)
{
	struct reading r;
	struct buf plain = {0};
	int rc, want;

	rc = read_pieces(json, d, text, dice_roll(d, 3) == 0 ? text->len + 1 :
	    1 + dice_roll(d, 31), &r);
	want = naive_read(text->ptr, text->len, DEPTH, &plain) == -1 ? -1 : 0;
	if (rc != want)
		CHECK_BYTES(want == 0 ? "refused" : "accepted", text->ptr,
		    text->len, "", 0);
	CHECK((rc == -1) == (scan_error(json)->what != NULL));
	CHECK(rc == 0 || scan_error(json)->offset <= text->len);
	if (rc == 0 && want == 0)
		CHECK_BYTES("tokens", r.tokens.ptr, r.tokens.len, plain.ptr,
		    plain.len);
	else if (rc == -1)
		check_reason(json, d, text);
	reading_free(&r);
	buf_free(&plain);
}

static void
fuzz_json(struct dice *d, size_t rounds)
{
	static const struct scan_options o = { DEPTH, UINT64_MAX };
	struct scan *json = scan_open(&o, reading_take);
	struct buf value = {0}, blank = {0}, text = {0};
	size_t i;

	for (i = 0; i < rounds; i++) {
		value.len = blank.len = text.len = 0;
		if (i % 1000 == 0) {
			buf_adds(&value, "[1,\"");
			buf_fill(&value, 'a', 60000 + dice_roll(d, 90000));
			value_text(&value, d);
			buf_adds(&value, "\",2]");
		} else {
			value_make(&value, d, 5);
		}
		put_blanks(&blank, d, &value);
		check_json(json, d, &blank);
		value_spoil(&text, d, blank.ptr, blank.len);
		check_json(json, d, &text);
	}
	scan_close(json);
	buf_free(&value);
	buf_free(&blank);
	buf_free(&text);
}

/* a line of a stream, or something like it */
static void
make_line(struct buf *out, struct dice *d)
{
	static const char *const lines[] = {
		"{\"kind\":\"dialog\",\"id\":\"a\",\"needs\":[\"b:c\"],"
		    "\"file\":\"f\",\"at\":\"/-\",\"value\":",
		"{\"kind\":\"@file\",\"file\":\"f\",\"size\":1,\"value\":",
		"{\"kind\":\"a\",\"x-a\":{\"b\":[\"\\u0041\"]},\"value\":",
		"{\"value\":[],\"names\":[],\"kind\":\"@open\",\"key\":",
		"{\"kind\":1,\"x-\":", "{\"kind\":"
	};

	buf_adds(out, lines[dice_roll(d, 6)]);
	value_make(out, d, 3);
	buf_addc(out, '}');
}

/* slices that a record has must be inside its line */
static void
check_record(const char *p, size_t n)
{
	struct text_error e = {0};
	struct record r;
	struct slice s;
	int f;

	if (record_read(&r, p, n, &e) == -1) {
		CHECK(e.what != NULL && e.at <= n);
		return;
	}
	for (f = 0; f < RECORD_FIELDS; f++) {
		s = r.field[f];
		CHECK(s.p == NULL || (s.p > p && s.n > 0 &&
		    s.p + s.n < p + n));
		record_number(&r, (enum record_field)f);
		s = record_text(&r, (enum record_field)f);
		CHECK(s.p == NULL || (s.p > p && s.p + s.n < p + n));
	}
}

/* an edited line is taken as it is JSON or not; what comes of it is stable */
static void
check_edited(struct scan *json, const char *p, size_t n)
{
	struct text_error e = {0};
	struct buf out = {0}, again = {0}, plain = {0};
	int rc, want;

	want = naive_read(p, n, 4096, &plain) == -1 ? -1 : 0;
	if (want == 0 && strncmp(buf_str(&plain), "object", 6) != 0)
		want = -1;
	rc = canonical_line(json, &out, p, n, &e);
	if (rc != want)
		CHECK_BYTES(want == 0 ? "refused" : "accepted", p, n, "", 0);
	if (rc == 0) {
		CHECK_NUMBER("compact JSON", naive_read(out.ptr, out.len,
		    4096, &plain), 1);
		CHECK_NUMBER("edited again", canonical_line(json, &again,
		    out.ptr, out.len, &e), 0);
		CHECK_BYTES("the same again", again.ptr, again.len, out.ptr,
		    out.len);
	}
	buf_free(&out);
	buf_free(&again);
	buf_free(&plain);
}

static void
fuzz_lines(struct dice *d, size_t rounds)
{
	struct scan *json = canonical_open(0);
	struct buf line = {0}, text = {0};
	const char *p;
	size_t i, n;

	for (i = 0; i < rounds; i++) {
		line.len = text.len = 0;
		make_line(&line, d);
		value_spoil(&text, d, line.ptr, line.len);
		n = dice_roll(d, 4) > 0 ? text.len :
		    dice_roll(d, text.len + 1);
		p = edge(text.ptr, n);
		check_record(p, n);
		check_edited(json, p, n);
	}
	scan_close(json);
	buf_free(&line);
	buf_free(&text);
}

/* append some rows of a map there is */
static void
put_rows(struct buf *out, struct dice *d, const struct map_text *t)
{
	const char *p, *eol, *end = t->text + t->n;
	size_t rows;

	for (p = t->text + dice_roll(d, t->n), rows = dice_roll(d, 30);
	    p < end && rows > 0; p = eol + 1, rows--) {
		if ((eol = memchr(p, '\n', (size_t)(end - p))) == NULL)
			eol = end;
		buf_add(out, p, (size_t)(eol - p));
		buf_addc(out, '\n');
	}
}

/* append rows of words put together at random, below the kind before them */
static void
put_random_rows(struct buf *out, struct dice *d)
{
	static const char *const rows[] = {
		"id", "name", "alias", "names", "category", "owner", "needs",
		"links", "refs", "refs a b", "needs ?a $1", "in definition",
		"when", "left", "key"
	}, *const words[] = {
		"a", "b", "c/-/d", "**/e", ".", "^", "$1", "$9", "$", "'a'",
		"as key", "as text w", "as text $1 as text w", "as tail w",
		"as mention", "by alias", "in a", "in $1 in a", "if a b c",
		"if ^ b", "if $1 b", "through a", "lost keep", "?a", "/a/-",
		"''", "'", "|", "as", "as tail", "by", "in", "if", "through",
		"lost", "?", "/", "\"", "\"a b\"", "\"\"", "*", "-", "#"
	};
	size_t n, m;

	for (n = dice_roll(d, 4); n > 0; n--) {
		buf_printf(out, "\t%s", rows[dice_roll(d, sizeof(rows) /
		    sizeof(rows[0]))]);
		for (m = 1 + dice_roll(d, 6); m > 0; m--)
			buf_printf(out, " %s", words[dice_roll(d,
			    sizeof(words) / sizeof(words[0]))]);
		buf_addc(out, '\n');
	}
}

/* a map that opened is asked some things */
static void
ask_map(const struct map *m, struct dice *d)
{
	static const char *const paths[] = {
		"appDefinition.json", "botDefinition.json", "config.json",
		"tableDefinition_%41%.json", "a/b/c.json", "x.js", "",
		"flows/a/pages/b.json", "intents/a/trainingPhrases/en.json"
	};
	const char *path = paths[dice_roll(d, sizeof(paths) /
	    sizeof(paths[0]))];
	struct buf captures = {0};

	map_file(m, edge(path, strlen(path) + 1), &captures);
	map_word(m, "status", "inProgress", 10);
	map_builtin(m, "idp", "none", 4);
	map_limit(m, "package", "xo11");
	map_group(m, "definition");
	buf_free(&captures);
}

static void
fuzz_maps(struct dice *d, size_t rounds)
{
	struct diag diag = { .program = "fuzz" };
	struct buf base = {0}, text = {0}, said = {0};
	struct map *m;
	struct hush h;
	size_t i, n, opened = 0;

	for (n = 0; map_texts[n].name != NULL; n++)
		continue;
	hush_begin(&h);
	for (i = 0; i < rounds; i++) {
		base.len = text.len = 0;
		buf_adds(&base, "platform p\nfile definition a.json json\n"
		    "kind a\n\tin definition /a/-\n");
		put_random_rows(&base, d);
		if (dice_roll(d, 2) == 0)
			put_rows(&base, d, &map_texts[dice_roll(d, n)]);
		if (dice_roll(d, 3) == 0)
			value_spoil(&text, d, base.ptr, base.len);
		else
			buf_add(&text, base.ptr, base.len);
		m = map_open(&diag, "fuzz.map", edge(text.ptr, text.len),
		    text.len);
		if (m != NULL) {
			ask_map(m, d);
			opened++;
		}
		map_close(m);
	}
	hush_end(&h, &said);
	CHECK(opened > rounds / 100 && opened < rounds);
	buf_free(&base);
	buf_free(&text);
	buf_free(&said);
}

int
main(int argc, char *argv[])
{
	struct dice d = { argc > 1 ? strtoul(argv[1], NULL, 10) : 1 };
	size_t rounds = argc > 2 ? strtoul(argv[2], NULL, 10) : 20000;

	fuzz_json(&d, rounds);
	fuzz_lines(&d, rounds);
	fuzz_maps(&d, rounds / 2);
	return check_done();
}
