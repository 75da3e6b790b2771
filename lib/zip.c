/* SPDX-License-Identifier: ISC */
/*
 * Zips, read and written; the only file that knows libarchive.
 *
 * Zip keeps local times without a zone (APPNOTE 4.4.6); we take them as UTC,
 * so that a package reads the same everywhere.
 */
#include "zip.h"

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

#include "buf.h"
#include "diag.h"
#include "member.h"
#include "sink.h"
#include "source.h"
#include "ziptail.h"

/* packed bytes read at once */
#define BLOCK ((size_t)1 << 16)

/* a member this long needs Zip64 (APPNOTE 4.4.9) */
#define ZIP32_MAX UINT64_C(0xffffffff)

struct zip_source {
	struct diag *diag;
	struct zip_input in;
	struct archive *archive;
	char *block;
	struct buf name;	/* of the member being read */
	struct ziptail tail;	/* of a pipe */
	uint64_t entries;	/* met so far, of every kind */
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

/* names are UTF-8 and times UTC, whatever the user's environment */
static void
settle_environment(void)
{
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

/* an error of the package or of reading it; -1 */
static int
read_fail(struct zip_source *z, const char *doing)
{
	struct place at = { .input = z->in.input, .offset = DIAG_NOWHERE };
	const char *why = archive_error_string(z->archive);
	int number = archive_errno(z->archive);

	if (z->name.len > 0)
		at.member = buf_str(&z->name);
	return diag_fail(z->diag, number > 0 && number == errno &&
	    number != EINVAL ? STATUS_IO : STATUS_INPUT, &at, "%s: %s; the "
	    "package is damaged or cut short: fetch it again", doing,
	    why != NULL ? why : "unknown error");
}

/* refuse a member; -1 */
static int
refuse(struct zip_source *z, const char *what)
{
	struct place at = { .input = z->in.input, .offset = DIAG_NOWHERE,
	    .member = buf_str(&z->name) };

	return diag_fail(z->diag, STATUS_INPUT, &at, "%s; expected plain "
	    "files only, as the platforms export them", what);
}

static la_ssize_t
on_read(struct archive *a, void *self, const void **p)
{
	struct zip_source *z = self;
	ssize_t n;

	if (z->in.nhead > 0) {
		*p = z->in.head;
		n = (ssize_t)z->in.nhead;
		z->in.nhead = 0;
	} else {
		*p = z->block;
		do
			n = read(z->in.fd, z->block, BLOCK);
		while (n == -1 && errno == EINTR);
	}
	if (n == -1)
		archive_set_error(a, errno, "cannot read: %s",
		    strerror(errno));
	if (n > 0 && !z->in.seekable)
		ziptail_add(&z->tail, *p, (size_t)n);
	return n;
}

static la_int64_t
on_seek(struct archive *a, void *self, la_int64_t offset, int whence)
{
	struct zip_source *z = self;
	off_t at;

	if ((at = lseek(z->in.fd, offset, whence)) == -1) {
		archive_set_error(a, errno, "cannot seek: %s",
		    strerror(errno));
		return ARCHIVE_FATAL;
	}
	return at;
}

static void
source_close(void *self)
{
	struct zip_source *z = self;

	archive_read_free(z->archive);
	buf_free(&z->name);
	ziptail_free(&z->tail);
	free(z->block);
	free(z);
}

struct zip_source *
zip_read(struct diag *d, const struct zip_input *in)
{
	struct zip_source *z;

	settle_environment();
	z = xcalloc(1, sizeof(*z));
	z->diag = d;
	z->in = *in;
	z->block = xmalloc(BLOCK);
	if ((z->archive = archive_read_new()) == NULL)
		abort();	/* only without memory, which xmalloc tells */
	archive_read_support_format_zip(z->archive);
	archive_read_set_callback_data(z->archive, z);
	archive_read_set_read_callback(z->archive, on_read);
	if (in->seekable)
		archive_read_set_seek_callback(z->archive, on_seek);
	if (archive_read_open1(z->archive) == ARCHIVE_OK)
		return z;
	read_fail(z, "cannot open the zip");
	source_close(z);
	return NULL;
}

/* take the name of an entry; a directory's ends with "/" */
static int
take_name(struct zip_source *z, struct archive_entry *e)
{
	const char *name;

	z->name.len = 0;
	if ((name = archive_entry_pathname_utf8(e)) == NULL)
		name = archive_entry_pathname(e);
	if (name == NULL)
		return refuse(z, "found a member without a UTF-8 name");
	buf_adds(&z->name, name);
	if (archive_entry_is_encrypted(e))
		return refuse(z, "the member is encrypted");
	if (archive_entry_filetype(e) == AE_IFDIR)
		return 0;
	if (archive_entry_filetype(e) != AE_IFREG ||
	    archive_entry_hardlink(e) != NULL)
		return refuse(z, "the member is a link or a device");
	return 1;
}

/*
 * At the end of a pipe: libarchive passes over what it does not understand,
 * such as a member whose header is damaged, so count.  0 or -1.
 */
static int
check_count(struct zip_source *z)
{
	struct place at = { .input = z->in.input, .offset = DIAG_NOWHERE };
	const void *p;
	uint64_t count;
	la_ssize_t n;

	while ((n = on_read(z->archive, z, &p)) > 0)
		continue;
	if (n < 0)
		return read_fail(z, "cannot read the zip");
	if (ziptail_members(&z->tail, &count) == -1)
		return diag_fail(z->diag, STATUS_INPUT, &at, "the zip has no "
		    "end record: it is cut short; fetch it again");
	if (count == z->entries)
		return 0;
	return diag_fail(z->diag, STATUS_INPUT, &at, "the zip says that it "
	    "has %" PRIu64 " members, %" PRIu64 " were found: the package is "
	    "damaged; fetch it again", count, z->entries);
}

static int
source_next(void *self, struct member *m)
{
	struct zip_source *z = self;
	struct archive_entry *e;
	int got;

	do {
		z->name.len = 0;
		errno = 0;
		got = archive_read_next_header(z->archive, &e);
		if (got == ARCHIVE_EOF)
			return z->in.seekable ? 0 : check_count(z);
		if (got != ARCHIVE_OK && got != ARCHIVE_WARN)
			return read_fail(z, "cannot read the zip");
		z->entries++;
		if ((got = take_name(z, e)) == -1)
			return -1;
	} while (got == 0 || strncmp(buf_str(&z->name), "__MACOSX/", 9) == 0);
	*m = (struct member){ .name = buf_str(&z->name), .size = -1,
	    .mtime = -1 };
	if (archive_entry_mtime_is_set(e))
		m->mtime = archive_entry_mtime(e);
	if (z->in.seekable) {
		m->mode = archive_entry_perm(e) & 0777;
		if (archive_entry_size_is_set(e))
			m->size = archive_entry_size(e);
	}
	return 1;
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
	return (unsigned long long)archive_filter_bytes(z->archive, 0);
}

const struct source_ops zip_source_ops = {
	source_next, source_read, source_packed, source_close
};

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
	ssize_t done;

	do
		done = write(z->fd, p, n);
	while (done == -1 && errno == EINTR);
	if (done == -1) {
		archive_set_error(a, errno, "cannot write: %s",
		    strerror(errno));
		return -1;
	}
	z->written += (unsigned long long)done;
	return done;
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
		abort();	/* only without memory, which xmalloc tells */
	if (set_options(z->archive, o) ||
	    archive_write_open(z->archive, z, NULL, on_write, NULL) !=
	    ARCHIVE_OK) {
		write_fail(z, STATUS_IO, archive_error_string(z->archive));
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
	if (archive_write_header(z->archive, z->entry) != ARCHIVE_OK)
		return write_fail(z, STATUS_IO,
		    archive_error_string(z->archive));
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
		done = archive_write_data(z->archive, p, n);
		if (done <= 0)
			return write_fail(z, STATUS_IO,
			    archive_error_string(z->archive));
		p += done;
		n -= (size_t)done;
	}
	return 0;
}

static int
sink_finish(void *self)
{
	struct zip_sink *z = self;

	if (archive_write_close(z->archive) != ARCHIVE_OK)
		return write_fail(z, STATUS_IO,
		    archive_error_string(z->archive));
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
