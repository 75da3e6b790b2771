/* SPDX-License-Identifier: ISC */
/*
 * Where two versions of a component's value differ, and how the old one
 * becomes the new one.
 *
 * Members are compared by key; elements of arrays first by what they say,
 * then by the identity that the map gives them, then by likeness.  What the
 * map says does not count (fingerprint.h) is noted too, as ignored.
 */
#ifndef DIFF_CHANGES_H
#define DIFF_CHANGES_H

#include <stddef.h>
#include <stdint.h>	/* tokens */

#include "base/buf.h"	/* the lists inside */
#include "diff/item.h"	/* a change */
#include "json/tape.h"	/* the values inside */

struct diag;
struct fingerprints;
struct locator;
struct map;
struct place;
struct record;

/* what is asked of the streams that the versions are of; of "newer" or not */
struct changes_ask {
	/*
	 * What stands for the reference "kind:word" (n bytes) in either
	 * version: 1; 0: the word itself.  The text lasts.
	 */
	int (*identity)(void *ctx, int newer, const char *ref, size_t n,
	    struct slice *text);
	/* append the name of what it refers to, as in a JSON string: 1, or 0 */
	int (*name)(void *ctx, int newer, const char *ref, size_t n,
	    struct buf *);
	void *ctx;
};

/* one of the two versions */
struct version {
	struct changes *of;
	int newer;
	struct fingerprints *prints;
	struct locator *spots;
	struct tape tape;
	struct tapefind find;
	struct buf ids;		/* of struct element_id (elements.c) */
	struct buf refs;	/* and what these need */
};

/* of the pair compared last; it must not move */
struct changes {
	struct diag *diag;
	struct changes_ask ask;
	struct version old, new;
	struct buf notes;	/* of struct change_note (changes.c) */
	struct buf texts;	/* pointers */
	struct buf list;	/* of struct change */
	struct buf pointer, place;	/* at hand */
	size_t real;		/* so many are not ignored */
	unsigned depth;
};

/* diag and map are borrowed, the questions copied; changes_close() */
void	changes_open(struct changes *, struct diag *, const struct map *,
	    const struct changes_ask *);
void	changes_close(struct changes *);

/*
 * Compare two versions, whose records must last until the next call, as the
 * changes point into them.  brief: only say whether they differ.  1: there is
 * a change that is not ignored; 0; -1 after a message with these two places of
 * the lines.
 */
int	changes_find(struct changes *, const struct record *old,
	    const struct record *new, const struct place *at, int brief);

/*
 * Only read two versions, the same otherwise: 1: their digests differ; 0; or
 * -1.  Then changes_alike() and elements.h may be asked.
 */
int	changes_read(struct changes *, const struct record *old,
	    const struct record *new, const struct place *at);

/* the changes found, in their order: n of them; they last as the records do */
const struct change *changes_list(struct changes *, size_t *n);

/* of two versions read: whether both say the same, raw or by their digests */
int	changes_alike(const struct changes *, uint32_t old, uint32_t new);

/* whether a token of a version says nothing, or does not count */
int	changes_silent(const struct version *, uint32_t token);

#endif
