/* SPDX-License-Identifier: ISC */
/*
 * What counts of a record: two versions with the same digest differ in
 * nothing but what the map says to ignore, or a file's size and time.
 */
#ifndef PATCH_DIGEST_H
#define PATCH_DIGEST_H

#include "base/buf.h"	/* a text inside */
#include "base/hash.h"	/* the digest as text */

struct diag;
struct fingerprints;
struct map;
struct place;
struct record;

/* zeroed but for what digest_open() sets */
struct digests {
	struct fingerprints *prints;
	struct buf text;
};

/* diag and map are borrowed */
void	digest_open(struct digests *, struct diag *, const struct map *);
void	digest_close(struct digests *);

/*
 * The digest of a component or a file, whose line is at this place: 1; 0: of
 * others all counts; -1 after a message.
 */
int	digest_of(struct digests *, const struct record *,
	    const struct place *, char text[HASH_TEXT]);

#endif
