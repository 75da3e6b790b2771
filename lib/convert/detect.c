/* SPDX-License-Identifier: ISC */
/*
 * Which platform a package is of.
 */
#include "convert/detect.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "json/scan.h"
#include "map/file_match.h"
#include "map/map.h"
#include "map/registry.h"

/* the first bytes of a file in which a binary form shows */
#define BLOB 64

/* so many members say what a file is instead */
#define MOST_KEYS 5

/* the keys at the top of a JSON text, each ended by a NUL */
struct top {
	struct buf keys;
	unsigned depth;
	int any;		/* there is something but blanks */
};

static int
take(void *arg, const struct json_token *t)
{
	struct top *top = arg;

	top->any = 1;
	if (t->type == JSON_KEY && top->depth == 1) {
		buf_add(&top->keys, t->raw + 1, t->len - 2);
		buf_addc(&top->keys, '\0');
	}
	if (t->type == JSON_OBJECT || t->type == JSON_ARRAY)
		top->depth++;
	else if (t->type == JSON_END)
		top->depth--;
	return 0;
}

/* the keys among the first n bytes of a text, as far as it is JSON; 0 or -1 */
static int
read_top(struct top *top, const char *head, size_t n)
{
	static const struct scan_options options = { 1024, 2 * DETECT_HEAD };
	struct scan *j;
	int rc;

	j = scan_open(&options, take);
	scan_reset(j, top);
	rc = scan_feed(j, head, n);	/* it may be cut short */
	scan_close(j);
	return rc;
}

static int
has_key(const struct top *top, const char *key)
{
	const char *p, *end = top->keys.ptr + top->keys.len;

	for (p = top->keys.ptr; p < end; p += strlen(p) + 1) {
		if (strcmp(p, key) == 0)
			return 1;
	}
	return 0;
}

/* whether it has all of the keys; of those with "|" between, one */
static int
has_keys(const struct top *top, char *const *keys, size_t nkeys)
{
	size_t i = 0;
	int has;

	while (i < nkeys) {
		has = has_key(top, keys[i]);
		for (i++; i + 1 < nkeys && strcmp(keys[i], "|") == 0; i += 2)
			has |= has_key(top, keys[i + 1]);
		if (!has)
			return 0;
	}
	return 1;
}

/* append the keys, as a sentence has them */
static void
list_keys(struct buf *b, char *const *keys, size_t nkeys)
{
	const char *sep = "";
	size_t i;

	for (i = 0; i < nkeys; i++) {
		if (strcmp(keys[i], "|") == 0) {
			sep = " or ";
			continue;
		}
		buf_printf(b, "%s\"%s\"", sep, keys[i]);
		sep = " and ";
	}
}

/* the first file that has a known name, but not the members that go with it */
static void
note_unlike(struct told *t, const struct map *m, const struct map_file *f,
    const char *name, const struct top *top)
{
	const char *p, *end = top->keys.ptr + top->keys.len;
	size_t i;

	if (t->unlike.len > 0)
		return;
	buf_printf(&t->unlike, "found %s with ", name);
	for (i = 0, p = top->keys.ptr; p < end && i < MOST_KEYS;
	    p += strlen(p) + 1)
		buf_printf(&t->unlike, "%s\"%s\"", i++ > 0 ? ", " : "", p);
	buf_printf(&t->unlike, "%s, which is something else; a %s has ",
	    i == 0 ? "no members" : p < end ? " and more" : "", m->title);
	list_keys(&t->unlike, f->keys, f->nkeys);
	buf_adds(&t->unlike, " among its first members");
}

/* whether a file has the members that go with its name */
static int
is_like(struct told *t, const struct map *m, const struct map_file *f,
    const char *name, const char *head, size_t n)
{
	struct top top = {0};
	int rc;

	/* of what is no JSON its name says enough: the reader says where */
	rc = read_top(&top, head, n) == -1 || !top.any ||
	    has_keys(&top, f->keys, f->nkeys);
	if (!rc)
		note_unlike(t, m, f, name, &top);
	buf_free(&top.keys);
	return rc;
}

