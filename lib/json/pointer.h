/* SPDX-License-Identifier: ISC */
/*
 * JSON pointers (RFC 6901) as text: made step by step, and taken apart.
 */
#ifndef JSON_POINTER_H
#define JSON_POINTER_H

#include <stddef.h>

struct buf;

/* append "/" and a key (decoded bytes), with ~ and / escaped (section 3) */
void	pointer_push(struct buf *, const char *key, size_t n);

/* whether text is a pointer: empty, or steps, in which ~ is ~0 or ~1 */
int	pointer_valid(const char *, size_t n);

/*
 * Cut off the last step: the length of what stands before its "/".  The
 * pointer must not be empty.
 */
size_t	pointer_parent(const char *, size_t n);

/* where the step that begins at p, behind its "/", ends: at a "/" or at end */
const char *pointer_step(const char *p, const char *end);

/* whether a step "-" begins behind the byte at i: an element, wherever it is */
int	pointer_is_dash(const char *, size_t n, size_t i);

/* append the key that a step (without its "/") stands for */
void	pointer_key(struct buf *, const char *step, size_t n);

/* whether pointer stands below base: longer, and base is its start */
int	pointer_below(const char *base, size_t nbase, const char *pointer,
	    size_t n);

#endif
