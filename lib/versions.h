/* SPDX-License-Identifier: ISC */
/*
 * Several versions of one component: records of one kind and id, but of
 * different statuses, such as a task's published version and its next one.
 */
#ifndef VERSIONS_H
#define VERSIONS_H

struct side;

/*
 * Of components of which a side has several versions, pair those of equal
 * status first, in order; of the others those that say the same, so that an
 * import whose statuses were reset finds again what it brought; the rest the
 * k-th with the k-th.  After pair_first(), which has paired them without a
 * look at them.  0, or -1 after a message.
 */
int	versions_pair(struct side *target, struct side *source);

#endif
