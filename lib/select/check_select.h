/* SPDX-License-Identifier: ISC */
/*
 * Whether what a selection asks for is there, and if not, what is near.
 */
#ifndef SELECT_CHECK_SELECT_H
#define SELECT_CHECK_SELECT_H

#include <stdint.h>	/* counts */

struct criteria;
struct selection;

/* no kind or category is one that nobody knows; 0, or -1 after messages */
int	check_select_words(struct selection *);

/* every id is there; 0, or -1 after messages */
int	check_select_ids(struct selection *, const struct criteria *);

/* anything fits, once it is known what is taken; 0, or -1 after a message */
int	check_select_any(struct selection *);

/* report that n components fit, but cannot be chosen alone; -1 */
int	check_select_followers(const struct selection *, uint64_t n);

#endif
