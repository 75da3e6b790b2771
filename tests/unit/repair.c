/* SPDX-License-Identifier: ISC */
/*
 * Components that lost what they referred to are repaired as the map says, and
 * by default so that nothing is left that leads nowhere.
 */
#include "check.h"

#include <stdlib.h>

#include "base/diag.h"
#include "map/compile.h"
#include "map/lost.h"
#include "map/map.h"
#include "stream/record.h"
#include "stream/record_edit.h"
#include "value/locate.h"
#include "value/repair.h"
#include "value/revise.h"

static const char text[] =
    "platform test\n"
    "file main main.json json style compact\n"
    "file step steps/*.json json style compact\n"
    "word status published live\n"
    "builtin page End*\n"
    "kind setting\n"
    "\tin main /*\n"
    "\trefs flow . if $1 start lost set null\n"
    "\trefs flow . if $1 first\n"
    "\trefs theme . if $1 look lost set \"\"\n"
    "kind flow\n"
    "\tin main /flows/-\n"
    "\tid id\n"
    "\tneeds part nodes/-/part\n"
    "\tneeds part nodes/-/inner/part\n"
    "\tneeds scene scene lost drop member\n"
    "\tneeds skin skin\n"
    "\tneeds theme theme lost drop record\n"
    "\tlinks flow nodes/-/flow\n"
    "\tlinks flow lists/-/- lost drop element lists/-\n"
    "\tlinks flow next/-\n"
    "\trefs page page lost keep\n"
    "\trefs word words/* as key\n"
    "\trefs tool say/* as text TOOL\n"
    "\trefs list say/* as mention\n"
    "\trefs list of lost plain\n"
    "\tinner nodes/- no status | state\n"
    "\tinner-link nodes/-/then lost drop member\n"
    "\tinner-link nodes/-/else lost set end\n"
    "\tinner-link order/- lost drop element\n"
    "kind event\n"
    "\tin main /events/*\n"
    "\trefs flow task lost set on false task \"\" n 3\n"
    "\trefs flow other lost set on false\n"
    "kind intent\n"
    "\tin main /intents/-\n"
    "\tid id\n"
    "\tcount phrases phrase\n"
    "kind step\n"
    "\tin step .\n"
    "\tid $1\n"
    "\towner flow $1\n"
    "\tneeds page page in $1\n"
    "\trefs tool a as tail x/\n";

#define HEAD "{\"kind\":\"flow\",\"id\":\"f\","
#define TAIL "\"file\":\"main.json\",\"at\":\"/flows/-\",\"value\":"
#define WHOLE(lists, value) HEAD lists TAIL value "}"

