/* SPDX-License-Identifier: ISC */
/*
 * paths [SEED]: random patterns on random paths, against a matcher that knows
 * no automaton.
 */
#include "json/pathmatch.h"

#include <stdlib.h>

#include "check.h"

#define ROUNDS CHECK_ROUNDS(1000)
#define PATTERNS 12
#define WALKS 40

/* a step of a path: a key, or an element (NULL) */
struct path {
	const char *steps[12];
	size_t n;
};

/* keys: few, so that they meet; some look like the patterns' signs */
static const char *const keys[] = {
	"a", "b", "ab", "ba", "name", "name2", "", "*", "-", "**", "\xc3\xa9",
	"0", "some-long-key-of-a-definition", "some-other-key-of-a-definition"
};

static const char *
roll_key(struct dice *d)
{
	return keys[dice_roll(d, sizeof(keys) / sizeof(keys[0]))];
}

/* append a random pattern; its last step is not an empty key */
static void
make_pattern(struct buf *b, struct dice *d)
{
	const char *key;
	size_t n;

	for (n = dice_roll(d, 6); n > 0; n--) {
		switch (dice_roll(d, 6)) {
		case 0:
			buf_adds(b, "**");
			break;
		case 1:
			buf_adds(b, "*");
			break;
		case 2:
			buf_adds(b, "-");
			break;
		default:
			do
				key = roll_key(d);
			while (n == 1 && *key == '\0');
			buf_adds(b, key);
			break;
		}
		if (n > 1)
			buf_addc(b, '/');
	}
}

/* whether a pattern matches steps i.. of a path, by its definition */
static int
matches(const char *pattern, const struct path *p, size_t i)
{
	const char *rest;
	size_t n;

	if (*pattern == '\0')
		return i == p->n;
	n = strcspn(pattern, "/");
	rest = pattern + n + (pattern[n] == '/');
	if (n == 2 && strncmp(pattern, "**", 2) == 0)
		return matches(rest, p, i) ||
		    (i < p->n && matches(pattern, p, i + 1));
	if (i == p->n)
		return 0;
	if (n == 1 && *pattern == '-')
		return p->steps[i] == NULL && matches(rest, p, i + 1);
	if (p->steps[i] == NULL)
		return 0;
	if (n == 1 && *pattern == '*')
		return matches(rest, p, i + 1);
	return strlen(p->steps[i]) == n &&
	    memcmp(pattern, p->steps[i], n) == 0 && matches(rest, p, i + 1);
}

/* patterns, with their hits and whether they are members */
struct set {
	struct buf text[PATTERNS];
	int hit[PATTERNS];
	int member[PATTERNS];
	size_t n;
};

static int
by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* that the hits of a state are those of the patterns that match, sorted */
static void
check_hits(const struct set *s, const struct pathmatch_state *st,
    const struct path *p)
{
	int want[PATTERNS] = {0};
	size_t i, nwant;

	for (i = nwant = 0; i < s->n; i++) {
		if (matches(s->text[i].ptr, p, 0))
			want[nwant++] = s->hit[i];
	}
	qsort(want, nwant, sizeof(*want), by_number);
	CHECK_BYTES("hits", (const char *)st->hits,
	    st->nhits * sizeof(*want), (const char *)want,
	    nwant * sizeof(*want));
}

/* whether a member pattern matches something one step below */
static void
check_splits(const struct set *s, const struct pathmatch_state *st,
    const struct path *p)
{
	struct path below = *p;
	int array, want;
	size_t i, k;

	for (array = 0; array < 2; array++) {
		want = 0;
		for (i = 0; i < s->n; i++) {
			below.n = p->n + 1;
			for (k = 0; s->member[i] &&
			    k < sizeof(keys) / sizeof(keys[0]); k++) {
				below.steps[p->n] = array ? NULL : keys[k];
				want |= matches(s->text[i].ptr, &below, 0);
			}
		}
		CHECK_NUMBER(array ? "splits an array" : "splits an object",
		    st->splits[array] != 0, want);
	}
}

/* whether a member pattern ends in "**", which does not tell what it takes */
static int
has_deep_member(const struct set *s)
{
	size_t i, n;

	for (i = 0; i < s->n; i++) {
		n = s->text[i].len;
		if (s->member[i] && n >= 2 &&
		    memcmp(s->text[i].ptr + n - 2, "**", 2) == 0)
			return 1;
	}
	return 0;
}

