/* SPDX-License-Identifier: ISC */
/*
 * What a package names outside itself.
 */
#include "merge/binding.h"

#include <string.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/hashset.h"
#include "graph/graph.h"
#include "json/tape.h"
#include "map/map.h"
#include "match/side.h"
#include "merge/fate.h"
#include "merge/plan.h"
#include "merge/policy.h"
#include "stream/record.h"
#include "value/locate.h"

struct binding {
	struct locator *places;
	struct tape tape;
	struct hashset named;	/* "WORD VALUE" */
	struct buf text;
};

/* "WORD VALUE" of a place in the value of a record */
static void
say_binding(struct binding *b, const struct spot *spot)
{
	struct slice value = tape_text(&b->tape, spot->token);

	b->text.len = 0;
	buf_printf(&b->text, "%s %.*s", spot->row->args[0], (int)value.n,
	    value.p);
}

/* a record of the source: list what nobody has named yet */
static void
list_new(struct binding *b, struct plan *p, const struct record *r)
{
	if (!hashset_add(&b->named, 0, b->text.ptr, b->text.len))
		return;
	buf_adds(&b->text, ": the target names no such thing; see that it is "
	    "there");
	plan_by_hand(p, r, buf_str(&b->text));
}

/* what a record names; of the target's it is only put down (p: NULL) */
static int
read_record(struct binding *b, struct side *s, uint32_t i, struct plan *p)
{
	const struct map_kind *k = policy_rule(s, i)->sort.kind;
	const struct spot *spot;
	struct place at = side_place(s, i);
	struct record r;
	size_t n, j;

	if (k == NULL || map_kind_row(k, "binding") == NULL)
		return 0;
	if (side_line(s, i, &r) == -1 ||
	    record_read_value(&b->tape, s->diag, &r, &at) == -1)
		return -1;
	n = locate_find(b->places, &r, &b->tape, SPOT_BINDING);
	for (j = 0; j < n; j++) {
		spot = locate_at(b->places, j);
		if (spot->token == TAPE_NONE ||
		    b->tape.tokens[spot->token].type != TAPE_STRING)
			continue;
		say_binding(b, spot);
		if (p == NULL)
			hashset_add(&b->named, 0, b->text.ptr, b->text.len);
		else
			list_new(b, p, &r);
	}
	return 0;
}

/* all records of a side that are of a fate, or whatever (p: NULL) */
static int
read_side(struct binding *b, struct side *s, struct plan *p)
{
	uint32_t i;
	int rc = 0;

	for (i = 0; i < s->graph.n && rc == 0; i++) {
		if (p == NULL || side_node(s, i)->fate == SIDE_TAKEN)
			rc = read_record(b, s, i, p);
	}
	return rc;
}

int
binding_new(struct plan *p, const struct fates *d)
{
	const struct map *m = d->target->sorts->map;
	struct binding b = { .places = m == NULL ? NULL : locate_open(m) };
	int rc = 0;

	if (m != NULL)
		rc = read_side(&b, d->target, NULL) == -1 ||
		    read_side(&b, d->source, p) == -1 ? -1 : 0;
	if (b.places != NULL)
		locate_close(b.places);
	tape_free(&b.tape);
	hashset_free(&b.named);
	buf_free(&b.text);
	return rc;
}
