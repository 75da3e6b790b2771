/* SPDX-License-Identifier: ISC */
/*
 * Files and containers of which a merge leaves nothing, or makes nothing.
 */
#include "emptied.h"

#include "deciding.h"
#include "rules.h"
#include "side.h"

static struct node *
node_of(const struct side *s, uint32_t i)
{
	return graph_node(&s->graph, i);
}

/* whether anything comes into a file that both sides have */
static int
gets_some(const struct side *s, const struct side *other, uint32_t file)
{
	uint32_t i, mate = side_mate(s, file);

	for (i = mate; i != NOTHING && i + 1 < other->graph.n &&
	    node_of(other, i + 1)->type != RECORD_OF_FILE; i++) {
		if (node_of(other, i + 1)->type == RECORD_COMPONENT &&
		    node_of(other, i + 1)->fate == SIDE_TAKEN)
			return 1;
	}
	return 0;
}

/* a file of which nothing is left goes; its @data lines go with it */
static void
empty_file(struct side *s, const struct side *other, uint32_t i, uint32_t end,
    int source)
{
	uint32_t j;
	int had = 0, has = 0;

	for (j = i + 1; j < end; j++) {
		if (node_of(s, j)->type == RECORD_DATA)
			node_of(s, j)->fate = node_of(s, i)->fate;
		else if (node_of(s, j)->type != RECORD_COMPONENT)
			continue;
		had = 1;
		has |= decide_present(s, other, j, source);
	}
	if (!has && !source)
		has = gets_some(s, other, i);
	for (j = i; j < end && had && !has; j++)
		node_of(s, j)->fate = SIDE_GONE;
}

static void
empty_files(struct side *s, const struct side *other, int source)
{
	uint32_t i, end;

	for (i = 0; i < s->graph.n; i = end) {
		for (end = i + 1; end < s->graph.n &&
		    node_of(s, end)->type != RECORD_OF_FILE; end++)
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
	uint32_t up = node_of(s, i)->parent, j, end = side_end(s, i);
	struct record r;

	for (j = i + 1; j < end; j++) {
		if (node_of(s, j)->type == RECORD_COMPONENT &&
		    node_of(s, j)->fate == SIDE_TAKEN)
			return 0;
	}
	if (up != NOTHING && node_of(s, up)->type == RECORD_COMPONENT &&
	    node_of(s, up)->fate == SIDE_TAKEN)
		return 0;
	if (end == i + 1) {
		if (side_line(s, i, &r) == -1)
			return -1;
		if (rules_inside(s->rules, record_text(&r, RECORD_FILE),
		    record_text(&r, RECORD_AT)))
			return 0;
	}
	for (j = i; j < end; j++)
		node_of(s, j)->fate = SIDE_GONE;
	return 0;
}

static int
open_containers(struct decide *d)
{
	uint32_t i;

	for (i = 0; i < d->source->graph.n; i++) {
		if (node_of(d->source, i)->type == RECORD_OPEN &&
		    side_mate(d->source, i) == NOTHING &&
		    node_of(d->source, i)->fate == SIDE_TAKEN &&
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
