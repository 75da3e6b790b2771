/* SPDX-License-Identifier: ISC */
/*
 * faults: a library for LD_PRELOAD that makes one call of a program fail, or
 * do less than it was asked to, and counts the calls.
 *
 * FAULTS_COUNT=FILE    append the numbers of calls to FILE, as the program
 *                      ends: "name count" a line
 * FAULTS_CALL=NAME     the call that is to fail, as below
 * FAULTS_NTH=N         which of them, from 1
 * FAULTS_ERRNO=NUMBER  with this error; 0: it comes short
 * FAULTS_ON=1          and all such calls after it, too
 * FAULTS_SEED=NUMBER   what getrandom(2) fills memory with
 * FAULTS_PLAIN=1       the file system has no O_TMPFILE, and no flags of
 *                      renameat2(2)
 *
 * Calls count from the beginning of main() to its end.  A call that is not
 * to fail goes straight to the system, so nothing here needs memory.
 */
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum call {
	READ, PREAD, WRITE, COPY, OPEN, MMAP, MREMAP, FALLOCATE, FTRUNCATE,
	LSEEK, FSTAT, FSYNC, RENAME, LINK, UNLINK, MKDIR, CLOSE, MALLOC, CALLS
};

static const char *const names[CALLS] = {
	[READ] = "read", [PREAD] = "pread", [WRITE] = "write",
	[COPY] = "copy", [OPEN] = "open", [MMAP] = "mmap",
	[MREMAP] = "mremap", [FALLOCATE] = "fallocate",
	[FTRUNCATE] = "ftruncate", [LSEEK] = "lseek", [FSTAT] = "fstat",
	[FSYNC] = "fsync", [RENAME] = "rename", [LINK] = "link",
	[UNLINK] = "unlink", [MKDIR] = "mkdir", [CLOSE] = "close",
	[MALLOC] = "malloc",
};

static unsigned long counts[CALLS];
static enum call failing = CALLS;
static unsigned long nth;
static int error, on, plain, counting;
static const char *count_file;

/* whether a plain file system does not know these flags; errno is set then */
static int
is_unknown(int flags, int wanted, int why)
{
	if (!plain || (flags & wanted) != wanted)
		return 0;
	errno = why;
	return 1;
}

/* whether this call is the one; errno is set then */
static int
falls(enum call call)
{
	if (!counting)
		return 0;
	counts[call]++;
	if (call != failing || counts[call] < nth ||
	    (counts[call] > nth && !on))
		return 0;
	errno = error;
	return 1;
}

/* the same of a call that moves bytes: so many, or -1 */
static long
part(enum call call, size_t n)
{
	if (!falls(call))
		return (long)n;
	return error != 0 ? -1 : (long)(n + 1) / 2;
}

static void
tell_counts(void)
{
	char line[64];
	int fd, i, n;

	counting = 0;
	if (count_file == NULL)
		return;
	fd = (int)syscall(SYS_openat, AT_FDCWD, count_file, O_WRONLY |
	    O_CREAT | O_APPEND | O_CLOEXEC, 0666);
	for (i = 0; i < CALLS; i++) {
		n = snprintf(line, sizeof(line), "%s %lu\n", names[i],
		    counts[i]);
		syscall(SYS_write, fd, line, n);
	}
	syscall(SYS_close, fd);
}

static unsigned long
number(const char *name, unsigned long otherwise)
{
	const char *text = getenv(name);

	return text == NULL ? otherwise : strtoul(text, NULL, 10);
}

static int (*program)(int, char **, char **);

static int
counted(int argc, char **argv, char **env)
{
	const char *call = getenv("FAULTS_CALL");
	int i, rc;

	count_file = getenv("FAULTS_COUNT");
	for (i = 0; call != NULL && i < CALLS; i++) {
		if (strcmp(call, names[i]) == 0)
			failing = (enum call)i;
	}
	nth = number("FAULTS_NTH", 1);
	error = (int)number("FAULTS_ERRNO", EIO);
	on = number("FAULTS_ON", 0) != 0;
	plain = number("FAULTS_PLAIN", 0) != 0;
	atexit(tell_counts);
	counting = 1;
	rc = program(argc, argv, env);
	counting = 0;
	return rc;
}

