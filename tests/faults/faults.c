/* SPDX-License-Identifier: ISC */
/*
 * faults: a library for LD_PRELOAD that makes one call of a program fail, or
 * do less than it was asked to, and counts the calls.
 *
 * FAULTS_COUNT=FILE    append the numbers of calls to FILE, as the program
 *                      ends: "name count" a line
 * FAULTS_CALL=NAME     the call that is to fail, as below
 * FAULTS_NTH=N         which of them, from 1
 * FAULTS_ERRNO=NUMBER  with this error; 0: it comes short; -1: the program
 *                      is killed before it; -2: after half of it
 * FAULTS_ON=1          and all such calls after it, too
 * FAULTS_EACH=IN,FD    the calls fail of which IN, a file, has the numbers,
 *                      8 bytes each; each in a child, which has FD, a pipe,
 *                      as its standard output; as long as these end with
 *                      status 4, a message on standard error, a file, and
 *                      nothing else, in FD or a path of FAULTS_WATCH.  After
 *                      the first other one the program ends.  How many did
 *                      well is written to FD at the end, 8 bytes
 * FAULTS_WATCH=PATH:PATH...
 * FAULTS_TRACE=FILE    append to FILE, for each allocation, its call and a
 *                      hash of the calls before it, 8 bytes each
 * FAULTS_SEED=NUMBER   what getrandom(2) fills memory with
 * FAULTS_PLAIN=1       the file system has no O_TMPFILE, and no flags of
 *                      renameat2(2); there is no memfd_create(2)
 *
 * The call "grow" is an allocation by which the program would hold more
 * memory than ever before: what a limit of its memory refuses, for what was
 * freed can be had again.
 *
 * Calls count from the beginning of main() to its end.  A call that is not
 * to fail goes straight to the system, so nothing here needs memory.  What
 * crashes where memory is refused says in which functions.
 */
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/random.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include <dirent.h>
#include <dlfcn.h>
#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <malloc.h>
#include <signal.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum call {
	READ, PREAD, WRITE, COPY, OPEN, MMAP, MREMAP, FALLOCATE, FTRUNCATE,
	LSEEK, FSTAT, STAT, FSYNC, RENAME, LINK, UNLINK, MKDIR, RMDIR, SCANDIR,
	REALPATH, READLINK, ACCESS, FCHMOD, FUTIMENS, FCNTL, GETLINE, FWRITE,
	FFLUSH, CLOSE, THREAD, MALLOC, GROW, CALLS
};

/* what FAULTS_ERRNO says of a program that is killed */
#define KILL	(-1)
#define HALF	(-2)

/* so many functions are told of one that crashes */
#define DEPTH 24

static const char *const names[CALLS] = {
	[READ] = "read", [PREAD] = "pread", [WRITE] = "write",
	[COPY] = "copy", [OPEN] = "open", [MMAP] = "mmap",
	[MREMAP] = "mremap", [FALLOCATE] = "fallocate",
	[FTRUNCATE] = "ftruncate", [LSEEK] = "lseek", [FSTAT] = "fstat",
	[STAT] = "stat", [FSYNC] = "fsync", [RENAME] = "rename",
	[LINK] = "link", [UNLINK] = "unlink", [MKDIR] = "mkdir",
	[RMDIR] = "rmdir", [SCANDIR] = "scandir", [REALPATH] = "realpath",
	[READLINK] = "readlink", [ACCESS] = "access", [FCHMOD] = "fchmod",
	[FUTIMENS] = "futimens", [FCNTL] = "fcntl", [GETLINE] = "getline",
	[FWRITE] = "fwrite", [FFLUSH] = "fflush", [CLOSE] = "close",
	[MALLOC] = "malloc", [GROW] = "grow",
	[THREAD] = "thread",
};

static unsigned long counts[CALLS];
static enum call failing = CALLS;
static unsigned long nth;
static int error, on, plain, counting;
static const char *count_file;
static int each, listed, spare;		/* FAULTS_EACH */
static uint64_t good;			/* so many children did well */
static off_t said;			/* bytes on standard error */
static int printed;			/* the program has begun its output */

