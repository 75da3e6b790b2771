/* SPDX-License-Identifier: ISC */
/*
 * What the loss of a reference does to the component that has it.
 */
#include "map/lost.h"

#include "map/map.h"

/* whether a lost reference of a row is the end of the component */
static int
row_drops(const struct map_ref *ref)
{
	int whole = ref->source.from != FROM_PLACE ||
	    *ref->source.path == '\0';

	switch (ref->lost.repair) {
	case REPAIR_RECORD:
		return 1;
	case REPAIR_UNSAID:
	case REPAIR_MEMBER:
	case REPAIR_ELEMENT:
		return whole;
	default:
		return 0;
	}
}

enum lost_drops
lost_drops(const struct map *map, struct slice kind, enum record_field list,
    struct slice target)
{
	const struct map_kind *k;
	const struct map_ref *ref;
	int found[2] = { 0, 0 };
	size_t at = 0;

	if (list == RECORD_OWNER)
		return DROPS_NEVER;
	while ((k = map_next_kind(map, kind, &at)) != NULL) {
		for (ref = k->refs; ref < k->refs + k->nrefs; ref++) {
			if (ref->list == list && slice_is(target, ref->kind))
				found[row_drops(ref)] = 1;
		}
	}
	if (found[0] && found[1])
		return DROPS_MAYBE;
	return found[1] ? DROPS_ALWAYS : DROPS_NEVER;
}