/* walk a random path from the root on, checking every state */
static void
walk(struct pathmatch *paths, const struct set *s, struct dice *d)
{
	const struct pathmatch_state *st = pathmatch_root(paths);
	struct path p = {0};
	char *copy;
	size_t n;

	for (;;) {
		check_hits(s, st, &p);
		if (!has_deep_member(s))
			check_splits(s, st, &p);
		if (p.n == 10)
			return;
		if (dice_roll(d, 3) == 0) {
			p.steps[p.n++] = NULL;
			st = pathmatch_element(paths, st);
			continue;
		}
		p.steps[p.n] = roll_key(d);
		n = strlen(p.steps[p.n]);
		copy = edge(p.steps[p.n], n);
		CHECK(pathmatch_key(paths, st, copy, n) ==
		    pathmatch_key(paths, st, p.steps[p.n], n));
		st = pathmatch_key(paths, st, copy, n);
		p.n++;
	}
}

static void
check_set(struct dice *d)
{
	size_t i, n = dice_roll(d, PATTERNS + 1);
	struct pathmatch *paths = pathmatch_open();
	struct set s = {0};

	for (i = 0; i < n; i++) {
		make_pattern(&s.text[i], d);
		buf_str(&s.text[i]);
		s.hit[i] = (int)dice_roll(d, 2 * PATTERNS);
		s.member[i] = dice_roll(d, 3) == 0;
		pathmatch_add(paths, s.text[i].ptr, s.hit[i], s.member[i]);
		s.n++;
		/* one that is added later counts as well */
		if (i == n / 2)
			walk(paths, &s, d);
	}
	if (dice_roll(d, 2) == 0)
		pathmatch_prepare(paths, dice_roll(d, 20));
	for (i = 0; i < WALKS; i++)
		walk(paths, &s, d);
	pathmatch_close(paths);
	for (i = 0; i < s.n; i++)
		buf_free(&s.text[i]);
}

/* whether one pattern ends at a state: that with this hit */
static int
is_hit(const struct pathmatch_state *s, int hit)
{
	return s->nhits == 1 && s->hits[0] == hit;
}

/* patterns as maps have them, spelled out */
static void
check_examples(void)
{
	struct pathmatch *p = pathmatch_open();
	const struct pathmatch_state *root, *s;

	pathmatch_add(p, "dialogs/-", 7, 1);
	pathmatch_add(p, "dialogs/-/name", 8, 0);
	pathmatch_add(p, "**/streamId", 9, 0);
	pathmatch_add(p, "", 6, 0);
	pathmatch_add(p, "settings/*", 5, 1);
	root = pathmatch_root(p);
	CHECK(is_hit(root, 6));
	CHECK(!root->splits[0] && !root->splits[1]);
	s = pathmatch_key(p, root, "dialogs", 7);
	CHECK(!s->splits[0] && s->splits[1]);
	s = pathmatch_element(p, s);
	CHECK(is_hit(s, 7));
	CHECK(is_hit(pathmatch_key(p, s, "name", 4), 8));
	s = pathmatch_element(p, pathmatch_key(p, s, "nodes", 5));
	CHECK(is_hit(pathmatch_key(p, s, "streamId", 8), 9));
	s = pathmatch_key(p, root, "settings", 8);
	CHECK(s->splits[0] && !s->splits[1]);
	CHECK(pathmatch_key(p, s, "x", 1) == pathmatch_key(p, s, "y", 1));
	pathmatch_close(p);
	pathmatch_close(NULL);
}

/* a key that comes again behind many others is the same key */
static void
check_many(void)
{
	struct pathmatch *p = pathmatch_open();
	const struct pathmatch_state *s;
	struct buf b = {0};
	int i;

	for (i = 0; i <= 1000; i++) {
		b.len = 0;
		buf_printf(&b, "k%d", i % 1000);
		pathmatch_add(p, buf_str(&b), i, 0);
	}
	pathmatch_add(p, "k0/x", 7, 0);
	s = pathmatch_key(p, pathmatch_root(p), "k0", 2);
	CHECK(s->nhits == 2 && s->hits[0] == 0 && s->hits[1] == 1000);
	CHECK(is_hit(pathmatch_key(p, s, "x", 1), 7));
	CHECK(is_hit(pathmatch_key(p, pathmatch_root(p), "k1", 2), 1));
	buf_free(&b);
	pathmatch_close(p);
}

int
main(int argc, char *argv[])
{
	struct dice d = { argc > 1 ? strtoul(argv[1], NULL, 10) : 1 };
	int i;

	check_examples();
	check_many();
	for (i = 0; i < ROUNDS; i++)
		check_set(&d);
	return check_done();
}