/* FAULTS_WATCH: what stands there, and as it was before */
#define PATHS 64
static struct stat was[PATHS];
static char *paths[PATHS];
static int npaths;

/* so many calls and sizes are in a hash of FAULTS_TRACE */
#define WINDOW 256
#define FACTOR UINT64_C(0x9e3779b97f4a7c15)

static int trace_fd = -1;
static uint64_t window[WINDOW], traced, hash, oldest = 1;

/* whether a plain file system does not know these flags; errno is set then */
static int
is_unknown(int flags, int wanted, int why)
{
	if (!plain || (flags & wanted) != wanted)
		return 0;
	errno = why;
	return 1;
}

static void
kill_self(void)
{
	syscall(SYS_kill, (long)getpid(), (long)SIGKILL);
}

/* the child's own places in the files that it shares with its parent */
static void
open_again(void)
{
	char path[64];
	struct stat st;
	int fd, flags, other;

	for (fd = 0; fd < 64; fd++) {
		if (syscall(SYS_fstat, fd, &st) == -1 || !S_ISREG(st.st_mode))
			continue;
		flags = (int)syscall(SYS_fcntl, fd, F_GETFL);
		snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
		other = (int)syscall(SYS_openat, AT_FDCWD, path,
		    flags & (O_ACCMODE | O_APPEND));
		if (other == -1)
			continue;
		syscall(SYS_lseek, other, syscall(SYS_lseek, fd, 0L,
		    SEEK_CUR), SEEK_SET);
		syscall(SYS_dup3, other, fd, O_CLOEXEC);
		syscall(SYS_close, other);
	}
}

/* whether what is watched is as it was: a folder's time tells of names */
static int
is_untouched(void)
{
	struct stat st;
	int i;

	for (i = 0; i < npaths; i++) {
		if (syscall(SYS_newfstatat, AT_FDCWD, paths[i], &st,
		    AT_SYMLINK_NOFOLLOW) == -1 ||
		    st.st_ino != was[i].st_ino ||
		    st.st_size != was[i].st_size ||
		    memcmp(&st.st_mtim, &was[i].st_mtim,
		    sizeof(st.st_mtim)) != 0)
			return 0;
	}
	return 1;
}

/* whether the child that ended so said why, as its last line at least */
static int
has_message(void)
{
	char text[1024], name[64];
	struct stat st;
	long n;

	n = syscall(SYS_pread64, STDERR_FILENO, text + 1, sizeof(text) - 2,
	    said);
	if (n <= 0)
		return 0;
	text[0] = '\n';
	text[n + 1] = '\0';
	if (syscall(SYS_fstat, STDERR_FILENO, &st) == 0)
		said = st.st_size;
	snprintf(name, sizeof(name), "\n%s: ", program_invocation_short_name);
	return strstr(text, name) != NULL;
}

/* whether a child that ended so did well; once there is output, who knows */
static int
is_good(int status)
{
	int n;

	return WIFEXITED(status) && WEXITSTATUS(status) == 4 && !printed &&
	    has_message() && is_untouched() &&
	    syscall(SYS_ioctl, spare, FIONREAD, &n) == 0 && n == 0;
}

/* the end, with the number of those that did well */
static void
tell_good(void)
{
	syscall(SYS_write, spare, &good, sizeof(good));
	kill_self();
}

/* whether this is the child in which this call fails */
static int
is_child(enum call call)
{
	int status;
	long pid;

	pid = syscall(SYS_clone, (long)SIGCHLD, 0L, 0L, 0L, 0L);
	if (pid == 0) {
		open_again();
		syscall(SYS_dup3, spare, STDOUT_FILENO, 0);
		nth = counts[call];
		each = 0;
		return 1;
	}
	syscall(SYS_wait4, pid, &status, 0, NULL);
	if (!is_good(status))
		tell_good();
	good++;
	if (syscall(SYS_read, listed, &nth, sizeof(nth)) != sizeof(nth))
		nth = ~0UL;
	return 0;
}

