/* SPDX-License-Identifier: ISC */
/*
 * A package being read, whatever its form.
 */
#include "package.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buf.h"
#include "diag.h"
#include "folder.h"
#include "member.h"
#include "source.h"
#include "zip.h"
#include "zipdir.h"

/*
 * What a zip may unpack to unless the user says otherwise: real packages are
 * packed 2 to 20 times, deflate cannot do better than 1,032.
 */
#define MAX_SIZE ((uint64_t)8 << 30)
#define MAX_RATIO 1000
#define RATIO_FROM ((uint64_t)64 << 20)

struct package {
	struct diag *diag;
	struct package_options options;
	const struct source_ops *ops;
	void *source;
	struct folder *folder;		/* the source, if it is one */
	const char *input;
	int nameless;
	int fd;				/* of a zip; -1: none */
	char head[4];			/* of standard input */
	size_t nhead;
	uint64_t size;			/* unpacked bytes read */
	uint64_t total;			/* bytes of the operands; 0: unknown */
	struct member_set names;
	char *member;			/* the one being read */
};

static int
fail(struct package *p, enum status status, const char *what)
{
	struct place at = { .input = p->input, .member = p->member,
	    .offset = DIAG_NOWHERE };

	return diag_fail(p->diag, status, &at, "%s", what);
}

/* read the first bytes of standard input, which tell its form */
static int
read_head(struct package *p)
{
	ssize_t n;

	while (p->nhead < sizeof(p->head)) {
		n = read(STDIN_FILENO, p->head + p->nhead,
		    sizeof(p->head) - p->nhead);
		if (n == -1 && errno == EINTR)
			continue;
		if (n == -1)
			return fail(p, STATUS_IO, strerror(errno));
		if (n == 0)
			break;
		p->nhead += (size_t)n;
	}
	return 0;
}

static int
open_zip(struct package *p, int fd)
{
	struct zip_input in = { .input = p->input, .fd = fd,
	    .seekable = p->nhead == 0, .head = p->head, .nhead = p->nhead };

	if (in.seekable && zipdir_check(p->diag, p->input, fd) == -1)
		return -1;
	p->ops = &zip_source_ops;
	return (p->source = zip_read(p->diag, &in)) == NULL ? -1 : 0;
}

static void
open_folder(struct package *p)
{
	p->ops = &folder_ops;
	p->source = p->folder = folder_open(p->diag);
}

static int
open_stdin(struct package *p)
{
	int seekable;

	seekable = lseek(STDIN_FILENO, 0, SEEK_CUR) == 0;
	if (read_head(p) == -1)
		return -1;
	if (p->nhead == 0)
		return fail(p, STATUS_INPUT, "the input is empty; expected a "
		    "package: a zip, or a definition in JSON");
	if (zip_magic(p->head, p->nhead)) {
		if (seekable) {
			lseek(STDIN_FILENO, 0, SEEK_SET);
			p->nhead = 0;
		}
		return open_zip(p, STDIN_FILENO);
	}
	p->nameless = 1;
	open_folder(p);
	folder_add(p->folder, NULL, "");
	p->folder->head = p->head;
	p->folder->nhead = p->nhead;
	return 0;
}

/* open one operand: a directory, a zip, or the first of some files */
static int
open_operand(struct package *p, const char *path, size_t n)
{
	struct stat st;
	char magic[4];
	ssize_t got;
	int fd;

	if (stat(path, &st) == -1 ||
	    (fd = open(path, O_RDONLY | O_CLOEXEC)) == -1)
		return fail(p, STATUS_IO, strerror(errno));
	p->total += S_ISREG(st.st_mode) ? (uint64_t)st.st_size : 0;
	got = S_ISREG(st.st_mode) ? pread(fd, magic, sizeof(magic), 0) : 0;
	if (got == -1) {
		fail(p, STATUS_IO, strerror(errno));
		close(fd);
		return -1;
	}
	if (got > 0 && zip_magic(magic, (size_t)got)) {
		p->fd = fd;
		return n > 1 ? fail(p, STATUS_USAGE, "is a zip; expected one "
		    "zip, one directory, or a package's files") :
		    open_zip(p, fd);
	}
	close(fd);
	if (S_ISDIR(st.st_mode) && n > 1)
		return fail(p, STATUS_USAGE, "is a directory; expected one "
		    "zip, one directory, or a package's files");
	if (S_ISREG(st.st_mode) && st.st_size == 0 && n == 1)
		return fail(p, STATUS_INPUT, "the file is empty; expected a "
		    "package: a zip, or a definition in JSON");
	if (p->folder == NULL)
		open_folder(p);
	if (S_ISDIR(st.st_mode))
		return folder_add_tree(p->folder, path,
		    p->options.all_files);
	folder_add(p->folder, path, NULL);
	return 0;
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
	const char *path = p->folder->files[i].path;
	ssize_t got = -1;
	int fd;

	if ((fd = open(path, O_RDONLY | O_CLOEXEC)) != -1) {
		got = pread(fd, head, n, 0);
		close(fd);
	}
	return got == -1 ? fail(p, STATUS_IO, strerror(errno)) : got;
}

void
package_arrange(struct package *p, int (*rank)(void *, const char *),
    void *arg)
{
	if (p->folder != NULL && !p->nameless)
		folder_arrange(p->folder, rank, arg);
}

int
package_next(struct package *p, struct member *m)
{
	const char *unsafe;
	int got;

	free(p->member);
	p->member = NULL;
	if ((got = p->ops->next(p->source, m)) != 1)
		return got;
	p->member = xstrdup(m->name);
	if (p->nameless)
		return 1;
	if ((unsafe = member_unsafe(m->name)) != NULL)
		return fail(p, STATUS_INPUT, unsafe);
	if (!member_set_add(&p->names, m->name))
		return fail(p, STATUS_INPUT, "the package has this name "
		    "twice (case does not count); which is meant cannot be "
		    "told");
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

long
package_read(struct package *p, const char **bytes)
{
	long n;

	if ((n = p->ops->read(p->source, bytes)) <= 0)
		return n;
	p->size += (uint64_t)n;
	return check_size(p) == -1 ? -1 : n;
}
