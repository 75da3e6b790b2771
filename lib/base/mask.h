/* SPDX-License-Identifier: ISC */
/*
 * What a terminal would obey, in place of showing it.
 */
#ifndef BASE_MASK_H
#define BASE_MASK_H

#include <stddef.h>

/*
 * Whether the first character of n bytes of text, at least one, is what a
 * terminal must not get: a control character (U+0000 to U+001F, U+007F to
 * U+009F), a mark that turns the direction of text or breaks its lines, or a
 * byte that is no UTF-8.  Its length is set, and its code point or byte.
 */
int	mask_at(const char *, size_t n, size_t *length, unsigned *code);

#endif
