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

	switch (ref->lost.mending) {
	case LOST_RECORD:
		return 1;
	case LOST_UNSAID:
	case LOST_MEMBER:
	case LOST_ELEMENT:
		return whole;
	default:
		return 0;
	}
}

static int
is_named(const char *name, const char *p, size_t n)
{
	return slice_is((struct slice){ p, n }, name);
}

enum lost_drops
lost_drops(const struct map *map, const char *kind, size_t nkind,
    enum record_field list, const char *target, size_t ntarget)
{
	const struct map_kind *k;
	const struct map_ref *ref;
	int found[2] = { 0, 0 };
	size_t i;

	if (list == RECORD_OWNER)
		return LOST_DROPS_NOT;
	for (i = 0; i < map->nkinds; i++) {
		k = map->kinds[i];
		if (!is_named(k->name, kind, nkind))
			continue;
		for (ref = k->refs; ref < k->refs + k->nrefs; ref++) {
			if (ref->list == list &&
			    is_named(ref->kind, target, ntarget))
				found[row_drops(ref)] = 1;
		}
	}
	if (found[0] && found[1])
		return LOST_DROPS_MAYBE;
	return found[1] ? LOST_DROPS : LOST_DROPS_NOT;
}
