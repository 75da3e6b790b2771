/* SPDX-License-Identifier: ISC */
/*
 * By which words records are found: hashes of "kind:word", sorted.
 *
 * The hash has 64 bits and a seed of its own in each process, so nobody can
 * make two words meet, and by chance two of ten million do once in 400,000
 * runs.  Nothing that is written depends on the seed.
 */
#ifndef BASE_KEYINDEX_H
#define BASE_KEYINDEX_H

#include <stddef.h>
#include <stdint.h>	/* hashes, numbers of records */

#include "base/bigarray.h"	/* the table inside */
#include "base/fetch.h"	/* what is sought soon */

/* no key, node or edge; also how many there may be */
#define NOTHING UINT32_MAX

/* a word and a record that has it; there are many, so they are packed */
struct key {
	uint64_t hash;
	uint32_t node;
} __attribute__((packed, aligned(4)));

/* zeroed but for room: empty */
struct keyindex {
	struct room *room;
	struct bigarray list;	/* of struct key: n */
	uint32_t n;
	struct bigarray start;	/* of uint32_t: where a bucket begins */
	unsigned bits;		/* of the hash, that number the bucket */
};

/* the hash of kind:word; canonical bytes, without quotes */
uint64_t keyindex_hash(const char *kind, size_t nkind, const char *word,
	    size_t nword);

/* the hash of a reference as it stands in a list, without its "?" */
uint64_t keyindex_hash_ref(const char *, size_t n);

/* add a key; 0 or -1 (STATUS_IO; STATUS_LIMIT: more than there may be) */
int	keyindex_add(struct keyindex *, uint64_t hash, uint32_t node);

/* sort by hash, then node, so that they may be found; 0 or -1 */
int	keyindex_sort(struct keyindex *);

/* the first key with this hash, or NOTHING; equal ones follow it */
uint32_t keyindex_find(const struct keyindex *, uint64_t hash);

/* whether a record has a key with this hash; in logarithmic time */
int	keyindex_has(const struct keyindex *, uint64_t hash, uint32_t node);

/* the last key with the hash of this one; in logarithmic time */
uint32_t keyindex_last(const struct keyindex *, uint32_t key);

/*
 * One will be sought soon: have memory fetch where its bucket begins, and some
 * turns later the bucket, which is longer than a line of the cache
 */
FETCH
keyindex_fetch_start(const struct keyindex *k, uint64_t hash)
{
	if (k->bits > 0)
		__builtin_prefetch((const uint32_t *)k->start.p +
		    (hash >> (64 - k->bits)));
}

FETCH
keyindex_fetch(const struct keyindex *k, uint64_t hash)
{
	const uint32_t *start = k->start.p;
	const struct key *key = k->list.p;

	if (k->bits == 0)
		return;
	key += start[hash >> (64 - k->bits)];
	__builtin_prefetch(key);
	__builtin_prefetch((const char *)key + 64);
}

/* the key after this one if it has the same hash, or NOTHING */
uint32_t keyindex_next(const struct keyindex *, uint32_t key);

static inline struct key *
keyindex_at(const struct keyindex *k, uint32_t i)
{
	return (struct key *)k->list.p + i;
}

void	keyindex_free(struct keyindex *);

#endif
