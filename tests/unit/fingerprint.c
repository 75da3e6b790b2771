/* SPDX-License-Identifier: ISC */
/*
 * Values that say the same have one digest, those that do not have others.
 */
#include "check.h"

#include <stdlib.h>

#include "base/diag.h"
#include "map/compile.h"
#include "map/map.h"
#include "value/fingerprint.h"

static const char text[] =
    "platform test\n"
    "file main main.json json style compact\n"
    "every\n"
    "\tlocal copy\n"
    "\tignore date\n"
    "kind setting\n"
    "\tin main /*\n"
    "\tignore hash\n"
    "kind flow\n"
    "\tin main /flows/-\n"
    "\tid id\n"
    "\talias _id\n"
    "\tneeds part parts/- by alias\n"
    "\tneeds part by/* as key by alias\n"
    "\trefs tool path as tail projects/\n"
    "\trefs tool say as text TOOL\n"
    "\tignore nodes/-/size deep/**/size\n"
    "\tsets set more/-\n";

#define FLOW "\"flow\",\"file\":\"main.json\",\"at\":\"/flows/-\""
#define SETTING(key) "\"setting\",\"file\":\"main.json\",\"at\":\"/" key "\""

/* two values, what is to count, whether they are the same */
static const struct {
	const char *head, *a, *b;
	unsigned flags;
	int same;
} cases[] = {
	{ FLOW, "{\"a\":1,\"b\":\"x\"}", "{\"b\":\"\\u0078\",\"a\":1}", 0, 1 },
	{ FLOW, "{\"a\":1}", "{\"\\u0061\":1}", 0, 1 },
	{ FLOW, "{\"a\":1}", "{\"b\":1}", 0, 0 },
	{ FLOW, "{\"a\":1}", "{\"a\":\"1\"}", 0, 0 },
	{ FLOW, "{\"a\":1}", "{\"a\":1.0}", 0, 0 },
	{ FLOW, "{\"a\":true}", "{\"a\":\"true\"}", 0, 0 },
	{ FLOW, "{\"a\":1,\"a\":2}", "{\"a\":2,\"a\":1}", 0, 1 },
	{ FLOW, "{\"a\":1,\"a\":1}", "{\"a\":1}", 0, 0 },
	{ FLOW, "{\"a\":{\"b\":1},\"c\":2}",
	    "{\"a\":{\"c\":2},\"b\":1}", 0, 0 },
	{ FLOW, "{\"ab\":\"c\"}", "{\"a\":\"bc\"}", 0, 0 },
	{ FLOW, "[1,2]", "[2,1]", 0, 0 },
	{ FLOW, "[[1],2]", "[1,[2]]", 0, 0 },
	{ FLOW, "[\"12\"]", "[\"1\",\"2\"]", 0, 0 },
	/* empty is absent, but in the midst of an array */
	{ FLOW, "{\"a\":\"\",\"b\":[],\"c\":{},\"d\":null,\"e\":[{},[\"\"]]}",
	    "{}", 0, 1 },
	{ FLOW, "{\"a\":\"\"}", "{}", FINGERPRINT_EMPTY, 0 },
	{ FLOW, "{\"a\":[]}", "{\"a\":{}}", FINGERPRINT_EMPTY, 0 },
	{ FLOW, "null", "{\"x\":{\"y\":[null]}}", 0, 1 },
	{ FLOW, "{\"a\":0}", "{}", 0, 0 },
	{ FLOW, "{\"a\":false}", "{}", 0, 0 },
	{ FLOW, "[1,null,\"\"]", "[1]", 0, 1 },
	{ FLOW, "[null,1]", "[1]", 0, 0 },
	{ FLOW, "[null,1]", "[{},1]", 0, 1 },
	/* members that do not count */
	{ FLOW, "{\"date\":1,\"copy\":2,\"a\":3}", "{\"date\":4,\"a\":3}", 0,
	    1 },
	{ FLOW, "{\"date\":1}", "{\"date\":4}", FINGERPRINT_IGNORED, 0 },
	{ FLOW, "{\"x\":{\"date\":1}}", "{\"x\":{\"date\":2}}", 0, 0 },
	{ FLOW, "{\"nodes\":[{\"size\":1,\"no\":1},{\"size\":[3]}]}",
	    "{\"nodes\":[{\"no\":1,\"size\":{}}]}", 0, 1 },
	{ FLOW, "{\"deep\":{\"a\":[{\"size\":1}],\"b\":1}}",
	    "{\"deep\":{\"a\":[{\"size\":2}],\"b\":1,\"size\":7}}", 0, 1 },
	{ FLOW, "{\"_id\":\"a\",\"id\":\"i\"}", "{\"_id\":\"b\",\"id\":\"i\"}",
	    0, 1 },
	{ FLOW, "{\"_id\":\"a\"}", "{\"_id\":\"b\"}", FINGERPRINT_ALIAS, 0 },
	{ SETTING("hash"), "\"a\"", "\"b\"", 0, 1 },
	{ SETTING("hash"), "\"a\"", "\"b\"", FINGERPRINT_IGNORED, 0 },
	{ SETTING("date"), "\"a\"", "\"b\"", 0, 1 },
	{ SETTING("other"), "\"a\"", "\"b\"", 0, 0 },
	/* sets */
	{ FLOW, "{\"set\":[1,2,2]}", "{\"set\":[2,1,2]}", 0, 1 },
	{ FLOW, "{\"set\":[1,2,2]}", "{\"set\":[2,1]}", 0, 0 },
	{ FLOW, "{\"more\":[[1,2],[3]]}", "{\"more\":[[2,1],[3]]}", 0, 1 },
	{ FLOW, "{\"more\":[[1,2],[3]]}", "{\"more\":[[3],[2,1]]}", 0, 0 },
	/* references: part a and part A are one, and tools t and T */
	{ FLOW, "{\"parts\":[\"a\",\"b\"],\"say\":\"a ${TOOL:t} t\"}",
	    "{\"parts\":[\"A\",\"b\"],\"say\":\"a ${TOOL:T} t\"}", 0, 1 },
	{ FLOW, "{\"parts\":[\"a\"]}", "{\"parts\":[\"b\"]}", 0, 0 },
	{ FLOW, "{\"say\":\"a ${TOOL:t} t\"}", "{\"say\":\"a ${TOOL:t} T\"}", 0,
	    0 },
	{ FLOW, "{\"by\":{\"a\":1,\"b\":\"a\"}}", "{\"by\":{\"b\":\"a\","
	    "\"A\":1}}", 0, 1 },
	{ FLOW, "{\"by\":{\"a\":1}}", "{\"by\":{\"c\":1}}", 0, 0 },
	{ FLOW, "{\"path\":\"projects/P/t\"}", "{\"path\":\"projects/Q/T\"}",
	    0, 1 },
	{ FLOW, "{\"other\":\"a\"}", "{\"other\":\"A\"}", 0, 0 },
	/* an unknown kind has no rows */
	{ "\"none\",\"file\":\"main.json\",\"at\":\"/a\"", "{\"date\":1}",
	    "{\"date\":2}", 0, 0 },
};

