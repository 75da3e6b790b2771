/* SPDX-License-Identifier: ISC */
/*
 * Names of components in scripts and texts, as the map's rows "scripted" say
 * that they stand there: a word, a dot and the name, such as env.HOST, also
 * where the text is percent-encoded.
 */
#ifndef VALUE_SCRIPTED_H
#define VALUE_SCRIPTED_H

#include <stddef.h>

#include "base/buf.h"	/* the list inside */
#include "base/slice.h"	/* names */

struct map;
struct map_kind;

/* a kind whose names stand so */
struct scripted_kind {
	const struct map_kind *kind;
	const char *word;	/* before the dot; of the map */
	size_t n;
};

/* zeroed: none */
struct scripted {
	struct buf kinds;	/* of struct scripted_kind */
};

/* one of them in a text, which is bytes of JSON or others */
struct scripted_name {
	size_t kind;		/* its number */
	struct slice name;
};

/* what a map has of them, which is borrowed */
void	scripted_open(struct scripted *, const struct map *);
void	scripted_free(struct scripted *);

static inline size_t
scripted_count(const struct scripted *m)
{
	return m->kinds.len / sizeof(struct scripted_kind);
}

static inline const struct scripted_kind *
scripted_kind(const struct scripted *m, size_t i)
{
	return buf_item(&m->kinds, i, sizeof(struct scripted_kind));
}

/* the number of the word of a row "scripted" */
size_t	scripted_find(const struct scripted *, const char *word);

/* whether a name can stand behind the dot: letters, digits and "_" */
int	scripted_fits(struct slice name);

/* the next one from *at on, which is moved behind it; 0: no more */
int	scripted_next(const struct scripted *, struct slice text, size_t *at,
	    struct scripted_name *);

#endif
