/* SPDX-License-Identifier: ISC */
/*
 * Names of components in scripts and texts, as the map's rows "scripted" say
 * that they stand there: a word, a dot and the name, such as env.HOST, also
 * where the text is percent-encoded.
 */
#ifndef VALUE_MENTION_H
#define VALUE_MENTION_H

#include <stddef.h>

#include "base/buf.h"	/* the list inside */
#include "base/slice.h"	/* names */

struct map;
struct map_kind;

/* a kind whose names are mentioned so */
struct mentioned {
	const struct map_kind *kind;
	const char *word;	/* before the dot; of the map */
	size_t n;
};

/* zeroed: none */
struct mentions {
	struct buf kinds;	/* of struct mentioned */
};

/* one of them in a text, which is bytes of JSON or others */
struct mention {
	size_t kind;		/* of mentions */
	struct slice name;
};

/* what a map has of them, which is borrowed */
void	mentions_open(struct mentions *, const struct map *);
void	mentions_free(struct mentions *);

static inline size_t
mentions_count(const struct mentions *m)
{
	return m->kinds.len / sizeof(struct mentioned);
}

static inline const struct mentioned *
mentions_kind(const struct mentions *m, size_t i)
{
	return buf_item(&m->kinds, i, sizeof(struct mentioned));
}

/* the number of the word of a row "scripted" */
size_t	mentions_find(const struct mentions *, const char *word);

/* whether a name can stand behind the dot: letters, digits and "_" */
int	mention_can(struct slice name);

/* the next one from *at on, which is moved behind it; 0: no more */
int	mention_next(const struct mentions *, struct slice text, size_t *at,
	    struct mention *);

#endif
