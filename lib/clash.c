/* SPDX-License-Identifier: ISC */
/*
 * Files that a run is to write must not be those that it reads.
 */
#include "clash.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "buf.h"
#include "diag.h"

/* a file that the run has to do with */
struct used {
	const char *name;
	dev_t dev;
	ino_t ino;
};

struct uses {
	struct used *list;
	size_t n;
};

/* add one, if it is a file of the disk; NULL: another one has it already */
static const struct used *
add(struct uses *u, const char *name, int fd)
{
	struct stat st;
	size_t i;

	if ((fd == -1 ? stat(name, &st) : fstat(fd, &st)) == -1 ||
	    !S_ISREG(st.st_mode))
		return NULL;
	for (i = 0; i < u->n; i++) {
		if (u->list[i].dev == st.st_dev &&
		    u->list[i].ino == st.st_ino)
			return &u->list[i];
	}
	u->list = xrealloc(u->list, u->n + 1, sizeof(*u->list));
	u->list[u->n++] = (struct used){ name, st.st_dev, st.st_ino };
	return NULL;
}

static int
fail(struct diag *d, const char *name, const struct used *other)
{
	struct place at = { .input = name, .offset = DIAG_NOWHERE };

	return diag_fail(d, STATUS_USAGE, &at, "expected a file of its own to "
	    "write to; %s is the same", other->name);
}

/* whether a file can be written; it is made, but what it has stays */
static int
try_write(struct diag *d, const char *name)
{
	struct place at = { .input = name, .offset = DIAG_NOWHERE };
	int fd;

	if (strcmp(name, "-") == 0)
		return diag_fail(d, STATUS_USAGE, &at, "expected the name of "
		    "a file; standard output is for the stream");
	if ((fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0666)) == -1)
		return diag_fail(d, STATUS_IO, &at, "cannot write: %s",
		    strerror(errno));
	close(fd);
	return 0;
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

static int
check(struct diag *d, struct uses *u, const char *const *reads, size_t nreads,
    const char *const *writes, size_t nwrites)
{
	const struct used *other;
	size_t i;

	(void)add(u, "standard input", STDIN_FILENO);
	for (i = 0; i < nreads; i++) {
		if (reads[i] != NULL && strcmp(reads[i], "-") != 0)
			(void)add(u, reads[i], -1);
	}
	if ((other = add(u, "standard output", STDOUT_FILENO)) != NULL)
		return fail(d, "standard output", other);
	for (i = 0; i < nwrites; i++) {
		if (writes[i] == NULL)
			continue;
		if (try_write(d, writes[i]) == -1)
			return -1;
		if ((other = add(u, writes[i], -1)) != NULL)
			return fail(d, writes[i], other);
	}
	return 0;
}

int
clash(struct diag *d, const char *const *reads, size_t nreads,
    const char *const *writes, size_t nwrites)
{
	struct uses u = {0};
	int rc;

	if (check_stdin(d, reads, nreads) == -1)
		return -1;
	rc = check(d, &u, reads, nreads, writes, nwrites);
	free(u.list);
	return rc;
}
