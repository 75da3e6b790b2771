/* SPDX-License-Identifier: ISC */
/*
 * Strict JSON (RFC 8259) as tokens with their own bytes.
 *
 * Text is gaps and tokens in turn: a gap is white space and at most one comma
 * or colon.  What may come next is a row of a table, as long as a gap lasts;
 * inside a token its own state (token_priv.h) is all that is known.  Where a
 * piece ends inside a gap or a token, its bytes wait in rest, and the next
 * piece goes on from the state: nothing is begun again, however small pieces
 * are.
 */
#include "json/scan.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/slice.h"
#include "base/utf8.h"
#include "json/style_priv.h"
#include "json/token_priv.h"

/* blanks after the document that are kept as they are; more is refused */
#define TAIL_MAX 65536

/* a number or a key may have so many bytes; strings may have more */
#define LONGEST ((size_t)1 << 20)

/* what a byte between tokens can be, a bit each: sets of them are tables */
enum {
	BLANK = 1, COMMA = 2, COLON = 4,
	QUOTE = 8, DIGIT = 16, LETTER = 32,	/* of a number, of a word */
	OPEN_OBJECT = 64, OPEN_ARRAY = 128,
	CLOSE_OBJECT = 256, CLOSE_ARRAY = 512,
	SLASH = 1024, FEED = 2048,
	VALUES = QUOTE | DIGIT | LETTER | OPEN_OBJECT | OPEN_ARRAY
};

static const uint16_t classes[256] = {
	[' '] = BLANK, ['\t'] = BLANK, ['\n'] = BLANK, ['\r'] = BLANK,
	[','] = COMMA, [':'] = COLON, ['"'] = QUOTE, ['-'] = DIGIT,
	['0'] = DIGIT, ['1'] = DIGIT, ['2'] = DIGIT, ['3'] = DIGIT,
	['4'] = DIGIT, ['5'] = DIGIT, ['6'] = DIGIT, ['7'] = DIGIT,
	['8'] = DIGIT, ['9'] = DIGIT, ['t'] = LETTER, ['f'] = LETTER,
	['n'] = LETTER, ['{'] = OPEN_OBJECT, ['['] = OPEN_ARRAY,
	['}'] = CLOSE_OBJECT, [']'] = CLOSE_ARRAY, ['/'] = SLASH,
	['\f'] = FEED, ['\v'] = FEED
};

/* what may come next */
enum want {
	WANT_DOCUMENT,
	WANT_FIRST_KEY, WANT_KEY,	/* behind a brace, a comma */
	WANT_COLON, WANT_VALUE,
	WANT_MEMBER_END,
	WANT_FIRST_ELEMENT, WANT_ELEMENT,
	WANT_ELEMENT_END,
	WANT_NOTHING
};

struct rule {
	unsigned tokens;	/* what begins a token */
	enum style_place place;	/* ... and the gap before it */
	unsigned closes;	/* what closes an empty container */
	unsigned mark;		/* the comma or colon that may come ... */
	const struct rule *behind;	/* ... and what is wanted then */
	const char *otherwise;
};

static const struct rule rules[WANT_NOTHING + 1] = {
	[WANT_DOCUMENT] = { .tokens = VALUES, .place = STYLE_ROOT,
	    .otherwise = "found a token that cannot stand here" },
	[WANT_FIRST_KEY] = { .tokens = QUOTE, .place = STYLE_FIRST,
	    .closes = CLOSE_OBJECT, .otherwise = "expected a string as key" },
	[WANT_KEY] = { .tokens = QUOTE, .place = STYLE_NEXT,
	    .otherwise = "expected a string as key" },
	[WANT_COLON] = { .mark = COLON, .behind = &rules[WANT_VALUE],
	    .otherwise = "expected a colon after a key" },
	[WANT_VALUE] = { .tokens = VALUES, .place = STYLE_VALUE,
	    .otherwise = "found a token that cannot stand here" },
	[WANT_MEMBER_END] = { .tokens = CLOSE_OBJECT, .place = STYLE_CLOSE,
	    .mark = COMMA, .behind = &rules[WANT_KEY],
	    .otherwise = "expected a comma or } after a member" },
	[WANT_FIRST_ELEMENT] = { .tokens = VALUES, .place = STYLE_FIRST,
	    .closes = CLOSE_ARRAY,
	    .otherwise = "found a token that cannot stand here" },
	[WANT_ELEMENT] = { .tokens = VALUES, .place = STYLE_NEXT,
	    .otherwise = "found a token that cannot stand here" },
	[WANT_ELEMENT_END] = { .tokens = CLOSE_ARRAY, .place = STYLE_CLOSE,
	    .mark = COMMA, .behind = &rules[WANT_ELEMENT],
	    .otherwise = "expected a comma or ] after an element" },
	[WANT_NOTHING] = { .otherwise = "found more after the document's end" }
};