/* a line, what is lost (with a blank behind each), and what becomes of it */
static const struct {
	const char *about, *line, *lost;
	int rc;
	const char *want;
	const char *told;
} cases[] = {
	{ "nothing is lost", WHOLE("\"needs\":[\"part:a\"],",
	    "{\"nodes\":[{\"part\":\"a\"}]}"), "part:b ", REPAIRED_NONE, NULL,
	    "" },
	{ "the node of a part goes", WHOLE("\"needs\":[\"part:a\",\"part:b\"],"
	    "\"links\":[\"flow:z\",\"flow:y\"],\"x-own\":{\"a\":[1]},",
	    "{\"nodes\":[{\"part\":\"a\",\"flow\":\"z\"},{\"part\":\"b\","
	    "\"flow\":\"y\"}]}"), "part:a ", REPAIRED_CHANGED,
	    WHOLE("\"needs\":[\"part:b\"],\"links\":[\"flow:y\"],"
	    "\"x-own\":{\"a\":[1]},",
	    "{\"nodes\":[{\"part\":\"b\",\"flow\":\"y\"}]}"),
	    "part:a element dropped /nodes/0/part\n" },
	{ "the last of a list leaves no list", WHOLE("\"needs\":[\"part:b\"],"
	    "\"links\":[\"flow:y\"],", "{\"a\":1.10,\"nodes\":[{\"inner\":"
	    "{\"part\":\"b\"},\"flow\":\"y\"}],\"b\":-0}"), "part:b ",
	    REPAIRED_CHANGED, WHOLE("", "{\"a\":1.10,\"nodes\":[],\"b\":-0}"),
	    "part:b element dropped /nodes/0/inner/part\n" },
	{ "what stands elsewhere, too, is still there",
	    WHOLE("\"links\":[\"flow:y\",\"flow:w\"],", "{\"nodes\":[{\"flow\":"
	    "\"y\"},{\"flow\":\"w\"}],\"next\":[\"w\",\"y\"]}"), "flow:y ",
	    REPAIRED_CHANGED, WHOLE("\"links\":[\"flow:w\"],", "{\"nodes\":[{},"
	    "{\"flow\":\"w\"}],\"next\":[\"w\"]}"),
	    "flow:y member dropped /nodes/0/flow\n"
	    "flow:y element dropped /next/1\n" },
	{ "a member goes, by its row", WHOLE("\"needs\":[\"scene:s\"],",
	    "{\"scene\":\"s\",\"b\":2}"), "scene:s ", REPAIRED_CHANGED,
	    WHOLE("", "{\"b\":2}"), "scene:s member dropped /scene\n" },
	{ "without an array around it, the member", WHOLE("\"needs\":"
	    "[\"skin:s\"],", "{\"b\":2,\"skin\":\"s\"}"), "skin:s ",
	    REPAIRED_CHANGED, WHOLE("", "{\"b\":2}"),
	    "skin:s member dropped /skin\n" },
	{ "the component goes", WHOLE("\"needs\":[\"theme:s\"],",
	    "{\"theme\":\"s\",\"b\":2}"), "theme:s ", REPAIRED_DROP, NULL,
	    "theme:s component dropped /theme\n" },
	{ "an element further out goes", WHOLE("\"links\":[\"flow:a\","
	    "\"flow:b\",\"flow:c\"],", "{\"lists\":[[\"a\",\"b\"],[\"c\"],"
	    "[\"a\"]]}"), "flow:a ", REPAIRED_CHANGED,
	    WHOLE("\"links\":[\"flow:c\"],", "{\"lists\":[[\"c\"]]}"),
	    "flow:a element dropped /lists/0/0\n"
	    "flow:a element dropped /lists/2/0\n" },
	{ "what is to be kept stays", WHOLE("\"refs\":[\"page:a\"],",
	    "{\"page\":\"a\"}"), "page:a ", REPAIRED_NONE, NULL, "" },
	{ "what is kept stays in the list, beside what goes",
	    WHOLE("\"links\":[\"flow:a\"],\"refs\":[\"page:a\"],",
	    "{\"page\":\"a\",\"next\":[\"a\"]}"), "page:a flow:a ",
	    REPAIRED_CHANGED, WHOLE("\"refs\":[\"page:a\"],",
	    "{\"page\":\"a\",\"next\":[]}"),
	    "flow:a element dropped /next/0\n" },
	{ "a key goes with its member", WHOLE("\"refs\":[\"word:a\","
	    "\"word:b\"],", "{\"words\":{\"a\":{\"x\":[1,2]},\"b\":0,"
	    "\"\\u0061\":1}}"), "word:a ", REPAIRED_CHANGED,
	    WHOLE("\"refs\":[\"word:b\"],", "{\"words\":{\"b\":0}}"),
	    "word:a member dropped /words/a\n"
	    "word:a member dropped /words/a\n" },
	{ "words in a text become plain", WHOLE("\"refs\":[\"tool:a b\","
	    "\"tool:c\",\"list:l\"],", "{\"say\":{\"en\":\"\\u003cx "
	    "${tool:a b}\\/${TOOL:c}${Tool:a b} @l:x\"}}"), "tool:a b list:l ",
	    REPAIRED_CHANGED, WHOLE("\"refs\":[\"tool:c\"],",
	    "{\"say\":{\"en\":\"\\u003cx a b\\/${TOOL:c}a b l:x\"}}"),
	    "tool:a b left as plain text /say/en\n"
	    "tool:a b left as plain text /say/en\n"
	    "list:l left as plain text /say/en\n" },
	{ "a mention that is all of it goes whole", WHOLE("\"refs\":"
	    "[\"list:l\"],", "{\"say\":{\"en\":\"@l\",\"de\":\"x @l\"}}"),
	    "list:l ", REPAIRED_CHANGED,
	    WHOLE("", "{\"say\":{\"de\":\"x l\"}}"),
	    "list:l member dropped /say/en\n"
	    "list:l left as plain text /say/de\n" },
	{ "an owner is nobody's business here", "{\"kind\":\"step\",\"id\":"
	    "\"f\",\"owner\":[\"flow:f\"],\"needs\":[\"page:f/p%2Fq\"],"
	    "\"file\":\"steps/f.json\",\"at\":\"\",\"value\":{\"page\":"
	    "\"p/q\",\"b\":1}}", "flow:f page:f/p%2Fq ", REPAIRED_CHANGED,
	    "{\"kind\":\"step\",\"id\":\"f\",\"owner\":[\"flow:f\"],\"file\":"
	    "\"steps/f.json\",\"at\":\"\",\"value\":{\"b\":1}}",
	    "page:f/p%2Fq member dropped /page\n" },
	{ "soft ones are asked for without their mark", "{\"kind\":\"step\","
	    "\"id\":\"f\",\"owner\":[\"flow:f\"],\"needs\":[\"?page:f/"
	    "End it\"],\"file\":\"steps/f.json\",\"at\":\"\",\"value\":"
	    "{\"page\":\"End it\"}}",
	    "page:f/End it ", REPAIRED_CHANGED,
	    "{\"kind\":\"step\",\"id\":\"f\","
	    "\"owner\":[\"flow:f\"],"
	    "\"file\":\"steps/f.json\",\"at\":\"\",\"value\":{}}",
	    "page:f/End it member dropped /page\n" },
	{ "the value itself is set", "{\"kind\":\"setting\",\"refs\":"
	    "[\"flow:f\"],\"file\":\"main.json\",\"at\":\"/start\",\"value\":"
	    "\"f\"}", "flow:f ", REPAIRED_CHANGED, "{\"kind\":\"setting\","
	    "\"file\":\"main.json\",\"at\":\"/start\",\"value\":null}",
	    "flow:f set to null \n" },
	{ "set to the empty text", "{\"kind\":\"setting\",\"refs\":"
	    "[\"theme:f\"],\"file\":\"main.json\",\"at\":\"/look\",\"value\":"
	    "\"f\"}", "theme:f ", REPAIRED_CHANGED, "{\"kind\":\"setting\","
	    "\"file\":\"main.json\",\"at\":\"/look\",\"value\":\"\"}",
	    "theme:f set to \"\" \n" },
	{ "a value that is the component goes with it", "{\"kind\":"
	    "\"setting\",\"refs\":[\"flow:f\"],\"file\":\"main.json\",\"at\":"
	    "\"/first\",\"value\":\"f\"}", "flow:f ", REPAIRED_DROP, NULL,
	    "flow:f component dropped \n" },
	{ "members are set, and added", "{\"kind\":\"event\",\"refs\":"
	    "[\"flow:f\",\"flow:g\"],\"file\":\"main.json\",\"at\":"
	    "\"/events/E\",\"value\":{\"task\":\"f\",\"other\":\"g\"}}",
	    "flow:f flow:g ", REPAIRED_CHANGED, "{\"kind\":\"event\",\"refs\":"
	    "[\"flow:g\"],\"file\":\"main.json\",\"at\":\"/events/E\","
	    "\"value\":{\"task\":\"\",\"other\":\"g\",\"on\":false,\"n\":3}}",
	    "flow:f set on to false, task to \"\", n to 3 /task\n"
	    "flow:g set on to false /other\n" },
	{ "members there are set", "{\"kind\":\"event\",\"refs\":"
	    "[\"flow:f\"],\"file\":\"main.json\",\"at\":\"/events/E\","
	    "\"value\":{\"on\":true,\"n\":[1,{}],\"task\":\"f\"}}",
	    "flow:f ", REPAIRED_CHANGED, "{\"kind\":\"event\",\"file\":"
	    "\"main.json\",\"at\":\"/events/E\",\"value\":{\"on\":false,"
	    "\"n\":3,\"task\":\"\"}}",
	    "flow:f set on to false, task to \"\", n to 3 /task\n" },
	{ "what the map does not know is left", "{\"kind\":\"flow\","
	    "\"needs\":[\"part:a\"],\"file\":\"other\",\"at\":\"/flows/-\","
	    "\"value\":{}}", "part:a ", REPAIRED_NONE, NULL, "" },
	{ "a value that is no JSON", WHOLE("\"needs\":[\"part:a\"],",
	    "{\"nodes\":[{\"part\":\"a\"}}"), "part:a ", -1, NULL, "" },
};

