/* SPDX-License-Identifier: ISC */
/*
 * Processes that run tools.
 *
 * Each has a socket, by which it gets its tasks: the length of the words, with
 * the three descriptors, then the words.  All tell through one pipe which of
 * them has ended its task, and how.  A worker whose socket is closed ends.
 */
#include "cmd/worker.h"

#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/fd.h"
#include "cmd/tools.h"

/* KiB: a worker that had more gives it back by ending */
#define GROWN (64 << 10)

/* standard input, output and error */
#define STANDARD 3

struct worker {
	pid_t pid;
	int fd;			/* of its socket */
	int busy;
};

struct workers {
	struct worker *all;
	size_t n;
	int ends[2];		/* of the pipe */
};

/* what a worker tells */
struct ended {
	pid_t pid;
	int code;
};

/* the descriptors that go with a message, and room for them */
struct passed {
	struct msghdr message;
	struct iovec part;
	size_t n;		/* bytes of words that follow */
	_Alignas(struct cmsghdr) char room[CMSG_SPACE(STANDARD * sizeof(int))];
};

static void
prepare(struct passed *p)
{
	p->part = (struct iovec){ &p->n, sizeof(p->n) };
	p->message = (struct msghdr){ .msg_iov = &p->part, .msg_iovlen = 1,
	    .msg_control = p->room, .msg_controllen = sizeof(p->room) };
}

/* ------------------------------------------------------------ in the worker */

/* the next task: its words and descriptors; 0: there is none */
static int
receive(int fd, struct buf *words, int fds[STANDARD])
{
	struct passed p = {0};
	struct cmsghdr *c;

	prepare(&p);
	if (recvmsg(fd, &p.message, MSG_CMSG_CLOEXEC) != (ssize_t)sizeof(p.n) ||
	    (c = CMSG_FIRSTHDR(&p.message)) == NULL)
		return 0;
	memcpy(fds, CMSG_DATA(c), STANDARD * sizeof(int));
	words->len = 0;
	buf_room(words, p.n);
	words->len = p.n;
	return fd_read_all(fd, words->ptr, p.n) == (long)p.n;
}

/* words that end with a NUL each, as an array; yours to free */
static char **
split(struct buf *words, int *n)
{
	char **argv = NULL, *p;

	*n = 0;
	for (p = words->ptr; p < words->ptr + words->len; p += strlen(p) + 1) {
		argv = xrealloc(argv, (size_t)*n + 2, sizeof(*argv));
		argv[(*n)++] = p;
		argv[*n] = NULL;
	}
	return argv;
}

/* the most memory that is told is that of the next task */
static void
forget_peak(void)
{
	int fd = open("/proc/self/clear_refs", O_WRONLY | O_CLOEXEC);

	if (fd == -1)
		return;
	(void)fd_write(fd, "5", 1);
	close(fd);
}

static int
has_grown(void)
{
	struct rusage r;

	return getrusage(RUSAGE_SELF, &r) == 0 && r.ru_maxrss > GROWN;
}

/* the first word is the program to be run, or empty: a tool is */
static int
do_task(struct buf *words)
{
	int n, code;
	char **argv = split(words, &n);

	if (*argv[0] != '\0') {
		execv(argv[0], argv + 1);
		fprintf(stderr, "%s: %s\n", argv[0], strerror(errno));
		_exit(errno == ENOENT ? 127 : 126);
	}
	forget_peak();
	optind = 0;
	program_invocation_short_name = argv[1];
	code = tools_find(argv[1])->run(n - 1, argv + 1);
	free(argv);
	return code;
}

/* tasks until there are no more; between them nothing is held open */
static void __attribute__((noreturn))
serve(int fd, int tell)
{
	struct ended e = { .pid = getpid() };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC), fds[STANDARD], i;
	struct buf words = {0};

	while (null != -1 && receive(fd, &words, fds)) {
		for (i = 0; i < STANDARD; i++) {
			if (dup2(fds[i], i) == -1)
				_exit(STATUS_IO);
			close(fds[i]);
		}
		e.code = do_task(&words);
		fflush(stderr);
		for (i = 0; i < STANDARD; i++)
			(void)dup2(null, i);
		if (has_grown())
			exit(e.code);
		if (fd_write(tell, &e, sizeof(e)) == -1)
			break;
	}
	buf_free(&words);
	exit(STATUS_IO);
}

/* ------------------------------------------------------------ in the parent */

/* each has a descriptor here: there may be as many as may be at all */
static void
raise_limit(void)
{
	struct rlimit r;

	if (getrlimit(RLIMIT_NOFILE, &r) == -1)
		return;
	r.rlim_cur = r.rlim_max;
	(void)setrlimit(RLIMIT_NOFILE, &r);
}

struct workers *
workers_open(void)
{
	struct workers *w = xcalloc(1, sizeof(*w));

	raise_limit();
	if (pipe2(w->ends, O_CLOEXEC) == 0)
		return w;
	free(w);
	return NULL;
}

