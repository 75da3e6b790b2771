/* SPDX-License-Identifier: ISC */
/*
 * Layout styles: what white space stands between the tokens of a JSON file.
 */
#include "json/style.h"

#include <stdint.h>
#include <string.h>

#include "base/buf.h"

/* a gap: the bytes it begins with, and what follows them */
struct gap {
	const char *lead;
	enum {
		NONE,		/* nothing */
		MEMBER,		/* an indent, as deep as the members */
		LESS,		/* one level less */
		TWICE		/* the same, a line break, the same again */
	} indent;
};

/* a style: gaps in objects, gaps in arrays, and what an indent is made of */
struct style {
	const char *name;
	char fill;
	unsigned width;	/* fills a level */
	int objects;	/* only objects make a level */
	struct gap object[STYLE_PLACES];
	struct gap array[STYLE_PLACES];
};

/* what JSON.stringify() and json.dumps() write for an indent */
#define INDENTED { \
	[STYLE_ROOT] = { "", NONE }, [STYLE_FIRST] = { "\n", MEMBER }, \
	[STYLE_NEXT] = { ",\n", MEMBER }, [STYLE_VALUE] = { ": ", NONE }, \
	[STYLE_CLOSE] = { "\n", LESS }, [STYLE_EMPTY] = { "", NONE } }
#define COMPACT { \
	[STYLE_ROOT] = { "", NONE }, [STYLE_FIRST] = { "", NONE }, \
	[STYLE_NEXT] = { ",", NONE }, [STYLE_VALUE] = { ":", NONE }, \
	[STYLE_CLOSE] = { "", NONE }, [STYLE_EMPTY] = { "", NONE } }

/*
 * Dialogflow CX's own: arrays stand in their line, an empty object has a line
 * of its indent alone, which editors strip of its blanks.
 */
#define CX_OBJECT(LEAD, INDENT) { \
	[STYLE_ROOT] = { "", NONE }, [STYLE_FIRST] = { "\n", MEMBER }, \
	[STYLE_NEXT] = { ",\n", MEMBER }, [STYLE_VALUE] = { ": ", NONE }, \
	[STYLE_CLOSE] = { "\n", LESS }, [STYLE_EMPTY] = { LEAD, INDENT } }
#define CX_ARRAY { \
	[STYLE_ROOT] = { "", NONE }, [STYLE_FIRST] = { " ", NONE }, \
	[STYLE_NEXT] = { ", ", NONE }, [STYLE_VALUE] = { "", NONE }, \
	[STYLE_CLOSE] = { " ", NONE }, [STYLE_EMPTY] = { " ", NONE } }

static const struct style styles[] = {
	{ "compact", ' ', 0, 0, COMPACT, COMPACT },
	{ "indent2", ' ', 2, 0, INDENTED, INDENTED },
	{ "indent4", ' ', 4, 0, INDENTED, INDENTED },
	{ "tab", '\t', 1, 0, INDENTED, INDENTED },
	{ "cx", ' ', 2, 1, CX_OBJECT("\n", TWICE), CX_ARRAY },
	{ "cx-stripped", ' ', 2, 1, CX_OBJECT("\n\n", LESS), CX_ARRAY },
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
	if (g->indent == NONE)
		return 0;
	return (size_t)s->width * ((s->objects ? depth.objects : depth.all) -
	    (g->indent != MEMBER));
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

/* the length of an indent of so many fills that p begins with, or -1 */
static inline long
match_indent(const struct style *s, size_t blank, const char *p, size_t n)
{
	return blank > n || !filled(p, s->fill, blank) ? -1 : (long)blank;
}

long
style_match(const struct style *s, enum style_place place, int array,
    struct style_depth depth, const char *p, size_t n)
{
	const struct gap *g;
	size_t i, blank;
	long again;

	g = gap_of(s, place, array);
	for (i = 0; g->lead[i] != '\0'; i++) {
		if (i == n || p[i] != g->lead[i])
			return -1;
	}
	blank = fills(s, g, depth);
	if (match_indent(s, blank, p + i, n - i) == -1)
		return -1;
	i += blank;
	if (g->indent != TWICE)
		return (long)i;
	if (i == n || p[i++] != '\n')
		return -1;
	again = match_indent(s, blank, p + i, n - i);
	return again == -1 ? -1 : (long)i + again;
}

void
style_put(const struct style *s, enum style_place place, int array,
    struct style_depth depth, struct buf *out)
{
	const struct gap *g;
	size_t blank;

	g = gap_of(s, place, array);
	buf_adds(out, g->lead);
	blank = fills(s, g, depth);
	buf_fill(out, s->fill, blank);
	if (g->indent == TWICE) {
		buf_addc(out, '\n');
		buf_fill(out, s->fill, blank);
	}
}
