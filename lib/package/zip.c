/* SPDX-License-Identifier: ISC */
/*
 * Zips, read and written; the only file that knows libarchive.
 *
 * Which members there are, and what they are called, zipcheck.h knows.  To
 * libarchive they are given one after the other, each behind a header that
 * says no more than how to unpack it: so it holds no list of them, and has no
 * say in what they are.
 *
 * Zip keeps local times without a zone (APPNOTE 4.4.6); we write them as UTC,
 * so that a package is the same everywhere.
 */
#include "package/zip.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <inttypes.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/fd.h"
#include "package/member.h"
#include "package/ops.h"
#include "package/zipcheck.h"

/* packed bytes read at once */
#define BLOCK ((size_t)1 << 16)

/* a member this long needs Zip64 (APPNOTE 4.4.9) */
#define ZIP32_MAX UINT64_C(0xffffffff)

/*
 * What libarchive 3.6 takes for a member of a zip it writes, and the next part
 * of the central directory: it does not look whether there was memory for that.
 */
#define WRITE_ROOM ((size_t)80 << 10)

/* a local header with a name of one byte and a Zip64 field (4.3.7, 4.5.3) */
#define HEADER_SIZE (30 + 1 + 4 + 16)

struct zip_source {
	struct diag *diag;
	const char *input;
	int fd;
	struct zipcheck *dir;
	struct archive *archive;	/* NULL: no member was begun */
	struct archive_entry *entry;	/* what it says of the member */
	struct zipcheck_member member;

	/* what libarchive has not been given of the member */
	unsigned char header[HEADER_SIZE];
	int headed;			/* it has the header */
	uint64_t at, left;		/* of the packed bytes */
	int error;			/* why they were not read: errno */
	int shorter;			/* or the file has them no more */

	char *block;
	uint64_t headers;		/* bytes given that are no member's */
};

struct zip_sink {
	struct diag *diag;
	const char *output;
	int fd;
	int zip64;
	int broken;		/* a write failed, and was told of */
	struct archive *archive;
	struct archive_entry *entry;
	struct buf name;
	uint64_t size;		/* of the member being written */
	unsigned long long written;
};

/* the zips being read or written: libarchive may be at work */
static unsigned open_zips;

/*
 * Where some of its memory runs out libarchive ends the program itself, with
 * a message of its own and a status that means something else here.
 */
static void
on_end(int status, void *unused)
{
	(void)unused;
	if (status == 1 && open_zips > 0) {
		open_zips = 0;
		memory_fail();
	}
}

/*
 * Names are UTF-8 and times UTC, whatever the user's environment; and the end
 * of memory is what it is elsewhere.
 */
static void
settle_environment(void)
{
	static int done;

	open_zips++;
	if (!done && on_exit(on_end, NULL) != 0)
		memory_fail();
	done = 1;
	setlocale(LC_CTYPE, "C.UTF-8");
	setenv("TZ", "UTC0", 1);
	tzset();
}

int
zip_magic(const char *p, size_t n)
{
	return n >= 4 && (memcmp(p, "PK\3\4", 4) == 0 ||
	    memcmp(p, "PK\5\6", 4) == 0);
}

static const struct place *
place_of(struct zip_source *z, struct place *p)
{
	*p = (struct place){ .input = z->input, .member = z->member.name,
	    .offset = DIAG_NOWHERE };
	return p;
}

/*
 * Whether what failed lacked memory: not all of it says so by its number.
 * errno was 0 before.
 */
static void
check_memory(struct archive *a)
{
	if (archive_errno(a) == ENOMEM || errno == ENOMEM)
		memory_fail();
}

/*
 * An error of the package or of reading it; -1.  What libarchive makes of a
 * read that failed is that the member is cut.
 */
static int
read_fail(struct zip_source *z, const char *doing)
{
	struct place at;
	const char *why;

	if (z->error != 0)
		return diag_fail(z->diag, STATUS_IO, place_of(z, &at),
		    "%s: %s", doing, strerror(z->error));
	if (z->shorter)
		return diag_fail(z->diag, STATUS_IO, place_of(z, &at),
		    "%s: the file became shorter while it was read", doing);
	check_memory(z->archive);
	why = archive_error_string(z->archive);
	return diag_fail(z->diag, STATUS_INPUT, place_of(z, &at),
	    "%s: %s; the package is damaged or cut short: fetch it again",
	    doing, why != NULL ? why : "unknown error");
}

/* append an integer of n bytes, low byte first; returns behind it */
static unsigned char *
put(unsigned char *p, uint64_t v, size_t n)
{
	for (; n > 0; n--, v >>= 8)
		*p++ = (unsigned char)v;
	return p;
}

