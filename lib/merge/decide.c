/* SPDX-License-Identifier: ISC */
/*
 * What a merge makes of each record.
 *
 * First each record by its rule; then what hangs on those that go, in any
 * order, for what is gone never comes back.
 */
#include "merge/decide.h"

#include <string.h>

#include "match/side.h"
#include "merge/cascade.h"
#include "merge/choose.h"
#include "merge/emptied.h"
#include "merge/overlap.h"
#include "merge/rules.h"
#include "merge/unmet.h"

/* a side's records, as if nothing had been decided of them */
static void
forget(struct side *s)
{
	struct run *r = (void *)s->graph.runs.ptr;
	size_t i, n = s->graph.runs.len / sizeof(*r);
	struct node *node;
	uint32_t j;

	for (i = 0; i < n; i++) {
		r[i].gone = 0;
		memset(r[i].mark, 0, sizeof(r[i].mark));
	}
	for (j = 0; j < s->graph.n; j++) {
		node = side_node(s, j);
		node->fate = SIDE_STAYS;
		node->why = WHY_NONE;
		node->status &= (uint8_t)~(SIDE_HELD | SIDE_MEND | SIDE_COMES);
	}
}

/* count what the target has that is not gone; whether any rule has none now */
static int
count(struct decide *d)
{
	struct rules *rules = rules_of(d->target);
	struct node *n;
	uint32_t i;

	rules_uncount(rules);
	for (i = 0; i < d->target->graph.n; i++) {
		n = side_node(d->target, i);
		decide_rule(d->target, i)->target += n->type != RECORD_DATA &&
		    n->fate != SIDE_GONE;
	}
	return rules_none_stays(rules);
}

/*
 * What comes if the target has none (if-none) comes, too, if none of those
 * that it has can stay: then all is to be decided again.
 */
static int
decide_again(struct decide *d)
{
	if (!count(d))
		return 0;
	forget(d->target);
	forget(d->source);
	d->ndoubts = 0;
	d->lost_names.n = 0;
	d->missing.len = d->mentioned.len = d->texts.len = 0;
	refset_reset(&d->owners);
	return 1;
}

int
decide(struct decide *d, struct diag *diag, struct side *target,
    struct side *source)
{
	struct room *room = target->mates.room;
	const struct map *m = target->sorts->map;

	*d = (struct decide){ .diag = diag, .target = target,
	    .source = source, .work.room = room,
	    .doubts.room = room, .phase = 1,
	    .lost_names = { .list.room = room, .start.room = room } };
	kindtable_open(&d->kinds[0], m, &target->graph);
	kindtable_open(&d->kinds[1], m, &source->graph);
	count(d);
	do {
		if (choose(d, rules_full(rules_of(target))) == -1 ||
		    unmet(d) == -1 || cascade(d) == -1)
			return -1;
	} while (decide_again(d));
	return emptied(d) == -1 ? -1 : overlap(d);
}

void
decide_free(struct decide *d)
{
	if (d->kinds[0].graph != NULL)
		kindtable_close(&d->kinds[0]);
	if (d->kinds[1].graph != NULL)
		kindtable_close(&d->kinds[1]);
	bigarray_free(&d->work);
	bigarray_free(&d->doubts);
	keyindex_free(&d->lost_names);
	buf_free(&d->missing);
	buf_free(&d->mentioned);
	refset_free(&d->owners);
	buf_free(&d->texts);
	buf_free(&d->overlaps);
}
