/* SPDX-License-Identifier: ISC */
/*
 * What of the source is imported: the categories that its export holds, as it
 * says itself, and of them those that the user has chosen.
 */
#ifndef MERGE_SCOPE_H
#define MERGE_SCOPE_H

#include <stddef.h>

#include "base/slice.h"	/* slices */
#include "json/tape.h"	/* what the export says */

struct map;
struct map_kind;

/* zeroed but for what is borrowed: all is held */
struct scope {
	const struct map *map;		/* or NULL */
	const char *const *only;	/* categories that the user has chosen;
					   none: all */
	size_t nonly;
	int told;		/* the export says what it holds */
	struct tape tape;	/* of what it says */
};

/* the value in which an export says it, which is borrowed; p NULL: nowhere */
void	scope_tell(struct scope *, struct slice options);
void	scope_free(struct scope *);

/*
 * Whether components of a kind (or NULL) and a category (p NULL: of none) are
 * imported; told: whether the export names them.
 */
int	scope_has(const struct scope *, const struct map_kind *,
	    struct slice category, int *told);

/* the same for what would stand in a container at a place of a file */
int	scope_inside(const struct scope *, struct slice file, struct slice at);

/* whether a category is one, or below it */
int	scope_below(struct slice category, const char *top);

/* whether the user has chosen a category (p NULL: those of none) */
int	scope_chosen(const struct scope *, struct slice category);

#endif
