/* SPDX-License-Identifier: ISC */
/*
 * The envelope of a component whose value was changed.
 *
 * In an edited stream an id that begins with that of the component around it
 * follows it: the components that are open at a place are kept, as a stack.
 */
#include "value/derive.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/diag.h"
#include "json/tape.h"
#include "map/envelope.h"
#include "map/map.h"
#include "map/registry.h"
#include "stream/record.h"
#include "stream/stream.h"
#include "stream/twopass.h"
#include "value/locate.h"

/* the envelope that a value says */
struct said {
	const struct map_kind *kind;
	struct gathered gathered;
	struct record record;	/* a line of it, without file, at and value */
};

/* what the id begins with if n parts of it are its own: its parent's */
static struct slice
scope_of(struct slice id, size_t n)
{
	const char *p = id.p + id.n;

	for (; id.p != NULL && p > id.p; p--) {
		if (p[-1] == '/' && --n == 0)
			return (struct slice){ id.p, (size_t)(p - id.p) };
	}
	return (struct slice){0};
}

/* put text into a buffer that holds more from there on */
static void
insert(struct buf *b, size_t at, struct slice text)
{
	char *p;

	buf_room(b, text.n);
	p = b->ptr + at;
	memmove(p + text.n, p, b->len - at);
	if (text.n > 0)
		memcpy(p, text.p, text.n);
	b->len += text.n;
}

/*
 * Make the line of what the value says, in a buffer.  An id with its parent's
 * in it has the scope given, or else (p NULL) that of the id there is.  0: the
 * map does not know the component.
 */
static int
say(struct said *s, struct locator *spots, const struct record *r,
    const struct tape *t, struct slice scope, struct buf *line)
{
	struct text_error e;
	size_t cut;

	s->kind = locate_gather(spots, r, t, &s->gathered);
	if (s->kind == NULL)
		return 0;
	if (s->kind->scoped && scope.p == NULL)
		scope = scope_of(record_text(r, RECORD_ID),
		    s->kind->members[RECORD_ID].n - 1);
	line->len = 0;
	cut = envelope_put(line, &s->gathered, s->kind);
	if (cut != ENVELOPE_WHOLE)
		insert(line, cut, scope);
	buf_addc(line, '}');
	if (record_read(&s->record, line->ptr, line->len, &e) == -1)
		return 0;
	if (s->kind->scoped && scope.p == NULL)	/* nor has its parent one */
		s->record.field[RECORD_ID] = r->field[RECORD_ID];
	return 1;
}

/* what differs from a record's line, from "first" on; how many there are */
static size_t
compare(const struct said *s, const struct record *r, enum record_field first,
    struct record_edit changes[DERIVED])
{
	enum record_field f;
	size_t n = 0;

	for (f = first; f <= RECORD_REFS; f++) {
		/* where the map says nothing all is well; no value says this */
		if ((f < RECORD_ALIAS && s->kind->members[f].n == 0) ||
		    f == RECORD_CATEGORY)
			continue;
		if (!slice_same(s->record.field[f], r->field[f]))
			changes[n++] = (struct record_edit){ f,
			    s->record.field[f] };
	}
	return n;
}

size_t
derive(struct locator *spots, const struct record *r, const struct tape *t,
    enum record_field first, struct record_edit changes[DERIVED],
    struct buf *texts)
{
	struct said s;

	return say(&s, spots, r, t, (struct slice){0}, texts) ?
	    compare(&s, r, first, changes) : 0;
}

/* ---- an edited stream */

/* a component that others may stand in */
struct outer {
	struct buf at;		/* its place, as in the envelope */
	struct buf scope;	/* what their ids begin with */
};

struct editing {
	struct diag *diag;
	struct locator *spots;
	struct tape tape;
	struct outer *outers;
	size_t depth, room;
	struct buf texts, line;
};

static void
editing_free(void *arg)
{
	struct editing *a = arg;
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

/* close the components that this place is not in; the scope of what it is in */
static struct slice
scope_at(struct editing *a, struct slice at)
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
enter_component(struct editing *a, struct slice at)
{
	struct outer *o;

	a->outers = xroom(a->outers, &a->room, a->depth, sizeof(*a->outers));
	o = &a->outers[a->depth++];
	o->at.len = o->scope.len = 0;
	buf_add(&o->at, at.p, at.n);
	return &o->scope;
}

/* say of a component that it is now another */
static void
report_id(const struct editing *a, const struct record *r,
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
change_line(struct editing *a, struct record *r, struct buf *line,
    const struct record_edit *changes, size_t n, const struct place *at)
{
	struct text_error e;
	struct buf was = *line;

	a->line.len = 0;
	record_edit(&a->line, r, changes, n);
	*line = a->line;
	a->line = was;
	if (record_read(r, line->ptr, line->len, &e) == -1)
		return diag_fail(a->diag, STATUS_INPUT, at, "%s", e.what);
	return 0;
}

static int
derive_line(void *arg, struct record *r, struct buf *line,
    const struct place *at)
{
	struct editing *a = arg;
	struct slice place = record_text(r, RECORD_AT), scope;
	struct said s;
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
	own = enter_component(a, place);
	if (!say(&s, a->spots, r, &a->tape, scope, &a->texts))
		return 0;
	envelope_scope(own, &s.gathered, s.kind);
	if ((n = compare(&s, r, RECORD_ID, changes)) == 0)
		return 0;
	if (changes[0].field == RECORD_ID)
		report_id(a, r, &changes[0], at);
	return change_line(a, r, line, changes, n, at);
}

void
derive_edited(struct stream_in *in, const struct map *map)
{
	struct editing *a;

	if (!in->edited || in->change != NULL)
		return;
	a = xcalloc(1, sizeof(*a));
	a->diag = in->lines.diag;
	a->spots = locate_open(map);
	in->change = derive_line;
	in->change_free = editing_free;
	in->changer = a;
}

const struct map *
derive_begin(struct twopass *in, struct registry *maps, const char *file)
{
	const struct map *map = registry_of(in->in.lines.diag, maps, file,
	    &in->first);

	if (map != NULL)
		derive_edited(&in->in, map);
	return map;
}
