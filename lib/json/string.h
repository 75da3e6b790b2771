/* SPDX-License-Identifier: ISC */
/*
 * JSON strings: their bytes, and their canonical spelling in an envelope.
 *
 * A lone surrogate escape (RFC 8259, section 8.2) has no UTF-8; decoded it is
 * the three bytes that UTF-8 would give its code point, and spelled it is an
 * escape in lower case again, so nothing is lost either way.
 */
#ifndef JSON_STRING_H
#define JSON_STRING_H

#include <stddef.h>

struct buf;

/*
 * Past the string that begins at p (its quote), or NULL: it has no end.  What
 * is in it is not looked at.
 */
const char *string_skip(const char *p, const char *end);

/*
 * Append what is between the quotes of a JSON string, decoded.  The text is
 * raw, n bytes without the quotes, and must be valid.
 */
void	string_decode(struct buf *, const char *raw, size_t n);

/*
 * Append decoded bytes as the inside of a JSON string with the fewest
 * escapes: quote, backslash, control characters, lone surrogates.
 */
void	string_encode(struct buf *, const char *text, size_t n);

/* append the canonical spelling of raw: decode and encode in one */
void	string_canon(struct buf *, const char *raw, size_t n);

/*
 * Append lines with the insides of JSON strings, for a terminal: what it
 * would obey becomes an escape.  Tabs and line ends between the strings stay.
 */
void	string_mask(struct buf *, const char *lines, size_t n);

#endif