/* a gap as the only style left has it at some depth; or too long for any */
struct gap {
	const char *text;
	size_t n;
};

/* an open container, and its gaps, if one style is left */
struct open {
	const struct rule *end;	/* what the end of a value in it wants */
	struct gap first, next, close;
};

struct scan {
	struct scan_options options;
	scan_taker *takers[JSON_TYPES];
	void *arg;

	/* the text */
	const char *piece;
	uint64_t base;		/* offset of the piece's first byte */
	struct buf rest;	/* of a gap or token, from earlier pieces */
	struct utf8 utf8;

	/* the place */
	const struct rule *want;
	enum { IN_GAP, IN_STRING, IN_NUMBER, IN_WORD } in;
	struct token token;
	struct open *open;	/* containers by depth; the first is none */
	struct style_depth depth;
	int parts;		/* of the token some was given away */
	uint64_t offset;	/* of what of it was not */

	/* the styles */
	unsigned styles;
	const struct style *only;	/* the one, if one is left ... */
	struct gap value;	/* ... and its gap behind a key */
	unsigned nearest;	/* those left before the last strike */
	uint64_t unstyled;

	struct buf tail;
	struct scan_error error;
};

/* where in the text a byte of the piece stands */
static uint64_t
offset_of(const struct scan *j, const char *p)
{
	return j->base + (uint64_t)(p - j->piece);
}

/* note what is wrong, once; NULL */
static const char *
fail(struct scan *j, uint64_t offset, const char *what)
{
	if (j->error.what == NULL) {
		j->error.offset = offset;
		j->error.what = what;
	}
	return NULL;
}

/* a limit of the options is reached; NULL */
static const char *
fail_limit(struct scan *j, uint64_t offset, const char *what)
{
	j->error.limit = j->error.what == NULL;
	return fail(j, offset, what);
}

/* the byte at p may not stand between tokens, or not here */
static const char *
fail_gap(struct scan *j, const char *p)
{
	unsigned class = classes[(uint8_t)*p];
	const char *what = j->want->otherwise;

	if (j->want == &rules[WANT_NOTHING])
		;
	else if (class == FEED)
		what = "found a form feed or vertical tab between tokens; "
		    "JSON allows blank, tab, line feed and carriage return";
	else if (class == SLASH)
		what = "found a comment; JSON has none";
	else if (class == 0)
		what = "found a character that no JSON token begins with";
	return fail(j, offset_of(j, p), what);
}

/* the byte at p may not stand in a string */
static const char *
fail_string(struct scan *j, const char *p)
{
	uint64_t at = offset_of(j, p);

	if (j->token.state == TOKEN_ESCAPE)
		return fail(j, at - 1, "found a backslash that begins no JSON "
		    "escape");
	if (j->token.state != TOKEN_TEXT)
		return fail(j, at, "found \\u without four hexadecimal "
		    "digits");
	return fail(j, at, *p == '\n' ? "found a line break inside a token; "
	    "in a string it is written \\n" : "found a bare control character "
	    "in a string; expected an escape");
}

static int
in_array(const struct scan *j)
{
	return j->open[j->depth.all].end == &rules[WANT_ELEMENT_END];
}

/* what a style has as a gap; one that is longer than its text is not guessed */
static inline struct gap
gap_of(const struct style *s, const struct style_gap *g,
    struct style_depth depth)
{
	size_t n = g->lead + style_fills(s, g, depth);

	return (struct gap){ g->text, n > STYLE_FILLS ? SIZE_MAX / 2 : n };
}

