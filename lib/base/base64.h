/* SPDX-License-Identifier: ISC */
/*
 * Base64 (RFC 4648, section 4): bytes that are no text, in a JSON string.
 */
#ifndef BASE_BASE64_H
#define BASE_BASE64_H

#include <stddef.h>

struct buf;

/* append n bytes as base64 */
void	base64_encode(struct buf *, const char *, size_t n);

/* append what n characters stand for; 0, or -1: they are not base64 */
int	base64_decode(struct buf *, const char *, size_t n);

#endif
