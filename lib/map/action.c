/* SPDX-License-Identifier: ISC */
/*
 * The words of a map that say what is done.
 */
#include "map/action.h"

#include <string.h>

#include "map/map.h"

const char *const action_words[ACTIONS + 1] = {
	[ACTION_REPLACE] = "replace", [ACTION_REPLACE_ALL] = "replace-all",
	[ACTION_ADD] = "add", [ACTION_IF_NONE] = "if-none",
	[ACTION_KEEP] = "keep", [ACTION_CLEAR] = "clear",
	[ACTION_UNION] = "union", [ACTION_ERROR] = "error",
};

const char *const request_words[REQUESTS + 1] = {
	[REQUEST_MODE] = "mode", [REQUEST_IGNORE] = "ignore",
	[REQUEST_CATEGORY] = "category", [REQUEST_FLAG] = "flag",
	[REQUEST_ID] = "id", [REQUEST_DEPS] = "deps",
	[REQUEST_WITHOUT] = "without",
};

/* the number of a word among n, or n */
static int
number_of(const char *word, const char *const *words, int n)
{
	int i;

	for (i = 0; i < n && strcmp(words[i], word) != 0; i++)
		continue;
	return i;
}

enum action
action_of(const char *word)
{
	return (enum action)number_of(word, action_words, ACTIONS);
}

enum request_act
request_of(const struct map_row *r)
{
	return (enum request_act)number_of(r->args[1], request_words, REQUESTS);
}
