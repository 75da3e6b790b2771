/* SPDX-License-Identifier: ISC */
/*
 * What the programs here share: claims that are counted, random numbers by a
 * seed, bytes at the edge of what may be read, and messages caught.
 */
#ifndef CHECK_H
#define CHECK_H

#include <sys/mman.h>

#include <err.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"

/* more failures than this are only counted */
#define CHECK_SHOWN 20

/* so many random rounds; of those that ask for results a quarter under the
 * sanitizers, where each takes four times as long */
#ifdef __SANITIZE_ADDRESS__
#define CHECK_ROUNDS(n) ((n) / 4)
#else
#define CHECK_ROUNDS(n) (n)
#endif

static int check_failures;
static const char *check_about;		/* what is being checked, or NULL */

/* got and expected, in one line with where they were compared */
#define CHECK(claim) \
	check_number(__FILE__, __LINE__, #claim, (claim) != 0, 1)
#define CHECK_NUMBER(what, got, want) \
	check_number(__FILE__, __LINE__, what, (long long)(got), \
	    (long long)(want))
#define CHECK_BYTES(what, got, ngot, want, nwant) \
	check_bytes(__FILE__, __LINE__, what, got, ngot, want, nwant)
#define CHECK_TEXT(what, got, ngot, want) \
	check_bytes(__FILE__, __LINE__, what, got, ngot, want, strlen(want))

/* count a failure; whether to tell of it */
static inline int
check_fail(const char *file, int line, const char *what)
{
	if (++check_failures > CHECK_SHOWN)
		return 0;
	fprintf(stderr, "%s:%d: ", file, line);
	if (check_about != NULL)
		fprintf(stderr, "%s: ", check_about);
	fputs(what, stderr);
	return 1;
}

static inline void
check_number(const char *file, int line, const char *what, long long got,
    long long want)
{
	if (got != want && check_fail(file, line, what))
		fprintf(stderr, ", got %lld, expected %lld\n", got, want);
}

/* bytes as one line of ASCII: what is none as \xNN */
static inline void
check_show(FILE *f, const char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (p[i] >= ' ' && p[i] < 0x7f)
			fputc(p[i], f);
		else
			fprintf(f, "\\x%02x", (unsigned char)p[i]);
	}
}

/* as much of bytes as a line has room for, from a place on */
static inline void
check_part(const char *name, const char *p, size_t n, size_t from)
{
	fprintf(stderr, ", %s ", name);
	if (from > 0)
		fputs("...", stderr);
	check_show(stderr, p + from, n - from < 60 ? n - from : 60);
	if (n - from > 60)
		fputs("...", stderr);
}

static inline void
check_bytes(const char *file, int line, const char *what, const char *got,
    size_t ngot, const char *want, size_t nwant)
{
	size_t at, from;

	for (at = 0; at < ngot && at < nwant && got[at] == want[at]; at++)
		continue;
	if ((at == ngot && at == nwant) || !check_fail(file, line, what))
		return;
	from = at < 40 ? 0 : at - 20;
	check_part("got", got, ngot, from);
	check_part("expected", want, nwant, from);
	fprintf(stderr, " (they differ at byte %zu of %zu, %zu)\n", at, ngot,
	    nwant);
}

/* the exit status of a program that checked */
static inline int
check_done(void)
{
	if (check_failures > CHECK_SHOWN)
		fprintf(stderr, "and %d more\n",
		    check_failures - CHECK_SHOWN);
	return check_failures > 0;
}

/* random numbers, the same for a seed everywhere (splitmix64) */
struct dice {
	uint64_t state;
};

static inline uint64_t
dice_bits(struct dice *d)
{
	uint64_t v;

	v = d->state += 0x9e3779b97f4a7c15;
	v = (v ^ v >> 30) * 0xbf58476d1ce4e5b9;
	v = (v ^ v >> 27) * 0x94d049bb133111eb;
	return v ^ v >> 31;
}

/* a number below n */
static inline size_t
dice_roll(struct dice *d, size_t n)
{
	return (size_t)(dice_bits(d) % n);
}

/* room for edge(), in bytes */
#define EDGE_ROOM ((size_t)1 << 20)

/*
 * A copy of n bytes (at most EDGE_ROOM) behind which nothing can be read, or
 * now and then nothing before it: who does so dies.  It lasts until the next
 * call.
 */
static inline char *
edge(const char *p, size_t n)
{
	static char *room;
	static struct dice d;
	size_t page = (size_t)sysconf(_SC_PAGESIZE);
	char *copy;

	if (room == NULL) {
		room = mmap(NULL, EDGE_ROOM + 2 * page, PROT_NONE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
		if (room == MAP_FAILED || mprotect(room + page, EDGE_ROOM,
		    PROT_READ | PROT_WRITE) == -1)
			err(2, "mmap");
		room += page;
	}
	if (n > EDGE_ROOM)
		errx(2, "too many bytes for the edge");
	copy = dice_roll(&d, 3) > 0 ? room + EDGE_ROOM - n : room;
	if (n > 0)
		memcpy(copy, p, n);
	return copy;
}

/* standard error while messages are expected */
struct hush {
	int old, file;
};

static inline void
hush_begin(struct hush *h)
{
	fflush(stderr);
	if ((h->old = dup(STDERR_FILENO)) == -1 ||
	    (h->file = memfd_create("messages", 0)) == -1 ||
	    dup2(h->file, STDERR_FILENO) == -1)
		err(2, "stderr");
}

/* from now on messages are seen again; those caught are put into b */
static inline void
hush_end(struct hush *h, struct buf *b)
{
	ssize_t n;

	fflush(stderr);
	if (dup2(h->old, STDERR_FILENO) == -1)
		err(2, "stderr");
	b->len = 0;
	lseek(h->file, 0, SEEK_SET);
	while ((n = read(h->file, buf_room(b, 4096), 4096)) > 0)
		b->len += (size_t)n;
	close(h->file);
	close(h->old);
}

#endif
