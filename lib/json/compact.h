/* SPDX-License-Identifier: ISC */
/*
 * Small JSON texts that people write, such as the options of an API, brought
 * into the form of a stream's values.
 */
#ifndef JSON_COMPACT_H
#define JSON_COMPACT_H

#include <stddef.h>

struct buf;
struct text_error;

/*
 * Append a strict JSON text without its white space, tokens as they stand.
 * 0, or -1 and the error tells; its offset is one into the text.
 */
int	compact(struct buf *, const char *text, size_t n,
	    struct text_error *);

#endif
