/* SPDX-License-Identifier: ISC */
/*
 * A component with another name, that refers to others by their new names, or
 * whose file goes by another path.
 */
#include "value/relabel.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/diag.h"
#include "json/edit.h"
#include "json/string.h"
#include "json/tape.h"
#include "map/envelope.h"
#include "map/map.h"
#include "stream/list.h"
#include "stream/record.h"
#include "stream/record_edit.h"
#include "value/derive.h"
#include "value/locate.h"
#include "value/revise_priv.h"
#include "value/scripted.h"

struct relabeler {
	struct reviser *rev;
	const char *escapes;	/* bytes that the platform escapes */
	struct scripted scripted;
	struct buf spelled, pointer;	/* a word, its place */
	struct buf own;		/* of uint32_t, sorted: where the name stands */
	struct buf ref;		/* what is mentioned, as a reference */
	struct buf moved;	/* the line with its new file and id */
	struct buf id, file, owner;	/* their JSON */
};

struct relabeler *
relabel_open(struct diag *d, const struct map *map)
{
	const struct map_row *row = map_row(map, "escapes");
	struct relabeler *w;

	w = xcalloc(1, sizeof(*w));
	w->rev = revise_open(d, map);
	w->escapes = row != NULL ? row->args[0] : "";
	scripted_open(&w->scripted, map);
	return w;
}

void
relabel_close(struct relabeler *w)
{
	if (w == NULL)
		return;
	revise_close(w->rev);
	scripted_free(&w->scripted);
	buf_free(&w->own);
	buf_free(&w->ref);
	buf_free(&w->spelled);
	buf_free(&w->pointer);
	buf_free(&w->moved);
	buf_free(&w->id);
	buf_free(&w->file);
	buf_free(&w->owner);
	free(w);
}

/* whether a member has the name in lower case: the map's row "lowered" */
static int
is_lowered(const struct relabeler *w, uint32_t token)
{
	const struct map_kind *k = locate_kind(w->rev->spots);
	const struct map_row *row = k != NULL ? map_kind_row(k, "lowered") :
	    NULL;
	size_t i;

	for (i = 0; row != NULL && i < row->nargs; i++) {
		if (tape_member(&w->rev->tape, 0, row->args[i]) == token)
			return 1;
	}
	return 0;
}

static int
compare_places(const void *a, const void *b)
{
	uint32_t x = *(const uint32_t *)a, y = *(const uint32_t *)b;

	return (x > y) - (x < y);
}

/* whether the record's own word stands at a place of its value */
static int
is_own(const struct relabeler *w, uint32_t at)
{
	return w->own.len > 0 && bsearch(&at, w->own.ptr, w->own.len /
	    sizeof(at), sizeof(at), compare_places) != NULL;
}

/*
 * The first spot of a record's own word, or NULL; where all are is noted.  A
 * name may stand there several times, as once a language.
 */
static const struct spot *
find_own(struct relabeler *w, size_t n, enum relabel_by by, struct slice old)
{
	enum spot_what what = by == RELABEL_NAME ? SPOT_NAME : SPOT_NAMES;
	const struct spot *p, *first = NULL;
	size_t i;

	w->own.len = 0;
	for (i = 0; i < n; i++) {
		p = locate_at(w->rev->spots, i);
		if (p->what != what || !slice_same(p->text, old))
			continue;
		if (first == NULL)
			first = p;
		if (p->token != TAPE_NONE && !is_lowered(w, p->token))
			buf_add(&w->own, &p->at, sizeof(p->at));
	}
	if (w->own.len > 0)
		qsort(w->own.ptr, w->own.len / sizeof(p->at), sizeof(p->at),
		    compare_places);
	return first;
}

int
relabel_look(struct relabeler *w, const struct record *r, enum relabel_by by,
    struct slice old, const struct place *place, struct relabel_words *is)
{
	const struct spot *own, *p;
	const struct map_kind *k;
	size_t n, i;

	*is = (struct relabel_words){0};
	if (r->field[RECORD_ENCODING].p != NULL)
		return 0;
	if (revise_begin(w->rev, r, place) == -1)
		return -1;
	n = locate_find(w->rev->spots, r, &w->rev->tape, SPOT_ID | SPOT_NAME |
	    SPOT_NAMES | SPOT_ALIAS | SPOT_EVERY);
	k = locate_kind(w->rev->spots);
	if (k == NULL || (own = find_own(w, n, by, old)) == NULL ||
	    own->token == TAPE_NONE)
		return 0;
	is->there = own->form->key || own->form->whole;
	is->parts = k->members[RECORD_ID].n;
	for (i = 0; i < n; i++) {
		p = locate_at(w->rev->spots, i);
		if (p->token == TAPE_NONE || (p->at != own->at &&
		    !is_own(w, p->at)))
			continue;
		is->alias |= p->what == SPOT_ALIAS;
		is->names |= p->what == SPOT_NAMES;
		if (p->what == SPOT_ID) {
			is->id = 1;
			is->part = p->part;
		}
	}
	return 0;
}

