/* SPDX-License-Identifier: ISC */
/*
 * A stream that is read twice.
 */
#include "stream/twopass.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/fd.h"
#include "base/tempfile.h"
#include "stream/record.h"

/* what is read at once when lines are asked for */
#define WINDOW ((size_t)1 << 17)

/* and where the lines asked for are far from each other */
#define FEW ((size_t)1 << 11)

/* runs from here on are worth a call of their own */
#define LONG ((uint64_t)1 << 18)

static int
fail(struct twopass *a, enum status status, const char *what)
{
	struct place at = { .input = a->in.lines.input,
	    .offset = DIAG_NOWHERE };

	return diag_fail(a->in.lines.diag, status, &at, "%s", what);
}

/* whether fd can be read again, and if so, from where */
static int
seekable(struct twopass *a, struct stat *st)
{
	off_t here;

	if (fstat(a->in.lines.fd, st) == -1 || !S_ISREG(st->st_mode) ||
	    (here = lseek(a->in.lines.fd, 0, SEEK_CUR)) == -1)
		return 0;
	a->base = (uint64_t)here;
	return 1;
}

/* where it is to be read again */
static int
prepare(struct twopass *a, const struct input_options *o)
{
	struct diag *d = a->in.lines.diag;
	struct stat st;

	fd_widen(a->in.lines.fd);
	if (!o->edited && seekable(a, &st)) {
		a->fd = a->in.lines.fd;
		a->size = (uint64_t)st.st_size - a->base;
		a->changed[0] = st.st_mtim.tv_sec;
		a->changed[1] = st.st_mtim.tv_nsec;
		return 0;
	}
	if ((a->fd = tempfile_open_little(d)) == -1)
		return -1;
	a->spooled = a->little = 1;
	a->copy = (struct output){ .diag = d, .fd = a->fd,
	    .name = "temporary file" };
	if (!o->edited)
		a->in.lines.copy = &a->copy;
	return 0;
}

int
twopass_open(struct twopass *a, struct diag *d, const char *file,
    const struct input_options *o)
{
	struct text_error e;
	uint64_t at;

	*a = (struct twopass){0};
	if (stream_open(&a->in, d, file, o) == -1 || prepare(a, o) == -1 ||
	    twopass_read(a, &a->first, &at) != 1)
		return -1;
	buf_add(&a->head, a->first.line.p, a->first.line.n);
	return record_read(&a->first, a->head.ptr, a->head.len, &e);
}

/* what was edited is put aside as it should be */
static int
copy_line(struct twopass *a, const struct record *r, uint64_t *at)
{
	*at = a->copy.total + a->copy.buf.len;
	if (r->kind != RECORD_STREAM)
		hash_add(&a->sum, r->line.p, r->line.n);
	if (output_add(&a->copy, r->line.p, r->line.n) == -1)
		return -1;
	return output_add(&a->copy, "\n", 1);
}

int
twopass_akin(const struct twopass *a, const char *name,
    const struct twopass *other, const char *its, int editions,
    const char *expected)
{
	static const enum record_field fields[] = { RECORD_PLATFORM,
		RECORD_EDITION };
	const struct place at = { .input = a->in.lines.input, .line = 1,
	    .offset = DIAG_NOWHERE };
	struct slice x, y;
	int i;

	for (i = 0; i <= editions; i++) {
		x = record_text(&a->first, fields[i]);
		y = record_text(&other->first, fields[i]);
		if (!slice_same(x, y))
			return diag_fail(a->in.lines.diag, STATUS_INPUT, &at,
			    "%s is of %s %.*s, %s of %.*s: expected %s of one "
			    "%s", name, record_member(fields[i]), (int)x.n,
			    x.n > 0 ? x.p : "", its, (int)y.n, y.n > 0 ? y.p :
			    "", expected, record_member(fields[i]));
	}
	return 0;
}

int
twopass_read(struct twopass *a, struct record *r, uint64_t *at)
{
	int got;

	*at = a->in.lines.taken;
	if (a->shown.state != -1)
		progress(&a->shown, a->in.lines.diag, *at, a->size,
		    a->in.records);
	got = stream_read(&a->in, r);
	if (got != 1)
		progress_end(&a->shown);
	if (got == 1 && a->in.edited && copy_line(a, r, at) == -1)
		return -1;
	if (a->little && a->copy.total > TEMPFILE_LITTLE) {
		a->little = 0;
		if (tempfile_move(a->in.lines.diag, a->fd) == -1)
			return -1;
	}
	if (got == 0 && a->in.edited)
		*at = a->copy.total + a->copy.buf.len;
	if (got == 0 && !a->in.edited)
		a->sum = a->in.sum;
	if (got == 0 && a->spooled && output_flush(&a->copy) == -1)
		return -1;
	if (got == 0)	/* the longest line may be large */
		lines_free(&a->in.lines);
	return got;
}

