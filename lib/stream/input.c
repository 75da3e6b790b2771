/* SPDX-License-Identifier: ISC */
/*
 * The descriptor that a stream is read from.
 */
#include "stream/input.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/fd.h"
#include "base/foreign.h"
#include "base/progress.h"

/* so many bytes show what an input is ... */
#define HEAD ((size_t)512)

/* ... but a first line that names itself late, as jq -S writes it */
#define LATE_HEAD ((size_t)1 << 16)

/* the exit status of a child that could not run the program */
#define NOT_RUN 127

/* how much the feeding process moves at once */
#define BLOCK ((size_t)1 << 16)

static int
fail(const struct input *in, enum status status, const char *what)
{
	struct place at = { .input = in->file, .offset = DIAG_NOWHERE };

	return diag_fail(in->diag, status, &at, "%s", what);
}

/* ---- what it is */

static int
begins(const char *p, size_t n, const char *text)
{
	return n >= strlen(text) && memcmp(p, text, strlen(text)) == 0;
}

/* where JSON begins: the first byte that is no white space; NULL: none */
static const char *
json_start(const struct buf *b)
{
	size_t blanks = foreign_blanks(b->ptr, b->len);

	return blanks < b->len ? b->ptr + blanks : NULL;
}

/* whether it is JSON that does not show yet whether it is a stream */
static int
is_open(const struct buf *b)
{
	const char *p = json_start(b);

	return p != NULL && *p == '{' &&
	    memmem(b->ptr, b->len, "\"@stream\"", 9) == NULL &&
	    memchr(p, '\n', b->len - (size_t)(p - b->ptr)) == NULL;
}

/* whether these are the first bytes of a package, not of a stream */
static int
is_package(const struct buf *b)
{
	const char *p;

	if (foreign_is_zip(b->ptr, b->len))
		return 1;
	return (p = json_start(b)) != NULL && (*p == '{' || *p == '[') &&
	    !begins(b->ptr, b->len, "{\"kind\":") &&
	    memmem(b->ptr, b->len, "\"@stream\"", 9) == NULL;
}

/* the first bytes of what can be read once only are kept; 0 or -1 */
static int
read_head(struct input *in)
{
	size_t most = HEAD;
	long n = 1;

	while (n > 0 && in->head.len < most) {
		n = fd_read(in->fd, buf_room(&in->head, HEAD), HEAD);
		if (n == -1)
			return fail(in, STATUS_IO, strerror(errno));
		in->head.len += (size_t)n;
		in->ended = n == 0;
		if (in->head.len >= most && is_open(&in->head))
			most = LATE_HEAD;
	}
	return 0;
}

/* the first bytes of a file, which stay to be read; 0 or -1 */
static int
look_at(const struct input *in, uint64_t from, struct buf *head)
{
	size_t most = HEAD;
	long n;

	for (;;) {
		head->len = 0;
		n = fd_read_at(in->fd, buf_room(head, most), most, from);
		if (n == -1)
			return fail(in, STATUS_IO, strerror(errno));
		head->len = (size_t)n;
		if (head->len < most || most == LATE_HEAD || !is_open(head))
			return 0;
		most = LATE_HEAD;
	}
}

/* whether a file that can be read again is a package: 1, 0, or -1 */
static int
is_package_at(const struct input *in, uint64_t from)
{
	struct buf head = {0};
	int rc = look_at(in, from, &head);

	if (rc == 0)
		rc = is_package(&head);
	buf_free(&head);
	return rc;
}

/* ---- pkg-unpack(1) */

/* in the child: become pkg-unpack, of the folder this program is in */
static void
run_unpack(const struct input *in)
{
	const struct input_options *o = &in->options;
	char path[PATH_MAX], component[32], depth[32];
	const char *argv[12];
	ssize_t n;
	size_t i = 0;

	(void)snprintf(component, sizeof(component), "--max-component=%"
	    PRIu64, o->max_component);
	(void)snprintf(depth, sizeof(depth), "--max-depth=%u", o->max_depth);
	argv[i++] = "pkg-unpack";
	argv[i++] = component;
	argv[i++] = depth;
	if (in->diag->quiet)
		argv[i++] = "-q";
	if (o->map != NULL) {
		argv[i++] = "--map";
		argv[i++] = o->map;
	}
	argv[i++] = "--";
	if (in->file != NULL && in->feed == 0)
		argv[i++] = in->file;
	argv[i] = NULL;
	n = readlink("/proc/self/exe", path, sizeof(path) - sizeof(
	    "pkg-unpack"));
	while (n > 0 && path[n - 1] != '/')
		n--;
	if (n > 0) {
		memcpy(path + n, "pkg-unpack", sizeof("pkg-unpack"));
		(void)execv(path, (char *const *)argv);
	}
	(void)execvp("pkg-unpack", (char *const *)argv);
	_exit(NOT_RUN);
}