/* what stands at the paths */
static void
begin_each(const char *fds, const char *watched)
{
	char *path;

	if (fds == NULL || sscanf(fds, "%d,%d", &listed, &spare) != 2)
		return;
	each = 1;
	if (syscall(SYS_read, listed, &nth, sizeof(nth)) != sizeof(nth))
		nth = ~0UL;
	for (path = strtok(strdup(watched), ":"); path != NULL &&
	    npaths < PATHS; path = strtok(NULL, ":")) {
		paths[npaths] = path;
		syscall(SYS_newfstatat, AT_FDCWD, path, &was[npaths++],
		    AT_SYMLINK_NOFOLLOW);
	}
}

static uint64_t asked_size;	/* of the allocation */

/* roll the hash on, and tell it of an allocation */
static void
trace(enum call call)
{
	uint64_t *slot = &window[traced++ % WINDOW], pair[2];

	hash = hash * FACTOR - *slot * oldest;
	*slot = asked_size * CALLS + call;
	hash += *slot;
	asked_size = 0;
	pair[0] = call;
	pair[1] = hash;
	if (call >= MALLOC)
		syscall(SYS_write, trace_fd, pair, sizeof(pair));
}

static void
open_trace(const char *path)
{
	int i;

	if (path == NULL)
		return;
	for (i = 0; i < WINDOW; i++)
		oldest *= FACTOR;
	trace_fd = (int)syscall(SYS_openat, AT_FDCWD, path, O_WRONLY |
	    O_CREAT | O_APPEND | O_CLOEXEC, 0666);
}

/* whether this call is the one; errno is set then */
static int
falls(enum call call)
{
	if (!counting)
		return 0;
	counts[call]++;
	if (trace_fd != -1)
		trace(call);
	if (call != failing || counts[call] < nth)
		return 0;
	if (each ? !is_child(call) : counts[call] > nth && !on)
		return 0;
	if (error == KILL)
		kill_self();
	errno = error;
	return 1;
}

