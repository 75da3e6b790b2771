/* SPDX-License-Identifier: ISC */
/*
 * A component whose words, or those of what it refers to, are others now.
 *
 * Each spot that has another word is an edit of the value, and a pair of old
 * and new text for the envelope's lists.
 */
#include "value/rewrite.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/refset.h"
#include "json/edit.h"
#include "json/string.h"
#include "json/tape.h"
#include "map/map.h"
#include "stream/list.h"
#include "stream/record.h"
#include "stream/record_edit.h"
#include "value/locate.h"

static const enum record_field lists[] = { RECORD_OWNER, RECORD_NEEDS,
    RECORD_LINKS, RECORD_REFS };
#define LISTS (sizeof(lists) / sizeof(lists[0]))

/* id, name, alias, the lists, value */
#define CHANGES (LISTS + 4)

/* a reference that is another now: without "?", and only its new word */
struct pair {
	enum record_field list;
	struct slice old, word;
};

/* a change whose text is still growing */
struct growing {
	enum record_field field;
	size_t from, to;	/* in json; equal: the member goes */
};

struct rewriter {
	struct diag *diag;
	const struct map *map;
	struct locator *spots;
	struct tape tape;
	struct edits patch;
	struct buf pairs;		/* of struct pair */
	struct refset kept;		/* references of which a spot stays */
	struct buf words;		/* parts of new words */
	struct buf value, json, text;
	struct growing changes[CHANGES];
	size_t nchanges;
};

struct rewriter *
rewrite_open(struct diag *d, const struct map *map)
{
	struct rewriter *w;

	w = xcalloc(1, sizeof(*w));
	w->diag = d;
	w->map = map;
	w->spots = locate_open(map);
	return w;
}

void
rewrite_close(struct rewriter *w)
{
	if (w == NULL)
		return;
	locate_close(w->spots);
	tape_free(&w->tape);
	edit_free(&w->patch);
	refset_free(&w->kept);
	buf_free(&w->pairs);
	buf_free(&w->words);
	buf_free(&w->value);
	buf_free(&w->json);
	buf_free(&w->text);
	free(w);
}

