/* SPDX-License-Identifier: ISC */
/*
 * The map's rows that are of no kind: what they say of a merge.
 *
 * In all functions map may be NULL: it says nothing.
 */
#ifndef MAP_TOPROW_H
#define MAP_TOPROW_H

#include "base/slice.h"	/* slices */

struct map;
struct map_row;

/* the first row of the platform with a word, or NULL */
const struct map_row *toprow(const struct map *, const char *word);

/* the row "held" of a category, or NULL */
const struct map_row *toprow_held(const struct map *, struct slice category);

/* the row "raw" of the group of a file (as in a JSON string), or NULL */
const struct map_row *toprow_raw(const struct map *, struct slice file);

/* whether the rows for every kind have a word */
int	toprow_every(const struct map *, const char *word);

/* whether references may be resource paths */
int	toprow_paths(const struct map *);

#endif
