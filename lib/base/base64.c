/* SPDX-License-Identifier: ISC */
/*
 * Base64 (RFC 4648, section 4).
 */
#include "base/base64.h"

#include <stdint.h>

#include "base/buf.h"

static const char digits[] =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

void
base64_encode(struct buf *b, const char *p, size_t n)
{
	const unsigned char *in = (const unsigned char *)p;
	char *out;
	uint32_t v;
	size_t i;

	out = buf_room(b, (n + 2) / 3 * 4);
	b->len += (n + 2) / 3 * 4;
	for (i = 0; i < n; i += 3, out += 4) {
		v = (uint32_t)in[i] << 16;
		v |= i + 1 < n ? (uint32_t)in[i + 1] << 8 : 0;
		v |= i + 2 < n ? in[i + 2] : 0;
		out[0] = digits[v >> 18];
		out[1] = digits[v >> 12 & 63];
		out[2] = i + 1 < n ? digits[v >> 6 & 63] : '=';
		out[3] = i + 2 < n ? digits[v & 63] : '=';
	}
}

static int
value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return c - 'A';
	if (c >= 'a' && c <= 'z')
		return c - 'a' + 26;
	if (c >= '0' && c <= '9')
		return c - '0' + 52;
	return c == '+' ? 62 : c == '/' ? 63 : -1;
}

int
base64_decode(struct buf *b, const char *p, size_t n)
{
	uint32_t v;
	size_t i, j, pad;
	int d;

	if (n % 4 != 0)
		return -1;
	for (i = 0; i < n; i += 4) {
		pad = i + 4 < n ? 0 :
		    (size_t)((p[i + 3] == '=') + (p[i + 2] == '='));
		for (v = 0, j = 0; j < 4; j++) {
			d = j >= 4 - pad ? 0 : value(p[i + j]);
			if (d == -1)
				return -1;
			v = v << 6 | (uint32_t)d;
		}
		for (j = 0; j < 3 - pad; j++)
			buf_addc(b, (char)(v >> (16 - 8 * j)));
		if ((v & ((1U << 8 * pad) - 1)) != 0)
			return -1;	/* bits that stand for nothing */
	}
	return 0;
}
