/* SPDX-License-Identifier: ISC */
/*
 * Rules of names: of what is outside the package, and of files.
 */
#include <string.h>

#include "check/check_priv.h"
#include "json/string.h"
#include "map/classify.h"
#include "map/map.h"
#include "value/locate.h"

/* ---- binding */

/* append a value without the user, password and query of a URL */
static void
put_public(struct buf *b, struct slice s)
{
	const char *end = s.p + s.n, *p, *stop, *at;

	if ((p = memmem(s.p, s.n, "://", 3)) == NULL) {
		buf_add(b, s.p, s.n);
		return;
	}
	p += 3;
	for (stop = p; stop < end && strchr("/?#", *stop) == NULL; stop++)
		continue;
	at = memrchr(p, '@', (size_t)(stop - p));
	buf_add(b, s.p, (size_t)(p - s.p));
	p = at != NULL ? at + 1 : p;
	for (stop = p; stop < end && *stop != '?' && *stop != '#'; stop++)
		continue;
	buf_add(b, p, (size_t)(stop - p));
}

static void
tell_binding(struct check *c, const struct record *r, const struct spot *spot)
{
	struct slice value = tape_text(&c->tape, spot->token);

	if (value.n == 0 ||
	    c->tape.tokens[spot->token].type != TAPE_STRING)
		return;
	c->phrase.len = 0;
	buf_printf(&c->phrase, "%s ", spot->row->args[0]);
	put_public(&c->phrase, value);
	if (!hashset_add(&c->outside, 0, c->phrase.ptr, c->phrase.len))
		return;
	finding_begin(c, RULE_BINDING, r, spot->token);
	buf_adds(&c->texts, "names the ");
	buf_add(&c->texts, c->phrase.ptr, c->phrase.len);
	buf_adds(&c->texts, ", which is outside the package");
	finding_end(c);
}

/* the last key of a path, or "" where that varies */
static struct slice
last_key(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *key = slash != NULL ? slash + 1 : path;

	return (struct slice){ key, strchr("*-.$", *key) != NULL ? 0 :
	    strlen(key) };
}

/*
 * Whether a value may have a member where a row looks: its key is in the text,
 * or letters are written as escapes.  Few have, and the others need not be
 * taken apart.
 */
static int
may_hold(struct check *c, const struct map_row *row, struct slice value)
{
	struct slice key;
	size_t i;

	for (i = 1; i < row->nargs; i++) {
		if ((key = last_key(row->args[i])).n == 0)
			return 1;
		c->phrase.len = 0;
		buf_printf(&c->phrase, "\"%.*s\"", (int)key.n, key.p);
		if (memmem(value.p, value.n, c->phrase.ptr,
		    c->phrase.len) != NULL)
			return 1;
	}
	return memmem(value.p, value.n, "\\u00", 4) != NULL;
}

int
binding_take(struct check *c, uint32_t node, const struct record *r)
{
	struct slice value = r->field[RECORD_VALUE];
	const struct map_row *row;

	(void)node;
	if (value.p == NULL || check_row(c, r, WORD_BINDING) == NULL)
		return 0;
	for (row = NULL; (row = map_kind_next_row(check_kind(c, r), "binding",
	    row)) != NULL; ) {
		if (may_hold(c, row, value))
			return check_again(c);
	}
	return 0;
}

int
binding_look(struct check *c, const struct record *r)
{
	size_t n, i;

	if (check_row(c, r, WORD_BINDING) == NULL)
		return 0;
	if (check_value(c, r) == -1)
		return -1;
	n = locate_find(c->spots, r, &c->tape, SPOT_BINDING);
	for (i = 0; i < n; i++) {
		if (locate_at(c->spots, i)->token != TAPE_NONE)
			tell_binding(c, r, locate_at(c->spots, i));
	}
	return 0;
}

/* ---- name-mismatch */

/* what a source of a row "same" says, and the token of it */
static struct slice
say(const struct check *c, const struct gathered *g,
    const struct map_source *s, uint32_t *token)
{
	if (s->from != FROM_PLACE)
		return envelope_say(g, s);
	*token = tape_member_at(&c->tape, s->path);
	return *token != TAPE_NONE && *token != 0 &&
	    c->tape.tokens[*token].type == TAPE_STRING ?
	    tape_text(&c->tape, *token) : (struct slice){0};
}

/* whether two texts as in JSON strings are the same, however spelled */
static int
is_same(struct slice a, struct slice b)
{
	struct buf x = {0}, y = {0};
	int same;

	if (slice_same(a, b))
		return 1;
	string_decode(&x, a.p, a.n);
	string_decode(&y, b.p, b.n);
	same = x.len == y.len && memcmp(x.ptr, y.ptr, x.len) == 0;
	buf_free(&x);
	buf_free(&y);
	return same;
}

int
name_take(struct check *c, uint32_t node, const struct record *r)
{
	(void)node;
	return r->kind == RECORD_COMPONENT && check_may_have(c, WORD_SAME) ?
	    check_again(c) : 0;
}

int
name_look(struct check *c, const struct record *r)
{
	const struct map_kind *k;
	struct gathered g;
	struct slice a, b;
	uint32_t token = 0;
	size_t i;

	if (!check_may_have(c, WORD_SAME) ||
	    (k = classify_gather(c->sorts, r, &g)) == NULL || k->nsame == 0)
		return 0;
	if (check_value(c, r) == -1)
		return -1;
	for (i = 0; i < k->nsame; i += 2) {
		a = say(c, &g, &k->same[i], &token);
		b = say(c, &g, &k->same[i + 1], &token);
		if (a.p == NULL || b.p == NULL || is_same(a, b))
			continue;
		finding_begin(c, RULE_NAME_MISMATCH, r, token);
		buf_adds(&c->texts, "is called ");
		buf_add(&c->texts, b.p, b.n);
		buf_adds(&c->texts, ", and its file or folder ");
		buf_add(&c->texts, a.p, a.n);
		buf_adds(&c->texts, ": rename the file");
		finding_end(c);
		break;
	}
	return 0;
}
