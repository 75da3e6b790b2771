/* SPDX-License-Identifier: ISC */
/*
 * zipcheck FILE: check it and print its members, one a line: name, mode, time,
 * sizes; exits with the status that the check leads to.
 */
#include "package/zipcheck.h"

#include <err.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <unistd.h>

#include "base/diag.h"

/* where the descriptor stands, to see that the check leaves it there */
#define POSITION 7

static void
print(struct zipcheck *z)
{
	struct zipcheck_member m;
	int got;

	while ((got = zipcheck_next(z, &m)) == 1)
		printf("%s %o %" PRId64 " %" PRIu64 " %" PRIu64 "\n", m.name,
		    m.mode, m.mtime, m.size, m.packed);
	if (got == -1)
		errx(STATUS_FINDING, "a good zip turned bad");
}

int
main(int argc, char *argv[])
{
	struct diag diag = { .program = "zipcheck" };
	struct zipcheck *z;
	int fd;

	if (argc != 2) {
		fputs("usage: zipcheck FILE\n", stderr);
		return STATUS_USAGE;
	}
	if ((fd = open(argv[1], O_RDONLY | O_CLOEXEC)) == -1)
		err(STATUS_IO, "%s", argv[1]);
	if (lseek(fd, POSITION, SEEK_SET) == -1)
		err(STATUS_IO, "%s", argv[1]);
	z = zipcheck_open(&diag, argv[1], fd);
	if ((z != NULL) != (diag.status == STATUS_DONE))
		errx(STATUS_FINDING, "it does not fit status %d",
		    (int)diag.status);
	if (z != NULL)
		print(z);
	if (lseek(fd, 0, SEEK_CUR) != POSITION)
		errx(STATUS_FINDING, "the position was moved");
	zipcheck_close(z);
	close(fd);
	return (int)diag.status;
}
