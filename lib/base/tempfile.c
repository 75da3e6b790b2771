/* SPDX-License-Identifier: ISC */
/*
 * Files that have no name.
 */
#include "base/tempfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/fd.h"

/* what is copied at once */
#define PART ((size_t)1 << 16)

static const char *
directory(void)
{
	const char *dir;

	dir = getenv("TMPDIR");
	return dir != NULL && *dir != '\0' ? dir : "/var/tmp";
}

int
tempfile_fail(struct diag *d, const char *doing)
{
	int full = errno == ENOSPC || errno == EDQUOT || errno == EFBIG;

	return diag_fail(d, STATUS_IO, NULL, "temporary file in %s: cannot "
	    "%s: %s (set TMPDIR to a directory %s)", directory(), doing,
	    strerror(errno), full ? "with more room" :
	    "that can be written to");
}

/* a file that has a name for a moment: where it keeps it, that is an error */
static int
open_named(struct diag *d)
{
	struct place at = { .offset = DIAG_NOWHERE };
	struct buf path = {0};
	int fd;

	buf_printf(&path, "%s/pkg-XXXXXX", directory());
	at.input = buf_str(&path);
	if ((fd = mkostemp(path.ptr, O_CLOEXEC)) == -1) {
		tempfile_fail(d, "open");
	} else if (unlink(path.ptr) == -1) {
		diag_fail(d, STATUS_IO, &at, "cannot remove: %s",
		    strerror(errno));
		close(fd);
		fd = -1;
	}
	buf_free(&path);
	return fd;
}

int
tempfile_open(struct diag *d)
{
	int fd;

	fd = open(directory(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
	return fd == -1 ? open_named(d) : fd;
}

int
tempfile_open_little(struct diag *d)
{
	int fd = memfd_create("pkg-tools", MFD_CLOEXEC);

	return fd == -1 ? tempfile_open(d) : fd;
}

/* all of a file behind what stands in another; 0, or -1 and errno */
static int
copy_all(int from, int to)
{
	char part[PART];
	uint64_t at;
	long got;

	for (at = 0; (got = fd_read_at(from, part, PART, at)) > 0;
	    at += (uint64_t)got) {
		if (fd_write(to, part, (size_t)got) == -1)
			return -1;
	}
	return (int)got;
}

int
tempfile_move(struct diag *d, int fd)
{
	int to = tempfile_open(d), rc;

	if (to == -1)
		return -1;
	if ((rc = copy_all(fd, to)) == -1)
		tempfile_fail(d, "write");
	else if ((rc = dup3(to, fd, O_CLOEXEC)) == -1)
		tempfile_fail(d, "open");
	close(to);
	return rc == -1 ? -1 : 0;
}
