/* SPDX-License-Identifier: ISC */
/*
 * What an export tells of itself, in the words of a request for it: the map's
 * rows "holds" and "request".
 */
#ifndef SELECT_EXPORT_OPTIONS_H
#define SELECT_EXPORT_OPTIONS_H

#include <stddef.h>

struct map;
struct edits;
struct record;
struct tape;

/* the key of the record in which the export tells what it holds, or NULL */
const char *export_options_key(const struct map *);

/* whether a record is that of a key (NULL: none is) */
int	export_options_is(const char *key, const struct record *);

/* what of the export there is still */
struct export_options_ask {
	int (*category)(void *ctx, const char *category, size_t n);
	/* whether "kind:word" is gone (it may never have been there) */
	int (*gone)(void *ctx, const char *ref, size_t n);
	/* whether all tasks that others depend on are there */
	int (*deps)(void *ctx);
	const struct map *map;
	const char *key;	/* of "holds" */
	void *ctx;
};

/* take out of what an export tells what it does not hold any more */
void	export_options_edit(void *held, const struct tape *, struct edits *);

#endif
