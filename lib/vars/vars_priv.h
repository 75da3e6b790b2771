/* SPDX-License-Identifier: ISC */
/*
 * What the commands share.
 */
#ifndef VARS_VARS_PRIV_H
#define VARS_VARS_PRIV_H

#include <stddef.h>
#include <stdint.h>	/* numbers */

#include "base/buf.h"	/* the texts inside */
#include "graph/graph.h"	/* the records */
#include "json/edit.h"	/* the edits inside */
#include "json/tape.h"	/* the value inside */
#include "vars/table.h"	/* the variables */
#include "vars/vars.h"

struct locator;
struct map;
struct output;
struct record;
struct twopass;

struct vars {
	struct diag *diag;
	const struct vars_options *options;
	struct twopass *in;
	const struct map *map;
	struct graph graph;
	struct locator *spots;
	struct table table;
	struct buf head;	/* the first line of what is written */
	struct tape tape;	/* of the record at hand */
	struct edits edits;
	struct buf value, texts, text, line;
	/* vars_data(): the file whose bytes come, and how far they moved */
	uint32_t data_of;
	long long shift;
	struct vars_done *done;
};

/*
 * Begin, read all of the stream, and find its variables.  look (NULL: none)
 * is asked of each record, the first line too (node NOTHING).  0, or -1 after
 * a message; vars_close() in any case.
 */
int	vars_open(struct vars *, struct registry *, struct room *,
	    int (*look)(void *ctx, struct vars *, const struct record *,
	    uint32_t node), void *ctx);
void	vars_close(struct vars *);

/*
 * The line of a record whose value has w->edits made: its envelope is derived
 * of the new value.  0 or -1.
 */
int	vars_revise(struct vars *, const struct record *, uint32_t node,
	    struct buf *line);

/*
 * Bytes of a file (@data), of which those before may be more or fewer now:
 * the line (changed: the buffer has it) gets another offset.  1, 0: it stays,
 * -1 after a message.  Of other records nothing is done.
 */
int	vars_data(struct vars *, const struct record *, uint32_t node,
	    int changed, struct buf *line);

/* begin standard output, and end it: 0 or -1 */
void	vars_out(const struct vars *, struct output *);
int	vars_out_end(struct vars *, struct output *, int rc);

#endif
