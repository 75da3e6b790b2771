/* SPDX-License-Identifier: ISC */
/*
 * Strict JSON (RFC 8259) as tokens with their own bytes; the only file that
 * knows yajl.
 *
 * yajl says where a token ends; it begins where the gap after the token
 * before ends.  So the bytes from one end to the next are a gap and a token,
 * and a gap that is not the style's is the only thing ever read twice.
 *
 * Line breaks and the indents after them yajl never sees: a third of an
 * indented file is not looked at byte by byte.  None can stand inside a token
 * (RFC 8259: section 7 bars them from strings); what is joined by leaving
 * them out is noticed when the token is handed over.
 *
 * The inside of a string too long to be held is not given to yajl either.
 */
#include "json/scan.h"

#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

#include "base/buf.h"
#include "base/slice.h"
#include "base/utf8.h"
#include "json/style.h"

/* blanks after the document that are kept as they are; more is refused */
#define TAIL_MAX 65536

/* a number or a key may have so many bytes; strings may have more */
#define LONGEST ((size_t)1 << 20)

/* a piece of the text as yajl sees it */
struct lean {
	struct buf text;
	struct lean_mark {
		size_t at;	/* where in text something is left out */
		size_t out;	/* bytes left out up to here */
	} *marks;
	size_t n, room;
	size_t next;		/* the first mark not yet passed */
	int indent;		/* the last piece ended in an indent */
};

struct scan {
	yajl_handle yajl;
	struct scan_options options;
	scan_taker *take;
	void *arg;

	/* the text: [done, n) of the piece is not yet taken as tokens */
	const char *piece;
	size_t done;
	struct lean lean;
	uint64_t base;		/* offset of the piece's first byte */
	struct buf rest;	/* what earlier pieces left of it */
	int escape;		/* where in one the long string in rest is:
				   0: in none; 1: after its backslash;
				   2..5: before hex digits ... */
	size_t scanned;		/* ... up to here; 0: not begun */
	struct utf8 utf8;

	/* the place of the next token */
	unsigned char *arrays;	/* of each open container: is it an array? */
	struct style_depth depth;
	int fresh;		/* its container has nothing in it yet */
	int keyed;		/* a key stands before it */
	int begun;		/* there was one before it */
	int parts;		/* pieces of it were given away */
	uint64_t offset;

	/* the styles */
	unsigned styles;
	const struct style *only;	/* the one, if one is left */
	unsigned nearest;	/* those left before the last strike */
	uint64_t unstyled;

	struct buf tail;
	struct scan_error error;
};

/*
 * Where in the piece the first end bytes of text reach to.  end must not
 * fall from call to call.
 */
static size_t
lean_reach(struct lean *l, size_t end)
{
	while (l->next < l->n && l->marks[l->next].at < end)
		l->next++;
	return end + (l->next > 0 ? l->marks[l->next - 1].out : 0);
}

/* whether something was left out among the last n of these bytes */
static int
lean_joins(const struct lean *l, size_t end, size_t n)
{
	return l->next > 0 && l->marks[l->next - 1].at + n > end;
}

/* past the blanks and tabs at p */
static const char *
skip_indent(const char *p, const char *end)
{
	static const char blanks[8] = "        ";

	while (end - p >= 8 && memcmp(p, blanks, 8) == 0)
		p += 8;
	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	return p;
}

static void
add_mark(struct lean *l, size_t at, size_t out)
{
	if (l->n == l->room) {
		l->room = l->room * 2 + 64;
		l->marks = xrealloc(l->marks, l->room, sizeof(*l->marks));
	}
	l->marks[l->n++] = (struct lean_mark){ at, out };
}

/* take the next piece, of n bytes */
static void
lean_take(struct lean *l, const char *p, size_t n)
{
	const char *start = p, *end = p + n, *eol;

	l->text.len = 0;
	l->n = l->next = 0;
	buf_room(&l->text, n);
	if (l->indent && (p = skip_indent(p, end)) > start)
		add_mark(l, 0, (size_t)(p - start));
	while (p < end && (eol = memchr(p, '\n', (size_t)(end - p))) != NULL) {
		buf_add(&l->text, p, (size_t)(eol - p));
		p = skip_indent(eol + 1, end);
		l->indent = p == end;
		add_mark(l, l->text.len, (size_t)(p - start) - l->text.len);
	}
	if (p < end) {
		buf_add(&l->text, p, (size_t)(end - p));
		l->indent = 0;
	}
}

