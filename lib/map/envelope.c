/* SPDX-License-Identifier: ISC */
/*
 * A component's envelope, put together from what was met in its value.
 *
 * All texts here are the insides of JSON strings in canonical spelling, so
 * that they are compared and copied without a thought.
 */
#include "map/envelope.h"

#include <string.h>

#include "base/buf.h"
#include "base/hashset.h"
#include "map/capture.h"
#include "map/map.h"
#include "stream/list.h"

/* what was met, by source and container, once something beside is sought */
struct beside {
	const struct gathered *g;
	struct hashset table;	/* the captures' numbers */
};

/* the first capture of a source, or NULL */
static const struct capture *
find_capture(const struct gathered *g, const struct map_source *s)
{
	size_t i;

	for (i = 0; i < g->n; i++) {
		if (g->captures[i].source == s)
			return &g->captures[i];
	}
	return NULL;
}

size_t
envelope_stars(struct gathered *g, size_t i, const char *texts, size_t n)
{
	for (; n > 0 && i < ENVELOPE_STARS; n--, i++) {
		g->stars[i] = (struct slice){ *texts != '\0' ? texts : NULL,
		    strlen(texts) };
		texts += g->stars[i].n + 1;
	}
	return i;
}

struct slice
envelope_say(const struct gathered *g, const struct map_source *s)
{
	const struct capture *c;

	switch (s->from) {
	case FROM_TEXT:
		return (struct slice){ s->text, strlen(s->text) };
	case FROM_CAPTURE:
		return s->capture == 0 ? g->key : g->stars[s->capture - 1];
	case FROM_PLACE:
		if ((c = find_capture(g, s)) != NULL)
			return (struct slice){ g->texts + c->at, c->n };
		break;
	case FROM_PARENT:
		break;
	}
	return (struct slice){0};
}

/* the first source of a part that says something */
static struct slice
say_part(const struct gathered *g, const struct map_part *p)
{
	struct slice s = {0};
	size_t i;

	for (i = 0; s.p == NULL && i < p->n; i++)
		s = envelope_say(g, &p->sources[i]);
	return s;
}

void
envelope_part(struct buf *b, struct slice s)
{
	size_t i;

	for (i = 0; i < s.n; i++) {
		if (s.p[i] == '%')
			buf_add(b, "%25", 3);
		else if (s.p[i] == '/')
			buf_add(b, "%2F", 3);
		else
			buf_addc(b, s.p[i]);
	}
}

/* append the parts that are there, joined; how many there were */
static size_t
put_parts(struct buf *b, const struct gathered *g, const struct map_member *m)
{
	struct slice s;
	size_t i, found = 0, parent;

	parent = m->n > 0 && m->parts[0].sources[0].from == FROM_PARENT;
	for (i = parent; i < m->n; i++) {
		s = say_part(g, &m->parts[i]);
		found += s.p != NULL;
		if (m->n == 1) {
			buf_add(b, s.p, s.n);
		} else {
			if (i > parent)
				buf_addc(b, '/');
			envelope_part(b, s);
		}
	}
	return found;
}

int
envelope_is(const struct gathered *g, const struct map_kind *k)
{
	struct slice s;

	if (k->when == NULL)
		return 1;
	s = envelope_say(g, k->when);
	return s.p != NULL && map_among(k->when_values, k->nwhen, s.p, s.n);
}

/* append the id; where its parent's belongs */
static size_t
put_id(struct buf *b, const struct gathered *g, const struct map_kind *k)
{
	const struct map_member *m = &k->members[RECORD_ID];
	size_t before = b->len, at;

	if (m->n == 0)
		return ENVELOPE_WHOLE;
	record_put(b, RECORD_ID, "\"", 1);
	at = b->len;
	if (put_parts(b, g, m) == 0) {
		b->len = before;
		return ENVELOPE_WHOLE;
	}
	buf_addc(b, '"');
	return k->scoped ? at : ENVELOPE_WHOLE;
}

void
envelope_scope(struct buf *b, const struct gathered *g,
    const struct map_kind *k)
{
	const struct map_member *m = &k->members[RECORD_ID];
	size_t before = b->len;

	if (m->n == 1)
		envelope_part(b, say_part(g, &m->parts[0]));
	else if (put_parts(b, g, m) == 0)
		b->len = before;
	if (b->len > before)
		buf_addc(b, '/');
}

struct slice
envelope_last(struct slice id, size_t n)
{
	const char *p = id.p + id.n;

	for (; p > id.p; p--) {
		if (p[-1] == '/' && --n == 0)
			break;
	}
	return (struct slice){ p, (size_t)(id.p + id.n - p) };
}

/* append a member of one text */
static void
put_text(struct buf *b, const struct gathered *g, const struct map_kind *k,
    enum record_field f)
{
	const struct map_member *m = &k->members[f];
	const char *word;
	size_t before = b->len;

	if (m->n == 0)
		return;
	record_put(b, f, "\"", 1);
	if (put_parts(b, g, m) == 0) {
		b->len = before;
		return;
	}
	if (f == RECORD_STATUS && (word = map_word(g->map, "status",
	    b->ptr + before + sizeof(",\"status\":\"") - 1,
	    b->len - before - (sizeof(",\"status\":\"") - 1))) != NULL) {
		b->len = before;
		record_put(b, f, "\"", 1);
		buf_adds(b, word);
	}
	buf_addc(b, '"');
}