int __libc_start_main(int (*)(int, char **, char **), int, char **,
    void (*)(void), void (*)(void), void (*)(void), void *);

/* what runs main() */
int
__libc_start_main(int (*run)(int, char **, char **), int argc, char **argv,
    void (*init)(void), void (*fini)(void), void (*end)(void), void *stack)
{
	int (*next)(int (*)(int, char **, char **), int, char **,
	    void (*)(void), void (*)(void), void (*)(void), void *);
	void *symbol = dlsym(RTLD_NEXT, "__libc_start_main");

	memcpy(&next, &symbol, sizeof(next));
	program = run;
	return next(counted, argc, argv, init, fini, end, stack);
}

ssize_t
read(int fd, void *p, size_t n)
{
	long some = part(READ, n);

	return some == -1 ? -1 : syscall(SYS_read, fd, p, some);
}

ssize_t
pread(int fd, void *p, size_t n, off_t at)
{
	long some = part(PREAD, n);

	return some == -1 ? -1 : syscall(SYS_pread64, fd, p, some, at);
}

ssize_t
write(int fd, const void *p, size_t n)
{
	long some = part(WRITE, n);

	return some == -1 ? -1 : syscall(SYS_write, fd, p, some);
}

ssize_t
copy_file_range(int in, off_t *from, int out, off_t *to, size_t n,
    unsigned flags)
{
	long some = part(COPY, n);

	return some == -1 ? -1 : syscall(SYS_copy_file_range, in, from, out,
	    to, some, flags);
}

ssize_t
sendfile(int out, int in, off_t *from, size_t n)
{
	long some = part(COPY, n);

	return some == -1 ? -1 : syscall(SYS_sendfile, out, in, from, some);
}

