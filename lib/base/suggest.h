/* SPDX-License-Identifier: ISC */
/*
 * The known words nearest to one that is not known: "did you mean".
 */
#ifndef BASE_SUGGEST_H
#define BASE_SUGGEST_H

#include <stddef.h>

#include "base/buf.h"	/* the words inside */

/* so many are named */
#define SUGGEST_MOST 3

/* zeroed but for word, which is borrowed: none tried yet */
struct suggestion {
	const char *word;
	struct suggest_word {
		struct buf text;
		size_t far;	/* letters to change, add, leave out, swap */
	} best[SUGGEST_MOST];
	size_t n;
};

/* a word that is known; one that is too far off, or there, is left */
void	suggest_try(struct suggestion *, const char *known, size_t n);

/* append "; did you mean ...?"; nothing, without any */
void	suggest_put(const struct suggestion *, struct buf *);
void	suggest_free(struct suggestion *);

#endif
