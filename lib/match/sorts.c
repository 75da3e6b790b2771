/* SPDX-License-Identifier: ISC */
/*
 * Sorts of records: of one kind and category.
 */
#include "match/sorts.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "json/pointer.h"
#include "map/classify.h"
#include "map/file_match.h"
#include "map/map.h"
#include "stream/record.h"

/* more kinds and categories than any package has */
#define MOST 4096

void
sorts_init(struct sorts *s, struct diag *d, const struct map *m)
{
	const struct map_row *resource = map_row(m, "resource");
	struct sort follows = { .follows = 1 };

	*s = (struct sorts){ .diag = d, .map = m,
	    .holds = map_row(m, "holds"), .version = map_row(m, "version"),
	    .resource = resource == NULL ? NULL : resource->args[0],
	    .local = map_every(m, "local") };
	buf_add(&s->list, &follows, sizeof(follows));
}

const struct sort *
sorts_at(const struct sorts *s, unsigned i)
{
	return buf_item(&s->list, i, sizeof(struct sort));
}

unsigned
sorts_count(const struct sorts *s)
{
	return (unsigned)(s->list.len / sizeof(struct sort));
}

void
sorts_free(struct sorts *s)
{
	const struct sort *sort;
	unsigned i;

	for (i = 0; i < sorts_count(s); i++) {
		sort = sorts_at(s, i);
		free((void *)(uintptr_t)sort->category.p);
		free(sort->called);
		free(sort->key);
	}
	buf_free(&s->list);
	buf_free(&s->like);
	buf_free(&s->text);
}

/* the rank of a kind's block in the map */
static int
rank_of(const struct map *m, const struct map_kind *k)
{
	size_t i;

	for (i = 0; m != NULL && i < m->nkinds && m->kinds[i] != k; i++)
		continue;
	return (int)i;
}

/* a sort more, its category copied; its number, or -1 after a message */
static int
add_sort(struct sorts *s, struct sort *sort)
{
	unsigned n = sorts_count(s);

	if (n == MOST)
		return diag_fail(s->diag, STATUS_LIMIT, NULL, "the streams "
		    "have more than %d kinds and categories", MOST);
	if (sort->category.p != NULL)
		sort->category.p = xstrndup(sort->category.p,
		    sort->category.n);
	buf_add(&s->list, sort, sizeof(*sort));
	return (int)n;
}

/* whether a kind's own word is not the map's, which has one for all of them */
static int
has_own_word(const struct map_kind *k)
{
	return k == NULL || k->called != NULL;
}

/* the sort of a kind of component, with what the map's rows say */
static int
add_kind(struct sorts *s, const struct map_kind *k, struct slice word,
    struct slice category, struct slice key)
{
	struct sort sort = { .kind = k, .category = category,
	    .place = rank_of(s->map, k) };
	int i;

	if (k != NULL) {
		sort.task = k->task;
		sort.unlisted = map_kind_row(k, "unlisted") != NULL;
		sort.languages = map_kind_row(k, "languages");
		sort.orphan = map_kind_row(k, "orphan") != NULL;
		sort.apart = map_kind_row(k, "apart") != NULL;
		sort.keyed = map_kind_row(k, "key") != NULL;
		sort.counts = map_kind_row(k, "count") != NULL;
		sort.unites = map_kind_row(k, "unite") != NULL;
		sort.secret = map_kind_row(k, "secret") != NULL;
		sort.local = s->local || map_kind_row(k, "local") != NULL;
		sort.names = k->members[RECORD_NAMES].n > 0;
	}
	sort.called = has_own_word(k) ? xstrndup(word.p, word.n) :
	    xstrndup(k->name, strlen(k->name));
	sort.key = xstrndup(key.n > 0 ? key.p : "", key.n);
	if ((i = add_sort(s, &sort)) == -1) {
		free(sort.called);
		free(sort.key);
	}
	return i;
}

/* whether the map tells members of a kind apart by their keys when merging */
static int
keyed_rows(const struct map_kind *k)
{
	static const char *const words[] = { "full", "incremental" };
	const struct map_row *row;
	int i;

	for (i = 0; i < 2; i++) {
		for (row = NULL; (row = map_kind_next_row(k, words[i],
		    row)) != NULL; ) {
			if (row->nargs > 1)
				return 1;
		}
	}
	return 0;
}

