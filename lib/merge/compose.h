/* SPDX-License-Identifier: ISC */
/*
 * The lines that a merge writes: of a pair, of what is new, of what stays.
 */
#ifndef MERGE_COMPOSE_H
#define MERGE_COMPOSE_H

#include <stdint.h>	/* numbers */

#include "base/buf.h"	/* texts inside */
#include "merge/file_moves.h"	/* and files */
#include "value/combine.h"	/* and values */

struct fingerprints;
struct fates;
struct diag;
struct map;
struct reviser;
struct side;

struct compose {
	struct diag *diag;
	const struct map *map;
	struct side *target, *source;
	struct fates *fates;
	struct renames *of;	/* of both sides: the fates' */
	struct locator *spots;
	struct reviser *rewriter;
	struct reviser *repairer;
	struct fingerprints *canon;
	struct combiner graft;
	const struct file_moves *moves;	/* borrowed */
	struct buf path;	/* of the file composed; empty: it stays */
	uint32_t into;		/* in which record compose_into() was last */
	struct buf into_file;	/* ... its file, if its mate's is another */
	struct buf old;		/* the target's line, kept */
	struct buf line;	/* the line made */
	struct buf spare, value, text;
	/* of the record composed last */
	int repaired, reset;
};

/* diag, fates and moves are borrowed, as are the sides of the fates */
void	compose_open(struct compose *, struct diag *, struct fates *,
	    const struct file_moves *);
void	compose_close(struct compose *);

enum composed {
	COMPOSE_SAME,		/* the record's own line: the target's, or
				   of what is new the source's */
	COMPOSE_REPLACED,	/* the line made says what the source says */
	COMPOSE_REPAIRED,	/* the line made has lost a reference, or is
				   called otherwise, or counts otherwise */
	COMPOSE_DROP,		/* it cannot be without what it lost */
	COMPOSE_ERROR		/* the line made differs from the target's,
				   which must not be */
};

/*
 * The records composed next are of this file of the target, or of this one of
 * the source without a mate; 0 or -1
 */
int	compose_file(struct compose *, int source, uint32_t file);

/* a line of the target that is no component: as compose() */
int	compose_other(struct compose *, uint32_t t);

/*
 * The line of a record: of the target (t) without a mate or with one that is
 * not taken, of a pair, of the source's (s) alone; NOTHING: none.  An enum
 * composed, or -1 after a message.
 */
int	compose(struct compose *, uint32_t t, uint32_t s);

/*
 * The line of a record of the source alone (made: the one composed) where it
 * comes into one of the target (NOTHING: into a new file): 1, 0 (it says that
 * place) or -1.
 */
int	compose_into(struct compose *, uint32_t t, uint32_t i, int made);

#endif
