/* SPDX-License-Identifier: ISC */
/*
 * What an import does with records of each kind and category.
 */
#include "rules.h"

#include <stdlib.h>
#include <string.h>

#include "diag.h"
#include "kindof.h"
#include "map.h"
#include "mapfile.h"
#include "pointer.h"
#include "quote.h"
#include "tape.h"

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
	int told;		/* the source says what it holds */
	struct tape tape;	/* of what it says */
	struct buf like;	/* kind, category, file and place found last */
	struct buf text;
};

static const char *const actions[ACTIONS] = {
	[ACTION_REPLACE] = "replace", [ACTION_REPLACE_ALL] = "replace-all",
	[ACTION_ADD] = "add", [ACTION_IF_NONE] = "if-none",
	[ACTION_KEEP] = "keep", [ACTION_CLEAR] = "clear",
	[ACTION_UNION] = "union", [ACTION_ERROR] = "error",
};

const char *
rules_word(enum action a)
{
	return actions[a];
}

/* the action of a word; ACTIONS: it is none */
static enum action
read_action(const char *word)
{
	int i;

	for (i = 0; i < ACTIONS && strcmp(actions[i], word) != 0; i++)
		continue;
	return (enum action)i;
}

static int
is(struct slice s, const char *text)
{
	return s.n == strlen(text) && memcmp(s.p, text, s.n) == 0;
}

static int
is_word(const char *word, struct slice s)
{
	return s.n == strlen(word) && memcmp(s.p, word, s.n) == 0;
}

/* whether a category is one, or below it */
static int
is_below(struct slice category, const char *top)
{
	size_t n = strlen(top);

	return category.n >= n && memcmp(category.p, top, n) == 0 &&
	    (category.n == n || category.p[n] == '/');
}

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

/* the action and the word of a policy; NULL: it has no "=" */
static const char *
policy_action(const char *policy)
{
	const char *word = strchr(policy, '=');

	return word == NULL ? NULL : word + 1;
}

enum action
rules_policy(const char *policy)
{
	const char *word = policy_action(policy);

	return word == NULL || word == policy + 1 ? ACTIONS :
	    read_action(word);
}

/* whether the rows for every kind have a word */
static int
is_every(const struct map *m, const char *word)
{
	const struct map_row *row, *end = m->rows.rows + m->rows.n;
	int every = 0;

	for (row = m->rows.rows; row < end; row++) {
		if (!row->indented)
			every = strcmp(row->word, "every") == 0;
		else if (every && strcmp(row->word, word) == 0)
			return 1;
	}
	return 0;
}

/* whether references of a map may be resource paths */
static int
has_paths(const struct map *m)
{
	size_t i, j;

	for (i = 0; m != NULL && i < m->nkinds; i++) {
		for (j = 0; j < m->kinds[i]->nrefs; j++) {
			if (m->kinds[i]->refs[j].source.form == FORM_TAIL)
				return 1;
		}
	}
	return 0;
}

int
rules_paths(const struct rules *r)
{
	return r->paths;
}

/* the first row of the platform with a word, or NULL */
static const struct map_row *
top_row(const struct rules *r, const char *word)
{
	const struct map_row *row;
	size_t i;

	for (i = 0; r->map != NULL && i < r->map->rows.n; i++) {
		row = &r->map->rows.rows[i];
		if (!row->indented && strcmp(row->word, word) == 0)
			return row;
	}
	return NULL;
}