/* one map's word on a member */
static int
tell(struct told *t, const struct map *m, const char *name, size_t prefix,
    const char *head, size_t n)
{
	const struct map_file *f;

	f = map_file(m, name + prefix, NULL);
	if (f == NULL || !f->tells)
		return 0;
	if (f->nkeys > 0 && head == NULL)
		return -1;
	if (f->nkeys > 0 && !is_like(t, m, f, name, head, n))
		return 0;
	t->map = m;
	t->file = f;
	t->prefix = prefix;
	return 1;
}

/* the map's row "nameless" that fits, or NULL */
static const struct map_row *
nameless(const struct map *m, const struct top *top)
{
	const struct map_row *r = NULL;

	while ((r = map_next_row(m, "nameless", r)) != NULL &&
	    !has_keys(top, r->args + 1, r->nargs - 1))
		continue;
	return r;
}

int
detect_member(struct told *t, const struct registry *maps, const char *name,
    int folder, const char *head, size_t n)
{
	const char *slash = strchr(name, '/');
	size_t i, prefix = slash != NULL ? (size_t)(slash - name) + 1 : 0;
	int got, ask = 0;

	if (head != NULL && detect_blob(maps, head, n) != NULL)
		return 0;
	for (i = 0; i < maps->n; i++) {
		got = tell(t, maps->maps[i], name, 0, head, n);
		if (got == 0 && folder && prefix > 0)
			got = tell(t, maps->maps[i], name, prefix, head, n);
		if (got == 1)
			return 1;
		ask |= got == -1;
	}
	return ask ? -1 : 0;
}

const char *
detect_nameless(struct told *t, const struct registry *maps, const char *head,
    size_t n)
{
	const struct map_row *r = NULL;
	struct top top = {0};
	size_t i;

	(void)read_top(&top, head, n);
	for (i = 0; i < maps->n && r == NULL; i++) {
		if ((r = nameless(maps->maps[i], &top)) == NULL)
			continue;
		t->map = maps->maps[i];
		t->file = map_file(t->map, r->args[0], NULL);
	}
	buf_free(&top.keys);
	return r == NULL ? NULL : r->args[0];
}

int
detect_never(const struct map *m)
{
	size_t i;

	for (i = 0; i < m->nfiles; i++) {
		if (m->files[i].tells)
			return 0;
	}
	return 1;
}

const struct map *
detect_blob(const struct registry *maps, const char *head, size_t n)
{
	const struct map *m;
	const struct map_row *r;
	size_t i;

	for (i = 0; i < maps->n; i++) {
		m = maps->maps[i];
		for (r = NULL; (r = map_next_row(m, "blob", r)) != NULL; ) {
			if (memmem(head, n < BLOB ? n : BLOB, r->args[0],
			    strlen(r->args[0])) != NULL)
				return m;
		}
	}
	return NULL;
}

void
detect_pattern(struct buf *b, const char *pattern)
{
	for (; *pattern != '\0'; pattern++) {
		if (*pattern != '$' || pattern[1] < '1' || pattern[1] > '9') {
			buf_addc(b, *pattern);
			continue;
		}
		buf_addc(b, '*');
		pattern++;
	}
}

/*
 * Append the names that tell a map's packages: those with stars if no other,
 * none of a map that knows packages by no name.
 */
static void
put_names(const struct map *m, struct buf *b)
{
	const char *sep = " (";
	size_t i;
	int stars, plain = 0;

	for (stars = 0; !plain && stars <= 1; stars++) {
		for (i = 0; i < m->nfiles; i++) {
			if (!m->files[i].tells || (!stars &&
			    strchr(m->files[i].pattern, '*') != NULL))
				continue;
			buf_adds(b, sep);
			detect_pattern(b, m->files[i].pattern);
			sep = " or ";
			plain = 1;
		}
	}
	if (plain)
		buf_addc(b, ')');
}

void
detect_expected(const struct registry *maps, struct buf *b)
{
	const struct map *m;
	const char *sep = "";
	size_t i;

	for (i = 0; i < maps->n; i++) {
		m = maps->maps[i];
		if (m->foreign != NULL || (detect_never(m) && maps->n > 1))
			continue;
		buf_printf(b, "%s%s", sep, m->title);
		put_names(m, b);
		sep = ", ";
	}
}
