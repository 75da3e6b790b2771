/* SPDX-License-Identifier: ISC */
/*
 * A zip being written; the only file that knows libarchive.
 *
 * Zip keeps local times without a zone (APPNOTE 4.4.6); we write them as UTC,
 * so that a package is the same everywhere.
 */
#include "package/zip_writer.h"

#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <locale.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/fd.h"
#include "package/member.h"
#include "package/ops.h"

/* bytes written at once */
#define BLOCK ((size_t)1 << 16)

/* a member this long needs Zip64 (APPNOTE 4.4.9) */
#define ZIP32_MAX UINT64_C(0xffffffff)

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
