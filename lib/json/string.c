/* SPDX-License-Identifier: ISC */
/*
 * JSON strings: their bytes, and their canonical spelling in an envelope.
 */
#include "json/string.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/mask.h"

/* the escapes of one letter, as pairs: letter, character */
static const char letters[] = "b\bf\fn\nr\rt\t";

/* four hexadecimal digits */
static uint32_t
hex4(const char *p)
{
	uint32_t v;
	int i;

	for (v = 0, i = 0; i < 4; i++)
		v = v << 4 | ((uint32_t)(p[i] & 15) + (p[i] > '9' ? 9 : 0));
	return v;
}

/* append a code point, surrogates too */
static void
add_point(struct buf *b, uint32_t c)
{
	if (c < 0x80) {
		buf_addc(b, (char)c);
		return;
	}
	if (c < 0x800) {
		buf_addc(b, (char)(0xc0 | c >> 6));
	} else if (c < 0x10000) {
		buf_addc(b, (char)(0xe0 | c >> 12));
		buf_addc(b, (char)(0x80 | (c >> 6 & 0x3f)));
	} else {
		buf_addc(b, (char)(0xf0 | c >> 18));
		buf_addc(b, (char)(0x80 | (c >> 12 & 0x3f)));
		buf_addc(b, (char)(0x80 | (c >> 6 & 0x3f)));
	}
	buf_addc(b, (char)(0x80 | (c & 0x3f)));
}

/* append the escape at p (a backslash, n bytes left); its length */
static size_t
add_escape(struct buf *b, const char *p, size_t n)
{
	uint32_t c, low;
	size_t i;

	if (p[1] != 'u') {
		for (i = 0; letters[i] != '\0'; i += 2) {
			if (letters[i] == p[1]) {
				buf_addc(b, letters[i + 1]);
				return 2;
			}
		}
		buf_addc(b, p[1]);
		return 2;
	}
	c = hex4(p + 2);
	if (c >= 0xd800 && c < 0xdc00 && n >= 12 && p[6] == '\\' &&
	    p[7] == 'u') {
		low = hex4(p + 8);
		if (low >= 0xdc00 && low < 0xe000) {
			add_point(b, 0x10000 + ((c - 0xd800) << 10) +
			    (low - 0xdc00));
			return 12;
		}
	}
	add_point(b, c);
	return 6;
}

const char *
string_skip(const char *p, const char *end)
{
	const char *close = p, *back;

	while ((close = memchr(close + 1, '"', (size_t)(end - close - 1))) !=
	    NULL) {
		/* a quote after an odd number of backslashes is one of it */
		for (back = close; back[-1] == '\\'; back--)
			continue;
		if ((close - back) % 2 == 0)
			return close + 1;
		if (close + 1 == end)
			break;
	}
	return NULL;
}

void
string_decode(struct buf *b, const char *raw, size_t n)
{
	const char *bs;
	size_t i, run;

	for (i = 0; i < n; ) {
		bs = memchr(raw + i, '\\', n - i);
		run = bs == NULL ? n - i : (size_t)(bs - (raw + i));
		buf_add(b, raw + i, run);
		i += run;
		if (i < n)
			i += add_escape(b, raw + i, n - i);
	}
}

/* append a character that must be escaped; c is not above 0x1f, or " or \ */
static void
add_escaped(struct buf *b, unsigned char c)
{
	size_t i;

	buf_addc(b, '\\');
	if (c == '"' || c == '\\') {
		buf_addc(b, (char)c);
		return;
	}
	for (i = 0; letters[i] != '\0'; i += 2) {
		if ((unsigned char)letters[i + 1] == c) {
			buf_addc(b, letters[i]);
			return;
		}
	}
	buf_printf(b, "u%04x", c);
}

/* how many bytes from p on stand in a string as they are */
static size_t
plain_run(const unsigned char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n && p[i] >= 0x20 && p[i] != '"' && p[i] != '\\' &&
	    p[i] != 0xed; i++)
		continue;
	return i;
}

void
string_encode(struct buf *b, const char *text, size_t n)
{
	const unsigned char *p = (const unsigned char *)text;
	size_t i, run;

	for (i = 0; ; i++) {
		run = plain_run(p + i, n - i);
		buf_add(b, text + i, run);
		if ((i += run) == n)
			return;
		if (p[i] == 0xed && n - i >= 3 && p[i + 1] >= 0xa0) {
			buf_printf(b, "\\ud%x%02x", (p[i + 1] >> 2) & 0xf,
			    (p[i + 1] & 3) << 6 | (p[i + 2] & 0x3f));
			i += 2;
		} else if (p[i] == 0xed) {
			buf_addc(b, (char)p[i]);
		} else {
			add_escaped(b, p[i]);
		}
	}
}

void
string_canon(struct buf *b, const char *raw, size_t n)
{
	struct buf text = {0};

	if (n == 0 || memchr(raw, '\\', n) == NULL) {
		buf_add(b, raw, n);
		return;
	}
	string_decode(&text, raw, n);
	string_encode(b, text.ptr, text.len);
	buf_free(&text);
}

void
string_mask(struct buf *b, const char *text, size_t n)
{
	unsigned code;
	size_t i, len;

	for (i = 0; i < n; i += len) {
		if (mask_at(text + i, n - i, &len, &code) &&
		    text[i] != '\t' && text[i] != '\n')
			buf_printf(b, "\\u%04x", code);
		else
			buf_add(b, text + i, len);
	}
}
