/* SPDX-License-Identifier: ISC */
/*
 * Whether a file ends as a zip does, told from its last bytes.
 */
#include "package/ziptail.h"

#include <string.h>

/* the end record, and the longest comment behind it: APPNOTE 4.3.16 */
#define END ((size_t)22)

void
ziptail_add(struct ziptail *t, const char *p, size_t n)
{
	if (n > ZIPTAIL_MAX) {
		p += n - ZIPTAIL_MAX;
		n = ZIPTAIL_MAX;
	}
	if (t->bytes.len + n > 4 * ZIPTAIL_MAX)
		buf_shift(&t->bytes, t->bytes.len - ZIPTAIL_MAX);
	buf_add(&t->bytes, p, n);
}

int
ziptail_ends(const struct ziptail *t)
{
	const char *p, *end;
	size_t n = t->bytes.len, comment;

	if (n < END)
		return 0;
	end = t->bytes.ptr + n;
	for (p = end - END; ; p--) {
		comment = (unsigned char)p[20] |
		    (size_t)(unsigned char)p[21] << 8;
		if (memcmp(p, "PK\5\6", 4) == 0 &&
		    comment == (size_t)(end - p) - END)
			return 1;
		if (p == t->bytes.ptr || (size_t)(end - p) == ZIPTAIL_MAX)
			return 0;
	}
}

void
ziptail_free(struct ziptail *t)
{
	buf_free(&t->bytes);
}
