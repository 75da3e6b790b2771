/* SPDX-License-Identifier: ISC */
/*
 * Bytes that belong to somebody else, and what is wrong with such.
 */
#ifndef BASE_SLICE_H
#define BASE_SLICE_H

#include <stddef.h>
#include <string.h>	/* memcmp() of slices */

/* p NULL: absent */
struct slice {
	const char *p;
	size_t n;
};

/* what is wrong with a text, and where: an index into it */
struct text_error {
	const char *what;
	size_t at;
};

/* whether two are the same bytes */
static inline int
slice_same(struct slice a, struct slice b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* whether it is this text */
static inline int
slice_is(struct slice s, const char *text)
{
	return slice_same(s, (struct slice){ text, strlen(text) });
}

#endif
