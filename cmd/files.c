/* SPDX-License-Identifier: ISC */
/*
 * Files that a run is to write must not be those that it reads.
 */
#include "cmd/files.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/diag.h"

/* standard input by a name, if it has one */
#define PROC_STDIN "/proc/self/fd/0"

/* how many symbolic links in a row may lead to a file that is not there */
#define MAX_LINKS 40

/* where a file is, or would be: its own place, or its folder's and its name */
struct spot {
	dev_t dev;
	ino_t ino;
	char *name;	/* of a file that is not there; NULL: it is */
	int folder;
};

/* a file of the run, named to the user as name */
struct used {
	const char *name;
	struct spot spot;
};

/* the files that are written */
struct uses {
	struct used *list;
	size_t n;
	int folders;	/* there is one among them */
};

static int
fail_same(struct diag *d, const char *name, const char *other)
{
	struct place at = { .input = name, .offset = DIAG_NOWHERE };
	struct stat st;

	return diag_fail(d, STATUS_USAGE, &at, "expected a file of its own to "
	    "write to; %s is %s", other, stat(name, &st) == 0 &&
	    S_ISDIR(st.st_mode) ? "in it" : "the same");
}

/* the folder of a path, with the slash at its end; to be freed */
static char *
folder_of(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash == NULL ? xstrdup("./") :
	    xstrndup(path, (size_t)(slash - path) + 1);
}

/* what a symbolic link says, taken from its own folder; NULL: it is none */
static char *
follow(const char *path)
{
	char text[PATH_MAX];
	struct buf b = {0};
	char *folder;
	ssize_t n;

	if ((n = readlink(path, text, sizeof(text))) <= 0)
		return NULL;
	if (*text != '/') {
		folder = folder_of(path);
		buf_adds(&b, folder);
		free(folder);
	}
	buf_add(&b, text, (size_t)n);
	return buf_str(&b);
}

/* the place of a file that is not there: 0, or -1 if its folder is not */
static int
locate_new(const char *path, struct spot *s)
{
	char *at = xstrdup(path), *next;
	struct stat st;
	size_t n = 0;
	int rc;

	while (n++ < MAX_LINKS && (next = follow(at)) != NULL) {
		free(at);
		at = next;
	}
	for (n = strlen(at); n > 1 && at[n - 1] == '/'; n--)
		at[n - 1] = '\0';
	next = folder_of(at);
	if ((rc = stat(next, &st)) == 0)
		*s = (struct spot){ st.st_dev, st.st_ino,
		    xstrdup(at + (strchr(at, '/') == NULL ? 0 :
		    strlen(next))), 0 };
	free(next);
	free(at);
	return rc;
}

/* whether it is not known where a file is, rather than that it is not there */
static int
is_trouble(int error)
{
	return error == EIO || error == ENOMEM || error == EOVERFLOW;
}

/*
 * The place of a file, by its path or its descriptor.  Devices and pipes have
 * none: what is written to them is not what is read.  1, 0 if it has none, or
 * -1 after a message.
 */
static int
locate(struct diag *d, const char *path, int fd, struct spot *s)
{
	struct place at = { .input = path, .offset = DIAG_NOWHERE };
	struct stat st;

	*s = (struct spot){0};
	if ((fd == -1 ? stat(path, &st) : fstat(fd, &st)) == -1) {
		if (is_trouble(errno))
			return diag_fail(d, STATUS_IO, &at, "%s",
			    strerror(errno));
		return fd == -1 && locate_new(path, s) == 0;
	}
	*s = (struct spot){ .dev = st.st_dev, .ino = st.st_ino,
	    .folder = S_ISDIR(st.st_mode) };
	return S_ISREG(st.st_mode) || S_ISDIR(st.st_mode);
}

static int
is_same(const struct spot *a, const struct spot *b)
{
	return a->dev == b->dev && a->ino == b->ino &&
	    (a->name == NULL) == (b->name == NULL) &&
	    (a->name == NULL || strcmp(a->name, b->name) == 0);
}

/* the name of the file at a place, if it is one of these; NULL: none */
static const char *
find_used(const struct uses *u, const struct spot *s)
{
	size_t i;

	for (i = 0; i < u->n; i++) {
		if (is_same(&u->list[i].spot, s))
			return u->list[i].name;
	}
	return NULL;
}

