/* SPDX-License-Identifier: ISC */
/*
 * What an import does with records of each sort: the map's rows (pkg-map(5),
 * Merging and comparing), and what the user has said otherwise.
 */
#ifndef MERGE_POLICY_H
#define MERGE_POLICY_H

#include <stddef.h>
#include <stdint.h>	/* numbers */

#include "base/slice.h"	/* slices */
#include "map/map.h"	/* what is done */
#include "match/sorts.h"	/* what it is done with */

struct diag;
struct map;
struct side;

/* what the user wants; strings are borrowed */
struct policy_ask {
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
	const char *option, *said;	/* of its action: --policy and the
				   like, and the value; NULL: the map's */
	int held;		/* the source's export holds it */
	int told;		/* ... as it says itself */
	int chosen;		/* --only has it, or is not given */
	uint64_t target;	/* records there are of it */
	int none_stays;		/* none of these can stay */
};

/* what a rule does, as the action's row in map.c has it */
static inline const struct action_traits *
policy_traits(const struct rule *r)
{
	return &map_action_traits[r->action];
}

struct buf;
struct policy;

/*
 * Rules of a map (NULL: none is known; all is replaced).  Policies are right.
 * All is borrowed.
 */
struct policy *policy_open(struct diag *, const struct map *,
	    const struct policy_ask *);
void	policy_close(struct policy *);

/* the sorts that the two sides are read with, and the rules of a side */
struct sorts *policy_sorts(struct policy *);
struct policy *policy_of(const struct side *);

/* whether this is a full import */
int	policy_full(const struct policy *);

/* the rule of a record */
struct rule *policy_rule(const struct side *, uint32_t node);

/*
 * Append whence a rule has its action, "map: full replace-all" or an option,
 * as in a JSON string; nothing of what no row of the map is about
 */
void	policy_tell(const struct policy *, const struct rule *, struct buf *);

/* whether only a source of the target's version will do */
int	policy_same_version(const struct policy *);

/* of no rule are there any records */
void	policy_uncount(struct policy *);

/*
 * Note of which rules no records were counted; whether there is one, of what
 * comes only then, that was not noted before.
 */
int	policy_none_stays(struct policy *);

/*
 * Say what the source holds: options is the value of what its export says of
 * itself (the map's "holds"), p NULL if it says nothing; it is borrowed.
 * Both sides have been read.
 */
void	policy_scope(struct policy *, struct slice options);

/* whether the source's export leaves out anything that there is a rule for */
int	policy_partial(const struct policy *);

/* whether there is a rule with a counter */
int	policy_counts(struct policy *);

/* whether there is a rule by which the import may fail */
int	policy_may_fail(struct policy *);

/* whether the source's export holds what stands in a container at a place */
int	policy_inside(const struct policy *, struct slice file,
	    struct slice at);

#endif
