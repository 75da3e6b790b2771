/* SPDX-License-Identifier: ISC */
/*
 * A selection under way, asked.
 */
#include "select/select_priv.h"

#include <string.h>

#include "json/pointer.h"
#include "map/map.h"
#include "select/criteria.h"

int
selection_line(struct selection *s, uint32_t node, struct record *r)
{
	return graph_read(&s->graph, s->in, node, r);
}

/* whether this category is held, one below it or one above */
static int
is_held(const struct hashset *held, const char *p, size_t n)
{
	const char *q = p, *end = p + n;

	if (hashset_has(held, PENDING_BELOW, p, n))
		return 1;
	for (;; q++) {
		q = pointer_step(q, end);
		if (hashset_has(held, PENDING_ITSELF, p, (size_t)(q - p)))
			return 1;
		if (q == end)
			return 0;
	}
}

/* whether tasks of a category came along with what was chosen */
static int
has_come(const struct selection *s, const char *category, size_t n)
{
	const struct slice word = { category, n };
	const struct map_kind *k;
	uint32_t kind;
	size_t i;

	for (i = 0; s->came != NULL && i < s->map->nkinds; i++) {
		k = s->map->kinds[i];
		if (!k->task || k->ncategories != 1 ||
		    !slice_is(word, k->categories[0].category))
			continue;
		kind = graph_kind_number(&s->graph, k->name, strlen(k->name));
		if (kind != NOTHING && s->came[kind])
			return 1;
	}
	return 0;
}

int
selection_held(const struct selection *s, const char *p, size_t n)
{
	unsigned bits = criteria_category(s->criteria, p, n);

	if ((bits & EXCLUDED) != 0)
		return 0;
	if (!s->positive)
		return 1;
	if ((s->criteria->given & 1U << BY_CATEGORY) != 0 ?
	    (bits & FITS) != 0 : is_held(&s->held, p, n))
		return 1;
	return has_come(s, p, n);
}
