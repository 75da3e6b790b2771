/* SPDX-License-Identifier: ISC */
/*
 * What stands in the place of a value that was taken out: REDACTED_N_, bytes
 * that no spelling changes.
 */
#ifndef BASE_PLACEHOLDER_H
#define BASE_PLACEHOLDER_H

#include <stddef.h>
#include <stdint.h>	/* numbers */

#include "base/slice.h"	/* texts */

struct buf;

/* append that of a number, from 1 */
void	placeholder_put(struct buf *, uint64_t number);

/*
 * The next in a text from *at on, which is then where it begins: how many
 * bytes it has, 0: there is none.
 */
size_t	placeholder_next(struct slice text, size_t *at, uint64_t *number);

#endif