static struct map *map;
static struct diag d = { .program = "repair" };

/* what was told, line by line */
static struct buf told;

static int
lost(void *ctx, const char *ref, size_t n)
{
	struct buf b = {0};
	int found;

	buf_add(&b, ref, n);
	buf_addc(&b, ' ');
	found = strstr(ctx, buf_str(&b)) != NULL;
	buf_free(&b);
	return found;
}

static void
tell(void *ctx, const struct record *r, const char *ref, size_t n,
    const char *what, const char *pointer)
{
	(void)ctx;
	(void)r;
	buf_add(&told, ref, n);
	buf_printf(&told, " %s %s\n", what, pointer);
}

/* a line as a record, in memory of its own size */
static void
read_line(struct record *r, const char *line)
{
	struct text_error e;

	if (record_read(r, edge(line, strlen(line)), strlen(line), &e) == -1)
		errx(2, "%s: %s", check_about, e.what);
}

static void
check_repair(struct reviser *m)
{
	struct buf line = {0}, said = {0}, words = {0};
	struct repair_ask ask = { .lost = lost, .report = tell };
	struct record r;
	struct hush h;
	size_t i;
	int rc;

	for (i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		check_about = cases[i].about;
		told.len = words.len = 0;
		buf_adds(&words, cases[i].lost);
		ask.ctx = buf_str(&words);
		read_line(&r, cases[i].line);
		hush_begin(&h);
		rc = repair(m, &r, &ask, &line);
		hush_end(&h, &said);
		CHECK_NUMBER("result", rc, cases[i].rc);
		if (rc == REPAIRED_CHANGED && cases[i].want != NULL)
			CHECK_TEXT("line", line.ptr, line.len,
			    cases[i].want);
		CHECK_TEXT("told", told.ptr, told.len, cases[i].told);
		CHECK((rc == -1) == (said.len > 0));
	}
	buf_free(&line);
	buf_free(&said);
	buf_free(&words);
}

