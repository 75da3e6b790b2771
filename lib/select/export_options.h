/* SPDX-License-Identifier: ISC */
/*
 * What an export says of itself, in the words of a request for it: the map's
 * rows "holds" and "request".
 */
#ifndef SELECT_EXPORT_OPTIONS_H
#define SELECT_EXPORT_OPTIONS_H

struct map;
struct edits;
struct record;
struct tape;

/* the key of the record in which the export says what it has, or NULL */
const char *export_options_key(const struct map *);

/* whether a record is that of a key (NULL: none is) */
int	export_options_is(const char *key, const struct record *);

/* prune: take out of what an export says what it has no more */
void	export_options_edit(void *selection, const struct tape *,
	    struct edits *);

#endif
