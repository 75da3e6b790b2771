/* SPDX-License-Identifier: ISC */
/*
 * Packages that are files already: a directory, or some files one by one.
 */
#include "package/dir_reader.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/fd.h"
#include "package/member.h"
#include "package/ops.h"

/* so many of what is no file are named */
#define MAX_SKIPPED 10

/* bytes read at once */
#define BLOCK ((size_t)1 << 16)

struct dir_reader *
dir_reader_open(struct diag *d)
{
	struct dir_reader *f;

	f = xcalloc(1, sizeof(*f));
	f->diag = d;
	f->fd = f->stream = -1;
	f->block = xmalloc(BLOCK);
	return f;
}

void
dir_reader_add(struct dir_reader *f, const char *path, const char *name)
{
	const char *slash;

	if (name == NULL)
		name = (slash = strrchr(path, '/')) != NULL ? slash + 1 : path;
	f->files = xgrow(f->files, f->n, sizeof(*f->files));
	f->files[f->n].path = path != NULL ? xstrdup(path) : NULL;
	f->files[f->n].name = xstrdup(name);
	f->n++;
}

static int
fail(struct diag *d, const char *path, const char *doing)
{
	struct place at = { .input = path, .offset = DIAG_NOWHERE };

	/* a NULL path is standard input, which is how a place has it too */
	return diag_fail(d, STATUS_IO, &at, "cannot %s: %s", doing,
	    strerror(errno));
}

void
dir_reader_spare(struct dir_reader *f, size_t i, const struct stat *st)
{
	if (S_ISREG(st->st_mode))
		f->own[i] = (struct dir_reader_own){ st->st_dev, st->st_ino };
}

/* whether the run writes this file itself */
static int
is_own(const struct dir_reader *f, const struct stat *st)
{
	size_t i;

	for (i = 0; i < sizeof(f->own) / sizeof(f->own[0]); i++) {
		if (f->own[i].ino == st->st_ino && f->own[i].dev == st->st_dev)
			return 1;
	}
	return 0;
}

static int add_tree(struct dir_reader *, const char *dir, const char *prefix,
    int all);

/* add what stands at path, called name in the package */
static int
add_entry(struct dir_reader *f, const char *path, const char *name, int all)
{
	struct place at = { .input = path, .offset = DIAG_NOWHERE };
	struct stat st;

	if (lstat(path, &st) == -1)
		return fail(f->diag, path, "read");
	if (S_ISDIR(st.st_mode))
		return add_tree(f, path, name, all);
	if (is_own(f, &st))
		diag_note(f->diag, &at, "left out: it is being written");
	else if (S_ISREG(st.st_mode))
		dir_reader_add(f, path, name);
	else if (++f->nskipped <= MAX_SKIPPED && !f->silent)
		diag_warn_of(f->diag, "left-out", &at,
		    "left out: %s", S_ISLNK(st.st_mode) ?
		    "it is a symbolic link; a package has files alone" :
		    "it is neither a file nor a directory");
	return 0;
}

static int
add_tree(struct dir_reader *f, const char *dir, const char *prefix, int all)
{
	struct place at = { .input = dir, .offset = DIAG_NOWHERE };
	struct buf path = {0}, name = {0};
	struct dirent **list;
	int i, n, rc = 0;

	if ((n = scandir(dir, &list, NULL, alphasort)) == -1)
		return fail(f->diag, dir, "read");
	for (i = 0; i < n; i++) {
		if (strcmp(list[i]->d_name, ".") == 0 ||
		    strcmp(list[i]->d_name, "..") == 0) {
			/* not an entry of its own */
		} else if (list[i]->d_name[0] == '.' && *prefix == '\0' &&
		    !all) {
			if (!f->silent)
				diag_note(f->diag, &at, "left out: %s",
				    list[i]->d_name);
		} else if (rc == 0) {
			path.len = name.len = 0;
			buf_printf(&path, "%s/%s", dir, list[i]->d_name);
			buf_printf(&name, "%s%s%s", prefix,
			    *prefix != '\0' ? "/" : "", list[i]->d_name);
			rc = add_entry(f, buf_str(&path), buf_str(&name),
			    all);
		}
		free(list[i]);
	}
	free(list);
	buf_free(&path);
	buf_free(&name);
	return rc;
}

int
dir_reader_add_tree(struct dir_reader *f, const char *dir, int all)
{
	struct place at = { .input = dir, .offset = DIAG_NOWHERE };
	int rc = add_tree(f, dir, "", all);

	if (rc == 0 && f->nskipped > MAX_SKIPPED && !f->silent)
		diag_warn_of(f->diag, "left-out", &at,
		    "left out: %zu more that are no files",
		    f->nskipped - MAX_SKIPPED);
	return rc;
}

