/* SPDX-License-Identifier: ISC */
/*
 * A map in memory: what a platform's packages hold and where (pkg-map(5)).
 *
 * The rows are compiled into patterns that the walker of a document matches
 * (pathmatch.h); a pattern that is met gives a hit, and a hit says which kind
 * of component begins here, or which part of an envelope the value is.
 *
 * The folder, in the order to read it: rows.h, a map's text in words; this;
 * compile.h and compile_kind.h, which make it of the rows, and check.h; then
 * what is asked of it: registry.h, file_match.h, classify.h, refform.h,
 * lost.h, variable.h, languages.h; capture.h and envelope.h, what it says of a
 * component.
 */
#ifndef MAP_MAP_H
#define MAP_MAP_H

#include <stddef.h>
#include <stdint.h>	/* limits pass 4 GiB */

#include "map/refform.h"	/* how values name what they refer to */
#include "map/rows.h"	/* the rows inside */
#include "stream/record.h"	/* which member of the envelope */

struct pathmatch;
struct style;

/* where a word of an envelope comes from */
enum map_from {
	FROM_PLACE,	/* a member of the component, by its path */
	FROM_CAPTURE,	/* what a "*" of the path to it stood for */
	FROM_PARENT,	/* the id of the component it stands in */
	FROM_TEXT	/* the map itself */
};

struct map_source {
	enum map_from from;
	const struct refform *form;
	unsigned capture;	/* FROM_CAPTURE: from 1, the file's first; 0:
				   the component's own key */
	char *text;		/* FROM_TEXT; or the form's argument */
	char *path;		/* FROM_PLACE: "" is the component itself */
	int from_top;		/* of "in" or "if": the path is seen from the
				   component, not from the value's container */
};

/* one part of a member: the first source that is there */
struct map_part {
	struct map_source *sources;
	size_t n;
};

/* a member of the envelope: parts joined by "/"; lists take all sources */
struct map_member {
	struct map_part *parts;
	size_t n;
};

/* what becomes of a component one of whose references is lost */
enum map_repair {
	REPAIR_UNSAID,	/* the row does not say: see repair.h */
	REPAIR_KEEP,
	REPAIR_RECORD,	/* it goes */
	REPAIR_MEMBER,	/* the member with the value goes */
	REPAIR_ELEMENT,	/* the array's element around the value goes */
	REPAIR_VALUE,	/* the value becomes another */
	REPAIR_MEMBERS,	/* members of the component get values */
	REPAIR_PLAIN	/* the word stays, as plain text */
};

struct map_lost {
	enum map_repair repair;
	const char *path;	/* REPAIR_ELEMENT: of which; NULL: nearest */
	char **set;		/* REPAIR_VALUE: the value; REPAIR_MEMBERS:
				   key and value in turn; of the row */
	size_t nset;
};

/* a word inside a component that names a part of it */
struct map_inner_link {
	const struct map_row *row;
	struct map_lost lost;
};

/* a reference: owner, needs, links or refs */
struct map_ref {
	enum record_field list;
	char *kind;		/* what it leads to */
	int soft;		/* "?": it may be built in */
	struct map_source source;
	const char *by;		/* "id", "alias" or "name" */
	struct map_source *scope;	/* NULL, or what stands before it */
	/* only if this (NULL: always) has one of the values */
	struct map_source *condition;
	char **values;		/* borrowed of the row */
	size_t nvalues;
	struct map_lost lost;
	const struct map_row *row;
};

/* a category, for members of one key or (NULL) for all others */
struct map_category {
	const char *key;
	const char *category;
};

struct map_kind {
	char *name;
	int task;
	struct map_member members[RECORD_AT];	/* by enum record_field */
	struct map_ref *refs;
	size_t nrefs;
	struct map_category *categories;
	size_t ncategories;
	/* only what has this (NULL: all), with one of the values */
	struct map_source *when;
	char **when_values;
	size_t nwhen;
	int scoped;		/* its id has the parent's in it */
	struct map_source *called;	/* what its name is made of, or NULL */
	const struct map_row *required;	/* what it must not lack, or NULL */
	struct map_source *same;	/* pairs that should say the same */
	size_t nsame;			/* sources in them */
	struct map_inner_link *inner_links;
	size_t ninner_links;
	const struct map_row *rows;	/* its own, from the kind's on */
	size_t nrows;
};

/* what a pattern that was met says */
struct map_hit {
	const struct map_kind *kind;
	const struct map_source *source;	/* NULL: it begins here ... */
	const char *place;			/* ... by this path */
};

enum map_type { MAP_JSON, MAP_TEXT, MAP_BINARY };

/* files of one name in the map's "in" rows, and the patterns for them */
struct map_group {
	char *name;
	struct pathmatch *paths;
	struct map_hit *hits;
	size_t nhits;
	int split;		/* components stand below their root */
	const struct map_row *owner;	/* whose files these are; or NULL */
	const struct map_row *called;	/* what else in them is called */
};

