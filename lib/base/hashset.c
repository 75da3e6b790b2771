/* SPDX-License-Identifier: ISC */
/*
 * What is found by its hash.
 *
 * Where a slot is depends on the upper half of a hash alone, the half that
 * stands beside a number: a table grows without asking what its numbers mean.
 *
 * Words are told apart by 64 bits.  Two that meet by chance are taken for one:
 * an envelope then has one reference too many, or a warning, or an element
 * that a united list takes over, is left out.
 */
#include "base/hashset.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/hash.h"

/* a larger table is given back */
#define HASHSET_KEPT 4096

/* the hash of a word; never that of a free slot */
static uint64_t
hash_word(unsigned list, const char *p, size_t n)
{
	uint64_t h = hash_bytes(p, n) + list * 0x9e3779b97f4a7c15;

	return h == 0 ? 1 : h;
}

/* the slot that holds this, or the free one for it */
static uint64_t *
slot_of(const struct hashset *s, uint64_t held)
{
	size_t i = (size_t)(held >> 32) & s->mask;

	while (s->slots[i] != 0 && s->slots[i] != held)
		i = (i + 1) & s->mask;
	return &s->slots[i];
}

void
hashset_reset(struct hashset *s)
{
	if (s->mask >= HASHSET_KEPT)
		hashset_free(s);
	else if (s->n > 0)
		memset(s->slots, 0, (s->mask + 1) * sizeof(*s->slots));
	s->n = 0;
}

void
hashset_room(struct hashset *s, size_t n)
{
	struct hashset old = *s;
	size_t i, from = 0;

	if (old.slots != NULL && n * 2 <= old.mask + 1)
		return;
	for (s->mask = 63; s->mask + 1 < n * 2; )
		s->mask = 2 * s->mask + 1;
	s->slots = xcalloc(s->mask + 1, sizeof(*s->slots));
	if (old.slots == NULL)
		return;
	/* from a free slot on: what has equal hashes keeps its order */
	while (old.slots[from] != 0)
		from++;
	for (i = from + 1; i <= from + old.mask; i++) {
		if (old.slots[i & old.mask] != 0)
			*slot_of(s, old.slots[i & old.mask]) =
			    old.slots[i & old.mask];
	}
	free(old.slots);
}

/* whether this was new */
static int
add_slot(struct hashset *s, uint64_t held)
{
	uint64_t *slot;

	hashset_room(s, s->n + 1);
	slot = slot_of(s, held);
	if (*slot != 0)
		return 0;
	*slot = held;
	s->n++;
	return 1;
}

int
hashset_add(struct hashset *s, unsigned list, const char *p, size_t n)
{
	return add_slot(s, hash_word(list, p, n));
}

void
hashset_put(struct hashset *s, uint64_t h, uint32_t number)
{
	add_slot(s, (h >> 32) << 32 | ((uint64_t)number + 1));
}

int
hashset_has(const struct hashset *s, unsigned list, const char *p, size_t n)
{
	return s->slots != NULL && *slot_of(s, hash_word(list, p, n)) != 0;
}

void
hashset_free(struct hashset *s)
{
	free(s->slots);
	*s = (struct hashset){0};
}
