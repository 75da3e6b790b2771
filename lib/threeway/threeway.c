/* SPDX-License-Identifier: ISC */
/*
 * What two people made of one package, put together.
 */
#include "threeway/threeway.h"

#include <inttypes.h>

#include "base/diag.h"
#include "threeway/compose.h"
#include "threeway/conflicts.h"
#include "threeway/fates.h"
#include "threeway/namesakes.h"
#include "threeway/result.h"
#include "threeway/triples.h"

static void
count(const struct triples *t, struct threeway_done *done)
{
	uint32_t i;
	unsigned side;

	for (i = 0; i < t->n; i++)
		done->blended += triples_at(t, i)->fate == TRIPLE_LIVE &&
		    triples_at(t, i)->take == TAKE_BOTH;
	for (side = 0; side < TRIPLE_SIDES; side++)
		done->report.bytes_in += t->side[side].in.in.lines.taken;
	done->base = t->side[TRIPLE_BASE].graph.n;
	done->ours = t->side[TRIPLE_OURS].graph.n;
	done->theirs = t->side[TRIPLE_THEIRS].graph.n;
}

/* all is asked once before anything is written; 0 or -1 */
static int
merge_sides(struct composer *c, const struct threeway_options *o,
    struct threeway_done *done)
{
	struct result result = { .c = c, .dry = 1 };
	struct buf head = {0};
	int rc;

	if (fates_decide(c) == -1)
		return -1;
	c->report = 1;
	rc = result_write(&result, NULL);
	c->report = 0;
	count(c->t, done);
	done->conflicts = c->conflicts->open;
	done->settled = c->conflicts->settled;
	if ((rc == -1 && c->diag->status != STATUS_FINDING) ||
	    conflicts_end(c->conflicts) == -1 || rc == -1)
		return -1;
	stream_put_head(&head, &c->t->side[TRIPLE_OURS].in.first,
	    "pkg-merge", o->by);
	result.dry = 0;
	rc = result_write(&result, &head);
	buf_free(&head);
	done->report.records = result.records;
	done->report.bytes_out = result.out.total;
	diag_note(c->diag, NULL, "%" PRIu64 " component%s put together, %"
	    PRIu64 " conflict%s settled", done->blended,
	    diag_s(done->blended), done->settled, diag_s(done->settled));
	return rc;
}

int
threeway(struct diag *d, const struct threeway_options *o, struct room *room,
    struct registry *maps, struct threeway_done *done)
{
	const struct triples_options from = { .files = { o->base, o->ours,
	    o->theirs }, .input = o->input,
	    .more = namesakes_pair };
	struct conflicts conflicts = { .diag = d, .write = o->conflicts,
	    .resolve = o->resolve, .prefer = o->prefer,
	    .nprefer = o->nprefer };
	struct composer composer = {0};
	struct triples triples;
	int rc = -1;

	if (triples_open(&triples, d, &from, room, maps) == 0 &&
	    conflicts_open(&conflicts) == 0) {
		rc = compose_three_open(&composer, d, &triples, &conflicts);
		rc = rc == -1 ? -1 : merge_sides(&composer, o, done);
	}
	compose_three_close(&composer);
	conflicts_close(&conflicts);
	triples_close(&triples);
	return rc;
}
