/* SPDX-License-Identifier: ISC */
/*
 * What an import does with records of each sort.
 */
#include "merge/policy.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "json/string.h"
#include "map/map.h"
#include "match/side.h"
#include "merge/scope.h"

struct policy {
	struct sorts sorts;	/* the first, for policy_of() */
	const struct policy_ask *ask;
	struct buf of;		/* by the number of a sort: that of its rule */
	struct buf list;	/* of struct rule */
	struct scope scope;
	int partial;		/* the source's export lacks some */
	int counts;		/* a rule has a counter */
	int may_fail;		/* by a rule the import may fail */
};

/* the action's word of a policy; NULL: it has no "=" */
static const char *
after_equals(const char *policy)
{
	const char *word = strchr(policy, '=');

	return word == NULL ? NULL : word + 1;
}

enum action
policy_action(const char *policy)
{
	const char *word = after_equals(policy);

	return word == NULL || word == policy + 1 ? ACTIONS :
	    map_action(word);
}

/* what a policy, which becomes the rule's, says of a kind; ACTIONS: nothing */
static enum action
said_of(const struct policy_ask *ask, const char *kind, struct rule *rule)
{
	const char *p;
	enum action a = ACTIONS;
	size_t i;

	for (i = 0; i < ask->npolicies; i++) {
		p = ask->policies[i];
		if (slice_is((struct slice){ p,
		    (size_t)(after_equals(p) - 1 - p) }, kind)) {
			a = map_action(after_equals(p));
			rule->option = "--policy";
			rule->said = p;
		}
	}
	return a;
}

/* of a kind that belongs to another, what is said of that one */
static enum action
said_of_owner(const struct policy_ask *ask, const struct map_kind *k,
    struct rule *rule)
{
	enum action a;
	size_t i;

	for (i = 0; i < k->nrefs; i++) {
		if (k->refs[i].list != RECORD_OWNER || k->task)
			continue;
		a = said_of(ask, k->refs[i].kind, rule);
		if (a != ACTIONS && map_action_traits[a].owned != ACTIONS)
			return map_action_traits[a].owned;
	}
	rule->option = NULL;
	return ACTIONS;
}

/*
 * append or replace, as an option, "--" and a word, has it (NULL: it is not
 * given), for a category whose last step is this word
 */
static enum action
option_of(const char *said, const char *option, struct rule *rule)
{
	struct slice category = rule->sort.category;
	const char *word = option + 2;
	size_t n = strlen(word);

	if (said == NULL || category.n <= n ||
	    memcmp(category.p + category.n - n, word, n) != 0 ||
	    category.p[category.n - n - 1] != '/')
		return ACTIONS;
	rule->option = option;
	rule->said = said;
	return strcmp(said, "append") == 0 ? ACTION_UNION :
	    ACTION_REPLACE_ALL;
}

/* the row full or incremental for a member with a key; else the one for all */
static const char *
row_action(const struct policy_ask *ask, const struct map_kind *k,
    const char *key)
{
	const char *word = ask->full ? "full" : "incremental";
	const char *all = NULL;
	const struct map_row *row;
	size_t i;

	for (row = NULL; (row = map_kind_next_row(k, word, row)) != NULL; ) {
		if (row->nargs == 1)
			all = row->args[0];
		for (i = 1; i < row->nargs; i++) {
			if (strcmp(row->args[i], key) == 0)
				return row->args[0];
		}
	}
	return all;
}

/* what is done with components of a rule's sort */
static enum action
action_for(const struct policy_ask *ask, struct rule *rule)
{
	const struct map_kind *k = rule->sort.kind;
	enum action a;
	const char *word;

	if ((a = said_of(ask, rule->sort.called, rule)) != ACTIONS)
		return a;
	if (!ask->full && ((a = option_of(ask->utterances, "--utterances",
	    rule)) != ACTIONS || (a = option_of(ask->patterns, "--patterns",
	    rule)) != ACTIONS))
		return a;
	if (k == NULL)
		return ask->full ? ACTION_REPLACE_ALL : ACTION_REPLACE;
	if ((a = said_of_owner(ask, k, rule)) != ACTIONS)
		return a;
	word = row_action(ask, k, rule->sort.key);
	a = word == NULL ? ACTIONS : map_action(word);
	return a == ACTIONS ? ACTION_REPLACE : a;
}

struct policy *
policy_open(struct diag *d, const struct map *m, const struct policy_ask *ask)
{
	struct policy *r = xcalloc(1, sizeof(*r));

	r->ask = ask;
	r->scope = (struct scope){ .map = m, .only = ask->only,
	    .nonly = ask->nonly };
	sorts_init(&r->sorts, d, m);
	return r;
}

void
policy_close(struct policy *r)
{
	if (r == NULL)
		return;
	sorts_free(&r->sorts);
	buf_free(&r->of);
	buf_free(&r->list);
	scope_free(&r->scope);
	free(r);
}

struct sorts *
policy_sorts(struct policy *r)
{
	return &r->sorts;
}

struct policy *
policy_of(const struct side *s)
{
	return (struct policy *)s->sorts;
}

int
policy_full(const struct policy *r)
{
	return r->ask->full;
}

