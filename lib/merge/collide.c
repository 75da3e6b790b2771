/* SPDX-License-Identifier: ISC */
/*
 * Files of a merge's result of which a package can have only one.
 */
#include "merge/collide.h"

#include <string.h>
#include <strings.h>

#include "base/buf.h"
#include "json/string.h"
#include "match/side.h"
#include "merge/decide.h"
#include "merge/file_moves.h"
#include "package/member.h"

/* the files of the result, one after the other */
struct files {
	const struct decide *d;
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
any_new(const struct decide *d)
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

	f->raw.len = f->path.len = 0;
	if (!f->source && (side_node(s, i)->status & SIDE_RENAMED) != 0) {
		if (file_moves_path(f->moves, s, f->d->source, i, &f->raw) ==
		    -1)
			return -1;
	} else if (f->source &&
	    (side_node(s, i)->status & SIDE_UNRENAMED) != 0) {
		if (file_moves_new_path(f->moves, s, i, &f->raw) == -1)
			return -1;
	} else {
		if (side_line(s, i, &r) == -1)
			return -1;
		buf_add(&f->raw, record_text(&r, RECORD_FILE).p,
		    record_text(&r, RECORD_FILE).n);
	}
	string_decode(&f->path, f->raw.ptr, f->raw.len);
	buf_str(&f->path);
	return 0;
}

/* the next file: 1, 0 behind the last, or -1 */
static int
next(struct files *f)
{
	struct side *s;

	for (; f->source < 2; f->source++, f->next = 0) {
		s = decide_side(f->d, f->source);
		for (; f->next < s->graph.n; f->next++) {
			if (is_file(s, f->next, f->source))
				return read_path(f, s, f->next++) == -1 ? -1 :
				    1;
		}
	}
	return 0;
}

/* whether two paths are one to a package */
static int
same(const char *a, const char *b)
{
	size_t n = strlen(a), m = strlen(b), less = n < m ? n : m;

	return strncasecmp(a, b, less) == 0 && (n == m ||
	    (n < m ? b : a)[less] == '/');
}

/* say which earlier file is in the way of the one at hand; told()'s answer */
static int
tell(const struct files *f, int (*told)(void *, const char *), void *ctx)
{
	struct files all = { .d = f->d, .moves = f->moves };
	struct buf what = {0};
	int got;

	while ((got = next(&all)) == 1 && !same(all.path.ptr, f->path.ptr))
		continue;
	if (got == 1) {
		buf_printf(&what, "%s and %s: a package cannot have both, "
		    "for only the case of letters tells them apart",
		    all.path.ptr, f->path.ptr);
		got = told(ctx, buf_str(&what));
	}
	buf_free(&what);
	buf_free(&all.raw);
	buf_free(&all.path);
	return got;
}

int
collide(const struct decide *d, const struct file_moves *moves,
    int (*told)(void *, const char *), void *ctx)
{
	struct files f = { .d = d, .moves = moves };
	struct member_set names = {0};
	int got, rc = 0;

	if (!any_new(d))
		return 0;
	while (rc == 0 && (got = next(&f)) != 0) {
		if (got == -1)
			rc = -1;
		else if (member_set_join(&names, f.path.ptr, 0) != MEMBER_NEW)
			rc = tell(&f, told, ctx);
	}
	member_set_free(&names);
	buf_free(&f.raw);
	buf_free(&f.path);
	return rc;
}
