/* SPDX-License-Identifier: ISC */
/*
 * What an import does with records of each kind and category.
 */
#include "merge/rules.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "json/pointer.h"
#include "map/classify.h"
#include "map/map.h"
#include "map/toprow.h"
#include "merge/scope.h"

/* more kinds and categories than any package has */
#define MOST 4096

/* the first rule: lines that are what they belong to is */
#define FOLLOWS 0

struct rules {
	struct diag *diag;
	const struct map *map;
	const struct rules_ask *ask;
	struct buf list;	/* of struct rule */
	const struct map_row *holds, *version;
	int paths;		/* references may be resource paths */
	int local;		/* every kind has members of its own copy */
	uint16_t last[2];	/* found last: of components, of files */
	struct scope scope;
	struct buf like;	/* kind, category, file and place found last */
	struct buf text;
};

const struct map_row *
rules_row(const struct map_kind *k, const char *word)
{
	const struct map_row *r;

	for (r = k->rows; r < k->rows + k->nrows; r++) {
		if (strcmp(r->word, word) == 0)
			return r;
	}
	return NULL;
}

int
rules_paths(const struct rules *r)
{
	return r->paths;
}

struct rules *
rules_open(struct diag *d, const struct map *m, const struct rules_ask *ask)
{
	struct rules *r = xcalloc(1, sizeof(*r));
	struct rule follows = { .follows = 1, .held = 1,
	    .chosen = 1 };

	*r = (struct rules){ .diag = d, .map = m, .ask = ask,
	    .scope = { .map = m, .ask = ask } };
	r->holds = toprow(m, "holds");
	r->version = toprow(m, "version");
	r->paths = toprow_paths(m);
	r->local = toprow_every(m, "local");
	buf_add(&r->list, &follows, sizeof(follows));
	return r;
}

void
rules_close(struct rules *r)
{
	unsigned i;

	if (r == NULL)
		return;
	for (i = 0; i < rules_count(r); i++)
		free((void *)(uintptr_t)rules_at(r, i)->category.p);
	buf_free(&r->list);
	buf_free(&r->like);
	buf_free(&r->text);
	scope_free(&r->scope);
	free(r);
}

const struct map *
rules_map(const struct rules *r)
{
	return r->map;
}

int
rules_full(const struct rules *r)
{
	return r->ask->full;
}

struct rule *
rules_at(const struct rules *r, unsigned i)
{
	return (struct rule *)(void *)r->list.ptr + i;
}

