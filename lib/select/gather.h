/* SPDX-License-Identifier: ISC */
/*
 * The first pass of a selection: all records, and what the criteria make of
 * each.
 */
#ifndef SELECT_GATHER_H
#define SELECT_GATHER_H

struct criteria;
struct selection;

/*
 * Read the stream into the graph, with node->flags; asked are criteria for
 * what --explain asks for, or NULL.  0, or -1 after a message.
 */
int	gather(struct selection *, struct criteria *asked);

/* read the ids of the stream that a later merge goes into; 0 or -1 */
int	gather_assumed(struct selection *);

#endif
