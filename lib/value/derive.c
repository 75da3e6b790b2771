/* SPDX-License-Identifier: ISC */
/*
 * The envelope of a component whose value was changed.
 */
#include "value/derive.h"

#include <string.h>

#include "base/buf.h"
#include "map/envelope.h"
#include "map/map.h"
#include "stream/list.h"
#include "stream/record.h"
#include "value/locate.h"

/* what was said of a record, and what differs from its line so far */
struct said {
	const struct locator *spots;
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
	struct wordlist words;
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

/* what differs, as changes of the line; how many there are */
static size_t
hand_over(const struct said *s, struct record_edit changes[DERIVED])
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
	const unsigned what = SPOT_REF | SPOT_ID | SPOT_NAME | SPOT_NAMES;
	struct said s = { .spots = spots, .record = r, .texts = texts };

	texts->len = 0;
	s.found = locate_find(spots, r, t, what);
	if ((s.kind = locate_kind(spots)) == NULL)
		return 0;
	say_members(&s, first, what);
	return hand_over(&s, changes);
}

size_t
derive_all(struct locator *spots, const struct record *r, const struct tape *t,
    struct slice scope, struct record_edit changes[DERIVED], struct buf *texts,
    struct buf *own)
{
	const unsigned what = SPOT_REF | SPOT_ID | SPOT_NAME | SPOT_NAMES |
	    SPOT_TYPE | SPOT_STATUS | SPOT_LANG | SPOT_ALIASES;
	struct said s = { .spots = spots, .record = r, .texts = texts,
	    .scope = scope };

	texts->len = own->len = 0;
	s.found = locate_find(spots, r, t, what);
	if ((s.kind = locate_kind(spots)) == NULL)
		return 0;
	say_members(&s, RECORD_ID, what);
	say_scope(&s, own);
	return hand_over(&s, changes);
}
