/* SPDX-License-Identifier: ISC */
/*
 * What a style is made of, for those who ask of each token.
 */
#ifndef JSON_STYLE_PRIV_H
#define JSON_STYLE_PRIV_H

#include <stdint.h>
#include <string.h>	/* eight bytes at once */

#include "json/style.h"	/* places, depth */

/* a gap's text goes on with so many fills; what is deeper is made of them */
#define STYLE_FILLS 128

/* most gaps are shorter: a multiple of eight */
#define STYLE_SHORT 48

enum style_indent {
	STYLE_FLAT,	/* nothing */
	STYLE_MEMBER,	/* an indent, as deep as the members */
	STYLE_LESS,	/* one level less */
	STYLE_TWICE	/* the same, a line break, the same again */
};

/* a gap: the bytes it begins with, and what follows them */
struct style_gap {
	const char *text;	/* these, then STYLE_FILLS fills */
	unsigned lead;		/* how many they are */
	unsigned ends;		/* line ends in the whole gap */
	enum style_indent indent;
};

/* a style: gaps in objects, gaps in arrays, and what an indent is made of */
struct style {
	const char *name;
	char fill;
	unsigned width;	/* fills a level */
	int objects;	/* only objects make a level */
	struct style_gap gaps[2][STYLE_PLACES];
};

/* how many fills the gap's indent has */
static inline size_t
style_fills(const struct style *s, const struct style_gap *g,
    struct style_depth depth)
{
	if (g->indent == STYLE_FLAT)
		return 0;
	return (size_t)s->width * ((s->objects ? depth.objects : depth.all) -
	    (g->indent != STYLE_MEMBER));
}

/* add the bytes and the line ends of what style_put() would append */
static inline void
style_measure(const struct style *s, enum style_place place, int array,
    struct style_depth depth, uint64_t *size, uint64_t *ends)
{
	const struct style_gap *g = &s->gaps[array][place];
	size_t fills = style_fills(s, g, depth);

	if (g->indent == STYLE_TWICE)
		fills += fills + 1;
	*size += g->lead + fills;
	*ends += g->ends;
}

/*
 * Whether n bytes, words times eight at most, are the same; so many more can be
 * read of both.  How many they are decides no branch, which would be guessed
 * wrong for half of them.
 */
static inline int
style_same_words(const char *p, const char *q, size_t n, size_t words)
{
#define EIGHT 255, 255, 255, 255, 255, 255, 255, 255
	/* from STYLE_SHORT - n on: n bytes that count, then such that do not */
	static const unsigned char counted[2 * STYLE_SHORT] = {
		EIGHT, EIGHT, EIGHT, EIGHT, EIGHT, EIGHT
	};
#undef EIGHT
	uint64_t a, b, mask, differ = 0;
	size_t i;

	for (i = 0; i < words * sizeof(a); i += sizeof(a)) {
		memcpy(&a, p + i, sizeof(a));
		memcpy(&b, q + i, sizeof(b));
		memcpy(&mask, counted + STYLE_SHORT - n + i, sizeof(mask));
		differ |= (a ^ b) & mask;
	}
	return differ == 0;
}

/*
 * Whether n bytes of a gap at a place are the same; of both STYLE_SHORT more
 * can be read.  Between a key and its value there are few: in each style the
 * gap is flat.
 */
static inline int
style_same(const char *p, const char *q, size_t n, enum style_place place)
{
	if (place == STYLE_VALUE)
		return style_same_words(p, q, n, 1);
	if (n > STYLE_SHORT)
		return memcmp(p, q, n) == 0;
	return style_same_words(p, q, n, STYLE_SHORT / sizeof(uint64_t));
}

#endif
