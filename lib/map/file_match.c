/* SPDX-License-Identifier: ISC */
/*
 * Which file row of a map a path belongs to.
 */
#include "map/file_match.h"

#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "json/string.h"
#include "map/map.h"

/* the most stars a pattern may have */
#define STARS 9

/*
 * What a star took, and where it is known not to fit: what comes later in the
 * path does not fit either, for then the star would have taken more.  Only a
 * word of an earlier star could make a difference, and those that $1 to $9
 * name take whole steps, so that they take the same each time.
 */
struct capture {
	const char *p;
	size_t n;
	const char *bad, *end;	/* not between these; NULL: nothing known */
};

static int match(const char *pattern, const char *path, struct capture *,
    size_t ncaptures);

/* a "*" takes part of a step, "**" of any number of them */
static int
match_star(const char *pattern, const char *path, struct capture *c, size_t n)
{
	int deep = pattern[1] == '*';
	const char *end;

	if (n == 0)	/* the first star is met once */
		memset(c, 0, STARS * sizeof(*c));
	c += n;
	if (c->bad != NULL && path >= c->bad && path <= c->end)
		return 0;
	end = path + (deep ? strlen(path) : strcspn(path, "/"));
	c->p = path;
	for (c->n = 1; c->n <= (size_t)(end - path); c->n++) {
		if (match(pattern + 1 + deep, path + c->n, c - n, n + 1))
			return 1;
	}
	c->bad = path;
	c->end = end;
	return 0;
}

/* match a path; $1 is what the first star took */
static int
match(const char *pattern, const char *path, struct capture *c, size_t n)
{
	size_t back;

	for (; *pattern != '\0'; pattern++) {
		if (*pattern == '*')
			return match_star(pattern, path, c, n);
		if (*pattern == '$' && pattern[1] >= '1' &&
		    pattern[1] <= '9') {
			back = (size_t)(*++pattern - '1');
			if (back >= n ||
			    strncmp(path, c[back].p, c[back].n) != 0)
				return 0;
			path += c[back].n;
			continue;
		}
		if (*pattern != *path++)
			return 0;
	}
	return *path == '\0';
}

static int
hex(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

/* append what a star took: the name that its percent-encoding stands for */
static void
add_capture(struct buf *b, const struct capture *c, int percent)
{
	size_t i, start = b->len;

	for (i = 0; i < c->n; i++) {
		if (percent && c->p[i] == '%' && c->n - i > 2 &&
		    hex(c->p[i + 1]) >= 0 && hex(c->p[i + 2]) >= 0) {
			buf_addc(b, (char)(hex(c->p[i + 1]) << 4 |
			    hex(c->p[i + 2])));
			i += 2;
		} else {
			buf_addc(b, c->p[i]);
		}
	}
	if (!utf8_valid(b->ptr + start, b->len - start) ||
	    memchr(b->ptr + start, '\0', b->len - start) != NULL) {
		b->len = start;	/* it encodes no name: take it as it is */
		buf_add(b, c->p, c->n);
	}
	buf_addc(b, '\0');
}

/* how many stars a pattern has */
static size_t
stars(const char *pattern)
{
	size_t n;

	for (n = 0; (pattern = strchr(pattern, '*')) != NULL; n++)
		pattern += 1 + (pattern[1] == '*');
	return n;
}

const char *
file_match_wrong(const char *pattern)
{
	size_t n = 0, whole = 0;	/* stars; whole steps, from the first */

	for (; *pattern != '\0'; pattern++) {
		if (*pattern == '$' && pattern[1] >= '1' &&
		    pattern[1] <= '9' && (size_t)(pattern[1] - '0') > whole)
			return "expected $1 to $9 to name a star before it "
			    "that takes a whole step, as those before it do";
		if (*pattern != '*')
			continue;
		whole += whole == n && pattern[1] == '/';
		pattern += pattern[1] == '*';
		if (++n > STARS)
			return "expected nine stars at most";
	}
	return NULL;
}

const struct map_file *
map_file(const struct map *m, const char *path, struct buf *captures)
{
	struct capture c[STARS];
	size_t i, j;

	for (i = 0; i < m->nfiles; i++) {
		if (!match(m->files[i].pattern, path, c, 0))
			continue;
		for (j = 0; captures != NULL &&
		    j < stars(m->files[i].pattern); j++)
			add_capture(captures, &c[j], m->percent);
		return &m->files[i];
	}
	return NULL;
}

const struct map_file *
map_file_of(const struct map *m, struct slice file)
{
	const struct map_file *row = NULL;
	struct buf path = {0};

	string_decode(&path, file.p, file.n);
	if (m != NULL)
		row = map_file(m, buf_str(&path), NULL);
	buf_free(&path);
	return row;
}

size_t
map_file_stars(struct buf *b, const struct buf *captures)
{
	const char *star, *end = buf_at(captures, captures->len);
	size_t n = 0;

	for (star = captures->ptr; star < end; star += strlen(star) + 1, n++) {
		string_encode(b, star, strlen(star));
		buf_addc(b, '\0');
	}
	return n;
}

const struct map_row *
map_raw(const struct map *m, struct slice file)
{
	const struct map_file *row = map_file_of(m, file);
	const char *group;

	if (row == NULL)
		return NULL;
	group = row->group->name;
	return map_row_of(m, "raw", (struct slice){ group, strlen(group) });
}
