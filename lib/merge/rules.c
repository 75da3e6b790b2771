/* SPDX-License-Identifier: ISC */
/*
 * What an import does with records of each sort.
 */
#include "merge/rules.h"

#include <stdlib.h>
#include <string.h>

#include "map/map.h"
#include "match/side.h"
#include "merge/scope.h"

struct rules {
	struct sorts sorts;	/* the first, for rules_of() */
	const struct rules_ask *ask;
	struct buf of;		/* by the number of a sort: that of its rule */
	struct buf list;	/* of struct rule */
	struct scope scope;
};

struct rules *
rules_open(struct diag *d, const struct map *m, const struct rules_ask *ask)
{
	struct rules *r = xcalloc(1, sizeof(*r));

	r->ask = ask;
	r->scope = (struct scope){ .map = m, .ask = ask };
	sorts_init(&r->sorts, d, m);
	return r;
}

void
rules_close(struct rules *r)
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
rules_sorts(struct rules *r)
{
	return &r->sorts;
}

struct rules *
rules_of(const struct side *s)
{
	return (struct rules *)s->sorts;
}

const struct map *
rules_map(const struct rules *r)
{
	return r->sorts.map;
}

int
rules_full(const struct rules *r)
{
	return r->ask->full;
}

static struct rule *
rule_at(const struct rules *r, size_t i)
{
	return (struct rule *)(void *)r->list.ptr + i;
}

static size_t
rule_count(const struct rules *r)
{
	return r->list.len / sizeof(struct rule);
}

/* what is done with a file that is not split */
static enum action
file_action(const struct rules *r, const struct sort *sort)
{
	enum action a;

	if (sort->raw == NULL)
		return r->ask->full ? ACTION_REPLACE_ALL : ACTION_REPLACE;
	a = action_of(sort->raw->args[r->ask->full ? 2 : 3]);
	return a == ACTIONS ? ACTION_REPLACE : a;
}

/* the rule of a sort, as the map's rows and the user's policies have it */
static struct rule
make_rule(const struct rules *r, const struct sort *sort)
{
	struct rule rule = { .sort = *sort, .held = 1, .chosen = 1 };
	const struct map_row *reset;

	if (sort->place == SORT_EXCLUDED) {
		rule.action = ACTION_KEEP;
		rule.chosen = 0;
	} else if (sort->place == SORT_FILE) {
		rule.action = file_action(r, sort);
	} else if (!sort->follows) {
		rule.action = policy_for(r->ask, sort->kind, sort->called,
		    sort->key, sort->category);
	}
	if (sort->kind != NULL && !r->ask->full &&
	    (reset = sorts_row(sort->kind, "reset")) != NULL &&
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
add_rules(struct rules *r)
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
		buf_add(&r->of, &i, sizeof(i));
	}
}

struct rule *
rules_at(struct rules *r, unsigned number)
{
	if (number >= r->of.len / sizeof(uint16_t))
		add_rules(r);
	return rule_at(r, ((uint16_t *)(void *)r->of.ptr)[number]);
}

struct rule *
rules_rule(const struct side *s, uint32_t node)
{
	return rules_at(rules_of(s), side_node(s, node)->flags);
}

int
rules_same_version(const struct rules *r)
{
	const struct map_row *version = r->sorts.version;

	return version != NULL && version->nargs > 1 &&
	    strcmp(version->args[1], "same") == 0;
}

int
rules_partial(struct rules *r)
{
	size_t i;

	add_rules(r);
	for (i = 0; i < rule_count(r); i++) {
		if (!rule_at(r, i)->held)
			return 1;
	}
	return 0;
}

int
rules_counts(struct rules *r)
{
	size_t i;

	add_rules(r);
	for (i = 0; i < rule_count(r); i++) {
		if (rule_at(r, i)->sort.counts)
			return 1;
	}
	return 0;
}

int
rules_may_fail(struct rules *r)
{
	size_t i;

	add_rules(r);
	for (i = 0; i < rule_count(r); i++) {
		if (rule_at(r, i)->action == ACTION_ERROR)
			return 1;
	}
	return 0;
}

void
rules_uncount(struct rules *r)
{
	size_t i;

	add_rules(r);
	for (i = 0; i < rule_count(r); i++)
		rule_at(r, i)->target = 0;
}

int
rules_none_stays(struct rules *r)
{
	struct rule *rule;
	size_t i;
	int any = 0;

	for (i = 0; i < rule_count(r); i++) {
		rule = rule_at(r, i);
		any |= rule->action == ACTION_IF_NONE && !rule->none_stays &&
		    rule->target == 0;
		rule->none_stays |= rule->target == 0;
	}
	return any;
}

void
rules_scope(struct rules *r, struct slice options)
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
		rule->chosen = scope_chosen(&r->scope, rule->sort.category);
	}
}

int
rules_inside(const struct rules *r, struct slice file, struct slice at)
{
	return scope_inside(&r->scope, file, at);
}
