/* SPDX-License-Identifier: ISC */
/*
 * A package written as a directory: beside it first, then swapped in.
 */
#include "package/dir_writer.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/fd.h"
#include "base/leftover.h"
#include "package/dir_reader.h"
#include "package/member.h"
#include "package/ops.h"

/* so many temporary names are tried */
#define TRIES 100

/* bytes of a file written at once, at least, but for its last ones */
#define BLOCK ((size_t)1 << 14)

struct dir_writer {
	struct diag *diag;
	char *path;		/* of the directory, without a last "/" */
	char *staging;		/* where the files are written */
	int new;		/* there is no directory yet */
	int (*owns)(void *, const char *);
	void *arg;
	struct dir_reader *files;	/* those written */
	struct member_set names;
	int fd;			/* of the one being written; -1: none */
	int64_t mtime;
	struct buf bytes;	/* of the file, not yet written */
	struct buf name;	/* a path being made */
	struct buf parent;	/* the directory made last, and a "/" */
};

static int
fail(struct dir_writer *t, const char *path, const char *doing)
{
	struct place at = { .input = path, .offset = DIAG_NOWHERE };

	if (errno == ENAMETOOLONG)
		return diag_fail(t->diag, STATUS_IO, &at, "the name is longer "
		    "than the file system allows; a zip (-o x.zip) has no "
		    "such limit");
	return diag_fail(t->diag, STATUS_IO, &at, "cannot %s: %s", doing,
	    strerror(errno));
}

/* the path of a file below a directory; lasts until the next call */
static char *
below(struct dir_writer *t, const char *dir, const char *name)
{
	t->name.len = 0;
	buf_printf(&t->name, "%s/%s", dir, name);
	return buf_str(&t->name);
}

/* whether there is a directory, not a link to one that may be anywhere */
static int
is_directory(const char *path)
{
	struct stat st;

	if (lstat(path, &st) == 0 && S_ISDIR(st.st_mode))
		return 1;
	errno = ENOTDIR;
	return 0;
}

/* how far a path is that of the directory made last, which ends in a slash */
static size_t
shared(const struct dir_writer *t, const char *path, size_t from)
{
	size_t i, n = from;

	for (i = 0; i < t->parent.len && path[i] == t->parent.ptr[i]; i++) {
		if (path[i] == '/' && i >= from)
			n = i + 1;
	}
	return i < from ? from : n;
}

/*
 * Make the directories that a path stands in, from offset from on; those that
 * it has in common with the path before are there.
 */
static int
make_parents(struct dir_writer *t, char *path, size_t from)
{
	const char *last = strrchr(path, '/');
	char *slash;
	int rc = 0;

	from = shared(t, path, from);
	t->parent.len = 0;
	for (slash = path + from; rc == 0 &&
	    (slash = strchr(slash, '/')) != NULL; slash++) {
		*slash = '\0';
		if (mkdir(path, 0777) == -1 && (errno != EEXIST ||
		    !is_directory(path)))
			rc = fail(t, path, "create");
		*slash = '/';
	}
	if (rc == 0)
		buf_add(&t->parent, path, (size_t)(last - path) + 1);
	return rc;
}

/* the files of the directory as it is; no word of what is no package's */
static struct dir_reader *
list(struct dir_writer *t)
{
	struct dir_reader *f;

	f = dir_reader_open(t->diag);
	f->silent = 1;
	if (dir_reader_add_tree(f, t->path, 0) == 0)
		return f;
	dir_reader_ops.close(f);
	return NULL;
}

/* refuse to write over a package, unless told to */
static int
check_empty(struct dir_writer *t)
{
	struct place at = { .input = t->path, .offset = DIAG_NOWHERE };
	struct dir_reader *f;
	size_t i;
	int rc = 0;

	if ((f = list(t)) == NULL)
		return -1;
	for (i = 0; rc == 0 && i < f->n; i++) {
		if (t->owns(t->arg, f->files[i].name))
			rc = diag_fail(t->diag, STATUS_USAGE, &at, "holds a "
			    "package already (%s); -f replaces it",
			    f->files[i].name);
	}
	dir_reader_ops.close(f);
	return rc;
}

