/* SPDX-License-Identifier: ISC */
/*
 * zipdir FILE: run zipdir_check() on it; exits with the status it leads to.
 */
#include "zipdir.h"

#include <err.h>
#include <fcntl.h>
#include <stdio.h>
#include <unistd.h>

#include "diag.h"

/* where the descriptor stands, to see that the check leaves it there */
#define POSITION 7

int
main(int argc, char *argv[])
{
	struct diag diag = { .program = "zipdir" };
	int fd, rc;

	if (argc != 2) {
		fputs("usage: zipdir FILE\n", stderr);
		return STATUS_USAGE;
	}
	if ((fd = open(argv[1], O_RDONLY | O_CLOEXEC)) == -1)
		err(STATUS_IO, "%s", argv[1]);
	if (lseek(fd, POSITION, SEEK_SET) == -1)
		err(STATUS_IO, "%s", argv[1]);
	rc = zipdir_check(&diag, argv[1], fd);
	if ((rc == 0) != (diag.status == STATUS_DONE))
		errx(STATUS_FINDING, "returned %d with status %d", rc,
		    (int)diag.status);
	if (lseek(fd, 0, SEEK_CUR) != POSITION)
		errx(STATUS_FINDING, "the position was moved");
	close(fd);
	return (int)diag.status;
}
