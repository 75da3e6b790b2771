/* SPDX-License-Identifier: ISC */
/*
 * The records of three streams, who of each is the same.
 *
 * A triple is one component (or file, or container) in up to three versions.
 * Words that ours and theirs have for the same are ours' in the result; but
 * what theirs alone renamed is called as theirs calls it, part by part of an
 * id that has several.
 */
#ifndef THREEWAY_TRIPLES_H
#define THREEWAY_TRIPLES_H

#include <stdint.h>	/* numbers */

#include "base/bigarray.h"	/* the lists inside */
#include "base/buf.h"
#include "match/rename.h"	/* the words */
#include "match/side.h"	/* the streams inside */
#include "match/sorts.h"
#include "stream/input.h"	/* how they are read */

struct diag;
struct registry;
struct room;

enum { TRIPLE_BASE, TRIPLE_OURS, TRIPLE_THEIRS, TRIPLE_SIDES };

enum triple_fate {
	TRIPLE_GONE,	/* not in the result */
	TRIPLE_LEFT,	/* ... as the user has chosen */
	TRIPLE_LIVE
};

/* which version is in the result; TAKE_UNKNOWN: not compared yet */
enum triple_take { TAKE_UNKNOWN, TAKE_BASE, TAKE_OURS, TAKE_THEIRS,
	TAKE_BOTH };

struct triple {
	uint32_t node[TRIPLE_SIDES];	/* or NOTHING */
	uint8_t fate, take;
	uint8_t pending;	/* it is to be looked at again (fates.c) */
};

/* two triples to which the sides, each to another, have given one name */
struct collision {
	uint32_t ours, theirs;
	uint32_t by_id;		/* it is what references say */
};

struct triples {
	struct diag *diag;
	struct side side[TRIPLE_SIDES];
	struct sorts sorts;
	const struct map *map;
	struct bigarray of[TRIPLE_SIDES];	/* of uint32_t: by node */
	struct bigarray list;	/* of struct triple */
	uint32_t n;
	int (*more)(struct triples *);	/* pairs more of ours and theirs */
	struct renames pair[2];	/* of ours, of theirs */
	struct renames base[2];	/* (none), of the base */
	struct buf namesakes;	/* of uint32_t: a node of ours and one of
				   theirs that have one name */
	struct buf collisions;	/* of struct collision */
};

struct triples_options {
	const char *files[TRIPLE_SIDES];	/* NULL: standard input */
	struct input_options input;
	int (*more)(struct triples *);	/* namesakes_pair() */
};

/*
 * Open three streams, read them, and find who is the same.  The maps are the
 * caller's to close, after triples_close() in any case.  0, or -1 after a
 * message.
 */
int	triples_open(struct triples *, struct diag *,
	    const struct triples_options *, struct room *, struct registry *);
void	triples_close(struct triples *);

static inline struct triple *
triples_at(const struct triples *t, uint32_t i)
{
	return (struct triple *)t->list.p + i;
}

/* the triple of a side's node */
static inline uint32_t
triples_of(const struct triples *t, unsigned side, uint32_t node)
{
	return ((const uint32_t *)t->of[side].p)[node];
}

/* the triple of what a version stands in, or NOTHING */
uint32_t triples_around(const struct triples *, uint32_t i, unsigned side);

/* the side that says where it stands in the result; it has a version */
unsigned triples_home(const struct triples *, uint32_t i);

/* the version that says what it is: ours, theirs or the base's; its side */
unsigned triples_own(const struct triples *, uint32_t i);

/*
 * What a reference, as the result spells it, refers to: the next node after
 * *key, which is NOTHING at first, of a side (ours, then theirs).  Returns a
 * triple, or NOTHING.
 */
struct triples_word {
	uint64_t hash;
	unsigned side;
	uint32_t key;
};
uint32_t triples_next(const struct triples *, struct triples_word *);

/* the only record that it leads to: its side and node.  1, or 0 */
int	triples_leads(const struct triples *, const char *ref, size_t n,
	    unsigned *side, uint32_t *node);

#endif
