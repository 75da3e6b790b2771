/* SPDX-License-Identifier: ISC */
/*
 * differ: the places that are told of two values, as an import's plan has
 * them.
 */
#include "json/diff.h"

#include <stdlib.h>

#include "base/buf.h"
#include "base/slice.h"
#include "check.h"

/* more than are compared one by one */
#define MANY 201

static const struct {
	const char *old, *new, *places;
} cases[] = {
	{ "{\"a\":1}", "{\"a\":1}", "" },
	{ "{\"a\":1}", "{\"a\":2}", "/a" },
	{ "{\"a\":1,\"b\":{\"c/d\":[1]}}", "{\"a\":1,\"b\":{\"c/d\":[2]}}",
	    "/b/c~1d/0" },
	/* what one of them alone has, in whatever order */
	{ "{\"a\":1,\"b\":2}", "{\"b\":2}", "/a (gone)" },
	{ "{\"b\":2}", "{\"c\":\"\\u00e9\",\"b\":2}", "/c (new)" },
	{ "{\"a\":1,\"b\":2,\"c\":3}", "{\"c\":3,\"b\":4,\"a\":1}", "/b" },
	{ "{\"a\":1,\"b\":2}", "{\"b\":2,\"c\":3}", "/a (gone), /c (new)" },
	/* nothing is as good as what is empty */
	{ "{\"a\":[],\"b\":null,\"c\":\"\"}", "{\"d\":{}}", "" },
	/* elements between equal ones, else the array */
	{ "[1,2,3]", "[1,3]", "/1 (gone)" },
	{ "[1,3]", "[1,2,4,3]", "/1 (new), /2 (new)" },
	{ "{\"a\":[1,2,3]}", "{\"a\":[3,2]}", "/a" },
	{ "{\"a\":[]}", "{\"a\":[1]}", "/a (new)" },
	/* another sort of value, and the whole */
	{ "{\"a\":[1]}", "{\"a\":{\"0\":1}}", "/a" },
	{ "[1]", "{\"a\":1}", "" },
	{ "1", "2", "" },
	{ "{", "{\"a\":1}", "" },
	/* of many the first */
	{ "[1,2,3,4,5,6]", "[0,0,0,0,0,0]", "/0, /1, /2, /3 and more" },
	{ "{\"a\":1,\"b\":2,\"c\":3}", "{\"d\":1,\"e\":2,\"f\":3}",
	    "/a (gone), /b (gone), /c (gone), /d (new) and more" },
};

static void
check_places(struct differ *d, const char *old, const char *new,
    const char *places)
{
	struct buf out = {0};
	int found = differ(d, (struct slice){ old, strlen(old) },
	    (struct slice){ new, strlen(new) }, &out);

	check_about = old;
	CHECK_TEXT("places", out.ptr == NULL ? "" : out.ptr, out.len, places);
	CHECK_NUMBER("whether there is any", found, *places != '\0');
	buf_free(&out);
}

/* so many ones between brackets, and another number behind them */
static char *
array(size_t n, int last)
{
	struct buf b = {0};

	buf_addc(&b, '[');
	while (n-- > 0)
		buf_adds(&b, "1,");
	buf_printf(&b, "%d]", last);
	return buf_str(&b);
}

/* what is large is told as a whole, and what is deep where it gets so */
static void
check_large(struct differ *d)
{
	struct buf deep[2] = {{0}, {0}}, at = {0};
	char *old = array(MANY, 1), *new = array(MANY, 2);
	struct buf b[2] = {{0}, {0}};
	size_t i;

	buf_printf(&b[0], "{\"a\":%s}", old);
	buf_printf(&b[1], "{\"a\":%s}", new);
	check_places(d, buf_str(&b[0]), buf_str(&b[1]), "/a");
	for (i = 0; i < 2; i++) {
		buf_fill(&deep[i], '[', 100);
		buf_printf(&deep[i], "%zu", i);
		buf_fill(&deep[i], ']', 100);
	}
	for (i = 0; i < 64; i++)
		buf_adds(&at, "/0");
	check_places(d, buf_str(&deep[0]), buf_str(&deep[1]), buf_str(&at));
	for (i = 0; i < 2; i++) {
		buf_free(&deep[i]);
		buf_free(&b[i]);
	}
	buf_free(&at);
	free(old);
	free(new);
}

int
main(void)
{
	struct differ d = {0};
	size_t i;

	for (i = 0; i < sizeof(cases) / sizeof(*cases); i++)
		check_places(&d, cases[i].old, cases[i].new, cases[i].places);
	check_large(&d);
	diff_free(&d);
	return check_done();
}