/* words in upper case are those in lower case */
static int
identity(void *ctx, const char *ref, size_t n, struct slice *id)
{
	static const char *const same[] = { "part:a", "part:A", "tool:t",
	    "tool:T" };
	size_t i;

	(void)ctx;
	for (i = 0; i < 4; i++) {
		if (strlen(same[i]) == n && memcmp(same[i], ref, n) == 0) {
			*id = (struct slice){ same[i / 2 * 2], 6 };
			return 1;
		}
	}
	return 0;
}

static struct hash_sum
digest_of(struct fingerprints *c, const char *head, const char *value,
    unsigned flags)
{
	struct fingerprint_ask ask = { .identity = identity, .flags = flags };
	struct hash_sum sum = {0};
	struct buf line = {0};
	struct record r;
	struct text_error e;

	buf_printf(&line, "{\"kind\":%s,\"value\":%s}", head, value);
	if (record_read(&r, edge(line.ptr, line.len), line.len, &e) == -1)
		errx(2, "%s: %s", line.ptr, e.what);
	CHECK(fingerprint(c, &r, &ask, &sum) == 0);
	buf_free(&line);
	return sum;
}

int
main(void)
{
	struct diag d = { .program = "fingerprint" };
	struct hash_sum a, b, nothing = {0};
	struct map *map;
	struct fingerprints *c;
	size_t i;

	map = map_open(&d, "test.map", text, strlen(text));
	if (map == NULL)
		return 2;
	c = fingerprint_open(&d, map);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		check_about = cases[i].a;
		a = digest_of(c, cases[i].head, cases[i].a, cases[i].flags);
		b = digest_of(c, cases[i].head, cases[i].b, cases[i].flags);
		CHECK_NUMBER(cases[i].b, memcmp(&a, &b, sizeof(a)) == 0,
		    cases[i].same);
	}
	a = digest_of(c, FLOW, "[[],{\"x\":\"\"}]", 0);
	CHECK(memcmp(&a, &nothing, sizeof(a)) == 0);
	fingerprint_close(c);
	map_close(map);
	return check_done();
}
