/* SPDX-License-Identifier: ISC */
/*
 * The rules by which a kind's values are looked through: the paths of the
 * map's rows as seen from the component, and what each of them is about.
 */
#ifndef VALUE_LOCATE_RULES_PRIV_H
#define VALUE_LOCATE_RULES_PRIV_H

#include <stddef.h>

#include "map/map.h"	/* a source inside */

struct pathmatch;
struct pathmatch_state;

/* what stands beside references, for their "in" and "if": no spot itself */
#define LOCATE_BESIDE 0

/* a row's place in a kind */
struct locate_rule {
	unsigned what;			/* enum spot_what, or LOCATE_BESIDE */
	const struct map_source *source;
	const struct map_ref *ref;
	const struct map_row *row;
	unsigned part;
};

/* those of a kind: a path that matches has the number of its rule */
struct locate_rules {
	const struct map_kind *kind;
	struct pathmatch *paths;
	const struct pathmatch_state *root;
	struct locate_rule *list;
	size_t n;
	struct map_source whole;	/* of rows that have no source */
};

/* map and kind are borrowed */
struct locate_rules *locate_rules_open(const struct map *,
	    const struct map_kind *);
void	locate_rules_close(struct locate_rules *);

#endif