/* the only style's gaps in an open container of this depth */
static inline void
set_gaps(struct scan *j, struct style_depth depth)
{
	struct open *c = &j->open[depth.all];
	const struct style_gap *gaps =
	    j->only->gaps[c->end == &rules[WANT_ELEMENT_END]];

	c->first = gap_of(j->only, &gaps[STYLE_FIRST], depth);
	c->next = gap_of(j->only, &gaps[STYLE_NEXT], depth);
	c->close = gap_of(j->only, &gaps[STYLE_CLOSE], depth);
}

/* one style is left: its gaps in all that is open */
static void
set_style(struct scan *j, const struct style *s)
{
	struct style_depth depth = {0};

	j->only = s;
	j->value = gap_of(s, &s->gaps[0][STYLE_VALUE], depth);
	while (depth.all < j->depth.all) {
		depth.all++;
		depth.objects += j->open[depth.all].end ==
		    &rules[WANT_MEMBER_END];
		set_gaps(j, depth);
	}
}

/* of the styles some are left: note where none is, and which the only one is */
static void
keep_styles(struct scan *j, unsigned left, uint64_t gap)
{
	j->nearest = j->styles;
	j->styles = left;
	j->only = NULL;
	if (left == 0)
		j->unstyled = gap;
	else if ((left & (left - 1)) == 0)
		set_style(j, style_at((size_t)__builtin_ctz(left)));
}

/* strike out the styles whose gap before the next token is not this one */
static void
strike(struct scan *j, enum style_place place, const char *p, size_t n)
{
	unsigned left = j->styles, kept = 0;
	size_t i;

	for (; left != 0; left &= left - 1) {
		i = (size_t)__builtin_ctz(left);
		if (style_match(style_at(i), place, in_array(j), j->depth, p,
		    n) == (long)n)
			kept |= 1U << i;
	}
	if (kept != j->styles)
		keep_styles(j, kept, j->offset - n);
}

/*
 * Keep the start of a gap or token, up to the end of the piece.  A number or a
 * key is held until it is whole: that has a limit.
 */
static const char *
keep(struct scan *j, const char *p, const char *end)
{
	buf_add(&j->rest, p, (size_t)(end - p));
	if (j->rest.len > j->options.max_token)
		return fail_limit(j, j->offset, "a token is longer than a "
		    "component may be (--max-component)");
	if (j->rest.len > LONGEST)
		return fail_limit(j, j->offset, "a number or a key is longer "
		    "than 1 MiB");
	return end;
}

/* the same of a gap: blanks without end are no style's, and not held */
static const char *
keep_gap(struct scan *j, const char *p, const char *end)
{
	buf_add(&j->rest, p, (size_t)(end - p));
	if (j->rest.len >= JSON_LONG) {
		if (j->styles != 0)
			keep_styles(j, 0, offset_of(j, end) - j->rest.len);
		j->rest.len = 0;
	}
	return end;
}

/* hand over a token, from start to p, of bytes up to end; p or NULL */
static inline const char *
hand_over(struct scan *j, enum json_type type, int plain, const char *start,
    const char *p, const char *end)
{
	struct json_token t = { .type = type, .plain = plain, .raw = start,
	    .len = (size_t)(p - start), .room = (size_t)(end - start) };

	t.first = j->want->place == STYLE_FIRST;
	if (j->takers[type](j->arg, &t) == -1)
		return NULL;
	j->offset += t.len;
	return p;
}

/* the same of one of which some may wait; p or NULL */
static const char *
hand_over_all(struct scan *j, enum json_type type, int plain,
    const char *start, const char *p)
{
	const char *rest;
	size_t n;

	if (j->rest.len == 0)
		return hand_over(j, type, plain, start, p, p);
	buf_add(&j->rest, start, (size_t)(p - start));
	rest = j->rest.ptr;
	n = j->rest.len;
	j->rest.len = 0;
	return hand_over(j, type, plain, rest, rest + n, rest + n) == NULL ?
	    NULL : p;
}

/* a value has ended here */
static inline void
end_value(struct scan *j)
{
	j->want = j->open[j->depth.all].end;
}

