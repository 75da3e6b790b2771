/* SPDX-License-Identifier: ISC */
/*
 * The envelopes of an edited stream, made anew from the values.
 *
 * An id that begins with that of the component around it follows it: the
 * components that are open at a place are kept, as a stack.
 */
#include "value/anew.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/diag.h"
#include "json/tape.h"
#include "stream/record.h"
#include "stream/stream.h"
#include "value/derive.h"
#include "value/locate.h"

/* a component that others may stand in */
struct outer {
	struct buf at;		/* its place, as in the envelope */
	struct buf scope;	/* what their ids begin with */
};

struct anew {
	struct diag *diag;
	struct locator *spots;
	struct tape tape;
	struct outer *outers;
	size_t depth, room;
	struct buf texts, line;
};

static void
close_all(void *arg)
{
	struct anew *a = arg;
	size_t i;

	for (i = 0; i < a->room; i++) {
		buf_free(&a->outers[i].at);
		buf_free(&a->outers[i].scope);
	}
	free(a->outers);
	locate_close(a->spots);
	tape_free(&a->tape);
	buf_free(&a->texts);
	buf_free(&a->line);
	free(a);
}

/* whether a place is inside of the component */
static int
is_inside(const struct outer *o, struct slice at)
{
	return at.n > o->at.len && at.p[o->at.len] == '/' &&
	    (o->at.len == 0 || memcmp(at.p, o->at.ptr, o->at.len) == 0);
}

/* leave the components that do not hold this place; the scope of what does */
static struct slice
scope_at(struct anew *a, struct slice at)
{
	const struct outer *o;

	for (; a->depth > 0; a->depth--) {
		o = &a->outers[a->depth - 1];
		if (is_inside(o, at))
			return (struct slice){ o->scope.len > 0 ?
			    o->scope.ptr : "", o->scope.len };
	}
	return (struct slice){0};
}

/* the component to come is around what follows; its scope is to be filled */
static struct buf *
enter(struct anew *a, struct slice at)
{
	struct outer *o;

	if (a->depth == a->room) {
		a->outers = xrealloc(a->outers, a->room + 4,
		    sizeof(*a->outers));
		memset(a->outers + a->room, 0, 4 * sizeof(*a->outers));
		a->room += 4;
	}
	o = &a->outers[a->depth++];
	o->at.len = o->scope.len = 0;
	buf_add(&o->at, at.p, at.n);
	return &o->scope;
}

/* tell of a component that is now another */
static void
tell_id(const struct anew *a, const struct record *r,
    const struct record_edit *new, const struct place *at)
{
	struct slice kind = record_text(r, RECORD_KIND);
	struct slice was = r->field[RECORD_ID], is = new->json;

	if (was.p == NULL || is.p == NULL)
		return;
	diag_note(a->diag, at, "%.*s %.*s is %.*s by its value: taken as "
	    "renamed", (int)kind.n, kind.p, (int)was.n, was.p, (int)is.n,
	    is.p);
}

/* the line with its changes, in place of the one that there was */
static int
change_line(struct anew *a, struct record *r, struct buf *line,
    const struct record_edit *changes, size_t n, const struct place *at)
{
	struct text_error e;
	struct buf was = *line;

	a->line.len = 0;
	reline(&a->line, r, changes, n);
	*line = a->line;
	a->line = was;
	if (record_read(r, line->ptr, line->len, &e) == -1)
		return diag_fail(a->diag, STATUS_INPUT, at, "%s", e.what);
	return 0;
}

static int
change(void *arg, struct record *r, struct buf *line, const struct place *at)
{
	struct anew *a = arg;
	struct slice place = record_text(r, RECORD_AT), scope;
	struct record_edit changes[DERIVED];
	struct buf *own;
	size_t n;

	if (r->kind == RECORD_OF_FILE)
		a->depth = 0;
	if (r->kind != RECORD_COMPONENT || place.p == NULL ||
	    r->field[RECORD_ENCODING].p != NULL)
		return 0;
	if (record_read_value(&a->tape, a->diag, r, at) == -1)
		return -1;
	scope = scope_at(a, place);
	own = enter(a, place);
	n = derive_all(a->spots, r, &a->tape, scope, changes, &a->texts, own);
	if (n == 0)
		return 0;
	if (changes[0].field == RECORD_ID)
		tell_id(a, r, &changes[0], at);
	return change_line(a, r, line, changes, n, at);
}

void
derive_edited(struct stream_in *in, const struct map *map)
{
	struct anew *a;

	if (!in->edited || in->change != NULL)
		return;
	a = xcalloc(1, sizeof(*a));
	a->diag = in->lines.diag;
	a->spots = locate_open(map);
	in->change = change;
	in->change_free = close_all;
	in->changer = a;
}
