/* SPDX-License-Identifier: ISC */
/*
 * A tape has the tokens that a plain reader finds, and takes no text that is
 * none; edits of a text give what leaving things out of it gives; a line with
 * members changed is the line that has those members.
 */
#include "check.h"

#include <stdlib.h>

#include "json/edit.h"
#include "json/tape.h"
#include "naive.h"
#include "stream/list.h"
#include "stream/record_edit.h"
#include "value.h"

#define TURNS CHECK_ROUNDS(20000)
#define DEPTH 6

/* the tokens of a tape, from one on, as naive_put() writes them */
static void
put_token(const struct tape *t, uint32_t i, struct buf *out)
{
	const struct tape_token *k = &t->tokens[i];
	struct slice key = tape_key(t, i);
	int first = k->parent != TAPE_NONE && k->index == 0, empty = 1;
	uint32_t j;

	if (key.p != NULL) {
		CHECK(k->plain == (memchr(key.p, '\\', key.n) == NULL));
		naive_put(out, JSON_KEY, k->key, first, key.p - 1, key.n + 2);
		first = 0;
	}
	if (k->type > TAPE_ARRAY) {
		CHECK((tape_text(t, i).p != NULL) == (k->type ==
		    TAPE_STRING));
		naive_put(out, k->type == TAPE_STRING ? JSON_STRING :
		    JSON_OTHER, k->start, first, tape_bytes(t, i).p,
		    tape_bytes(t, i).n);
		return;
	}
	naive_put(out, k->type == TAPE_OBJECT ? JSON_OBJECT : JSON_ARRAY,
	    k->start, first, t->text + k->start, 1);
	for (j = tape_first(t, i); j != TAPE_NONE; j = tape_after(t, j)) {
		CHECK(t->tokens[j].parent == i);
		put_token(t, j, out);
		empty = 0;
	}
	naive_put(out, JSON_END, k->end - 1, empty, t->text + k->end - 1, 1);
}

/* whether there are bytes that a tape does not look at */
static int
is_odd(const char *p, size_t n)
{
	for (; n > 0; p++, n--) {
		if ((unsigned char)*p < 0x20 || (unsigned char)*p >= 0x7f)
			return 1;
	}
	return 0;
}

/* a text is read as a plain reader reads it, or refused at a byte of it */
static void
check_text(struct tape *t, const char *text, size_t n)
{
	struct buf want = {0}, got = {0};
	struct text_error e = { NULL, 0 };
	int compact = naive_read(text, n, 1000, &want) == 1;
	int rc = tape_read(t, edge(text, n), n, &e);

	if (rc == 0) {
		put_token(t, 0, &got);
		CHECK(compact || is_odd(text, n));
		if (compact)
			CHECK_BYTES("tokens", got.ptr, got.len, want.ptr,
			    want.len);
	} else {
		CHECK(!compact);
		CHECK(e.what != NULL && e.at <= n);
	}
	buf_free(&want);
	buf_free(&got);
}

/* what becomes of a token */
enum fate { STAYS, DROPPED, REPLACED };

/* append a token without what was dropped, and its key; whether there is one */
static int
put_left(const struct tape *t, const uint8_t *fates, uint32_t i, int comma,
    struct buf *out)
{
	const struct tape_token *k = &t->tokens[i];
	uint32_t j;
	int some = 0;

	if (fates[i] == DROPPED)
		return 0;
	if (comma)
		buf_addc(out, ',');
	if (k->key != TAPE_NONE)
		buf_add(out, t->text + k->key, k->start - k->key);
	if (fates[i] == REPLACED) {
		buf_adds(out, "[\"new\"]");
	} else if (k->type > TAPE_ARRAY) {
		buf_add(out, t->text + k->start, k->end - k->start);
	} else {
		buf_addc(out, t->text[k->start]);
		for (j = tape_first(t, i); j != TAPE_NONE;
		    j = tape_after(t, j))
			some |= put_left(t, fates, j, some, out);
		if (i == 0 && k->type == TAPE_OBJECT)
			buf_adds(out, some ? ",\"more\":1" : "\"more\":1");
		buf_addc(out, t->text[k->end - 1]);
	}
	return 1;
}

