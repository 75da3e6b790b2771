/* SPDX-License-Identifier: ISC */
/*
 * styles [SEED]: lay random values out in every style and read them back: the
 * styles told are those that give these bytes, the tokens are the value's, and
 * a changed blank is noticed where it stands.
 */
#include <stdlib.h>

#include "check.h"
#include "json/print.h"
#include "json/scan.h"
#include "json/style.h"
#include "value.h"

#define ROUNDS CHECK_ROUNDS(3000)
#define DEPTH 400

/* a gap of a text: what stands before a token */
struct gap {
	size_t at, n;
};

/* a text as read by the parser: its tokens, joined in compact form */
struct reading {
	struct buf compact;
	struct buf gaps;	/* of struct gap */
	struct scan *json;
	size_t end;		/* of the token before */
	int keyed;
};

static int
take(void *arg, const struct json_token *t)
{
	struct reading *r = arg;
	struct gap g = { .at = r->end };
	size_t offset = (size_t)scan_offset(r->json);

	g.n = offset - r->end;
	buf_add(&r->gaps, &g, sizeof(g));
	if (r->keyed)
		buf_addc(&r->compact, ':');
	else if (!t->first && t->type != JSON_END && r->end > 0)
		buf_addc(&r->compact, ',');
	buf_add(&r->compact, t->raw, t->len);
	r->keyed = t->type == JSON_KEY;
	r->end = offset + t->len;
	return 0;
}

/* read a text in pieces, perhaps taking for granted that it has a style */
static void
read_text(struct reading *r, const struct buf *text, size_t piece,
    const struct style *assumed)
{
	static const struct scan_options o = { DEPTH + 1, UINT64_MAX };
	size_t i, n;
	int rc = 0;

	*r = (struct reading){ .json = scan_open(&o, take) };
	scan_reset(r->json, r);
	if (assumed != NULL)
		scan_assume(r->json, assumed);
	for (i = 0; rc == 0 && i < text->len; i += n) {
		n = piece > text->len - i ? text->len - i : piece;
		rc = scan_feed(r->json, text->ptr + i, n);
	}
	CHECK_NUMBER("reading back", rc, 0);
	CHECK_NUMBER("the end", scan_finish(r->json), 0);
}

static void
reading_free(struct reading *r)
{
	scan_close(r->json);
	buf_free(&r->compact);
	buf_free(&r->gaps);
}

static int
keep(void *arg, const char *p, size_t n)
{
	buf_add(arg, p, n);
	return 0;
}

/* append a value in a style */
static void
lay_out(struct buf *out, const struct style *s, const struct buf *value)
{
	struct print l = {0};

	print_begin(&l, s, DEPTH + 1, keep, out);
	CHECK_NUMBER("layout_put", print_put(&l, value->ptr, value->len), 0);
	CHECK_NUMBER("layout_flush", print_flush(&l), 0);
	print_free(&l);
}

/*
 * Where a text with these gaps stops keeping to a style: the offset of its
 * first gap that the value has not in that style; UINT64_MAX: nowhere.
 */
static uint64_t
first_wrong(const struct buf *text, const struct reading *r,
    const struct style *s, const struct buf *value)
{
	const struct gap *g = (void *)r->gaps.ptr, *h;
	struct buf other = {0};
	struct reading ro;
	uint64_t at = UINT64_MAX;
	size_t i;

	lay_out(&other, s, value);
	read_text(&ro, &other, other.len, NULL);
	h = (void *)ro.gaps.ptr;
	for (i = 0; i < r->gaps.len / sizeof(*g) && at == UINT64_MAX; i++) {
		if (g[i].n != h[i].n || memcmp(text->ptr + g[i].at,
		    other.ptr + h[i].at, g[i].n) != 0)
			at = g[i].at;
	}
	reading_free(&ro);
	buf_free(&other);
	return at;
}

/* that the styles told are those that the text has, and until where */
static void
check_styles(const struct buf *text, const struct buf *value, struct dice *d)
{
	struct reading r;
	uint64_t wrong[32], last = 0;
	size_t i, assumed = dice_roll(d, style_count());
	unsigned told = 0;

	read_text(&r, text, 1 + dice_roll(d, text->len + 31), NULL);
	CHECK_BYTES("tokens", r.compact.ptr, r.compact.len, value->ptr,
	    value->len);
	for (i = 0; i < style_count(); i++) {
		wrong[i] = first_wrong(text, &r, style_at(i), value);
		told |= (unsigned)(wrong[i] == UINT64_MAX) << i;
		last = wrong[i] > last ? wrong[i] : last;
	}
	CHECK_NUMBER("styles told", scan_styles(r.json), told);
	CHECK_NUMBER("where the last ends", scan_unstyled(r.json), last);
	for (i = 0; told == 0 && i < style_count(); i++) {
		if ((scan_nearest(r.json) & 1U << i) != 0)
			CHECK_NUMBER("where the nearest end", wrong[i], last);
	}
	reading_free(&r);
	read_text(&r, text, 1 + dice_roll(d, text->len + 31),
	    style_at(assumed));
	CHECK_NUMBER("where one taken for granted ends", scan_unstyled(r.json),
	    wrong[assumed]);
	CHECK_NUMBER("styles left of one", scan_styles(r.json),
	    wrong[assumed] == UINT64_MAX ? 1U << assumed : 0);
	reading_free(&r);
}

