/* SPDX-License-Identifier: ISC */
/*
 * Which row of the map a record is of, and what the stars of its file and
 * its place stood for: found again from the envelope.
 */
#ifndef MAP_CLASSIFY_H
#define MAP_CLASSIFY_H

#include "map/envelope.h"	/* the stars of a component */

struct classifier;
struct map;
struct map_kind;
struct record;

/* the map is borrowed */
struct classifier *classify_open(const struct map *);
void	classify_close(struct classifier *);

/*
 * The kind of a component, by its name, its file and its place; of several
 * the map's first whose "when" does not speak against it.  NULL: the map has
 * none, or the record is no component.  Of a file's records the second and
 * later are found faster.
 */
const struct map_kind *classify_find(struct classifier *,
    const struct record *);

/*
 * The same, and what is known of the component without its value: map, stars
 * and key of g (the rest is zeroed).  They last as long as the record and
 * until the next call.
 */
const struct map_kind *classify_gather(struct classifier *,
    const struct record *,
	    struct gathered *g);

#endif
