/* SPDX-License-Identifier: ISC */
/*
 * Files and containers of which a merge leaves nothing, or makes nothing.
 */
#include "merge/emptied.h"

#include "match/side.h"
#include "merge/deciding.h"
#include "merge/rules.h"

/* whether anything comes into a file that both sides have */
static int
gets_some(const struct side *s, const struct side *other, uint32_t file)
{
	uint32_t i, mate = side_mate(s, file);

	for (i = mate; i != NOTHING && i + 1 < other->graph.n &&
	    side_node(other, i + 1)->type != RECORD_OF_FILE; i++) {
		if (side_node(other, i + 1)->type == RECORD_COMPONENT &&
		    side_node(other, i + 1)->fate == SIDE_TAKEN)
			return 1;
	}
	return 0;
}

/*
 * Whether a record is in the result, in this file: of what both have and the
 * source does not bring, nothing comes into a file of the source alone.
 */
static int
is_there(const struct side *s, const struct side *other, uint32_t file,
    uint32_t i, int source)
{
	return source && side_mate(s, file) == NOTHING ?
	    side_node(s, i)->fate == SIDE_TAKEN :
	    decide_present(s, other, i, source);
}

/* a file of which nothing is left goes; its @data lines go with it */
static void
empty_file(struct side *s, const struct side *other, uint32_t i, uint32_t end,
    int source)
{
	uint32_t j;
	int had = 0, has = 0;

	for (j = i + 1; j < end; j++) {
		if (side_node(s, j)->type == RECORD_DATA)
			side_node(s, j)->fate = side_node(s, i)->fate;
		else if (side_node(s, j)->type != RECORD_COMPONENT)
			continue;
		had = 1;
		has |= is_there(s, other, i, j, source);
	}
	if (!has && !source)
		has = gets_some(s, other, i);
	for (j = i; j < end && had && !has; j++)
		side_node(s, j)->fate = SIDE_GONE;
}

static void
empty_files(struct side *s, const struct side *other, int source)
{
	uint32_t i, end;

	for (i = 0; i < s->graph.n; i = end) {
		for (end = i + 1; end < s->graph.n &&
		    side_node(s, end)->type != RECORD_OF_FILE; end++)
			continue;
		empty_file(s, other, i, end, source);
	}
}

/*
 * A container that the target lacks is opened if something comes into it, if
 * what it stands in is new, or if it is empty where the source's export would
 * have it.
 */
static int
open_container(struct decide *d, uint32_t i)
{
	struct side *s = d->source;
	uint32_t up = side_node(s, i)->parent, j, end = side_end(s, i);
	struct record r;

	for (j = i + 1; j < end; j++) {
		if (side_node(s, j)->type == RECORD_COMPONENT &&
		    side_node(s, j)->fate == SIDE_TAKEN)
			return 0;
	}
	if (up != NOTHING && side_node(s, up)->type == RECORD_COMPONENT &&
	    side_node(s, up)->fate == SIDE_TAKEN)
		return 0;
	if (end == i + 1) {
		if (side_line(s, i, &r) == -1)
			return -1;
		if (rules_inside(rules_of(s), record_text(&r, RECORD_FILE),
		    record_text(&r, RECORD_AT)))
			return 0;
	}
	for (j = i; j < end; j++)
		side_node(s, j)->fate = SIDE_GONE;
	return 0;
}

static int
open_containers(struct decide *d)
{
	uint32_t i;

	for (i = 0; i < d->source->graph.n; i++) {
		if (side_node(d->source, i)->type == RECORD_OPEN &&
		    side_mate(d->source, i) == NOTHING &&
		    side_node(d->source, i)->fate == SIDE_TAKEN &&
		    open_container(d, i) == -1)
			return -1;
	}
	return 0;
}

int
emptied(struct decide *d)
{
	empty_files(d->target, d->source, 0);
	empty_files(d->source, d->target, 1);
	return open_containers(d);
}
