/* SPDX-License-Identifier: ISC */
/*
 * What a map's sources take from the values and keys that they meet.
 */
#ifndef MAP_CAPTURE_H
#define MAP_CAPTURE_H

#include <stddef.h>
#include <stdint.h>	/* objects' numbers */

#include "base/buf.h"	/* the list and the texts inside */

struct hashset;
struct map_source;

/* one text that a source took */
struct capture {
	const struct map_source *source;
	uint64_t object;	/* the number of the container it stood in */
	size_t at, n;		/* where it is in texts, spelled canonically */
};

/* those taken so far; a zeroed struct has none */
struct captures {
	struct buf list;	/* of struct capture */
	struct buf texts;
	struct buf spelled;	/* a text without its odd escapes */
};

/* take a text: what is between the quotes of a string or key */
void	capture_text(struct captures *, const struct map_source *,
	    uint64_t object, const char *raw, size_t n);

/*
 * Take what the source wants of a scalar (a whole token): the text that its
 * form asks for, or several, or none; null and "" say nothing.
 */
void	capture_scalar(struct captures *, const struct map_source *,
	    uint64_t object, const char *raw, size_t n);
void	captures_free(struct captures *);

/*
 * The first capture of a source in a container, of a list whose numbers are
 * in a table; NULL: there is none.
 */
const struct capture *capture_beside(const struct hashset *,
	    const struct capture *list, const struct map_source *,
	    uint64_t object);

/* put the i-th of the list into the table, unless one like it is there */
void	capture_add_beside(struct hashset *, const struct capture *list,
	    size_t i);

#endif