unsigned
rules_count(const struct rules *r)
{
	return (unsigned)(r->list.len / sizeof(struct rule));
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

/* a rule more; its number, or -1 after a message */
static int
add_rule(struct rules *r, struct rule *rule)
{
	unsigned n = rules_count(r);

	if (n == MOST)
		return diag_fail(r->diag, STATUS_LIMIT, NULL, "the streams "
		    "have more than %d kinds and categories", MOST);
	if (rule->category.p != NULL)
		rule->category.p = xstrndup(rule->category.p,
		    rule->category.n);
	buf_add(&r->list, rule, sizeof(*rule));
	return (int)n;
}

/* the rule of a kind of component, with what the map's rows say */
static int
add_kind(struct rules *r, const struct map_kind *k, const char *kind,
    struct slice category, const char *key)
{
	const struct map_row *row;
	struct rule rule = { .kind = k, .category = category, .held = 1,
	    .chosen = 1,
	    .action = policy_for(r->ask, k, kind, key, category),
	    .place = rank_of(r->map, k) };

	if (k == NULL)
		return add_rule(r, &rule);
	rule.task = k->task;
	rule.orphan = rules_row(k, "orphan") != NULL;
	rule.apart = rules_row(k, "apart") != NULL;
	rule.keyed = rules_row(k, "key") != NULL;
	rule.counts = rules_row(k, "count") != NULL;
	rule.unites = rules_row(k, "unite") != NULL;
	rule.secret = rules_row(k, "secret") != NULL;
	rule.local = r->local || rules_row(k, "local") != NULL;
	rule.names = k->members[RECORD_NAMES].n > 0;
	if ((row = rules_row(k, "reset")) != NULL && !r->ask->full &&
	    strcmp(row->args[0], "status") == 0)
		rule.word = row->args[1];
	return add_rule(r, &rule);
}

/* whether the map tells members of a kind apart by their keys when merging */
static int
keyed_rows(const struct rules *r, const struct map_kind *k)
{
	const char *word = r->ask->full ? "full" : "incremental";
	const struct map_row *row;

	for (row = k->rows; row < k->rows + k->nrows; row++) {
		if (strcmp(row->word, word) == 0 && row->nargs > 1)
			return 1;
	}
	return 0;
}

/* the key of a member; of an element its type */
static const char *
key_of(struct rules *r, const struct record *rec)
{
	struct slice at = record_text(rec, RECORD_AT);
	struct slice type = record_text(rec, RECORD_TYPE);
	size_t up;

	r->text.len = 0;
	if (at.n > 1 && at.p[at.n - 1] == '-' && at.p[at.n - 2] == '/') {
		buf_add(&r->text, type.p, type.p == NULL ? 0 : type.n);
	} else if (at.n > 0) {
		up = pointer_parent(at.p, at.n) + 1;
		pointer_key(&r->text, at.p + up, at.n - up);
	}
	return buf_str(&r->text);
}

static int
same_category(const struct rule *rule, struct slice category)
{
	return rule->category.n == category.n && (category.n == 0 ||
	    memcmp(rule->category.p, category.p, category.n) == 0);
}

/* whether a record stands where the last one stood, and is of its kind */
static int
is_like_last(struct rules *r, const struct record *rec)
{
	static const enum record_field fields[] = { RECORD_KIND,
	    RECORD_CATEGORY, RECORD_FILE, RECORD_AT };
	const struct slice *f;
	size_t i, at;

	for (i = at = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		f = &rec->field[fields[i]];
		if (r->like.len - at < f->n || (f->n > 0 &&
		    memcmp(r->like.ptr + at, f->p, f->n) != 0))
			break;
		at += f->n;
	}
	if (i == sizeof(fields) / sizeof(fields[0]) && at == r->like.len)
		return 1;
	r->like.len = 0;
	for (i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		f = &rec->field[fields[i]];
		if (f->n > 0)
			buf_add(&r->like, f->p, f->n);
	}
	return 0;
}

/* the rule of a component: that of its block in the map, and its category */
static int
find_component(struct rules *r, struct kindof *known, const struct record *rec)
{
	const struct map_kind *k = NULL;
	struct slice category = record_text(rec, RECORD_CATEGORY);
	struct slice word = record_text(rec, RECORD_KIND);
	enum action a = ACTIONS;
	const char *key = "";
	struct rule *rule;
	char *kind;
	int i, n;

	if (is_like_last(r, rec))
		return r->last[0];
	if (known != NULL)
		k = kindof_find(known, rec);
	if (k != NULL && keyed_rows(r, k)) {
		r->like.len = 0;
		key = key_of(r, rec);
		a = policy_for(r->ask, k, k->name, key, category);
	}
	rule = rules_at(r, r->last[0]);
	if (r->last[0] != FOLLOWS && rule->kind == k && (a == ACTIONS ||
	    rule->action == a) && same_category(rule, category))
		return r->last[0];
	n = (int)rules_count(r);
	for (i = 1; i < n; i++) {
		rule = rules_at(r, (unsigned)i);
		if (rule->kind == k && rule->place >= 0 && (a == ACTIONS ||
		    rule->action == a) && same_category(rule, category))
			return i;
	}
	kind = xstrndup(word.p, word.n);
	i = add_kind(r, k, k != NULL && k->called == NULL ? k->name : kind,
	    category, key);
	free(kind);
	return i;
}

/* the rule of a file that is not split */
static int
find_file(struct rules *r, const struct record *rec)
{
	const struct map_row *raw = toprow_raw(r->map,
	    record_text(rec, RECORD_FILE));
	struct rule rule = { .held = 1, .chosen = 1, .place = -1,
	    .action = r->ask->full ? ACTION_REPLACE_ALL : ACTION_REPLACE };
	const struct rule *old;
	unsigned i;

	if (raw != NULL) {
		rule.category = (struct slice){ raw->args[1],
		    strlen(raw->args[1]) };
		rule.action = action_of(raw->args[r->ask->full ? 2 : 3]);
		if (rule.action == ACTIONS)
			rule.action = ACTION_REPLACE;
	}
	for (i = 1; i < rules_count(r); i++) {
		old = rules_at(r, i);
		if (old->place == -1 && old->action == rule.action &&
		    same_category(old, rule.category))
			return (int)i;
	}
	return add_rule(r, &rule);
}

int
rules_find(struct rules *r, struct kindof *known, const struct record *rec,
    uint16_t *number)
{
	int i = FOLLOWS;

	if (rec->kind == RECORD_COMPONENT)
		i = find_component(r, known, rec);
	else if (rec->kind == RECORD_OF_FILE &&
	    rec->field[RECORD_STYLE].p == NULL)
		i = find_file(r, rec);
	if (i == -1)
		return -1;
	if (rec->kind == RECORD_COMPONENT)
		r->last[0] = (uint16_t)i;
	*number = (uint16_t)i;
	if (rec->kind == RECORD_COMPONENT)
		r->last[0] = *number;
	return 0;
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
rules_holds(const struct rules *r, const struct record *rec)
{
	return is_member(r->holds, rec);
}

int
rules_tells_version(const struct rules *r, const struct record *rec)
{
	return is_member(r->version, rec);
}

int
rules_same_version(const struct rules *r)
{
	return r->version != NULL && r->version->nargs > 1 &&
	    strcmp(r->version->args[1], "same") == 0;
}

int
rules_keep(struct rules *r, uint16_t *number)
{
	struct rule rule = { .held = 1, .place = -2, .action = ACTION_KEEP };
	int n = add_rule(r, &rule);

	*number = (uint16_t)n;
	return n == -1 ? -1 : 0;
}

int
rules_partial(const struct rules *r)
{
	unsigned i;

	for (i = 1; i < rules_count(r); i++) {
		if (!rules_at(r, i)->held)
			return 1;
	}
	return 0;
}

int
rules_counts(const struct rules *r)
{
	unsigned i;

	for (i = 1; i < rules_count(r); i++) {
		if (rules_at(r, i)->counts)
			return 1;
	}
	return 0;
}

int
rules_may_fail(const struct rules *r)
{
	unsigned i;

	for (i = 1; i < rules_count(r); i++) {
		if (rules_at(r, i)->action == ACTION_ERROR)
			return 1;
	}
	return 0;
}

void
rules_scope(struct rules *r, struct slice options)
{
	struct rule *rule;
	unsigned i;

	scope_tell(&r->scope, options);
	for (i = 1; i < rules_count(r); i++) {
		rule = rules_at(r, i);
		rule->held = scope_has(&r->scope, rule->kind, rule->category,
		    &rule->told);
		rule->chosen = scope_chosen(&r->scope, rule->category);
	}
}

int
rules_inside(const struct rules *r, struct slice file, struct slice at)
{
	return scope_inside(&r->scope, file, at);
}
