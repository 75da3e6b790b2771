/* SPDX-License-Identifier: ISC */
/*
 * Sorts of records: those of one kind (in one place of the map) and category,
 * and what the map's rows say of them that a comparison of two streams needs.
 *
 * What is done with each is its caller's: see merge/policy.h.
 */
#ifndef MATCH_SORTS_H
#define MATCH_SORTS_H

#include <stdint.h>	/* numbers */

#include "base/buf.h"	/* the list inside */
#include "base/slice.h"	/* slices */

struct diag;
struct classifier;
struct map;
struct map_kind;
struct map_row;
struct record;

/* the first sort: lines that are what they belong to is */
#define SORT_FOLLOWS 0

/* texts are the list's own */
struct sort {
	const struct map_kind *kind;	/* NULL: a file, or unknown */
	char *called;			/* the kind's word */
	struct slice category;		/* of its own; p NULL: none */
	char *key;	/* the member, where the map tells members apart */
	const struct map_row *raw;	/* of a file that is not split */
	int place;			/* rank of its kind in the map */
	int follows;			/* @open, @data: as what they are of */
	int unlisted;	/* its language may be none of the agent's */
	const struct map_row *languages;	/* lists those, or NULL */
	int task, orphan, apart, keyed, counts, unites, secret, local, names;
};

/* sort.place of what is no component of the map */
enum { SORT_FILE = -1, SORT_EXCLUDED = -2 };

/* all sorts of two streams; zeroed but for what sorts_init() sets */
struct sorts {
	struct diag *diag;
	const struct map *map;
	struct buf list;	/* of struct sort */
	const struct map_row *holds, *version;
	const char *resource;	/* what its resource paths begin with, or
				   NULL */
	int local;		/* every kind has members of its own copy */
	uint16_t last;		/* found last, of components */
	struct buf like;	/* kind, category, file and place found last */
	struct buf text;
};

/* of a map (NULL: none is known), which is borrowed */
void	sorts_init(struct sorts *, struct diag *, const struct map *);
void	sorts_free(struct sorts *);

/* the number of a record's sort; kindof of its stream, or NULL.  0 or -1 */
int	sorts_find(struct sorts *, struct classifier *, const struct record *,
	    uint16_t *number);

/* a sort more, for what is left out: its number; 0 or -1 */
int	sorts_exclude(struct sorts *, uint16_t *number);

/* they last until the next sort is found */
const struct sort *sorts_at(const struct sorts *, unsigned number);
unsigned sorts_count(const struct sorts *);

/* whether a record is the one that says what its export holds */
int	sorts_holds(const struct sorts *, const struct record *);

/* whether it is the one that tells the platform's version */
int	sorts_tells_version(const struct sorts *, const struct record *);

#endif
