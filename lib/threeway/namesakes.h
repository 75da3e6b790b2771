/* SPDX-License-Identifier: ISC */
/*
 * What both sides added under one name, each with an id of its own.
 *
 * It is the same if it is called so, is of one kind, type and language, stands
 * in and belongs to the same, and neither side has another like that.
 */
#ifndef THREEWAY_NAMESAKES_H
#define THREEWAY_NAMESAKES_H

struct triples;

/*
 * Pair those of ours and theirs that are in no triple and no pair yet; where
 * one is, note both in t->namesakes.  0, or -1 after a message.
 */
int	namesakes_pair(struct triples *);

#endif
