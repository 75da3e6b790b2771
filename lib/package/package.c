/* SPDX-License-Identifier: ISC */
/*
 * A package being read, whatever its form.
 */
#include "package/package.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/fd.h"
#include "base/foreign.h"
#include "base/progress.h"
#include "base/tempfile.h"
#include "package/dir_reader.h"
#include "package/member.h"
#include "package/ops.h"
#include "package/zip_reader.h"
#include "package/zipcheck.h"

/*
 * What a zip may unpack to unless the user says otherwise: real packages are
 * packed 2 to 20 times, deflate cannot do better than 1,032.
 */
#define MAX_SIZE ((uint64_t)8 << 30)
#define MAX_RATIO 1000
#define RATIO_FROM ((uint64_t)64 << 20)

/* bytes read at once of a pipe that is put aside */
#define BLOCK ((size_t)1 << 16)

struct package {
	struct diag *diag;
	struct package_options options;
	const struct source_ops *ops;
	void *source;
	struct dir_reader *folder;		/* the source, if it is one */
	const char *input;
	int nameless;
	int fd;				/* of a zip or a pipe; -1: none */
	char head[4];			/* of a pipe */
	size_t nhead;
	struct buf tail;		/* last bytes of what is nameless */
	uint64_t size;			/* unpacked bytes read */
	uint64_t total;			/* bytes of the operands; 0: unknown */
	struct member_set names;
	char *member;			/* the one being read */
};

static int
fail(struct package *p, enum status status, const char *what)
{
	struct place at = { .input = p->input, .offset = DIAG_NOWHERE };

	if (p->member != NULL && *p->member != '\0')
		at.member = p->member;
	return diag_fail(p->diag, status, &at, "%s", what);
}

static int
fail_read(struct package *p)
{
	return fail(p, STATUS_IO, strerror(errno));
}

/* n bytes of a file from a place on: how many, -1 after a message */
static long
read_at(struct package *p, int fd, char *to, size_t n, uint64_t from)
{
	long got = fd_read_at(fd, to, n, from);

	return got == -1 ? fail_read(p) : got;
}

/* whether the file on fd is a zip by its first bytes or its last: 1, 0, -1 */
static int
is_zip(struct package *p, int fd, uint64_t size)
{
	struct buf tail = {0};
	size_t n = size < ZIPCHECK_TAIL ? (size_t)size : ZIPCHECK_TAIL;
	char magic[4];
	long got;
	int rc = -1;

	if ((got = read_at(p, fd, magic, sizeof(magic), 0)) == -1)
		return -1;
	if (foreign_is_zip(magic, (size_t)got))
		return 1;
	got = read_at(p, fd, buf_room(&tail, n), n, size - n);
	if (got != -1)
		rc = zipcheck_ends(tail.ptr, (size_t)got);
	buf_free(&tail);
	return rc;
}

static int
open_zip(struct package *p, int fd)
{
	p->ops = &zip_reader_ops;
	p->source = zip_reader_open(p->diag, p->input, fd);
	return p->source == NULL ? -1 : 0;
}

static void
open_folder(struct package *p)
{
	p->ops = &dir_reader_ops;
	p->source = p->folder = dir_reader_open(p->diag);
}

/* copy what the pipe fd brings to the file to */
static int
put_aside(struct package *p, int fd, int to)
{
	char block[BLOCK];
	size_t n = p->nhead;
	long got;

	memcpy(block, p->head, n);
	do {
		if (fd_write(to, block, n) == -1)
			return tempfile_fail(p->diag, "write");
		p->total += n;
		got = fd_read(fd, block, sizeof(block));
		n = got > 0 ? (size_t)got : 0;
	} while (got > 0);
	return got == -1 ? fail_read(p) : 0;
}

/*
 * A zip from a pipe is put aside first: its end says what it has, and readers
 * that do not wait for it see another zip than those that do.
 */
static int
open_piped_zip(struct package *p, int fd)
{
	int to;

	if ((to = tempfile_open(p->diag)) == -1)
		return -1;
	if (put_aside(p, fd, to) == -1) {
		close(to);
		return -1;
	}
	if (p->fd != -1)
		close(p->fd);
	p->fd = to;
	return open_zip(p, to);
}

static int
fail_empty(struct package *p, const char *what)
{
	struct buf b = {0};

	buf_printf(&b, "the %s is empty; expected a package: a zip, or a "
	    "definition in JSON", what);
	fail(p, STATUS_INPUT, buf_str(&b));
	buf_free(&b);
	return -1;
}

