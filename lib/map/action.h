/* SPDX-License-Identifier: ISC */
/*
 * The words of a map that say what is done: by an import, and with the members
 * of a request to a platform's export API.
 */
#ifndef MAP_ACTION_H
#define MAP_ACTION_H

struct map_row;

/* what an import does with components of a kind: rows "full", "incremental" */
enum action {
	ACTION_REPLACE, ACTION_REPLACE_ALL, ACTION_ADD, ACTION_IF_NONE,
	ACTION_KEEP, ACTION_CLEAR, ACTION_UNION, ACTION_ERROR,
	ACTIONS
};

/* what a member of a request means: rows "request PATH ACTION ..." */
enum request_act {
	REQUEST_MODE,		/* which versions: for pkg-filter-status */
	REQUEST_IGNORE,
	REQUEST_CATEGORY,	/* texts: categories below the row's */
	REQUEST_FLAG,		/* true: the row's category */
	REQUEST_ID,		/* texts: components of the row's kind */
	REQUEST_DEPS,		/* true: dependent tasks; of kinds, if any */
	REQUEST_WITHOUT,	/* texts: not these of the row's kinds; true:
				   none of them */
	REQUESTS
};

/* the words of both, by their numbers; the last is NULL */
extern const char *const action_words[ACTIONS + 1];
extern const char *const request_words[REQUESTS + 1];

/* the action of a word; ACTIONS: it is none */
enum action action_of(const char *word);

/* that of a row "request" */
enum request_act request_of(const struct map_row *);

#endif
