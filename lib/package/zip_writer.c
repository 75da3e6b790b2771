/* SPDX-License-Identifier: ISC */
/*
 * A zip being written.
 *
 * Members come from deflate.h some time after they were begun: till then their
 * entries of the directory wait, from which the local headers are made, too.
 *
 * Zip keeps local times without a zone (APPNOTE 4.4.6); we write them as UTC,
 * so that a package is the same everywhere.  Sections are those of PKWARE's
 * APPNOTE.TXT, version 6.3.10.
 */
#include "package/zip_writer.h"

#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/fd.h"
#include "package/deflate.h"
#include "package/member.h"
#include "package/ops.h"
#include "package/zipcheck.h"

/* bytes written at once */
#define BLOCK ((size_t)1 << 16)

/* what has so many bytes, or members, needs Zip64 (4.4.1.4) */
#define ZIP32_MAX UINT64_C(0xffffffff)
#define ZIP16_MAX UINT64_C(0xffff)

/* the longest name */
#define NAME_LONGEST 65535

/* who made it; what is needed to read it (4.4.2, 4.4.3) */
#define UNIX 3
enum { NEED_STORED = 10, NEED_DEFLATED = 20, NEED_ZIP64 = 45 };

/* general purpose bits: sizes come after; the name is UTF-8 (4.4.4) */
#define BIT_DESCRIPTOR	0x0008u
#define BIT_UTF8	0x0800u

/* what DOS can say last: 2107-12-31 23:59:58 */
#define DOS_FIRST 0x00210000u
#define DOS_LAST 0xff9fbf7du

/* a member until it is written */
struct entry {
	char *name;
	unsigned mode;
	int64_t mtime;
};

struct zip_writer {
	struct diag *diag;
	const char *output;
	int fd;
	struct zip_options options;
	int broken;		/* a write failed, and was told of */
	struct deflate *deflate;

	/* members begun; those from next on are not complete */
	struct entry *entries;
	size_t n, next, room;
	uint64_t size;		/* of the one begun last ... */
	int open;		/* ... which may have more bytes */

	uint64_t start, data;	/* of the one being written: where it is */
	struct buf directory;
	uint64_t count;		/* entries in it */
	struct buf out;		/* bytes to be written */
	uint64_t written;
};

static int
fail(struct zip_writer *z, enum status status, const char *name,
    const char *what)
{
	struct place at = { .input = z->output, .member = name,
	    .offset = DIAG_NOWHERE };

	if (z->broken)
		return -1;
	z->broken = 1;
	return diag_fail(z->diag, status, &at, "%s", what);
}

/* the member that a write is of, or was: what is known of it */
static const struct entry *
writing(const struct zip_writer *z)
{
	return z->next < z->n ? &z->entries[z->next] : NULL;
}

static int
write_out(struct zip_writer *z, const char *p, size_t n)
{
	const struct entry *e = writing(z);
	struct buf b = {0};

	if (fd_write(z->fd, p, n) == 0)
		return 0;
	buf_printf(&b, "cannot write: %s", strerror(errno));
	fail(z, STATUS_IO, e != NULL ? e->name : NULL, buf_str(&b));
	buf_free(&b);
	return -1;
}

/* write what waits, if it is so much */
static int
flush(struct zip_writer *z, size_t least)
{
	size_t n = z->out.len;

	if (n < least)
		return 0;
	z->out.len = 0;
	return write_out(z, z->out.ptr, n);
}

/* append an integer of n bytes, low byte first (4.4.1.1) */
static void
put(struct buf *b, uint64_t v, size_t n)
{
	for (; n > 0; n--, v >>= 8)
		buf_addc(b, (char)(v & 0xff));
}

/* the next bytes of the zip are those put behind from */
static int
add(struct zip_writer *z, size_t from)
{
	z->written += z->out.len - from;
	return flush(z, BLOCK);
}

/* the time as DOS has it, in UTC (4.4.6) */
static uint32_t
dos_time(int64_t seconds)
{
	time_t t = (time_t)seconds;
	struct tm tm;

	if (gmtime_r(&t, &tm) == NULL)
		return seconds < 0 ? DOS_FIRST : DOS_LAST;
	if (tm.tm_year < 80)
		return DOS_FIRST;
	if (tm.tm_year > 207)
		return DOS_LAST;
	return (uint32_t)(tm.tm_year - 80) << 25 |
	    (uint32_t)(tm.tm_mon + 1) << 21 | (uint32_t)tm.tm_mday << 16 |
	    (uint32_t)tm.tm_hour << 11 | (uint32_t)tm.tm_min << 5 |
	    (uint32_t)tm.tm_sec >> 1;
}

static unsigned
need(const struct zip_writer *z)
{
	if (z->options.zip64)
		return NEED_ZIP64;
	return z->options.level == 0 ? NEED_STORED : NEED_DEFLATED;
}