/* forget all pieces */
static void
lean_reset(struct lean *l)
{
	l->indent = 0;
	l->n = l->next = 0;
}

/* take the byte c of an escape; whether it may stand there */
static int
take_escape(int *escape, char c)
{
	if (*escape == 1) {
		*escape = c == 'u' ? 2 : 0;
		return c != '\0' && strchr("\"\\/bfnrtu", c) != NULL;
	}
	*escape = *escape == 5 ? 0 : *escape + 1;
	return c != '\0' && strchr("0123456789abcdefABCDEF", c) != NULL;
}

/*
 * How many of n bytes are inside the string, up to its closing quote; *wrong
 * is what is wrong with the byte after those, or NULL.
 */
static size_t
scan_inside(int *escape, const char *p, size_t n, const char **wrong)
{
	size_t i;

	*wrong = NULL;
	for (i = 0; i < n; i++) {
		if (*escape != 0) {
			if (!take_escape(escape, p[i])) {
				*wrong = "found a malformed escape";
				break;
			}
		} else if (p[i] == '"') {
			break;
		} else if (p[i] == '\\') {
			*escape = 1;
		} else if ((unsigned char)p[i] < 0x20) {
			*wrong = "found a bare control character in a string; "
			    "expected an escape";
			break;
		}
	}
	return i;
}

/* note what is wrong, once; -1 */
static int
fail(struct scan *j, uint64_t offset, const char *what)
{
	if (j->error.what == NULL) {
		j->error.offset = offset;
		j->error.what = what;
	}
	return -1;
}

/* a limit of the options is reached; -1 */
static int
fail_limit(struct scan *j, uint64_t offset, const char *what)
{
	j->error.limit = j->error.what == NULL;
	return fail(j, offset, what);
}

/* which gap stands before the next token */
static enum style_place
place_of(const struct scan *j, enum json_type type)
{
	if (type == JSON_END)
		return j->fresh ? STYLE_EMPTY : STYLE_CLOSE;
	if (j->keyed)
		return STYLE_VALUE;
	if (j->depth.all == 0)
		return STYLE_ROOT;
	return j->fresh ? STYLE_FIRST : STYLE_NEXT;
}

static int
in_array(const struct scan *j)
{
	return j->depth.all > 0 && j->arrays[j->depth.all - 1];
}

/* strike out the styles whose gap is not the n bytes at p */
static void
strike(struct scan *j, enum style_place place, const char *p, size_t n)
{
	const struct style *s;
	size_t i;

	j->nearest = j->styles;
	for (i = 0; i < style_count(); i++) {
		s = style_at(i);
		if ((j->styles & 1U << i) != 0 && style_match(s, place,
		    in_array(j), j->depth, p, n) != (long)n)
			j->styles &= ~(1U << i);
	}
	j->only = NULL;
	if (j->styles == 0) {
		j->unstyled = j->offset - n;
	} else if ((j->styles & (j->styles - 1)) == 0) {
		j->only = style_at((size_t)__builtin_ctz(j->styles));
	}
}

/* how many of n bytes at p may stand between tokens */
static size_t
gap_length(const char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		switch (p[i]) {
		case ' ':
		case '\n':
		case '\r':
		case '\t':
		case ',':
		case ':':
			continue;
		default:
			return i;
		}
	}
	return n;
}

/* the length of the gap that the n bytes at p begin with; checks its style */
static size_t
gap(struct scan *j, enum style_place place, const char *p, size_t n)
{
	size_t i;
	long fit;

	if (j->only != NULL) {
		fit = style_match(j->only, place, in_array(j), j->depth, p, n);
		if (fit >= 0 && (size_t)fit < n &&
		    (unsigned char)p[fit] > ' ')
			return (size_t)fit;
	}
	i = gap_length(p, n);
	j->offset += i;
	if (j->styles != 0)
		strike(j, place, p, i);
	j->offset -= i;
	return i;
}

/*
 * Hand over a gap and a token of n bytes together, at p.  The token ends at
 * the byte end of what yajl was given; whole: it stands there altogether.
 * A string is decoded to so many bytes: fewer than it has, if it has escapes.
 */
