/* SPDX-License-Identifier: ISC */
/*
 * Strict UTF-8 (RFC 3629): no overlong forms, no surrogates, nothing above
 * U+10FFFF.
 */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>	/* bounds of the next byte */

/*
 * What the bytes so far leave to be seen, for text that comes in pieces.  A
 * zeroed struct stands at the start of a character.
 */
struct utf8 {
	uint8_t left;		/* continuation bytes still to come */
	uint8_t low, high;	/* bounds of the next one */
};

/*
 * Go on over n more bytes.  Returns n if all are well, else the index of the
 * first byte that is not; a character that the piece cuts is well so far.
 */
size_t	utf8_check(struct utf8 *, const char *, size_t n);

/* whether all of a text is well */
int	utf8_valid(const char *, size_t n);

/* how many of the first n bytes end on a character's end; 0 <= n - it <= 3 */
size_t	utf8_whole(const char *, size_t n);

#endif
