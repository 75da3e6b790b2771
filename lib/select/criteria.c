/* SPDX-License-Identifier: ISC */
/*
 * Which components are asked for.
 */
#include "select/criteria.h"

#include <fnmatch.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/lines.h"
#include "json/pointer.h"
#include "json/string.h"
#include "map/map.h"
#include "stream/list.h"
#include "stream/record.h"

/* a line of a file: bytes at most */
#define LONGEST ((size_t)1 << 30)

/* the kinds, of none that there are, under which words stand in the table */
#define ANY_ID ""
#define ANY_NAME "\""

/* and those under which words of other lists do */
static const char *const list_kinds[] = {
	[BY_CATEGORY] = "\"c", [BY_KIND] = "\"k", [BY_STATUS] = "\"s",
	[BY_LANG] = "\"l", [BY_NAME] = "\"n"
};

static struct criteria_word *
add_word(struct criteria *c, enum criterion by, int exclude)
{
	struct criteria_word *w;

	c->words = xgrow(c->words, c->n, sizeof(*w));
	w = &c->words[c->n++];
	*w = (struct criteria_word){ .by = by, .exclude = exclude };
	*(exclude ? &c->kept_out : &c->given) |= 1U << by;
	return w;
}

/* text as the envelope spells it, yours */
static char *
canonical(const char *p, size_t n)
{
	struct buf b = {0};

	string_encode(&b, p, n);
	return buf_str(&b);
}

void
criteria_word(struct criteria *c, enum criterion by, const char *p, int exclude)
{
	struct criteria_word *w = add_word(c, by, exclude);
	size_t n = strlen(p);

	while (by == BY_CATEGORY && n > 1 && p[n - 1] == '/')
		n--;
	w->text = by == BY_NAME ? xstrndup(p, n) : canonical(p, n);
}

size_t
criteria_add(struct criteria *c, enum criterion by, const char *list,
    int exclude)
{
	struct buf word = {0};
	size_t whole = 0, n = 0;

	if (by == BY_ID && strchr(list, ',') != NULL &&
	    strstr(list, "\\,") == NULL &&
	    list[strspn(list, ",")] != '\0') {
		criteria_word(c, by, list, exclude);
		whole = c->n;
		c->words[c->n - 1].unsure = 1;
	}
	for (; ; list++) {
		if (list[0] == '\\' && list[1] == ',') {
			buf_addc(&word, *++list);
		} else if (*list != ',' && *list != '\0') {
			buf_addc(&word, *list);
		} else if (word.len > 0) {
			criteria_word(c, by, buf_str(&word), exclude);
			c->words[c->n - 1].whole = whole;
			word.len = 0;
			n++;
		}
		if (*list == '\0')
			break;
	}
	buf_free(&word);
	return n;
}

void
criteria_id(struct criteria *c, const char *kind, const char *id, int exclude)
{
	struct criteria_word *w = add_word(c, BY_ID, exclude);

	w->kind = xstrdup(kind);
	w->text = xstrdup(id);
}

void
criteria_named(struct criteria *c, const char *kind)
{
	c->named = xrealloc(c->named, c->nnamed + 1, sizeof(*c->named));
	c->named[c->nnamed++] = xstrdup(kind);
}

/* a line of a list: kind, id, status and name, or an id or name alone */
static void
add_line(struct criteria *c, char *line, int exclude)
{
	char *id, *status, *end;
	struct criteria_word *w;

	if ((id = strchr(line, '\t')) == NULL) {
		w = add_word(c, BY_ID, exclude);
		w->text = canonical(line, strlen(line));
		w->names = 1;
		return;
	}
	*id++ = '\0';
	status = id + strcspn(id, "\t");
	if (*status != '\0')
		*status++ = '\0';
	end = status + strcspn(status, "\t");
	*end = '\0';
	criteria_id(c, line, id, exclude);
	if (*status != '\0')
		c->words[c->n - 1].status = xstrdup(status);
}

int
criteria_file(struct criteria *c, struct diag *d, const char *file,
    int exclude)
{
	struct place at = place_in(file);
	struct lines in;
	const char *p;
	char *line;
	size_t n;
	int rc;

	if (lines_open(&in, d, file, LONGEST) == -1)
		return -1;
	*(exclude ? &c->kept_out : &c->given) |= 1U << BY_ID;
	while ((rc = lines_next(&in, &p, &n)) == 1) {
		at.line = in.number;
		if (memchr(p, '\0', n) != NULL) {
			rc = diag_fail(d, STATUS_INPUT, &at, "there is a NUL "
			    "in the line, expected text in UTF-8");
			break;
		}
		while (n > 0 && p[n - 1] == '\r')
			n--;
		line = xstrndup(p, n);
		if (n > 0)
			add_line(c, line, exclude);
		free(line);
	}
	lines_close(&in);
	return rc;
}