/* the same of a call that moves bytes: so many, or -1 */
static long
part(enum call call, size_t n)
{
	if (!falls(call))
		return (long)n;
	return error > 0 ? -1 : (long)(error == HALF ? n : n + 1) / 2;
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

static void
say(const char *text)
{
	syscall(SYS_write, STDERR_FILENO, text, strlen(text));
}

/* a crash: its functions, or where they are in which library */
static void
tell_crash(int sig)
{
	void *at[DEPTH];
	char place[32];
	Dl_info info;
	int i, n = backtrace(at, DEPTH);

	counting = 0;
	say("faults: crashed in");
	for (i = 2; i < n; i++) {
		if (dladdr(at[i], &info) == 0)
			continue;
		say(" ");
		say(info.dli_sname != NULL ? info.dli_sname :
		    strrchr(info.dli_fname, '/') + 1);
		snprintf(place, sizeof(place), "+0x%lx", (unsigned long)
		    ((char *)at[i] - (char *)(info.dli_sname != NULL ?
		    info.dli_saddr : info.dli_fbase)));
		say(place);
	}
	say("\n");
	signal(sig, SIG_DFL);
}

static void
watch_crash(void)
{
	void *at[1];

	backtrace(at, 1);	/* the first time it loads a library */
	signal(SIGSEGV, tell_crash);
	signal(SIGBUS, tell_crash);
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
	begin_each(getenv("FAULTS_EACH"), getenv("FAULTS_WATCH"));
	if (failing == MALLOC || failing == GROW)
		watch_crash();
	open_trace(getenv("FAULTS_TRACE"));
	atexit(tell_counts);
	counting = 1;
	rc = program(argc, argv, env);
	counting = 0;
	if (each)
		syscall(SYS_write, spare, &good, sizeof(good));
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
	long some = part(WRITE, n), done;

	printed |= fd == STDOUT_FILENO;
	done = some == -1 ? -1 : syscall(SYS_write, fd, p, some);
	if (error == HALF && some != (long)n)
		kill_self();
	return done;
}

ssize_t
copy_file_range(int in, off_t *from, int out, off_t *to, size_t n,
    unsigned flags)
{
	long some = part(COPY, n);

	printed |= out == STDOUT_FILENO;
	return some == -1 ? -1 : syscall(SYS_copy_file_range, in, from, out,
	    to, some, flags);
}

ssize_t
sendfile(int out, int in, off_t *from, size_t n)
{
	long some = part(COPY, n);

	printed |= out == STDOUT_FILENO;
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

int
memfd_create(const char *name, unsigned flags)
{
	if (plain)
		errno = ENOSYS;
	return plain || falls(OPEN) ? -1 :
	    (int)syscall(SYS_memfd_create, name, flags);
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
	return falls(FSTAT) ? -1 : (int)syscall(SYS_fstat, fd, st);
}

int
fstatat(int dir, const char *path, struct stat *st, int flags)
{
	return falls(STAT) ? -1 : (int)syscall(SYS_newfstatat, dir, path, st,
	    flags);
}

int
stat(const char *path, struct stat *st)
{
	return fstatat(AT_FDCWD, path, st, 0);
}

int
lstat(const char *path, struct stat *st)
{
	return fstatat(AT_FDCWD, path, st, AT_SYMLINK_NOFOLLOW);
}

int
fsync(int fd)
{
	return falls(FSYNC) ? -1 : (int)syscall(SYS_fsync, fd);
}

int
syncfs(int fd)
{
	return falls(FSYNC) ? -1 : (int)syscall(SYS_syncfs, fd);
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

int
rmdir(const char *path)
{
	return falls(RMDIR) ? -1 : (int)syscall(SYS_unlinkat, AT_FDCWD, path,
	    AT_REMOVEDIR);
}

int
access(const char *path, int rights)
{
	return falls(ACCESS) ? -1 : (int)syscall(SYS_faccessat, AT_FDCWD,
	    path, rights);
}

ssize_t
readlink(const char *path, char *to, size_t n)
{
	return falls(READLINK) ? -1 : syscall(SYS_readlinkat, AT_FDCWD, path,
	    to, n);
}

int
fchmod(int fd, mode_t mode)
{
	return falls(FCHMOD) ? -1 : (int)syscall(SYS_fchmod, fd, mode);
}

int
futimens(int fd, const struct timespec times[2])
{
	return falls(FUTIMENS) ? -1 : (int)syscall(SYS_utimensat, fd, NULL,
	    times, 0);
}

int
fcntl(int fd, int what, ...)
{
	va_list ap;
	void *arg;

	va_start(ap, what);
	arg = va_arg(ap, void *);
	va_end(ap);
	/* what asks for flags fails of a descriptor that is closed only */
	return what != F_GETFD && what != F_GETFL && falls(FCNTL) ? -1 :
	    (int)syscall(SYS_fcntl, fd, what, arg);
}

/* libc's own, of which only the outside fails; taken once, before main() */
static int (*next_scandir)(const char *, struct dirent ***,
    int (*)(const struct dirent *),
    int (*)(const struct dirent **, const struct dirent **));
static char *(*next_realpath)(const char *, char *);
static ssize_t (*next_getdelim)(char **, size_t *, int, FILE *);
static size_t (*next_fwrite)(const void *, size_t, size_t, FILE *);
static int (*next_fflush)(FILE *);
static FILE *(*next_fopen)(const char *, const char *);
static int (*next_mkostemp)(char *, int);

__attribute__((constructor)) static void
find_next(void)
{
	static const struct { const char *name; void *to; } list[] = {
		{ "scandir", &next_scandir }, { "realpath", &next_realpath },
		{ "__getdelim", &next_getdelim }, { "fwrite", &next_fwrite },
		{ "fflush", &next_fflush }, { "fopen", &next_fopen },
		{ "mkostemp", &next_mkostemp },
	};
	void *symbol;
	size_t i;

	for (i = 0; i < sizeof(list) / sizeof(*list); i++) {
		symbol = dlsym(RTLD_NEXT, list[i].name);
		memcpy(list[i].to, &symbol, sizeof(symbol));
	}
}

int
scandir(const char *dir, struct dirent ***list,
    int (*filter)(const struct dirent *),
    int (*order)(const struct dirent **, const struct dirent **))
{
	return falls(SCANDIR) ? -1 : next_scandir(dir, list, filter, order);
}

char *
realpath(const char *path, char *to)
{
	return falls(REALPATH) ? NULL : next_realpath(path, to);
}

FILE *
fopen(const char *path, const char *mode)
{
	return falls(OPEN) ? NULL : next_fopen(path, mode);
}

int
mkostemp(char *path, int flags)
{
	return falls(OPEN) ? -1 : next_mkostemp(path, flags);
}

/* what ferror(3) looks at, as libc sets it */
static int
is_broken(enum call call, FILE *f)
{
	if (f == stderr || !falls(call))
		return 0;
	f->_flags |= 0x20;
	return 1;
}

ssize_t
__getdelim(char **line, size_t *room, int end, FILE *f)
{
	return is_broken(GETLINE, f) ? -1 : next_getdelim(line, room, end, f);
}

size_t
fwrite(const void *p, size_t size, size_t n, FILE *f)
{
	return is_broken(FWRITE, f) ? 0 : next_fwrite(p, size, n, f);
}

int
fflush(FILE *f)
{
	return is_broken(FFLUSH, f) ? EOF : next_fflush(f);
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

/* this one gives the error back, too */
int
pthread_create(pthread_t *thread, const pthread_attr_t *how,
    void *(*run)(void *), void *arg)
{
	int (*next)(pthread_t *, const pthread_attr_t *, void *(*)(void *),
	    void *);
	void *symbol = dlsym(RTLD_NEXT, "pthread_create");
	int kept = errno, rc;

	memcpy(&next, &symbol, sizeof(next));
	rc = falls(THREAD) ? errno : next(thread, how, run, arg);
	errno = kept;
	return rc;
}

/* a sanitizer has memory of its own */
#ifndef __SANITIZE_ADDRESS__
extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void __libc_free(void *);

static size_t held, most;	/* bytes, and the most there ever were */

static int
is_refused(size_t n)
{
	asked_size = n;
	return falls(MALLOC) || (held + n > most && falls(GROW));
}

static void *
hold(void *p)
{
	held += malloc_usable_size(p);
	if (held > most)
		most = held;
	return p;
}

void *
malloc(size_t n)
{
	return is_refused(n) ? NULL : hold(__libc_malloc(n));
}

void *
calloc(size_t n, size_t size)
{
	return is_refused(n * size) ? NULL : hold(__libc_calloc(n, size));
}

/* the system may find room behind it: then it need not be there twice */
void *
realloc(void *p, size_t n)
{
	size_t old = malloc_usable_size(p);
	void *new;

	asked_size = n;
	if (falls(MALLOC) || (n > old && held + n - old > most && falls(GROW)))
		return NULL;
	new = __libc_realloc(p, n);
	if (new != NULL || n == 0)
		held -= old;
	return hold(new);
}

void
free(void *p)
{
	held -= malloc_usable_size(p);
	__libc_free(p);
}
#endif

/* large files have names of their own */
ssize_t pread64(int, void *, size_t, off_t) __attribute__((alias("pread")));
int open64(const char *, int, ...) __attribute__((alias("open")));
int openat64(int, const char *, int, ...) __attribute__((alias("openat")));
void *mmap64(void *, size_t, int, int, int, off_t)
    __attribute__((alias("mmap")));
FILE *fopen64(const char *, const char *) __attribute__((alias("fopen")));
int fcntl64(int, int, ...) __attribute__((alias("fcntl")));
int posix_fallocate64(int, off_t, off_t)
    __attribute__((alias("posix_fallocate")));
int ftruncate64(int, off_t) __attribute__((alias("ftruncate")));
off_t lseek64(int, off_t, int) __attribute__((alias("lseek")));
ssize_t sendfile64(int, int, off_t *, size_t)
    __attribute__((alias("sendfile")));
