/* SPDX-License-Identifier: ISC */
/*
 * The known words nearest to one that is not known: "did you mean".
 */
#ifndef BASE_SUGGEST_H
#define BASE_SUGGEST_H

#include <stddef.h>

#include "base/buf.h"	/* the words inside */

/* so many are named */
#define NEAREST_MOST 3

/* zeroed but for word, which is borrowed: none tried yet */
struct nearest {
	const char *word;
	struct nearest_word {
		struct buf text;
		size_t far;	/* letters to change, add, leave out, swap */
	} best[NEAREST_MOST];
	size_t n;
};

/* a word that is known; one that is too far off, or there, is left */
void	nearest_try(struct nearest *, const char *known, size_t n);

/* append "did you mean ...?" with a comma before it; nothing, without any */
void	nearest_put(const struct nearest *, struct buf *);
void	nearest_free(struct nearest *);

#endif
