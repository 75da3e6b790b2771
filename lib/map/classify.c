/* SPDX-License-Identifier: ISC */
/*
 * Which row of the map a record is of, found again from its envelope.
 */
#include "map/classify.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/hash.h"
#include "base/hashset.h"
#include "json/pointer.h"
#include "json/string.h"
#include "json/tape.h"
#include "map/file_match.h"
#include "map/map.h"
#include "stream/record.h"

/* a place where a kind may stand */
struct stand {
	const struct map_kind *kind;
	const char *group;
	const char *path;	/* without the "/" it begins with; "": all */
};

struct classifier {
	const struct map *map;
	struct stand *stands;
	size_t n;
	struct hashset table;	/* their numbers by the kind's name; of one
				   whose name varies by NULL */

	/* the file looked at last */
	struct buf file;	/* as it stands in the envelope */
	const struct map_file *row;
	struct buf stars;	/* texts as in JSON strings, NULs between */
	size_t nstars;

	struct buf texts, key;	/* the stars of a place, the last step */
	struct buf spelled, step;
};

/* the hash of what a kind is found by: its name, or NULL if that varies */
static uint64_t
hash_name(const char *name, size_t n)
{
	return name == NULL ? 0 : hash_bytes(name, n);
}

static void
add_stand(struct classifier *k, const struct map_kind *kind,
    const struct map_row *r)
{
	const char *name = kind->called != NULL ? NULL : kind->name;

	k->stands = xgrow(k->stands, k->n, sizeof(*k->stands));
	k->stands[k->n] = (struct stand){ .kind = kind,
	    .group = r->args[0], .path = r->args[1] + 1 };
	hashset_put(&k->table, hash_name(name, strlen(kind->name)),
	    (uint32_t)k->n++);
}

/* the next place of kinds of this name, in the map's order; NULL: no more */
static const struct stand *
next_stand(const struct classifier *k, struct slice name, size_t *at)
{
	uint64_t hash = hash_name(name.p, name.n);
	const struct map_kind *kind;
	uint32_t i;

	while ((i = hashset_next(&k->table, hash, at)) != HASHSET_NONE) {
		kind = k->stands[i].kind;
		if (name.p == NULL ? kind->called != NULL :
		    kind->called == NULL && slice_is(name, kind->name))
			return &k->stands[i];
	}
	return NULL;
}

struct classifier *
classify_open(const struct map *m)
{
	const struct map_kind *kind;
	struct classifier *k;
	const struct map_row *r;
	size_t i;

	k = xcalloc(1, sizeof(*k));
	k->map = m;
	for (i = 0; i < m->nkinds; i++) {
		kind = m->kinds[i];
		for (r = NULL; (r = map_kind_next_row(kind, "in", r)) != NULL; )
			add_stand(k, kind, r);
	}
	return k;
}

void
classify_close(struct classifier *k)
{
	if (k == NULL)
		return;
	buf_free(&k->file);
	buf_free(&k->stars);
	buf_free(&k->texts);
	buf_free(&k->key);
	buf_free(&k->spelled);
	buf_free(&k->step);
	free(k->stands);
	hashset_free(&k->table);
	free(k);
}

/* the file's row and stars, unless it is the same as before */
static void
take_file(struct classifier *k, struct slice file)
{
	struct buf names = {0};

	if (k->file.len == file.n && file.n > 0 &&
	    memcmp(k->file.ptr, file.p, file.n) == 0)
		return;
	k->file.len = k->stars.len = k->spelled.len = k->nstars = 0;
	k->row = NULL;
	buf_add(&k->file, file.p, file.n);
	if (!tape_escapes(file.p, file.n))
		return;
	string_decode(&k->spelled, file.p, file.n);
	k->row = map_file(k->map, buf_str(&k->spelled), &names);
	k->nstars = map_file_stars(&k->stars, &names);
	buf_free(&names);
}

/* whether a step of a pointer (decoded but for "~") is this step of a path */
static int
is_step(const char *path, size_t n, const char *at, size_t nat)
{
	char c;

	if (n == 1 && *path == '*')
		return 1;
	if (n == 1 && *path == '-') {
		if (nat == 1 && *at == '-')
			return 1;
		for (; nat > 0 && *at >= '0' && *at <= '9'; nat--)
			at++;
		return nat == 0;
	}
	for (; n > 0 && nat > 0; path++, at++, n--, nat--) {
		c = *at;
		if (c == '~' && nat > 1) {
			c = *++at == '1' ? '/' : '~';
			nat--;
		}
		if (c != *path)
			return 0;
	}
	return n == 0 && nat == 0;
}