static int
unwanted(void *ctx, const char *status, size_t n)
{
	(void)ctx;
	return n != 9 || memcmp(status, "published", 9) != 0;
}

static void
check_inner(struct reviser *m)
{
	static const char line[] = WHOLE("\"needs\":[\"part:a\",\"part:b\","
	    "\"part:c\"],", "{\"nodes\":[{\"no\":\"1\",\"part\":\"a\","
	    "\"status\":\"\",\"state\":\"draft\",\"then\":\"2\"},{\"no\":"
	    "\"2\",\"part\":\"b\",\"status\":\"live\",\"then\":\"1\","
	    "\"else\":\"1\"},{\"no\":\"3\",\"part\":\"c\",\"then\":\"2\"}],"
	    "\"order\":[\"1\",\"2\",\"3\"]}");
	static const char want[] = WHOLE("\"needs\":[\"part:b\",\"part:c\"],",
	    "{\"nodes\":[{\"no\":\"2\",\"part\":\"b\",\"status\":\"live\","
	    "\"else\":\"end\"},{\"no\":\"3\",\"part\":\"c\",\"then\":\"2\"}],"
	    "\"order\":[\"2\",\"3\"]}");
	struct repair_inner ask = { .unwanted = unwanted };
	struct buf out = {0};
	struct record r;

	check_about = "parts with a status";
	read_line(&r, line);
	CHECK_NUMBER("result", repair_inner(m, &r, &ask, &out),
	    REPAIRED_CHANGED);
	CHECK_TEXT("line", out.ptr, out.len, want);
	read_line(&r, want);
	CHECK_NUMBER("again", repair_inner(m, &r, &ask, &out), REPAIRED_NONE);
	buf_free(&out);
}

