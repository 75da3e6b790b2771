/* SPDX-License-Identifier: ISC */
/*
 * What a terminal would obey, in place of showing it.
 */
#include "base/mask.h"

#include "base/utf8.h"

/* the characters of three bytes or less, from one to another */
static const struct {
	unsigned from, to;
} obeyed[] = {
	{ 0x00, 0x1f }, { 0x7f, 0x9f },
	{ 0x61c, 0x61c },	/* Arabic letter mark */
	{ 0x200e, 0x200f },	/* left-to-right, right-to-left marks */
	{ 0x2028, 0x202e },	/* line ends, embeddings and overrides */
	{ 0x2066, 0x2069 },	/* isolates */
};

/* how many bytes a character has by its first */
static size_t
length_of(unsigned char first)
{
	if (first < 0xc0)
		return 1;
	return first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

int
mask_at(const char *text, size_t n, size_t *length, unsigned *code)
{
	const unsigned char *p = (const unsigned char *)text;
	struct utf8 utf8 = {0};
	size_t i, len = length_of(p[0]);

	*length = 1;
	*code = p[0];
	if (p[0] >= 0x20 && p[0] < 0x7f)
		return 0;
	if (len > n || utf8_check(&utf8, text, len) < len)
		return 1;
	if (len > 1)
		*code = p[0] & (0x7fU >> len);
	for (i = 1; i < len; i++)
		*code = *code << 6 | (p[i] & 0x3f);
	*length = len;
	for (i = 0; i < sizeof(obeyed) / sizeof(obeyed[0]); i++) {
		if (*code >= obeyed[i].from && *code <= obeyed[i].to)
			return 1;
	}
	return 0;
}
