/* SPDX-License-Identifier: ISC */
/*
 * The languages of an agent: those that it lists, at the places that the map
 * names, and those that its records have.
 */
#ifndef LANGUAGES_H
#define LANGUAGES_H

#include <stddef.h>
#include <stdint.h>	/* tokens */

#include "base/buf.h"	/* the texts */
#include "base/hashset.h"	/* and the set inside */

struct map_row;
struct slice;
struct tape;

/* languages in the order in which they were met; a zeroed struct has none */
struct languages {
	struct hashset set;
	struct buf texts;	/* canonical, each ended by a NUL */
	size_t n;
};

/* add one as it stands in an envelope; an empty one is none */
void	languages_add(struct languages *, const char *, size_t n);
int	languages_has(const struct languages *, const char *, size_t n);

/*
 * The text after this one, NULL: the first.  NULL: there is none.
 */
const char *languages_next(const struct languages *, const char *);

/*
 * Visit the strings at the places of a row "languages" in a component's value:
 * the token of each, and it as envelopes have it, which lasts for the call.
 */
void	languages_visit(const struct map_row *, const struct tape *,
	    void (*visit)(void *ctx, const struct tape *, uint32_t token,
	    struct slice language), void *ctx);

/* add all of them */
void	languages_listed(struct languages *, const struct map_row *,
	    const struct tape *);

/* append them with commas between them, of very many only the first */
void	languages_put(const struct languages *, struct buf *);
void	languages_free(struct languages *);

#endif