struct map_file {
	const char *pattern;	/* borrowed of the rows, as all strings here */
	enum map_type type;
	const struct style *style;	/* the default */
	int newline;		/* the default ends with one */
	const char *edition;	/* NULL: it does not tell */
	int guess;		/* it may belong to something else: not taken
				   from a directory unasked */
	int tells;		/* its name tells the platform ... */
	char **keys;		/* ... if it has these top-level members */
	size_t nkeys;
	struct map_group *group;
};

/* rows of one word */
struct map_list {
	const struct map_row **rows;
	size_t n;
};

struct map {
	const char *platform;
	const char *title;	/* for people */
	const char *foreign;	/* not understood: what to say; or NULL */
	int percent;		/* file names are percent-encoded names */
	struct map_file *files;
	size_t nfiles;
	struct map_group **groups;
	size_t ngroups;
	struct map_kind **kinds;
	size_t nkinds;
	struct map_list words, builtins, limits;
	const struct map_row *every;	/* the first row for every kind */
	size_t nevery;
	int complete;		/* its kinds are compiled, too ... */
	int walks;		/* ... and the groups' patterns */
	struct map_rows rows;
};

/*
 * The next row of the platform (not of a kind) with a word, after one of them
 * (NULL: the first).  NULL: no more; also of a map that is NULL.
 */
const struct map_row *map_next_row(const struct map *, const char *word,
	    const struct map_row *after);
const struct map_row *map_row(const struct map *, const char *word);

/* the first of them whose first argument is this text, or NULL */
const struct map_row *map_row_of(const struct map *, const char *word,
	    struct slice text);

/* the same of a kind's own rows */
const struct map_row *map_kind_next_row(const struct map_kind *,
	    const char *word, const struct map_row *after);
const struct map_row *map_kind_row(const struct map_kind *, const char *word);
const struct map_row *map_kind_row_of(const struct map_kind *,
	    const char *word, const char *text);

/* whether the rows for every kind have a word; the map may be NULL */
int	map_every(const struct map *, const char *word);

/*
 * The next kind of a name: blocks of several may have one.  *at is 0 at
 * first; NULL: no more.
 */
const struct map_kind *map_next_kind(const struct map *, struct slice name,
	    size_t *at);

/* what an import does with components of a kind: rows "full", "incremental" */
enum action {
	ACTION_REPLACE, ACTION_REPLACE_ALL, ACTION_ADD, ACTION_IF_NONE,
	ACTION_KEEP, ACTION_CLEAR, ACTION_UNION, ACTION_ERROR,
	ACTIONS
};

/* what it does with what both sides have */
enum action_pair {
	PAIR_STAYS,	/* the target's stays, and keeps its id */
	PAIR_TAKEN,	/* the source's replaces it */
	PAIR_UNITED,	/* they are united, where the rows say how */
	PAIR_SAME,	/* an error if they differ */
	PAIR_CLEARED	/* both go */
};

/* ... with what only the source has */
enum action_new { NEW_COMES, NEW_KEPT_OUT, NEW_IF_NONE };

/* ... with what only the target has; it may stay with what is around it */
enum action_old { OLD_STAYS, OLD_ABSENT, OLD_OWNED, OLD_CLEARED };

/* all that an action means: merge/decide.c asks most */
struct action_traits {
	enum action_pair pair;
	enum action_new new;	/* NEW_IF_NONE: only if the target has none
				   that stays; then it replaces, too */
	enum action_old old;	/* OLD_ABSENT: it goes; OLD_OWNED: if all that
				   it belongs to is replaced */
	int comes;	/* of a pair the source's, if the target's must go */
	enum action owned;	/* --policy: done with what belongs to it;
				   ACTIONS: what the map says */
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
extern const char *const map_actions[ACTIONS + 1];
extern const char *const map_requests[REQUESTS + 1];
extern const struct action_traits map_action_traits[ACTIONS];

/* the action of a word; ACTIONS: it is none */
enum action map_action(const char *word);

/* that of a row "request" */
enum request_act map_request(const struct map_row *);

/* the group whose files are called so in "in" rows, or NULL */
struct map_group *map_group(const struct map *, const char *name);

/* whether a value is one of a list; a last "*" stands for any ending */
int	map_among(char *const *values, size_t n, const char *value, size_t len);

/* the canonical spelling of a word (field: "status", "category") */
const char *map_word(const struct map *, const char *field, const char *word,
	    size_t n);

/* whether the platform itself has a component of this kind and name */
int	map_builtin(const struct map *, const char *kind, const char *name,
	    size_t n);

/*
 * The limit in bytes for a group of files, or "package", in an edition (NULL:
 * unknown); 0: none.
 */
uint64_t map_limit(const struct map *, const char *what, const char *edition);

#endif
