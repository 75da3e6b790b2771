/* SPDX-License-Identifier: ISC */
/*
 * Where in a component's value the map's rows have something to say: the
 * words of its references, and the places of other rows.
 *
 * The references found are those that pkg-unpack(1) has put into the
 * envelope, in the same spelling.
 *
 * The folder, in the order to read it: this; scripted.h, names that stand in
 * scripts; revise.h, what repair.h, rewrite.h and prune.h work on; relabel.h,
 * another name; combine.h, of two versions one; fingerprint.h, whether two say
 * the same; derive.h, the envelope that a value says.
 */
#ifndef VALUE_LOCATE_H
#define VALUE_LOCATE_H

#include <stddef.h>
#include <stdint.h>	/* tokens */

#include "json/tape.h"	/* the tokens, TAPE_NONE */
#include "map/refform.h"	/* how words stand in values */
#include "base/slice.h"	/* slices */

struct gathered;
struct map;
struct map_kind;
struct map_ref;
struct map_row;
struct record;

/* of which row; bits, to ask for several */
enum spot_what {
	SPOT_REF = 1,		/* owner, needs, links, refs */
	SPOT_ALIAS = 2,		/* alias */
	SPOT_ID = 4,		/* id: of each part what said it */
	SPOT_NAME = 8,		/* name: what said it; with SPOT_EVERY also
				   what would have */
	SPOT_LOCAL = 16,	/* local, ignore, sets, key, secret */
	SPOT_IGNORE = 32,
	SPOT_SETS = 64,
	SPOT_KEY = 128,
	SPOT_SECRET = 256,
	SPOT_COUNT = 512,	/* count: the number */
	SPOT_INNER = 1024,	/* inner: the part with a status */
	SPOT_INNER_LINK = 2048,	/* inner-link: a word that names a part */
	SPOT_MINTED = 4096,	/* minted: an id, or what refers to one */
	SPOT_BINDING = 8192,	/* binding: what it names outside */
	SPOT_MEMBER = 16384,	/* type, status, lang: locate_gather() */
	SPOT_NAMES = 32768,	/* names: what said them */
	SPOT_PHRASE = 65536,	/* phrase: what a user says */
	SPOT_VARIABLE = 131072,	/* variable, secured: a value */
	SPOT_EVERY = 262144
};

/* one of them */
struct spot {
	enum spot_what what;
	const struct map_ref *ref;	/* SPOT_REF, else NULL */
	const struct map_row *row;	/* SPOT_LOCAL and what follows it */
	unsigned part;		/* SPOT_ID: of the id's; of others from
				   SPOT_LOCAL on: the row's word, from 0 */
	const struct refform *form;	/* how the word stands in the value */
	/*
	 * The value; TAPE_NONE: the word does not stand in the value, but is
	 * a star, the key of the record or a text of the map.
	 */
	uint32_t token;
	/*
	 * The word's own bytes in the value, raw: without quotes and what
	 * the form has around it, and from and to with the latter.  Of
	 * spots without a word: the token's bytes.
	 */
	uint32_t at, n, from, to;
	/*
	 * SPOT_REF: the reference as it stands in the envelope, "kind:word",
	 * without "?".  Of the envelope's other members and
	 * SPOT_INNER_LINK: the word.  In canonical spelling, for others
	 * empty.  Lasts until the next call.
	 */
	struct slice text;
	int soft;		/* the envelope has a "?" before it */
};

struct locator;

/* the map is borrowed */
struct locator *locate_open(const struct map *);
void	locate_close(struct locator *);

/*
 * Find what stands in a component's value, which the tape holds.  what is
 * bits of enum spot_what.  Returns how many there are; they are had with
 * locate_at(), in the order of the map's rows of references, then of the
 * text.  Doubles come as often as they stand there.
 */
size_t	locate_find(struct locator *, const struct record *,
	    const struct tape *, unsigned what);
const struct spot *locate_at(const struct locator *, size_t);

/* whether another word can stand at a spot with a token */
int	spot_fits(const struct spot *, const struct tape *, struct slice word);

/*
 * Gather what the envelope says of the value, as of a package being read.
 * Returns the kind, or NULL: the map does not know it.  What was gathered
 * lasts until the next call.
 */
const struct map_kind *locate_gather(struct locator *, const struct record *,
	    const struct tape *, struct gathered *);

/* the kind of the record looked at last; NULL: the map does not know it */
const struct map_kind *locate_kind(const struct locator *);

#endif
