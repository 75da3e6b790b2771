/* SPDX-License-Identifier: ISC */
/*
 * Large arrays that grow, in memory or in unlinked files.
 */
#include "base/bigarray.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/tempfile.h"

/* what is mapped is multiples of this many bytes, of a page at least */
#define GRAIN ((size_t)1 << 16)

/* what is less than that is the heap's: powers of two, from this one on */
#define SMALLEST ((size_t)1 << 8)

static int
fail_memory(struct bigarray *a)
{
	return diag_fail(a->room->diag, STATUS_IO, NULL, "cannot have %zu "
	    "bytes of memory: %s (a smaller -S keeps more in files)", a->size,
	    strerror(errno));
}

/* room in the file for all of size bytes, so that no write meets its end */
static int
hold_file(struct bigarray *a, size_t size)
{
	if ((errno = posix_fallocate(a->fd, 0, (off_t)size)) != 0)
		return tempfile_fail(a->room->diag, "make room");
	return 0;
}

static void *
map_file(const struct bigarray *a, size_t size)
{
	return mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED, a->fd, 0);
}

/* give back what is in memory */
static void
release(struct bigarray *a)
{
	if (a->size < GRAIN)
		free(a->p);
	else
		munmap(a->p, a->size);
	a->room->used -= a->size;
}

/* move what is in memory into a file of size bytes */
static int
spill(struct bigarray *a, size_t size)
{
	void *p = NULL;
	int rc;

	if ((a->fd = tempfile_open(a->room->diag)) == -1)
		return -1;
	if ((rc = hold_file(a, size)) == 0 &&
	    (p = map_file(a, size)) == MAP_FAILED)
		rc = fail_memory(a);
	if (rc == -1) {
		close(a->fd);
		return -1;
	}
	if (a->size > 0) {
		memcpy(p, a->p, a->size);
		release(a);
	}
	a->filed = 1;
	a->p = p;
	a->size = size;
	return 0;
}

static int
is_within_cap(const struct bigarray *a, size_t size)
{
	return a->room->used + size - a->size <= a->room->cap;
}

/* size bytes of the heap, the new ones zero */
static void
hold_small(struct bigarray *a, size_t size)
{
	a->p = xrealloc(a->p, size, 1);
	memset((char *)a->p + a->size, 0, size - a->size);
	a->room->used += size - a->size;
	a->size = size;
}

/* size bytes that are mapped, with those that there are */
static void *
map_memory(struct bigarray *a, size_t size)
{
	void *p;

	if (a->size >= GRAIN)
		return mremap(a->p, a->size, size, MREMAP_MAYMOVE);
	p = mmap(NULL, size, PROT_READ | PROT_WRITE,
	    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	if (p != MAP_FAILED && a->size > 0) {
		memcpy(p, a->p, a->size);
		free(a->p);
	}
	return p;
}

int
bigarray_hold(struct bigarray *a, size_t size)
{
	size_t small = SMALLEST;
	void *p;

	if (size <= a->size)
		return 0;
	while (small < size && small < GRAIN)
		small *= 2;
	if (small < GRAIN && !a->filed && is_within_cap(a, small)) {
		hold_small(a, small);
		return 0;
	}
	if (size < a->size + a->size / 2)
		size = a->size + a->size / 2;
	size = (size + GRAIN - 1) / GRAIN * GRAIN;
	if (!a->filed && !is_within_cap(a, size))
		return spill(a, size);
	if (a->filed && hold_file(a, size) == -1)
		return -1;
	p = map_memory(a, size);
	if (p == MAP_FAILED)
		return fail_memory(a);
	if (!a->filed)
		a->room->used += size - a->size;
	a->p = p;
	a->size = size;
	return 0;
}

int
bigarray_push(struct bigarray *a, uint64_t *n, uint32_t item)
{
	if (bigarray_hold(a, (size_t)(*n + 1) * sizeof(item)) == -1)
		return -1;
	((uint32_t *)a->p)[(*n)++] = item;
	return 0;
}

void
bigarray_free(struct bigarray *a)
{
	if (a->filed) {
		munmap(a->p, a->size);
		close(a->fd);
	} else if (a->size > 0) {
		release(a);
	}
	*a = (struct bigarray){ .room = a->room };
}
