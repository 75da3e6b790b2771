/* SPDX-License-Identifier: ISC */
/*
 * What two sides made of one list, in every way that three short lists can be:
 * all of both is there, once, and each side's order where only it has one.
 */
#include "threeway/arrange.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "threeway/textlines.h"

static int failed;

static void
check(int right, const char *what)
{
	if (right)
		return;
	fprintf(stderr, "arrange: %s\n", what);
	failed = 1;
}

/* a list given as letters, in numbers from 'a' */
static struct arrange_list
list(const char *letters, uint32_t *numbers)
{
	size_t i;

	for (i = 0; letters[i] != '\0'; i++)
		numbers[i] = (uint32_t)(letters[i] - 'a');
	return (struct arrange_list){ numbers, i };
}

/* three lists give a fourth, and clash or not */
static void
gives(const char *base, const char *ours, const char *theirs,
    const char *expected, int clash)
{
	uint32_t b[26], o[26], t[26], number;
	struct buf out = {0}, text = {0};
	size_t i;
	int got;

	got = arrange(list(base, b), list(ours, o), list(theirs, t), 26, &out);
	for (i = 0; i < out.len / sizeof(number); i++) {
		memcpy(&number, out.ptr + i * sizeof(number), sizeof(number));
		buf_addc(&text, (char)('a' + number));
	}
	check(strcmp(buf_str(&text), expected) == 0, buf_str(&text));
	check(got == clash, expected);
	buf_free(&out);
	buf_free(&text);
}

/* three texts, "/" for a line's end, give a fourth, or (NULL) a conflict */
static void
lines(const char *base, const char *ours, const char *theirs,
    const char *expected)
{
	const char *const texts[] = { base, ours, theirs };
	struct buf raw[3] = {{0}}, out = {0}, want = {0};
	const char *p;
	int i, merged;

	for (i = 0; i < 3; i++) {
		for (p = texts[i]; *p != '\0'; p++) {
			if (*p == '/')
				buf_adds(&raw[i], "\\n");
			else
				buf_addc(&raw[i], *p);
		}
	}
	merged = textlines_merge((struct slice){ buf_str(&raw[0]),
	    raw[0].len }, (struct slice){ buf_str(&raw[1]), raw[1].len },
	    (struct slice){ buf_str(&raw[2]), raw[2].len }, &out);
	for (p = expected != NULL ? expected : ""; *p != '\0'; p++) {
		if (*p == '/')
			buf_adds(&want, "\\n");
		else
			buf_addc(&want, *p);
	}
	check(merged == (expected != NULL), base);
	check(strcmp(buf_str(&out), buf_str(&want)) == 0, buf_str(&out));
	for (i = 0; i < 3; i++)
		buf_free(&raw[i]);
	buf_free(&out);
	buf_free(&want);
}

int
main(void)
{
	gives("", "", "", "", 0);
	gives("abc", "abc", "abc", "abc", 0);
	gives("abc", "axbc", "aybc", "axybc", 0);
	gives("abc", "abcx", "yabc", "yabcx", 0);
	gives("abc", "abc", "cab", "cab", 0);
	gives("abc", "bca", "abc", "bca", 0);
	gives("abc", "axbc", "cab", "caxb", 0);
	gives("abc", "cab", "bca", "cab", 1);
	gives("abc", "cab", "cab", "cab", 0);
	gives("abc", "ac", "abxc", "abxc", 0);
	gives("", "xy", "zw", "xyzw", 0);
	lines("a/b/c/", "A/b/c/", "a/b/C/", "A/b/C/");
	lines("a/b/c/", "a/c/", "a/b/c/d/", "a/c/d/");
	lines("a/b/c/", "A/b/c/", "A/b/c/", "A/b/c/");
	lines("a/b/c/", "A/b/c/", "x/b/c/", NULL);
	lines("a/b/c/", "A/b/c/", "a/B/c/", NULL);
	lines("", "a/", "", "a/");
	lines("a", "a", "a/b", "a/b");
	return failed;
}