/* exactly n bytes from at on */
static int
get(struct twopass *a, uint64_t at, char *to, size_t n)
{
	ssize_t got;

	while (n > 0) {
		got = pread(a->fd, to, n, (off_t)(a->base + at));
		if (got == -1 && errno == EINTR)
			continue;
		if (got == -1)
			return fail(a, STATUS_IO, strerror(errno));
		if (got == 0)
			return fail(a, STATUS_INPUT, "the file became shorter "
			    "while it was read");
		to += got;
		at += (uint64_t)got;
		n -= (size_t)got;
	}
	return 0;
}

/* whether what is asked for is not near what was asked for before */
static int
is_far(const struct twopass *a, uint64_t at)
{
	return a->window.len > 0 && (at < a->window_at ||
	    at > a->window_at + a->window.len + FEW);
}

/* fill the window from at on, with n bytes at least and what else is there */
static int
look(struct twopass *a, uint64_t at, size_t n)
{
	size_t room = is_far(a, at) ? FEW : WINDOW;
	ssize_t got;

	if (room < n)
		room = n;
	a->window.len = 0;
	buf_room(&a->window, room);
	do
		got = pread(a->fd, a->window.ptr, room,
		    (off_t)(a->base + at));
	while (got == -1 && errno == EINTR);
	if (got == -1)
		return fail(a, STATUS_IO, strerror(errno));
	a->window_at = at;
	a->window.len = (size_t)got;
	if (a->window.len >= n)
		return 0;
	if (get(a, at + a->window.len, a->window.ptr + a->window.len,
	    n - a->window.len) == -1)
		return -1;
	a->window.len = n;
	return 0;
}

const char *
twopass_bytes(struct twopass *a, uint64_t at, size_t n)
{
	if ((at < a->window_at || at + n > a->window_at + a->window.len) &&
	    look(a, at, n) == -1)
		return NULL;
	return a->window.ptr + (at - a->window_at);
}

/* one call of a way to copy inside the kernel; -1: errno says why not */
static ssize_t
copy_by(enum twopass_way way, int from, off_t *at, int to, size_t n)
{
	switch (way) {
	case TWOPASS_RANGE:
		return copy_file_range(from, at, to, NULL, n, 0);
	case TWOPASS_SEND:
		return sendfile(to, from, at, n);
	default:
		return 0;
	}
}

/* whether a call failed because it is none for such files */
static int
is_unfit(int error)
{
	return error == EINVAL || error == EXDEV || error == EBADF ||
	    error == ENOSYS || error == EOPNOTSUPP;
}

/*
 * Copy a long run inside the kernel, as cp(1) does: to a file, or else to a
 * pipe, whose reader sees by the sum if the input changes meanwhile.  The way
 * that works for an input and its output is found once.  *done is how many
 * bytes it did; the rest, with its errors, is for those who call.  0, or -1 if
 * what is to stand before them cannot be written.
 */
static int
copy_inside(struct twopass *a, uint64_t at, uint64_t n, struct output *out,
    uint64_t *done)
{
	off_t from = (off_t)(a->base + at);
	ssize_t got;

	if (output_flush(out) == -1)
		return -1;
	do {
		got = copy_by(a->way, a->fd, &from, out->fd,
		    (size_t)(n - *done));
		if (got > 0)
			*done += (uint64_t)got;
		else if (got == -1 && *done == 0 && is_unfit(errno))
			a->way++;
		else
			break;
	} while (*done < n);
	out->total += *done;
	return 0;
}

int
twopass_copy(struct twopass *a, uint64_t at, uint64_t n, struct output *out)
{
	uint64_t done = 0;
	size_t part;
	char *to;

	if (n >= LONG && a->way < TWOPASS_WRITE &&
	    copy_inside(a, at, n, out, &done) == -1)
		return -1;
	at += done;
	n -= done;
	for (; n > 0; at += part, n -= part) {
		part = n < OUTPUT_ROOM ? (size_t)n : OUTPUT_ROOM;
		if ((to = output_room(out, part)) == NULL ||
		    get(a, at, to, part) == -1)
			return -1;
	}
	return 0;
}

int
twopass_same(struct twopass *a)
{
	struct stat st;

	if (a->spooled)
		return 0;
	if (fstat(a->fd, &st) == -1)
		return fail(a, STATUS_IO, strerror(errno));
	if (st.st_mtim.tv_sec != a->changed[0] ||
	    st.st_mtim.tv_nsec != a->changed[1])
		return fail(a, STATUS_INPUT, "the file was written to while "
		    "it was read; run it again");
	return 0;
}

void
twopass_close(struct twopass *a)
{
	output_free(&a->copy);
	buf_free(&a->window);
	buf_free(&a->head);
	if (a->spooled)
		close(a->fd);
	stream_close(&a->in);
}
