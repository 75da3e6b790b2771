/* SPDX-License-Identifier: ISC */
/*
 * What a kind's rows "variable" and "secured" say: where the values stand that
 * differ from one environment to the next, and what these are called.
 */
#ifndef MAP_VARIABLE_H
#define MAP_VARIABLE_H

#include <stddef.h>

struct map_row;

/* one of them; all is borrowed of the row */
struct map_variable {
	const char *word;	/* the first word of its name */
	const char *path;	/* where the value stands: no "**" in it */
	const char *suffix;	/* a last word of its name, or NULL */
	const char *by;		/* the member that tells elements, or NULL */
	const char *key;	/* only if this member beside the value ... */
	char *const *values;	/* ... is one of these; or NULL */
	size_t nvalues;
	int secured;
};

/* whether a row is one of these, by its word */
int	map_variable_is(const struct map_row *);

/* read such a row: NULL, or what it lacks (*found: what it has instead) */
const char *map_variable_read(struct map_variable *, const struct map_row *,
	    const char **found);

#endif