void
relabel_id(struct buf *b, struct slice id, const struct relabel_words *is,
    struct slice word)
{
	const char *p = id.p + id.n, *end = p;
	size_t n;

	if (is->parts <= 1) {
		buf_add(b, word.p, word.n);
		return;
	}
	for (n = is->parts - is->part; n > 0; n--) {
		end = p;
		for (; p > id.p && p[-1] != '/'; p--)
			continue;
		if (n > 1 && p > id.p)
			p--;
	}
	/* p: where the part begins; end: past it */
	buf_add(b, id.p, (size_t)(p - id.p));
	envelope_part(b, word);
	buf_add(b, end, (size_t)(id.p + id.n - end));
}

/* a canonical word as the platform writes it in a value */
static struct slice
spell(struct relabeler *w, struct slice word)
{
	size_t i;

	w->spelled.len = 0;
	for (i = 0; i < word.n; i++) {
		if (strchr(w->escapes, word.p[i]) != NULL)
			buf_printf(&w->spelled, "\\u%04x",
			    (unsigned char)word.p[i]);
		else
			buf_addc(&w->spelled, word.p[i]);
	}
	return (struct slice){ buf_str(&w->spelled), w->spelled.len };
}

/* where a spot is, as a pointer */
static const char *
pointer_of(struct relabeler *w, const struct spot *p)
{
	w->pointer.len = 0;
	tape_pointer(&w->rev->tape, p->token, &w->pointer);
	return buf_str(&w->pointer);
}

/* put a word into the value; 0, or -1 after a message */
static int
put_word(struct relabeler *w, const struct record *r,
    const struct relabel_ask *ask, const struct spot *p, struct slice word)
{
	const struct tape_token *k = &w->rev->tape.tokens[p->token];
	const char *pointer = pointer_of(w, p);
	struct slice was = { w->rev->tape.text + p->at, p->n }, is;
	struct place at = *ask->place;

	at.pointer = pointer;
	if (!spot_fits(p, &w->rev->tape, word) ||
	    (k->type != TAPE_STRING && !p->form->key))
		return diag_fail(w->rev->diag, STATUS_FINDING, &at, "\"%.*s\" "
		    "cannot be written in this place: it would be read as "
		    "something else; choose another name", (int)word.n,
		    word.p);
	is = spell(w, word);
	edit_replace(&w->rev->patch, p->at, p->n, is.p, is.n);
	if (ask->changed != NULL)
		ask->changed(ask->ctx, r, pointer, was, is);
	return 0;
}

/* put bytes into the text of a value, and tell of it */
static void
put_bytes(struct relabeler *w, const struct record *r,
    const struct relabel_ask *ask, size_t at, size_t n, struct slice word)
{
	struct slice value = r->field[RECORD_VALUE];
	const char *where = "text";

	edit_replace(&w->rev->patch, at, n, word.p, word.n);
	if (ask->changed == NULL)
		return;
	if (r->kind == RECORD_COMPONENT) {
		w->pointer.len = 0;
		tape_pointer(&w->rev->tape, tape_token_at(&w->rev->tape, at),
		    &w->pointer);
		where = buf_str(&w->pointer);
	}
	ask->changed(ask->ctx, r, where, (struct slice){ value.p + at, n },
	    word);
}

/* append a text with its ASCII letters in lower case */
static void
put_lower(struct buf *b, struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++)
		buf_addc(b, s.p[i] >= 'A' && s.p[i] <= 'Z' ?
		    (char)(s.p[i] | 0x20) : s.p[i]);
}

/* members that have the name in lower case */
static void
edit_lowered(struct relabeler *w, const struct record *r,
    const struct relabel_ask *ask)
{
	const struct map_kind *k = locate_kind(w->rev->spots);
	const struct map_row *row = map_kind_row(k, "lowered");
	struct tape *t = &w->rev->tape;
	struct buf old = {0}, new = {0};
	struct slice is;
	uint32_t token;
	size_t i;

	put_lower(&old, ask->old);
	put_lower(&new, spell(w, ask->new));
	for (i = 0; row != NULL && i < row->nargs; i++) {
		token = tape_member(t, 0, row->args[i]);
		if (token == TAPE_NONE || t->tokens[token].type != TAPE_STRING)
			continue;
		is = tape_text(t, token);
		w->ref.len = 0;
		string_canon(&w->ref, is.p, is.n);
		if (w->ref.len == old.len && memcmp(buf_str(&w->ref),
		    buf_str(&old), old.len) == 0)
			put_bytes(w, r, ask, (size_t)(is.p - t->text), is.n,
			    (struct slice){ buf_str(&new), new.len });
	}
	buf_free(&old);
	buf_free(&new);
}

