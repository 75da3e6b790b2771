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

/*
 * The same of a map compiled in, which is right, and without its kinds: enough
 * to tell packages by.  map_complete() adds them, and to walk packages their
 * patterns, each once: 0, or -1 after messages.
 */
struct map *map_open_files(struct diag *, const char *name, const char *text,
	    size_t n);
int	map_complete(struct diag *, struct map *, int walks);
void	map_close(struct map *);

#endif
