/* SPDX-License-Identifier: ISC */
/*
 * Files that have no name.
 */
#include "base/tempfile.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/diag.h"

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
