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
#include "stream/list.h"
#include "stream/record.h"
#include "stream/stream.h"
#include "value/locate.h"

/* what was said of a record, and what differs from its line so far */
struct said {
	struct locator *spots;
	const struct map_kind *kind;
	const struct record *record;
	size_t found;			/* spots */
	struct buf *texts;
	struct slice scope;		/* of a scoped id; p NULL: as it has */
	struct {
		enum record_field field;
		size_t from, to;	/* in texts; equal: not there */
	} members[DERIVED];
	size_t n;
};

/* what says the members that are no references */
static const enum spot_what spot_of[RECORD_OWNER] = {
	[RECORD_ID] = SPOT_ID, [RECORD_NAME] = SPOT_NAME,
	[RECORD_TYPE] = SPOT_TYPE, [RECORD_STATUS] = SPOT_STATUS,
	[RECORD_LANG] = SPOT_LANG, [RECORD_ALIAS] = SPOT_ALIASES,
	[RECORD_NAMES] = SPOT_NAMES,
};

/* a member from "from" on: keep it, unless the line has it as it is */
static void
compare(struct said *s, enum record_field f, size_t from)
{
	struct slice is = { s->texts->ptr + from, s->texts->len - from };
	struct slice was = s->record->field[f];

	if (is.n == 0 ? was.p == NULL : slice_same(is, was))
		return;
	s->members[s->n].field = f;
	s->members[s->n].from = from;
	s->members[s->n++].to = s->texts->len;
}

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

/* append the parts of an id or a name, joined; whether one is there */
static int
put_parts(struct said *s, const struct map_member *m, enum spot_what what,
    unsigned first)
{
	const struct spot *spot;
	unsigned part = first;
	size_t i;
	int any = 0;

	for (i = 0; i < s->found; i++) {
		spot = locate_at(s->spots, i);
		if (spot->what != what)
			continue;
		any = 1;
		for (; part < spot->part; part++)
			buf_addc(s->texts, '/');
		if (m->n == 1)
			buf_add(s->texts, spot->text.p, spot->text.n);
		else
			envelope_part(s->texts, spot->text);
	}
	for (; any && part + 1 < m->n; part++)
		buf_addc(s->texts, '/');
	return any;
}

/* the canonical spelling of a status, in place of what stands from "from" on */
static void
spell_status(struct said *s, size_t from)
{
	const char *word;

	word = map_word(locate_map(s->spots), "status", s->texts->ptr + from,
	    s->texts->len - from);
	if (word == NULL)
		return;
	s->texts->len = from;
	buf_adds(s->texts, word);
}

/* a member of one text */
static void
say_text(struct said *s, enum record_field f, enum spot_what what)
{
	const struct map_member *m = &s->kind->members[f];
	size_t from = s->texts->len;
	struct slice scope = {0};

	if (m->n == 0)
		return;
	if (f == RECORD_ID && s->kind->scoped) {
		scope = s->scope.p != NULL ? s->scope :
		    scope_of(record_text(s->record, f), m->n - 1);
		if (scope.p == NULL)
			return;		/* its parent has no id either */
	}
	buf_addc(s->texts, '"');
	buf_add(s->texts, scope.p, scope.n);
	if (put_parts(s, m, what, scope.p != NULL)) {
		if (f == RECORD_STATUS)
			spell_status(s, from + 1);
		buf_addc(s->texts, '"');
	} else {
		s->texts->len = from;
	}
	compare(s, f, from);
}

/* what ids of the components in this one begin with: envelope_scope() */
static void
say_scope(struct said *s, struct buf *own)
{
	const struct map_member *m = &s->kind->members[RECORD_ID];
	size_t from = s->texts->len;

	if (m->n == 0 || !put_parts(s, m, SPOT_ID, s->kind->scoped != 0))
		return;
	if (m->n == 1)
		envelope_part(own, (struct slice){ s->texts->ptr + from,
		    s->texts->len - from });
	else
		buf_add(own, s->texts->ptr + from, s->texts->len - from);
	buf_addc(own, '/');
}

/* a list: alias, names, or references */
static void
say_list(struct said *s, enum record_field f, enum spot_what what)
{
	const struct spot *spot;
	struct list words;
	size_t from = s->texts->len, i, before;

	list_begin(&words, s->texts, f);
	for (i = 0; i < s->found; i++) {
		spot = locate_at(s->spots, i);
		if (spot->what != what ||
		    (what == SPOT_REF && spot->ref->list != f))
			continue;
		before = s->texts->len;
		list_item(&words);
		if (spot->soft)
			buf_addc(s->texts, '?');
		buf_add(s->texts, spot->text.p, spot->text.n);
		list_end_item(&words, before, s->texts->len -
		    spot->text.n - (spot->soft != 0));
	}
	list_end(&words);
	if (s->texts->len > from)	/* it wrote its name, too: ,"name": */
		from += strlen(record_member(f)) + 4;
	compare(s, f, from);
}

/* the members from "first" on, where they are asked for */
static void
say_members(struct said *s, enum record_field first, unsigned what)
{
	enum record_field f;

	for (f = first; f <= RECORD_REFS; f++) {
		if (f >= RECORD_OWNER)
			say_list(s, f, SPOT_REF);
		else if ((what & (unsigned)spot_of[f]) == 0)
			continue;
		else if (f == RECORD_ALIAS || f == RECORD_NAMES)
			say_list(s, f, spot_of[f]);
		else
			say_text(s, f, spot_of[f]);
	}
}

/*
 * Find all that is asked for, and compare it with the envelope from "first"
 * on; 0: the map does not know the component.
 */
static int
say(struct said *s, const struct tape *t, enum record_field first,
    unsigned what)
{
	s->texts->len = 0;
	what |= SPOT_REF | SPOT_ID | SPOT_NAME | SPOT_NAMES;
	s->found = locate_find(s->spots, s->record, t, what);
	if ((s->kind = locate_kind(s->spots)) == NULL)
		return 0;
	say_members(s, first, what);
	return 1;
}

/* what differs, as changes of the line; how many there are */
static size_t
list_changes(const struct said *s, struct record_edit changes[DERIVED])
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		changes[i].field = s->members[i].field;
		changes[i].json = (struct slice){ NULL, 0 };
		if (s->members[i].to > s->members[i].from)
			changes[i].json = (struct slice){
			    s->texts->ptr + s->members[i].from,
			    s->members[i].to - s->members[i].from };
	}
	return s->n;
}

size_t
derive(struct locator *spots, const struct record *r, const struct tape *t,
    enum record_field first, struct record_edit changes[DERIVED],
    struct buf *texts)
{
	struct said s = { .spots = spots, .record = r, .texts = texts };

	(void)say(&s, t, first, 0);
	return list_changes(&s, changes);
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
	struct slice place = record_text(r, RECORD_AT);
	struct said s = { .spots = a->spots, .record = r, .texts = &a->texts };
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
	s.scope = scope_at(a, place);
	own = enter_component(a, place);
	if (say(&s, &a->tape, RECORD_ID, SPOT_TYPE | SPOT_STATUS | SPOT_LANG |
	    SPOT_ALIASES))
		say_scope(&s, own);
	if ((n = list_changes(&s, changes)) == 0)
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