/* a directory beside the one to be, for the files until they are whole */
static int
make_staging(struct dir_writer *t)
{
	struct buf b = {0};
	const char *slash = strrchr(t->path, '/');
	size_t n = slash != NULL ? (size_t)(slash - t->path) + 1 : 0;
	unsigned try;
	int rc = -1;

	leftover_begin();
	for (try = 0; rc == -1 && try < TRIES; try++) {
		b.len = 0;
		buf_add(&b, t->path, n);
		buf_printf(&b, ".pkg-pack.%ld.%u", (long)getpid(), try);
		if ((rc = mkdir(buf_str(&b), 0777)) == -1 && errno != EEXIST)
			break;
	}
	if (rc == 0) {
		t->staging = buf_str(&b);
		leftover_add(t->staging);
		return 0;
	}
	leftover_none();
	buf_free(&b);
	return fail(t, t->path, "create a directory beside it");
}

/* nothing is in it, or nothing that is there is whole */
static void
remove_staging(struct dir_writer *t)
{
	if (t->staging == NULL)
		return;
	if (leftover_remove(t->staging) == -1)
		fail(t, t->staging, "remove");
	leftover_forget(t->staging);
	free(t->staging);
	t->staging = NULL;
}

static void
tree_close(void *self)
{
	struct dir_writer *t = self;

	if (t->fd != -1)
		close(t->fd);
	remove_staging(t);
	dir_reader_ops.close(t->files);
	member_set_free(&t->names);
	buf_free(&t->bytes);
	buf_free(&t->name);
	buf_free(&t->parent);
	free(t->path);
	free(t);
}

struct dir_writer *
dir_writer_open(struct diag *d, const char *path, int force,
    int (*owns)(void *, const char *), void *arg)
{
	struct dir_writer *t;
	struct stat st;
	size_t n = strlen(path);
	int rc = 0;

	while (n > 1 && path[n - 1] == '/')
		n--;
	t = xcalloc(1, sizeof(*t));
	t->diag = d;
	t->path = xstrndup(path, n);
	t->owns = owns;
	t->arg = arg;
	t->fd = -1;
	t->files = dir_reader_open(d);
	t->new = stat(t->path, &st) == -1;
	if (t->new && errno != ENOENT) {
		rc = fail(t, t->path, "find");
	} else if (!t->new && !S_ISDIR(st.st_mode)) {
		errno = ENOTDIR;
		rc = fail(t, t->path, "write a directory");
	} else if (!t->new && !force) {
		rc = check_empty(t);
	}
	if (rc == 0 && make_staging(t) == 0)
		return t;
	tree_close(t);
	return NULL;
}

/* write bytes that wait, and n more */
static int
flush(struct dir_writer *t, const char *p, size_t n)
{
	if (fd_write(t->fd, t->bytes.ptr, t->bytes.len) == -1 ||
	    fd_write(t->fd, p, n) == -1)
		return fail(t, t->staging, "write");
	t->bytes.len = 0;
	return 0;
}

/* close the file being written, with its time */
static int
end_file(struct dir_writer *t)
{
	struct timespec times[2] = { { .tv_nsec = UTIME_OMIT },
	    { .tv_sec = t->mtime } };
	int fd = t->fd;

	if (fd == -1)
		return 0;
	if (flush(t, NULL, 0) == -1)
		return -1;
	t->fd = -1;
	if (t->mtime >= 0)
		futimens(fd, times);
	return close(fd) == 0 ? 0 : fail(t, t->staging, "write");
}