static int
add_key(struct criteria *c, const char *kind, const char *word, size_t n,
    size_t i)
{
	return keyindex_add(&c->ids, keyindex_hash(kind, strlen(kind), word, n),
	    (uint32_t)i);
}

/* the words by which an id may be met */
static int
add_keys(struct criteria *c, size_t i)
{
	const struct criteria_word *w = &c->words[i];
	const char *colon;
	size_t n = strlen(w->text);
	char *kind;
	int rc;

	c->kinds |= w->kind != NULL;
	if (w->kind != NULL)
		return add_key(c, w->kind, w->text, n, i);
	c->any = 1;
	if (add_key(c, ANY_ID, w->text, n, i) == -1 || (w->names &&
	    add_key(c, ANY_NAME, w->text, n, i) == -1))
		return -1;
	if ((colon = strchr(w->text, ':')) == NULL)
		return 0;
	c->kinds = 1;
	kind = xstrndup(w->text, (size_t)(colon - w->text));
	rc = add_key(c, kind, colon + 1, n - strlen(kind) - 1, i);
	free(kind);
	return rc;
}

/* a word of another list; a pattern is none that can be looked up */
static int
add_other(struct criteria *c, size_t i)
{
	const struct criteria_word *w = &c->words[i];

	if (w->by != BY_NAME || w->text[strcspn(w->text, "*?[\\")] == '\0')
		return add_key(c, list_kinds[w->by], w->text, strlen(w->text),
		    i);
	c->others = xgrow(c->others, c->nothers, sizeof(*c->others));
	c->others[c->nothers++] = i;
	return 0;
}

int
criteria_ready(struct criteria *c, const struct map *m)
{
	struct criteria_word *w;
	const char *word;
	size_t i;

	for (i = 0; i < c->n; i++) {
		w = &c->words[i];
		word = NULL;
		if (w->by == BY_CATEGORY || w->by == BY_STATUS)
			word = map_word(m, w->by == BY_STATUS ? "status" :
			    "category", w->text, strlen(w->text));
		if (word != NULL) {
			free(w->text);
			w->text = xstrdup(word);
		}
		if ((w->by == BY_ID ? add_keys(c, i) : add_other(c, i)) == -1)
			return -1;
	}
	return keyindex_sort(&c->ids);
}

/* what a word that is met says: bits */
static unsigned
meet(struct criteria_word *w, uint64_t met)
{
	w->met += met;
	return w->exclude ? EXCLUDED : FITS;
}

/* the words of a list that are this one, and of this status if they have one */
static unsigned
ask_word(const struct criteria *c, struct slice kind, struct slice word,
    struct slice status, uint64_t met)
{
	struct criteria_word *w;
	unsigned bits = 0;
	uint32_t k;

	k = keyindex_find(&c->ids, keyindex_hash(kind.p, kind.n, word.p,
	    word.n));
	for (; k != NOTHING; k = keyindex_next(&c->ids, k)) {
		w = &c->words[keyindex_at(&c->ids, k)->node];
		if (w->status == NULL || slice_is(status, w->status))
			bits |= meet(w, met);
	}
	return bits;
}

/* the same of a list but that of ids */
static unsigned
ask_listed(const struct criteria *c, enum criterion by, const char *p,
    size_t n, uint64_t met)
{
	const struct slice kind = { list_kinds[by], strlen(list_kinds[by]) };

	return ask_word(c, kind, (struct slice){ p, n }, (struct slice){0},
	    met);
}

/* what the words for categories say of one, and of those it stands below */
static unsigned
ask_category(const struct criteria *c, const char *p, size_t n, uint64_t met)
{
	const char *q, *end = p + n;
	unsigned bits = 0;

	for (q = p; ; q++) {
		q = pointer_step(q, end);
		bits |= ask_listed(c, BY_CATEGORY, p, (size_t)(q - p), met);
		if (q == end)
			return bits;
	}
}

/* what names and patterns as the shell has them say of a name; all decoded */
static unsigned
ask_name(struct criteria *c, struct slice name)
{
	struct criteria_word *w;
	unsigned bits;
	size_t i;

	c->name.len = 0;
	string_decode(&c->name, name.p, name.n);
	bits = ask_listed(c, BY_NAME, buf_str(&c->name), c->name.len, 1);
	for (i = 0; i < c->nothers; i++) {
		w = &c->words[c->others[i]];
		if (fnmatch(w->text, c->name.ptr, 0) == 0)
			bits |= meet(w, 1);
	}
	return bits;
}