static void
put_category(struct buf *b, const struct gathered *g, const struct map_kind *k)
{
	const struct map_category *c;
	const char *category = NULL;
	size_t i;

	for (i = 0; i < k->ncategories; i++) {
		c = &k->categories[i];
		if (c->key == NULL) {
			category = c->category;
		} else if (strlen(c->key) == g->key.n &&
		    memcmp(c->key, g->key.p, g->key.n) == 0) {
			category = c->category;
			break;
		}
	}
	if (category != NULL)
		record_put_text(b, RECORD_CATEGORY, category,
		    strlen(category));
}

/* the first source of a part that met something */
static const struct map_source *
speaker(const struct gathered *g, const struct map_part *p)
{
	size_t i;

	for (i = 0; i + 1 < p->n && envelope_say(g, &p->sources[i]).p == NULL;
	    i++)
		continue;
	return &p->sources[i];
}

/* append to a list a text that may be there already */
static void
put_item(struct list *l, struct buf *b, struct slice text)
{
	size_t before = b->len;

	list_item(l);
	buf_add(b, text.p, text.n);
	list_end_item(l, before, b->len - text.n);
}

/* append alias or names: every text of every part */
static void
put_names(struct buf *b, const struct gathered *g, const struct map_kind *k,
    enum record_field f)
{
	const struct map_member *m = &k->members[f];
	const struct capture *c;
	struct list l;
	const struct map_source *source;
	size_t i, j;

	list_begin(&l, b, f);
	for (i = 0; i < m->n; i++) {
		source = speaker(g, &m->parts[i]);
		if (source->from != FROM_PLACE)
			put_item(&l, b, envelope_say(g, source));
		for (j = 0; j < g->n; j++) {
			c = &g->captures[j];
			if (c->source == source)
				put_item(&l, b, (struct slice){
				    g->texts + c->at, c->n });
		}
	}
	list_end(&l);
}

/* what a source says beside a value met in this container; 0: in any */
static struct slice
say_beside(struct beside *b, const struct map_source *s, uint64_t object)
{
	const struct gathered *g = b->g;
	const struct capture *c;
	size_t i;
	int made = b->table.n > 0;

	if (s->from != FROM_PLACE || s->from_top || object == 0)
		return envelope_say(g, s);
	for (i = 0; !made && i < g->n; i++)
		capture_add_beside(&b->table, g->captures, i);
	if ((c = capture_beside(&b->table, g->captures, s, object)) == NULL)
		return (struct slice){0};
	return (struct slice){ g->texts + c->at, c->n };
}

/* whether a reference's condition holds for the value in this container */
static int
holds(struct beside *b, const struct map_ref *r, uint64_t object)
{
	struct slice s;

	if (r->condition == NULL)
		return 1;
	s = say_beside(b, r->condition, object);
	return s.p != NULL && map_among(r->values, r->nvalues, s.p, s.n);
}

int
envelope_soft(const struct map *m, const struct map_ref *r, struct slice word)
{
	return r->soft || (r->list != RECORD_OWNER &&
	    map_builtin(m, r->kind, word.p, word.n));
}

void
envelope_ref(struct buf *b, const struct map_ref *r, struct slice scope,
    struct slice word)
{
	buf_adds(b, r->kind);
	buf_addc(b, ':');
	if (r->scope == NULL) {
		buf_add(b, word.p, word.n);
		return;
	}
	envelope_part(b, scope);
	buf_addc(b, '/');
	envelope_part(b, word);
}

/* append one reference, met in this container, to a list */
static void
put_ref(struct list *l, struct beside *beside, const struct map_ref *r,
    struct slice value, uint64_t object)
{
	struct buf *b = l->out;
	struct slice scope = {0};
	size_t before = b->len, at;

	list_item(l);
	at = b->len;
	if (envelope_soft(beside->g->map, r, value))
		buf_addc(b, '?');
	if (r->scope != NULL)
		scope = say_beside(beside, r->scope, object);
	envelope_ref(b, r, scope, value);
	list_end_item(l, before, at);
}

/* append owner, needs, links or refs */
static void
put_refs(struct buf *b, struct beside *beside, const struct map_kind *k,
    enum record_field f)
{
	const struct gathered *g = beside->g;
	const struct capture *c;
	const struct map_ref *r;
	struct list l;
	size_t i;

	list_begin(&l, b, f);
	for (r = k->refs; k->nrefs > 0 && r < k->refs + k->nrefs; r++) {
		if (r->list != f)
			continue;
		if (r->source.from != FROM_PLACE &&
		    envelope_say(g, &r->source).n > 0)
			put_ref(&l, beside, r, envelope_say(g, &r->source),
			    0);
		for (i = 0; i < g->n; i++) {
			c = &g->captures[i];
			if (c->source == &r->source &&
			    holds(beside, r, c->object))
				put_ref(&l, beside, r, (struct slice){
				    g->texts + c->at, c->n }, c->object);
		}
	}
	list_end(&l);
}

size_t
envelope_put(struct buf *b, const struct gathered *g, const struct map_kind *k)
{
	struct beside beside = { .g = g };
	enum record_field f;
	size_t cut;

	record_begin(b, k->name, strlen(k->name));
	cut = put_id(b, g, k);
	put_text(b, g, k, RECORD_NAME);
	put_text(b, g, k, RECORD_TYPE);
	put_category(b, g, k);
	put_text(b, g, k, RECORD_STATUS);
	put_text(b, g, k, RECORD_LANG);
	put_names(b, g, k, RECORD_ALIAS);
	put_names(b, g, k, RECORD_NAMES);
	for (f = RECORD_OWNER; f <= RECORD_REFS; f++)
		put_refs(b, &beside, k, f);
	hashset_free(&beside.table);
	return cut;
}
