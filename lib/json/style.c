/* SPDX-License-Identifier: ISC */
/*
 * Layout styles: what white space stands between the tokens of a JSON file.
 */
#include "json/style.h"

#include <string.h>

#include "base/buf.h"
#include "json/style_priv.h"

#define FOUR_TIMES(TEXT) TEXT TEXT TEXT TEXT
#define BLANKS FOUR_TIMES(FOUR_TIMES("        "))
#define TABS FOUR_TIMES(FOUR_TIMES("\t\t\t\t\t\t\t\t"))
/* of its first two bytes: no gap begins with more line ends */
#define ENDS(LEAD) (((LEAD "  ")[0] == '\n') + ((LEAD "  ")[1] == '\n'))
#define GAP(LEAD, FILLS, INDENT) { LEAD FILLS, sizeof(LEAD) - 1, \
	ENDS(LEAD) + ((INDENT) == STYLE_TWICE), INDENT }

/* what JSON.stringify() and json.dumps() write for an indent */
#define INDENTED(FILLS) { \
	[STYLE_ROOT] = GAP("", FILLS, STYLE_FLAT), \
	[STYLE_FIRST] = GAP("\n", FILLS, STYLE_MEMBER), \
	[STYLE_NEXT] = GAP(",\n", FILLS, STYLE_MEMBER), \
	[STYLE_VALUE] = GAP(": ", FILLS, STYLE_FLAT), \
	[STYLE_CLOSE] = GAP("\n", FILLS, STYLE_LESS), \
	[STYLE_EMPTY] = GAP("", FILLS, STYLE_FLAT) }
#define COMPACT { \
	[STYLE_ROOT] = GAP("", BLANKS, STYLE_FLAT), \
	[STYLE_FIRST] = GAP("", BLANKS, STYLE_FLAT), \
	[STYLE_NEXT] = GAP(",", BLANKS, STYLE_FLAT), \
	[STYLE_VALUE] = GAP(":", BLANKS, STYLE_FLAT), \
	[STYLE_CLOSE] = GAP("", BLANKS, STYLE_FLAT), \
	[STYLE_EMPTY] = GAP("", BLANKS, STYLE_FLAT) }

/*
 * Dialogflow CX's own: arrays stand in their line, an empty object has a line
 * of its indent alone, which editors strip of its blanks.
 */
#define CX_OBJECT(LEAD, INDENT) { \
	[STYLE_ROOT] = GAP("", BLANKS, STYLE_FLAT), \
	[STYLE_FIRST] = GAP("\n", BLANKS, STYLE_MEMBER), \
	[STYLE_NEXT] = GAP(",\n", BLANKS, STYLE_MEMBER), \
	[STYLE_VALUE] = GAP(": ", BLANKS, STYLE_FLAT), \
	[STYLE_CLOSE] = GAP("\n", BLANKS, STYLE_LESS), \
	[STYLE_EMPTY] = GAP(LEAD, BLANKS, INDENT) }
#define CX_ARRAY { \
	[STYLE_ROOT] = GAP("", BLANKS, STYLE_FLAT), \
	[STYLE_FIRST] = GAP(" ", BLANKS, STYLE_FLAT), \
	[STYLE_NEXT] = GAP(", ", BLANKS, STYLE_FLAT), \
	[STYLE_VALUE] = GAP("", BLANKS, STYLE_FLAT), \
	[STYLE_CLOSE] = GAP(" ", BLANKS, STYLE_FLAT), \
	[STYLE_EMPTY] = GAP(" ", BLANKS, STYLE_FLAT) }

static const struct style styles[] = {
	{ "compact", ' ', 0, 0, { COMPACT, COMPACT } },
	{ "indent2", ' ', 2, 0, { INDENTED(BLANKS), INDENTED(BLANKS) } },
	{ "indent4", ' ', 4, 0, { INDENTED(BLANKS), INDENTED(BLANKS) } },
	{ "tab", '\t', 1, 0, { INDENTED(TABS), INDENTED(TABS) } },
	{ "cx", ' ', 2, 1, { CX_OBJECT("\n", STYLE_TWICE), CX_ARRAY } },
	{ "cx-stripped", ' ', 2, 1, { CX_OBJECT("\n\n", STYLE_LESS),
	    CX_ARRAY } },
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

/* the length of so many fills if the n bytes at p begin with them, or -1 */
static long
match_fills(const struct style *s, size_t fills, const char *p, size_t n)
{
	size_t i;

	if (fills > n)
		return -1;
	for (i = 0; i < fills; i++) {
		if (p[i] != s->fill)
			return -1;
	}
	return (long)fills;
}

long
style_match(const struct style *s, enum style_place place, int array,
    struct style_depth depth, const char *p, size_t n)
{
	const struct style_gap *g = &s->gaps[array][place];
	size_t i = g->lead, fills = style_fills(s, g, depth);
	long again;

	if (n < i || memcmp(p, g->text, i) != 0 ||
	    match_fills(s, fills, p + i, n - i) == -1)
		return -1;
	i += fills;
	if (g->indent != STYLE_TWICE)
		return (long)i;
	if (i == n || p[i++] != '\n')
		return -1;
	again = match_fills(s, fills, p + i, n - i);
	return again == -1 ? -1 : (long)i + again;
}

void
style_put(const struct style *s, enum style_place place, int array,
    struct style_depth depth, struct buf *out)
{
	const struct style_gap *g = &s->gaps[array][place];
	size_t fills = style_fills(s, g, depth);

	if (fills <= STYLE_FILLS) {
		buf_add(out, g->text, g->lead + fills);
	} else {
		buf_add(out, g->text, g->lead);
		buf_fill(out, s->fill, fills);
	}
	if (g->indent == STYLE_TWICE) {
		buf_addc(out, '\n');
		buf_fill(out, s->fill, fills);
	}
}
