/* SPDX-License-Identifier: ISC */
/*
 * Which records of a merge's two streams are the same component.
 *
 * First those of equal id, and those without one that stand at the same
 * place; then those of which an alias tells that one was renamed; then those
 * that the map's "key" makes equal.  Of several equal ones the first goes
 * with the first, the second with the second.
 */
#ifndef PAIR_H
#define PAIR_H

struct side;

/* the same one: mark both */
void	pair_join(struct side *target, unsigned t, struct side *source,
	    unsigned s, unsigned flags);

/* find all pairs but those by keys; 0, or -1 after a message */
int	pair_first(struct side *target, struct side *source);

/* and these, when what they stand in is paired */
int	pair_keys(struct side *target, struct side *source);

#endif