/* the header that libarchive sees of the member */
static void
make_header(struct zip_source *z)
{
	const struct zipcheck_member *m = &z->member;
	unsigned char *p = z->header;

	p = put(p, 0x04034b50, 4);
	p = put(p, 45, 2);		/* the version that has Zip64 */
	p = put(p, 0, 2);		/* no descriptor follows */
	p = put(p, m->method, 2);
	p = put(p, 0x210000, 4);	/* the first day of 1980 */
	p = put(p, m->crc, 4);
	p = put(p, 0xffffffff, 4);	/* the sizes: see Zip64 */
	p = put(p, 0xffffffff, 4);
	p = put(p, 1, 2);
	p = put(p, 20, 2);
	*p++ = 'm';
	p = put(p, 1, 2);		/* Zip64 */
	p = put(p, 16, 2);
	p = put(p, m->size, 8);
	(void)put(p, m->packed, 8);
	z->headed = 0;
	z->at = m->data;
	z->left = m->packed;
}

static la_ssize_t
on_read(struct archive *a, void *self, const void **p)
{
	struct zip_source *z = self;
	size_t wanted = z->left < BLOCK ? (size_t)z->left : BLOCK;
	long n;

	if (!z->headed) {
		z->headed = 1;
		z->headers += HEADER_SIZE;
		*p = z->header;
		return HEADER_SIZE;
	}
	*p = z->block;
	if ((n = fd_read_at(z->fd, z->block, wanted, z->at)) == -1)
		z->error = errno;
	else if ((size_t)n < wanted)
		z->shorter = 1;
	if ((size_t)n != wanted) {
		archive_set_error(a, EIO, "cannot read");
		return -1;
	}
	z->at += (uint64_t)n;
	z->left -= (uint64_t)n;
	return n;
}

static void
source_close(void *self)
{
	struct zip_source *z = self;

	archive_read_free(z->archive);
	archive_entry_free(z->entry);
	open_zips--;
	zipcheck_close(z->dir);
	free(z->block);
	free(z);
}

struct zip_source *
zip_read(struct diag *d, const char *input, int fd)
{
	struct zip_source *z;

	settle_environment();
	z = xcalloc(1, sizeof(*z));
	z->diag = d;
	z->input = input;
	z->fd = fd;
	if ((z->dir = zipcheck_open(d, input, fd)) != NULL) {
		z->block = xmalloc(BLOCK);
		return z;
	}
	source_close(z);
	return NULL;
}

/*
 * Let libarchive begin, with the first member.  The entry is ours: it has one
 * of its own, but does not look whether there was memory for it.
 */
static int
begin_archive(struct zip_source *z)
{
	struct archive *a;

	if ((a = z->archive = archive_read_new()) == NULL ||
	    (z->entry = archive_entry_new()) == NULL)
		memory_fail();
	return archive_read_support_format_zip_streamable(a) == ARCHIVE_OK &&
	    archive_read_set_callback_data(a, z) == ARCHIVE_OK &&
	    archive_read_set_read_callback(a, on_read) == ARCHIVE_OK &&
	    archive_read_open1(a) == ARCHIVE_OK ? 0 :
	    read_fail(z, "cannot open the zip");
}

/* pass over what was not read of the member, and come to the next */
static int
begin_member(struct zip_source *z)
{
	int got;

	errno = 0;
	if (z->archive != NULL && z->left > 0 &&
	    archive_read_data_skip(z->archive) != ARCHIVE_OK)
		return read_fail(z, "cannot read the zip");
	make_header(z);
	if (z->archive == NULL && begin_archive(z) == -1)
		return -1;
	errno = 0;
	got = archive_read_next_header2(z->archive, z->entry);
	return got == ARCHIVE_OK || got == ARCHIVE_WARN ? 0 :
	    read_fail(z, "cannot read the zip");
}

static int
source_next(void *self, struct member *m)
{
	struct zip_source *z = self;
	int got;

	do {
		if ((got = zipcheck_next(z->dir, &z->member)) != 1)
			return got;
	} while (strncmp(z->member.name, "__MACOSX/", 9) == 0);
	*m = (struct member){ .name = z->member.name,
	    .folder = z->member.folder, .size = (int64_t)z->member.size,
	    .mtime = z->member.mtime, .mode = z->member.mode };
	if (z->member.folder)
		return 1;
	return begin_member(z) == -1 ? -1 : 1;
}

static long
source_read(void *self, const char **p)
{
	struct zip_source *z = self;
	const void *bytes;
	la_int64_t offset;
	size_t n;
	int got;

	errno = 0;
	do
		got = archive_read_data_block(z->archive, &bytes, &n, &offset);
	while (got == ARCHIVE_OK && n == 0);
	if (got == ARCHIVE_EOF)
		return 0;
	if (got != ARCHIVE_OK)
		return read_fail(z, "cannot read the member");
	*p = bytes;
	return (long)n;
}

static unsigned long long
source_packed(void *self)
{
	struct zip_source *z = self;

	/* what was taken of it, not what was read ahead */
	return z->archive == NULL ? 0 : (unsigned long long)
	    archive_filter_bytes(z->archive, 0) - z->headers;
}

