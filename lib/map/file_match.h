/* SPDX-License-Identifier: ISC */
/*
 * Which file row of a map a path belongs to.
 */
#ifndef MAP_FILE_MATCH_H
#define MAP_FILE_MATCH_H

#include <stddef.h>

struct buf;
struct map;
struct map_file;
struct map_row;
struct slice;

/*
 * The file row for a member's path, NULL if none.  What the pattern's stars
 * stood for, decoded, is appended to captures, each ended by a NUL.
 */
const struct map_file *map_file(const struct map *, const char *path,
	    struct buf *captures);

/* the same of a file as an envelope names it; the map may be NULL */
const struct map_file *map_file_of(const struct map *, struct slice file);

/*
 * Append what the captures are in JSON strings, each ended by a NUL; how many
 * there are.
 */
size_t	map_file_stars(struct buf *, const struct buf *captures);

/* what is wrong with a file row's pattern; NULL: nothing */
const char *file_match_wrong(const char *pattern);

/* the row "raw" of the group of a file (as in a JSON string), or NULL */
const struct map_row *map_raw(const struct map *, struct slice file);

#endif