/* whether a pointer is a path of the map */
static int
is_path(const char *path, struct slice at)
{
	const char *p = at.p, *end = at.p + at.n;
	size_t n, m;

	while (p < end && *path != '\0') {
		p++;		/* the slash */
		n = strcspn(path, "/");
		for (m = 0; p + m < end && p[m] != '/'; m++)
			continue;
		if (!is_step(path, n, p, m))
			return 0;
		path += n + (path[n] == '/');
		p += m;
	}
	return p == end && *path == '\0';
}

/* append what a step of a pointer says, as in a JSON string */
static void
add_step(struct classifier *k, struct buf *b, const char *step, size_t n)
{
	k->step.len = 0;
	pointer_key(&k->step, step, n);
	string_encode(b, k->step.ptr, k->step.len);
}

/* the stars of a place, and its key, from the pointer that leads there */
static void
take_stars(struct classifier *k, const char *path, struct slice at,
    struct gathered *g)
{
	const char *p = at.p, *end = at.p + at.n;
	size_t i, n, m, count = 0;

	i = envelope_stars(g, 0, k->stars.ptr, k->nstars);
	k->texts.len = k->key.len = 0;
	for (; *path != '\0'; path += n + (path[n] == '/'), p += m) {
		p++;
		n = strcspn(path, "/");
		for (m = 0; p + m < end && p[m] != '/'; m++)
			continue;
		if (n == 1 && *path == '*') {
			add_step(k, &k->texts, p, m);
			buf_addc(&k->texts, '\0');
			count++;
		}
		if (path[n] == '\0' && (n != 1 || *path != '-'))
			add_step(k, &k->key, p, m);
	}
	envelope_stars(g, i, k->texts.ptr, count);
	g->key = (struct slice){ k->key.len > 0 ? k->key.ptr : NULL,
	    k->key.len };
}

/* whether "when" leaves a kind possible: what the value says is not known */
static int
may_be(const struct gathered *g, const struct map_kind *kind)
{
	return kind->when == NULL || kind->when->from == FROM_PLACE ||
	    envelope_is(g, kind);
}

/* the kind of this name, or of a name that varies, that stands at a place */
static const struct map_kind *
find_kind(struct classifier *k, const struct record *r, struct slice name,
    struct slice at, struct gathered *g)
{
	const struct stand *s;
	size_t i = 0;

	while ((s = next_stand(k, name, &i)) != NULL) {
		if (strcmp(s->group, k->row->group->name) != 0 ||
		    !is_path(s->path, at))
			continue;
		take_stars(k, s->path, at, g);
		if (r->field[RECORD_KEY].p != NULL)
			g->key = record_text(r, RECORD_KEY);
		if (may_be(g, s->kind))
			return s->kind;
		memset(g, 0, sizeof(*g));
		g->map = k->map;
	}
	return NULL;
}

const struct map_kind *
classify_gather(struct classifier *k, const struct record *r,
    struct gathered *g)
{
	const struct map_kind *kind;
	struct slice at;

	memset(g, 0, sizeof(*g));
	g->map = k->map;
	if (r->kind != RECORD_COMPONENT)
		return NULL;
	take_file(k, record_text(r, RECORD_FILE));
	at = record_text(r, RECORD_AT);
	if (k->row == NULL || at.p == NULL || !tape_escapes(at.p, at.n))
		return NULL;
	if (at.n > 0 && memchr(at.p, '\\', at.n) != NULL) {
		k->spelled.len = 0;
		string_decode(&k->spelled, at.p, at.n);
		at = (struct slice){ k->spelled.ptr, k->spelled.len };
	}
	kind = find_kind(k, r, record_text(r, RECORD_KIND), at, g);
	return kind != NULL ? kind : find_kind(k, r, (struct slice){0}, at, g);
}

const struct map_kind *
classify_find(struct classifier *k, const struct record *r)
{
	struct gathered g;

	return classify_gather(k, r, &g);
}
