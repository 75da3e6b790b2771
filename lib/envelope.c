/* SPDX-License-Identifier: ISC */
/*
 * A component's envelope, put together from what was met in its value.
 *
 * All texts here are the insides of JSON strings in canonical spelling, so
 * that they are compared and copied without a thought.
 */
#include "envelope.h"

#include <stdlib.h>
#include <string.h>

#include "buf.h"
#include "capture.h"
#include "digest.h"
#include "map.h"

/* a list longer than this is searched for doubles through a table */
#define FEW 16

/* the first capture of a source, in one container or (0) in any */
static const struct capture *
find(const struct gathered *g, const struct map_source *s, uint64_t object)
{
	size_t i;

	for (i = 0; i < g->n; i++) {
		if (g->captures[i].source == s &&
		    (object == 0 || g->captures[i].object == object))
			return &g->captures[i];
	}
	return NULL;
}

size_t
envelope_stars(struct gathered *g, const char *texts, size_t n)
{
	size_t i;

	for (i = 0; i < n && i < ENVELOPE_STARS; i++) {
		g->stars[i] = (struct slice){ texts, strlen(texts) };
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
		return g->stars[s->capture - 1];
	case FROM_PLACE:
		if ((c = find(g, s, 0)) != NULL)
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

/* append a part of a composed id: "%" and "/" are percent-encoded */
static void
put_part(struct buf *b, struct slice s)
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
			put_part(b, s);
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
		put_part(b, say_part(g, &m->parts[0]));
	else
		put_parts(b, g, m);
	if (b->len > before)
		buf_addc(b, '/');
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

/* a list being written: what it has, so that nothing is in it twice */
struct list {
	struct buf *out;
	enum record_field field;
	size_t n, room;
	struct item {
		size_t at, n;	/* in out */
	} few[FEW], *items;	/* items: few, or more on the heap */
	size_t *table;		/* item number + 1, by hash; NULL while few */
	size_t mask;
};

static uint64_t
item_hash(const struct list *l, size_t i)
{
	return digest_hash(l->out->ptr + l->items[i].at, l->items[i].n);
}

static int
same_item(const struct list *l, size_t i, const char *p, size_t n)
{
	return l->items[i].n == n &&
	    memcmp(l->out->ptr + l->items[i].at, p, n) == 0;
}

/* put the items into a table with room for more */
static void
make_table(struct list *l)
{
	size_t i;
	uint64_t h;

	free(l->table);
	l->mask = 8 * l->n - 1;
	while ((l->mask & (l->mask + 1)) != 0)
		l->mask |= l->mask >> 1;
	l->table = xcalloc(l->mask + 1, sizeof(*l->table));
	for (i = 0; i < l->n; i++) {
		for (h = item_hash(l, i); l->table[h & l->mask] != 0; h++)
			continue;
		l->table[h & l->mask] = i + 1;
	}
}

/* whether the list has the n bytes at p already */
static int
has_item(const struct list *l, const char *p, size_t n)
{
	size_t i;
	uint64_t h;

	if (l->table == NULL) {
		for (i = 0; i < l->n; i++) {
			if (same_item(l, i, p, n))
				return 1;
		}
		return 0;
	}
	for (h = digest_hash(p, n); (i = l->table[h & l->mask]) != 0; h++) {
		if (same_item(l, i - 1, p, n))
			return 1;
	}
	return 0;
}

/* room for as many items again: those on the heap are the list's own */
static void
more_items(struct list *l)
{
	struct item *old = l->items;

	l->room *= 2;
	l->items = xrealloc(old == l->few ? NULL : old, l->room,
	    sizeof(*l->items));
	if (old == l->few)
		memcpy(l->items, l->few, sizeof(l->few));
}

/* the n bytes at the end of out are an item: keep it, unless it is there */
static void
end_item(struct list *l, size_t before, size_t at)
{
	size_t n = l->out->len - at;
	uint64_t h;

	if (n == 0 || has_item(l, l->out->ptr + at, n)) {
		l->out->len = before;
		return;
	}
	buf_addc(l->out, '"');
	if (l->n == l->room)
		more_items(l);
	l->items[l->n++] = (struct item){ at, n };
	if (l->table == NULL ? l->n == FEW : l->n * 2 > l->mask) {
		make_table(l);
	} else if (l->table != NULL) {
		for (h = item_hash(l, l->n - 1); l->table[h & l->mask] != 0; )
			h++;
		l->table[h & l->mask] = l->n;
	}
}

/* begin an item: the list's own start, or a comma, and a quote */
static void
begin_item(struct list *l)
{
	if (l->n == 0)
		record_put(l->out, l->field, "[", 1);
	else
		buf_addc(l->out, ',');
	buf_addc(l->out, '"');
}

static void
begin_list(struct list *l, struct buf *out, enum record_field field)
{
	l->out = out;
	l->field = field;
	l->n = 0;
	l->room = FEW;
	l->items = l->few;
	l->table = NULL;
}

static void
end_list(struct list *l)
{
	if (l->n > 0)
		buf_addc(l->out, ']');
	if (l->items != l->few)
		free(l->items);
	free(l->table);
}

/* append alias or names: every text of every source */
static void
put_names(struct buf *b, const struct gathered *g, const struct map_kind *k,
    enum record_field f)
{
	const struct map_member *m = &k->members[f];
	struct list l;
	size_t i, j, before;

	begin_list(&l, b, f);
	for (i = 0; i < m->n; i++) {
		for (j = 0; j < g->n; j++) {
			if (g->captures[j].source != &m->parts[i].sources[0])
				continue;
			before = b->len;
			begin_item(&l);
			buf_add(b, g->texts + g->captures[j].at,
			    g->captures[j].n);
			end_item(&l, before, b->len - g->captures[j].n);
		}
	}
	end_list(&l);
}

/* what a source says beside a value met in this container */
static struct slice
say_beside(const struct gathered *g, const struct map_source *s,
    uint64_t object)
{
	const struct capture *c;

	if (s->from != FROM_PLACE)
		return envelope_say(g, s);
	if ((c = find(g, s, object)) == NULL)
		return (struct slice){0};
	return (struct slice){ g->texts + c->at, c->n };
}

/* whether a reference's condition holds for the value in this container */
static int
holds(const struct gathered *g, const struct map_ref *r, uint64_t object)
{
	struct slice s;

	if (r->condition == NULL)
		return 1;
	s = say_beside(g, r->condition, object);
	return s.p != NULL && map_among(r->values, r->nvalues, s.p, s.n);
}

/* append one reference: [?]kind:[scope/]value, met in this container */
static void
put_ref(struct list *l, const struct gathered *g, const struct map_ref *r,
    struct slice value, uint64_t object)
{
	struct buf *b = l->out;
	size_t before = b->len, at;

	begin_item(l);
	at = b->len;
	if (r->soft || (l->field != RECORD_OWNER &&
	    map_builtin(g->map, r->kind, value.p, value.n)))
		buf_addc(b, '?');
	buf_adds(b, r->kind);
	buf_addc(b, ':');
	if (r->scope != NULL) {
		put_part(b, say_beside(g, r->scope, object));
		buf_addc(b, '/');
		put_part(b, value);
	} else {
		buf_add(b, value.p, value.n);
	}
	end_item(l, before, at);
}

/* append owner, needs, links or refs */
static void
put_refs(struct buf *b, const struct gathered *g, const struct map_kind *k,
    enum record_field f)
{
	const struct capture *c;
	const struct map_ref *r;
	struct list l;
	size_t i;

	begin_list(&l, b, f);
	for (r = k->refs; r < k->refs + k->nrefs; r++) {
		if (r->list != f)
			continue;
		if (r->source.from != FROM_PLACE &&
		    envelope_say(g, &r->source).n > 0)
			put_ref(&l, g, r, envelope_say(g, &r->source), 0);
		for (i = 0; i < g->n; i++) {
			c = &g->captures[i];
			if (c->source == &r->source && holds(g, r, c->object))
				put_ref(&l, g, r, (struct slice){
				    g->texts + c->at, c->n }, c->object);
		}
	}
	end_list(&l);
}

size_t
envelope_put(struct buf *b, const struct gathered *g, const struct map_kind *k)
{
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
	put_refs(b, g, k, RECORD_OWNER);
	put_refs(b, g, k, RECORD_NEEDS);
	put_refs(b, g, k, RECORD_LINKS);
	put_refs(b, g, k, RECORD_REFS);
	return cut;
}
