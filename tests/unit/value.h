/* SPDX-License-Identifier: ISC */
/*
 * Random JSON values in compact form, with all that is awkward in them:
 * brackets and quotes inside strings, runs of backslashes, empty containers,
 * keys twice, numbers that no double holds.
 */
#ifndef VALUE_H
#define VALUE_H

#include <string.h>

#include "base/buf.h"
#include "check.h"

/* append a string's text; its end never pairs with what comes next */
static inline void
value_text(struct buf *b, struct dice *d)
{
	static const char *const pieces[] = {
		"a", "key", "Z9", " ", "  ", "/", "\\/", "\\\\", "\\\"",
		"\\\\\\\\", "\\\\\\\"", "[", "]", "{", "}", ",", ":", "[]",
		"{}", "\\n", "\\t", "\\b\\f\\r", "\\u0000", "\\u001F",
		"\\u003c", "\\u00e9", "\\uD83D\\uDE00", "\\ud800", "\\uDFFF",
		"\\uDBFF\\u0041", "\\uFFFF", "\x7f", "\xc3\xa9",
		"\xe2\x82\xac", "\xef\xbf\xbf", "\xf0\x9f\x98\x80",
		"\xf4\x8f\xbf\xbf", "~", "~1", "*", "value", "null", "0"
	};
	size_t n;

	for (n = dice_roll(d, 5); n > 0; n--)
		buf_adds(b, pieces[dice_roll(d,
		    sizeof(pieces) / sizeof(pieces[0]))]);
}

static inline void
value_string(struct buf *b, struct dice *d)
{
	buf_addc(b, '"');
	value_text(b, d);
	buf_addc(b, '"');
}

/* append a string, a number or a word */
static inline void
value_scalar(struct buf *b, struct dice *d)
{
	static const char *const words[] = {
		"null", "true", "false", "0", "-0", "1.10", "1e400", "-1E-400",
		"12345678901234567890", "123456789012345678901234567890",
		"0.1e+1", "9007199254740993", "-0.0", "7"
	};

	if (dice_roll(d, 2) == 0)
		value_string(b, d);
	else
		buf_adds(b, words[dice_roll(d,
		    sizeof(words) / sizeof(words[0]))]);
}

/* append a value nested no deeper than depth */
static inline void
value_make(struct buf *b, struct dice *d, unsigned depth)
{
	size_t n, i;
	int object;

	if (depth == 0 || dice_roll(d, 3) == 0) {
		value_scalar(b, d);
		return;
	}
	object = dice_roll(d, 2) == 0;
	buf_addc(b, object ? '{' : '[');
	for (i = 0, n = dice_roll(d, 5); i < n; i++) {
		if (i > 0)
			buf_addc(b, ',');
		if (object) {
			value_string(b, d);
			buf_addc(b, ':');
		}
		value_make(b, d, depth - 1);
	}
	buf_addc(b, object ? '}' : ']');
}

/* append a value nested exactly so deep, with little beside */
static inline void
value_deep(struct buf *b, struct dice *d, unsigned depth)
{
	struct buf close = {0};
	unsigned i;

	for (i = 0; i < depth; i++) {
		if (dice_roll(d, 2) == 0) {
			buf_adds(b, dice_roll(d, 4) == 0 ? "[1," : "[");
			buf_addc(&close, ']');
		} else {
			buf_adds(b, dice_roll(d, 4) == 0 ? "{\"b\":[],\"a\":" :
			    "{\"a\":");
			buf_addc(&close, '}');
		}
	}
	buf_adds(b, "\"\\\\\"");
	while (close.len > 0)
		buf_addc(b, close.ptr[--close.len]);
	buf_free(&close);
}

/*
 * Append some change to n bytes at p: bytes lost, doubled, put in, or turned
 * into others, most of them such as mean something to the readers here.
 */
static inline void
value_spoil(struct buf *b, struct dice *d, const char *p, size_t n)
{
	static const char bytes[] = "{}[]\",:\\\n\t\r \f\v0123u-+.eEtfnx\0"
	    "\x7f\x80\xbf\xc2\xe0\xed\xf0\xf4\xff\xef\xa0@$^*|'\"?#/";
	size_t start = b->len, times, at, len;

	buf_add(b, p, n);
	for (times = 1 + dice_roll(d, 3); times > 0; times--) {
		n = b->len - start;
		at = start + dice_roll(d, n + 1);
		len = dice_roll(d, 4);
		if (len > b->len - at)
			len = b->len - at;
		switch (dice_roll(d, 4)) {
		case 0:		/* lost */
			memmove(b->ptr + at, b->ptr + at + len,
			    b->len - at - len);
			b->len -= len;
			break;
		case 1:		/* doubled */
			buf_room(b, len);
			memmove(b->ptr + at + len, b->ptr + at, b->len - at);
			b->len += len;
			break;
		case 2:		/* put in */
			buf_addc(b, ' ');
			memmove(b->ptr + at + 1, b->ptr + at,
			    b->len - at - 1);
			b->ptr[at] = bytes[dice_roll(d, sizeof(bytes) - 1)];
			break;
		default:	/* turned */
			if (at < b->len)
				b->ptr[at] = bytes[dice_roll(d,
				    sizeof(bytes) - 1)];
			break;
		}
	}
}

#endif