static enum lost_drops
drops(const char *kind, enum record_field list, const char *target)
{
	return lost_drops(map, (struct slice){ kind, strlen(kind) }, list,
	    (struct slice){ target, strlen(target) });
}

static void
check_drops(void)
{
	check_about = "whether the component goes";
	CHECK(drops("flow", RECORD_NEEDS, "theme") == DROPS_ALWAYS);
	CHECK(drops("flow", RECORD_NEEDS, "part") == DROPS_NEVER);
	CHECK(drops("flow", RECORD_NEEDS, "other") == DROPS_NEVER);
	CHECK(drops("setting", RECORD_REFS, "flow") == DROPS_MAYBE);
	CHECK(drops("setting", RECORD_REFS, "theme") == DROPS_NEVER);
	CHECK(drops("step", RECORD_OWNER, "flow") == DROPS_NEVER);
	CHECK(drops("nothing", RECORD_NEEDS, "flow") == DROPS_NEVER);
}

#define INTENT(value) "{\"kind\":\"intent\",\"id\":\"i\",\"file\":" \
	"\"main.json\",\"at\":\"/intents/-\",\"value\":" value "}"

static void
check_count(struct reviser *m)
{
	struct buf out = {0};
	struct record r;

	check_about = "counters";
	CHECK_TEXT("kind", repair_counted(map, "intent", 6),
	    strlen(repair_counted(map, "intent", 6)), "phrase");
	CHECK(repair_counted(map, "flow", 4) == NULL);
	read_line(&r, INTENT("{\"phrases\":7,\"b\":1}"));
	CHECK(repair_count(m, &r, "phrase", 7, 18, 0, NULL, &out) ==
	    REPAIRED_CHANGED);
	CHECK_TEXT("set", out.ptr, out.len, INTENT("{\"phrases\":18,\"b\":1}"));
	CHECK(repair_count(m, &r, "phrase", 7, 0, 0, NULL, &out) ==
	    REPAIRED_CHANGED);
	CHECK_TEXT("out", out.ptr, out.len, INTENT("{\"b\":1}"));
	CHECK(repair_count(m, &r, "other", 7, 0, 0, NULL, &out) ==
	    REPAIRED_NONE);
	read_line(&r, INTENT("{\"b\":1}"));
	CHECK(repair_count(m, &r, "phrase", 0, 2, 0, NULL, &out) ==
	    REPAIRED_CHANGED);
	CHECK_TEXT("new", out.ptr, out.len, INTENT("{\"b\":1,\"phrases\":2}"));
	CHECK(repair_count(m, &r, "phrase", 1, 2, 0, NULL, &out) ==
	    REPAIRED_NONE);
	CHECK(repair_count(m, &r, "phrase", 2, 2, 1, NULL, &out) ==
	    REPAIRED_CHANGED);
	CHECK_TEXT("as another", out.ptr, out.len,
	    INTENT("{\"b\":1,\"phrases\":2}"));
	buf_free(&out);
}

int
main(void)
{
	struct reviser *m;

	map = map_open(&d, "test.map", text, strlen(text));
	if (map == NULL)
		return 2;
	m = revise_open(&d, map);
	check_repair(m);
	check_inner(m);
	check_drops();
	check_count(m);
	revise_close(m);
	buf_free(&told);
	map_close(map);
	return check_done();
}