/* append the text with a blank changed, lost or put in before some token */
static void
change_blank(struct buf *out, const struct buf *text, struct dice *d)
{
	static const char blanks[] = " \t\n\r";
	struct reading r;
	const struct gap *g;
	size_t at, what = dice_roll(d, 3);

	read_text(&r, text, text->len, NULL);
	g = (void *)r.gaps.ptr;
	g += dice_roll(d, r.gaps.len / sizeof(*g));
	at = g->at + dice_roll(d, g->n + 1);
	if (at == g->at + g->n || strchr(blanks, text->ptr[at]) == NULL)
		what = 2;
	buf_add(out, text->ptr, at);
	if (what > 0)
		buf_addc(out, blanks[dice_roll(d, 4)]);
	if (what < 2)
		at++;
	buf_add(out, text->ptr + at, text->len - at);
	reading_free(&r);
}

/* one value in one style */
static void
check_value(const struct buf *value, const struct style *s, struct dice *d)
{
	struct buf text = {0}, other = {0};
	struct reading r;

	check_about = style_name(s);
	lay_out(&text, s, value);
	check_styles(&text, value, d);
	read_text(&r, &text, 1 + dice_roll(d, 31), NULL);
	lay_out(&other, s, &r.compact);
	CHECK_BYTES("laid out again", other.ptr, other.len, text.ptr, text.len);
	reading_free(&r);
	other.len = 0;
	change_blank(&other, &text, d);
	check_styles(&other, value, d);
	buf_free(&text);
	buf_free(&other);
}

/* what a style is, by an example of every place */
static void
check_examples(void)
{
	static const char value[] = "{\"a\":[1,{},[]],\"b\":{\"c\":[[2]]}}";
	static const struct {
		const char *style, *text;
	} examples[] = {
		{ "compact", value },
		{ "indent2", "{\n  \"a\": [\n    1,\n    {},\n    []\n  ],\n"
		    "  \"b\": {\n    \"c\": [\n      [\n        2\n      ]\n"
		    "    ]\n  }\n}" },
		{ "indent4", "{\n    \"a\": [\n        1,\n        {},\n"
		    "        []\n    ],\n    \"b\": {\n        \"c\": [\n"
		    "            [\n                2\n            ]\n"
		    "        ]\n    }\n}" },
		{ "tab", "{\n\t\"a\": [\n\t\t1,\n\t\t{},\n\t\t[]\n\t],\n"
		    "\t\"b\": {\n\t\t\"c\": [\n\t\t\t[\n\t\t\t\t2\n\t\t\t]\n"
		    "\t\t]\n\t}\n}" },
		{ "cx", "{\n  \"a\": [ 1, {\n  \n  }, [ ] ],\n  \"b\": {\n"
		    "    \"c\": [ [ 2 ] ]\n  }\n}" },
		{ "cx-stripped", "{\n  \"a\": [ 1, {\n\n  }, [ ] ],\n"
		    "  \"b\": {\n    \"c\": [ [ 2 ] ]\n  }\n}" },
	};
	struct buf v = {0}, text = {0};
	const struct style *s;
	size_t i;

	buf_adds(&v, value);
	CHECK_NUMBER("styles", style_count(),
	    sizeof(examples) / sizeof(examples[0]));
	for (i = 0; i < sizeof(examples) / sizeof(examples[0]); i++) {
		check_about = examples[i].style;
		s = style_find(check_about, strlen(check_about));
		CHECK(s != NULL);
		if (s == NULL)
			continue;
		text.len = 0;
		lay_out(&text, s, &v);
		CHECK_TEXT("example", text.ptr, text.len, examples[i].text);
		CHECK(style_at(style_number(s)) == s);
	}
	check_about = NULL;
	CHECK(style_find("indent", 6) == NULL);
	CHECK(style_find("compact ", 8) == NULL);
	CHECK(style_find("", 0) == NULL);
	buf_free(&v);
	buf_free(&text);
}

int
main(int argc, char *argv[])
{
	struct dice d = { argc > 1 ? strtoul(argv[1], NULL, 10) : 1 };
	struct buf value = {0};
	size_t i, s;

	check_examples();
	for (i = 0; i < ROUNDS; i++) {
		value.len = 0;
		if (i % 100 == 99)
			value_deep(&value, &d, (unsigned)(i * DEPTH / ROUNDS));
		else
			value_make(&value, &d, (unsigned)dice_roll(&d, 7));
		for (s = 0; s < style_count(); s++)
			check_value(&value, style_at(s), &d);
	}
	buf_free(&value);
	return check_done();
}
