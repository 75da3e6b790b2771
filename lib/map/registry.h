/* SPDX-License-Identifier: ISC */
/*
 * The maps there are: those compiled in, or one that the user gives.
 */
#ifndef MAP_REGISTRY_H
#define MAP_REGISTRY_H

#include <stddef.h>

struct diag;
struct map;
struct record;

/* the text of a map; of those compiled in the last has no name */
struct map_text {
	const char *name;
	const char *text;
	size_t n;
};

/* made from lib/platform/ by scripts/embed */
extern const struct map_text map_texts[];

/* those compiled in are without their kinds: registry_find() adds them */
struct registry {
	struct map **maps;
	size_t n;
	char *text;		/* of the user's map */
	const struct registry *ready;	/* those compiled in, open already, if
					   the caller has them: borrowed */
};

/*
 * Open the maps, of a struct that is zeroed but for what is ready: the one in a
 * file, if one is given, else those compiled in; of these only that of a
 * platform, if one is given.  0, or -1 after messages
 * (STATUS_USAGE: no such platform).
 */
int	registry_open(struct diag *, struct registry *, const char *file,
	    const char *platform);

/*
 * The map of a platform, with its kinds, and to walk packages with their
 * patterns; those that are compiled in are told from each other without.
 * NULL: there is none.
 */
const struct map *registry_find(struct diag *, const struct registry *,
	    const char *platform, size_t n, int walks);

/*
 * Open the map of the platform that a stream's first line has, and find it: in
 * a file, or (NULL) in those compiled in; a second call finds what the first
 * has opened.  NULL after a message; registry_close() in any case.
 */
const struct map *registry_of(struct diag *, struct registry *,
	    const char *file, const struct record *first);
void	registry_close(struct registry *);

/*
 * Open all that are compiled in, whole, to be ready for others, also for those
 * of processes that are forked; 0 or -1.
 */
int	registry_prepare(struct diag *, struct registry *);

#endif