/* what has no name to go by: a zip, or one JSON text; fd stays open */
static int
open_stream(struct package *p, int fd)
{
	long got;

	if ((got = fd_read_all(fd, p->head, sizeof(p->head))) == -1)
		return fail_read(p);
	p->nhead = (size_t)got;
	if (got == 0)
		return fail_empty(p, "input");
	if (foreign_is_zip(p->head, p->nhead))
		return open_piped_zip(p, fd);
	p->nameless = 1;
	open_folder(p);
	dir_reader_add(p->folder, p->input, "");
	p->folder->stream = fd;
	p->folder->head = p->head;
	p->folder->nhead = p->nhead;
	return 0;
}

static int
open_stdin(struct package *p)
{
	struct stat st;
	off_t here = -1;
	int got;

	progress_wait(p->diag, "a zip or a definition");
	if (fstat(STDIN_FILENO, &st) == -1)
		return fail_read(p);
	if (S_ISREG(st.st_mode) &&
	    (here = lseek(STDIN_FILENO, 0, SEEK_CUR)) == -1)
		return fail_read(p);
	/* a zip that is a file is read where it is */
	if (here == 0) {
		got = is_zip(p, STDIN_FILENO, (uint64_t)st.st_size);
		p->total = (uint64_t)st.st_size;
		if (got != 0)
			return got == -1 ? -1 : open_zip(p, STDIN_FILENO);
	}
	return open_stream(p, STDIN_FILENO);
}

/* a regular file among n operands: a zip, or a file of the package */
static int
open_file(struct package *p, const char *path, int fd, uint64_t size, size_t n)
{
	int got;

	p->total += size;
	if ((got = is_zip(p, fd, size)) == -1)
		return -1;
	if (got == 1)
		return n > 1 ? fail(p, STATUS_USAGE, "is a zip; expected one "
		    "zip, one directory, or a package's files") :
		    open_zip(p, fd);
	if (size == 0 && n == 1)
		return fail_empty(p, "file");
	if (p->folder == NULL)
		open_folder(p);
	dir_reader_add(p->folder, path, NULL);
	return 0;
}

static int
open_directory(struct package *p, const char *path, size_t n)
{
	struct stat st;

	if (n > 1)
		return fail(p, STATUS_USAGE, "is a directory; expected one "
		    "zip, one directory, or a package's files");
	open_folder(p);
	/* what is written must not be read, too */
	if (fstat(STDOUT_FILENO, &st) == -1)
		return diag_fail(p->diag, STATUS_IO, NULL, "stdout: %s",
		    strerror(errno));
	dir_reader_spare(p->folder, 0, &st);
	if (p->options.report != NULL && stat(p->options.report, &st) == 0)
		dir_reader_spare(p->folder, 1, &st);
	return dir_reader_add_tree(p->folder, path, p->options.all_files);
}

/* open one operand of n */
static int
open_operand(struct package *p, const char *path, size_t n)
{
	struct stat st;
	int fd, rc;

	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) == -1)
		return fail_read(p);
	if (fstat(fd, &st) == -1)
		rc = fail_read(p);
	else if (S_ISDIR(st.st_mode))
		rc = open_directory(p, path, n);
	else if (S_ISREG(st.st_mode))
		rc = open_file(p, path, fd, (uint64_t)st.st_size, n);
	else if (n > 1)
		rc = fail(p, STATUS_USAGE, "is a pipe or a device, whose name "
		    "says nothing; expected a package's files");
	else
		rc = open_stream(p, p->fd = fd);
	/* what is read later: the zip where it is, or the pipe */
	if (rc == 0 && p->fd == -1 && p->folder == NULL)
		p->fd = fd;
	if (fd != p->fd)
		close(fd);
	return rc;
}

struct package *
package_open(struct diag *d, const struct package_options *o,
    char *const *operands, size_t n)
{
	struct package *p;
	size_t i;
	int rc = 0;

	p = xcalloc(1, sizeof(*p));
	p->diag = d;
	p->options = *o;
	p->fd = -1;
	if (n == 0 || (n == 1 && strcmp(operands[0], "-") == 0)) {
		rc = open_stdin(p);
	} else {
		for (i = 0; rc == 0 && i < n; i++) {
			p->input = operands[i];
			rc = open_operand(p, operands[i], n);
		}
		p->input = operands[0];
	}
	if (rc == 0)
		return p;
	package_close(p);
	return NULL;
}

