/* SPDX-License-Identifier: ISC */
/*
 * Layout styles: what white space stands between the tokens of a JSON file.
 */
#include "style.h"

#include <stdint.h>
#include <string.h>

#include "buf.h"

/* a gap: the bytes it begins with, then an indent, or none */
struct gap {
	const char *lead;
	int indent;	/* 0: none; 1: as deep as the members; 2: one less */
};

/* a style: gaps in objects, gaps in arrays, and what an indent is made of */
struct style {
	const char *name;
	char fill;
	unsigned width;	/* fills a level */
	struct gap object[STYLE_PLACES];
	struct gap array[STYLE_PLACES];
};

/* what JSON.stringify() and json.dumps() write for an indent */
#define INDENTED { \
	[STYLE_ROOT] = { "", 0 }, [STYLE_FIRST] = { "\n", 1 }, \
	[STYLE_NEXT] = { ",\n", 1 }, [STYLE_VALUE] = { ": ", 0 }, \
	[STYLE_CLOSE] = { "\n", 2 }, [STYLE_EMPTY] = { "", 0 } }
#define COMPACT { \
	[STYLE_ROOT] = { "", 0 }, [STYLE_FIRST] = { "", 0 }, \
	[STYLE_NEXT] = { ",", 0 }, [STYLE_VALUE] = { ":", 0 }, \
	[STYLE_CLOSE] = { "", 0 }, [STYLE_EMPTY] = { "", 0 } }

static const struct style styles[] = {
	{ "compact", ' ', 0, COMPACT, COMPACT },
	{ "indent2", ' ', 2, INDENTED, INDENTED },
	{ "indent4", ' ', 4, INDENTED, INDENTED },
	{ "tab", '\t', 1, INDENTED, INDENTED },
};

size_t
style_count(void)
{
	return sizeof(styles) / sizeof(styles[0]);
}

const struct style *
style_at(size_t i)
{
	return &styles[i];
}

const struct style *
style_find(const char *name, size_t n)
{
	size_t i;

	for (i = 0; i < style_count(); i++) {
		if (strlen(styles[i].name) == n &&
		    memcmp(styles[i].name, name, n) == 0)
			return &styles[i];
	}
	return NULL;
}

size_t
style_number(const struct style *s)
{
	return (size_t)(s - styles);
}

const char *
style_name(const struct style *s)
{
	return s->name;
}

static const struct gap *
gap_of(const struct style *s, enum style_place place, int array)
{
	return array ? &s->array[place] : &s->object[place];
}

/* how many fills the gap's indent has */
static size_t
fills(const struct style *s, const struct gap *g, struct style_depth depth)
{
	if (g->indent == 0)
		return 0;
	return (size_t)s->width * (depth.all - (g->indent == 2));
}

/* whether all n bytes are c; indents are too short for memcmp(3) to pay */
static inline int
filled(const char *p, char c, size_t n)
{
	uint64_t word, want;

	memset(&want, c, sizeof(want));
	for (; n >= sizeof(word); p += sizeof(word), n -= sizeof(word)) {
		memcpy(&word, p, sizeof(word));
		if (word != want)
			return 0;
	}
	while (n > 0 && *p == c) {
		p++;
		n--;
	}
	return n == 0;
}

long
style_match(const struct style *s, enum style_place place, int array,
    struct style_depth depth, const char *p, size_t n)
{
	const struct gap *g;
	size_t i, blank;

	g = gap_of(s, place, array);
	for (i = 0; g->lead[i] != '\0'; i++) {
		if (i == n || p[i] != g->lead[i])
			return -1;
	}
	blank = fills(s, g, depth);
	if (blank > n - i || !filled(p + i, s->fill, blank))
		return -1;
	return (long)(i + blank);
}

void
style_put(const struct style *s, enum style_place place, int array,
    struct style_depth depth, struct buf *out)
{
	const struct gap *g;
	size_t blank;

	g = gap_of(s, place, array);
	buf_adds(out, g->lead);
	if ((blank = fills(s, g, depth)) > 0)
		buf_fill(out, s->fill, blank);
}
