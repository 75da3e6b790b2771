/* SPDX-License-Identifier: ISC */
/*
 * Sizes as people write them.
 */
#include "base/size.h"

#include <stddef.h>
#include <string.h>

uint64_t
size_read(const char *text)
{
	static const char units[] = "KMGT";
	const char *unit;
	uint64_t v;
	int shift = 0;

	for (v = 0; *text >= '0' && *text <= '9'; text++) {
		if (v > (UINT64_MAX - 9) / 10)
			return 0;
		v = v * 10 + (uint64_t)(*text - '0');
	}
	if (*text != '\0') {
		if ((unit = strchr(units, *text & ~0x20)) == NULL ||
		    text[1] != '\0' || *unit == '\0')
			return 0;
		shift = 10 * (int)(unit - units + 1);
	}
	return v > UINT64_MAX >> shift ? 0 : v << shift;
}
