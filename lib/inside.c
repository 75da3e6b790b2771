/* SPDX-License-Identifier: ISC */
/*
 * What stands inside of two records that are the same one.
 */
#include "inside.h"

#include <string.h>

#include "pair.h"
#include "rules.h"
#include "side.h"

/* where a record stands, appended */
static int
put_at(struct side *s, uint32_t i, struct buf *b)
{
	struct record r;
	struct slice at;

	if (side_line(s, i, &r) == -1)
		return -1;
	at = record_text(&r, RECORD_AT);
	if (at.n > 0)
		buf_add(b, at.p, at.n);
	return 0;
}

int
inside_join(struct side *target, uint32_t t, struct side *source, uint32_t s)
{
	uint32_t i, j, last = side_end(source, s), end = side_end(target, t);
	struct buf a = {0}, b = {0};
	int rc = 0;

	for (i = t + 1; i < end && rc == 0; i++) {
		if (side_mate(target, i) != NOTHING ||
		    (side_node(target, i)->status & SIDE_KEYED) != 0 ||
		    rules_at(target->rules, side_node(target, i)->flags)->keyed)
			continue;
		a.len = 0;
		rc = put_at(target, i, &a);
		for (j = s + 1; j < last && rc == 0; j++) {
			if (side_mate(source, j) != NOTHING ||
			    side_node(source, j)->type !=
			    side_node(target, i)->type)
				continue;
			b.len = 0;
			rc = put_at(source, j, &b);
			if (rc == 0 && a.len == b.len && (a.len == 0 ||
			    memcmp(a.ptr, b.ptr, a.len) == 0)) {
				pair_join(target, i, source, j, 0);
				break;
			}
		}
	}
	buf_free(&a);
	buf_free(&b);
	return rc;
}

void
inside_part(struct side *s, uint32_t node)
{
	uint32_t i, end = side_end(s, node);

	for (i = node + 1; i < end; i++) {
		if ((side_node(s, i)->status & SIDE_KEYED) == 0)
			side_node(s, i)->status &= (uint8_t)~SIDE_PAIRED;
	}
}
