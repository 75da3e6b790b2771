/* SPDX-License-Identifier: ISC */
/*
 * Files and containers of which a merge leaves nothing, or makes nothing.
 */
#include "merge/emptied.h"

#include "match/side.h"
#include "merge/deciding.h"
#include "merge/rules.h"

/*
 * Whether a record of the source alone comes with something new in it: what
 * has a mate stands where that one does, with all that is in it.
 */
static int
brings_some(const struct side *s, uint32_t i, uint32_t end)
{
	while (++i < end) {
		if (side_node(s, i)->type != RECORD_COMPONENT)
			continue;
		if (side_mate(s, i) != NOTHING)
			i = side_end(s, i) - 1;
		else if (side_node(s, i)->fate == SIDE_TAKEN)
			return 1;
	}
	return 0;
}

/* the first record behind a file */
static uint32_t
file_end(const struct side *s, uint32_t file)
{
	uint32_t i = file + 1;

	while (i < s->graph.n && side_node(s, i)->type != RECORD_OF_FILE)
		i++;
	return i;
}

/* whether there are only containers in a file */
static int
is_hollow(const struct side *s, uint32_t file)
{
	uint32_t i, end = file_end(s, file);

	for (i = file + 1; i < end; i++) {
		if (side_node(s, i)->type != RECORD_OPEN)
			return 0;
	}
	return 1;
}

/* a pair is one no more: what only the source has of such lines is taken */
static void
part_file(struct side *s, struct side *other, uint32_t file)
{
	uint32_t i, mate = side_mate(s, file), end = file_end(s, file);

	for (i = file; i < end; i++)
		side_node(s, i)->status &= (uint8_t)~SIDE_PAIRED;
	for (i = mate, end = file_end(other, mate); i < end; i++) {
		side_node(other, i)->status &= (uint8_t)~SIDE_PAIRED;
		side_node(other, i)->fate = SIDE_TAKEN;
	}
}

/* a file is not in the result: what has a mate is in another one */
static void
drop_file(struct side *s, uint32_t file, uint32_t end)
{
	uint32_t i, next;
	int alone = side_mate(s, file) == NOTHING;

	for (i = file; i < end; i = next) {
		next = i + 1;
		if (alone && side_mate(s, i) != NOTHING)
			next = side_end(s, i);
		else
			side_node(s, i)->fate = SIDE_GONE;
	}
}

/*
 * A file of which nothing is left goes; its @data lines go with it.  If the
 * source has such a file, with nothing in it, that one comes.
 */
static void
empty_file(struct side *s, struct side *other, uint32_t i, uint32_t end,
    int source)
{
	uint32_t j, mate = side_mate(s, i);
	int had = 0, has = source && mate == NOTHING && brings_some(s, i, end);

	for (j = i + 1; j < end; j++) {
		if (side_node(s, j)->type == RECORD_DATA)
			side_node(s, j)->fate = side_node(s, i)->fate;
		else if (side_node(s, j)->type != RECORD_COMPONENT)
			continue;
		had = 1;
		if (!source || mate != NOTHING ||
		    side_node(s, j)->type == RECORD_DATA)
			has |= decide_present(s, other, j, source);
	}
	if (!source && mate != NOTHING)
		has |= brings_some(other, mate, file_end(other, mate));
	if (!had || has)
		return;
	if (!source && mate != NOTHING && is_hollow(other, mate))
		part_file(s, other, i);
	drop_file(s, i, end);
}

static void
empty_files(struct side *s, struct side *other, int source)
{
	uint32_t i, end;

	for (i = 0; i < s->graph.n; i = end) {
		end = file_end(s, i);
		empty_file(s, other, i, end, source);
	}
}

/*
 * A container that the target lacks is opened if something comes into it, if
 * what it stands in is new, as is all of a file with nothing in it, or if it
 * is empty where the source's export would have it.
 */
static int
open_container(struct decide *d, uint32_t i)
{
	struct side *s = d->source;
	uint32_t up = side_node(s, i)->parent, j, end = side_end(s, i);
	struct record r;

	if (brings_some(s, i, end))
		return 0;
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
	int hollow = 0;

	for (i = 0; i < d->source->graph.n; i++) {
		if (side_node(d->source, i)->type == RECORD_OF_FILE)
			hollow = side_mate(d->source, i) == NOTHING &&
			    is_hollow(d->source, i);
		if (!hollow && side_node(d->source, i)->type == RECORD_OPEN &&
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

int
emptied_fills(const struct decide *d, uint32_t file)
{
	uint32_t mate = side_mate(d->target, file);

	return mate != NOTHING && brings_some(d->source, mate,
	    file_end(d->source, mate));
}
