/* SPDX-License-Identifier: ISC */
/*
 * A patch: what makes one stream of another, line by line.
 *
 * pkg-stream(5) has its form.  The folder, in the order to read it: this;
 * tree.h, a stream as a tree of records; digest.h, what an old version is
 * known by; write.c makes a patch of two trees, apply.c decides where each of
 * its records goes in a third, and rebuild.h writes that.
 */
#ifndef PATCH_PATCH_H
#define PATCH_PATCH_H

#include <stdint.h>	/* counts */

#include "base/counts.h"	/* what a run counts */
#include "stream/input.h"	/* how streams are read */

struct diag;
struct registry;
struct room;

/* what a patch says of a record */
enum patch_op {
	PATCH_KEEP,		/* others stand in it, or behind it */
	PATCH_ADD, PATCH_REPLACE, PATCH_REMOVE, PATCH_MOVE,
	PATCH_OPS
};

/* their words in a patch */
extern const char *const patch_ops[PATCH_OPS];

struct patch_options {
	const char *from;	/* the old stream, or the target */
	const char *with;	/* the new stream, or the patch; NULL: standard
				   input, of one of both */
	struct input_options input;
	const char *by;		/* the options, for @stream */
};

/* what was done */
struct patched {
	uint64_t counts[PATCH_OPS];	/* of records that change */
	uint64_t already;	/* they are as the patch wants them */
	uint64_t conflicts;	/* they are in its way */
	struct counts report;	/* records: read of both, or written */
};

/*
 * Write the patch that makes the new stream of the old one to standard output.
 * The maps are opened here, and are the caller's to close, whatever is
 * returned: 0, or -1 after a message.
 */
int	patch_write(struct diag *, const struct patch_options *, struct room *,
	    struct registry *, struct patched *);

/*
 * Write the target, changed as a patch says, to standard output.  The same;
 * STATUS_FINDING: records are in the way, and nothing is written.
 */
int	patch_apply(struct diag *, const struct patch_options *, struct room *,
	    struct registry *, struct patched *);

#endif