/* what is mentioned in scripts and texts; 0, or -1 after a message */
static int
edit_mentions(struct relabeler *w, const struct record *r,
    const struct relabel_ask *ask)
{
	struct slice text = r->field[RECORD_VALUE], word;
	struct scripted_name m;
	size_t at = 0;

	while (scripted_next(&w->scripted, text, &at, &m)) {
		w->ref.len = 0;
		buf_printf(&w->ref, "%s:", scripted_kind(&w->scripted,
		    m.kind)->kind->name);
		buf_add(&w->ref, m.name.p, m.name.n);
		if (!ask->word(ask->ctx, w->ref.ptr, w->ref.len, &word))
			continue;
		if (!scripted_fits(word))
			return diag_fail(w->rev->diag, STATUS_FINDING,
			    ask->place, "\"%.*s\" cannot be written in a "
			    "script behind \"%s.\": choose a name of letters, "
			    "digits and _", (int)word.n, word.p,
			    scripted_kind(&w->scripted, m.kind)->word);
		put_bytes(w, r, ask, (size_t)(m.name.p - text.p), m.name.n,
		    word);
	}
	return 0;
}

/* what says the name; 0, or -1 after a message */
static int
edit_own(struct relabeler *w, const struct record *r,
    const struct relabel_ask *ask, size_t n)
{
	const struct spot *p;
	size_t i;

	w->own.len = 0;
	if (ask->new.p == NULL || find_own(w, n, ask->by, ask->old) == NULL)
		return 0;
	for (i = 0; i < n; i++) {
		p = locate_at(w->rev->spots, i);
		if (p->what == (ask->by == RELABEL_NAME ? SPOT_NAME :
		    SPOT_NAMES) && p->token != TAPE_NONE && is_own(w, p->at) &&
		    put_word(w, r, ask, p, ask->new) == -1)
			return -1;
	}
	edit_lowered(w, r, ask);
	return 0;
}

/* note the edits of the value; 0, or -1 after a message */
static int
edit_value(struct relabeler *w, const struct record *r,
    const struct relabel_ask *ask)
{
	const struct spot *p;
	struct slice word;
	size_t n, i;

	n = locate_find(w->rev->spots, r, &w->rev->tape, SPOT_REF | SPOT_NAME |
	    SPOT_NAMES | SPOT_EVERY);
	if (locate_kind(w->rev->spots) == NULL)
		return 0;
	if (edit_own(w, r, ask, n) == -1)
		return -1;
	for (i = 0; i < n; i++) {
		p = locate_at(w->rev->spots, i);
		if (p->what == SPOT_REF && p->token != TAPE_NONE &&
		    !is_own(w, p->at) &&
		    ask->word(ask->ctx, p->text.p, p->text.n, &word) &&
		    put_word(w, r, ask, p, word) == -1)
			return -1;
	}
	return edit_mentions(w, r, ask);
}

int
relabel_mentions(const struct relabeler *w, struct slice kind)
{
	size_t i;

	for (i = 0; i < scripted_count(&w->scripted); i++) {
		if (slice_is(kind, scripted_kind(&w->scripted, i)->kind->name))
			return 1;
	}
	return 0;
}

/* whether a record has text that is looked into */
static int
has_text(const struct record *r)
{
	return (r->kind == RECORD_COMPONENT || r->kind == RECORD_DATA) &&
	    r->field[RECORD_VALUE].p != NULL &&
	    !record_is(r, RECORD_ENCODING, "base64");
}

int
relabel_mentioning(const struct relabeler *w, const struct record *r)
{
	struct scripted_name m;
	size_t at = 0;

	return has_text(r) && scripted_next(&w->scripted,
	    r->field[RECORD_VALUE], &at, &m);
}

/* a line of a file that is not split, with what it mentions; 1, 0 or -1 */
static int
relabel_data(struct relabeler *w, const struct record *r,
    const struct relabel_ask *ask, struct buf *line)
{
	struct slice value = r->field[RECORD_VALUE];
	struct record_edit e = { .field = RECORD_VALUE };

	edit_reset(&w->rev->patch);
	if (edit_mentions(w, r, ask) == -1)
		return -1;
	if (edit_none(&w->rev->patch))
		return 0;
	w->rev->value.len = 0;
	edit_apply(&w->rev->patch, value.p, value.n, &w->rev->value);
	e.json = (struct slice){ w->rev->value.ptr, w->rev->value.len };
	record_edit(line, r, &e, 1);
	return 1;
}