static int
hand_over(struct scan *j, enum json_type type, const char *p, size_t n,
    size_t end, int whole, size_t decoded)
{
	struct json_token t;
	size_t skip;

	skip = j->parts ? 0 : gap(j, place_of(j, type), p, n);
	j->offset += skip;
	if (skip < n && (p[skip] == '\f' || p[skip] == '\v'))
		return fail(j, j->offset, "found a form feed or vertical tab "
		    "between tokens; JSON allows blank, tab, line feed and "
		    "carriage return");
	if (whole ? lean_joins(&j->lean, end, n - skip) :
	    memchr(p + skip, '\n', n - skip) != NULL)
		return fail(j, j->offset, "found a line break inside a token; "
		    "in a string it is written \\n");
	t.type = type;
	t.first = j->fresh;
	t.raw = p + skip;
	t.len = n - skip;
	t.plain = (type == JSON_STRING || type == JSON_KEY) && !j->parts &&
	    t.len == decoded + 2;
	if (j->take(j->arg, &t) == -1)
		return -1;
	j->offset += t.len;
	return 0;
}

/* RFC 8259, section 2 */
static int
is_blank(char c)
{
	return c == ' ' || c == '\n' || c == '\r' || c == '\t';
}

/* the white space that ends the n bytes at p */
static size_t
blank_end(const char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n && strchr(" \n\t", p[n - i - 1]) != NULL; i++)
		continue;
	return i;
}

/* the white space that the n bytes at p begin with */
static size_t
blank_start(const char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n && is_blank(p[i]); i++)
		continue;
	return i;
}

/* a token ends here: yajl has read up to its end, and no further */
static int
token(struct scan *j, enum json_type type, size_t decoded)
{
	const char *p;
	size_t n, seen, end;
	int whole = j->rest.len == 0 && !j->parts;

	seen = yajl_get_bytes_consumed(j->yajl);
	end = lean_reach(&j->lean, seen);
	p = j->piece + j->done;
	n = end - j->done;
	if (!whole) {
		buf_add(&j->rest, p, n);
		p = j->rest.ptr;
		n = j->rest.len;
		if (seen == 0)	/* a number: it ended before a line break */
			n -= blank_end(p, n);
	}
	if (hand_over(j, type, p, n, seen, whole, decoded) == -1)
		return -1;
	if (!whole)
		buf_shift(&j->rest, n);
	j->scanned = 0;
	j->parts = 0;
	j->done = end;
	j->fresh = 0;
	j->begun = 1;
	j->keyed = type == JSON_KEY;
	return 0;
}

static int
on_open(struct scan *j, int array)
{
	if (j->depth.all == j->options.max_depth)
		return fail_limit(j, j->base + lean_reach(&j->lean,
		    yajl_get_bytes_consumed(j->yajl)) - 1,
		    "nested deeper than the limit (--max-depth)");
	if (token(j, array ? JSON_ARRAY : JSON_OBJECT, 0) == -1)
		return -1;
	j->arrays[j->depth.all++] = (unsigned char)array;
	j->depth.objects += !array;
	j->fresh = 1;
	return 0;
}

static int
on_close(void *arg)
{
	struct scan *j = arg;

	if (token(j, JSON_END, 0) == -1)
		return 0;
	j->depth.objects -= !in_array(j);
	j->depth.all--;
	return 1;
}

static int
on_object(void *arg)
{
	return on_open(arg, 0) == 0;
}

static int
on_array(void *arg)
{
	return on_open(arg, 1) == 0;
}

static int
on_key(void *arg, const unsigned char *s, size_t n)
{
	(void)s;
	return token(arg, JSON_KEY, n) == 0;
}

static int
on_string(void *arg, const unsigned char *s, size_t n)
{
	(void)s;
	return token(arg, JSON_STRING, n) == 0;
}

static int
on_number(void *arg, const char *s, size_t n)
{
	(void)s;
	(void)n;
	return token(arg, JSON_OTHER, 0) == 0;
}

static int
on_boolean(void *arg, int b)
{
	(void)b;
	return token(arg, JSON_OTHER, 0) == 0;
}

static int
on_null(void *arg)
{
	return token(arg, JSON_OTHER, 0) == 0;
}

static const yajl_callbacks callbacks = {
	.yajl_null = on_null,
	.yajl_boolean = on_boolean,
	.yajl_number = on_number,
	.yajl_string = on_string,
	.yajl_start_map = on_object,
	.yajl_map_key = on_key,
	.yajl_end_map = on_close,
	.yajl_start_array = on_array,
	.yajl_end_array = on_close,
};

static void *
alloc_memory(void *ctx, size_t n)
{
	(void)ctx;
	return xmalloc(n);
}

static void *
grow_memory(void *ctx, void *p, size_t n)
{
	(void)ctx;
	return xrealloc(p, n, 1);
}

