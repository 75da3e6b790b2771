/* SPDX-License-Identifier: ISC */
/*
 * What an import does with records of each kind and category: the map's rows
 * (pkg-map(5), Merging), and what the user has said otherwise.
 */
#ifndef MERGE_RULES_H
#define MERGE_RULES_H

#include <stddef.h>
#include <stdint.h>	/* numbers */

#include "base/buf.h"	/* the list inside */
#include "base/slice.h"	/* slices */
#include "merge/policy.h"	/* what is done */

struct diag;
struct kindof;
struct map;
struct map_kind;
struct map_row;
struct record;

/* of the records of one kind (in one place of the map) and category */
struct rule {
	const struct map_kind *kind;	/* NULL: a file, or unknown */
	struct slice category;		/* of its own; p NULL: none */
	enum action action;
	const char *word;		/* NULL, or the status it gets */
	int held;			/* the source's export holds it */
	int told;			/* ... as it says itself */
	int chosen;			/* --only has it, or is not given */
	int task, orphan, apart, keyed, counts, unites, secret, local, names;
	int place;			/* rank of its kind in the map */
	int follows;			/* @open, @data: as what they are of */
	uint64_t target;		/* records there are of it */
};

struct rules;

/*
 * Rules of a map (NULL: none is known; all is replaced).  Policies are right.
 * All is borrowed.
 */
struct rules *rules_open(struct diag *, const struct map *,
	    const struct rules_ask *);
void	rules_close(struct rules *);
const struct map *rules_map(const struct rules *);

/* whether this is a full import */
int	rules_full(const struct rules *);

/* whether the map knows references that are resource paths */
int	rules_paths(const struct rules *);

/* the number of a record's rule; kindof of its stream, or NULL.  0 or -1 */
int	rules_find(struct rules *, struct kindof *, const struct record *,
	    uint16_t *number);
struct rule *rules_at(const struct rules *, unsigned number);
unsigned rules_count(const struct rules *);

/*
 * Say what the source holds: options is the value of what its export says of
 * itself (the map's "holds"), p NULL if it says nothing; it is borrowed.
 */
void	rules_scope(struct rules *, struct slice options);

/* the record that says it: whether this is it */
int	rules_holds(const struct rules *, const struct record *);

/* the record that tells the version; whether only the same will do */
int	rules_tells_version(const struct rules *, const struct record *);
int	rules_same_version(const struct rules *);

/* a rule more, for what shall not be imported: its number; 0 or -1 */
int	rules_keep(struct rules *, uint16_t *);

/* whether the source's export leaves out anything that there is a rule for */
int	rules_partial(const struct rules *);

/* whether there is a rule with a counter */
int	rules_counts(const struct rules *);

/* whether there is a rule by which the import may fail */
int	rules_may_fail(const struct rules *);

/* whether the source's export holds what stands in a container at a place */
int	rules_inside(const struct rules *, struct slice file, struct slice at);

/* the first row of a kind with this word, or NULL */
const struct map_row *rules_row(const struct map_kind *, const char *word);

#endif
