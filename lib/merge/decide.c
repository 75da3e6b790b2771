/* SPDX-License-Identifier: ISC */
/*
 * What a merge makes of each record.
 *
 * First each record by its rule; then what hangs on those that go, in any
 * order, for what is gone never comes back.
 */
#include "merge/decide.h"

#include "match/side.h"
#include "merge/cascade.h"
#include "merge/choose.h"
#include "merge/emptied.h"
#include "merge/overlap.h"
#include "merge/rules.h"
#include "merge/unmet.h"

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
	kinds_open(&d->kinds[0], m, &target->graph);
	kinds_open(&d->kinds[1], m, &source->graph);
	if (choose(d, rules_full(rules_of(target))) == -1 || unmet(d) == -1 ||
	    falling(d) == -1 || emptied(d) == -1)
		return -1;
	return overlap(d);
}

void
decide_free(struct decide *d)
{
	if (d->kinds[0].graph != NULL)
		kinds_close(&d->kinds[0]);
	if (d->kinds[1].graph != NULL)
		kinds_close(&d->kinds[1]);
	array_free(&d->work);
	array_free(&d->doubts);
	keys_free(&d->lost_names);
	buf_free(&d->missing);
	buf_free(&d->mentioned);
	buf_free(&d->texts);
	buf_free(&d->overlaps);
}