static struct rule *
rule_at(const struct policy *r, size_t i)
{
	return buf_item(&r->list, i, sizeof(struct rule));
}

static size_t
rule_count(const struct policy *r)
{
	return r->list.len / sizeof(struct rule);
}

/* what is done with a file that is not split */
static enum action
file_action(const struct policy *r, const struct sort *sort)
{
	enum action a;

	if (sort->raw == NULL)
		return r->ask->full ? ACTION_REPLACE_ALL : ACTION_REPLACE;
	a = map_action(sort->raw->args[r->ask->full ? 2 : 3]);
	return a == ACTIONS ? ACTION_REPLACE : a;
}

/* the rule of a sort, as the map's rows and the user's policies have it */
static struct rule
make_rule(const struct policy *r, const struct sort *sort)
{
	struct rule rule = { .sort = *sort, .held = 1, .chosen = 1 };
	const struct map_row *reset;

	if (sort->place == SORT_EXCLUDED) {
		rule.action = ACTION_KEEP;
		rule.chosen = 0;
	} else if (sort->place == SORT_FILE) {
		rule.action = file_action(r, sort);
	} else if (!sort->follows) {
		rule.action = action_for(r->ask, &rule);
	}
	if (sort->kind != NULL && !r->ask->full &&
	    (reset = map_kind_row(sort->kind, "reset")) != NULL &&
	    strcmp(reset->args[0], "status") == 0)
		rule.word = reset->args[1];
	return rule;
}

/* whether one rule will do for both */
static int
is_alike(const struct rule *a, const struct rule *b)
{
	return a->action == b->action && a->sort.kind == b->sort.kind &&
	    a->sort.place == b->sort.place &&
	    a->sort.follows == b->sort.follows &&
	    slice_same(a->sort.category, b->sort.category);
}

/* the rules of the sorts that were found since the last time */
static void
add_rules(struct policy *r)
{
	struct rule rule;
	uint16_t i;
	size_t n;

	while ((n = r->of.len / sizeof(i)) < sorts_count(&r->sorts)) {
		rule = make_rule(r, sorts_at(&r->sorts, (unsigned)n));
		for (i = 0; i < rule_count(r); i++) {
			if (is_alike(rule_at(r, i), &rule))
				break;
		}
		if (i == rule_count(r))
			buf_add(&r->list, &rule, sizeof(rule));
		r->counts |= rule.sort.counts;
		r->may_fail |= policy_traits(&rule)->pair == PAIR_SAME;
		buf_add(&r->of, &i, sizeof(i));
	}
}

struct rule *
policy_rule(const struct side *s, uint32_t node)
{
	struct policy *r = policy_of(s);
	unsigned number = side_node(s, node)->flags;

	if (number >= r->of.len / sizeof(uint16_t))
		add_rules(r);
	return rule_at(r, ((uint16_t *)(void *)r->of.ptr)[number]);
}

void
policy_tell(const struct policy *r, const struct rule *rule, struct buf *b)
{
	if (rule->sort.kind == NULL && rule->sort.raw == NULL)
		return;	/* rules of unknown kinds may be one (is_alike()) */
	if (rule->option == NULL) {
		buf_printf(b, "map: %s %s", r->ask->full ? "full" :
		    "incremental", map_actions[rule->action]);
		return;
	}
	buf_printf(b, "%s ", rule->option);
	string_encode(b, rule->said, strlen(rule->said));
}

int
policy_same_version(const struct policy *r)
{
	const struct map_row *version = r->sorts.version;

	return version != NULL && version->nargs > 1 &&
	    strcmp(version->args[1], "same") == 0;
}

int
policy_partial(const struct policy *r)
{
	return r->partial;
}

int
policy_counts(struct policy *r)
{
	add_rules(r);
	return r->counts;
}

int
policy_may_fail(struct policy *r)
{
	add_rules(r);
	return r->may_fail;
}

void
policy_uncount(struct policy *r)
{
	size_t i;

	add_rules(r);
	for (i = 0; i < rule_count(r); i++)
		rule_at(r, i)->target = 0;
}

int
policy_none_stays(struct policy *r)
{
	struct rule *rule;
	size_t i;
	int any = 0;

	for (i = 0; i < rule_count(r); i++) {
		rule = rule_at(r, i);
		any |= policy_traits(rule)->new == NEW_IF_NONE &&
		    !rule->none_stays && rule->target == 0;
		rule->none_stays |= rule->target == 0;
	}
	return any;
}

void
policy_scope(struct policy *r, struct slice options)
{
	struct rule *rule;
	size_t i;

	scope_tell(&r->scope, options);
	add_rules(r);
	for (i = 0; i < rule_count(r); i++) {
		rule = rule_at(r, i);
		if (rule->sort.follows)
			continue;
		rule->held = scope_has(&r->scope, rule->sort.kind,
		    rule->sort.category, &rule->told);
		r->partial |= !rule->held;
		rule->chosen = scope_chosen(&r->scope, rule->sort.category);
	}
}

int
policy_inside(const struct policy *r, struct slice file, struct slice at)
{
	return scope_inside(&r->scope, file, at);
}