/* quote a text and, if it is another than before, tell of it */
static struct record_edit
set_text(const struct relabel_ask *ask, const struct record *r,
    enum record_field f, struct buf *json, struct slice text)
{
	json->len = 0;
	buf_addc(json, '"');
	buf_add(json, text.p, text.n);
	buf_addc(json, '"');
	if (ask->changed != NULL && f == RECORD_FILE)
		ask->changed(ask->ctx, r, record_member(f), record_text(r, f),
		    text);
	return (struct record_edit){ f, { json->ptr, json->len } };
}

/* the owners of a line that has no value of ours, by their new words */
static int
set_owners(struct relabeler *w, const struct record *r,
    const struct relabel_ask *ask)
{
	struct slice item, word, ref;
	struct list list;
	size_t at = 0, before, start;
	int changed = 0;

	w->owner.len = 0;
	list_begin(&list, &w->owner, RECORD_OWNER);
	while (list_next(r->field[RECORD_OWNER], &at, &item)) {
		before = w->owner.len;
		list_item(&list);
		start = w->owner.len;
		ref = list_reference(item);
		if (ask->word(ask->ctx, ref.p, ref.n, &word)) {
			changed = 1;
			item.n = (size_t)((const char *)memchr(item.p, ':',
			    item.n) + 1 - item.p);
			buf_add(&w->owner, item.p, item.n);
			item = word;
		}
		buf_add(&w->owner, item.p, item.n);
		list_end_item(&list, before, start);
	}
	list_end(&list);
	return changed;
}

/* the line with another file, scope and (of a file's lines) owners */
static int
move_line(struct relabeler *w, const struct record *r,
    const struct relabel_ask *ask)
{
	struct record_edit edits[3];
	struct slice id = record_text(r, RECORD_ID);
	size_t n = 0, skip = strlen(",\"owner\":");
	struct buf text = {0};

	if (ask->file.p != NULL)
		edits[n++] = set_text(ask, r, RECORD_FILE, &w->file,
		    ask->file);
	if (ask->scope.p != NULL && id.n > ask->scope.n &&
	    memcmp(id.p, ask->scope.p, ask->scope.n) == 0) {
		buf_add(&text, ask->new_scope.p, ask->new_scope.n);
		buf_add(&text, id.p + ask->scope.n, id.n - ask->scope.n);
		edits[n++] = set_text(ask, r, RECORD_ID, &w->id,
		    (struct slice){ text.ptr, text.len });
	}
	if (r->kind != RECORD_COMPONENT && set_owners(w, r, ask))
		edits[n++] = (struct record_edit){ RECORD_OWNER,
		    { w->owner.ptr + skip, w->owner.len - skip } };
	w->moved.len = 0;
	if (n > 0)
		record_edit(&w->moved, r, edits, n);
	buf_free(&text);
	return n > 0;
}

/* the value's edits, and the envelope that follows from it */
static int
write_line(struct relabeler *w, const struct record *r,
    const struct relabel_ask *ask, struct buf *line)
{
	struct record_edit edits[DERIVED + 1];
	struct record made = *r;
	struct slice value = r->field[RECORD_VALUE];
	size_t n;
	int changed = !edit_none(&w->rev->patch);

	if (changed) {
		w->rev->value.len = 0;
		edit_apply(&w->rev->patch, value.p, value.n, &w->rev->value);
		value = (struct slice){ w->rev->value.ptr, w->rev->value.len };
		made.field[RECORD_VALUE] = value;
		if (record_read_value(&w->rev->tape, w->rev->diag, &made,
		    ask->place) == -1)
			return -1;
	}
	n = derive(w->rev->spots, &made, &w->rev->tape, RECORD_ID, edits,
	    &w->rev->texts);
	if (changed)
		edits[n++] = (struct record_edit){ RECORD_VALUE, value };
	if (n > 0)
		record_edit(line, r, edits, n);
	return n > 0;
}

int
relabel(struct relabeler *w, const struct record *r,
    const struct relabel_ask *ask, struct buf *line)
{
	struct record moved = *r;
	struct text_error e;
	int rc = move_line(w, r, ask);

	line->len = 0;
	if (rc && record_read(&moved, w->moved.ptr, w->moved.len, &e) == -1)
		return diag_fail(w->rev->diag, STATUS_STREAM, ask->place,
		    "renaming made %s", e.what);
	if (r->kind == RECORD_COMPONENT) {
		if (revise_begin(w->rev, r, ask->place) == -1 ||
		    (r->field[RECORD_ENCODING].p == NULL &&
		    edit_value(w, r, ask) == -1))
			return -1;
		switch (write_line(w, &moved, ask, line)) {
		case -1:
			return -1;
		case 1:
			return 1;
		}
	}
	if (r->kind == RECORD_DATA && has_text(r)) {
		switch (relabel_data(w, &moved, ask, line)) {
		case -1:
			return -1;
		case 1:
			return 1;
		}
	}
	if (rc)
		buf_add(line, w->moved.ptr, w->moved.len);
	return rc;
}