static void
free_memory(void *ctx, void *p)
{
	(void)ctx;
	free(p);
}

struct scan *
scan_open(const struct scan_options *o, scan_taker *take)
{
	struct scan *j;

	j = xcalloc(1, sizeof(*j));
	j->options = *o;
	j->take = take;
	j->arrays = xmalloc(o->max_depth);
	return j;
}

void
scan_close(struct scan *j)
{
	if (j == NULL)
		return;
	if (j->yajl != NULL)
		yajl_free(j->yajl);
	buf_free(&j->rest);
	buf_free(&j->tail);
	buf_free(&j->lean.text);
	free(j->lean.marks);
	free(j->arrays);
	free(j);
}

void
scan_reset(struct scan *j, void *arg)
{
	/* yajl does not ask whether it got memory; it makes a copy of these */
	yajl_alloc_funcs memory = { alloc_memory, grow_memory, free_memory,
	    NULL };

	if (j->yajl != NULL)
		yajl_free(j->yajl);
	j->yajl = yajl_alloc(&callbacks, &memory, j);
	/* utf8_check() is stricter, and faster on whole pieces */
	yajl_config(j->yajl, yajl_dont_validate_strings, 1);
	j->arg = arg;
	j->base = 0;
	j->offset = 0;
	j->rest.len = 0;
	j->scanned = 0;
	j->tail.len = 0;
	j->utf8 = (struct utf8){0};
	lean_reset(&j->lean);
	j->depth = (struct style_depth){0};
	j->fresh = j->keyed = j->begun = j->parts = 0;
	j->styles = (1U << style_count()) - 1;
	j->only = NULL;
	j->nearest = j->styles;
	j->unstyled = UINT64_MAX;
	j->error = (struct scan_error){0};
}

/* byte i behind the last good token, or NUL where no more is known */
static char
byte_behind(const struct scan *j, size_t i, size_t n)
{
	if (i < j->rest.len)
		return j->rest.ptr[i];
	i += j->done - j->rest.len;
	return i < n ? j->piece[i] : '\0';
}

/*
 * How far behind the last good token the next one stands: behind blanks, and
 * the one comma or colon that may be there.  n: the piece's end.
 */
static size_t
next_token(const struct scan *j, size_t n)
{
	char c, mark = ',';
	size_t i;

	if (j->keyed)
		mark = ':';
	else if (j->fresh || j->depth.all == 0)
		mark = ' ';
	for (i = 0; ; i++) {
		c = byte_behind(j, i, n);
		if (c == mark)
			mark = ' ';
		else if (!is_blank(c))
			return i;
	}
}

/*
 * How far behind the last good token the string that stands there goes wrong;
 * something else that stands there is wrong itself.
 */
static size_t
in_string(const struct scan *j, size_t n)
{
	const char *wrong = NULL, *p;
	size_t at = next_token(j, n);
	int escape = 0;

	if (byte_behind(j, at++, n) != '"')
		return at - 1;
	if (at < j->rest.len)
		at += scan_inside(&escape, j->rest.ptr + at, j->rest.len - at,
		    &wrong);
	if (wrong == NULL && at >= j->rest.len) {
		p = j->piece + j->done + (at - j->rest.len);
		at += scan_inside(&escape, p, (size_t)(j->piece + n - p),
		    &wrong);
	}
	/* an escape of one letter goes wrong at its backslash */
	return at - (byte_behind(j, at - 1, n) == '\\');
}

/* where the fault is, as the parser's own place depends on how text comes */
enum fault_place {
	FAULT_HERE,	/* where the parser stopped */
	FAULT_TOKEN,	/* at the start of the token it stopped in */
	FAULT_STRING	/* inside a string: where that goes wrong */
};

struct fault {
	const char *part;	/* of yajl's text, which may change */
	const char *what;
	enum fault_place place;
};

