/* SPDX-License-Identifier: ISC */
/*
 * What a merge makes of each record: node->fate on both sides, and why.
 *
 * decide() goes in this order.  Each record by the rule of its sort
 * (policy.h): of the source, decide_pair() what the target has, too,
 * decide_new() what it has not; then decide_old() what only the target has.
 * Then cascade(): what depends on what is dropped.  If that left a rule none
 * of its records, or a pair as the target has it, all is done again.  At last
 * what would come to one place (collide.h), and files and containers of
 * which nothing is left.
 *
 * All this is decided by the records, but for two: a component one of whose
 * rows would drop it and another not (DROPS_MAYBE, map/lost.h) is asked for its
 * value by the cascade, and what comes to one place by collide.c.  All other
 * values are looked at when the lines are made (compose.h), where a
 * component that cannot be without what it lost may still be dropped.
 */
#ifndef MERGE_DECIDE_H
#define MERGE_DECIDE_H

struct diag;
struct fates;
struct side;

/* decide for all; rules have their scope.  0 or -1; decide_free() after */
int	decide(struct fates *, struct diag *, struct side *target,
	    struct side *source);
void	decide_free(struct fates *);

#endif
