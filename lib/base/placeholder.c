/* SPDX-License-Identifier: ISC */
/*
 * What stands in the place of a value that was taken out.
 */
#include "base/placeholder.h"

#include <inttypes.h>

#include "base/buf.h"

static const char before[] = "REDACTED_";

/* a number has no more digits */
#define DIGITS 18

void
placeholder_put(struct buf *b, uint64_t number)
{
	buf_printf(b, "%s%" PRIu64 "_", before, number);
}

size_t
placeholder_next(struct slice text, size_t *at, uint64_t *number)
{
	const char *p = text.p + *at, *end = text.p + text.n, *q;

	while ((p = memmem(p, (size_t)(end - p), before, sizeof(before) -
	    1)) != NULL) {
		*number = 0;
		for (q = p + sizeof(before) - 1; q < end && *q >= '0' &&
		    *q <= '9' && q - p < (long)sizeof(before) + DIGITS; q++)
			*number = *number * 10 + (uint64_t)(*q - '0');
		if (q < end && *q == '_' && q[-1] != '_') {
			*at = (size_t)(p - text.p);
			return (size_t)(q + 1 - p);
		}
		p++;
	}
	return 0;
}
