/* SPDX-License-Identifier: ISC */
/*
 * Keys that stand twice in an object.
 */
#include "json/dupkeys.h"

#include <stdlib.h>

#include "base/hash.h"

struct key {
	uint64_t object;
	uint64_t hash;
};

void
dupkeys_key(struct dupkeys *d, uint64_t object, const char *p, size_t n)
{
	struct key k = { object, hash_bytes(p, n) };

	buf_add(&d->keys, &k, sizeof(k));
}

static int
by_hash(const void *va, const void *vb)
{
	const struct key *a = va, *b = vb;

	return a->hash < b->hash ? -1 : a->hash > b->hash;
}

size_t
dupkeys_end(struct dupkeys *d, uint64_t object)
{
	struct key *keys = (void *)d->keys.ptr;
	size_t i, n, end, found = 0;

	end = d->keys.len / sizeof(*keys);
	for (n = 0; n < end && keys[end - n - 1].object == object; n++)
		continue;
	if (n == 0)
		return 0;
	keys += end - n;
	qsort(keys, n, sizeof(*keys), by_hash);
	for (i = 1; i < n; i++)
		found += keys[i].hash == keys[i - 1].hash;
	d->keys.len -= n * sizeof(*keys);
	return found;
}

void
dupkeys_free(struct dupkeys *d)
{
	buf_free(&d->keys);
}
