/* SPDX-License-Identifier: ISC */
/*
 * What a result cannot have both of: documents and members of an object in
 * which each side has something else, files by names that are one to a package.
 *
 * Containers and settings pair by their places, but only with their like: a
 * list does not pair with a text, nor with an object.
 */
#include "merge/collide.h"

#include <string.h>

#include "base/buf.h"
#include "json/string.h"
#include "match/side.h"
#include "merge/fate.h"
#include "merge/file_moves.h"
#include "package/member.h"

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
		side_node(s, i)->why = DECIDE_PLACE;
	}
}

static int
add_overlap(struct fates *d, uint32_t i)
{
	struct record r;
	struct slice file, at;

	if (side_line(d->source, i, &r) == -1)
		return -1;
	file = record_text(&r, RECORD_FILE);
	at = record_text(&r, RECORD_AT);
	if (at.n == 0)
		at = (struct slice){ "(root)", 6 };
	buf_printf(&d->overlaps, "%.*s: %.*s: the source and the target have "
	    "something else there, and one place cannot have both",
	    (int)file.n, file.p, (int)at.n, at.p);
	buf_addc(&d->overlaps, '\0');
	return 0;
}

/*
 * Two records at one place.  Of two that say nothing the target's stays, but
 * not a container where the source has a component: files live by those.
 */
