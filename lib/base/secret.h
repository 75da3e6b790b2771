/* SPDX-License-Identifier: ISC */
/*
 * Texts that have the shape of a secret.
 */
#ifndef BASE_SECRET_H
#define BASE_SECRET_H

#include <stddef.h>

#include "base/slice.h"	/* texts */

/*
 * The next secret of a text from *at on, which is then where its shape begins:
 * what it is, or NULL, no more.  What is secret of it, such as the password
 * of a URL, is a slice of the text.
 */
const char *secret_next(struct slice text, size_t *at, struct slice *secret);

/* where to go on: behind a token; a URL may have more in it */
static inline size_t
secret_behind(struct slice text, size_t at, struct slice secret)
{
	return secret.p == text.p + at ? at + secret.n : at + 1;
}

/* whether there is any */
int	secret_in(const char *, size_t n);

/*
 * Whether what is to be secret is there: not empty, not asterisks and the
 * like, no placeholder, and no reference to where it is.
 */
int	secret_is_clear(struct slice);

#endif
