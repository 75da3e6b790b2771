/* SPDX-License-Identifier: ISC */
/*
 * What an import does with a kind of component: the map's rows, and what the
 * user has said otherwise.
 */
#ifndef MERGE_POLICY_H
#define MERGE_POLICY_H

#include <stddef.h>

#include "base/slice.h"	/* slices */
#include "map/action.h"	/* what is done */

struct map_kind;

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

/*
 * What is done with components of a kind of the map (NULL: unknown), which is
 * called so, of a category and, where the rows tell members apart, a key.
 * Policies are right.
 */
enum action policy_for(const struct rules_ask *, const struct map_kind *,
	    const char *kind, const char *key, struct slice category);

#endif
