/* SPDX-License-Identifier: ISC */
/*
 * What comparing values and comparing arrays share: a list is compared element
 * by element, and an element may have lists.
 */
#ifndef DIFF_CHANGES_PRIV_H
#define DIFF_CHANGES_PRIV_H

#include <stdint.h>	/* tokens */

#include "base/slice.h"	/* texts */
#include "diff/changes.h"	/* the versions */
#include "diff/item.h"	/* a change */

/* compare what stands at two tokens, and note the changes */
void	changes_compare(struct changes *, uint32_t old, uint32_t new,
	    int ignored);

/*
 * Note a change at the place at hand: tokens, or TAPE_NONE.  from is where
 * the pointer of a move is in texts.
 */
void	changes_note(struct changes *, enum change_op, int ignored,
	    uint32_t old, uint32_t new, struct slice from);

#endif
