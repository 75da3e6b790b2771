/* SPDX-License-Identifier: ISC */
/*
 * Lines of a merge on their way, from step to step.
 *
 * A step takes a record and, if it changes it, leaves a new line in c->line,
 * of which the record is then.
 */
#ifndef MERGE_COMPOSING_H
#define MERGE_COMPOSING_H

#include <stddef.h>
#include <stdint.h>	/* numbers */

#include "base/buf.h"	/* texts inside */
#include "base/slice.h"	/* slices */
#include "match/rename.h"	/* and words */
#include "merge/file_moves.h"	/* and files */
#include "value/combine.h"	/* and values */

struct fingerprints;
struct decide;
struct diag;
struct map;
struct repairer;
struct record_edit;
struct rewriter;
struct rule;
struct side;

struct compose {
	struct diag *diag;
	const struct map *map;
	struct side *target, *source;
	struct decide *decide;
	struct renames of[2];
	struct locator *spots;
	struct rewriter *rewriter;
	struct repairer *mender;
	struct fingerprints *canon;
	struct combiner graft;
	const struct file_moves *moves;	/* borrowed */
	struct buf path;	/* of the file composed; empty: it stays */
	struct buf old;		/* the target's line, kept */
	struct buf line;	/* the line made */
	struct buf spare, value, text;
	/* of the record composed last */
	int mended, reset;
};

/* diag, sides and decisions are borrowed; renames are found.  0 or -1 */
int	compose_open(struct compose *, struct diag *, struct decide *,
	    const struct file_moves *);
void	compose_close(struct compose *);

/* the rule of a record */
const struct rule *compose_rule(const struct side *, uint32_t node);

/* the line in c->spare is the record's from now on; 0, or -1 after a message */
int	compose_accept(struct compose *, struct record *);

/* the same line with the value in c->value, and n (up to 7) other members */
int	compose_revalue(struct compose *, struct record *,
	    const struct record_edit *, size_t n);

/* after the last step: the envelope says what the value says; 0 or -1 */
int	compose_derive(struct compose *, struct record *);

/* after a step with a large value: the next shall not come on top of it */
void	compose_renew(struct compose *, const struct record *);

/* before a record: give back what a large one has taken */
void	compose_shrink(struct compose *);

#endif
