/* SPDX-License-Identifier: ISC */
/*
 * Which row of the map a record is of, and what the stars of its file and
 * its place stood for: found again from the envelope.
 */
#ifndef MAP_CLASSIFY_H
#define MAP_CLASSIFY_H

#include "map/envelope.h"	/* the stars of a component */

struct kindof;
struct map;
struct map_kind;
struct record;

/* the map is borrowed */
struct kindof *kindof_open(const struct map *);
void	kindof_close(struct kindof *);

/*
 * The kind of a component, by its name, its file and its place; of several
 * the map's first whose "when" does not speak against it.  NULL: the map has
 * none, or the record is no component.  Of a file's records the second and
 * later are found faster.
 */
const struct map_kind *kindof_find(struct kindof *, const struct record *);

/*
 * The same, and what is known of the component without its value: map, stars
 * and key of g (the rest is zeroed).  They last as long as the record and
 * until the next call.
 */
const struct map_kind *kindof_gather(struct kindof *, const struct record *,
	    struct gathered *g);

#endif
