/* SPDX-License-Identifier: ISC */
/*
 * One of two streams that are compared.
 */
#include "match/side.h"

#include <string.h>

#include "base/diag.h"
#include "base/hash.h"
#include "map/classify.h"
#include "map/map.h"
#include "match/sorts.h"
#include "stream/list.h"
#include "value/derive.h"

int
side_open(struct side *s, struct diag *d, const char *file,
    const struct input_options *o, struct room *room)
{
	s->diag = d;
	s->says = NOTHING;
	graph_init(&s->graph, d, room);
	s->mates.room = s->numbers.room = s->places.room = room;
	return twopass_open(&s->in, d, file, o);
}

void
side_close(struct side *s)
{
	twopass_close(&s->in);
	graph_free(&s->graph);
	bigarray_free(&s->mates);
	bigarray_free(&s->numbers);
	keyindex_free(&s->places);
	classify_close(s->kindof);
	buf_free(&s->refs);
	buf_free(&s->prefix);
	buf_free(&s->version);
	buf_free(&s->options);
	languages_free(&s->used);
}

/* who a record without id is: what it is, and where it stands */
static uint64_t
place_hash(const struct record *r)
{
	struct slice file = record_text(r, RECORD_FILE);
	struct slice at = record_text(r, RECORD_AT);
	struct slice kind = record_text(r, RECORD_KIND);
	char small[512];
	struct buf b = {0};
	size_t n = kind.n + 1 + file.n + 1 + at.n;
	char *p = n <= sizeof(small) ? small : buf_room(&b, n), *q = p;
	uint64_t h;

	memcpy(q, kind.p, kind.n);
	q += kind.n;
	/* [] is not {} */
	*q++ = r->kind == RECORD_OPEN ? *r->field[RECORD_VALUE].p : ' ';
	if (file.n > 0)
		memcpy(q, file.p, file.n);
	q += file.n;
	*q++ = ' ';
	if (at.n > 0)
		memcpy(q, at.p, at.n);
	h = keyindex_hash_ref(p, n);
	buf_free(&b);
	return h == 0 ? 1 : h;
}

/*
 * How many bytes a pattern such as  projects/X/agents/X  (X: a star) meets at
 * a text's start, up to a slash; or 0
 */
static size_t
resource_length(const char *pattern, const char *p, size_t max)
{
	size_t n = 0, from, step;

	for (;; n++, pattern++) {
		from = n;
		while (n < max && p[n] != '/' && p[n] != '"' && p[n] != '\\')
			n++;
		if (n == max || n == from || p[n] != '/')
			return 0;
		step = strcspn(pattern, "/");
		if ((step != 1 || *pattern != '*') && (step != n - from ||
		    memcmp(p + from, pattern, step) != 0))
			return 0;
		pattern += step;
		if (*pattern == '\0')
			return n;
	}
}

/* the first path of the agent itself; others are of what it does not hold */
static void
find_prefix(struct side *s, const struct record *r)
{
	struct slice v = r->field[RECORD_VALUE];
	const char *pattern = s->sorts->resource, *p = v.p, *end = v.p + v.n;
	size_t first = strcspn(pattern, "*"), n;

	for (; p != NULL && (p = memmem(p, (size_t)(end - p), pattern,
	    first)) != NULL; p++) {
		if (p == v.p || p[-1] != '"' || (n = resource_length(pattern,
		    p, (size_t)(end - p))) == 0)
			continue;
		buf_add(&s->prefix, p, n);
		return;
	}
}

/* what a component tells of the whole package */
static void
note_package(struct side *s, uint32_t i, const struct record *r)
{
	struct slice v = r->field[RECORD_VALUE];
	struct slice text = record_text(r, RECORD_VALUE);

	s->components++;
	if (s->says == NOTHING && sorts_holds(s->sorts, r)) {
		s->says = i;
		if (s->is_source)
			buf_add(&s->options, v.p, v.n);
	}
	if (s->version.len == 0 && sorts_tells_version(s->sorts, r))
		buf_add(&s->version, text.p != NULL ? text.p : v.p,
		    text.p != NULL ? text.n : v.n);
	if (s->prefix.len == 0 && s->sorts->resource != NULL)
		find_prefix(s, r);
}

/*
 * References that are mentioned, without the soft ones: these are never
 * missing and never repaired, so nothing is decided by them.
 */
