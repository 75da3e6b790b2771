/* SPDX-License-Identifier: ISC */
/*
 * A set of words, each in one of several lists, kept by their hashes.
 *
 * Two of 64 bits that meet by chance are taken for one word: an envelope then
 * has one reference too many, or a warning, or an element that a united list
 * takes over, is left out.
 */
#include "base/refset.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/hash.h"

/* a larger table is given back */
#define REFSET_KEPT 4096

static uint64_t
hash(unsigned list, const char *p, size_t n)
{
	uint64_t h = hash_bytes(p, n) + list * 0x9e3779b97f4a7c15;

	return h == 0 ? 1 : h;
}

static uint64_t *
slot(const struct refset *s, uint64_t h)
{
	size_t i;

	for (i = (size_t)h & s->mask; s->slots[i] != 0 && s->slots[i] != h; )
		i = (i + 1) & s->mask;
	return &s->slots[i];
}

void
refset_reset(struct refset *s)
{
	if (s->mask >= REFSET_KEPT)
		refset_free(s);
	else if (s->n > 0)
		memset(s->slots, 0, (s->mask + 1) * sizeof(*s->slots));
	s->n = 0;
}

/* room for as many again */
static void
grow(struct refset *s)
{
	struct refset old = *s;
	size_t i;

	s->mask = old.slots == NULL ? 63 : 2 * old.mask + 1;
	s->slots = xcalloc(s->mask + 1, sizeof(*s->slots));
	for (i = 0; old.slots != NULL && i <= old.mask; i++) {
		if (old.slots[i] != 0)
			*slot(s, old.slots[i]) = old.slots[i];
	}
	free(old.slots);
}

int
refset_add(struct refset *s, unsigned list, const char *p, size_t n)
{
	uint64_t h = hash(list, p, n), *at;

	if (s->slots == NULL || s->n * 2 > s->mask)
		grow(s);
	at = slot(s, h);
	if (*at != 0)
		return 0;
	*at = h;
	s->n++;
	return 1;
}

int
refset_has(const struct refset *s, unsigned list, const char *p, size_t n)
{
	return s->slots != NULL && *slot(s, hash(list, p, n)) != 0;
}

void
refset_free(struct refset *s)
{
	free(s->slots);
	*s = (struct refset){0};
}