/* a string, number or word ends at p, and may have begun in another piece */
static const char *
end_token(struct scan *j, enum json_type type, const char *start,
    const char *p)
{
	p = hand_over_all(j, type, type != JSON_OTHER && j->token.plain &&
	    !j->parts, start, p);
	j->in = IN_GAP;
	j->parts = 0;
	if (type == JSON_KEY)
		j->want = &rules[WANT_COLON];
	else
		end_value(j);
	return p;
}

static inline const char *
read_open(struct scan *j, const char *p, const char *end, int array)
{
	if (j->depth.all == j->options.max_depth)
		return fail_limit(j, j->offset,
		    "nested deeper than the limit (--max-depth)");
	p = hand_over(j, array ? JSON_ARRAY : JSON_OBJECT, 0, p, p + 1, end);
	j->open[++j->depth.all].end =
	    &rules[array ? WANT_ELEMENT_END : WANT_MEMBER_END];
	j->depth.objects += !array;
	j->want = &rules[array ? WANT_FIRST_ELEMENT : WANT_FIRST_KEY];
	if (j->only != NULL)
		set_gaps(j, j->depth);
	return p;
}

static inline const char *
read_close(struct scan *j, const char *p, const char *end)
{
	p = hand_over(j, JSON_END, 0, p, p + 1, end);
	j->depth.objects -= !in_array(j);
	j->depth.all--;
	end_value(j);
	return p;
}

/* go on in a string, of which the bytes from start on are not kept yet */
static const char *
read_string(struct scan *j, const char *start, const char *p, const char *end)
{
	int key = j->want->tokens == QUOTE;

	p = token_string(&j->token, p, end);
	if (j->token.state == TOKEN_DONE)
		return end_token(j, key ? JSON_KEY : JSON_STRING, start, p);
	if (p != end)
		return fail_string(j, p);
	if (key || (!j->parts &&
	    j->rest.len + (size_t)(end - start) <= JSON_LONG))
		return keep(j, start, end);
	p = hand_over_all(j, JSON_PART, 0, start, end);
	j->parts = 1;
	return p;
}

static const char *
read_number(struct scan *j, const char *start, const char *end)
{
	const char *p = token_number(&j->token, start, end);

	if (p == end)
		return keep(j, start, end);
	if (!token_is_number(&j->token))
		return fail(j, j->offset, "found a malformed number");
	return end_token(j, JSON_OTHER, start, p);
}

static const char *
read_word(struct scan *j, const char *start, const char *end)
{
	const char *p = token_word(&j->token, start, end);

	if (*j->token.word == '\0')
		return end_token(j, JSON_OTHER, start, p);
	return p == end ? keep(j, start, end) : fail(j, j->offset,
	    "found a word that is neither true, false nor null");
}

/* a string begins at p: most have no escapes, and end in the piece */
static inline const char *
begin_string(struct scan *j, const char *start, const char *end)
{
	const char *p = token_text(start + 1, end);

	if (p == end || *p != '"') {
		j->in = IN_STRING;
		j->token = token_of_string();
		return read_string(j, start, p, end);
	}
	if (j->want->tokens == QUOTE) {
		p = hand_over(j, JSON_KEY, 1, start, p + 1, end);
		j->want = &rules[WANT_COLON];
	} else {
		p = hand_over(j, JSON_STRING, 1, start, p + 1, end);
		end_value(j);
	}
	return p;
}

/* a token begins at p */
static inline const char *
begin_token(struct scan *j, const char *p, const char *end)
{
	unsigned class = classes[(uint8_t)*p];

	if (class == QUOTE)
		return begin_string(j, p, end);
	if (class == LETTER) {
		j->in = IN_WORD;
		j->token = token_of_word(*p);
		return read_word(j, p, end);
	}
	if (class == DIGIT) {
		j->in = IN_NUMBER;
		j->token = token_of_number();
		return read_number(j, p, end);
	}
	return (class & VALUES) != 0 ?
	    read_open(j, p, end, class == OPEN_ARRAY) : read_close(j, p, end);
}

/* only blanks may follow the document */
static const char *
read_tail(struct scan *j, const char *p, const char *end)
{
	const char *start = p;

	while (p < end && classes[(uint8_t)*p] == BLANK)
		p++;
	if (p < end)
		return fail_gap(j, p);
	buf_add(&j->tail, start, (size_t)(end - start));
	if (j->tail.len > TAIL_MAX)
		return fail(j, j->offset, "found more than 64 KiB of white "
		    "space after the document");
	return end;
}