/* the folder among these in which a file is, however deep; NULL: none */
static const char *
find_around(const struct uses *u, const char *path)
{
	char *at = realpath(path, NULL), *slash;
	const char *other = NULL;
	struct stat st;
	struct spot s;

	while (at != NULL && other == NULL &&
	    (slash = strrchr(at, '/')) != NULL && slash[1] != '\0') {
		slash[slash == at] = '\0';	/* the root keeps its slash */
		if (stat(at, &st) == 0) {
			s = (struct spot){ .dev = st.st_dev,
			    .ino = st.st_ino };
			other = find_used(u, &s);
		}
	}
	free(at);
	return other;
}

/* add one, which must be none of those before; 0 or -1 */
static int
add_written(struct diag *d, struct uses *u, const char *name, int fd)
{
	const char *other;
	struct spot s;
	int got;

	if ((got = locate(d, name, fd, &s)) != 1)
		return got;	/* who is to write it will say why not */
	if ((other = find_used(u, &s)) != NULL) {
		free(s.name);
		return fail_same(d, name, other);
	}
	u->list = xrealloc(u->list, u->n + 1, sizeof(*u->list));
	u->list[u->n++] = (struct used){ name, s };
	u->folders |= s.folder;
	return 0;
}

/* a file that is read must be none of those that are written; 0 or -1 */
static int
check_read(struct diag *d, const struct uses *u, const char *name, int fd)
{
	const char *other = NULL;
	struct spot s;
	int got;

	if ((got = locate(d, name, fd, &s)) == 1)
		other = find_used(u, &s);
	free(s.name);
	if (got != -1 && other == NULL && u->folders)
		other = find_around(u, fd == -1 ? name : PROC_STDIN);
	if (got == -1 || other == NULL)
		return got == -1 ? -1 : 0;
	return fail_same(d, other, name);
}

/* what is written beside the stream must have a name */
static int
check_name(struct diag *d, const char *name)
{
	struct place at = { .input = name, .offset = DIAG_NOWHERE };

	return strcmp(name, "-") != 0 ? 0 : diag_fail(d, STATUS_USAGE, &at,
	    "expected the name of a file; standard output is for the stream");
}

/* whether a file can be made, or replaced; what is no file: written to */
static int
may_write(const char *name)
{
	struct stat st;
	char *folder;
	int rc, there = stat(name, &st) == 0;

	if (there && S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		return -1;
	}
	if (there && access(name, W_OK) == -1)
		return -1;
	if (there && !S_ISREG(st.st_mode))
		return 0;
	folder = folder_of(name);
	rc = access(folder, W_OK | X_OK);
	free(folder);
	return rc;
}

/* it is not made yet: without success nothing is to be left of it */
static int
try_write(struct diag *d, const char *name)
{
	struct place at = { .input = name, .offset = DIAG_NOWHERE };

	return may_write(name) == -1 ? diag_fail(d, STATUS_IO, &at,
	    "cannot write: %s", strerror(errno)) : 0;
}

/* standard input can be read once only */
static int
check_stdin(struct diag *d, const char *const *reads, size_t n)
{
	size_t i, times = 0;

	for (i = 0; i < n; i++)
		times += reads[i] != NULL && strcmp(reads[i], "-") == 0;
	return times < 2 ? 0 : diag_fail(d, STATUS_USAGE, NULL, "standard "
	    "input is to be read %zu times; expected the name of a file for "
	    "all but one", times);
}

/* all that is written */
static int
add_all(struct diag *d, struct uses *u, const char *const *writes, size_t n,
    const char *output)
{
	size_t i;

	if (add_written(d, u, "standard output", STDOUT_FILENO) == -1)
		return -1;
	for (i = 0; i <= n; i++) {
		const char *name = i < n ? writes[i] : output;

		if (name != NULL && (check_name(d, name) == -1 ||
		    add_written(d, u, name, -1) == -1))
			return -1;
	}
	return 0;
}

int
files_check(struct diag *d, const char *const *reads, size_t nreads,
    const char *const *writes, size_t nwrites, const char *output)
{
	struct uses u = {0};
	size_t i;
	int rc;

	if (check_stdin(d, reads, nreads) == -1)
		return -1;
	rc = add_all(d, &u, writes, nwrites, output);
	if (rc == 0)
		rc = check_read(d, &u, "standard input", STDIN_FILENO);
	for (i = 0; rc == 0 && i < nreads; i++) {
		if (reads[i] != NULL && strcmp(reads[i], "-") != 0)
			rc = check_read(d, &u, reads[i], -1);
	}
	for (i = 0; rc == 0 && i < nwrites; i++) {
		if (writes[i] != NULL)
			rc = try_write(d, writes[i]);
	}
	for (i = 0; i < u.n; i++)
		free(u.list[i].spot.name);
	free(u.list);
	return rc;
}
