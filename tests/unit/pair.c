/* SPDX-License-Identifier: ISC */
/*
 * Two streams (operands): of each component that both have its kind, its id
 * in the first and in the second, or (without one) its place.  All that is
 * asked of the pairing stands in match/side.h, match/sorts.h, match/pair.h.
 */
#include <err.h>
#include <stdio.h>

#include "base/diag.h"
#include "map/registry.h"
#include "match/pair.h"
#include "match/side.h"
#include "match/sorts.h"
#include "stream/record.h"

static struct diag d = { .program = "pair" };
static struct room room = { .diag = &d, .cap = ROOM };

static void
print_id(struct side *s, uint32_t node)
{
	struct record r;
	struct slice id;

	if (side_line(s, node, &r) == -1)
		errx(2, "a line cannot be read");
	id = record_text(&r, RECORD_ID);
	if (id.p == NULL)
		id = record_text(&r, RECORD_AT);
	printf("\t%.*s", (int)id.n, id.p);
}

static void
print_pairs(struct side *target, struct side *source)
{
	const struct sort *sort;
	uint32_t i;

	for (i = 0; i < target->graph.n; i++) {
		if (side_node(target, i)->type != RECORD_COMPONENT ||
		    side_mate(target, i) == NOTHING)
			continue;
		sort = sorts_at(target->sorts, side_node(target, i)->flags);
		printf("%s", sort->called);
		print_id(target, i);
		print_id(source, side_mate(target, i));
		printf("\n");
	}
}

int
main(int argc, char **argv)
{
	struct input_options o = { .max_component = UINT32_MAX };
	struct registry maps = {0};
	struct side target = {0}, source = {0};
	struct sorts sorts = {0};
	const struct map *map;

	if (argc != 3)
		errx(2, "usage: pair target source");
	if (side_open(&target, &d, argv[1], &o, &room) == -1 ||
	    side_open(&source, &d, argv[2], &o, &room) == -1)
		return 2;
	source.is_source = 1;
	map = registry_of(&d, &maps, NULL, &target.in.first);
	if (map == NULL)
		return 2;
	sorts_init(&sorts, &d, map);
	if (side_read(&target, &sorts) == -1 ||
	    side_read(&source, &sorts) == -1 ||
	    pair_all(&target, &source, NULL, NULL) == -1)
		return 2;
	print_pairs(&target, &source);
	side_close(&target);
	side_close(&source);
	sorts_free(&sorts);
	registry_close(&maps);
	return 0;
}