struct rules *
rules_open(struct diag *d, const struct map *m, const struct rules_ask *ask)
{
	struct rules *r = xcalloc(1, sizeof(*r));
	struct rule follows = { .follows = 1, .held = 1 };

	*r = (struct rules){ .diag = d, .map = m, .ask = ask };
	r->holds = top_row(r, "holds");
	r->version = top_row(r, "version");
	r->paths = has_paths(m);
	r->local = m != NULL && is_every(m, "local");
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
	tape_free(&r->tape);
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

/* what a policy says of a kind; ACTIONS: nothing */
static enum action
policy_of(const struct rules *r, const char *kind)
{
	const char *p;
	enum action a = ACTIONS;
	size_t i;

	for (i = 0; i < r->ask->npolicies; i++) {
		p = r->ask->policies[i];
		if (is_word(kind, (struct slice){ p,
		    (size_t)(policy_action(p) - 1 - p) }))
			a = read_action(policy_action(p));
	}
	return a;
}

/* of a kind that belongs to another, what is said of that one */
static enum action
policy_of_owner(const struct rules *r, const struct map_kind *k)
{
	enum action a;
	size_t i;

	for (i = 0; i < k->nrefs; i++) {
		if (k->refs[i].list != RECORD_OWNER || k->task)
			continue;
		a = policy_of(r, k->refs[i].kind);
		if (a == ACTION_UNION || a == ACTION_ADD || a == ACTION_KEEP)
			return a;
		if (a == ACTION_REPLACE || a == ACTION_REPLACE_ALL)
			return ACTION_REPLACE_ALL;
	}
	return ACTIONS;
}

/* append or replace, for a category whose last step is this word */
static enum action
option_of(const char *option, const char *word, struct slice category)
{
	size_t n = strlen(word);

	if (option == NULL || category.n < n ||
	    memcmp(category.p + category.n - n, word, n) != 0)
		return ACTIONS;
	return strcmp(option, "append") == 0 ? ACTION_UNION :
	    ACTION_REPLACE_ALL;
}

/* the row full or incremental for a member with a key; else the one for all */
static const char *
map_action(const struct rules *r, const struct map_kind *k, const char *key)
{
	const char *word = r->ask->full ? "full" : "incremental";
	const char *all = NULL;
	const struct map_row *row;
	size_t i;

	for (row = k->rows; row < k->rows + k->nrows; row++) {
		if (strcmp(row->word, word) != 0)
			continue;
		if (row->nargs == 1)
			all = row->args[0];
		for (i = 1; i < row->nargs; i++) {
			if (strcmp(row->args[i], key) == 0)
				return row->args[0];
		}
	}
	return all;
}

static enum action
action_of(const struct rules *r, const struct map_kind *k, const char *kind,
    const char *key, struct slice category)
{
	enum action a;
	const char *word;

	if ((a = policy_of(r, kind)) != ACTIONS)
		return a;
	if (!r->ask->full && ((a = option_of(r->ask->utterances, "/utterances",
	    category)) != ACTIONS || (a = option_of(r->ask->patterns,
	    "/patterns", category)) != ACTIONS))
		return a;
	if (k == NULL)
		return r->ask->full ? ACTION_REPLACE_ALL : ACTION_REPLACE;
	if ((a = policy_of_owner(r, k)) != ACTIONS)
		return a;
	word = map_action(r, k, key);
	a = word == NULL ? ACTIONS : read_action(word);
	return a == ACTIONS ? ACTION_REPLACE : a;
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
	    .action = action_of(r, k, kind, key, category),
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
		a = action_of(r, k, k->name, key, category);
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

/* the row "raw" for a file's group, or NULL */
static const struct map_row *
raw_row(const struct rules *r, struct slice file)
{
	const struct map_file *row;
	const struct map_row *raw;
	struct buf path = {0}, stars = {0};
	size_t i;

	if (r->map == NULL)
		return NULL;
	quote_decode(&path, file.p, file.n);
	row = map_file(r->map, buf_str(&path), &stars);
	buf_free(&path);
	buf_free(&stars);
	for (i = 0; row != NULL && i < r->map->rows.n; i++) {
		raw = &r->map->rows.rows[i];
		if (!raw->indented && strcmp(raw->word, "raw") == 0 &&
		    strcmp(raw->args[0], row->group->name) == 0)
			return raw;
	}
	return NULL;
}

/* the rule of a file that is not split */
static int
find_file(struct rules *r, const struct record *rec)
{
	const struct map_row *raw = raw_row(r, record_text(rec, RECORD_FILE));
	struct rule rule = { .held = 1, .place = -1, .action = r->ask->full ?
	    ACTION_REPLACE_ALL : ACTION_REPLACE };
	const struct rule *old;
	unsigned i;

	if (raw != NULL) {
		rule.category = (struct slice){ raw->args[1],
		    strlen(raw->args[1]) };
		rule.action = read_action(raw->args[r->ask->full ? 2 : 3]);
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
		i = r->last[0] = (uint16_t)find_component(r, known, rec);
	else if (rec->kind == RECORD_OF_FILE &&
	    rec->field[RECORD_STYLE].p == NULL)
		i = find_file(r, rec);
	if (i == -1)
		return -1;
	*number = (uint16_t)i;
	return 0;
}

/* whether a record is the document's member that a row names */
static int
is_member(const struct map_row *row, const struct record *rec)
{
	struct slice at = record_text(rec, RECORD_AT);

	return row != NULL && at.n > 1 && is_word(row->args[0],
	    (struct slice){ at.p + 1, at.n - 1 });
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

/* whether options[group] has the word, in any spelling; -1: nothing is told */
static int
listed(const struct rules *r, const char *category, size_t n)
{
	const char *slash = memchr(category, '/', n), *word;
	struct slice key, text;
	struct buf full = {0};
	uint32_t i, group;
	int rc = 0;

	key = (struct slice){ category, slash == NULL ? n :
	    (size_t)(slash - category) };
	for (group = tape_first(&r->tape, 0); group != TAPE_NONE;
	    group = tape_after(&r->tape, group)) {
		text = tape_key(&r->tape, group);
		buf_add(&full, text.p, text.n);
		word = map_word(r->map, "category", full.ptr, full.len);
		buf_free(&full);
		if ((text.n == key.n && memcmp(text.p, key.p, key.n) == 0) ||
		    (word != NULL && is_word(word, key)))
			break;
	}
	if (group == TAPE_NONE)
		return -1;
	if (slash == NULL || r->tape.tokens[group].type != TAPE_ARRAY)
		return !tape_empty(&r->tape, group) &&
		    !is(tape_bytes(&r->tape, group), "false");
	for (i = tape_first(&r->tape, group); i != TAPE_NONE && !rc;
	    i = tape_after(&r->tape, i)) {
		if (r->tape.tokens[i].type != TAPE_STRING)
			continue;
		text = tape_text(&r->tape, i);
		buf_add(&full, key.p, key.n);
		buf_addc(&full, '/');
		buf_add(&full, text.p, text.n);
		word = map_word(r->map, "category", full.ptr, full.len);
		rc = (full.len == n && memcmp(full.ptr, category, n) == 0) ||
		    (word != NULL && is_word(word, (struct slice){ category,
		    n }));
		buf_free(&full);
	}
	return rc;
}

/* what decides of a category: itself, or what the map's rows "held" name */
static int
decide(const struct rules *r, struct slice category, int *told)
{
	const struct map_row *row = NULL;
	size_t i, j;
	int got, rc = 0;

	got = listed(r, category.p, category.n);
	*told = got == 1;
	for (i = 0; i < r->map->rows.n; i++) {
		row = &r->map->rows.rows[i];
		if (row->indented || strcmp(row->word, "held") != 0 ||
		    !is_word(row->args[0], category))
			continue;
		for (j = 1; j < row->nargs; j++)
			rc |= listed(r, row->args[j], strlen(row->args[j])) !=
			    0;
		return got == 1 || rc;
	}
	return got != 0;
}

/* the category that a kind comes with: another one, where "left" names it */
static struct slice
scope_of(const struct map_kind *k, struct slice category)
{
	const struct map_row *row = k == NULL ? NULL : rules_row(k, "left");

	if (row == NULL || row->nargs != 2 ||
	    strchr(row->args[1], '/') == NULL)
		return category;
	return (struct slice){ row->args[1], strlen(row->args[1]) };
}

/* a category that was chosen, as the map spells it */
static const char *
only(const struct rules *r, size_t i)
{
	const char *word = r->ask->only[i];
	const char *known = r->map == NULL ? NULL :
	    map_word(r->map, "category", word, strlen(word));

	return known == NULL ? word : known;
}

/* whether a category is below one of those chosen, or held by one */
static int
chosen(const struct rules *r, struct slice category)
{
	const struct map_row *row;
	size_t i, j, k;

	if (r->ask->nonly == 0)
		return 1;
	for (i = 0; i < r->ask->nonly; i++) {
		if (is_below(category, only(r, i)))
			return 1;
	}
	for (i = 0; r->map != NULL && i < r->map->rows.n; i++) {
		row = &r->map->rows.rows[i];
		if (row->indented || strcmp(row->word, "held") != 0 ||
		    !is_word(row->args[0], category))
			continue;
		for (j = 1; j < row->nargs; j++) {
			for (k = 0; k < r->ask->nonly; k++) {
				if (strcmp(row->args[j], only(r, k)) == 0)
					return 1;
			}
		}
	}
	return 0;
}

int
rules_held(const struct rules *r, const char *category, size_t n)
{
	int told = 0;

	if (!chosen(r, (struct slice){ category, n }))
		return 0;
	return r->told == 0 || decide(r, (struct slice){ category, n }, &told);
}

void
rules_scope(struct rules *r, struct slice options)
{
	struct record_error e;
	struct slice scope;
	struct rule *rule;
	unsigned i;

	if (options.p != NULL) {
		r->told = tape_read(&r->tape, options.p, options.n, &e) == 0 &&
		    r->tape.tokens[0].type == TAPE_OBJECT;
	}
	for (i = 1; i < rules_count(r); i++) {
		rule = rules_at(r, i);
		if (rule->category.p == NULL) {
			rule->held = r->ask->nonly == 0;
			continue;
		}
		scope = scope_of(rule->kind, rule->category);
		rule->held = chosen(r, rule->category) && (!r->told ||
		    decide(r, scope, &rule->told));
	}
}

/* whether elements of a container at a path of the map are at a place */
static int
inside(const char *place, const char *at)
{
	size_t n;

	if (*place != '/')
		return 0;
	for (place++; *at == '/'; place += n + (place[n] == '/')) {
		n = strcspn(place, "/");
		at++;
		if ((n != 1 || (*place != '*' && *place != '-')) &&
		    (strlen(at) < n || memcmp(place, at, n) != 0 ||
		    (at[n] != '/' && at[n] != '\0')))
			return 0;
		at += strcspn(at, "/");
	}
	return *at == '\0' && (strcmp(place, "-") == 0 ||
	    strcmp(place, "*") == 0);
}

/* the category of a kind, whatever the key */
static const char *
category_of(const struct map_kind *k)
{
	size_t i;

	for (i = 0; i < k->ncategories; i++) {
		if (k->categories[i].key == NULL)
			return k->categories[i].category;
	}
	return NULL;
}

int
rules_inside(const struct rules *r, struct slice file, struct slice at)
{
	const struct map_file *row;
	const struct map_kind *k = NULL;
	const struct map_row *in;
	const char *category;
	struct slice scope;
	struct buf path = {0}, stars = {0};
	size_t i, j;

	if (r->map == NULL)
		return 0;
	quote_decode(&path, file.p, file.n);
	row = map_file(r->map, buf_str(&path), &stars);
	path.len = 0;
	buf_add(&path, at.p, at.n);
	for (i = 0; row != NULL && i < r->map->nkinds && k == NULL; i++) {
		for (j = 0; j < r->map->kinds[i]->nrows; j++) {
			in = &r->map->kinds[i]->rows[j];
			if (strcmp(in->word, "in") == 0 &&
			    strcmp(in->args[0], row->group->name) == 0 &&
			    inside(in->args[1], buf_str(&path)))
				k = r->map->kinds[i];
		}
	}
	buf_free(&path);
	buf_free(&stars);
	if (k == NULL || (category = category_of(k)) == NULL)
		return 0;
	scope = scope_of(k, (struct slice){ category, strlen(category) });
	return rules_held(r, scope.p, scope.n);
}
