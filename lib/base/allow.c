/* SPDX-License-Identifier: ISC */
/*
 * What a tool refuses unless it is allowed by name.
 */
#include "base/allow.h"

#include <stddef.h>
#include <string.h>

static const struct {
	const char *word;
	unsigned bit;
} words[] = {
	{ "empty", ALLOW_EMPTY },
	{ "unrelated", ALLOW_UNRELATED },
	{ "missing", ALLOW_MISSING },
	{ "languages", ALLOW_LANGUAGES },
};

/* the bit of a word of n bytes; 0: it is none */
static unsigned
bit_of(const char *word, size_t n)
{
	size_t i;

	for (i = 0; i < sizeof(words) / sizeof(*words); i++) {
		if (strlen(words[i].word) == n &&
		    memcmp(words[i].word, word, n) == 0)
			return words[i].bit;
	}
	return 0;
}

int
allow_add(unsigned *set, unsigned known, const char *arg)
{
	unsigned bit;
	size_t n;

	for (;; arg += n + 1) {
		n = strcspn(arg, ",");
		if ((bit = bit_of(arg, n) & known) == 0)
			return -1;
		*set |= bit;
		if (arg[n] == '\0')
			return 0;
	}
}