/* in the child: what was read of a pipe, and the rest of it */
static void
feed(const struct input *in, int to)
{
	struct buf b = {0};
	long n = 1;
	int rc = fd_write(to, in->head.ptr, in->head.len);

	while (rc == 0 && n > 0 && !in->ended) {
		n = fd_read(in->fd, buf_room(&b, BLOCK), BLOCK);
		rc = n == -1 ? -1 : fd_write(to, b.ptr, (size_t)n);
	}
	_exit(rc == 0 || errno == EPIPE ? 0 : STATUS_IO);
}

/*
 * A child that reads from and writes to these descriptors; if it feeds another,
 * from is the input itself.  The ends that are others' close as it becomes
 * another program; who feeds ends by that other's end.
 */
static int
start(struct input *in, pid_t *pid, int from, int to)
{
	if ((*pid = fork()) == -1) {
		*pid = 0;
		return fail(in, STATUS_IO, "cannot start pkg-unpack(1)");
	}
	if (*pid > 0)
		return 0;
	(void)signal(SIGPIPE, SIG_DFL);
	if (pid == &in->feed)
		feed(in, to);
	if ((from == STDIN_FILENO || dup2(from, STDIN_FILENO) != -1) &&
	    dup2(to, STDOUT_FILENO) != -1)
		run_unpack(in);
	_exit(NOT_RUN);
}

/* two ends that no other program is to have: 0 or -1 */
static int
open_pipe(const struct input *in, int ends[2])
{
	if (pipe2(ends, O_CLOEXEC) == -1)
		return fail(in, STATUS_IO, strerror(errno));
	return 0;
}

/* what comes through a pipe: from its head on, through another; 0 or -1 */
static int
start_feed(struct input *in, int *from)
{
	int ends[2], rc;

	if (open_pipe(in, ends) == -1)
		return -1;
	rc = start(in, &in->feed, in->fd, ends[1]);
	close(ends[1]);
	*from = ends[0];
	return rc;
}

/* read the package through pkg-unpack(1) from here on; 0 or -1 */
static int
start_unpack(struct input *in)
{
	int ends[2], from = in->fd, rc = 0;

	if (in->head.len > 0)
		rc = start_feed(in, &from);
	if (rc == -1 || open_pipe(in, ends) == -1)
		return -1;
	rc = start(in, &in->unpack, from, ends[1]);
	close(ends[1]);
	if (from != in->fd)
		close(from);
	if (in->own)
		close(in->fd);
	in->fd = ends[0];
	in->own = 1;
	in->head.len = 0;
	in->ended = 0;
	return rc;
}

int
input_open(struct input *in, struct diag *d, const char *file,
    const struct input_options *o)
{
	struct stat st = {0};
	off_t from;
	int is = 0;

	*in = (struct input){ .diag = d, .file = file, .options = *o };
	in->own = file != NULL && o->fd == NULL;
	if (in->own)
		in->fd = open(file, O_RDONLY | O_CLOEXEC);
	else if (o->fd != NULL)
		in->fd = *o->fd;
	if (in->fd == -1)
		return fail(in, STATUS_IO, strerror(errno));
	if (file == NULL && o->fd == NULL)
		progress_wait(d, "a stream or a package");
	if (fstat(in->fd, &st) == 0 && S_ISDIR(st.st_mode))
		return start_unpack(in);
	from = lseek(in->fd, 0, SEEK_CUR);
	if ((in->late = from == -1 || !S_ISREG(st.st_mode)))
		return 0;
	is = is_package_at(in, (uint64_t)from);
	return is == 1 ? start_unpack(in) : is;
}

int
input_begin(struct input *in)
{
	in->late = 0;
	if (read_head(in) == -1)
		return -1;
	return is_package(&in->head) ? start_unpack(in) : 0;
}

/* wait for a child: its exit status, or -1 if a signal ended it */
static int
wait_for(pid_t *pid)
{
	int status;
	pid_t got;

	if (*pid == 0)
		return 0;
	do
		got = waitpid(*pid, &status, 0);
	while (got == -1 && errno == EINTR);
	*pid = 0;
	return got != -1 && WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int
input_finish(struct input *in)
{
	int fed, status = wait_for(&in->unpack);

	if (status > 0 && status < NOT_RUN)
		return fail(in, (enum status)status, "expected a stream or a "
		    "package; what pkg-unpack(1) found wrong stands above");
	if (status == NOT_RUN)
		return fail(in, STATUS_IO, "found a package; pkg-unpack(1), "
		    "which makes a stream of it, is neither beside this "
		    "program nor in PATH");
	fed = wait_for(&in->feed);
	return status == 0 && fed == 0 ? 0 : fail(in, STATUS_IO,
	    "pkg-unpack(1) ended in the middle of "
	    "it");
}

void
input_close(struct input *in)
{
	if (in->own && in->fd != -1)
		close(in->fd);
	if (in->unpack > 0)
		(void)kill(in->unpack, SIGTERM);
	(void)wait_for(&in->unpack);
	if (in->feed > 0)
		(void)kill(in->feed, SIGTERM);
	(void)wait_for(&in->feed);
	buf_free(&in->head);
}
