/* SPDX-License-Identifier: ISC */
/*
 * Files that go by another path because what they are of was renamed.
 */
#include "merge/file_moves.h"

#include <string.h>

#include "base/keyindex.h"
#include "json/string.h"
#include "map/classify.h"
#include "map/envelope.h"
#include "map/file_match.h"
#include "map/map.h"
#include "match/pair.h"
#include "match/rename.h"
#include "match/side.h"
#include "merge/fate.h"
#include "merge/policy.h"
#include "stream/list.h"
#include "stream/record_edit.h"

/* the @file that a record is of */
static uint32_t
file_of(const struct side *s, uint32_t i)
{
	while (side_node(s, i)->parent != NOTHING)
		i = side_node(s, i)->parent;
	return i;
}

/* append the path in a record's line, as in a JSON string */
static int
put_path(struct side *s, uint32_t i, struct buf *b)
{
	struct record r;
	struct slice text;

	if (side_line(s, i, &r) == -1)
		return -1;
	text = record_text(&r, RECORD_FILE);
	if (text.n > 0)
		buf_add(b, text.p, text.n);
	return 0;
}

/* a component was renamed, or was to be: its file is that of its mate */
static int
move_own(struct file_moves *m, struct side *target, struct side *source,
    uint32_t t)
{
	uint32_t s = side_mate(target, t), ft, fs;
	struct buf old = {0}, new = {0};
	int kept = (side_node(target, t)->status & SIDE_UNRENAMED) != 0;
	int rc = 0;

	ft = file_of(target, t);
	fs = file_of(source, s);
	if (side_node(target, t)->parent != ft || side_mate(target, ft) !=
	    NOTHING || side_mate(source, fs) != NOTHING)
		return 0;
	rc = put_path(target, ft, &old) == -1 ||
	    put_path(source, fs, &new) == -1 ? -1 : 0;
	if (rc == 0) {
		pair_join(target, ft, source, fs, kept ? SIDE_UNRENAMED :
		    SIDE_RENAMED);
		rc = kept ? folders_add(&m->of[1], &new, &old) :
		    folders_add(&m->of[0], &old, &new);
	}
	buf_free(&old);
	buf_free(&new);
	return rc;
}

/* a side's files that have no mate, by their paths; 0 or -1 */
static int
find_files(struct side *s, struct keyindex *files)
{
	struct record r;
	struct slice name;
	uint32_t i;

	for (i = 0; i < s->graph.n; i++) {
		if (side_node(s, i)->type != RECORD_OF_FILE ||
		    side_mate(s, i) != NOTHING)
			continue;
		if (side_line(s, i, &r) == -1)
			return -1;
		name = record_text(&r, RECORD_FILE);
		if (keyindex_add(files, keyindex_hash_ref(name.p, name.n), i) ==
		    -1)
			return -1;
	}
	return keyindex_sort(files);
}

/* the first of those with a path that has no mate still; NOTHING: none */
static uint32_t
find_file(const struct side *s, const struct keyindex *files,
    const struct buf *path)
{
	uint32_t k = keyindex_find(files, keyindex_hash_ref(path->ptr,
	    path->len));

	while (k != NOTHING && side_mate(s, keyindex_at(files, k)->node) !=
	    NOTHING)
		k = keyindex_next(files, k);
	return k == NOTHING ? NOTHING : keyindex_at(files, k)->node;
}

/* a file of one side (1: the source) below a folder of it that moves */
static int
move_below(struct file_moves *m, struct side *const sides[2], int from,
    const struct keyindex *files, uint32_t file)
{
	unsigned flag = from ? SIDE_UNRENAMED : SIDE_RENAMED;
	struct side *s = sides[from];
	struct buf old = {0}, new = {0};
	uint32_t mate;
	int rc;

	rc = put_path(s, file, &old);
	if (rc == 0 && folders_path(&m->of[from], (struct slice){ old.ptr,
	    old.len }, &new)) {
		side_node(s, file)->status |= (uint16_t)flag;
		mate = side_mate(s, file) != NOTHING ? NOTHING :
		    find_file(sides[!from], files, &new);
		if (mate != NOTHING)
			pair_join(sides[0], from ? mate : file, sides[1],
			    from ? file : mate, flag);
	}
	buf_free(&old);
	buf_free(&new);
	return rc;
}