/* edits give what is left when the text is written without what goes */
static void
check_edits(struct tape *t, struct dice *d, const char *text, size_t n)
{
	struct buf want = {0}, got = {0};
	struct edits p = {0};
	uint8_t *fates;
	uint32_t i, j;
	size_t often = 1 + dice_roll(d, 6);

	fates = xcalloc(t->n, 1);
	if (t->tokens[0].type == TAPE_OBJECT)
		edit_member(&p, t, 0, "more", "1", 1);
	for (j = 1; j < t->n; j++) {
		/* from both ends: the order does not matter */
		i = j % 2 == 0 ? j : (uint32_t)t->n - j - (t->n % 2 == 0 ?
		    0 : 1);
		if (i == 0 || fates[i] != STAYS || dice_roll(d, often) > 0)
			continue;
		fates[i] = dice_roll(d, 2) == 0 ? DROPPED : REPLACED;
		if (fates[i] == DROPPED)
			edit_drop(&p, t, i);
		else
			edit_replace(&p, t->tokens[i].start,
			    t->tokens[i].end - t->tokens[i].start,
			    "[\"new\"]", 7);
		if (fates[i] == DROPPED && dice_roll(d, 3) == 0)
			edit_drop(&p, t, i);
	}
	put_left(t, fates, 0, 0, &want);
	edit_apply(&p, text, n, &got);
	CHECK_BYTES("edited", got.ptr, got.len, want.ptr, want.len);
	free(fates);
	edit_free(&p);
	buf_free(&want);
	buf_free(&got);
}

static void
check_values(void)
{
	struct dice d = { 1 };
	struct tape t = {0};
	struct buf text = {0}, bad = {0};
	struct text_error e;
	int i;

	check_about = "random values";
	for (i = 0; i < TURNS; i++) {
		text.len = bad.len = 0;
		value_make(&text, &d, DEPTH);
		check_text(&t, text.ptr, text.len);
		if (tape_read(&t, text.ptr, text.len, &e) == 0)
			check_edits(&t, &d, text.ptr, text.len);
		value_spoil(&bad, &d, text.ptr, text.len);
		check_text(&t, bad.ptr, bad.len);
		check_text(&t, text.ptr, dice_roll(&d, text.len + 1));
	}
	text.len = 0;
	value_deep(&text, &d, 900);
	check_text(&t, text.ptr, text.len);
	tape_free(&t);
	buf_free(&text);
	buf_free(&bad);
}

static void
check_asking(void)
{
	static const char text[] = "{\"a\":1,\"\\u0062\":[null,\"\",[],{},0,"
	    "{\"x/~\":\"y\"}],\"a\":2}";
	struct tape t = {0};
	struct text_error e;
	struct buf b = {0};
	uint32_t i, j;

	check_about = "asking";
	CHECK(tape_read(&t, text, strlen(text), &e) == 0);
	i = tape_member(&t, 0, "a");
	CHECK(i == 1 && tape_bytes(&t, i).p[0] == '1');
	CHECK(tape_member(&t, 0, "c") == TAPE_NONE);
	i = tape_member(&t, 0, "b");
	CHECK(i == 2);
	CHECK(tape_member(&t, i, "x/~") == TAPE_NONE);
	for (j = tape_first(&t, i); t.tokens[j].index < 4;
	    j = tape_after(&t, j))
		CHECK(tape_empty(&t, j));
	CHECK(!tape_empty(&t, j));
	j = tape_member(&t, tape_after(&t, j), "x/~");
	tape_pointer(&t, j, &b);
	CHECK_TEXT("pointer", b.ptr, b.len, "/b/5/x~1~0");
	b.len = 0;
	tape_pointer(&t, 0, &b);
	CHECK_TEXT("pointer", b.ptr, b.len, "");
	CHECK(tape_escapes("a\\n\\u00e9", 9) && !tape_escapes("\\", 1) &&
	    !tape_escapes("\\u00e", 5) && !tape_escapes("\\x", 2));
	tape_free(&t);
	buf_free(&b);
}

/* members by which lines are made: every second one stands in a line or not */
static const enum record_field some[] = { RECORD_ID, RECORD_NAME, RECORD_TYPE,
    RECORD_CATEGORY, RECORD_STATUS, RECORD_LANG, RECORD_ALIAS, RECORD_NAMES,
    RECORD_OWNER, RECORD_NEEDS, RECORD_LINKS, RECORD_REFS, RECORD_FILE,
    RECORD_AT, RECORD_KEY, RECORD_ENCODING };
