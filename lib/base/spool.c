/* SPDX-License-Identifier: ISC */
/*
 * Bytes put aside until later: in memory, then in an unlinked file.
 */
#include "base/spool.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/tempfile.h"

/* bytes kept in memory, and the size of a block from the file */
#define BLOCK ((size_t)1 << 17)

/* write n bytes behind what the file holds */
static int
write_out(struct spool *s, const char *p, size_t n)
{
	return fd_write(s->fd, p, n) == -1 ?
	    tempfile_fail(s->diag, "write") : 0;
}

static int
spill(struct spool *s)
{
	if (!s->filed && (s->fd = tempfile_open(s->diag)) == -1)
		return -1;
	s->filed = 1;
	if (write_out(s, s->buf.ptr, s->buf.len) == -1)
		return -1;
	s->buf.len = 0;
	return 0;
}

int
spool_add(struct spool *s, const void *p, size_t n)
{
	if (s->buf.len + n > BLOCK && spill(s) == -1)
		return -1;
	s->size += n;
	if (n > BLOCK)
		return write_out(s, p, n);
	buf_add(&s->buf, p, n);
	return 0;
}

int
spool_rewind(struct spool *s)
{
	s->given = 0;
	s->at = 0;
	if (!s->filed)
		return 0;
	if (!s->reading && spill(s) == -1)
		return -1;
	s->reading = 1;
	s->buf.len = 0;
	return lseek(s->fd, 0, SEEK_SET) == -1 ?
	    tempfile_fail(s->diag, "read") : 0;
}

long
spool_read(struct spool *s, const char **p, size_t n)
{
	long got;

	if (s->at == s->buf.len && s->filed) {
		buf_room(&s->buf, BLOCK - s->buf.len);
		if ((got = fd_read(s->fd, s->buf.ptr, BLOCK)) == -1)
			return tempfile_fail(s->diag, "read");
		s->buf.len = (size_t)got;
		s->at = 0;
	}
	if (n > s->buf.len - s->at)
		n = s->buf.len - s->at;
	*p = s->buf.ptr + s->at;
	s->at += n;
	s->given += n;
	return (long)n;
}

int
spool_take(struct spool *s, void *to, size_t n)
{
	const char *p = NULL;
	char *out = to;
	long got;

	while (n > 0) {
		if ((got = spool_read(s, &p, n)) == -1)
			return -1;
		if (got == 0) {
			errno = EIO;
			return tempfile_fail(s->diag, "read");
		}
		memcpy(out, p, (size_t)got);
		out += got;
		n -= (size_t)got;
	}
	return 0;
}

void
spool_reset(struct spool *s)
{
	if (s->filed)
		close(s->fd);
	s->filed = s->reading = 0;
	s->size = s->given = 0;
	s->buf.len = s->at = 0;
}

void
spool_free(struct spool *s)
{
	spool_reset(s);
	buf_free(&s->buf);
}
