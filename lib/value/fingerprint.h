/* SPDX-License-Identifier: ISC */
/*
 * A digest of what a component says, to compare two versions of it: equal
 * for equal content, whatever changes from export to export.
 *
 * Members come in any order, and of a key that stands twice the pairs count;
 * strings are compared decoded, numbers as their text.  Empty is equal to
 * absent: "", [], {}, null, an object or array that has only what is empty
 * or left out, and such elements at an array's end.  An id at a "minted"
 * place is left out, and what refers to it says what the part says that has
 * the id.
 */
#ifndef VALUE_FINGERPRINT_H
#define VALUE_FINGERPRINT_H

#include <stddef.h>
#include <stdint.h>	/* tokens */

#include "base/hash.h"	/* the digest */
#include "base/slice.h"	/* slices */

struct fingerprints;
struct diag;
struct map;
struct place;
struct record;
struct tape;

/* what is to count though it would not */
enum fingerprint_flags {
	FINGERPRINT_IGNORED = 1,	/* members at "ignore" places */
	FINGERPRINT_ALIAS = 2,	/* the component's own aliases */
	FINGERPRINT_EMPTY = 4	/* empty is not absent */
};

/* what is asked; everything is borrowed */
struct fingerprint_ask {
	/*
	 * NULL, or: what stands for the reference "kind:word" (n bytes, no
	 * "?") in both versions, put in the place of its word; of a path
	 * ("as tail"), of all of it: 1.  0: it stays as it is.  -1 after a
	 * message: so does fingerprint().  The text must last until that
	 * returns.
	 */
	int (*identity)(void *ctx, const char *ref, size_t n,
	    struct slice *text);
	void *ctx;
	unsigned flags;			/* of enum fingerprint_flags */
	const struct place *place;	/* of the line, for messages; or NULL */
	const struct tape *tape;	/* of the value if read, or NULL */
};

/* diag and map are borrowed */
struct fingerprints *fingerprint_open(struct diag *, const struct map *);
void	fingerprint_close(struct fingerprints *);

/*
 * The digest of a component's value.  A value that says nothing has the
 * digest of zeros.  0, or -1 after a message (a value that is no JSON, or
 * what identity() failed of).
 */
int	fingerprint(struct fingerprints *, const struct record *,
    const struct fingerprint_ask *,
	    struct hash_sum *);

/*
 * Of the value looked at last: the digest of a token, that of a member with
 * its key; NULL: it says nothing, or does not count.  Lasts until the next
 * call of fingerprint().
 */
const struct hash_sum *fingerprint_token(const struct fingerprints *,
	    uint32_t token);

/* ... whether a token is an array whose order does not count */
int	fingerprint_is_set(const struct fingerprints *, uint32_t token);

#endif