/* what the local header and the directory say first of a member (4.3.7) */
static void
put_common(struct zip_writer *z, struct buf *b, const struct entry *e)
{
	const unsigned char *p = (const unsigned char *)e->name;

	while (*p != '\0' && *p < 0x80)
		p++;
	put(b, need(z), 2);
	put(b, BIT_DESCRIPTOR | (*p != '\0' ? BIT_UTF8 : 0), 2);
	put(b, z->options.level == 0 ? ZIP_STORED : ZIP_DEFLATED, 2);
	put(b, dos_time(e->mtime), 4);
}

/* the fields that both have: the time, without DOS's limits, and no owner */
static void
put_extra(struct buf *b, const struct entry *e)
{
	put(b, 0x5455, 2);		/* UT of Info-ZIP */
	put(b, 5, 2);
	put(b, 1, 1);			/* the time of writing */
	put(b, (uint64_t)e->mtime, 4);
	put(b, 0x7875, 2);		/* ux */
	put(b, 11, 2);
	put(b, 1, 1);
	put(b, 4, 1);
	put(b, 0, 4);			/* uid */
	put(b, 4, 1);
	put(b, 0, 4);			/* gid */
}

#define EXTRA_SIZE 24

/* the local header; CRC and sizes are not known yet (4.4.4, bit 3) */
static int
begin_member(struct zip_writer *z)
{
	const struct entry *e = writing(z);
	struct buf *b = &z->out;
	size_t from = b->len, n = strlen(e->name);
	uint64_t late = z->options.zip64 ? ZIP32_MAX : 0;

	z->start = z->written;
	put(b, 0x04034b50, 4);
	put_common(z, b, e);
	put(b, 0, 4);
	put(b, late, 4);
	put(b, late, 4);
	put(b, n, 2);
	put(b, EXTRA_SIZE + (z->options.zip64 ? 20 : 0), 2);
	buf_add(b, e->name, n);
	put_extra(b, e);
	if (z->options.zip64) {
		put(b, 1, 2);
		put(b, 16, 2);
		put(b, 0, 8);
		put(b, 0, 8);
	}
	z->data = z->written + (b->len - from);
	return add(z, from);
}

/* the Zip64 field of the directory: what has no room in its own (4.5.3) */
static void
put_zip64(struct buf *b, const uint64_t values[3])
{
	size_t i, n = 0;

	for (i = 0; i < 3; i++)
		n += values[i] >= ZIP32_MAX ? 8 : 0;
	if (n == 0)
		return;
	put(b, 1, 2);
	put(b, n, 2);
	for (i = 0; i < 3; i++) {
		if (values[i] >= ZIP32_MAX)
			put(b, values[i], 8);
	}
}

static uint64_t
narrow(uint64_t v, uint64_t most)
{
	return v < most ? v : most;
}

/* the member's entry in the directory (4.3.12) */
static void
put_entry(struct zip_writer *z, const struct entry *e, uint32_t crc,
    uint64_t packed, uint64_t size)
{
	const uint64_t values[3] = { size, packed, z->start };
	struct buf *b = &z->directory, extra = {0};

	put_extra(&extra, e);
	put_zip64(&extra, values);
	put(b, 0x02014b50, 4);
	put(b, UNIX << 8 | need(z), 2);
	put_common(z, b, e);
	put(b, crc, 4);
	put(b, narrow(packed, ZIP32_MAX), 4);
	put(b, narrow(size, ZIP32_MAX), 4);
	put(b, strlen(e->name), 2);
	put(b, extra.len, 2);
	put(b, 0, 2 + 2 + 2);		/* comment, disk, internal */
	put(b, (uint64_t)(S_IFREG | e->mode) << 16, 4);
	put(b, narrow(z->start, ZIP32_MAX), 4);
	buf_adds(b, e->name);
	buf_add(b, extra.ptr, extra.len);
	buf_free(&extra);
	z->count++;
}

/* the data descriptor (4.3.9), and the entry, which is complete now */
static int
end_member(struct zip_writer *z, const struct deflate_part *p)
{
	struct entry *e = &z->entries[z->next];
	struct buf *b = &z->out;
	uint64_t packed = z->written - z->data;
	size_t from = b->len, width = z->options.zip64 ? 8 : 4;
	int rc;

	put(b, 0x08074b50, 4);
	put(b, p->crc, 4);
	put(b, packed, width);
	put(b, p->size, width);
	put_entry(z, e, p->crc, packed, p->size);
	rc = add(z, from);
	free(e->name);
	if (++z->next == z->n)
		z->next = z->n = 0;
	return rc;
}

/* deflated bytes: those that wait, and long ones, are written as they are */
static int
add_bytes(struct zip_writer *z, const char *p, size_t n)
{
	z->written += n;
	if (n < BLOCK) {
		buf_add(&z->out, p, n);
		return flush(z, BLOCK);
	}
	return flush(z, 1) == -1 ? -1 : write_out(z, p, n);
}

static int
fail_4gib(struct zip_writer *z, const char *name)
{
	return fail(z, STATUS_LIMIT, name, "the member or the zip reaches "
	    "4 GiB; a zip that may needs --zip64");
}