static struct slice
hard_refs(struct side *s, struct slice list)
{
	struct slice item;
	size_t at = 0;

	if (list.p == NULL || memmem(list.p, list.n, "\"?", 2) == NULL)
		return list;
	s->refs.len = 0;
	buf_addc(&s->refs, '[');
	while (list_next(list, &at, &item) == 1) {
		if (item.n > 0 && *item.p == '?')
			continue;
		buf_adds(&s->refs, s->refs.len > 1 ? ",\"" : "\"");
		buf_add(&s->refs, item.p, item.n);
		buf_addc(&s->refs, '"');
	}
	buf_addc(&s->refs, ']');
	return (struct slice){ s->refs.ptr, s->refs.len };
}

static int
add_record(struct side *s, const struct record *r, uint64_t at)
{
	struct graph *g = &s->graph;
	struct record hard = *r;
	struct slice kind = record_text(r, RECORD_KIND);
	struct slice id = record_text(r, RECORD_ID), lang;
	struct node *n;
	uint64_t hash;
	uint32_t i;

	hard.field[RECORD_REFS] = hard_refs(s, r->field[RECORD_REFS]);
	if ((i = graph_add(g, &hard, at)) == NOTHING)
		return -1;
	/* by where it stands it is known which one it is the same as */
	if (graph_check_order(g, &s->in, r, i) == -1)
		return -1;
	n = graph_node(g, i);
	if (id.p != NULL) {
		hash = keyindex_hash(kind.p, kind.n, id.p, id.n);
		n->status = SIDE_KEYED;
	} else {
		hash = place_hash(r);
		if (graph_outer(g, i) == NOTHING &&
		    keyindex_add(&s->places, hash, i) == -1)
			return -1;
	}
	if (bigarray_hold(&s->mates, ((size_t)i + 1) * sizeof(uint32_t)) == -1)
		return -1;
	side_mates(s)[i] = (uint32_t)hash;
	if (r->kind == RECORD_COMPONENT)
		note_package(s, i, r);
	if (sorts_find(s->sorts, s->kindof, r, &n->flags) == -1)
		return -1;
	lang = record_text(r, RECORD_LANG);
	if (lang.p != NULL && !sorts_at(s->sorts, n->flags)->unlisted)
		languages_add(&s->used, lang.p, lang.n);
	return 0;
}

int
side_read(struct side *s, struct sorts *sorts)
{
	struct record r;
	uint64_t at;
	int got;

	s->sorts = sorts;
	if (sorts->map != NULL) {
		s->kindof = classify_open(sorts->map);
		derive_edited(&s->in.in, sorts->map);
	}
	while ((got = twopass_read(&s->in, &r, &at)) == 1) {
		if (add_record(s, &r, at) == -1)
			break;
	}
	buf_free(&s->refs);
	if (got != 0 || graph_link(&s->graph, at) == -1 ||
	    keyindex_sort(&s->places) == -1)
		return -1;
	return 0;
}

const struct sort *
side_sort(const struct side *s, uint32_t node)
{
	return sorts_at(s->sorts, side_node(s, node)->flags);
}

int
side_line(struct side *s, uint32_t node, struct record *r)
{
	return graph_read(&s->graph, &s->in, node, r);
}

int
side_keep(struct side *s, uint32_t node, struct buf *line, struct record *r)
{
	const char *from;
	int i;

	if (side_line(s, node, r) == -1)
		return -1;
	from = r->line.p;
	line->len = 0;
	buf_add(line, from, r->line.n);
	r->line.p = line->ptr;
	for (i = 0; i < RECORD_FIELDS; i++) {
		if (r->field[i].p != NULL)
			r->field[i].p = line->ptr + (r->field[i].p - from);
	}
	return 0;
}

int
side_name(struct side *s, uint32_t node, struct buf *b)
{
	struct record r;
	struct slice text;

	if (side_line(s, node, &r) == -1)
		return 0;
	text = record_text(&r, RECORD_NAME);
	buf_add(b, text.p, text.n);
	return text.n > 0;
}

uint32_t
side_end(const struct side *s, uint32_t node)
{
	const struct graph *g = &s->graph;
	uint32_t i, up;

	for (i = node + 1; i < g->n; i++) {
		up = graph_node(g, i)->parent;
		if (up == NOTHING || up < node)
			break;
	}
	return i;
}