/* the files below the folders of one side that move */
static int
move_files(struct file_moves *m, struct side *const sides[2], int from)
{
	struct room *room = sides[0]->mates.room;
	struct keyindex files = { .room = room };
	uint32_t i;
	int rc;

	if (m->of[from].old.n == 0)
		return 0;
	rc = folders_sort(&m->of[from]) == -1 ? -1 :
	    find_files(sides[!from], &files);
	for (i = 0; i < sides[from]->graph.n && rc == 0; i++) {
		if (side_node(sides[from], i)->type == RECORD_OF_FILE)
			rc = move_below(m, sides, from, &files, i);
	}
	keyindex_free(&files);
	return rc;
}

/* whether what a record of the target belongs to keeps its id */
static int
owner_keeps(const struct side *target, uint32_t t)
{
	const struct key *owner;
	const struct edge *at = NULL;

	while ((owner = fate_owner(target, t, &at)) != NULL) {
		if ((side_node(target, owner->node)->status &
		    SIDE_UNRENAMED) != 0)
			return 1;
	}
	return 0;
}

/*
 * Whether a pair is imported, so that the target's takes the source's id: not
 * in a union, which the target's stays in.
 */
static int
is_imported(const struct side *target, uint32_t t, const struct side *source)
{
	const struct rule *r = policy_rule(source, side_mate(target, t));

	return r->held && policy_traits(r)->pair != PAIR_STAYS &&
	    policy_traits(r)->pair != PAIR_UNITED && !owner_keeps(target, t);
}

/* whether its id has that of a renamed one in it */
static int
is_inside_renamed(const struct side *target, uint32_t t)
{
	const struct map_kind *k = side_sort(target, t)->kind;
	uint32_t up = graph_outer(&target->graph, t);

	return k != NULL && k->scoped && up != NOTHING &&
	    (side_node(target, up)->status & SIDE_RENAMED) != 0;
}

void
file_moves_undo(struct side *target, struct side *source)
{
	struct node *n;
	uint32_t i;

	for (i = 0; i < target->graph.n; i++) {
		n = side_node(target, i);
		if (n->type != RECORD_COMPONENT ||
		    (n->status & SIDE_RENAMED) == 0 ||
		    side_mate(target, i) == NOTHING ||
		    is_inside_renamed(target, i) ||
		    is_imported(target, i, source))
			continue;
		n->status &= (uint16_t)~SIDE_RENAMED;
		n->status |= SIDE_UNRENAMED;
		source->unrenamed = 1;
		side_node(source, side_mate(target, i))->status &=
		    (uint16_t)~SIDE_RENAMED;
	}
}

int
file_moves_find(struct file_moves *m, struct side *target, struct side *source)
{
	struct side *const sides[2] = { target, source };
	const struct graph *g = &target->graph;
	const unsigned moved = SIDE_RENAMED | SIDE_UNRENAMED;
	uint32_t i;

	for (i = 0; i < 2; i++)
		folders_init(&m->of[i], target->mates.room);
	for (i = 0; i < g->n; i++) {
		if (side_node(target, i)->type == RECORD_COMPONENT &&
		    (side_node(target, i)->status & moved) != 0 &&
		    move_own(m, target, source, i) == -1)
			return -1;
	}
	if (move_files(m, sides, 0) == -1 || move_files(m, sides, 1) == -1)
		return -1;
	for (i = 0; i < g->n; i++) {
		if (side_node(target, i)->type == RECORD_OF_FILE &&
		    (side_node(target, i)->status & moved) != 0 &&
		    side_mate(target, i) != NOTHING && pair_inside(target, i,
		    source, side_mate(target, i)) == -1)
			return -1;
	}
	return 0;
}

