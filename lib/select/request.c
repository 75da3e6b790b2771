/* SPDX-License-Identifier: ISC */
/*
 * The body of a platform's own export API as criteria.
 */
#include "select/request.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/suggest.h"
#include "graph/vocabulary.h"
#include "json/readfile.h"
#include "json/string.h"
#include "json/tape.h"
#include "map/map.h"
#include "select/criteria.h"

/* a body on its way into criteria */
struct reading {
	struct diag *diag;
	const struct map *map;
	const char *path;
	const struct body *body;
	struct criteria *criteria;
	struct request *request;
	struct buf place;	/* of the value: exportOptions/tasks/- */
	uint32_t token;		/* the value */
	int partial;		/* it names categories, or none of them */
	int bad;
};

/* the row for a place, or one of those below it; NULL: neither */
static const struct map_row *
row_at(const struct map *m, const char *place, int *below)
{
	const struct map_row *r = NULL, *found = NULL;
	size_t n = strlen(place);

	*below = 0;
	while ((r = map_next_row(m, "request", r)) != NULL) {
		if (strcmp(r->args[0], place) == 0)
			return r;
		if (n == 0 || (strncmp(r->args[0], place, n) == 0 &&
		    r->args[0][n] == '/'))
			found = r;
	}
	*below = found != NULL;
	return found;
}

/* an error at a place of the body; always -1 */
static int
fail_at(struct reading *d, const char *what)
{
	struct place at = place_in(d->path);
	struct buf pointer = {0};

	d->bad = 1;
	tape_pointer(&d->body->tape, d->token, &pointer);
	at.pointer = buf_str(&pointer);
	diag_fail(d->diag, STATUS_INPUT, &at, "%s", what);
	buf_free(&pointer);
	return -1;
}

/* a member that no row knows: say which there are beside it */
static void
unknown_member(struct reading *d, size_t parent)
{
	const struct map_row *r = NULL;
	struct suggestion near = {0};
	struct buf say = {0}, all = {0};
	const char *p, *last = "";
	size_t n, nlast = 0;

	buf_str(&d->place);
	near.word = d->place.ptr + parent;
	buf_printf(&say, "the request API has no \"%s\" here", near.word);
	while ((r = map_next_row(d->map, "request", r)) != NULL) {
		if (strncmp(r->args[0], d->place.ptr, parent) != 0)
			continue;
		p = r->args[0] + parent;
		n = strcspn(p, "/");
		if (n == nlast && strncmp(p, last, n) == 0)
			continue;
		last = p;
		nlast = n;
		suggest_try(&near, p, n);
		buf_adds(&all, all.len > 0 ? ", " : " ");
		buf_add(&all, p, n);
	}
	suggest_put(&near, &say);
	if (near.n == 0)
		buf_printf(&say, "; known are%s", buf_str(&all));
	fail_at(d, buf_str(&say));
	suggest_free(&near);
	buf_free(&say);
	buf_free(&all);
}

/* a word of a list of categories */
static void
take_category(struct reading *d, const struct map_row *r, struct slice word)
{
	struct buf full = {0}, prefix = {0}, say = {0};

	buf_printf(&full, "%s/", r->args[2]);
	string_decode(&full, word.p, word.n);
	if (vocabulary_category(d->map, buf_str(&full)) &&
	    strlen(full.ptr) == full.len) {
		criteria_word(d->criteria, BY_CATEGORY, full.ptr, 0);
	} else {
		buf_printf(&say, "the request API has no \"%.*s\" here",
		    (int)word.n, word.p);
		buf_printf(&prefix, "%s/", r->args[2]);
		vocabulary_categories(d->map, full.ptr + prefix.len,
		    buf_str(&prefix), &say);
		fail_at(d, buf_str(&say));
	}
	buf_free(&full);
	buf_free(&prefix);
	buf_free(&say);
}

/* a text in the body: 0, or -1 after a message */
static int
take_text(struct reading *d, const struct map_row *r, struct slice text)
{
	struct buf canon = {0};
	size_t i;

	string_canon(&canon, text.p, text.n);
	switch (map_request(r)) {
	case REQUEST_CATEGORY:
		take_category(d, r, text);
		break;
	case REQUEST_ID:
		criteria_id(d->criteria, r->args[2], buf_str(&canon), 0);
		break;
	case REQUEST_WITHOUT:
		for (i = 2; i < r->nargs; i++)
			criteria_id(d->criteria, r->args[i], buf_str(&canon),
			    1);
		break;
	case REQUEST_MODE:
		for (i = 2; i < r->nargs && strcmp(buf_str(&canon),
		    r->args[i]) != 0; i++)
			continue;
		if (i == r->nargs)
			fail_at(d, "expected \"latest\" or \"published\"");
		break;
	default:
		fail_at(d, "expected true or false, found a text");
	}
	buf_free(&canon);
	return d->bad ? -1 : 0;
}

