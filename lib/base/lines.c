/* SPDX-License-Identifier: ISC */
/*
 * Whole lines out of big reads, runs of bytes into big writes.
 */
#include "base/lines.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/fd.h"

/* what a read asks for */
#define BLOCK ((size_t)1 << 17)

static int
fail_line(struct lines *l, enum status status, const char *what)
{
	struct place at = { .input = l->input, .line = l->number + 1,
	    .offset = DIAG_NOWHERE };

	return diag_fail(l->diag, status, &at, "%s", what);
}

/* write n bytes now */
static int
write_out(struct output *o, const char *p, size_t n)
{
	struct place at = { .input = o->name, .offset = DIAG_NOWHERE };

	if (o->failed)
		return -1;
	o->total += n;
	if (fd_write(o->fd, p, n) == 0)
		return 0;
	o->failed = 1;
	return diag_fail(o->diag, STATUS_IO, &at, "cannot write: %s",
	    strerror(errno));
}

/* read more behind what the buffer holds */
static int
read_more(struct lines *l)
{
	long n = fd_read(l->fd, buf_room(&l->buf, BLOCK), BLOCK);

	if (n == -1 && errno == EISDIR)
		return fail_line(l, STATUS_IO, "Is a directory; expected a "
		    "file (pkg-unpack(1) makes a stream of a package's "
		    "folder)");
	if (n == -1)
		return fail_line(l, STATUS_IO, strerror(errno));
	if (l->copy != NULL && write_out(l->copy, l->buf.ptr + l->buf.len,
	    (size_t)n) == -1)
		return -1;
	l->ended = n == 0;
	l->buf.len += (size_t)n;
	return l->ended && l->finish != NULL ? l->finish(l->writer) : 0;
}

int
lines_open(struct lines *l, struct diag *d, const char *file, size_t max)
{
	const struct place at = place_in(file);

	*l = (struct lines){ .diag = d, .input = at.input, .max = max,
	    .loose = 1 };
	l->fd = strcmp(file, "-") == 0 ? STDIN_FILENO :
	    open(file, O_RDONLY | O_CLOEXEC);
	return l->fd != -1 ? 0 : diag_fail(d, STATUS_IO, &at, "%s",
	    strerror(errno));
}

void
lines_close(struct lines *l)
{
	if (l->fd > STDIN_FILENO)
		close(l->fd);
	lines_free(l);
}

int
lines_next(struct lines *l, const char **line, size_t *n)
{
	const char *end;
	size_t seen;

	for (end = NULL, seen = 0; ; ) {
		if (end == NULL && l->buf.len - l->next > seen) {
			end = memchr(l->buf.ptr + l->next + seen, '\n',
			    l->buf.len - l->next - seen);
			seen = end == NULL ? l->buf.len - l->next :
			    (size_t)(end - l->buf.ptr) - l->next;
		}
		if (seen > l->max)
			return fail_line(l, STATUS_LIMIT, "the line is longer "
			    "than the limit (--max-component)");
		if (l->ended || (end != NULL &&
		    l->buf.len - l->next - seen > LINES_AHEAD))
			break;
		buf_shift(&l->buf, l->next);
		l->next = 0;
		if (read_more(l) == -1)
			return -1;
		if (end != NULL)
			end = l->buf.ptr + seen;
	}
	if (end == NULL && seen > 0 && !l->loose)
		return fail_line(l, STATUS_STREAM, "the input ends in the "
		    "middle of a line: what wrote it did not finish");
	if (end == NULL && seen == 0)
		return 0;
	*line = l->buf.ptr + l->next;
	*n = seen;
	l->next += seen + (end != NULL);
	l->taken += seen + (end != NULL);
	l->number++;
	return 1;
}

int
lines_each(struct diag *d, const char *file, size_t max,
    int (*take)(void *ctx, const char *line, size_t n), void *ctx,
    const char *expected)
{
	struct place at = place_in(file);
	struct lines in;
	const char *line;
	size_t n;
	int rc;

	if (lines_open(&in, d, file, max) == -1)
		return -1;
	while ((rc = lines_next(&in, &line, &n)) == 1 && take(ctx, line, n))
		continue;
	at.line = in.number;
	if (rc == 1)
		rc = diag_fail(d, STATUS_INPUT, &at, "expected %s", expected);
	lines_close(&in);
	return rc;
}

long
lines_head(struct lines *l, const char **head, size_t n)
{
	while (l->buf.len < n && !l->ended) {
		if (read_more(l) == -1)
			return -1;
	}
	*head = l->buf.ptr;
	return (long)(l->buf.len < n ? l->buf.len : n);
}

int
lines_begin(struct lines *l, const char *p, size_t n)
{
	buf_add(&l->buf, p, n);
	return l->copy != NULL ? write_out(l->copy, p, n) : 0;
}

int
lines_ahead(const struct lines *l, const char *text)
{
	size_t n = strlen(text);

	return l->buf.len - l->next >= n &&
	    memcmp(l->buf.ptr + l->next, text, n) == 0;
}

void
lines_give(struct lines *l, struct buf *to)
{
	*to = l->buf;
	l->buf = (struct buf){0};
	if (to->len > l->next)
		buf_add(&l->buf, to->ptr + l->next, to->len - l->next);
	l->next = 0;
}

void
lines_free(struct lines *l)
{
	buf_free(&l->buf);
	l->next = 0;
}

int
output_flush(struct output *o)
{
	size_t n = o->buf.len;

	o->buf.len = 0;
	return write_out(o, o->buf.ptr, n);
}

char *
output_room(struct output *o, size_t n)
{
	char *p;

	if (o->buf.len + n > OUTPUT_ROOM && output_flush(o) == -1)
		return NULL;
	p = buf_room(&o->buf, n);
	o->buf.len += n;
	return p;
}

int
output_add(struct output *o, const void *p, size_t n)
{
	char *room;

	if (n == 0)
		return 0;
	if (n > OUTPUT_ROOM)
		return output_flush(o) == -1 ? -1 : write_out(o, p, n);
	if ((room = output_room(o, n)) == NULL)
		return -1;
	memcpy(room, p, n);
	return 0;
}

void
output_free(struct output *o)
{
	buf_free(&o->buf);
}

int
output_end(struct diag *d)
{
	return close(STDOUT_FILENO) == -1 ? diag_fail(d, STATUS_IO, NULL,
	    "stdout: cannot write: %s", strerror(errno)) : 0;
}
