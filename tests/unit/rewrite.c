/* SPDX-License-Identifier: ISC */
/*
 * A component whose words are others now has them wherever the map says that
 * they stand, in their form, and nowhere else.
 */
#include "check.h"

#include <stdlib.h>

#include "base/diag.h"
#include "map/compile.h"
#include "map/map.h"
#include "value/revise.h"
#include "value/rewrite.h"

static const char text[] =
    "platform test\n"
    "file main main.json json style compact\n"
    "file step steps/*.json json style compact\n"
    "kind flow\n"
    "\tin main /flows/-\n"
    "\tid id\n"
    "\tname id\n"
    "\talias _id copies/-\n"
    "\tneeds part nodes/-/part by alias\n"
    "\tneeds part keys/* as key by alias\n"
    "\tlinks flow next/- by alias\n"
    "\tlinks flow named by name\n"
    "\tlinks flow same\n"
    "\trefs tool paths/- as tail projects/\n"
    "\trefs tool say as text TOOL\n"
    "\trefs list say as mention by alias\n"
    "\trefs page page in flow\n"
    "kind page\n"
    "\tin main /flows/-/pages/-\n"
    "\tid ^ no\n"
    "\tname no\n"
    "kind step\n"
    "\tin step .\n"
    "\tid $1 no\n"
    "\tname no\n"
    "\towner flow $1\n";

#define LINE(head, value) "{\"kind\":\"flow\"," head "\"file\":" \
	"\"main.json\",\"at\":\"/flows/-\",\"value\":" value "}"

