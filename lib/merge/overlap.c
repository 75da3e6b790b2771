/* SPDX-License-Identifier: ISC */
/*
 * Members of objects in which each side has something else.
 *
 * Containers and settings pair by their places, but only with their like: a
 * list does not pair with a text, nor with an object.
 */
#include "merge/overlap.h"

#include <string.h>

#include "match/side.h"
#include "merge/decide.h"

/* the key of a record in the object around it, hashed; 0: it is in none */
static int
hash_key(struct slice at, size_t around, uint64_t *hash)
{
	const char *key = at.p + around;
	size_t n = at.n - around;

	if (at.n <= around || memchr(key + 1, '/', n - 1) != NULL)
		return 0;
	*hash = keyindex_hash("", 0, key, n);
	return 1;
}

/* whether a record is one that the source adds */
static int
is_added(const struct side *s, uint32_t i)
{
	return side_node(s, i)->fate == SIDE_TAKEN &&
	    side_mate(s, i) == NOTHING;
}

/* whether a record that is in the result as one side has it says nothing */
static int
says_nothing(struct side *s, int source, uint32_t i, int *nothing)
{
	uint32_t j, end = side_end(s, i);
	struct record r;
	struct slice v;

	*nothing = 0;
	for (j = i + 1; j < end; j++) {
		if (side_node(s, j)->type == RECORD_COMPONENT &&
		    (source ? is_added(s, j) :
		    side_node(s, j)->fate != SIDE_GONE))
			return 0;
	}
	if (side_line(s, i, &r) == -1)
		return -1;
	v = r.field[RECORD_VALUE];
	*nothing = (v.n == 2 && strchr("\"[{", *v.p) != NULL) ||
	    (v.n == 4 && *v.p == 'n');
	return 0;
}

/* a record makes way, with the containers in it */
static void
make_way(struct side *s, uint32_t i)
{
	uint32_t end = side_end(s, i);

	for (; i < end; i++) {
		side_node(s, i)->fate = SIDE_GONE;
		side_node(s, i)->why = WHY_PLACE;
	}
}

static int
tell(struct decide *d, uint32_t i)
{
	struct record r;
	struct slice file, at;

	if (side_line(d->source, i, &r) == -1)
		return -1;
	file = record_text(&r, RECORD_FILE);
	at = record_text(&r, RECORD_AT);
	buf_printf(&d->overlaps, "%.*s: %.*s: the source and the target have "
	    "something else there, and one place cannot have both",
	    (int)file.n, file.p, (int)at.n, at.p);
	buf_addc(&d->overlaps, '\0');
	return 0;
}

/* two records at one place */
static int
settle(struct decide *d, uint32_t t, uint32_t s)
{
	int nothing;

	if (says_nothing(d->target, 0, t, &nothing) == -1)
		return -1;
	if (nothing) {
		make_way(d->target, t);
		return 0;
	}
	if (says_nothing(d->source, 1, s, &nothing) == -1)
		return -1;
	if (nothing) {
		make_way(d->source, s);
		return 0;
	}
	return tell(d, s);
}

/* what the target has right inside an object, by its place there; 0 or -1 */
static int
list_members(struct side *t, uint32_t up, struct keyindex *members)
{
	uint32_t i, end = side_end(t, up);
	struct record r;
	uint64_t hash;
	size_t around;

	if (side_line(t, up, &r) == -1)
		return -1;
	around = record_text(&r, RECORD_AT).n;
	for (i = up + 1; i < end; i = side_end(t, i)) {
		if (side_node(t, i)->fate == SIDE_GONE)
			continue;
		if (side_line(t, i, &r) == -1)
			return -1;
		if (hash_key(record_text(&r, RECORD_AT), around, &hash) &&
		    keyindex_add(members, hash, i) == -1)
			return -1;
	}
	return keyindex_sort(members);
}

/* what is added to an object that both sides have */
static int
look_at(struct decide *d, uint32_t i, size_t around,
    const struct keyindex *members)
{
	struct record r;
	uint64_t hash;
	uint32_t k;

	if (side_line(d->source, i, &r) == -1)
		return -1;
	if (!hash_key(record_text(&r, RECORD_AT), around, &hash) ||
	    (k = keyindex_find(members, hash)) == NOTHING)
		return 0;
	return settle(d, keyindex_at(members, k)->node, i);
}

static int
look_into(struct decide *d, uint32_t up, size_t around)
{
	struct room *room = d->target->mates.room;
	struct keyindex members = { .list.room = room, .start.room = room };
	uint32_t i, end = side_end(d->source, up);
	int rc = 0, listed = 0;

	for (i = up + 1; i < end && rc == 0; i = side_end(d->source, i)) {
		if (!is_added(d->source, i))
			continue;
		if (!listed++)
			rc = list_members(d->target, side_mate(d->source, up),
			    &members);
		if (rc == 0)
			rc = look_at(d, i, around, &members);
	}
	keyindex_free(&members);
	return rc;
}

int
overlap(struct decide *d)
{
	struct side *s = d->source;
	struct record r;
	uint32_t i, mate;

	for (i = 0; i < s->graph.n; i++) {
		mate = side_mate(s, i);
		if (side_node(s, i)->type != RECORD_OPEN || mate == NOTHING ||
		    side_node(d->target, mate)->fate == SIDE_GONE)
			continue;
		if (side_line(s, i, &r) == -1)
			return -1;
		if (r.field[RECORD_VALUE].n > 0 &&
		    *r.field[RECORD_VALUE].p == '{' &&
		    look_into(d, i, record_text(&r, RECORD_AT).n) == -1)
			return -1;
	}
	return 0;
}
