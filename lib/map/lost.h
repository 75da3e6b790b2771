/* SPDX-License-Identifier: ISC */
/*
 * What the loss of a reference does to the component that has it: what a map
 * says before any value is looked at.
 */
#ifndef MAP_LOST_H
#define MAP_LOST_H

#include "stream/record.h"	/* lists */

struct map;

/* whether it is the end of the component itself */
enum lost_drops {
	DROPS_NEVER,
	DROPS_ALWAYS,
	DROPS_MAYBE	/* rows differ: the value decides */
};

/*
 * Of components of a kind, for what one of their lists names of a target's
 * kind.  Owners never drop here: that the last of them is gone is for the
 * caller to see.
 */
enum lost_drops lost_drops(const struct map *, struct slice kind,
	    enum record_field list, struct slice target);

#endif
