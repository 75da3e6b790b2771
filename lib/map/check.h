/* SPDX-License-Identifier: ISC */
/*
 * Whether the words of a map are words of the language, or of the map itself.
 */
#ifndef MAP_CHECK_H
#define MAP_CHECK_H

struct diag;
struct map;

/*
 * Check actions, kinds, groups and the like in all rows, and names of what
 * could be meant.  0, or -1 after messages for all that are wrong.
 */
int	map_check(struct diag *, const struct map *);

#endif
