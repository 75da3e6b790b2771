/* SPDX-License-Identifier: ISC */
/*
 * Members of a package held back until it is known what they are.
 */
#include "package/pending.h"

#include <stdlib.h>

#include "base/buf.h"
#include "package/package.h"

/* bytes given at once */
#define BLOCK 65536

int
pending_add(struct pending *h, const struct member *m, const struct buf *head,
    struct package *p)
{
	struct pending_member *held;
	const char *bytes;
	long n;

	h->members = xrealloc(h->members, h->n + 1, sizeof(*h->members));
	held = &h->members[h->n++];
	*held = (struct pending_member){ .member = *m, .bytes.diag = h->diag };
	held->member.name = xstrdup(m->name);
	if (spool_add(&held->bytes, head->ptr, head->len) == -1)
		return -1;
	while ((n = package_read(p, &bytes)) > 0) {
		if (spool_add(&held->bytes, bytes, (size_t)n) == -1)
			return -1;
	}
	return n == 0 ? spool_rewind(&held->bytes) : -1;
}

long
pending_read(struct pending_member *held, const char **p)
{
	return spool_read(&held->bytes, p, BLOCK);
}

void
pending_free(struct pending *h)
{
	size_t i;

	for (i = 0; i < h->n; i++) {
		spool_free(&h->members[i].bytes);
		free((char *)(uintptr_t)h->members[i].member.name);
	}
	free(h->members);
	*h = (struct pending){0};
}