/* what the words of one list, but ids, say of a record: bits */
static unsigned
ask_list(struct criteria *c, enum criterion by, struct slice text)
{
	if (text.p == NULL || ((c->given | c->kept_out) & 1U << by) == 0)
		return 0;
	if (by == BY_NAME)
		return ask_name(c, text);
	return by == BY_CATEGORY ? ask_category(c, text.p, text.n, 1) :
	    ask_listed(c, by, text.p, text.n, 1);
}

/* what words for ids of a kind, or of any, say of a record's id and aliases */
static unsigned
ask_keys(const struct criteria *c, struct slice kind, const struct record *r,
    struct slice status)
{
	struct slice id = record_text(r, RECORD_ID), alias;
	unsigned bits = 0;
	size_t at;

	if (id.p != NULL)
		bits |= ask_word(c, kind, id, status, 1);
	for (at = 0; list_next(r->field[RECORD_ALIAS], &at, &alias); )
		bits |= ask_word(c, kind, alias, status, 1);
	return bits;
}

/* what the lists of ids say */
static unsigned
ask_ids(const struct criteria *c, const struct record *r)
{
	static const struct slice any = { ANY_ID, sizeof(ANY_ID) - 1 };
	static const struct slice names = { ANY_NAME, sizeof(ANY_NAME) - 1 };
	struct slice name = record_text(r, RECORD_NAME);
	struct slice status = record_text(r, RECORD_STATUS);
	unsigned bits = 0;

	if (((c->given | c->kept_out) & 1U << BY_ID) == 0)
		return 0;
	if (c->kinds)
		bits |= ask_keys(c, record_text(r, RECORD_KIND), r, status);
	if (c->any)
		bits |= ask_keys(c, any, r, status);
	if (c->any && name.p != NULL && bits == 0)
		bits = ask_word(c, names, name, status, 1);
	return bits;
}

/* whether a record of this kind must be named */
static int
must_be_named(const struct criteria *c, const struct record *r)
{
	size_t i;

	for (i = 0; i < c->nnamed; i++) {
		if (record_is(r, RECORD_KIND, c->named[i]))
			return 1;
	}
	return c->nnamed == 0 &&
	    (c->given & (1U << BY_ID | 1U << BY_NAME)) != 0;
}

int
criteria_foreign(struct criteria *c, struct slice language)
{
	unsigned bits = ask_list(c, BY_LANG, language);

	return (bits & EXCLUDED) != 0 ||
	    ((c->given & 1U << BY_LANG) != 0 && (bits & FITS) == 0);
}

unsigned
criteria_ask(struct criteria *c, const struct record *r)
{
	static const struct {
		enum criterion by;
		enum record_field field;
	} lists[] = {
		{ BY_CATEGORY, RECORD_CATEGORY }, { BY_KIND, RECORD_KIND },
		{ BY_STATUS, RECORD_STATUS }
	};
	struct slice lang = record_text(r, RECORD_LANG);
	unsigned out = 0, named, bits;
	int fits = 1;
	size_t i;

	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		bits = ask_list(c, lists[i].by,
		    record_text(r, lists[i].field));
		out |= bits & EXCLUDED;
		if ((c->given & 1U << lists[i].by) != 0 && (bits & FITS) == 0)
			fits = 0;
	}
	if (lang.p != NULL && criteria_foreign(c, lang))
		out |= EXCLUDED;
	named = ask_list(c, BY_NAME, record_text(r, RECORD_NAME)) |
	    ask_ids(c, r);
	out |= named & EXCLUDED;
	if ((named & FITS) != 0 || !must_be_named(c, r))
		out |= NAMED;
	if (!fits)
		return out;
	return out | FITS_BUT_NAME | ((out & NAMED) != 0 ? FITS : 0);
}

int
criteria_met(const struct criteria *c, const struct criteria_word *w)
{
	return w->met > 0 || w->unsure ||
	    (w->whole > 0 && c->words[w->whole - 1].met > 0);
}

unsigned
criteria_category(const struct criteria *c, const char *p, size_t n)
{
	return ask_category(c, p, n, 0) |
	    ((c->given & 1U << BY_CATEGORY) == 0 ? FITS : 0);
}

void
criteria_free(struct criteria *c)
{
	size_t i;

	for (i = 0; i < c->n; i++) {
		free(c->words[i].text);
		free(c->words[i].kind);
		free(c->words[i].status);
	}
	for (i = 0; i < c->nnamed; i++)
		free(c->named[i]);
	free(c->words);
	free(c->others);
	free(c->named);
	keyindex_free(&c->ids);
	buf_free(&c->name);
}