static const struct fault faults[] = {
	{ "premature EOF", "the text ends in the middle", FAULT_HERE },
	{ "trailing garbage", "found more after the document's end",
	    FAULT_HERE },
	{ "invalid char in json text", "found a character that no "
	    "JSON token begins with", FAULT_TOKEN },
	{ "invalid string in json text", "found a word that is "
	    "neither true, false nor null", FAULT_TOKEN },
	{ "unallowed token", "found a token that cannot stand here",
	    FAULT_TOKEN },
	{ "invalid character inside string",
	    "found a bare control character in a string; expected "
	    "an escape", FAULT_STRING },
	{ "inside a string, '\\' occurs", "found a backslash that "
	    "begins no JSON escape", FAULT_STRING },
	{ "invalid (non-hex) character", "found \\u without four "
	    "hexadecimal digits", FAULT_STRING },
	{ "malformed number", "found a malformed number", FAULT_TOKEN },
	{ "probable comment", "found a comment; JSON has none", FAULT_TOKEN },
	{ "object key and value must", "expected a colon after a "
	    "key", FAULT_TOKEN },
	{ "invalid object key", "expected a string as key", FAULT_TOKEN },
	{ "after key and value", "expected a comma or } after a "
	    "member", FAULT_TOKEN },
	{ "after array element", "expected a comma or ] after an "
	    "element", FAULT_TOKEN },
	{ "", "not JSON", FAULT_HERE },
};

/* the fault that a text of yajl's names */
static const struct fault *
fault_find(const char *text)
{
	const struct fault *f;

	for (f = faults; strstr(text, f->part) == NULL; f++)
		continue;	/* the last row is in every text */
	return f;
}

/* what yajl says is wrong, in our words and at our place */
static int
yajl_says(struct scan *j, size_t n)
{
	const struct fault *f;
	unsigned char *text;
	size_t at;

	text = yajl_get_error(j->yajl, 0, NULL, 0);
	f = fault_find((char *)text);
	yajl_free_error(j->yajl, text);
	if (f->place == FAULT_STRING)
		return fail(j, j->offset + in_string(j, n), f->what);
	if (f->place == FAULT_TOKEN)
		return fail(j, j->offset + next_token(j, n), f->what);
	at = lean_reach(&j->lean, yajl_get_bytes_consumed(j->yajl));
	return fail(j, j->base + at - (at > 0), f->what);
}

/* whether the document is over */
static int
is_complete(const struct scan *j)
{
	return j->depth.all == 0 && j->begun &&
	    blank_start(j->rest.ptr, j->rest.len) == j->rest.len;
}

/* only blanks may follow the document; yajl lets the start of a token by */
static int
check_end(struct scan *j, size_t n)
{
	size_t blank, left = n - j->done;

	blank = blank_start(j->piece + j->done, left);
	return blank == left ? 0 : fail(j, j->offset + j->tail.len +
	    j->rest.len + blank, "found more after the document's end");
}

/* give yajl n bytes at p, which stand at offset base */
static int
parse(struct scan *j, const char *p, size_t n)
{
	yajl_status status;

	j->piece = p;
	j->done = 0;
	lean_take(&j->lean, p, n);
	status = yajl_parse(j->yajl, (unsigned char *)j->lean.text.ptr,
	    j->lean.text.len);
	if (status == yajl_status_client_canceled)
		return -1;
	if (status == yajl_status_ok)
		return 0;
	if (is_complete(j) && check_end(j, n) == -1)
		return -1;
	return yajl_says(j, n);
}

/* blanks without end are no style's: their offset is all that is kept */
static void
drop_blanks(struct scan *j)
{
	size_t n = j->rest.len;

	if (n < JSON_LONG || gap_length(j->rest.ptr, n) < n)
		return;
	j->offset += n;
	if (j->styles != 0)
		strike(j, STYLE_NEXT, j->rest.ptr, n);
	j->rest.len = 0;
}

/*
 * Keep what follows the last token: blanks, the start of a token, or the
 * end of the document.
 */
static int
keep_rest(struct scan *j, size_t n)
{
	const char *p = j->piece + j->done;
	size_t left = n - j->done;

	if (is_complete(j)) {
		if (check_end(j, n) == -1)
			return -1;
		buf_add(&j->tail, j->rest.ptr, j->rest.len);
		j->rest.len = 0;
		buf_add(&j->tail, p, left);
		if (j->tail.len > TAIL_MAX)
			return fail(j, j->offset, "found more than 64 KiB of "
			    "white space after the document");
		return 0;
	}
	buf_add(&j->rest, p, left);
	drop_blanks(j);
	if (j->rest.len > j->options.max_token)
		return fail_limit(j, j->offset, "a token is longer than a "
		    "component may be (--max-component)");
	/* yajl reads what is unfinished from its start each time */
	if (j->rest.len > LONGEST)
		return fail_limit(j, j->offset, "a number or a key is longer "
		    "than 1 MiB");
	return 0;
}

/*
 * If what is left is the start of a long string, give it away and elide it:
 * as soon as it does not end inside an escape, which yajl must see whole.
 */