void
package_close(struct package *p)
{
	if (p == NULL)
		return;
	if (p->source != NULL)
		p->ops->close(p->source);
	if (p->fd != -1)
		close(p->fd);
	buf_free(&p->tail);
	member_set_free(&p->names);
	free(p->member);
	free(p);
}

const char *
package_input(const struct package *p)
{
	return p->input;
}

int
package_nameless(const struct package *p)
{
	return p->nameless;
}

const char *
package_name(const struct package *p, size_t i)
{
	if (p->folder == NULL || p->nameless || i >= p->folder->n)
		return NULL;
	return p->folder->files[i].name;
}

long
package_head(struct package *p, size_t i, char *head, size_t n)
{
	struct stat st;
	long got;
	int fd;

	if ((fd = dir_reader_file(p->folder, i, &st)) == -1)
		return -1;
	got = read_at(p, fd, head, n, 0);
	close(fd);
	return got;
}

void
package_arrange(struct package *p, int (*rank)(void *, const char *),
    void *arg)
{
	if (p->folder != NULL && !p->nameless)
		dir_reader_arrange(p->folder, rank, arg);
}

/* whether a member's name can stand beside those before it; 0 or -1 */
static int
check_name(struct package *p, const struct member *m)
{
	const char *unsafe;

	if (p->nameless)
		return 0;
	if (!m->folder && (unsafe = member_unsafe(m->name)) != NULL)
		return fail(p, STATUS_INPUT, unsafe);
	switch (member_set_join(&p->names, m->name, m->folder)) {
	case MEMBER_TWICE:
		return fail(p, STATUS_INPUT, "the package has this name "
		    "twice (case does not count); which is meant cannot be "
		    "told");
	case MEMBER_FILE_AND_FOLDER:
		return fail(p, STATUS_INPUT, "the package has this name as "
		    "that of a file and of a folder, or a folder in it is a "
		    "file (case does not count)");
	default:
		return 0;
	}
}

int
package_next(struct package *p, struct member *m)
{
	int got;

	do {
		free(p->member);
		p->member = NULL;
		if ((got = p->ops->next(p->source, m)) != 1)
			return got;
		p->member = xstrdup(m->name);
		if (check_name(p, m) == -1)
			return -1;
	} while (m->folder);
	return 1;
}

/* a zip that unpacks to too much, or to much too much */
static int
check_size(struct package *p)
{
	uint64_t packed, max = p->options.max_size;

	if (p->ops->packed == NULL)
		return 0;
	packed = p->ops->packed(p->source);
	if (p->size > (max != 0 ? max : MAX_SIZE))
		return fail(p, STATUS_LIMIT, "the zip unpacks to more than "
		    "the limit; --max-size raises it");
	if (max == 0 && p->size > RATIO_FROM &&
	    p->size / MAX_RATIO > packed)
		return fail(p, STATUS_LIMIT, "the zip unpacks to more than "
		    "1,000 times its size, as a zip bomb does; --max-size "
		    "allows it");
	return 0;
}

uint64_t
package_done(const struct package *p)
{
	return p->ops->packed != NULL ? p->ops->packed(p->source) : p->size;
}

uint64_t
package_total(const struct package *p)
{
	return p->total;
}

/* what is nameless may turn out to be a zip behind other bytes */
static int
check_tail(struct package *p, const char *bytes, size_t n)
{
	if (p->tail.len + n > 4 * ZIPCHECK_TAIL)
		buf_shift(&p->tail, p->tail.len < ZIPCHECK_TAIL ? 0 :
		    p->tail.len - ZIPCHECK_TAIL);
	buf_add(&p->tail, bytes, n);
	if (n > 0 || !zipcheck_ends(p->tail.ptr, p->tail.len))
		return 0;
	return fail(p, STATUS_INPUT, "the input ends as a zip does, but other "
	    "bytes are before it; a package has none (a self-extracting "
	    "archive is not a package)");
}

long
package_read(struct package *p, const char **bytes)
{
	long n;

	if ((n = p->ops->read(p->source, bytes)) == -1)
		return -1;
	if (p->nameless && check_tail(p, *bytes, (size_t)n) == -1)
		return -1;
	p->size += (uint64_t)n;
	return check_size(p) == -1 ? -1 : n;
}