/* the token behind this gap, if it stands at p and one that is wanted behind */
static inline const char *
pass_gap(struct scan *j, const char *p, const char *end, const struct gap *g,
    const struct rule *want)
{
	if ((size_t)(end - p) <= g->n + STYLE_SHORT ||
	    !style_same(p, g->text, g->n, want->place) ||
	    (classes[(uint8_t)p[g->n]] & want->tokens) == 0)
		return NULL;
	j->want = want;
	j->offset = offset_of(j, p + g->n);
	return p + g->n;
}

/*
 * If the gap at p is what the only style left has before a token, where that
 * begins; NULL: look at each byte.  A third of an indented file is gaps.  Which
 * gap it is is asked by branches, which are predicted: looked up in the rules
 * each token would wait for the one before it.
 */
static inline const char *
guess_gap(struct scan *j, const char *p, const char *end)
{
	const struct open *c = &j->open[j->depth.all];
	const struct rule *want = j->want;

	if (j->only == NULL)
		return NULL;
	if (want == &rules[WANT_COLON])
		return pass_gap(j, p, end, &j->value, &rules[WANT_VALUE]);
	if (want == &rules[WANT_MEMBER_END])
		return *p == ',' ?
		    pass_gap(j, p, end, &c->next, &rules[WANT_KEY]) :
		    pass_gap(j, p, end, &c->close, &rules[WANT_MEMBER_END]);
	if (want == &rules[WANT_ELEMENT_END])
		return *p == ',' ?
		    pass_gap(j, p, end, &c->next, &rules[WANT_ELEMENT]) :
		    pass_gap(j, p, end, &c->close, &rules[WANT_ELEMENT_END]);
	if (want == &rules[WANT_FIRST_KEY])
		return pass_gap(j, p, end, &c->first, &rules[WANT_FIRST_KEY]);
	if (want == &rules[WANT_FIRST_ELEMENT])
		return pass_gap(j, p, end, &c->first,
		    &rules[WANT_FIRST_ELEMENT]);
	return NULL;
}

/* the token behind a gap begins at p */
static void
end_gap(struct scan *j, const char *start, const char *p)
{
	const struct rule *rule = j->want;
	size_t n = (size_t)(p - start);

	if (j->rest.len > 0) {
		buf_add(&j->rest, start, n);
		start = j->rest.ptr;
		n = j->rest.len;
		j->rest.len = 0;
	}
	j->offset = offset_of(j, p);
	if (j->styles != 0)
		strike(j, (classes[(uint8_t)*p] & rule->closes) != 0 ?
		    STYLE_EMPTY : rule->place, start, n);
}

/* go on in a gap, byte by byte: where the token behind it begins, or the end */
static const char *
find_token(struct scan *j, const char *start, const char *end)
{
	const char *p;
	unsigned class;

	if (j->want == &rules[WANT_NOTHING])
		return read_tail(j, start, end);
	for (p = start; p < end; p++) {
		class = classes[(uint8_t)*p];
		if (class == BLANK)
			continue;
		if ((class & j->want->mark) != 0) {
			j->want = j->want->behind;
			continue;
		}
		if ((class & (j->want->tokens | j->want->closes)) == 0)
			return fail_gap(j, p);
		end_gap(j, start, p);
		return p;
	}
	return keep_gap(j, start, end);
}

/* read the gap that begins at p, and the token behind it */
static inline const char *
read_token(struct scan *j, const char *p, const char *end)
{
	const char *token = guess_gap(j, p, end);

	if (token == NULL)
		token = find_token(j, p, end);
	return token == NULL || token == end ? token :
	    begin_token(j, token, end);
}

/* go on in what an earlier piece has not ended */
static const char *
resume(struct scan *j, const char *p, const char *end)
{
	switch (j->in) {
	case IN_GAP:
		p = find_token(j, p, end);
		return p == NULL || p == end ? p : begin_token(j, p, end);
	case IN_STRING:
		return read_string(j, p, p, end);
	case IN_NUMBER:
		return read_number(j, p, end);
	case IN_WORD:
		return read_word(j, p, end);
	}
	return NULL;
}

