/* SPDX-License-Identifier: ISC */
/*
 * Reading and writing a descriptor.
 */
#include "base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

#include "base/buf.h"

/* what a pipe is to hold: the most that the system lets anyone have */
#define PIPE (1 << 20)

/* what of a whole file is read at once */
#define BLOCK ((size_t)1 << 16)

long
fd_read(int fd, void *to, size_t n)
{
	ssize_t got;

	do
		got = read(fd, to, n);
	while (got == -1 && errno == EINTR);
	return got;
}

long
fd_read_all(int fd, void *to, size_t n)
{
	size_t done = 0;
	long got;

	while (done < n) {
		if ((got = fd_read(fd, (char *)to + done, n - done)) == -1)
			return -1;
		if (got == 0)
			break;
		done += (size_t)got;
	}
	return (long)done;
}

long
fd_read_at(int fd, void *to, size_t n, uint64_t from)
{
	size_t done = 0;
	ssize_t got;

	while (done < n) {
		got = pread(fd, (char *)to + done, n - done,
		    (off_t)(from + done));
		if (got == -1 && errno == EINTR)
			continue;
		if (got == -1)
			return -1;
		if (got == 0)
			break;
		done += (size_t)got;
	}
	return (long)done;
}

int
fd_read_file(const char *path, size_t most, struct buf *b)
{
	int fd = strcmp(path, "-") == 0 ? STDIN_FILENO : open(path, O_RDONLY |
	    O_CLOEXEC), error;
	long n = fd == -1 ? -1 : 1;

	while (n > 0 && b->len <= most) {
		n = fd_read(fd, buf_room(b, BLOCK), BLOCK);
		b->len += n > 0 ? (size_t)n : 0;
	}
	error = errno;
	if (fd > STDIN_FILENO)
		close(fd);
	errno = error;
	return n == -1 ? -1 : 0;
}

int
fd_write(int fd, const void *bytes, size_t n)
{
	const char *p = bytes;
	ssize_t done;

	while (n > 0) {
		if ((done = write(fd, p, n)) == -1) {
			if (errno == EINTR)
				continue;
			return -1;
		}
		p += done;
		n -= (size_t)done;
	}
	return 0;
}

void
fd_widen(int fd)
{
	(void)fcntl(fd, F_SETPIPE_SZ, PIPE);
}