/* true or false in the body */
static void
take_bool(struct reading *d, const struct map_row *r, int on)
{
	size_t i;

	switch (map_request(r)) {
	case REQUEST_FLAG:
		if (on && d->partial)
			criteria_word(d->criteria, BY_CATEGORY, r->args[2], 0);
		break;
	case REQUEST_DEPS:
		if (on && r->nargs == 2)
			d->request->deps = 1;
		for (i = 2; on && i < r->nargs; i++) {
			d->request->deps_of = xrealloc(d->request->deps_of,
			    d->request->ndeps_of + 1, sizeof(char *));
			d->request->deps_of[d->request->ndeps_of++] =
			    r->args[i];
		}
		break;
	case REQUEST_WITHOUT:
		for (i = 2; on && i < r->nargs; i++)
			criteria_word(d->criteria, BY_KIND, r->args[i], 1);
		break;
	case REQUEST_IGNORE:
		break;
	default:
		fail_at(d, "expected a text, found true or false");
	}
}

/* one value, not a container, for which there is a row */
static void
take_leaf(struct reading *d, const struct map_row *r, uint32_t token)
{
	const struct tape *t = &d->body->tape;
	struct slice s = tape_bytes(t, token);

	if (t->tokens[token].type == TAPE_STRING)
		take_text(d, r, tape_text(t, token));
	else if (slice_is(s, "true"))
		take_bool(d, r, 1);
	else if (slice_is(s, "false"))
		take_bool(d, r, 0);
	else
		fail_at(d, map_request(r) == REQUEST_FLAG || map_request(r) ==
		    REQUEST_DEPS ? "expected true or false" :
		    "expected a text");
}

static void take_members(struct reading *, uint32_t token);

/* a value with its row, or with rows below it; or with neither */
static void
take_value(struct reading *d, uint32_t token, int in_object, size_t parent)
{
	const struct tape *t = &d->body->tape;
	const struct map_row *r;
	int below, container;

	d->token = token;
	container = t->tokens[token].type == TAPE_OBJECT ||
	    t->tokens[token].type == TAPE_ARRAY;
	r = row_at(d->map, buf_str(&d->place), &below);
	if (r == NULL && in_object)
		unknown_member(d, parent);
	else if (r == NULL)
		fail_at(d, "expected no list");
	else if (container && below)
		take_members(d, token);
	else if (container)
		fail_at(d, "expected no list or object");
	else if (!below)
		take_leaf(d, r, token);
	else if (!tape_empty(t, token))
		fail_at(d, "expected a list or an object");
}

/* what stands in a container of the body, and so on; the place is its own */
static void
take_members(struct reading *d, uint32_t token)
{
	const struct tape *t = &d->body->tape;
	struct slice key;
	size_t before = d->place.len, parent;
	uint32_t i;

	for (i = tape_first(t, token); i != TAPE_NONE;
	    i = tape_after(t, i)) {
		d->place.len = before;
		if (before > 0)
			buf_addc(&d->place, '/');
		parent = d->place.len;
		key = tape_key(t, i);
		if (key.p != NULL)
			string_decode(&d->place, key.p, key.n);
		else
			buf_addc(&d->place, '-');
		take_value(d, i, key.p != NULL, parent);
	}
	d->place.len = before;
}

/* whether the body has a list of categories, if only an empty one */
static int
lists_categories(const struct reading *d)
{
	const struct map_row *r = NULL;

	while ((r = map_next_row(d->map, "request", r)) != NULL) {
		if (map_request(r) == REQUEST_CATEGORY && tape_member_at(
		    &d->body->tape, r->args[0]) != TAPE_NONE)
			return 1;
	}
	return 0;
}

/* ids that name some tasks leave out the others of all such kinds */
static void
name_kinds(struct reading *d)
{
	const struct map_row *r = NULL;

	if ((d->criteria->given & 1U << BY_ID) == 0)
		return;
	while ((r = map_next_row(d->map, "request", r)) != NULL) {
		if (map_request(r) == REQUEST_ID)
			criteria_named(d->criteria, r->args[2]);
	}
}

int
request_read(struct request *q, struct diag *diag, const struct map *m,
    const char *path, struct criteria *c)
{
	struct place at = place_in(path);
	struct body body = {0};
	struct reading d = { .diag = diag, .map = m, .path = path,
	    .body = &body, .criteria = c, .request = q };
	unsigned before = c->given;
	int below, rc;

	if (row_at(m, "", &below) == NULL)
		return diag_fail(diag, STATUS_USAGE, &at, "%s has no request "
		    "API that is known", m->title);
	if ((rc = readfile_read(&body, diag, path)) == 0) {
		d.partial = lists_categories(&d);
		take_members(&d, 0);
		if (before == 0)
			name_kinds(&d);
		c->exists = 1;
		/* options that name no category ask for none */
		if (d.partial)
			c->given |= 1U << BY_CATEGORY;
		rc = d.bad ? -1 : 0;
	}
	buf_free(&d.place);
	readfile_free(&body);
	return rc;
}

void
request_free(struct request *q)
{
	free(q->deps_of);
}
