/* SPDX-License-Identifier: ISC */
/*
 * The lines that a merge writes: of a pair, of what is new, of what stays.
 */
#ifndef COMPOSE_H
#define COMPOSE_H

#include <stddef.h>
#include <stdint.h>	/* numbers */

#include "buf.h"	/* texts inside */
#include "graft.h"	/* and values */
#include "moves.h"	/* and files */
#include "record.h"	/* slices */
#include "renames.h"	/* and words */

struct canon;
struct decide;
struct diag;
struct map;
struct mender;
struct rewriter;
struct side;

enum composed {
	COMPOSE_SAME,		/* the record's own line: the target's, or
				   of what is new the source's */
	COMPOSE_REPLACED,	/* the line made says what the source says */
	COMPOSE_MENDED,		/* the line made has lost a reference, or is
				   called otherwise, or counts otherwise */
	COMPOSE_DROP,		/* it cannot be without what it lost */
	COMPOSE_ERROR		/* the line made differs from the target's,
				   which must not be */
};

struct compose {
	struct diag *diag;
	const struct map *map;
	struct side *target, *source;
	struct decide *decide;
	struct renames of[2];
	struct spots *spots;
	struct rewriter *rewriter;
	struct mender *mender;
	struct canon *canon;
	struct graft graft;
	const struct moves *moves;	/* borrowed */
	struct buf path;	/* of the file composed; empty: it stays */
	struct buf old;		/* the target's line, kept */
	struct buf line;	/* the line made */
	struct buf spare, value, text;
	/* of the record composed last */
	int mended, emptied, reset;
	uint64_t rewritten;	/* aliases and ids of records */
};

/* diag, sides and decisions are borrowed; renames are found.  0 or -1 */
int	compose_open(struct compose *, struct diag *, struct decide *,
	    const struct moves *);
void	compose_close(struct compose *);

/* the records composed next are of this file of the target; 0 or -1 */
int	compose_file(struct compose *, uint32_t file);

/* a line of the target that is no component: as compose() */
int	compose_other(struct compose *, uint32_t t);

/*
 * The line of a record: of the target (t) without a mate or with one that is
 * not taken, of a pair, of the source's (s) alone; NOTHING: none.  An enum
 * composed, or -1 after a message.
 */
int	compose(struct compose *, uint32_t t, uint32_t s);

#endif