static int
settle_place(struct fates *d, uint32_t t, uint32_t s)
{
	int says[2];

	if (says_nothing(d->target, 0, t, &says[0]) == -1 ||
	    says_nothing(d->source, 1, s, &says[1]) == -1)
		return -1;
	if (!says[0] && !says[1])
		return add_overlap(d, s);
	if (says[0] && (!says[1] ||
	    (side_node(d->target, t)->type == RECORD_OPEN &&
	    side_node(d->source, s)->type == RECORD_COMPONENT)))
		make_way(d->target, t);
	else
		make_way(d->source, s);
	return 0;
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

/* a member that is added to an object that both sides have */
static int
add_member(struct fates *d, uint32_t i, size_t around,
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
	return settle_place(d, keyindex_at(members, k)->node, i);
}

static int
add_members(struct fates *d, uint32_t up, size_t around)
{
	struct room *room = d->target->mates.room;
	struct keyindex members = { .room = room };
	uint32_t i, end = side_end(d->source, up);
	int rc = 0, listed = 0;

	for (i = up + 1; i < end && rc == 0; i = side_end(d->source, i)) {
		if (!is_added(d->source, i))
			continue;
		if (!listed++)
			rc = list_members(d->target, side_mate(d->source, up),
			    &members);
		if (rc == 0)
			rc = add_member(d, i, around, &members);
	}
	keyindex_free(&members);
	return rc;
}

/* the whole document of a file, if it is a record: 1, 0 or -1 */
static int
find_document(struct side *s, uint32_t file, uint32_t *doc)
{
	uint32_t i = file + 1, end = side_end(s, file);
	struct record r;

	while (i < end && side_node(s, i)->type == RECORD_DATA)
		i++;
	if (i == end)
		return 0;
	if (side_line(s, i, &r) == -1)
		return -1;
	*doc = i;
	return record_text(&r, RECORD_AT).n == 0;
}

/* a file that both sides have, each with a document of its own sort */
static int
settle_document(struct fates *d, uint32_t t, uint32_t s)
{
	uint32_t a, b;
	int got;

	if (side_node(d->target, t)->fate != SIDE_STAYS)
		return 0;
	if ((got = find_document(d->source, s, &b)) != 1 ||
	    !is_added(d->source, b) ||
	    (got = find_document(d->target, t, &a)) != 1)
		return got == -1 ? -1 : 0;
	return side_node(d->target, a)->fate == SIDE_GONE ||
	    side_mate(d->target, a) != NOTHING ? 0 : settle_place(d, a, b);
}

int
collide_members(struct fates *d)
{
	struct side *s = d->source;
	struct record r;
	uint32_t i, mate;

	for (i = 0; i < s->graph.n; i++) {
		mate = side_mate(s, i);
		if (mate != NOTHING && side_node(s, i)->type ==
		    RECORD_OF_FILE && settle_document(d, mate, i) == -1)
			return -1;
		if (side_node(s, i)->type != RECORD_OPEN || mate == NOTHING ||
		    side_node(d->target, mate)->fate == SIDE_GONE)
			continue;
		if (side_line(s, i, &r) == -1)
			return -1;
		if (r.field[RECORD_VALUE].n > 0 &&
		    *r.field[RECORD_VALUE].p == '{' &&
		    add_members(d, i, record_text(&r, RECORD_AT).n) == -1)
			return -1;
	}
	return 0;
}

/* ---- files */

/* the files of the result, one after the other */
struct files {
	const struct fates *d;
	const struct file_moves *moves;
	int source;		/* the next is the source's */
	uint32_t next;
	struct buf raw, path;	/* of the file at hand */
};

static int
is_file(const struct side *s, uint32_t i, int source)
{
	const struct node *n = side_node(s, i);

	if (n->type != RECORD_OF_FILE || n->fate == SIDE_GONE)
		return 0;
	return !source || (n->fate == SIDE_TAKEN &&
	    side_mate(s, i) == NOTHING);
}

/* whether the result has a file by a name that the target has not */
static int
any_new(const struct fates *d)
{
	uint32_t i;

	for (i = 0; i < d->source->graph.n; i++) {
		if (is_file(d->source, i, 1))
			return 1;
	}
	for (i = 0; i < d->target->graph.n; i++) {
		if (is_file(d->target, i, 0) &&
		    (side_node(d->target, i)->status & SIDE_RENAMED) != 0)
			return 1;
	}
	return 0;
}

/* the path of a file, decoded; 0 or -1 */
static int
read_path(struct files *f, struct side *s, uint32_t i)
{
	struct record r;
	int got;

	f->raw.len = f->path.len = 0;
	got = file_moves_path(f->moves, s, fate_side(f->d, !f->source), i,
	    &f->raw);
	if (got == -1 || (got == 0 && side_line(s, i, &r) == -1))
		return -1;
	if (got == 0)
		buf_add(&f->raw, record_text(&r, RECORD_FILE).p,
		    record_text(&r, RECORD_FILE).n);
	string_decode(&f->path, f->raw.ptr, f->raw.len);
	buf_str(&f->path);
	return 0;
}

/* the next file: 1, 0 behind the last, or -1 */
static int
next_file(struct files *f)
{
	struct side *s;

	for (; f->source < 2; f->source++, f->next = 0) {
		s = fate_side(f->d, f->source);
		for (; f->next < s->graph.n; f->next++) {
			if (is_file(s, f->next, f->source))
				return read_path(f, s, f->next++) == -1 ? -1 :
				    1;
		}
	}
	return 0;
}

/* ---- which of them are in each other's way */

/* all files by their names and those of the folders around them */
struct names {
	struct fate_list files;	/* as they come */
	struct keyindex index;	/* their numbers in that list */
	struct buf low;		/* a path in small letters, and a "/" */
};

/* make a path low; its length */
static size_t
set_low(struct names *s, const char *path)
{
	s->low.len = 0;
	member_fold(&s->low, path);
	buf_addc(&s->low, '/');
	return s->low.len - 1;
}

/* what a file is found by: its path; around: also the folders it is in */
static uint64_t
hash_low(const struct names *s, size_t n, int around)
{
	return keyindex_hash("/", around ? 1 : 0, s->low.ptr, n);
}

/* the file at hand; 0 or -1 */
static int
add_file(struct names *s, const struct files *f)
{
	uint32_t number = (uint32_t)s->files.n;
	size_t i, n = set_low(s, f->path.ptr);

	for (i = 0; i <= n; i++) {
		if (s->low.ptr[i] == '/' && keyindex_add(&s->index,
		    hash_low(s, i, 1), number) == -1)
			return -1;
	}
	if (keyindex_add(&s->index, hash_low(s, n, 0), number) == -1)
		return -1;
	return fate_push(&s->files, f->source, f->next - 1);
}

static int
list_files(struct names *s, const struct files *f)
{
	struct files all = { .d = f->d, .moves = f->moves };
	int got;

	s->files.items.room = s->index.room = f->d->target->mates.room;
	while ((got = next_file(&all)) == 1 && (got = add_file(s, &all)) == 0)
		continue;
	buf_free(&all.raw);
	buf_free(&all.path);
	return got == -1 ? -1 : keyindex_sort(&s->index);
}

/* the first file whose path is one with this, as 2 * node + side */
static uint64_t
first_of(struct names *s, const char *path)
{
	size_t i, n = set_low(s, path);
	uint32_t k, first = NOTHING;

	for (i = 0; i <= n; i++) {
		k = s->low.ptr[i] != '/' ? NOTHING :
		    keyindex_find(&s->index, hash_low(s, i, i == n));
		if (k != NOTHING && keyindex_at(&s->index, k)->node < first)
			first = keyindex_at(&s->index, k)->node;
	}
	return ((uint64_t *)s->files.items.p)[first];
}

/* say which earlier file is in the way of the one at hand; told()'s answer */
static int
say_collision(const struct files *f, struct names *s,
    int (*told)(void *, const char *), void *ctx)
{
	struct files first = { .d = f->d, .moves = f->moves };
	struct buf what = {0};
	uint64_t at;
	int got;

	if (s->files.n == 0 && list_files(s, f) == -1)
		return -1;
	at = first_of(s, f->path.ptr);
	first.source = at & 1;
	got = read_path(&first, fate_side(f->d, first.source),
	    (uint32_t)(at >> 1));
	if (got == 0) {
		buf_printf(&what, "%s and %s: a package cannot have both, "
		    "for only the case of letters tells them apart",
		    first.path.ptr, f->path.ptr);
		got = told(ctx, buf_str(&what));
	}
	buf_free(&what);
	buf_free(&first.raw);
	buf_free(&first.path);
	return got;
}

int
collide_files(const struct fates *d, const struct file_moves *moves,
    int (*told)(void *, const char *), void *ctx)
{
	struct files f = { .d = d, .moves = moves };
	struct member_set known = {0};
	struct names names = {0};
	int got, rc = 0;

	if (!any_new(d))
		return 0;
	while (rc == 0 && (got = next_file(&f)) != 0) {
		if (got == -1)
			rc = -1;
		else if (member_set_join(&known, f.path.ptr, 0) != MEMBER_NEW)
			rc = say_collision(&f, &names, told, ctx);
	}
	member_set_free(&known);
	bigarray_free(&names.files.items);
	keyindex_free(&names.index);
	buf_free(&names.low);
	buf_free(&f.raw);
	buf_free(&f.path);
	return rc;
}