/* a file and its rank; the place it had breaks ties */
struct ranked {
	struct dir_reader_file file;
	int rank;
	size_t place;
};

static int
by_rank(const void *va, const void *vb)
{
	const struct ranked *a = va, *b = vb;

	if (a->rank != b->rank)
		return a->rank < b->rank ? -1 : 1;
	return a->place < b->place ? -1 : 1;
}

void
dir_reader_arrange(struct dir_reader *f, int (*rank)(void *, const char *),
    void *arg)
{
	struct ranked *r;
	size_t i, n;

	r = xmalloc((f->n + 1) * sizeof(*r));
	for (i = 0; i < f->n; i++)
		r[i] = (struct ranked){ f->files[i],
		    rank(arg, f->files[i].name), i };
	qsort(r, f->n, sizeof(*r), by_rank);
	for (i = n = 0; i < f->n; i++) {
		if (r[i].rank >= 0) {
			f->files[n++] = r[i].file;
			continue;
		}
		diag_note(f->diag, NULL, "left out: %s (the map does not know "
		    "it; --all-files carries it)", r[i].file.path);
		free(r[i].file.name);
		free(r[i].file.path);
	}
	f->n = n;
	free(r);
}

static int
fail_changed(struct dir_reader *f, size_t i, const char *what)
{
	struct place at = { .input = f->files[i].path,
	    .offset = DIAG_NOWHERE };

	return diag_fail(f->diag, STATUS_INPUT, &at, "%s", what);
}

int
dir_reader_file(struct dir_reader *f, size_t i, struct stat *st)
{
	const char *path = f->files[i].path;
	int fd;

	/* what stands there by now may be a pipe, for which nobody waits */
	fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	if (fd == -1 || fstat(fd, st) == -1) {
		fail(f->diag, path, "open");
	} else if (!S_ISREG(st->st_mode)) {
		fail_changed(f, i, "was a file, and is none any more");
	} else {
		return fd;
	}
	if (fd != -1)
		close(fd);
	return -1;
}

static int
folder_next(void *self, struct member *m)
{
	struct dir_reader *f = self;
	struct dir_reader_file *file;
	struct stat st;
	off_t here;

	if (f->fd != -1)
		close(f->fd);
	f->fd = -1;
	f->left = -1;
	if (f->next == f->n)
		return 0;
	file = &f->files[f->next++];
	*m = (struct member){ .name = file->name, .size = -1, .mtime = -1 };
	if (f->stream == -1) {
		if ((f->fd = dir_reader_file(f, f->next - 1, &st)) == -1)
			return -1;
		m->size = f->left = st.st_size;
		return 1;
	}
	f->fd = fcntl(f->stream, F_DUPFD_CLOEXEC, 0);
	if (f->fd == -1 || fstat(f->fd, &st) == -1)
		return fail(f->diag, file->path, "open");
	if (!S_ISREG(st.st_mode))
		return 1;
	/* from the position on, before which the head was read */
	if ((here = lseek(f->fd, 0, SEEK_CUR)) == -1)
		return fail(f->diag, file->path, "read");
	m->size = st.st_size - here + (off_t)f->nhead;
	m->size = f->left = m->size < 0 ? 0 : m->size;
	return 1;
}

/* n bytes were read, 0: the end; a file that is written has no right size */
static int
check_size(struct dir_reader *f, size_t n)
{
	if (f->left == -1)
		return 0;
	if (f->left < (int64_t)n || (n == 0 && f->left > 0))
		return fail_changed(f, f->next - 1, "was written while it was "
		    "read; is it whole?");
	f->left -= (int64_t)n;
	return 0;
}

static long
folder_read(void *self, const char **p)
{
	struct dir_reader *f = self;
	long n = (long)f->nhead;

	if (n > 0)
		memcpy(f->block, f->head, f->nhead);
	else
		n = fd_read(f->fd, f->block, BLOCK);
	f->nhead = 0;
	if (n == -1)
		return fail(f->diag, f->files[f->next - 1].path, "read");
	*p = f->block;
	return check_size(f, (size_t)n) == -1 ? -1 : n;
}

static void
folder_close(void *self)
{
	struct dir_reader *f = self;
	size_t i;

	if (f->fd != -1)
		close(f->fd);
	for (i = 0; i < f->n; i++) {
		free(f->files[i].name);
		free(f->files[i].path);
	}
	free(f->files);
	free(f->block);
	free(f);
}

const struct source_ops dir_reader_ops = {
	folder_next, folder_read, NULL, folder_close
};
