/* SPDX-License-Identifier: ISC */
/*
 * Growable bytes, and the one place where memory exhaustion ends a program.
 *
 * The folder knows no JSON and no package.  To read first: this, slice.h and
 * diag.h (messages and exit status); then what reads and writes: fd.h,
 * lines.h, atomicfile.h, spool.h; then what finds: hash.h, hashset.h,
 * keyindex.h, and bigarray.h, on which the last stands; and arena.h, for what
 * is freed at once.
 */
#ifndef BASE_BUF_H
#define BASE_BUF_H

#include <stddef.h>
#include <string.h>	/* memcpy of the inline appends */

/*
 * len bytes at ptr, room for cap.  A zeroed struct is an empty buffer; the
 * bytes are not terminated unless buf_str() asks.  Pointers into it last
 * until the next call that may grow it.
 */
struct buf {
	char *ptr;
	size_t len;
	size_t cap;
};

/* memory, or the end of the program (exit 4) with a message */
void	*xmalloc(size_t);
void	*xcalloc(size_t n, size_t size);
void	*xrealloc(void *, size_t n, size_t size);
/* a list of n that was made so, or NULL of 0, with room for one more */
void	*xgrow(void *list, size_t n, size_t size);
/* one with room for *room, made to hold more than n; new items are zeroed */
void	*xroom(void *list, size_t *room, size_t n, size_t size);
char	*xstrdup(const char *);
char	*xstrndup(const char *, size_t);

/*
 * From here on large blocks (LARGE_BLOCK bytes and more) are mapped: what one
 * large record takes is given back with it, and they grow without a copy.
 * Where the C library does as it likes (not glibc), nothing happens.
 */
#define LARGE_BLOCK (1 << 20)
void	memory_map_large(void);

/* the end of the program, where memory of others ran out */
void	memory_fail(void) __attribute__((noreturn));

/* room for n more bytes; returns where they start, len is not moved */
char	*buf_room(struct buf *, size_t n);

/* append formatted text */
void	buf_printf(struct buf *, const char *fmt, ...)
	    __attribute__((format(printf, 2, 3)));

/* append n times the byte c */
void	buf_fill(struct buf *, char c, size_t n);

/* the bytes as a string: terminated, the terminator not counted in len */
char	*buf_str(struct buf *);

/* drop the first n bytes, moving the rest down */
void	buf_shift(struct buf *, size_t n);

/* give the memory back; leaves a zeroed struct */
void	buf_free(struct buf *);

/*
 * Where the byte at an offset of len at most is; NULL if there is none yet.
 * Memory of a buffer is aligned for what a caller keeps in it.
 */
static inline void *
buf_at(const struct buf *b, size_t at)
{
	return at == 0 ? b->ptr : b->ptr + at;
}

/* the same of the i-th of things of one size */
static inline void *
buf_item(const struct buf *b, size_t i, size_t size)
{
	return buf_at(b, i * size);
}

/* append n bytes */
static inline void
buf_add(struct buf *b, const void *bytes, size_t n)
{
	if (b->cap - b->len < n)
		buf_room(b, n);
	if (n > 0)
		memcpy(b->ptr + b->len, bytes, n);
	b->len += n;
}

/*
 * The same, of which more can be read: room bytes.  A short text is copied
 * without asking how short.
 */
static inline void
buf_add_short(struct buf *b, const char *bytes, size_t n, size_t room)
{
	enum { SHORT = 64 };

	if (n > SHORT || room < SHORT || b->cap - b->len < SHORT) {
		buf_add(b, bytes, n);
		return;
	}
	memcpy(b->ptr + b->len, bytes, SHORT);
	b->len += n;
}

/* append one byte */
static inline void
buf_addc(struct buf *b, char c)
{
	if (b->cap == b->len)
		buf_room(b, 1);
	b->ptr[b->len++] = c;
}

/* append a string, without its terminator */
static inline void
buf_adds(struct buf *b, const char *s)
{
	buf_add(b, s, strlen(s));
}

#endif
