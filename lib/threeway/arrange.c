/* SPDX-License-Identifier: ISC */
/*
 * The order of what two sides made of one list.
 */
#include "threeway/arrange.h"

#include <stdlib.h>

#include "base/buf.h"

#define NOWHERE UINT32_MAX

/* where each number stands in a list, from 0 */
static uint32_t *
places_of(struct arrange_list w, uint32_t count)
{
	uint32_t *at = xmalloc(((size_t)count + 1) * sizeof(*at));
	size_t i;

	for (i = 0; i < count; i++)
		at[i] = NOWHERE;
	for (i = 0; i < w.n; i++)
		at[w.list[i]] = (uint32_t)i;
	return at;
}

/* whether what is in both others, too, stands in another order than there */
static int
is_moved(struct arrange_list w, const uint32_t *there, const uint32_t *also)
{
	uint32_t last = 0, place;
	size_t i;

	for (i = 0; i < w.n; i++) {
		place = there[w.list[i]];
		if (place == NOWHERE || also[w.list[i]] == NOWHERE)
			continue;
		if (place < last)
			return 1;
		last = place;
	}
	return 0;
}

/* append the run of a list from one place on that the other has not */
static void
put_run(struct arrange_list w, size_t from, const uint32_t *other,
    struct buf *out)
{
	for (; from < w.n && other[w.list[from]] == NOWHERE; from++)
		buf_add(out, &w.list[from], sizeof(*w.list));
}

/* the leading list, and what only the other has behind its neighbours */
static void
put_both(struct arrange_list lead, const uint32_t *in_lead,
    struct arrange_list other, const uint32_t *in_other, struct buf *out)
{
	size_t i, pending = 0;

	for (i = 0; i < lead.n; i++) {
		if (in_other[lead.list[i]] != NOWHERE) {
			put_run(other, pending, in_lead, out);
			pending = (size_t)in_other[lead.list[i]] + 1;
		}
		buf_add(out, &lead.list[i], sizeof(*lead.list));
	}
	put_run(other, pending, in_lead, out);
}

int
arrange(struct arrange_list base, struct arrange_list ours,
    struct arrange_list theirs, uint32_t count, struct buf *out)
{
	uint32_t *b = places_of(base, count), *o = places_of(ours, count);
	uint32_t *t = places_of(theirs, count);
	int ours_moved = is_moved(ours, b, t);
	int theirs_moved = is_moved(theirs, b, o);
	int clash = ours_moved && theirs_moved && is_moved(theirs, o, b);

	if (theirs_moved && !ours_moved)
		put_both(theirs, t, ours, o, out);
	else
		put_both(ours, o, theirs, t, out);
	free(b);
	free(o);
	free(t);
	return clash;
}
