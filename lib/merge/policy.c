/* SPDX-License-Identifier: ISC */
/*
 * What an import does with a kind of component.
 */
#include "merge/policy.h"

#include <string.h>

#include "map/action.h"
#include "map/map.h"

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
	    action_of(word);
}

/* what a policy says of a kind; ACTIONS: nothing */
static enum action
said_of(const struct rules_ask *ask, const char *kind)
{
	const char *p;
	enum action a = ACTIONS;
	size_t i;

	for (i = 0; i < ask->npolicies; i++) {
		p = ask->policies[i];
		if (slice_is((struct slice){ p,
		    (size_t)(after_equals(p) - 1 - p) }, kind))
			a = action_of(after_equals(p));
	}
	return a;
}

/* of a kind that belongs to another, what is said of that one */
static enum action
said_of_owner(const struct rules_ask *ask, const struct map_kind *k)
{
	enum action a;
	size_t i;

	for (i = 0; i < k->nrefs; i++) {
		if (k->refs[i].list != RECORD_OWNER || k->task)
			continue;
		a = said_of(ask, k->refs[i].kind);
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
map_action(const struct rules_ask *ask, const struct map_kind *k,
    const char *key)
{
	const char *word = ask->full ? "full" : "incremental";
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

enum action
policy_for(const struct rules_ask *ask, const struct map_kind *k,
    const char *kind, const char *key, struct slice category)
{
	enum action a;
	const char *word;

	if ((a = said_of(ask, kind)) != ACTIONS)
		return a;
	if (!ask->full && ((a = option_of(ask->utterances, "/utterances",
	    category)) != ACTIONS || (a = option_of(ask->patterns,
	    "/patterns", category)) != ACTIONS))
		return a;
	if (k == NULL)
		return ask->full ? ACTION_REPLACE_ALL : ACTION_REPLACE;
	if ((a = said_of_owner(ask, k)) != ACTIONS)
		return a;
	word = map_action(ask, k, key);
	a = word == NULL ? ACTIONS : action_of(word);
	return a == ACTIONS ? ACTION_REPLACE : a;
}