/* ask for "kind:word" */
static int
ask_own(struct rewriter *w, const struct rewrite_ask *ask, struct slice kind,
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
any_new(struct rewriter *w, const struct record *r,
    const struct rewrite_ask *ask)
{
	struct slice kind = record_text(r, RECORD_KIND), item, word;
	struct slice value = r->field[RECORD_VALUE], first = ask->prefix;
	size_t i, at;

	if (ask->ids && r->field[RECORD_ID].p != NULL &&
	    ask_own(w, ask, kind, record_text(r, RECORD_ID), &word))
		return 1;
	for (at = 0; record_edit_item(r->field[RECORD_ALIAS], &at, &item); ) {
		if (ask_own(w, ask, kind, item, &word))
			return 1;
	}
	for (i = 0; i < LISTS; i++) {
		for (at = 0; record_edit_item(r->field[lists[i]], &at,
		    &item); ) {
			if (item.n > 0 && *item.p == '?')
				item = (struct slice){ item.p + 1,
				    item.n - 1 };
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

/* whether a word can stand in a form: else it would be read as another */
static int
fits(enum map_form form, struct slice word)
{
	switch (form) {
	case FORM_MENTION:
		return word.n > 0 && memchr(word.p, ' ', word.n) == NULL &&
		    memchr(word.p, ':', word.n) == NULL;
	case FORM_TEXT:
		return memchr(word.p, '}', word.n) == NULL;
	case FORM_TAIL:
		return memchr(word.p, '/', word.n) == NULL;
	default:
		return 1;
	}
}

/* a word that cannot be put where it belongs */
static void
warn_unfit(struct rewriter *w, const struct rewrite_ask *ask,
    const struct spot *p, struct slice word)
{
	struct place at = { .offset = DIAG_NOWHERE };
	struct buf pointer = {0};

	if (ask->place != NULL)
		at = *ask->place;
	tape_pointer(&w->tape, p->token, &pointer);
	at.pointer = buf_str(&pointer);
	diag_warn(w->diag, &at, "\"%.*s\" cannot be written in this place as "
	    "it should, and is left as it was: change the text by hand",
	    (int)word.n, word.p);
	buf_free(&pointer);
}

/* put a new word at a spot of the value; 0: it has no place there */
static int
put_word(struct rewriter *w, const struct rewrite_ask *ask,
    const struct spot *p, struct slice word)
{
	const struct tape_token *k;
	struct text_error e;
	struct tape t = {0};

	if (!fits(p->form, word)) {
		warn_unfit(w, ask, p, word);
		return 0;
	}
	k = &w->tape.tokens[p->token];
	if (k->type == TAPE_STRING || p->form == FORM_KEY) {
		edit_replace(&w->patch, p->at, p->n, word.p, word.n);
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
put_prefix(struct rewriter *w, const struct rewrite_ask *ask,
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
	w->words.len = 0;
	buf_add(&w->words, ask->new_prefix.p, ask->new_prefix.n);
	rest = w->text.ptr + prefix.n;
	buf_add(&w->words, rest, w->text.len - prefix.n);
	if (w->words.len == p->at - start && memcmp(w->words.ptr,
	    w->tape.text + start, w->words.len) == 0)
		return;
	edit_replace(&w->patch, start, p->at - start, w->words.ptr,
	    w->words.len);
}

/* put the n-th part from the end of a composed word, decoded, into words */
static struct slice
part_of(struct rewriter *w, struct slice word, size_t n)
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
	w->words.len = 0;
	for (; p < end; p++) {
		if (*p == '%' && end - p > 2 && p[1] == '2' &&
		    (p[2] == '5' || p[2] == 'F')) {
			buf_addc(&w->words, p[2] == '5' ? '%' : '/');
			p += 2;
		} else {
			buf_addc(&w->words, *p);
		}
	}
	return (struct slice){ buf_str(&w->words), w->words.len };
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
	    p->form == FORM_TAIL || p->form == FORM_TEXT);
}

/* a reference in the value */
static void
rewrite_ref(struct rewriter *w, const struct rewrite_ask *ask,
    const struct spot *p)
{
	struct pair pair = { .list = p->ref->list, .old = p->text };
	struct slice word;
	size_t kind = strlen(p->ref->kind) + 1;

	if (ask->prefix.p != NULL && p->form == FORM_TAIL &&
	    p->token != TAPE_NONE)
		put_prefix(w, ask, p);
	if (is_asked(p, ask->ids) &&
	    ask->word(ask->ctx, p->text.p, p->text.n, &pair.word) &&
	    !slice_same(pair.word, (struct slice){ p->text.p + kind,
	    p->text.n - kind })) {
		word = p->ref->scope != NULL ? part_of(w, pair.word, 0) :
		    pair.word;
		if (p->token == TAPE_NONE || put_word(w, ask, p, word)) {
			buf_add(&w->pairs, &pair, sizeof(pair));
			return;
		}
	}
	refset_add(&w->kept, p->ref->list, p->text.p, p->text.n);
}

/* a change of the envelope begins; its text is appended to json */
static struct growing *
begin_change(struct rewriter *w, enum record_field f)
{
	struct growing *c = &w->changes[w->nchanges++];

	*c = (struct growing){ f, w->json.len, w->json.len };
	return c;
}

/* a member of one text; the word is canonical */
static void
change_text(struct rewriter *w, enum record_field f, struct slice word)
{
	struct growing *c = begin_change(w, f);

	buf_addc(&w->json, '"');
	buf_add(&w->json, word.p, word.n);
	buf_addc(&w->json, '"');
	c->to = w->json.len;
}

/* the component's own id: its envelope, and the places of its parts */
static void
rewrite_id(struct rewriter *w, const struct record *r,
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
	change_text(w, RECORD_ID, id);
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
		    p->token == whole && p->form == FORM_WHOLE &&
		    k->members[RECORD_NAME].n == 1) {
			change_text(w, RECORD_NAME, name);
		}
	}
}

/* the component's own aliases, in the value */
static void
rewrite_alias(struct rewriter *w, const struct record *r,
    const struct rewrite_ask *ask, const struct spot *p)
{
	struct slice word;

	if (p->token != TAPE_NONE && ask_own(w, ask,
	    record_text(r, RECORD_KIND), p->text, &word) &&
	    !slice_same(word, p->text))
		put_word(w, ask, p, word);
}

static int
by_old(const void *va, const void *vb)
{
	const struct pair *a = va, *b = vb;
	int cmp;

	if (a->list != b->list)
		return a->list < b->list ? -1 : 1;
	if (a->old.n != b->old.n)
		return a->old.n < b->old.n ? -1 : 1;
	cmp = memcmp(a->old.p, b->old.p, a->old.n);
	return cmp;
}

/* append an item to a list */
static void
add_item(struct wordlist *l, struct slice mark, struct slice kind,
    struct slice word)
{
	size_t before = l->out->len, at;

	list_item(l);
	at = l->out->len;
	buf_add(l->out, mark.p, mark.n);
	buf_add(l->out, kind.p, kind.n);
	buf_add(l->out, word.p, word.n);
	list_end_item(l, before, at);
}

/* a list of references with the new words */
static int
put_refs(struct rewriter *w, struct slice list, struct wordlist *l)
{
	const struct pair *found;
	struct pair key = { .list = l->field };
	struct slice item, mark, kind;
	const char *colon;
	size_t at = 0, n = w->pairs.len / sizeof(key);
	int changed = 0;

	while (record_edit_item(list, &at, &item)) {
		mark = (struct slice){ item.p, item.n > 0 && *item.p == '?' };
		key.old = (struct slice){ item.p + mark.n, item.n - mark.n };
		found = n == 0 ? NULL : bsearch(&key, w->pairs.ptr, n,
		    sizeof(key), by_old);
		if (found == NULL || refset_has(&w->kept, l->field, key.old.p,
		    key.old.n))
			add_item(l, mark, key.old, (struct slice){0});
		if (found == NULL)
			continue;
		changed = 1;
		colon = memchr(key.old.p, ':', key.old.n);
		kind = (struct slice){ key.old.p,
		    (size_t)(colon - key.old.p) + 1 };
		add_item(l, mark, kind, found->word);
	}
	return changed;
}

/* the aliases with the new words */
static int
put_aliases(struct rewriter *w, const struct record *r,
    const struct rewrite_ask *ask, struct wordlist *l)
{
	struct slice item, word;
	size_t at = 0;
	int changed = 0;

	while (record_edit_item(r->field[RECORD_ALIAS], &at, &item)) {
		if (ask_own(w, ask, record_text(r, RECORD_KIND), item,
		    &word) && !slice_same(word, item)) {
			changed = 1;
			item = word;
		}
		add_item(l, (struct slice){0}, item, (struct slice){0});
	}
	return changed;
}

/* a list of the envelope, if it is another now */
static void
change_list(struct rewriter *w, const struct record *r,
    const struct rewrite_ask *ask, enum record_field f)
{
	struct growing *c = begin_change(w, f);
	struct wordlist l;
	int changed;

	list_begin(&l, &w->json, f);
	changed = f == RECORD_ALIAS ? put_aliases(w, r, ask, &l) :
	    put_refs(w, r->field[f], &l);
	list_end(&l);
	if (!changed) {
		w->json.len = c->from;
		w->nchanges--;
		return;
	}
	/* it wrote its name, too: ,"name": */
	c->from += strlen(record_member(f)) + 4;
	c->to = w->json.len;
}

/* write the line with all changes; whether there were any */
static int
write_line(struct rewriter *w, const struct record *r, struct buf *line)
{
	struct record_edit c[CHANGES];
	struct slice value = r->field[RECORD_VALUE];
	size_t i, n = w->nchanges;

	line->len = 0;
	for (i = 0; i < n; i++) {
		c[i].field = w->changes[i].field;
		c[i].json = (struct slice){ w->json.ptr + w->changes[i].from,
		    w->changes[i].to - w->changes[i].from };
	}
	if (!edit_none(&w->patch)) {
		w->value.len = 0;
		edit_apply(&w->patch, value.p, value.n, &w->value);
		c[n++] = (struct record_edit){ RECORD_VALUE, { w->value.ptr,
		    w->value.len } };
	}
	if (n > 0)
		reline(line, r, c, n);
	return n > 0;
}

int
rewrite(struct rewriter *w, const struct record *r,
    const struct rewrite_ask *ask, struct buf *line)
{
	const struct spot *p;
	size_t n, i;

	if (!any_new(w, r, ask))
		return 0;
	if (record_read_value(&w->tape, w->diag, r, ask->place) == -1)
		return -1;
	edit_reset(&w->patch);
	refset_reset(&w->kept);
	w->pairs.len = w->json.len = w->nchanges = 0;
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
	if (w->pairs.len > sizeof(struct pair))
		qsort(w->pairs.ptr, w->pairs.len / sizeof(struct pair),
		    sizeof(struct pair), by_old);
	change_list(w, r, ask, RECORD_ALIAS);
	for (i = 0; i < LISTS; i++)
		change_list(w, r, ask, lists[i]);
	return write_line(w, r, line);
}