const struct source_ops zip_source_ops = {
	source_next, source_read, source_packed, source_close
};

/* what is to be said of a write that failed; errno was 0 before */
static const char *
write_error(struct zip_sink *z)
{
	const char *why;

	if (!z->broken)
		check_memory(z->archive);
	why = archive_error_string(z->archive);
	return why != NULL ? why : "cannot write";
}

static int
write_fail(struct zip_sink *z, enum status status, const char *what)
{
	struct place at = { .input = z->output, .offset = DIAG_NOWHERE };

	if (z->broken)
		return -1;
	z->broken = 1;
	if (z->name.len > 0)
		at.member = buf_str(&z->name);
	return diag_fail(z->diag, status, &at, "%s", what);
}

static la_ssize_t
on_write(struct archive *a, void *self, const void *p, size_t n)
{
	struct zip_sink *z = self;

	if (fd_write(z->fd, p, n) == -1) {
		archive_set_error(a, errno, "cannot write: %s",
		    strerror(errno));
		return -1;
	}
	z->written += n;
	return (la_ssize_t)n;
}

static void
sink_close(void *self)
{
	struct zip_sink *z = self;

	/* what is not finished must not look so: no central directory */
	z->broken = 1;
	archive_write_fail(z->archive);
	archive_write_free(z->archive);
	archive_entry_free(z->entry);
	open_zips--;
	buf_free(&z->name);
	free(z);
}

/* the options that give the layout of the platforms' own zips */
static int
set_options(struct archive *a, const struct zip_options *o)
{
	char level[2] = { (char)('0' + (o->level >= 0 ? o->level : 6)), 0 };

	return archive_write_set_format_zip(a) != ARCHIVE_OK ||
	    archive_write_set_format_option(a, "zip", "compression",
	    "deflate") != ARCHIVE_OK ||
	    archive_write_set_format_option(a, "zip", "compression-level",
	    level) != ARCHIVE_OK ||
	    archive_write_set_format_option(a, "zip", "zip64",
	    o->zip64 ? "1" : NULL) != ARCHIVE_OK ||
	    archive_write_set_bytes_per_block(a, (int)BLOCK) != ARCHIVE_OK ||
	    archive_write_set_bytes_in_last_block(a, 1) != ARCHIVE_OK;
}

struct zip_sink *
zip_write(struct diag *d, const char *name, int fd, const struct zip_options *o)
{
	struct zip_sink *z;

	settle_environment();
	z = xcalloc(1, sizeof(*z));
	z->diag = d;
	z->output = name;
	z->fd = fd;
	z->zip64 = o->zip64;
	if ((z->archive = archive_write_new()) == NULL ||
	    (z->entry = archive_entry_new()) == NULL)
		memory_fail();
	errno = 0;
	if (set_options(z->archive, o) ||
	    archive_write_open(z->archive, z, NULL, on_write, NULL) !=
	    ARCHIVE_OK) {
		write_fail(z, STATUS_IO, write_error(z));
		sink_close(z);
		return NULL;
	}
	return z;
}

static int
sink_begin(void *self, const struct member *m)
{
	struct zip_sink *z = self;

	z->name.len = 0;
	buf_adds(&z->name, m->name);
	z->size = 0;
	archive_entry_clear(z->entry);
	archive_entry_set_pathname(z->entry, m->name);
	archive_entry_set_filetype(z->entry, AE_IFREG);
	archive_entry_set_perm(z->entry, m->mode != 0 ? m->mode : 0644);
	archive_entry_set_mtime(z->entry, m->mtime, 0);
	archive_entry_set_uid(z->entry, 0);
	archive_entry_set_gid(z->entry, 0);
	free(xmalloc(WRITE_ROOM));
	errno = 0;
	if (archive_write_header(z->archive, z->entry) != ARCHIVE_OK)
		return write_fail(z, STATUS_IO, write_error(z));
	return 0;
}

static int
sink_write(void *self, const char *p, size_t n)
{
	struct zip_sink *z = self;
	la_ssize_t done;

	z->size += n;
	if (!z->zip64 && (z->size >= ZIP32_MAX || z->written >= ZIP32_MAX))
		return write_fail(z, STATUS_LIMIT, "the member or the zip "
		    "reaches 4 GiB; a zip that may needs --zip64");
	while (n > 0) {
		errno = 0;
		done = archive_write_data(z->archive, p, n);
		if (done <= 0)
			return write_fail(z, STATUS_IO, write_error(z));
		p += done;
		n -= (size_t)done;
	}
	return 0;
}

static int
sink_finish(void *self)
{
	struct zip_sink *z = self;

	errno = 0;
	if (archive_write_close(z->archive) != ARCHIVE_OK)
		return write_fail(z, STATUS_IO, write_error(z));
	return 0;
}

unsigned long long
zip_written(const struct zip_sink *z)
{
	return z->written;
}

const struct sink_ops zip_sink_ops = {
	sink_begin, sink_write, sink_finish, sink_close
};
