/* SPDX-License-Identifier: ISC */
/*
 * Lines of components that stand inside others.
 */
#include "convert/nesting.h"

#include <stdlib.h>
#include <string.h>

#include "base/spool.h"
#include "stream/stream.h"

/* longer lines are passed on in pieces */
#define SHORT_LINE 32768

/* a line in a spool: this, and its bytes */
struct header {
	uint64_t cut;		/* as in nesting_line; UINT64_MAX: whole */
	uint64_t len;
};

/* the spool that takes lines now; NULL: they go out */
static struct spool *
sink(const struct nesting *n)
{
	if (n->depth == 0 || (n->depth == 1 && n->through))
		return NULL;
	return &n->levels[n->depth - 1];
}

void
nesting_push(struct nesting *n)
{
	n->levels = xroom(n->levels, &n->room, n->depth, sizeof(*n->levels));
	n->levels[n->depth++].diag = n->diag;
}

int
nesting_waiting(const struct nesting *n)
{
	return n->levels[n->depth - 1].size > 0;
}

/* a line in parts to where lines go now */
static int
put_parts(struct nesting *n, const struct slice *parts, size_t count,
    size_t cut)
{
	struct header h = { .cut = cut == NESTING_WHOLE ? UINT64_MAX : cut };
	struct spool *to;
	size_t i;

	if ((to = sink(n)) == NULL)
		return stream_line(n->out, parts, count);
	for (i = 0; i < count; i++)
		h.len += parts[i].n;
	if (spool_add(to, &h, sizeof(h)) == -1)
		return -1;
	for (i = 0; i < count; i++) {
		if (spool_add(to, parts[i].p, parts[i].n) == -1)
			return -1;
	}
	return 0;
}

int
nesting_line(struct nesting *n, const struct nesting_line *l)
{
	const struct slice parts[] = { l->head, l->value, { "}", 1 } };

	return put_parts(n, parts, l->value.p != NULL ? 3 : 1, l->cut);
}

/* a piece of a long line to where lines go now */
static int
put_piece(struct nesting *n, const char *p, size_t len)
{
	struct spool *to = sink(n);

	return to != NULL ? spool_add(to, p, len) :
	    stream_piece(n->out, p, len);
}

/* pass n more bytes of a spooled line on */
static int
pass_on(struct nesting *n, struct spool *from, uint64_t len)
{
	const char *p;
	long got;

	for (; len > 0; len -= (uint64_t)got) {
		got = spool_read(from, &p, len < SHORT_LINE ? (size_t)len :
		    SHORT_LINE);
		if (got <= 0 || put_piece(n, p, (size_t)got) == -1)
			return -1;
	}
	return 0;
}

/* a spooled line of any length, with the scope put in at its cut */
static int
copy_long(struct nesting *n, struct spool *from, const struct header *h,
    struct slice scope)
{
	uint64_t before = h->cut == UINT64_MAX ? 0 : h->cut;
	size_t more = h->cut == UINT64_MAX ? 0 : scope.n;
	struct header to = { UINT64_MAX, h->len + more };

	if (sink(n) != NULL && spool_add(sink(n), &to, sizeof(to)) == -1)
		return -1;
	if (pass_on(n, from, before) == -1 ||
	    (more > 0 && put_piece(n, scope.p, more) == -1) ||
	    pass_on(n, from, h->len - before) == -1)
		return -1;
	return sink(n) != NULL ? 0 : stream_piece_end(n->out);
}

static int
copy_line(struct nesting *n, struct spool *from, struct slice scope)
{
	struct slice parts[3];
	struct header h;
	char *line;

	if (spool_take(from, &h, sizeof(h)) == -1)
		return -1;
	if (h.len > SHORT_LINE)
		return copy_long(n, from, &h, scope);
	n->scratch.len = 0;
	line = buf_room(&n->scratch, (size_t)h.len);
	if (spool_take(from, line, (size_t)h.len) == -1)
		return -1;
	parts[0] = (struct slice){ line, (size_t)h.len };
	if (h.cut == UINT64_MAX)
		return put_parts(n, parts, 1, NESTING_WHOLE);
	parts[0].n = (size_t)h.cut;
	parts[1] = scope;
	parts[2] = (struct slice){ line + h.cut, (size_t)(h.len - h.cut) };
	return put_parts(n, parts, 3, NESTING_WHOLE);
}

/* write a line where lines go now, then all that is in a spool */
static int
release(struct nesting *n, struct spool *from, const struct nesting_line *l)
{
	if (nesting_line(n, l) == -1)
		return -1;
	if (from->size == 0)
		return 0;
	if (spool_rewind(from) == -1)
		return -1;
	while (from->given < from->size) {
		if (copy_line(n, from, l->scope) == -1)
			return -1;
	}
	spool_reset(from);
	return 0;
}

int
nesting_pop(struct nesting *n, const struct nesting_line *l)
{
	n->depth--;
	return release(n, &n->levels[n->depth], l);
}

int
nesting_through(struct nesting *n, const struct nesting_line *l)
{
	size_t depth = n->depth;
	int rc;

	n->depth = 0;
	rc = release(n, &n->levels[0], l);
	n->depth = depth;
	n->through = 1;
	return rc;
}

void
nesting_reset(struct nesting *n)
{
	for (n->through = 0; n->depth > 0; n->depth--)
		spool_reset(&n->levels[n->depth - 1]);
}

void
nesting_free(struct nesting *n)
{
	size_t i;

	for (i = 0; i < n->room; i++)
		spool_free(&n->levels[i]);
	free(n->levels);
	buf_free(&n->scratch);
}
