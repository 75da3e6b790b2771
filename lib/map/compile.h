/* SPDX-License-Identifier: ISC */
/*
 * A map read from its text.
 */
#ifndef MAP_COMPILE_H
#define MAP_COMPILE_H

#include <stddef.h>

struct diag;
struct map;

/*
 * Compile a map from its text; name (for messages) and text are borrowed
 * until map_close().  NULL after messages.
 */
struct map *map_open(struct diag *, const char *name, const char *text,
	    size_t n);
void	map_close(struct map *);

#endif
