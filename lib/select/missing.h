/* SPDX-License-Identifier: ISC */
/*
 * References of what is taken that lost their target.
 */
#ifndef SELECT_MISSING_H
#define SELECT_MISSING_H

#include <stddef.h>
#include <stdint.h>	/* nodes */

#include "select/select.h"	/* what may be done about it */


struct map;
struct selection;

/* what the platform itself does: the map's row "missing" */
enum select_missing missing_default(const struct map *);

/*
 * Look at all references, once it is known what is dropped; with MISSING_DROP
 * drop those records that cannot be without what they lost, and mark those
 * that must be repaired; else report them.  0, or -1 after messages
 * (MISSING_FAIL: there are some).
 */
int	missing_apply(struct selection *);

/* the record that missing_lost() is asked about from now on */
void	missing_begin(struct selection *, uint32_t node);

/* repair: whether a reference of the record being changed is lost */
int	missing_lost(void *selection, const char *ref, size_t n);

#endif