int
openat(int dir, const char *path, int flags, ...)
{
	va_list ap;
	mode_t mode = 0;

	if ((flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE) {
		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		va_end(ap);
	}
	return falls(OPEN) ? -1 :
	    (int)syscall(SYS_openat, dir, path, flags, mode);
}

int
open(const char *path, int flags, ...)
{
	va_list ap;
	mode_t mode = 0;

	if ((flags & O_CREAT) != 0 || (flags & O_TMPFILE) == O_TMPFILE) {
		va_start(ap, flags);
		mode = va_arg(ap, mode_t);
		va_end(ap);
	}
	return falls(OPEN) || is_unknown(flags, O_TMPFILE, EOPNOTSUPP) ? -1 :
	    (int)syscall(SYS_openat, AT_FDCWD, path, flags, mode);
}

/* the kernel's own word of a failure is a small negative number: libc's part */
void *
mmap(void *at, size_t n, int rights, int flags, int fd, off_t from)
{
	return falls(MMAP) ? MAP_FAILED :
	    (void *)syscall(SYS_mmap, at, n, rights, flags, fd, from);
}

void *
mremap(void *p, size_t old, size_t n, int flags, ...)
{
	return falls(MREMAP) ? MAP_FAILED :
	    (void *)syscall(SYS_mremap, p, old, n, flags, NULL);
}

/* this one gives the error back */
int
posix_fallocate(int fd, off_t from, off_t n)
{
	int kept = errno, rc;

	if (falls(FALLOCATE))
		rc = errno;
	else
		rc = syscall(SYS_fallocate, fd, 0, from, n) == -1 ? errno : 0;
	errno = kept;
	return rc;
}

int
ftruncate(int fd, off_t n)
{
	return falls(FTRUNCATE) ? -1 : (int)syscall(SYS_ftruncate, fd, n);
}

off_t
lseek(int fd, off_t to, int from)
{
	return falls(LSEEK) ? -1 : syscall(SYS_lseek, fd, to, from);
}

int
fstat(int fd, struct stat *st)
{
	return falls(FSTAT) ? -1 : fstatat(fd, "", st, AT_EMPTY_PATH);
}

int
fsync(int fd)
{
	return falls(FSYNC) ? -1 : (int)syscall(SYS_fsync, fd);
}

int
rename(const char *from, const char *to)
{
	return falls(RENAME) ? -1 : (int)syscall(SYS_renameat2, AT_FDCWD,
	    from, AT_FDCWD, to, 0);
}

int
renameat(int from_dir, const char *from, int to_dir, const char *to)
{
	return falls(RENAME) ? -1 : (int)syscall(SYS_renameat2, from_dir,
	    from, to_dir, to, 0);
}

int
renameat2(int from_dir, const char *from, int to_dir, const char *to,
    unsigned flags)
{
	return falls(RENAME) || is_unknown((int)flags, RENAME_NOREPLACE,
	    EINVAL) ? -1 : (int)syscall(SYS_renameat2, from_dir, from, to_dir,
	    to, flags);
}

int
link(const char *from, const char *to)
{
	return falls(LINK) ? -1 : (int)syscall(SYS_linkat, AT_FDCWD, from,
	    AT_FDCWD, to, 0);
}

int
linkat(int from_dir, const char *from, int to_dir, const char *to, int flags)
{
	return falls(LINK) ? -1 : (int)syscall(SYS_linkat, from_dir, from,
	    to_dir, to, flags);
}

int
unlink(const char *path)
{
	return falls(UNLINK) ? -1 : (int)syscall(SYS_unlinkat, AT_FDCWD,
	    path, 0);
}

int
unlinkat(int dir, const char *path, int flags)
{
	return falls(UNLINK) ? -1 : (int)syscall(SYS_unlinkat, dir, path,
	    flags);
}

int
mkdirat(int dir, const char *path, mode_t mode)
{
	return falls(MKDIR) ? -1 : (int)syscall(SYS_mkdirat, dir, path, mode);
}

int
mkdir(const char *path, mode_t mode)
{
	return falls(MKDIR) ? -1 : (int)syscall(SYS_mkdirat, AT_FDCWD, path,
	    mode);
}

/* what failed is closed all the same, as Linux has it */
int
close(int fd)
{
	int rc = (int)syscall(SYS_close, fd);

	return falls(CLOSE) ? -1 : rc;
}

ssize_t
getrandom(void *p, size_t n, unsigned flags)
{
	static const char *seed;

	if (seed == NULL)
		seed = getenv("FAULTS_SEED");
	if (seed == NULL)
		return syscall(SYS_getrandom, p, n, flags);
	memset(p, atoi(seed), n);
	return (ssize_t)n;
}

/* a sanitizer has memory of its own */
#ifndef __SANITIZE_ADDRESS__
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);

void *
malloc(size_t n)
{
	return falls(MALLOC) ? NULL : __libc_malloc(n);
}

void *
calloc(size_t n, size_t size)
{
	return falls(MALLOC) ? NULL : __libc_calloc(n, size);
}

void *
realloc(void *p, size_t n)
{
	return falls(MALLOC) ? NULL : __libc_realloc(p, n);
}
#endif

/* large files have names of their own */
ssize_t pread64(int, void *, size_t, off_t) __attribute__((alias("pread")));
int open64(const char *, int, ...) __attribute__((alias("open")));
int openat64(int, const char *, int, ...) __attribute__((alias("openat")));
void *mmap64(void *, size_t, int, int, int, off_t)
    __attribute__((alias("mmap")));
int posix_fallocate64(int, off_t, off_t)
    __attribute__((alias("posix_fallocate")));
int ftruncate64(int, off_t) __attribute__((alias("ftruncate")));
off_t lseek64(int, off_t, int) __attribute__((alias("lseek")));
ssize_t sendfile64(int, int, off_t *, size_t)
    __attribute__((alias("sendfile")));
