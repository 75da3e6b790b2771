/* SPDX-License-Identifier: ISC */
/*
 * Which platform a package is of.
 */
#include "tell.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "json.h"
#include "map.h"
#include "mapfile.h"
#include "maps.h"

/* the first bytes of a file in which a binary form shows */
#define BLOB 64

/* the keys at the top of a JSON text, each ended by a NUL */
struct top {
	struct buf keys;
	unsigned depth;
};

static int
take(void *arg, const struct json_token *t)
{
	struct top *top = arg;

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

/* the keys among the first n bytes of a text; what is no JSON has none */
static void
read_top(struct top *top, const char *head, size_t n)
{
	static const struct json_options options = { 1024, 2 * TELL_HEAD };
	struct json *j;

	j = json_open(&options, take);
	json_reset(j, top);
	(void)json_feed(j, head, n);	/* it is cut short: no error counts */
	json_close(j);
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

static int
has_keys(const char *head, size_t n, char *const *keys, size_t nkeys)
{
	struct top top = {0};
	size_t i;

	if (nkeys == 0)
		return 1;
	read_top(&top, head, n);
	for (i = 0; i < nkeys && has_key(&top, keys[i]); i++)
		continue;
	buf_free(&top.keys);
	return i == nkeys;
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
	if (!has_keys(head, n, f->keys, f->nkeys))
		return 0;
	*t = (struct told){ m, f, prefix };
	return 1;
}

int
tell_member(struct told *t, const struct maps *maps, const char *name,
    int folder, const char *head, size_t n)
{
	const char *slash = strchr(name, '/');
	size_t i, prefix = slash != NULL ? (size_t)(slash - name) + 1 : 0;
	int got, ask = 0;

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
tell_nameless(struct told *t, const struct maps *maps, const char *head,
    size_t n)
{
	const struct map_row *r;
	size_t i, j;

	for (i = 0; i < maps->n; i++) {
		for (j = 0; j < maps->maps[i]->rows.n; j++) {
			r = &maps->maps[i]->rows.rows[j];
			if (strcmp(r->word, "nameless") != 0 ||
			    !has_keys(head, n, r->args + 1, r->nargs - 1))
				continue;
			*t = (struct told){ maps->maps[i],
			    map_file(maps->maps[i], r->args[0], NULL), 0 };
			return r->args[0];
		}
	}
	return NULL;
}

int
tell_never(const struct map *m)
{
	size_t i;

	for (i = 0; i < m->nfiles; i++) {
		if (m->files[i].tells)
			return 0;
	}
	return 1;
}

const struct map *
tell_blob(const struct maps *maps, const char *head, size_t n)
{
	const struct map *m;
	size_t i, j;

	for (i = 0; i < maps->n; i++) {
		m = maps->maps[i];
		for (j = 0; j < m->rows.n; j++) {
			if (strcmp(m->rows.rows[j].word, "blob") == 0 &&
			    memmem(head, n < BLOB ? n : BLOB,
			    m->rows.rows[j].args[0],
			    strlen(m->rows.rows[j].args[0])) != NULL)
				return m;
		}
	}
	return NULL;
}

void
tell_expected(const struct maps *maps, struct buf *b)
{
	const struct map *m;
	const char *sep = "";
	size_t i, j;

	for (i = 0; i < maps->n; i++) {
		m = maps->maps[i];
		if (m->foreign != NULL || (tell_never(m) && maps->n > 1))
			continue;
		buf_printf(b, "%s%s", sep, m->title);
		sep = " (";
		for (j = 0; j < m->nfiles; j++) {
			if (!m->files[j].tells)
				continue;
			buf_printf(b, "%s%s", sep, m->files[j].pattern);
			sep = " or ";
		}
		buf_addc(b, ')');
		sep = ", ";
	}
}
