/* SPDX-License-Identifier: ISC */
/*
 * How many members a zip says it has, told from its last bytes.
 */
#include "ziptail.h"

#include <string.h>

/* the end record, and the longest comment behind it */
#define END ((size_t)22)
#define COMMENT ((size_t)65535)

/* the Zip64 record and its locator, in front of it */
#define END64 ((size_t)56)
#define LOCATOR ((size_t)20)

#define KEPT (END64 + LOCATOR + END + COMMENT)

void
ziptail_add(struct ziptail *t, const char *p, size_t n)
{
	if (n > KEPT) {
		p += n - KEPT;
		n = KEPT;
	}
	if (t->bytes.len + n > 4 * KEPT)
		buf_shift(&t->bytes, t->bytes.len - KEPT);
	buf_add(&t->bytes, p, n);
}

static uint64_t
number(const char *p, size_t bytes)
{
	uint64_t v = 0;

	while (bytes-- > 0)
		v = v << 8 | (unsigned char)p[bytes];
	return v;
}

/* the end record: its comment reaches to the last byte; NULL: none does */
static const char *
find_end(const struct ziptail *t)
{
	const char *p, *end = t->bytes.ptr + t->bytes.len;

	if (t->bytes.len < END)
		return NULL;
	for (p = end - END; p >= t->bytes.ptr; p--) {
		if (memcmp(p, "PK\5\6", 4) == 0 &&
		    number(p + 20, 2) == (uint64_t)(end - p) - END)
			return p;
		if ((size_t)(end - p) == END + COMMENT)
			break;
	}
	return NULL;
}

int
ziptail_members(const struct ziptail *t, uint64_t *count)
{
	const char *p;

	if ((p = find_end(t)) == NULL)
		return -1;
	*count = number(p + 10, 2);
	if (*count != 0xffff)
		return 0;
	/* Zip64 has more: 4.4.1.4 */
	if ((size_t)(p - t->bytes.ptr) < LOCATOR + END64 ||
	    memcmp(p - LOCATOR, "PK\6\7", 4) != 0 ||
	    memcmp(p - LOCATOR - END64, "PK\6\6", 4) != 0)
		return 0;
	*count = number(p - LOCATOR - END64 + 32, 8);
	return 0;
}

void
ziptail_free(struct ziptail *t)
{
	buf_free(&t->bytes);
}
