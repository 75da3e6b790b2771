/* SPDX-License-Identifier: ISC */
/*
 * Where a file that is new to a package goes.
 */
#include "merge/anchor.h"

#include <string.h>

#include "json/string.h"
#include "map/file_match.h"
#include "map/map.h"
#include "match/side.h"
#include "merge/rules.h"

/* a file's path, and the group that the map has it in */
static int
path_of(struct side *s, uint32_t file, struct buf *path, const char **group)
{
	const struct map *m = s->sorts->map;
	const struct map_file *row = NULL;
	struct buf stars = {0};
	struct record r;
	struct slice name;

	if (side_line(s, file, &r) == -1)
		return -1;
	name = record_text(&r, RECORD_FILE);
	path->len = 0;
	string_decode(path, name.p, name.n);
	buf_str(path);
	if (m != NULL)
		row = map_file(m, path->ptr, &stars);
	buf_free(&stars);
	*group = row == NULL ? "" : row->group->name;
	return 0;
}

/* the folder around a path of n bytes: its length, with the last "/" */
static size_t
folder(const char *path, size_t n)
{
	while (n > 0 && path[n - 1] != '/')
		n--;
	return n;
}

int
anchors_open(struct anchors *a, struct side *s, struct room *room)
{
	const char *group;
	struct buf path = {0};
	uint32_t i;
	size_t n;
	int rc = 0;

	*a = (struct anchors){ .folders = { .list.room = room,
	    .start.room = room } };
	for (i = 0; i < s->graph.n && rc == 0; i++) {
		if (graph_node(&s->graph, i)->type != RECORD_OF_FILE)
			continue;
		if ((rc = path_of(s, i, &path, &group)) == -1)
			break;
		for (n = path.len; n > 0 && rc == 0; ) {
			n = folder(path.ptr, n - 1);
			rc = keyindex_add(&a->folders, keyindex_hash(group,
			    strlen(group), path.ptr, n), i);
		}
	}
	buf_free(&path);
	return rc == -1 ? -1 : keyindex_sort(&a->folders);
}

void
anchors_free(struct anchors *a)
{
	keyindex_free(&a->folders);
}

int
anchors_find(struct anchors *a, struct side *s, uint32_t file,
    uint32_t *after)
{
	const char *group;
	struct buf path = {0};
	uint32_t k = NOTHING;
	size_t n;

	if (path_of(s, file, &path, &group) == -1)
		return -1;
	for (n = path.len; n > 0 && k == NOTHING; ) {
		n = folder(path.ptr, n - 1);
		k = keyindex_find(&a->folders, keyindex_hash(group,
		    strlen(group), path.ptr, n));
	}
	if (k != NOTHING)
		*after = keyindex_at(&a->folders,
		    keyindex_last(&a->folders, k))->node;
	buf_free(&path);
	return 0;
}
