/* SPDX-License-Identifier: ISC */
/*
 * JSON pointers (RFC 6901) as text: made step by step, and taken apart.
 */
#include "json/pointer.h"

#include <string.h>

#include "base/buf.h"

void
pointer_push(struct buf *b, const char *key, size_t n)
{
	size_t i;

	buf_addc(b, '/');
	for (i = 0; i < n; i++) {
		if (key[i] == '~')
			buf_add(b, "~0", 2);
		else if (key[i] == '/')
			buf_add(b, "~1", 2);
		else
			buf_addc(b, key[i]);
	}
}

int
pointer_valid(const char *p, size_t n)
{
	size_t i;

	if (n > 0 && p[0] != '/')
		return 0;
	for (i = 0; i < n; i++) {
		if (p[i] == '~' && (i + 1 == n ||
		    (p[i + 1] != '0' && p[i + 1] != '1')))
			return 0;
	}
	return 1;
}

size_t
pointer_parent(const char *p, size_t n)
{
	const char *slash;

	slash = memrchr(p, '/', n);
	return slash == NULL ? 0 : (size_t)(slash - p);
}

const char *
pointer_step(const char *p, const char *end)
{
	const char *slash = p == end ? NULL : memchr(p, '/',
	    (size_t)(end - p));

	return slash == NULL ? end : slash;
}

int
pointer_is_dash(const char *p, size_t n, size_t i)
{
	return p[i] == '/' && i + 1 < n && p[i + 1] == '-' &&
	    (i + 2 == n || p[i + 2] == '/');
}

void
pointer_key(struct buf *b, const char *step, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (step[i] == '~' && i + 1 < n)
			buf_addc(b, step[++i] == '1' ? '/' : '~');
		else
			buf_addc(b, step[i]);
	}
}

int
pointer_below(const char *base, size_t nbase, const char *pointer, size_t n)
{
	return n > nbase && pointer[nbase] == '/' &&
	    (nbase == 0 || memcmp(base, pointer, nbase) == 0);
}
