/* SPDX-License-Identifier: ISC */
/*
 * A component whose words, or those of what it refers to, are others now.
 *
 * Each spot that has another word is an edit of the value; what the envelope
 * refers to follows from that (revise_end()).
 */
#include "value/rewrite.h"

#include <string.h>

#include "base/diag.h"
#include "json/string.h"
#include "map/map.h"
#include "stream/list.h"
#include "value/locate.h"
#include "value/revise_priv.h"

/* ask for "kind:word" */
static int
ask_own(struct reviser *w, const struct rewrite_ask *ask, struct slice kind,
    struct slice word, struct slice *new)
{
	w->text.len = 0;
	buf_add(&w->text, kind.p, kind.n);
	buf_addc(&w->text, ':');
	buf_add(&w->text, word.p, word.n);
	return ask->word(ask->ctx, w->text.ptr, w->text.len, new);
}

/* whether the envelope, or a path in the value, gives any reason to look */
static int
any_new(struct reviser *w, const struct record *r,
    const struct rewrite_ask *ask)
{
	struct slice kind = record_text(r, RECORD_KIND), item, word;
	struct slice value = r->field[RECORD_VALUE], first = ask->prefix;
	enum record_field f;
	size_t at;

	if (ask->ids && r->field[RECORD_ID].p != NULL &&
	    ask_own(w, ask, kind, record_text(r, RECORD_ID), &word))
		return 1;
	for (at = 0; list_next(r->field[RECORD_ALIAS], &at, &item); ) {
		if (ask_own(w, ask, kind, item, &word))
			return 1;
	}
	for (f = RECORD_OWNER; f <= RECORD_REFS; f++) {
		for (at = 0; list_next(r->field[f], &at, &item); ) {
			item = list_reference(item);
			if (ask->word(ask->ctx, item.p, item.n, &word))
				return 1;
		}
	}
	/* its slashes may be escaped: what stands before the first is not */
	for (at = 0; at < first.n && first.p[at] != '/'; at++)
		continue;
	return first.p != NULL && value.p != NULL &&
	    memmem(value.p, value.n, first.p, at) != NULL;
}

/* a word that cannot be put where it belongs */
static void
warn_unfit(struct reviser *w, const struct rewrite_ask *ask,
    const struct spot *p, struct slice word)
{
	struct place at = { .offset = DIAG_NOWHERE };
	struct buf pointer = {0};

	if (ask->place != NULL)
		at = *ask->place;
	tape_pointer(&w->tape, p->token, &pointer);
	at.pointer = buf_str(&pointer);
	diag_warn_of(w->diag, "text", &at,
	    "\"%.*s\" cannot be written in this place "
	    "as it should, and is left as it was: change the text by hand",
	    (int)word.n, word.p);
	buf_free(&pointer);
}

/* put a new word at a spot of the value; 0: it has no place there */
static int
put_word(struct reviser *w, const struct rewrite_ask *ask,
    const struct spot *p, struct slice word)
{
	const struct tape_token *k;
	struct text_error e;
	struct tape t = {0};

	if (!spot_fits(p, &w->tape, word)) {
		warn_unfit(w, ask, p, word);
		return 0;
	}
	k = &w->tape.tokens[p->token];
	if (k->type == TAPE_STRING || p->form->key) {
		edit_word(&w->patch, p->at, p->n, word.p, word.n);
		return 1;
	}
	/* a number stays one if it can */
	w->text.len = 0;
	if (tape_read(&t, word.p, word.n, &e) == 0 &&
	    t.tokens[0].type == TAPE_NUMBER) {
		buf_add(&w->text, word.p, word.n);
	} else {
		buf_addc(&w->text, '"');
		buf_add(&w->text, word.p, word.n);
		buf_addc(&w->text, '"');
	}
	tape_free(&t);
	edit_replace(&w->patch, k->start, k->end - k->start, w->text.ptr,
	    w->text.len);
	return 1;
}

/* put the new beginning of a resource path before its last word */
static void
put_prefix(struct reviser *w, const struct rewrite_ask *ask,
    const struct spot *p)
{
	size_t start = w->tape.tokens[p->token].start + 1;
	struct slice prefix = ask->prefix;
	const char *rest;

	if (p->at <= start)
		return;
	w->text.len = 0;
	string_canon(&w->text, w->tape.text + start, p->at - start);
	if (w->text.len <= prefix.n ||
	    memcmp(w->text.ptr, prefix.p, prefix.n) != 0 ||
	    w->text.ptr[prefix.n] != '/')
		return;
	w->parts.len = 0;
	buf_add(&w->parts, ask->new_prefix.p, ask->new_prefix.n);
	rest = w->text.ptr + prefix.n;
	buf_add(&w->parts, rest, w->text.len - prefix.n);
	if (w->parts.len == p->at - start && memcmp(w->parts.ptr,
	    w->tape.text + start, w->parts.len) == 0)
		return;
	edit_word(&w->patch, start, p->at - start, w->parts.ptr,
	    w->parts.len);
}

/* put the n-th part from the end of a composed word, decoded, into words */
static struct slice
part_of(struct reviser *w, struct slice word, size_t n)
{
	const char *end = word.p + word.n, *p = end;

	for (;;) {
		p = word.n > 0 ? memrchr(word.p, '/', (size_t)(p - word.p)) :
		    NULL;
		if (p == NULL || n == 0)
			break;
		n--;
		end = p;
	}
	p = p == NULL ? word.p : p + 1;
	w->parts.len = 0;
	for (; p < end; p++) {
		if (*p == '%' && end - p > 2 && p[1] == '2' &&
		    (p[2] == '5' || p[2] == 'F')) {
			buf_addc(&w->parts, p[2] == '5' ? '%' : '/');
			p += 2;
		} else {
			buf_addc(&w->parts, *p);
		}
	}
	return (struct slice){ buf_str(&w->parts), w->parts.len };
}

