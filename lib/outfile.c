/* SPDX-License-Identifier: ISC */
/*
 * A file that is there whole or not at all.
 */
#include "outfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buf.h"
#include "diag.h"

static int
fail(struct outfile *o, const char *doing)
{
	struct place at = { .input = o->path, .offset = DIAG_NOWHERE };

	return diag_fail(o->diag, STATUS_IO, &at, "cannot %s: %s", doing,
	    strerror(errno));
}

static int
exists(struct outfile *o)
{
	struct place at = { .input = o->path, .offset = DIAG_NOWHERE };

	return diag_fail(o->diag, STATUS_USAGE, &at, "exists already; -f "
	    "replaces it");
}

/* the directory that the file stands in; to be freed */
static char *
directory(const char *path)
{
	const char *slash;

	if ((slash = strrchr(path, '/')) == NULL)
		return xstrdup(".");
	return xstrndup(path, slash == path ? 1 : (size_t)(slash - path));
}

/* a temporary name beside the file's own; to be freed */
static char *
temporary_name(const char *path, unsigned try)
{
	struct buf b = {0};
	char *dir;

	dir = directory(path);
	buf_printf(&b, "%s/.pkg-pack.%ld.%u", dir, (long)getpid(), try);
	free(dir);
	return buf_str(&b);
}

/* a nameless file, else one with a temporary name */
static int
open_temporary(struct outfile *o)
{
	char *dir;

	dir = directory(o->path);
	o->fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
	free(dir);
	if (o->fd != -1)
		return 0;
	o->temporary = temporary_name(o->path, 0);
	o->fd = open(o->temporary, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC, 0666);
	if (o->fd != -1)
		return 0;
	free(o->temporary);
	o->temporary = NULL;
	return fail(o, "create");
}

int
outfile_open(struct outfile *o, struct diag *d, const char *path, int force)
{
	struct stat st;

	*o = (struct outfile){ .diag = d, .path = path, .fd = -1,
	    .force = force };
	if (stat(path, &st) == 0) {
		if (S_ISDIR(st.st_mode)) {
			errno = EISDIR;
			return fail(o, "write a zip (a directory's name ends "
			    "in /)");
		}
		o->direct = !S_ISREG(st.st_mode);
		if (!o->direct && !force)
			return exists(o);
	}
	if (!o->direct)
		return open_temporary(o);
	o->fd = open(path, O_WRONLY | O_CLOEXEC);
	return o->fd == -1 ? fail(o, "open") : 0;
}

/* give a nameless file a name: the temporary one first, if it must replace */
static int
link_nameless(struct outfile *o)
{
	char self[64];
	char *name;
	int rc, try;

	snprintf(self, sizeof(self), "/proc/self/fd/%d", o->fd);
	if (!o->force)
		return linkat(AT_FDCWD, self, AT_FDCWD, o->path,
		    AT_SYMLINK_FOLLOW);
	for (rc = -1, try = 0; rc == -1 && try < 100; try++) {
		name = temporary_name(o->path, (unsigned)try);
		rc = linkat(AT_FDCWD, self, AT_FDCWD, name, AT_SYMLINK_FOLLOW);
		if (rc == 0)
			o->temporary = name;
		else
			free(name);
		if (rc == -1 && errno != EEXIST)
			break;
	}
	return rc;
}

int
outfile_commit(struct outfile *o)
{
	if (diag_failed(o->diag) == -1)
		return -1;
	if (o->direct)
		return 0;
	if (fsync(o->fd) == -1)
		return fail(o, "sync");
	if (o->temporary == NULL && link_nameless(o) == -1)
		return errno == EEXIST ? exists(o) : fail(o, "name");
	if (o->temporary != NULL) {
		if (o->force ? rename(o->temporary, o->path) == -1 :
		    renameat2(AT_FDCWD, o->temporary, AT_FDCWD, o->path,
		    RENAME_NOREPLACE) == -1)
			return errno == EEXIST ? exists(o) : fail(o, "name");
		free(o->temporary);
		o->temporary = NULL;
	}
	return 0;
}

void
outfile_close(struct outfile *o)
{
	if (o->fd != -1)
		close(o->fd);
	if (o->temporary != NULL)
		unlink(o->temporary);
	free(o->temporary);
	*o = (struct outfile){ .fd = -1 };
}