/* a line, old and new words in turn, whether ids count, and the new line */
static const struct {
	const char *about, *line;
	const char *words[7];
	int ids;
	const char *want;	/* NULL: nothing changes */
} cases[] = {
	{ "nothing has another word", LINE("\"needs\":[\"part:a\"],",
	    "{\"nodes\":[{\"part\":\"a\"}]}"), { "part:b", "c" }, 0, NULL },
	{ "aliases in values and lists", LINE("\"needs\":[\"part:a\","
	    "\"part:b\"],\"links\":[\"flow:a\"],\"x-o\":1,",
	    "{\"nodes\":[{\"part\":\"a\"},{\"part\":\"b\",\"a\":\"a\"},"
	    "{\"part\":\"\\u0061\"}],\"next\":[\"a\"]}"), { "part:a",
	    "\\\"n\\\"" }, 0, LINE("\"needs\":[\"part:\\\"n\\\"\","
	    "\"part:b\"],\"links\":[\"flow:a\"],\"x-o\":1,",
	    "{\"nodes\":[{\"part\":\"\\\"n\\\"\"},{\"part\":\"b\",\"a\":"
	    "\"a\"},{\"part\":\"\\\"n\\\"\"}],\"next\":[\"a\"]}") },
	{ "two that change places", LINE("\"needs\":[\"part:a\",\"part:b\"],",
	    "{\"nodes\":[{\"part\":\"a\"},{\"part\":\"b\"}]}"), { "part:a",
	    "b", "part:b", "a" }, 0, LINE("\"needs\":[\"part:b\",\"part:a\"],",
	    "{\"nodes\":[{\"part\":\"b\"},{\"part\":\"a\"}]}") },
	{ "two that become one", LINE("\"needs\":[\"part:a\",\"part:b\"],",
	    "{\"nodes\":[{\"part\":\"a\"},{\"part\":\"b\"}]}"), { "part:a",
	    "b" }, 0, LINE("\"needs\":[\"part:b\"],",
	    "{\"nodes\":[{\"part\":\"b\"},{\"part\":\"b\"}]}") },
	{ "keys, also one that stands twice", LINE("\"needs\":[\"part:a\","
	    "\"part:z/\"],", "{\"keys\":{\"a\":{\"a\":\"a\"},"
	    "\"z\\/\":1.0,\"a\":null}}"),
	    { "part:a", "b" }, 0, LINE("\"needs\":[\"part:b\","
	    "\"part:z/\"],", "{\"keys\":{\"b\":{\"a\":\"a\"},"
	    "\"z\\/\":1.0,\"b\":null}}") },
	{ "numbers stay numbers, if they can", LINE("\"needs\":[\"part:1\","
	    "\"part:2\"],", "{\"nodes\":[{\"part\":1},{\"part\":2}]}"),
	    { "part:1", "10", "part:2", "ten" }, 0, LINE("\"needs\":["
	    "\"part:10\",\"part:ten\"],",
	    "{\"nodes\":[{\"part\":10},{\"part\":\"ten\"}]}") },
	{ "names never", LINE("\"links\":[\"flow:a\"],", "{\"named\":\"a\"}"),
	    { "flow:a", "b" }, 1, NULL },
	{ "a name, and an alias of the same word", LINE("\"links\":["
	    "\"flow:a\"],", "{\"named\":\"a\",\"next\":[\"a\"]}"), { "flow:a",
	    "b" }, 0, LINE("\"links\":[\"flow:b\",\"flow:a\"],",
	    "{\"named\":\"a\",\"next\":[\"b\"]}") },
	{ "ids if they are asked for", LINE("\"links\":[\"flow:a\"],",
	    "{\"same\":\"a\"}"), { "flow:a", "b" }, 1, LINE("\"links\":["
	    "\"flow:b\"],", "{\"same\":\"b\"}") },
	{ "ids else not", LINE("\"links\":[\"flow:a\"],", "{\"same\":\"a\"}"),
	    { "flow:a", "b" }, 0, NULL },
	{ "words in texts, and what is beside them", LINE("\"refs\":["
	    "\"tool:t\",\"tool:u\",\"list:t\",\"list:tt\"],",
	    "{\"say\":\"\\u003ct ${TOOL:t}${tool:u}\\n${tool:t} @t:x @t "
	    "@tt\"}"), { "tool:t", "new", "list:t", "l" }, 0, LINE("\"refs\":["
	    "\"tool:new\",\"tool:u\",\"list:l\",\"list:tt\"],",
	    "{\"say\":\"\\u003ct "
	    "${TOOL:new}${tool:u}\\n${tool:new} @l:x @l @tt\"}") },
	{ "a word that cannot be mentioned is left", LINE("\"refs\":["
	    "\"list:t\",\"list:s\"],", "{\"say\":\"@t @s\"}"), { "list:t",
	    "two words", "list:s", "one" }, 0, LINE("\"refs\":[\"list:t\","
	    "\"list:one\"],", "{\"say\":\"@t @one\"}") },
	{ "the ends of paths, and their beginnings", LINE("\"refs\":["
	    "\"tool:t\",\"tool:u\"],", "{\"paths\":[\"projects/P/agents/A/"
	    "tools/t\",\"projects\\/P/agents\\/A\\/tools/u\",\"t\","
	    "\"projects/P/agents/AB/tools/t\",\"projects/Q/t\"]}"),
	    { "tool:t", "n", "P", "projects/P/agents/A", "projects/R/agents/"
	    "BCD" }, 0, LINE("\"refs\":[\"tool:n\",\"tool:u\"],",
	    "{\"paths\":[\"projects/R/agents/BCD/tools/n\",\"projects/R/"
	    "agents/BCD/tools/u\",\"n\",\"projects/P/agents/AB/tools/n\","
	    "\"projects/Q/n\"]}") },
	{ "a beginning alone", LINE("\"refs\":[\"tool:t\"],",
	    "{\"paths\":[\"projects/P/agents/A/tools/t\"]}"), { "P",
	    "projects/P/agents/A", "projects/R" }, 0, LINE("\"refs\":["
	    "\"tool:t\"],", "{\"paths\":[\"projects/R/tools/t\"]}") },
	{ "its own aliases", LINE("\"id\":\"i\",\"alias\":[\"a\",\"b\"],"
	    "\"links\":[\"flow:a\"],", "{\"_id\":\"a\",\"id\":\"i\",\"copies\""
	    ":[\"b\",\"a\"],\"next\":[\"a\"]}"), { "flow:a", "c" }, 0,
	    LINE("\"id\":\"i\",\"alias\":[\"c\",\"b\"],\"links\":[\"flow:c\"],",
	    "{\"_id\":\"c\",\"id\":\"i\",\"copies\":[\"b\",\"c\"],\"next\":"
	    "[\"c\"]}") },
	{ "its own id, and the name that is the same", LINE("\"id\":\"i\","
	    "\"name\":\"i\",", "{\"id\":\"i\",\"other\":\"i\"}"), { "flow:i",
	    "new" }, 1, LINE("\"id\":\"new\",\"name\":\"new\",",
	    "{\"id\":\"new\",\"other\":\"i\"}") },
	{ "of a scoped word its own part", LINE("\"refs\":[\"page:f/p%2Fq\"],",
	    "{\"flow\":\"f\",\"page\":\"p/q\"}"), { "page:f/p%2Fq",
	    "f/n%25%2F" }, 1, LINE("\"refs\":[\"page:f/n%25%2F\"],",
	    "{\"flow\":\"f\",\"page\":\"n%/\"}") },
	{ "of a scoped id its own part", "{\"kind\":\"page\",\"id\":"
	    "\"f/1/2\",\"name\":\"2\",\"file\":\"main.json\",\"at\":"
	    "\"/flows/-/pages/-\",\"value\":{\"no\":\"2\"}}", { "page:f/1/2",
	    "g/1/3" }, 1, "{\"kind\":\"page\",\"id\":\"g/1/3\",\"name\":\"3\","
	    "\"file\":\"main.json\",\"at\":\"/flows/-/pages/-\",\"value\":"
	    "{\"no\":\"3\"}}" },
	{ "what stands in the file's name is the caller's", "{\"kind\":"
	    "\"step\",\"id\":\"f/1\",\"owner\":[\"flow:f\"],\"file\":"
	    "\"steps/f.json\",\"at\":\"\",\"value\":{\"no\":1}}", { "flow:f",
	    "g", "step:f/1", "g/1" }, 1, "{\"kind\":\"step\",\"id\":\"g/1\","
	    "\"owner\":[\"flow:f\"],\"file\":\"steps/f.json\",\"at\":\"\","
	    "\"value\":{\"no\":1}}" },
	{ "what the map does not know is left", "{\"kind\":\"flow\","
	    "\"needs\":[\"part:a\"],\"file\":\"x\",\"at\":\"/flows/-\","
	    "\"value\":{\"nodes\":[{\"part\":\"a\"}]}}", { "part:a", "b" }, 0,
	    NULL },
};