static int
begin_long(struct scan *j)
{
	struct json_token t = { .type = JSON_PART };
	const char *wrong;
	size_t skip;

	if (j->rest.len < JSON_LONG || j->depth.all == 0 ||
	    !(j->keyed || in_array(j)))
		return 0;
	skip = gap(j, place_of(j, JSON_STRING), j->rest.ptr, j->rest.len);
	if (j->rest.len - skip <= JSON_LONG || j->rest.ptr[skip] != '"')
		return 0;
	if (j->scanned == 0) {
		j->scanned = skip + 1;
		j->escape = 0;
	}
	j->scanned += scan_inside(&j->escape, j->rest.ptr + j->scanned,
	    j->rest.len - j->scanned, &wrong);
	if (wrong != NULL || j->escape != 0)
		return 0;	/* yajl will say what is wrong */
	j->offset += skip;
	t.first = j->fresh;
	t.raw = j->rest.ptr + skip;
	t.len = j->rest.len - skip;
	j->parts = 1;
	j->rest.len = 0;
	j->scanned = 0;
	if (j->take(j->arg, &t) == -1)
		return -1;
	j->offset += t.len;
	return 0;
}

/*
 * Inside a long string: its bytes go straight to the taker, and yajl, which
 * would keep them all, sees nothing until the closing quote.  Returns how
 * many of the n bytes were inside, or -1.
 */
static long
go_on_long(struct scan *j, const char *p, size_t n)
{
	struct json_token t = { .type = JSON_PART, .raw = p };
	const char *wrong;

	t.first = j->fresh;
	t.len = scan_inside(&j->escape, p, n, &wrong);
	if (wrong != NULL)
		return fail(j, j->offset + t.len, wrong);
	if (t.len > 0 && j->take(j->arg, &t) == -1)
		return -1;
	j->offset += t.len;
	return (long)t.len;
}

/* the text's first bytes: a byte order mark is the one thing not UTF-8's */
static int
check_text(struct scan *j, const char *p, size_t n)
{
	size_t good;

	if (j->base == 0 && n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0)
		return fail(j, 0, "found a byte order mark; JSON text has "
		    "none (RFC 8259, section 8.1): take it off");
	if ((good = utf8_check(&j->utf8, p, n)) < n)
		return fail(j, j->base + good, "found a byte that is not "
		    "UTF-8; expected UTF-8 without overlong forms and "
		    "surrogates");
	return 0;
}

/*
 * How many of n bytes yajl is to be given at once: all, or what ends the
 * escape alone that kept a long string from being elided.
 */
static size_t
at_once(const struct scan *j, const char *p, size_t n)
{
	const char *wrong;
	size_t i;
	int escape = j->escape;

	if (j->parts || j->scanned == 0)
		return n;
	for (i = 0; i < n && escape != 0; i++) {
		if (scan_inside(&escape, p + i, 1, &wrong) == 0)
			return n;	/* yajl will say what is wrong */
	}
	return i == 0 ? n : i;
}

int
scan_feed(struct scan *j, const char *p, size_t n)
{
	size_t once;
	long inside;

	if (check_text(j, p, n) == -1)
		return -1;
	for (; n > 0; p += once, n -= once) {
		if (j->parts) {
			if ((inside = go_on_long(j, p, n)) == -1)
				return -1;
			j->base += (size_t)inside;
			p += inside;
			n -= (size_t)inside;
			if (n == 0)
				break;
		}
		once = at_once(j, p, n);
		if (parse(j, p, once) == -1 || keep_rest(j, once) == -1 ||
		    begin_long(j) == -1)
			return -1;
		j->base += once;
	}
	return 0;
}

/* behind a number nothing told that the document was over */
static int
end_rest(struct scan *j)
{
	size_t blank = blank_start(j->rest.ptr, j->rest.len);

	if (blank < j->rest.len)
		return fail(j, j->offset + blank, "found more after the "
		    "document's end");
	buf_add(&j->tail, j->rest.ptr, j->rest.len);
	j->rest.len = 0;
	return 0;
}

int
scan_finish(struct scan *j)
{
	j->piece = "";
	j->done = 0;
	lean_reset(&j->lean);
	if (j->utf8.left > 0)
		return fail(j, j->base, "the text ends inside a UTF-8 "
		    "character");
	switch (yajl_complete_parse(j->yajl)) {
	case yajl_status_ok:
		return end_rest(j);
	case yajl_status_client_canceled:
		return -1;
	default:
		return fail(j, j->base, "the text ends in the middle");
	}
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
	j->only = s;
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
