/* SPDX-License-Identifier: ISC */
/*
 * Layout styles: what white space stands between the tokens of a JSON file.
 *
 * A gap is what stands before a token: a comma or colon, and white space.
 * Which gap a style has depends on the token's place and on how deep it
 * stands; a style is a table of them.  The same table tells a file's style
 * on the way in and lays it out on the way out.
 */
#ifndef JSON_STYLE_H
#define JSON_STYLE_H

#include <stddef.h>

struct buf;

/* where a token stands */
enum style_place {
	STYLE_ROOT,	/* the document's first token */
	STYLE_FIRST,	/* the first key or element of a container */
	STYLE_NEXT,	/* a later one */
	STYLE_VALUE,	/* the value after a key */
	STYLE_CLOSE,	/* the bracket that ends a container */
	STYLE_EMPTY,	/* the same, where nothing is in it */
	STYLE_PLACES
};

/* how deep: open containers, and the objects among them */
struct style_depth {
	unsigned all;
	unsigned objects;
};

struct style;

/* the number of styles; they are numbered from 0 */
size_t	style_count(void);
const struct style *style_at(size_t);

/* a style by its name of n bytes; NULL: none */
const struct style *style_find(const char *name, size_t n);

/* its number, and its name without "+newline" */
size_t	style_number(const struct style *);
const char *style_name(const struct style *);

/*
 * The length of the style's gap if the n bytes at p begin with it, else -1.
 * The depth counts the container that the token stands in (or closes), array
 * tells its kind.
 */
long	style_match(const struct style *, enum style_place, int array,
	    struct style_depth, const char *p, size_t n);

/* append the gap */
void	style_put(const struct style *, enum style_place, int array,
	    struct style_depth, struct buf *);

#endif