static int
word(void *ctx, const char *ref, size_t n, struct slice *new)
{
	const char *const *words = ctx;

	for (; *words != NULL && strcmp(*words, "P") != 0; words += 2) {
		if (strlen(*words) == n && memcmp(*words, ref, n) == 0) {
			*new = (struct slice){ words[1], strlen(words[1]) };
			return 1;
		}
	}
	return 0;
}

static void
check_case(struct reviser *w, size_t i)
{
	struct rewrite_ask ask = { .word = word, .ids = cases[i].ids };
	const char *const *p = cases[i].words;
	struct buf line = {0}, said = {0};
	struct record r;
	struct text_error e;
	struct hush h;
	int rc;

	check_about = cases[i].about;
	ask.ctx = (void *)(uintptr_t)p;
	for (; *p != NULL; p += 2) {
		if (strcmp(*p, "P") != 0)
			continue;
		ask.prefix = (struct slice){ p[1], strlen(p[1]) };
		ask.new_prefix = (struct slice){ p[2], strlen(p[2]) };
		break;
	}
	if (record_read(&r, edge(cases[i].line, strlen(cases[i].line)),
	    strlen(cases[i].line), &e) == -1)
		errx(2, "%s: %s", check_about, e.what);
	hush_begin(&h);
	rc = rewrite(w, &r, &ask, &line);
	hush_end(&h, &said);
	CHECK_NUMBER("result", rc, cases[i].want != NULL);
	if (rc == 1 && cases[i].want != NULL)
		CHECK_TEXT("line", line.ptr, line.len, cases[i].want);
	CHECK((said.len > 0) == (strstr(check_about, "cannot") != NULL));
	buf_free(&line);
	buf_free(&said);
}

int
main(void)
{
	struct diag d = { .program = "rewrite" };
	struct map *map;
	struct reviser *w;
	size_t i;

	map = map_open(&d, "test.map", text, strlen(text));
	if (map == NULL)
		return 2;
	w = revise_open(&d, map);
	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		check_case(w, i);
	revise_close(w);
	map_close(map);
	return check_done();
}
