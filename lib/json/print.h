/* SPDX-License-Identifier: ISC */
/*
 * JSON laid out in a style: a document put together from compact pieces.
 *
 * The pieces are values of records, which have been checked where they came
 * from: brackets and strings are all that is looked at here.  A piece that is
 * no JSON gives a document that is none, never a read out of bounds.
 *
 * A document can be measured instead: all goes as if it were laid out, but no
 * text is made of it.
 */
#ifndef JSON_PRINT_H
#define JSON_PRINT_H

#include <stddef.h>
#include <stdint.h>	/* indexes */

#include "base/buf.h"	/* the text inside */
#include "json/style.h"	/* the depth inside */

/* takes laid out text; 0, or -1 to stop */
typedef int print_taker(void *arg, const char *, size_t n);

/* a byte of a value, for the line of the document on which its token comes */
struct print_mark {
	const char *at;
	uint64_t *line;
};

/* a document being laid out */
struct print {
	const struct style *style;
	print_taker *take;	/* NULL: it is measured */
	void *arg;
	struct buf text;	/* not yet taken */
	unsigned char *arrays;	/* of each open container: is it an array? */
	unsigned max_depth;
	struct style_depth depth;
	int fresh;		/* the innermost container is empty so far */
	int keyed;		/* a key stands before the next value */
	int stopped;		/* the taker said -1 */
	int too_deep;		/* max_depth was reached */
	uint64_t size, line;	/* measured: bytes, and the line they end on */
};

/* a step to a container inside a value */
struct print_step {
	const char *key;	/* its bytes in the value; NULL: an element */
	size_t n;
	uint64_t index;		/* of the element */
};

/* a value being laid out in parts: up to a hole, which others fill */
struct print_value {
	const char *p, *end;	/* what is left of it, borrowed */
	unsigned base;		/* depth around it */
	const struct print_mark *marks;	/* in their order, borrowed; of them */
	size_t nmarks;			/* so many are still to come */
	struct buf steps;	/* of struct print_step, to where it is */
};

/* begin a document; take is called with pieces of it, NULL: measure it */
void	print_begin(struct print *, const struct style *,
	    unsigned max_depth, print_taker *, void *arg);

/* a bracket that opens or closes; 0, or -1: too deep, or none is open */
int	print_open(struct print *, int array);
int	print_close(struct print *);

/* a member's key: what is between its quotes */
void	print_key(struct print *, const char *, size_t n);

/* a whole value of n bytes; 0, or -1: it is no JSON, or the taker stopped */
int	print_put(struct print *, const char *, size_t n);

/*
 * Lay a value out up to the empty container that a pointer (below the value,
 * n bytes) leads to, and stop inside it.  1: there; 0: the value ended, there
 * is none; -1: as print_put().
 */
int	print_until(struct print *, struct print_value *,
	    const char *pointer, size_t n);

/* the rest of it */
int	print_rest(struct print *, struct print_value *);

/* hand all text to the taker; 0 or -1 */
int	print_flush(struct print *);
void	print_free(struct print *);

#endif
