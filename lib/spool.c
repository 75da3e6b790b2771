/* SPDX-License-Identifier: ISC */
/*
 * Bytes put aside until later: in memory, then in an unlinked file.
 */
#include "spool.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "diag.h"

/* bytes kept in memory, and the size of a block from the file */
#define BLOCK ((size_t)1 << 17)

static const char *
directory(void)
{
	const char *dir;

	dir = getenv("TMPDIR");
	return dir != NULL && *dir != '\0' ? dir : "/var/tmp";
}

static int
fail(struct spool *s, const char *doing)
{
	return diag_fail(s->diag, STATUS_IO, NULL,
	    "temporary file in %s: cannot %s: %s (set TMPDIR to a directory "
	    "with more room)", directory(), doing, strerror(errno));
}

/* a file that is unlinked as soon as it is open */
static int
open_file(struct spool *s)
{
	struct buf path = {0};

	s->fd = open(directory(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	if (s->fd == -1) {
		buf_printf(&path, "%s/pkg-XXXXXX", directory());
		if ((s->fd = mkostemp(buf_str(&path), O_CLOEXEC)) != -1)
			unlink(path.ptr);
		buf_free(&path);
	}
	if (s->fd == -1)
		return fail(s, "open");
	s->filed = 1;
	return 0;
}

/* write n bytes behind what the file holds */
static int
put(struct spool *s, const char *p, size_t n)
{
	ssize_t done;

	while (n > 0) {
		if ((done = write(s->fd, p, n)) == -1) {
			if (errno == EINTR)
				continue;
			return fail(s, "write");
		}
		p += done;
		n -= (size_t)done;
	}
	return 0;
}

static int
spill(struct spool *s)
{
	if (!s->filed && open_file(s) == -1)
		return -1;
	if (put(s, s->buf.ptr, s->buf.len) == -1)
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
		return put(s, p, n);
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
	return lseek(s->fd, 0, SEEK_SET) == -1 ? fail(s, "read") : 0;
}

long
spool_read(struct spool *s, const char **p, size_t n)
{
	ssize_t got;

	if (s->at == s->buf.len && s->filed) {
		buf_room(&s->buf, BLOCK - s->buf.len);
		do
			got = read(s->fd, s->buf.ptr, BLOCK);
		while (got == -1 && errno == EINTR);
		if (got == -1)
			return fail(s, "read");
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
	const char *p;
	char *out = to;
	long got;

	while (n > 0) {
		if ((got = spool_read(s, &p, n)) == -1)
			return -1;
		if (got == 0) {
			errno = EIO;
			return fail(s, "read");
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