int
file_moves_path(const struct file_moves *m, struct side *s,
    struct side *other, uint32_t file, struct buf *path)
{
	unsigned moved = s->is_source ? SIDE_UNRENAMED : SIDE_RENAMED;
	uint32_t mate = side_mate(s, file);
	struct buf old = {0};
	int rc;

	if ((side_node(s, file)->status & moved) == 0)
		return 0;
	if (mate != NOTHING)
		return put_path(other, mate, path) == -1 ? -1 : 1;
	rc = put_path(s, file, &old);
	if (rc == 0 && !folders_path(&m->of[s->is_source != 0],
	    (struct slice){ old.ptr, old.len }, path))
		buf_add(path, old.ptr, old.len);
	buf_free(&old);
	return rc == -1 ? -1 : 1;
}

/* an id, the parts of which that are stars of the file are those of another */
static void
put_id(struct buf *b, struct slice id, const struct map_kind *k,
    const struct buf *stars)
{
	const struct map_member *m = &k->members[RECORD_ID];
	const char *p = id.p, *end = id.p + id.n, *slash, *star;
	struct buf text = {0};
	size_t i, j;

	for (i = 0; i < m->n; i++, p = slash < end ? slash + 1 : end) {
		slash = m->n == 1 ? NULL : memchr(p, '/', (size_t)(end - p));
		if (slash == NULL)
			slash = end;
		if (i > 0)
			buf_addc(b, '/');
		star = stars->ptr;
		for (j = 1; star != NULL && star < stars->ptr + stars->len &&
		    j < m->parts[i].sources[0].capture; j++)
			star += strlen(star) + 1;
		if (m->parts[i].sources[0].from != FROM_CAPTURE ||
		    m->parts[i].sources[0].capture == 0 || star == NULL ||
		    star >= stars->ptr + stars->len) {
			buf_add(b, p, (size_t)(slash - p));
			continue;
		}
		text.len = 0;
		string_encode(&text, star, strlen(star));
		if (m->n == 1)
			buf_add(b, text.ptr, text.len);
		else
			envelope_part(b, (struct slice){ text.ptr, text.len });
	}
	buf_free(&text);
}

void
file_moves_line(struct buf *line, const struct record *r, const struct side *s,
    const struct renames *of, const char *path, size_t n)
{
	struct slice id = record_text(r, RECORD_ID);
	const struct map_kind *k = NULL;
	struct buf file = {0}, owner = {0}, spelled = {0}, text = {0};
	struct buf stars = {0};
	struct record_edit changes[3];
	size_t count = 0;

	buf_addc(&file, '"');
	buf_add(&file, path, n);
	buf_addc(&file, '"');
	changes[count++] = (struct record_edit){ RECORD_FILE, { file.ptr,
	    file.len } };
	if (r->field[RECORD_OWNER].p != NULL) {
		rename_list(of, r->field[RECORD_OWNER], &owner);
		changes[count++] = (struct record_edit){ RECORD_OWNER,
		    { owner.ptr, owner.len } };
	}
	if (r->kind == RECORD_COMPONENT && s->kindof != NULL)
		k = classify_find(s->kindof, r);
	if (k != NULL && id.p != NULL && !k->scoped) {
		string_decode(&spelled, path, n);
		map_file(s->sorts->map, buf_str(&spelled), &stars);
		buf_addc(&text, '"');
		put_id(&text, id, k, &stars);
		buf_addc(&text, '"');
		changes[count++] = (struct record_edit){ RECORD_ID, { text.ptr,
		    text.len } };
	}
	record_edit(line, r, changes, count);
	buf_free(&file);
	buf_free(&owner);
	buf_free(&spelled);
	buf_free(&text);
	buf_free(&stars);
}

void
file_moves_free(struct file_moves *m)
{
	int i;

	for (i = 0; i < 2; i++)
		folders_free(&m->of[i]);
}
