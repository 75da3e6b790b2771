/* SPDX-License-Identifier: ISC */
/*
 * Growable bytes, and the one place where memory exhaustion ends a program.
 */
#include "base/buf.h"

#include <err.h>
#include <errno.h>
#include <malloc.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/diag.h"

/* the smallest allocation of a buffer */
#define BUF_MIN 256

/* above this a buffer grows by a quarter, not twofold */
#define BUF_LARGE ((size_t)1 << 20)

void
memory_fail(void)
{
	errno = ENOMEM;
	err(STATUS_IO, "memory");
}

void
memory_map_large(void)
{
#ifdef M_MMAP_THRESHOLD
	/* unless told, glibc maps only what is larger than any block freed */
	(void)mallopt(M_MMAP_THRESHOLD, LARGE_BLOCK);
	(void)mallopt(M_TRIM_THRESHOLD, 2 * LARGE_BLOCK);
#endif
}

void *
xmalloc(size_t n)
{
	void *p;

	if ((p = malloc(n != 0 ? n : 1)) == NULL)
		memory_fail();
	return p;
}

void *
xcalloc(size_t n, size_t size)
{
	void *p;

	if ((p = calloc(n != 0 ? n : 1, size)) == NULL)
		memory_fail();
	return p;
}

void *
xrealloc(void *old, size_t n, size_t size)
{
	void *p;

	if ((p = reallocarray(old, n != 0 ? n : 1, size)) == NULL)
		memory_fail();
	return p;
}

void *
xgrow(void *list, size_t n, size_t size)
{
	/* n is 0 or a power of two: there is no room for one more */
	if ((n & (n - 1)) == 0)
		list = xrealloc(list, n != 0 ? 2 * n : 1, size);
	return list;
}

void *
xroom(void *list, size_t *room, size_t n, size_t size)
{
	size_t more = 2 * n + 4;

	if (n < *room)
		return list;
	list = xrealloc(list, more, size);
	memset((char *)list + *room * size, 0, (more - *room) * size);
	*room = more;
	return list;
}

char *
xstrndup(const char *s, size_t n)
{
	char *p;

	p = xmalloc(n + 1);
	memcpy(p, s, n);
	p[n] = '\0';
	return p;
}

char *
xstrdup(const char *s)
{
	return xstrndup(s, strlen(s));
}

char *
buf_room(struct buf *b, size_t n)
{
	size_t cap;

	if (n > SIZE_MAX / 2 - b->len)
		memory_fail();
	if (b->cap - b->len < n) {
		cap = b->cap != 0 ? b->cap : BUF_MIN;
		while (cap - b->len < n)
			cap += cap < BUF_LARGE ? cap : cap / 4;
		b->ptr = xrealloc(b->ptr, cap, 1);
		b->cap = cap;
	}
	return b->ptr + b->len;
}

void
buf_printf(struct buf *b, const char *fmt, ...)
{
	va_list ap, again;
	int n;

	va_start(ap, fmt);
	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, ap);
	va_end(ap);
	if (n < 0)
		err(STATUS_IO, "printf");
	vsnprintf(buf_room(b, (size_t)n + 1), (size_t)n + 1, fmt, again);
	va_end(again);
	b->len += (size_t)n;
}

void
buf_fill(struct buf *b, char c, size_t n)
{
	if (n > 0)
		memset(buf_room(b, n), c, n);
	b->len += n;
}

char *
buf_str(struct buf *b)
{
	*buf_room(b, 1) = '\0';
	return b->ptr;
}

void
buf_shift(struct buf *b, size_t n)
{
	if (n > 0 && n < b->len)
		memmove(b->ptr, b->ptr + n, b->len - n);
	b->len -= n;
}

void
buf_free(struct buf *b)
{
	free(b->ptr);
	*b = (struct buf){0};
}
