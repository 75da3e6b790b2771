/* SPDX-License-Identifier: ISC */
/*
 * file_match [SEED]: file patterns of a map, held against their definition: a
 * star takes as few bytes as will do, the first star first.
 */
#include <stdlib.h>

#include "check.h"
#include "map/file_match.h"
#include "map/map.h"

#define ROUNDS CHECK_ROUNDS(200000)
#define STARS 9

struct taken {
	const char *p;
	size_t n;
};

/* by trying all there is */
static int
matches(const char *pattern, const char *path, struct taken *t, size_t n)
{
	const struct taken *named;
	int deep = *pattern == '*' && pattern[1] == '*';
	size_t len;

	if (*pattern == '\0')
		return *path == '\0';
	if (*pattern == '$') {
		named = &t[pattern[1] - '1'];
		return strncmp(path, named->p, named->n) == 0 &&
		    matches(pattern + 2, path + named->n, t, n);
	}
	if (*pattern != '*')
		return *path == *pattern && matches(pattern + 1, path + 1, t,
		    n);
	t[n].p = path;
	for (len = 1; path[len - 1] != '\0' && (deep || path[len - 1] != '/');
	    len++) {
		t[n].n = len;
		if (matches(pattern + 1 + deep, path + len, t, n + 1))
			return 1;
	}
	return 0;
}

/* a random pattern, of few letters so that much of it fits */
static void
make_pattern(struct buf *b, struct dice *d)
{
	static const char *const words[] = { "a", "b", "/", "*", "**", "/*/",
	    "$1", "/", "a" };
	size_t n;

	for (b->len = 0, n = dice_roll(d, 9); n > 0; n--)
		buf_adds(b, words[dice_roll(d, 9)]);
	buf_str(b);
}

static void
make_path(struct buf *b, struct dice *d)
{
	size_t n;

	for (b->len = 0, n = 1 + dice_roll(d, 14); n > 0; n--)
		buf_addc(b, "aab/"[dice_roll(d, 4)]);
	buf_str(b);
}

static void
check_one(const char *pattern, const char *path)
{
	struct map_file f = { .pattern = pattern };
	struct map m = { .files = &f, .nfiles = 1 };
	struct taken t[STARS];
	struct buf got = {0}, want = {0};
	const char *p;
	size_t n = 0;
	int fits;

	CHECK_NUMBER(pattern, map_file(&m, path, &got) != NULL,
	    fits = matches(pattern, path, t, 0));
	for (p = pattern; fits && *p != '\0'; p++) {
		if (*p != '*')
			continue;
		p += p[1] == '*';
		buf_add(&want, t[n].p, t[n].n);
		buf_addc(&want, '\0');
		n++;
	}
	CHECK_BYTES(pattern, got.ptr, got.len, want.ptr, want.len);
	buf_free(&got);
	buf_free(&want);
}

/* what would be tried in more ways than there is time for */
static void
check_deep(void)
{
	struct buf path = {0};
	size_t i;

	for (i = 0; i < 16000; i++)
		buf_adds(&path, "a/b/");
	buf_adds(&path, "d.json");
	CHECK(file_match_wrong("**/a/**/a/**/a/**/*b*/**/a/**/c.json") == NULL);
	struct map_file f = { .pattern = "**/a/**/a/**/a/**/*b*/**/c.json" };
	struct map m = { .files = &f, .nfiles = 1 };

	CHECK(map_file(&m, buf_str(&path), NULL) == NULL);
	f.pattern = "**a*b*c*d";
	memset(path.ptr, 'a', path.len);
	CHECK(map_file(&m, buf_str(&path), NULL) == NULL);
	buf_free(&path);
}

static void
check_wrong(void)
{
	static const char *const wrong[] = { "*$1", "$1", "**/$1.json",
	    "*/*$2", "a*b/$1", "*/$2", "**/*/$2", "*/**/*/$3",
	    "*/*/*/*/*/*/*/*/*/*" };
	static const char *const right[] = { "**", "*/$1.json", "*/*/$2$1",
	    "a*/$1", "*/**/$1", "$0$a", "*/*/*/*/*/*/*/*/**.json" };
	size_t i;

	for (i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		CHECK_NUMBER(wrong[i], file_match_wrong(wrong[i]) != NULL, 1);
	for (i = 0; i < sizeof(right) / sizeof(right[0]); i++)
		CHECK_NUMBER(right[i], file_match_wrong(right[i]) != NULL, 0);
}

int
main(int argc, char **argv)
{
	struct dice d = { argc > 1 ? strtoull(argv[1], NULL, 10) : 1 };
	struct buf pattern = {0}, path = {0};
	int i;

	check_wrong();
	check_deep();
	for (i = 0; i < ROUNDS; i++) {
		make_pattern(&pattern, &d);
		make_path(&path, &d);
		if (file_match_wrong(pattern.ptr) == NULL)
			check_one(pattern.ptr, path.ptr);
	}
	buf_free(&pattern);
	buf_free(&path);
	return check_done();
}
