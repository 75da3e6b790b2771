/* SPDX-License-Identifier: ISC */
/*
 * Which records of a selection are taken, and which are dropped.
 */
#ifndef SELECT_CHOSEN_H
#define SELECT_CHOSEN_H

struct selection;

/* after the first pass: what is followed, and to where not; 0 or -1 */
int	select_begin(struct selection *);

/* take what is chosen and what comes along; drop the rest; 0 or -1 */
int	select_choose(struct selection *);

/* take everything but what is excluded, and what falls with it; 0 or -1 */
int	select_exclude(struct selection *);

#endif