static int
tree_begin(void *self, const struct member *m)
{
	struct dir_writer *t = self;
	char *path;

	if (end_file(t) == -1)
		return -1;
	dir_reader_add(t->files, m->name, m->name);
	member_set_add(&t->names, m->name);
	path = below(t, t->staging, m->name);
	if (make_parents(t, path, strlen(t->staging) + 1) == -1)
		return -1;
	t->mtime = m->mtime;
	t->fd = open(path, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC,
	    m->mode != 0 ? m->mode & 0777 : 0666);
	return t->fd == -1 ? fail(t, path, "create") : 0;
}

static int
tree_write(void *self, const char *p, size_t n)
{
	struct dir_writer *t = self;

	if (t->bytes.len + n >= BLOCK)
		return flush(t, p, n);
	buf_add(&t->bytes, p, n);
	return 0;
}

/* everything is on the disk before anything is moved */
static int
tree_finish(void *self)
{
	struct dir_writer *t = self;
	int fd, rc;

	if (end_file(t) == -1)
		return -1;
	if ((fd = open(t->staging, O_RDONLY | O_CLOEXEC)) == -1)
		return fail(t, t->staging, "sync");
	rc = syncfs(fd) == 0 ? 0 : fail(t, t->staging, "sync");
	close(fd);
	return rc;
}

/* move one file to where it belongs */
static int
move(struct dir_writer *t, const char *name)
{
	char *from, *to;
	int rc;

	from = xstrdup(below(t, t->staging, name));
	to = xstrdup(below(t, t->path, name));
	rc = make_parents(t, to, strlen(t->path) + 1);
	if (rc == 0 && rename(from, to) == -1)
		rc = fail(t, to, "replace");
	free(from);
	free(to);
	return rc;
}

/* remove a file of the directory, and the directories that it leaves empty */
static int
sweep_file(struct dir_writer *t, const char *name)
{
	char *path = below(t, t->path, name), *slash;

	if (unlink(path) == -1 && errno != ENOENT)
		return fail(t, path, "remove what the package has no more");
	while ((slash = strrchr(path, '/')) != NULL &&
	    (size_t)(slash - path) > strlen(t->path)) {
		*slash = '\0';
		if (rmdir(path) == -1)
			break;
	}
	return 0;
}

/* remove what the package owned and has no more */
static int
sweep(struct dir_writer *t)
{
	struct dir_reader *f;
	size_t i, gone = 0;
	int rc = 0;

	if ((f = list(t)) == NULL)
		return -1;
	for (i = 0; rc == 0 && i < f->n; i++) {
		if (!t->owns(t->arg, f->files[i].name) ||
		    member_set_has(&t->names, f->files[i].name))
			continue;
		rc = sweep_file(t, f->files[i].name);
		gone++;
	}
	dir_reader_ops.close(f);
	if (rc == 0 && gone > 0)
		diag_note(t->diag, NULL, "%s: %zu file%s removed, which the "
		    "package has no more", t->path, gone, diag_s(gone));
	return rc;
}

/* what was renamed must last, too */
static int
sync_names(struct dir_writer *t)
{
	int fd, rc;

	/* a directory that may be written to, but not read */
	if ((fd = open(t->path, O_RDONLY | O_CLOEXEC)) == -1)
		return errno == EACCES ? 0 : fail(t, t->path, "sync");
	rc = syncfs(fd) == 0 ? 0 : fail(t, t->path, "sync");
	close(fd);
	return rc;
}

int
dir_writer_commit(struct dir_writer *t)
{
	size_t i;

	if (t->new) {
		if (rename(t->staging, t->path) == -1)
			return fail(t, t->path, "create");
		leftover_forget(t->staging);
		free(t->staging);
		t->staging = NULL;
		return sync_names(t);
	}
	for (i = 0; i < t->files->n; i++) {
		if (move(t, t->files->files[i].name) == -1)
			return -1;
	}
	return sweep(t) == -1 ? -1 : sync_names(t);
}

const struct sink_ops dir_writer_sink_ops = {
	tree_begin, tree_write, tree_finish, tree_close
};