#define SOME (sizeof(some) / sizeof(some[0]))

/* a line with the members whose text is not NULL */
static void
put_line(struct buf *b, const char *const texts[SOME], const char *own,
    const char *value)
{
	size_t i;

	b->len = 0;
	record_begin(b, "k", 1);
	for (i = 0; i < SOME; i++) {
		if (texts[i] != NULL)
			record_put(b, some[i], texts[i], strlen(texts[i]));
	}
	buf_adds(b, own);
	record_put(b, RECORD_VALUE, value, strlen(value));
	buf_addc(b, '}');
}

static void
check_lines(void)
{
	static const char *const json[] = { NULL, "\"a\"", "[\"x\",\"\\\"\"]",
	    "\"status\"" };
	static const char *const owns[] = { "", ",\"x-a\":{\"b\":[\"}\"]}",
	    ",\"x-a\":1,\"x-why\":\"\\\"old\\\"\"",
	    ",\"x-c\":{\"x-why\":\"not this\"},\"x-why\":[1,{}]" };
	static const char *const whys[] = { ",\"x-why\":\"so \\\"it\\\" is\"",
	    ",\"x-a\":{\"b\":[\"}\"]},\"x-why\":\"so \\\"it\\\" is\"",
	    ",\"x-a\":1,\"x-why\":\"so \\\"it\\\" is\"",
	    ",\"x-c\":{\"x-why\":\"not this\"},\"x-why\":"
	    "\"so \\\"it\\\" is\"" };
	struct dice d = { 2 };
	struct buf line = {0}, want = {0}, got = {0};
	struct record_edit change[SOME];
	const char *texts[SOME];
	struct record r;
	struct text_error e;
	size_t i, n, turn, own;

	check_about = "lines";
	for (turn = 0; turn < 2000; turn++) {
		for (i = 0; i < SOME; i++)
			texts[i] = json[dice_roll(&d, 4)];
		own = dice_roll(&d, 4);
		put_line(&line, texts, owns[own], "{\"kind\":\"x-why\"}");
		CHECK(record_read(&r, edge(line.ptr, line.len), line.len, &e)
		    == 0);
		for (i = SOME, n = 0; i-- > 0; ) {
			if (dice_roll(&d, 2) == 0)
				continue;
			texts[i] = json[dice_roll(&d, 4)];
			change[n].field = some[i];
			change[n++].json = (struct slice){ texts[i],
			    texts[i] == NULL ? 0 : strlen(texts[i]) };
		}
		put_line(&want, texts, owns[own], "{\"kind\":\"x-why\"}");
		got.len = 0;
		record_edit(&got, &r, change, n);
		CHECK_BYTES("line", got.ptr, got.len, want.ptr, want.len);
		/* and once more, with a status and a reason */
		CHECK(record_read(&r, want.ptr, want.len, &e) == 0);
		texts[4] = dice_roll(&d, 2) == 0 ? NULL : "\"published\"";
		put_line(&line, texts, whys[own], "{\"kind\":\"x-why\"}");
		got.len = 0;
		record_edit_status(&got, &r, texts[4] == NULL ? NULL :
		    "published", "so \"it\" is");
		CHECK_BYTES("status", got.ptr, got.len, line.ptr, line.len);
	}
	buf_free(&line);
	buf_free(&want);
	buf_free(&got);
}

static void
check_items(void)
{
	static const struct {
		const char *list, *items;
	} cases[] = { { "[]", "" }, { "[\"a\"]", "a|" }, { "[\"a\\\"\",\"\"]",
	    "a\\\"||" }, { "[\"a\",1,\"b\"]", "a|" }, { "[\"a\\", "" },
	    { "\"a\"", "" }, { "", "" }, { "[", "" }, { "[\"a\",", "a|" } };
	struct slice item;
	struct buf b = {0};
	size_t i, at, n;

	check_about = "items";
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		n = strlen(cases[i].list);
		b.len = 0;
		for (at =
		    0; list_next((struct slice){ edge(cases[i].list, n),
		    n }, &at, &item); buf_addc(&b, '|'))
			buf_add(&b, item.p, item.n);
		CHECK_TEXT(cases[i].list, b.ptr, b.len, cases[i].items);
	}
	buf_free(&b);
}

int
main(void)
{
	check_values();
	check_asking();
	check_lines();
	check_items();
	return check_done();
}