/*
 * Whether a reference may have another word: paths of resources and words in
 * texts are ids or aliases, as they come.
 */
static int
is_asked(const struct spot *p, int ids)
{
	if (strcmp(p->ref->by, "alias") == 0)
		return 1;
	return strcmp(p->ref->by, "id") == 0 && (ids ||
	    p->form->asked);
}

/* a reference in the value */
static void
rewrite_ref(struct reviser *w, const struct rewrite_ask *ask,
    const struct spot *p)
{
	struct slice word;
	size_t kind = strlen(p->ref->kind) + 1;

	if (p->token == TAPE_NONE)
		return;
	if (ask->prefix.p != NULL && p->form->path)
		put_prefix(w, ask, p);
	if (is_asked(p, ask->ids) &&
	    ask->word(ask->ctx, p->text.p, p->text.n, &word) &&
	    !slice_same(word, (struct slice){ p->text.p + kind,
	    p->text.n - kind }))
		put_word(w, ask, p, p->ref->scope != NULL ?
		    part_of(w, word, 0) : word);
}

/* a member of the envelope is set to what json has from there on */
static void
set_member(struct reviser *w, enum record_field f, size_t from)
{
	w->more[w->nmore].field = f;
	w->more[w->nmore].from = from;
	w->more[w->nmore++].to = w->json.len;
}

/* a member of one text; the word is canonical */
static void
set_text(struct reviser *w, enum record_field f, struct slice word)
{
	size_t from = w->json.len;

	buf_addc(&w->json, '"');
	buf_add(&w->json, word.p, word.n);
	buf_addc(&w->json, '"');
	set_member(w, f, from);
}

/* the component's own id: its envelope, and the places of its parts */
static void
rewrite_id(struct reviser *w, const struct record *r,
    const struct rewrite_ask *ask, size_t n)
{
	const struct map_kind *k = locate_kind(w->spots);
	const struct map_member *m = &k->members[RECORD_ID];
	const struct spot *p;
	struct slice id, part;
	uint32_t whole = TAPE_NONE;
	struct slice name = {0};
	size_t i;

	if (!ask_own(w, ask, record_text(r, RECORD_KIND),
	    record_text(r, RECORD_ID), &id) ||
	    slice_same(id, record_text(r, RECORD_ID)))
		return;
	set_text(w, RECORD_ID, id);
	for (i = 0; i < n; i++) {
		p = locate_at(w->spots, i);
		if (p->what == SPOT_ID && p->token != TAPE_NONE) {
			part = m->n == 1 ? id :
			    part_of(w, id, m->n - 1 - p->part);
			if (slice_same(part, p->text) ||
			    !put_word(w, ask, p, part))
				continue;
			whole = p->token;
			name = part;
		} else if (p->what == SPOT_NAME && whole != TAPE_NONE &&
		    p->token == whole && p->form->whole &&
		    k->members[RECORD_NAME].n == 1) {
			set_text(w, RECORD_NAME, name);
		}
	}
}

/* the component's own aliases, in the value */
static void
rewrite_alias(struct reviser *w, const struct record *r,
    const struct rewrite_ask *ask, const struct spot *p)
{
	struct slice word;

	if (p->token != TAPE_NONE && ask_own(w, ask,
	    record_text(r, RECORD_KIND), p->text, &word) &&
	    !slice_same(word, p->text))
		put_word(w, ask, p, word);
}

/* the list of aliases with the new words, if there are any */
static void
set_aliases(struct reviser *w, const struct record *r,
    const struct rewrite_ask *ask)
{
	struct slice item, word;
	struct list list;
	size_t at = 0, before, from = w->json.len;
	int changed = 0;

	list_begin(&list, &w->json, RECORD_ALIAS);
	while (list_next(r->field[RECORD_ALIAS], &at, &item)) {
		if (ask_own(w, ask, record_text(r, RECORD_KIND), item,
		    &word) && !slice_same(word, item)) {
			changed = 1;
			item = word;
		}
		before = w->json.len;
		list_item(&list);
		buf_add(&w->json, item.p, item.n);
		list_end_item(&list, before, w->json.len - item.n);
	}
	list_end(&list);
	/* it wrote its name, too: ,"name": */
	if (changed)
		set_member(w, RECORD_ALIAS, from +
		    strlen(record_member(RECORD_ALIAS)) + 4);
}

int
rewrite(struct reviser *w, const struct record *r,
    const struct rewrite_ask *ask, struct buf *line)
{
	const struct spot *p;
	size_t n, i;

	if (!any_new(w, r, ask))
		return 0;
	if (revise_begin(w, r, ask->place) == -1)
		return -1;
	n = locate_find(w->spots, r, &w->tape, SPOT_REF | SPOT_ALIAS |
	    (ask->ids ? SPOT_ID | SPOT_NAME : 0));
	if (locate_kind(w->spots) == NULL)
		return 0;
	for (i = 0; i < n; i++) {
		p = locate_at(w->spots, i);
		if (p->what == SPOT_REF)
			rewrite_ref(w, ask, p);
		else if (p->what == SPOT_ALIAS)
			rewrite_alias(w, r, ask, p);
	}
	if (ask->ids && r->field[RECORD_ID].p != NULL)
		rewrite_id(w, r, ask, n);
	set_aliases(w, r, ask);
	return revise_end(w, r, ask->place, line);
}