/* go on with the n bytes at p; 0 or -1 */
static int
read_piece(struct scan *j, const char *p, size_t n)
{
	const char *end = p + n;

	j->piece = p;
	if (p < end)
		p = resume(j, p, end);
	while (p != NULL && p < end)
		p = read_token(j, p, end);
	j->base += n;
	return p == NULL ? -1 : 0;
}

struct scan *
scan_open(const struct scan_options *o, scan_taker *take)
{
	scan_taker *const takers[JSON_TYPES] = {
		take, take, take, take, take, take, take
	};

	return scan_open_by_type(o, takers);
}

struct scan *
scan_open_by_type(const struct scan_options *o,
    scan_taker *const takers[JSON_TYPES])
{
	struct scan *j = xcalloc(1, sizeof(*j));
	size_t i;

	j->options = *o;
	for (i = 0; i < JSON_TYPES; i++)
		j->takers[i] = takers[i];
	j->open = xmalloc(((size_t)o->max_depth + 1) * sizeof(*j->open));
	j->open[0].end = &rules[WANT_NOTHING];
	return j;
}

void
scan_close(struct scan *j)
{
	if (j == NULL)
		return;
	buf_free(&j->rest);
	buf_free(&j->tail);
	free(j->open);
	free(j);
}

void
scan_reset(struct scan *j, void *arg)
{
	j->arg = arg;
	j->base = 0;
	j->offset = 0;
	j->rest.len = 0;
	j->tail.len = 0;
	j->utf8 = (struct utf8){0};
	j->want = &rules[WANT_DOCUMENT];
	j->in = IN_GAP;
	j->depth = (struct style_depth){0};
	j->parts = 0;
	j->styles = (1U << style_count()) - 1;
	j->only = NULL;
	j->nearest = j->styles;
	j->unstyled = UINT64_MAX;
	j->error = (struct scan_error){0};
}

int
scan_feed(struct scan *j, const char *p, size_t n)
{
	uint64_t base = j->base;
	size_t good;

	if (base == 0 && n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0) {
		fail(j, 0, "found a byte order mark; JSON text has none (RFC "
		    "8259, section 8.1): take it off");
		return -1;
	}
	good = utf8_check(&j->utf8, p, n);
	if (read_piece(j, p, good) == -1)
		return -1;
	if (good < n)
		fail(j, base + good, "found a byte that is not UTF-8; expected "
		    "UTF-8 without overlong forms and surrogates");
	return good < n ? -1 : 0;
}

int
scan_finish(struct scan *j)
{
	if (j->utf8.left > 0) {
		fail(j, j->base, "the text ends inside a UTF-8 character");
		return -1;
	}
	/* nothing else has told that a number is over */
	if (j->in == IN_NUMBER && token_is_number(&j->token) &&
	    end_token(j, JSON_OTHER, "", "") == NULL)
		return -1;
	if (j->want == &rules[WANT_NOTHING] && j->in == IN_GAP)
		return 0;
	fail(j, j->base, "the text ends in the middle: it was cut short (get "
	    "it again), or a bracket or quote is not closed");
	return -1;
}

const struct scan_error *
scan_error(const struct scan *j)
{
	return &j->error;
}

int
scan_text(struct scan *j, void *arg, const char *p, size_t n,
    struct text_error *e)
{
	scan_reset(j, arg);
	if (scan_feed(j, p, n) == 0 && scan_finish(j) == 0)
		return 0;
	e->what = j->error.what;
	e->at = (size_t)j->error.offset;
	return -1;
}

uint64_t
scan_offset(const struct scan *j)
{
	return j->offset;
}

unsigned
scan_styles(const struct scan *j)
{
	return j->styles;
}

void
scan_assume(struct scan *j, const struct style *s)
{
	j->styles = 1U << style_number(s);
	set_style(j, s);
}

uint64_t
scan_unstyled(const struct scan *j)
{
	return j->unstyled;
}

unsigned
scan_nearest(const struct scan *j)
{
	return j->nearest;
}

const char *
scan_tail(const struct scan *j, size_t *n)
{
	*n = j->tail.len;
	return j->tail.ptr;
}