/* the key of a member; of an element its type */
static struct slice
key_of(struct sorts *s, const struct record *rec)
{
	struct slice at = record_text(rec, RECORD_AT);
	struct slice type = record_text(rec, RECORD_TYPE);
	size_t up;

	s->text.len = 0;
	if (at.n > 1 && at.p[at.n - 1] == '-' && at.p[at.n - 2] == '/') {
		buf_add(&s->text, type.p, type.p == NULL ? 0 : type.n);
	} else if (at.n > 0) {
		up = pointer_parent(at.p, at.n) + 1;
		pointer_key(&s->text, at.p + up, at.n - up);
	}
	return (struct slice){ buf_str(&s->text), s->text.len };
}

/* whether a record stands where the last one stood, and is of its kind */
static int
is_like_last(struct sorts *s, const struct record *rec)
{
	static const enum record_field fields[] = { RECORD_KIND,
	    RECORD_CATEGORY, RECORD_FILE, RECORD_AT };
	const struct slice *f;
	size_t i, at;

	for (i = at = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		f = &rec->field[fields[i]];
		if (s->like.len - at < f->n || (f->n > 0 &&
		    memcmp(s->like.ptr + at, f->p, f->n) != 0))
			break;
		at += f->n;
	}
	if (i == sizeof(fields) / sizeof(fields[0]) && at == s->like.len)
		return 1;
	s->like.len = 0;
	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		f = &rec->field[fields[i]];
		if (f->n > 0)
			buf_add(&s->like, f->p, f->n);
	}
	return 0;
}

/* whether a sort is that of components of a kind, a category and a key */
static int
is_of(const struct sort *sort, const struct map_kind *k, struct slice word,
    struct slice category, struct slice key)
{
	return sort->kind == k && sort->place >= 0 && !sort->follows &&
	    slice_same(sort->category, category) && slice_is(key, sort->key) &&
	    (!has_own_word(k) || slice_is(word, sort->called));
}

/* the sort of a component: of its block in the map, and its category */
static int
find_component(struct sorts *s, struct classifier *known,
    const struct record *rec)
{
	const struct map_kind *k = NULL;
	struct slice category = record_text(rec, RECORD_CATEGORY);
	struct slice word = record_text(rec, RECORD_KIND), key = { "", 0 };
	unsigned i, n;

	if (is_like_last(s, rec))
		return s->last;
	if (known != NULL)
		k = classify_find(known, rec);
	if (k != NULL && keyed_rows(k)) {
		s->like.len = 0;
		key = key_of(s, rec);
	}
	if (is_of(sorts_at(s, s->last), k, word, category, key))
		return s->last;
	n = sorts_count(s);
	for (i = 1; i < n; i++) {
		if (is_of(sorts_at(s, i), k, word, category, key))
			return (int)i;
	}
	return add_kind(s, k, word, category, key);
}

/* the sort of a file that is not split */
static int
find_file(struct sorts *s, const struct record *rec)
{
	const struct map_row *raw = map_raw(s->map,
	    record_text(rec, RECORD_FILE));
	struct sort sort = { .place = SORT_FILE, .raw = raw };
	unsigned i;

	if (raw != NULL)
		sort.category = (struct slice){ raw->args[1],
		    strlen(raw->args[1]) };
	for (i = 1; i < sorts_count(s); i++) {
		if (sorts_at(s, i)->place == SORT_FILE &&
		    sorts_at(s, i)->raw == raw)
			return (int)i;
	}
	return add_sort(s, &sort);
}

int
sorts_find(struct sorts *s, struct classifier *known, const struct record *rec,
    uint16_t *number)
{
	int i = SORT_FOLLOWS;

	if (rec->kind == RECORD_COMPONENT)
		i = find_component(s, known, rec);
	else if (rec->kind == RECORD_OF_FILE &&
	    rec->field[RECORD_STYLE].p == NULL)
		i = find_file(s, rec);
	if (i == -1)
		return -1;
	*number = (uint16_t)i;
	if (rec->kind == RECORD_COMPONENT)
		s->last = *number;
	return 0;
}

int
sorts_exclude(struct sorts *s, uint16_t *number)
{
	struct sort sort = { .place = SORT_EXCLUDED };
	int n = add_sort(s, &sort);

	*number = (uint16_t)n;
	return n == -1 ? -1 : 0;
}

/* whether a record is the document's member that a row names */
static int
is_member(const struct map_row *row, const struct record *rec)
{
	struct slice at = record_text(rec, RECORD_AT);

	return row != NULL && at.n > 1 && slice_is((struct slice){ at.p + 1,
	    at.n - 1 }, row->args[0]);
}

int
sorts_holds(const struct sorts *s, const struct record *rec)
{
	return is_member(s->holds, rec);
}

int
sorts_tells_version(const struct sorts *s, const struct record *rec)
{
	return is_member(s->version, rec);
}
