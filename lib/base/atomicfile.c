/* SPDX-License-Identifier: ISC */
/*
 * A file that is there whole or not at all.
 */
#include "base/atomicfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/leftover.h"

/* so many temporary names are tried */
#define TRIES 100

static int
fail_doing(struct atomicfile *o, const char *doing)
{
	struct place at = { .input = o->path, .offset = DIAG_NOWHERE };

	return diag_fail(o->diag, STATUS_IO, &at, "cannot %s: %s", doing,
	    strerror(errno));
}

/* what stays is told by the name that it has */
static void
fail_remove(struct atomicfile *o)
{
	struct place at = { .input = o->temporary, .offset = DIAG_NOWHERE };

	diag_fail(o->diag, STATUS_IO, &at, "cannot remove: %s",
	    strerror(errno));
}

static int
exists(struct atomicfile *o)
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

/* a file with a temporary name, in o->temporary; its descriptor or -1 */
static int
open_named(struct atomicfile *o)
{
	unsigned try;
	int fd;

	for (try = 0; try < TRIES; try++) {
		o->temporary = temporary_name(o->target, try);
		leftover_begin();
		fd = open(o->temporary, O_CREAT | O_EXCL | O_RDWR | O_CLOEXEC,
		    0666);
		if (fd != -1) {
			leftover_add(o->temporary);
			return fd;
		}
		leftover_none();
		free(o->temporary);
		o->temporary = NULL;
		if (errno != EEXIST)
			break;
	}
	return -1;
}

/* a nameless file, else one with a temporary name */
static int
open_temporary(struct atomicfile *o)
{
	char *dir;

	dir = directory(o->target);
	o->fd = open(dir, O_TMPFILE | O_RDWR | O_CLOEXEC, 0666);
	free(dir);
	if (o->fd == -1 && (o->fd = open_named(o)) == -1)
		return fail_doing(o, "create");
	return 0;
}

/* what is replaced: through links, and with its permissions */
static int
open_instead(struct atomicfile *o, mode_t mode)
{
	free(o->target);
	if ((o->target = realpath(o->path, NULL)) == NULL)
		return fail_doing(o, "find");
	if (open_temporary(o) == -1)
		return -1;
	return fchmod(o->fd, mode & 0777) == -1 ? fail_doing(o, "create") : 0;
}

/* what has the name decides how it is written */
static int
open_for(struct atomicfile *o)
{
	struct stat st;

	if (stat(o->path, &st) == -1)
		return errno == ENOENT ? open_temporary(o) :
		    fail_doing(o, "find");
	if (S_ISDIR(st.st_mode)) {
		errno = EISDIR;
		return fail_doing(o, "write a file (a directory's name ends "
		    "in /)");
	}
	if (S_ISREG(st.st_mode))
		return o->force ? open_instead(o, st.st_mode) : exists(o);
	o->direct = 1;
	o->fd = open(o->path, O_WRONLY | O_CLOEXEC);
	return o->fd == -1 ? fail_doing(o, "open") : 0;
}

int
atomicfile_open(struct atomicfile *o, struct diag *d, const char *path,
    int force)
{
	*o = (struct atomicfile){ .diag = d, .path = path, .fd = -1,
	    .force = force, .target = xstrdup(path) };
	if (open_for(o) == 0)
		return 0;
	atomicfile_close(o);
	return -1;
}

/* give a nameless file its name, or a temporary one, if it must replace */
static int
link_nameless(struct atomicfile *o)
{
	char self[64];
	char *name;
	unsigned try;
	int rc;

	snprintf(self, sizeof(self), "/proc/self/fd/%d", o->fd);
	rc = linkat(AT_FDCWD, self, AT_FDCWD, o->target, AT_SYMLINK_FOLLOW);
	if (rc == 0 || !o->force || errno != EEXIST)
		return rc;
	for (rc = -1, try = 0; rc == -1 && try < TRIES; try++) {
		name = temporary_name(o->target, try);
		leftover_begin();
		rc = linkat(AT_FDCWD, self, AT_FDCWD, name, AT_SYMLINK_FOLLOW);
		if (rc == 0) {
			o->temporary = name;
			leftover_add(name);
			break;
		}
		leftover_none();
		free(name);
		if (errno != EEXIST)
			break;
	}
	return rc;
}

/* rename from the temporary name; where nothing may be replaced: link(2) */
static int
rename_named(struct atomicfile *o)
{
	if (o->force)
		return rename(o->temporary, o->target);
	if (renameat2(AT_FDCWD, o->temporary, AT_FDCWD, o->target,
	    RENAME_NOREPLACE) == 0)
		return 0;
	/* NFS and others know no flags */
	if ((errno != EINVAL && errno != ENOSYS && errno != EOPNOTSUPP) ||
	    link(o->temporary, o->target) == -1)
		return -1;
	return unlink(o->temporary);
}

/* its name must last, too; some file systems cannot sync a directory */
static int
sync_directory(struct atomicfile *o)
{
	char *dir;
	int fd, rc = -1;

	dir = directory(o->target);
	if ((fd = open(dir, O_RDONLY | O_DIRECTORY | O_CLOEXEC)) != -1) {
		rc = fsync(fd) == -1 && errno != EINVAL ? -1 : 0;
		close(fd);
	}
	free(dir);
	/* a directory that may be written to, but not read */
	return rc == -1 && errno != EACCES ? fail_doing(o, "sync") : 0;
}

/* what is written to directly may fail as late as here */
static int
close_direct(struct atomicfile *o)
{
	int fd = o->fd;

	o->fd = -1;
	return close(fd) == -1 ? fail_doing(o, "write") : 0;
}

int
atomicfile_commit(struct atomicfile *o)
{
	if (diag_failed(o->diag) == -1)
		return -1;
	if (o->direct)
		return close_direct(o);
	if (!o->unsynced && fsync(o->fd) == -1)
		return fail_doing(o, "sync");
	if ((o->temporary == NULL && link_nameless(o) == -1) ||
	    (o->temporary != NULL && rename_named(o) == -1))
		return errno == EEXIST ? exists(o) : fail_doing(o, "name");
	leftover_forget(o->temporary);
	free(o->temporary);
	o->temporary = NULL;
	return o->unsynced ? 0 : sync_directory(o);
}

void
atomicfile_close(struct atomicfile *o)
{
	if (o->fd != -1)
		close(o->fd);
	if (o->temporary != NULL && unlink(o->temporary) == -1)
		fail_remove(o);
	leftover_forget(o->temporary);
	free(o->temporary);
	free(o->target);
	*o = (struct atomicfile){ .fd = -1 };
}
