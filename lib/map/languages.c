/* SPDX-License-Identifier: ISC */
/*
 * The languages of an agent.
 */
#include "map/languages.h"

#include <string.h>

#include "base/slice.h"
#include "json/string.h"
#include "json/tape.h"
#include "map/rows.h"

/* so many are named in a message */
#define NAMED 20

void
languages_add(struct languages *l, const char *p, size_t n)
{
	if (n == 0 || !hashset_add(&l->set, 0, p, n))
		return;
	buf_add(&l->texts, p, n);
	buf_addc(&l->texts, '\0');
	l->n++;
}

int
languages_has(const struct languages *l, const char *p, size_t n)
{
	return hashset_has(&l->set, 0, p, n);
}

const char *
languages_next(const struct languages *l, const char *last)
{
	const char *next = last == NULL ? l->texts.ptr :
	    last + strlen(last) + 1;

	return next == NULL || next == l->texts.ptr + l->texts.len ? NULL :
	    next;
}

/* who visits the strings */
struct visit {
	void (*visit)(void *, const struct tape *, uint32_t, struct slice);
	void *ctx;
	struct buf canon;
};

/* the string that a token is; others say nothing */
static void
visit_token(struct visit *v, const struct tape *t, uint32_t token)
{
	struct slice s;

	if (t->tokens[token].type != TAPE_STRING)
		return;
	s = tape_text(t, token);
	v->canon.len = 0;
	string_canon(&v->canon, s.p, s.n);
	v->visit(v->ctx, t, token, (struct slice){ buf_str(&v->canon),
	    v->canon.len });
}

/* whether the token's key is a step of a path */
static int
is_step(const struct tape *t, uint32_t token, const char *step, size_t n)
{
	struct slice key = tape_key(t, token);

	if (key.p == NULL)
		return n == 1 && *step == '-';
	return key.n == n && memcmp(key.p, step, n) == 0;
}

/* what is at the rest of a path, below a token */
static void
visit_path(struct visit *v, const struct tape *t, uint32_t token,
    const char *path)
{
	size_t n = strcspn(path, "/");
	uint32_t in;

	if (*path == '\0' || strcmp(path, ".") == 0) {
		visit_token(v, t, token);
		return;
	}
	if (t->tokens[token].type > TAPE_ARRAY)
		return;
	for (in = tape_first(t, token); in != TAPE_NONE;
	    in = tape_after(t, in)) {
		if (is_step(t, in, path, n))
			visit_path(v, t, in, path + n + (path[n] == '/'));
	}
}

void
languages_visit(const struct map_row *row, const struct tape *t,
    void (*visit)(void *, const struct tape *, uint32_t, struct slice),
    void *ctx)
{
	struct visit v = { .visit = visit, .ctx = ctx };
	size_t i;

	for (i = 0; i < row->nargs; i++)
		visit_path(&v, t, 0, row->args[i]);
	buf_free(&v.canon);
}

static void
add(void *ctx, const struct tape *t, uint32_t token, struct slice language)
{
	(void)t;
	(void)token;
	languages_add(ctx, language.p, language.n);
}

void
languages_listed(struct languages *l, const struct map_row *row,
    const struct tape *t)
{
	languages_visit(row, t, add, l);
}

void
languages_put(const struct languages *l, struct buf *b)
{
	const char *p;
	size_t i = 0;

	for (p = NULL; (p = languages_next(l, p)) != NULL && i < NAMED; i++)
		buf_printf(b, "%s%s", i == 0 ? "" : ", ", p);
	if (l->n > NAMED)
		buf_printf(b, " and %zu more", l->n - NAMED);
	if (l->n == 0)
		buf_adds(b, "none");
}

void
languages_free(struct languages *l)
{
	hashset_free(&l->set);
	buf_free(&l->texts);
	l->n = 0;
}
