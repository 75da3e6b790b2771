/* SPDX-License-Identifier: ISC */
/*
 * What must not be left behind.
 *
 * A signal's handler may call little of the C library, and where memory ends
 * there is none: directories are read by the system's call into the stack.
 */
#include "base/leftover.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

/* so many are there at once: a package, and a file beside it */
#define MOST 4

/* what the system's call gives, of linux/dirent.h */
struct entry {
	uint64_t ino;
	int64_t next;
	unsigned short len;
	unsigned char type;
	char name[];
};

/* the one thing in lib/ that is no argument: a handler has none */
static const char *volatile paths[MOST];

static const int signals[] = { SIGHUP, SIGINT, SIGPIPE, SIGTERM };
#define SIGNALS (sizeof(signals) / sizeof(*signals))

static int remove_at(int dir, const char *name);

/* remove all that a folder holds; 0 or -1 */
static int
empty(int fd)
{
	char block[4096] __attribute__((aligned(8)));
	const struct entry *e;
	long n, at;
	int failed = 0;

	while ((n = syscall(SYS_getdents64, fd, block, sizeof(block))) > 0) {
		for (at = 0; at < n; at += e->len) {
			e = (const void *)(block + at);
			if (strcmp(e->name, ".") != 0 &&
			    strcmp(e->name, "..") != 0)
				failed |= remove_at(fd, e->name);
		}
	}
	return n == -1 ? -1 : failed;
}

static int
remove_at(int dir, const char *name)
{
	int fd, failed;

	if (unlinkat(dir, name, 0) == 0)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return -1;
	if ((fd = openat(dir, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
	    O_CLOEXEC)) == -1)
		return -1;
	failed = empty(fd);
	close(fd);
	return unlinkat(dir, name, AT_REMOVEDIR) == -1 ? -1 : failed;
}

int
leftover_remove(const char *path)
{
	return remove_at(AT_FDCWD, path);
}

static void
remove_all(void)
{
	size_t i;

	for (i = 0; i < MOST; i++) {
		if (paths[i] != NULL)
			(void)leftover_remove(paths[i]);
		paths[i] = NULL;
	}
}

/* as if there were no handler: who waits for us sees the signal */
static void
on_signal(int number)
{
	remove_all();
	signal(number, SIG_DFL);
	raise(number);
}

static void
block(int how)
{
	int kept = errno;
	sigset_t set;
	size_t i;

	sigemptyset(&set);
	for (i = 0; i < SIGNALS; i++)
		sigaddset(&set, signals[i]);
	sigprocmask(how, &set, NULL);
	errno = kept;
}

/* a signal that the parent has us ignore stays ignored; another tool that this
   process ran before may have undone what it found */
static void
catch(void)
{
	static int done;
	struct sigaction now, ours = { .sa_handler = on_signal };
	size_t i;

	if (!done)
		atexit(remove_all);
	done = 1;
	sigfillset(&ours.sa_mask);
	for (i = 0; i < SIGNALS; i++) {
		if (sigaction(signals[i], NULL, &now) == 0 &&
		    now.sa_handler == SIG_DFL)
			sigaction(signals[i], &ours, NULL);
	}
}

void
leftover_begin(void)
{
	catch();
	block(SIG_BLOCK);
}

void
leftover_add(const char *path)
{
	size_t i;

	for (i = 0; i < MOST && paths[i] != NULL; i++)
		continue;
	if (i < MOST)
		paths[i] = path;
	block(SIG_UNBLOCK);
}

void
leftover_none(void)
{
	block(SIG_UNBLOCK);
}

void
leftover_forget(const char *path)
{
	size_t i;

	for (i = 0; i < MOST; i++) {
		if (paths[i] == path)
			paths[i] = NULL;
	}
}