static void
drop(struct workers *w, struct worker *one)
{
	close(one->fd);
	*one = w->all[--w->n];
}

void
workers_stop(struct workers *w)
{
	while (w != NULL && w->n > 0)
		drop(w, w->all);
}

void
workers_close(struct workers *w)
{
	if (w == NULL)
		return;
	workers_stop(w);
	while (waitpid(-1, NULL, 0) > 0)
		continue;
	close(w->ends[0]);
	close(w->ends[1]);
	free(w->all);
	free(w);
}

/* in a child: only its own descriptors, no signals of the parent's */
static void
leave_parent(const struct workers *w, const struct task *t)
{
	sigset_t none;
	size_t i;

	(void)setpgid(0, 0);
	signal(SIGPIPE, SIG_DFL);
	sigemptyset(&none);
	sigprocmask(SIG_SETMASK, &none, NULL);
	for (i = 0; i < w->n; i++)
		close(w->all[i].fd);
	close(w->ends[0]);
	close(t->in);
	close(t->out);
	close(t->err);
	if (t->other != -1)
		close(t->other);
}

/* one more, or NULL and errno */
static struct worker *
add(struct workers *w, const struct task *t)
{
	int fds[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, fds) == -1)
		return NULL;
	if ((pid = fork()) == 0) {
		leave_parent(w, t);
		close(fds[0]);
		serve(fds[1], w->ends[1]);
	}
	close(fds[1]);
	if (pid == -1) {
		close(fds[0]);
		return NULL;
	}
	(void)setpgid(pid, pid);
	w->all = xrealloc(w->all, w->n + 1, sizeof(*w->all));
	w->all[w->n] = (struct worker){ .pid = pid, .fd = fds[0] };
	return &w->all[w->n++];
}

static int
give(const struct worker *one, const struct task *t)
{
	const int fds[STANDARD] = { t->in, t->out, t->err };
	const char *program = t->program != NULL ? t->program : "";
	struct passed p = {0};
	struct cmsghdr *c;
	struct buf b = {0};
	int i, rc;

	buf_add(&b, program, strlen(program) + 1);
	for (i = 0; t->argv[i] != NULL; i++)
		buf_add(&b, t->argv[i], strlen(t->argv[i]) + 1);
	p.n = b.len;
	prepare(&p);
	c = CMSG_FIRSTHDR(&p.message);
	c->cmsg_level = SOL_SOCKET;
	c->cmsg_type = SCM_RIGHTS;
	c->cmsg_len = CMSG_LEN(sizeof(fds));
	memcpy(CMSG_DATA(c), fds, sizeof(fds));
	rc = sendmsg(one->fd, &p.message, MSG_NOSIGNAL) ==
	    (ssize_t)sizeof(p.n) ? fd_write(one->fd, b.ptr, b.len) : -1;
	buf_free(&b);
	return rc;
}

static struct worker *
find_idle(const struct workers *w)
{
	size_t i;

	for (i = 0; i < w->n; i++) {
		if (!w->all[i].busy)
			return &w->all[i];
	}
	return NULL;
}

pid_t
workers_run(struct workers *w, const struct task *t)
{
	struct worker *one;

	/* who cannot be given a task has died meanwhile */
	while ((one = find_idle(w)) != NULL && give(one, t) == -1)
		drop(w, one);
	if (one == NULL) {
		if ((one = add(w, t)) == NULL)
			return -1;
		if (give(one, t) == -1) {
			drop(w, one);
			return -1;
		}
	}
	one->busy = 1;
	return one->pid;
}

static struct worker *
find(const struct workers *w, pid_t pid)
{
	size_t i;

	for (i = 0; i < w->n; i++) {
		if (w->all[i].pid == pid)
			return &w->all[i];
	}
	return NULL;
}

/* what a worker tells */
static int
is_told(struct workers *w, pid_t *pid, int *code)
{
	struct pollfd told = { .fd = w->ends[0], .events = POLLIN };
	struct worker *one = NULL;
	struct ended e;

	while (one == NULL) {
		if (poll(&told, 1, 0) != 1 ||
		    fd_read_all(told.fd, &e, sizeof(e)) != (long)sizeof(e))
			return 0;
		one = find(w, e.pid);
	}
	one->busy = 0;
	*pid = e.pid;
	*code = e.code;
	return 1;
}

int
workers_took(struct workers *w, pid_t *pid, int *code)
{
	struct worker *one;
	int status, busy = 0;

	if (is_told(w, pid, code))
		return 1;
	while (!busy && (*pid = waitpid(-1, &status, WNOHANG)) > 0) {
		if ((one = find(w, *pid)) == NULL)
			continue;
		busy = one->busy;
		*code = WIFSIGNALED(status) ? 128 + WTERMSIG(status) :
		    WEXITSTATUS(status);
		drop(w, one);
	}
	return busy;
}

int
workers_fd(const struct workers *w)
{
	return w->ends[0];
}

void
workers_kill(pid_t pid, int signal)
{
	(void)kill(-pid, signal);
}
