/* SPDX-License-Identifier: ISC */
/*
 * What an import does with records of each sort: the map's rows (pkg-map(5),
 * Merging), and what the user has said otherwise.
 */
#ifndef MERGE_RULES_H
#define MERGE_RULES_H

#include <stddef.h>
#include <stdint.h>	/* numbers */

#include "base/slice.h"	/* slices */
#include "map/action.h"	/* what is done */
#include "match/sorts.h"	/* what it is done with */

struct diag;
struct map;
struct side;

/* what the user wants; strings are borrowed */
struct rules_ask {
	int full;
	const char *utterances, *patterns;	/* append, replace or NULL */
	const char *const *policies;		/* KIND=ACTION */
	size_t npolicies;
	const char *const *only;		/* categories; none: all */
	size_t nonly;
};

/* the action of a policy, KIND=ACTION; ACTIONS: it is none */
enum action policy_action(const char *);

/* of sorts that an import treats alike; the first of them stands for all */
struct rule {
	struct sort sort;	/* its texts are borrowed */
	enum action action;
	const char *word;	/* NULL, or the status it gets */
	int held;		/* the source's export holds it */
	int told;		/* ... as it says itself */
	int chosen;		/* --only has it, or is not given */
	uint64_t target;	/* records there are of it */
	int none_stays;		/* none of these can stay */
};

struct rules;

/*
 * Rules of a map (NULL: none is known; all is replaced).  Policies are right.
 * All is borrowed.
 */
struct rules *rules_open(struct diag *, const struct map *,
	    const struct rules_ask *);
void	rules_close(struct rules *);

/* the sorts that the two sides are read with, and the rules of a side */
struct sorts *rules_sorts(struct rules *);
struct rules *rules_of(const struct side *);

/* whether this is a full import */
int	rules_full(const struct rules *);

/* the rule of a record */
struct rule *rules_rule(const struct side *, uint32_t node);

/* whether only a source of the target's version will do */
int	rules_same_version(const struct rules *);

/* of no rule are there any records */
void	rules_uncount(struct rules *);

/*
 * Note of which rules no records were counted; whether there is one, of what
 * comes only then, that was not noted before.
 */
int	rules_none_stays(struct rules *);

/*
 * Say what the source holds: options is the value of what its export says of
 * itself (the map's "holds"), p NULL if it says nothing; it is borrowed.
 * Both sides have been read.
 */
void	rules_scope(struct rules *, struct slice options);

/* whether the source's export leaves out anything that there is a rule for */
int	rules_partial(const struct rules *);

/* whether there is a rule with a counter */
int	rules_counts(struct rules *);

/* whether there is a rule by which the import may fail */
int	rules_may_fail(struct rules *);

/* whether the source's export holds what stands in a container at a place */
int	rules_inside(const struct rules *, struct slice file, struct slice at);

#endif
