/* SPDX-License-Identifier: ISC */
/*
 * Strict UTF-8 (RFC 3629, section 4: the grammar is what lead() holds).
 */
#include "base/utf8.h"

#include <string.h>

/* take a lead byte; 0 if no character begins with it */
static int
lead(struct utf8 *u, uint8_t c)
{
	u->low = 0x80;
	u->high = 0xbf;
	if (c < 0x80)
		u->left = 0;
	else if (c >= 0xc2 && c <= 0xdf)
		u->left = 1;
	else if (c >= 0xe0 && c <= 0xef)
		u->left = 2;
	else if (c >= 0xf0 && c <= 0xf4)
		u->left = 3;
	else
		return 0;
	if (c == 0xe0)
		u->low = 0xa0;	/* below: overlong */
	else if (c == 0xed)
		u->high = 0x9f;	/* above: surrogates */
	else if (c == 0xf0)
		u->low = 0x90;	/* below: overlong */
	else if (c == 0xf4)
		u->high = 0x8f;	/* above: past U+10FFFF */
	return 1;
}

/* eight bytes */
static inline uint64_t
word(const char *p)
{
	uint64_t w;

	memcpy(&w, p, sizeof(w));
	return w;
}

/* the index of the first byte from i on that is not ASCII, or n */
static size_t
ascii(const char *p, size_t i, size_t n)
{
	while (n - i >= 64 && ((word(p + i) | word(p + i + 8) |
	    word(p + i + 16) | word(p + i + 24) | word(p + i + 32) |
	    word(p + i + 40) | word(p + i + 48) | word(p + i + 56)) &
	    0x8080808080808080) == 0)
		i += 64;
	while (i < n && (uint8_t)p[i] < 0x80)
		i++;
	return i;
}

size_t
utf8_check(struct utf8 *u, const char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (u->left > 0) {
			if ((uint8_t)p[i] < u->low || (uint8_t)p[i] > u->high)
				return i;
			u->left--;
			u->low = 0x80;
			u->high = 0xbf;
			continue;
		}
		if ((uint8_t)p[i] < 0x80 && (i = ascii(p, i, n)) == n)
			break;
		if (!lead(u, (uint8_t)p[i]))
			return i;
	}
	return n;
}

int
utf8_valid(const char *p, size_t n)
{
	struct utf8 u = {0};

	return utf8_check(&u, p, n) == n && u.left == 0;
}

size_t
utf8_whole(const char *p, size_t n)
{
	struct utf8 u = {0};
	size_t back;

	for (back = 1; back <= 3 && back <= n; back++) {
		if (((uint8_t)p[n - back] & 0xc0) == 0x80)
			continue;
		if (lead(&u, (uint8_t)p[n - back]) && u.left >= back)
			return n - back;
		break;
	}
	return n;
}
