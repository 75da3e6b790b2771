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
#include "json/tape.h"
#include "map/envelope.h"
#include "map/map.h"
#include "stream/list.h"
#include "stream/record.h"
#include "stream/record_edit.h"
#include "value/derive.h"
#include "value/locate.h"
#include "value/revise_priv.h"

struct relabeler {
	struct reviser *rev;
	const char *escapes;	/* bytes that the platform escapes */
	struct buf spelled, pointer;	/* a word, its place */
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
	return w;
}

void
relabel_close(struct relabeler *w)
{
	if (w == NULL)
		return;
	revise_close(w->rev);
	buf_free(&w->spelled);
	buf_free(&w->pointer);
	buf_free(&w->moved);
	buf_free(&w->id);
	buf_free(&w->file);
	buf_free(&w->owner);
	free(w);
}

/* the spot of a record's own word, or NULL */
static const struct spot *
find_own(const struct relabeler *w, size_t n, enum relabel_by by,
    struct slice old)
{
	enum spot_what what = by == RELABEL_NAME ? SPOT_NAME : SPOT_NAMES;
	const struct spot *p;
	size_t i;

	for (i = 0; i < n; i++) {
		p = locate_at(w->rev->spots, i);
		if (p->what == what && slice_same(p->text, old))
			return p;
	}
	return NULL;
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
	    SPOT_NAMES | SPOT_ALIAS);
	k = locate_kind(w->rev->spots);
	if (k == NULL || (own = find_own(w, n, by, old)) == NULL ||
	    own->token == TAPE_NONE)
		return 0;
	is->there = own->form->key || own->form->whole;
	is->parts = k->members[RECORD_ID].n;
	for (i = 0; i < n; i++) {
		p = locate_at(w->rev->spots, i);
		if (p->token != own->token || p->at != own->at)
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
	if (!refform_fits(p->form, word) ||
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

/* note the edits of the value; 0, or -1 after a message */
static int
edit_value(struct relabeler *w, const struct record *r,
    const struct relabel_ask *ask)
{
	const struct spot *own = NULL, *p;
	struct slice word;
	size_t n, i;

	n = locate_find(w->rev->spots, r, &w->rev->tape, SPOT_REF | SPOT_NAME |
	    SPOT_NAMES);
	if (locate_kind(w->rev->spots) == NULL)
		return 0;
	if (ask->new.p != NULL)
		own = find_own(w, n, ask->by, ask->old);
	if (own != NULL && put_word(w, r, ask, own, ask->new) == -1)
		return -1;
	for (i = 0; i < n; i++) {
		p = locate_at(w->rev->spots, i);
		if (p->what == SPOT_REF && p->token != TAPE_NONE &&
		    (own == NULL || p->at != own->at) &&
		    ask->word(ask->ctx, p->text.p, p->text.n, &word) &&
		    put_word(w, r, ask, p, word) == -1)
			return -1;
	}
	return 0;
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
	if (rc)
		buf_add(line, w->moved.ptr, w->moved.len);
	return rc;
}
