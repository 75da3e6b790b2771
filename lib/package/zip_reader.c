/* SPDX-License-Identifier: ISC */
/*
 * A zip being read.
 *
 * Which members there are, what they are called and where their bytes stand,
 * zipcheck.h knows; here these are inflated, and held against what the zip
 * says of them: length, size and CRC.
 */
#include "package/zip_reader.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/fd.h"
#include "package/flate.h"
#include "package/member.h"
#include "package/ops.h"
#include "package/zipcheck.h"

/* bytes of the zip read at once, and of a member given at once */
#define BLOCK ((size_t)1 << 18)
#define GIVEN ((size_t)1 << 16)

struct zip_reader {
	struct diag *diag;
	const char *input;
	int fd;
	struct zipcheck *dir;

	/* the member */
	struct zipcheck_member member;
	uint64_t at, left;	/* its packed bytes that are not taken yet */
	uint64_t size;		/* bytes given of it */
	uint32_t crc;		/* of these */
	int over;		/* all were given, and are right */
	uint64_t before;	/* packed bytes of the members before it */

	/* part of the file: members behind this one, too */
	char *block;
	uint64_t start;
	size_t len;

	struct flate_reader *inflate;	/* NULL: none was deflated yet */
	char *given;
};

/* the member cannot be read: why */
static int
fail(struct zip_reader *z, enum status status, const char *why)
{
	struct place at = { .input = z->input, .member = z->member.name,
	    .offset = DIAG_NOWHERE };

	return diag_fail(z->diag, status, &at, "cannot read the member: %s%s",
	    why, status == STATUS_INPUT ?
	    "; the package is damaged or cut short: fetch it again" : "");
}

/* what came of the member is not what the zip says */
static int
fail_differs(struct zip_reader *z, const char *what, uint64_t found,
    uint64_t said)
{
	struct buf b = {0};

	buf_printf(&b, "found %s %" PRIu64 ", expected %" PRIu64, what, found,
	    said);
	fail(z, STATUS_INPUT, buf_str(&b));
	buf_free(&b);
	return -1;
}

static void
reader_close(void *self)
{
	struct zip_reader *z = self;

	flate_reader_close(z->inflate);
	zipcheck_close(z->dir);
	free(z->block);
	free(z->given);
	free(z);
}

struct zip_reader *
zip_reader_open(struct diag *d, const char *input, int fd)
{
	struct zip_reader *z;

	z = xcalloc(1, sizeof(*z));
	z->diag = d;
	z->input = input;
	z->fd = fd;
	if ((z->dir = zipcheck_open(d, input, fd)) != NULL) {
		z->block = xmalloc(BLOCK);
		return z;
	}
	reader_close(z);
	return NULL;
}

static int
reader_next(void *self, struct member *m)
{
	struct zip_reader *z = self;
	int got;

	do {
		z->before += z->member.packed;
		z->left = z->member.packed = 0;
		if ((got = zipcheck_next(z->dir, &z->member)) != 1)
			return got;
	} while (strncmp(z->member.name, "__MACOSX/", 9) == 0);
	*m = (struct member){ .name = z->member.name,
	    .folder = z->member.folder, .size = (int64_t)z->member.size,
	    .mtime = z->member.mtime, .mode = z->member.mode };
	z->at = z->member.data;
	z->left = z->member.packed;
	z->size = z->crc = 0;
	z->over = 0;
	if (z->inflate != NULL)
		flate_reader_begin(z->inflate);
	return 1;
}

/* the member's packed bytes from here on, as many as are in memory: how many */
static long
packed(struct zip_reader *z, const char **p)
{
	size_t n;
	long got;

	if (z->left == 0)
		return 0;
	if (z->at < z->start || z->at >= z->start + z->len) {
		got = fd_read_at(z->fd, z->block, BLOCK, z->at);
		if (got == -1)
			return fail(z, STATUS_IO, strerror(errno));
		if (got == 0)
			return fail(z, STATUS_IO, "the file became shorter "
			    "while it was read");
		z->start = z->at;
		z->len = (size_t)got;
	}
	n = (size_t)(z->start + z->len - z->at);
	*p = z->block + (z->at - z->start);
	return n < z->left ? (long)n : (long)z->left;
}

static void
take(struct zip_reader *z, size_t n)
{
	z->at += n;
	z->left -= n;
}

/* inflate some: how many bytes, 0 at the end, -1 */
static long
inflate(struct zip_reader *z)
{
	struct flate_span s = { .out = z->given, .nout = GIVEN };
	int more;
	long n;

	do {
		if ((n = packed(z, &s.in)) == -1)
			return -1;
		s.nin = (size_t)n;
		if ((more = flate_reader_more(z->inflate, &s)) == -1)
			return fail(z, STATUS_INPUT, "it cannot be inflated");
		take(z, (size_t)n - s.nin);
	} while (more == 1 && s.nout == GIVEN && n > 0);
	if (more == 1 && s.nout == GIVEN)
		return fail(z, STATUS_INPUT, "its deflated bytes have no end");
	if (more == 0 && flate_reader_taken(z->inflate) != z->member.packed)
		return fail_differs(z, "the end of its deflated bytes at",
		    flate_reader_taken(z->inflate), z->member.packed);
	return (long)(GIVEN - s.nout);
}

/* its next bytes, as they are, or inflated */
static long
unpack(struct zip_reader *z, const char **p)
{
	long n;

	if (z->member.method == ZIP_STORED) {
		if ((n = packed(z, p)) > 0)
			take(z, (size_t)n);
		return n;
	}
	/* some writers deflate nothing to nothing */
	if (z->member.packed == 0 && z->member.size == 0)
		return 0;
	if (z->inflate == NULL) {
		z->inflate = flate_reader_open();
		z->given = xmalloc(GIVEN);
	}
	*p = z->given;
	return inflate(z);
}

/* what was given so far; what is too long is refused before its end */
static int
check(struct zip_reader *z)
{
	if (z->size > z->member.size)
		return fail_differs(z, "a size of at least", z->size,
		    z->member.size);
	if (z->over && z->size < z->member.size)
		return fail_differs(z, "a size of", z->size, z->member.size);
	if (z->size == z->member.size && z->crc != z->member.crc)
		return fail_differs(z, "a CRC of", z->crc, z->member.crc);
	return 0;
}

static long
reader_read(void *self, const char **p)
{
	struct zip_reader *z = self;
	long n;

	if (z->over)
		return 0;
	if ((n = unpack(z, p)) == -1)
		return -1;
	z->over = n == 0;
	z->size += (uint64_t)n;
	if (n > 0)
		z->crc = flate_crc(z->crc, *p, (size_t)n);
	return check(z) == -1 ? -1 : n;
}

static unsigned long long
reader_packed(void *self)
{
	struct zip_reader *z = self;

	return z->before + z->member.packed - z->left;
}

const struct source_ops zip_reader_ops = {
	reader_next, reader_read, reader_packed, reader_close
};