static int
take(void *arg, const struct deflate_part *p)
{
	struct zip_writer *z = arg;

	if (p->first && begin_member(z) == -1)
		return -1;
	if (add_bytes(z, p->bytes, p->n) == -1)
		return -1;
	if (!z->options.zip64 && z->written >= ZIP32_MAX)
		return fail_4gib(z, writing(z)->name);
	return p->last ? end_member(z, p) : 0;
}

struct zip_writer *
zip_writer_open(struct diag *d, const char *name, int fd,
    const struct zip_options *o)
{
	struct zip_writer *z = xcalloc(1, sizeof(*z));

	z->diag = d;
	z->output = name;
	z->fd = fd;
	z->options = *o;
	if (o->level == -1)
		z->options.level = 6;
	z->deflate = deflate_open(z->options.level, o->jobs, take, z);
	return z;
}

/* room for one entry more, where those that are complete were first */
static void
make_room(struct zip_writer *z)
{
	if (z->n < z->room)
		return;
	if (z->next >= z->n / 2 && z->next > 0) {
		z->n -= z->next;
		memmove(z->entries, z->entries + z->next,
		    z->n * sizeof(*z->entries));
		z->next = 0;
		return;
	}
	z->room = z->room == 0 ? 16 : 2 * z->room;
	z->entries = xrealloc(z->entries, z->room, sizeof(*z->entries));
}

/* -1: whoever knew why told it, or a thread computed nothing */
static int
check(struct zip_writer *z, int rc)
{
	return rc == 0 ? 0 : fail(z, STATUS_IO, NULL, "cannot deflate");
}

static int
end_last(struct zip_writer *z)
{
	int open = z->open;

	z->open = 0;
	return open ? check(z, deflate_end(z->deflate)) : 0;
}

static int
writer_begin(void *self, const struct member *m)
{
	struct zip_writer *z = self;

	if (end_last(z) == -1)
		return -1;
	if (strlen(m->name) > NAME_LONGEST)
		return fail(z, STATUS_LIMIT, m->name, "the name is longer "
		    "than the 65,535 bytes that a zip has for it");
	make_room(z);
	z->entries[z->n++] = (struct entry){ .name = xstrdup(m->name),
	    .mode = m->mode != 0 ? m->mode & 07777 : 0644,
	    .mtime = m->mtime };
	z->size = 0;
	z->open = 1;
	return 0;
}

static int
writer_write(void *self, const char *p, size_t n)
{
	struct zip_writer *z = self;

	z->size += n;
	if (!z->options.zip64 && z->size >= ZIP32_MAX)
		return fail_4gib(z, z->entries[z->n - 1].name);
	return check(z, deflate_write(z->deflate, p, n));
}

/* the Zip64 end record and its locator (4.3.14, 4.3.15) */
static void
put_end64(struct zip_writer *z, struct buf *b, uint64_t start)
{
	put(b, 0x06064b50, 4);
	put(b, 44, 8);			/* what follows */
	put(b, NEED_ZIP64, 2);
	put(b, NEED_ZIP64, 2);
	put(b, 0, 4 + 4);		/* disks */
	put(b, z->count, 8);
	put(b, z->count, 8);
	put(b, z->directory.len, 8);
	put(b, start, 8);
	put(b, 0x07064b50, 4);
	put(b, 0, 4);
	put(b, start + z->directory.len, 8);
	put(b, 1, 4);
}

/* what follows the directory, which began at start (4.3.16) */
static void
put_end(struct zip_writer *z, struct buf *b, uint64_t start)
{
	if (z->options.zip64 || z->count > ZIP16_MAX ||
	    start + z->directory.len > ZIP32_MAX)
		put_end64(z, b, start);
	put(b, 0x06054b50, 4);
	put(b, 0, 2 + 2);		/* disks */
	put(b, narrow(z->count, ZIP16_MAX), 2);
	put(b, narrow(z->count, ZIP16_MAX), 2);
	put(b, narrow(z->directory.len, ZIP32_MAX), 4);
	put(b, narrow(start, ZIP32_MAX), 4);
	put(b, 0, 2);			/* no comment */
}

static int
writer_finish(void *self)
{
	struct zip_writer *z = self;
	uint64_t start;
	size_t from;

	if (end_last(z) == -1 || check(z, deflate_finish(z->deflate)) == -1)
		return -1;
	start = z->written;
	if (add_bytes(z, z->directory.ptr, z->directory.len) == -1)
		return -1;
	from = z->out.len;
	put_end(z, &z->out, start);
	return add(z, from) == -1 ? -1 : flush(z, 1);
}

/* what is not finished does not look so: it has no directory */
static void
writer_close(void *self)
{
	struct zip_writer *z = self;

	deflate_close(z->deflate);
	for (; z->next < z->n; z->next++)
		free(z->entries[z->next].name);
	free(z->entries);
	buf_free(&z->directory);
	buf_free(&z->out);
	free(z);
}

unsigned long long
zip_writer_written(const struct zip_writer *z)
{
	return z->written;
}

const struct sink_ops zip_writer_ops = {
	writer_begin, writer_write, writer_finish, writer_close
};
