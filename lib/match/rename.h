/* SPDX-License-Identifier: ISC */
/*
 * Words by which a merge calls things otherwise: the source's aliases, which
 * become the target's, and the target's ids, where it was renamed.
 *
 * An entry takes 16 bytes and the new word, besides a part of a table.
 */
#ifndef MATCH_RENAME_H
#define MATCH_RENAME_H

#include <stdint.h>	/* sizes */

#include "base/bigarray.h"	/* the texts inside */
#include "base/keyindex.h"	/* and the table */
#include "base/slice.h"	/* slices */

struct buf;
struct place;
struct record;
struct reviser;
struct side;

/* of one side's lines; zeroed but for the rooms: none */
struct renames {
	struct keyindex table;	/* node: where in texts the new word is */
	struct keyindex derived;	/* new words; node: where the hash is
					   of the word that it was */
	struct bigarray texts;	/* each behind its length, a uint32_t */
	uint64_t used;
};

void	rename_init(struct renames *, struct room *);
void	rename_free(struct renames *);

/* the new word of "kind:word", or p NULL; lasts as long as they do */
struct slice rename_find(const struct renames *, uint64_t hash);

/*
 * Append a list of references (JSON) with the new words.  Whether any is
 * another.
 */
int	rename_list(const struct renames *, struct slice list, struct buf *);

/*
 * A component's line of a side with the new words and, where the streams say
 * what resource paths begin with, with the paths of another side: rewrite().
 */
int	rename_line(const struct renames *, struct reviser *,
	    const struct side *from, const struct side *to, int ids,
	    const struct record *, const struct place *, struct buf *line);

/* a word becomes another, once the table is sorted again; 0, or -1 */
int	rename_add(struct renames *, struct slice kind, struct slice old,
	    struct slice new);

/* a word that has a new one gets another; 0, or -1 after a message */
int	rename_again(struct renames *, uint64_t hash, struct slice word);

/* whether a word was derived for a new record: then it becomes what it was */
int	rename_undo(const struct renames *, uint64_t *hash);

/*
 * What changes for the pairs that are found: aliases of the source's records,
 * of which of[1] tells, and ids of the target's, of[0].  What they had before
 * is forgotten.  0 or -1.
 */
int	rename_make(struct renames of[2], struct side *target,
	    struct side *source);

#endif
