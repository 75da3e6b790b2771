/* SPDX-License-Identifier: ISC */
/*
 * Paths of files in the result.
 */
#include "threeway/paths.h"

#include <string.h>

#include "match/folders.h"
#include "threeway/triples.h"

/* the path of a side's file, appended, as in a JSON string; 0 or -1 */
static int
path_of(struct triples *t, uint32_t file, unsigned side, struct buf *path)
{
	uint32_t node = triples_at(t, file)->node[side];
	struct record r;
	struct slice text;

	if (node == NOTHING)
		return 0;
	if (side_line(&t->side[side], node, &r) == -1)
		return -1;
	text = record_text(&r, RECORD_FILE);
	buf_add(path, text.p, text.n);
	return 0;
}

/* whose path a file has: what one side alone renamed goes by the new name */
static unsigned
owner_of(const struct triples *t, uint32_t file, struct buf of[TRIPLE_SIDES])
{
	const uint32_t *node = triples_at(t, file)->node;

	if (node[TRIPLE_OURS] == NOTHING)
		return node[TRIPLE_THEIRS] == NOTHING ? TRIPLE_BASE :
		    TRIPLE_THEIRS;
	return node[TRIPLE_THEIRS] != NOTHING && strcmp(buf_str(
	    &of[TRIPLE_BASE]), buf_str(&of[TRIPLE_OURS])) == 0 ?
	    TRIPLE_THEIRS : TRIPLE_OURS;
}

static void
free_paths(struct buf of[TRIPLE_SIDES])
{
	unsigned side;

	for (side = 0; side < TRIPLE_SIDES; side++)
		buf_free(&of[side]);
}

static int
read_paths(struct triples *t, uint32_t file, struct buf of[TRIPLE_SIDES])
{
	unsigned side;

	for (side = 0; side < TRIPLE_SIDES; side++) {
		if (path_of(t, file, side, &of[side]) == -1)
			return -1;
	}
	return 0;
}

int
paths_file(struct triples *t, uint32_t file, struct buf *path)
{
	struct buf of[TRIPLE_SIDES] = {{0}};
	int side = -1;

	if (read_paths(t, file, of) == 0) {
		side = (int)owner_of(t, file, of);
		buf_add(path, buf_str(&of[side]), of[side].len);
	}
	free_paths(of);
	return side;
}

/* the triple of the file that a version of a component is, or NOTHING */
static uint32_t
file_of(const struct triples *t, uint32_t i, unsigned side)
{
	const struct side *s = &t->side[side];
	uint32_t node = triples_at(t, i)->node[side], up;

	if (node == NOTHING || side_node(s, node)->type != RECORD_COMPONENT)
		return NOTHING;
	up = side_node(s, node)->parent;
	return up != NOTHING && side_node(s, up)->type == RECORD_OF_FILE ?
	    triples_of(t, side, up) : NOTHING;
}

/* what a component that both sides have says of the folder around it */
static int
note_component(struct folders *f, struct triples *t, uint32_t i)
{
	unsigned home = triples_home(t, i);
	unsigned other = home == TRIPLE_OURS ? TRIPLE_THEIRS : TRIPLE_OURS;
	uint32_t file = file_of(t, i, home), its = file_of(t, i, other);
	struct buf old = {0}, new = {0};
	int rc = 0;

	if (file != NOTHING && its != NOTHING && file != its) {
		rc = path_of(t, its, other, &old) == -1 ||
		    path_of(t, file, home, &new) == -1 ||
		    folders_add(&f[other], &old, &new) == -1 ? -1 : 0;
	}
	buf_free(&old);
	buf_free(&new);
	return rc;
}

int
paths_find(struct folders *f, struct triples *t)
{
	unsigned side;
	uint32_t i;

	for (side = 0; side < TRIPLE_SIDES; side++)
		folders_init(&f[side], t->list.room);
	for (i = 0; i < t->n; i++) {
		if (note_component(f, t, i) == -1)
			return -1;
	}
	return folders_sort(&f[TRIPLE_OURS]) == -1 ||
	    folders_sort(&f[TRIPLE_THEIRS]) == -1 ? -1 : 0;
}
