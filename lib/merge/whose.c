/* SPDX-License-Identifier: ISC */
/*
 * Who a record of a merge is, for people.
 *
 * The elements of a list are counted as they come; where it was left off is
 * kept for each list that is open, so that the work is one step an element.
 */
#include "merge/whose.h"

#include <inttypes.h>
#include <string.h>

#include "match/side.h"
#include "stream/record.h"

/* lists in each other; of deeper ones the innermost are not counted */
#define DEEPEST 32

/* how far the elements of a list are counted */
struct count {
	uint32_t list;		/* the record around them */
	uint32_t next;		/* the first that is not counted */
	uint64_t n;
};

/* the components right inside a record; of the source the new ones alone */
static uint64_t
count_up_to(const struct side *s, uint32_t *from, uint32_t end)
{
	uint64_t n = 0;
	uint32_t i;

	for (i = *from; i < end; i = side_end(s, i))
		n += side_node(s, i)->type == RECORD_COMPONENT &&
		    (!s->is_source || side_mate(s, i) == NOTHING);
	*from = i;
	return n;
}

/* how many elements the target has where the source's are new */
static uint64_t
before_all(const struct side *s, const struct side *other, uint32_t list)
{
	uint32_t mate, first;

	if (!s->is_source || (mate = side_mate(s, list)) == NOTHING)
		return 0;
	first = mate + 1;
	return count_up_to(other, &first, side_end(other, mate));
}

/* the number of an element in the list around it, in depth other lists */
static uint64_t
number_of(struct whose *w, const struct side *s, const struct side *other,
    uint32_t node, unsigned depth)
{
	struct buf *b = &w->counts[s->is_source != 0];
	const struct count none = { .list = NOTHING };
	uint32_t list = side_node(s, node)->parent;
	struct count *c;

	while (b->len <= depth * sizeof(*c))
		buf_add(b, &none, sizeof(none));
	c = (struct count *)(void *)b->ptr + depth;
	if (c->list != list || c->next > node)
		*c = (struct count){ list, list + 1,
		    before_all(s, other, list) };
	c->n += count_up_to(s, &c->next, node);
	return c->n;
}

/* the same; what the target has, too, is where that has it */
static uint64_t
number_in_result(struct whose *w, const struct side *s,
    const struct side *other, uint32_t node, unsigned depth)
{
	uint32_t mate = s->is_source ? side_mate(s, node) : NOTHING;

	return mate == NOTHING ? number_of(w, s, other, node, depth) :
	    number_of(w, other, s, mate, depth);
}

/* whether a pointer goes on with a step "-" here */
static int
is_element(struct slice at, size_t i)
{
	return at.p[i] == '/' && i + 1 < at.n && at.p[i + 1] == '-' &&
	    (i + 2 == at.n || at.p[i + 2] == '/');
}

/* a pointer with numbers for its steps "-" */
static void
put_pointer(struct whose *w, const struct side *s, const struct side *other,
    uint32_t node, struct slice at, struct buf *b)
{
	uint32_t around[DEEPEST];
	unsigned n = 0, steps = 0, step = 0;
	size_t i;

	for (; node != NOTHING && n < DEEPEST;
	    node = side_node(s, node)->parent)
		if (side_node(s, node)->type == RECORD_COMPONENT)
			around[n++] = node;
	for (i = 0; i < at.n; i++)
		steps += is_element(at, i) != 0;
	for (i = 0; i < at.n; i++) {
		buf_addc(b, at.p[i]);
		if (!is_element(at, i))
			continue;
		/* the last step is the record's own, if others are not known */
		step++;
		if (step == steps || n == steps) {
			buf_printf(b, "%" PRIu64, number_in_result(w, s, other,
			    around[steps - step], step - 1));
			i++;
		}
	}
}

void
whose(struct whose *w, const struct side *s, const struct side *other,
    uint32_t node, const struct record *r, struct buf *b)
{
	struct slice id = record_text(r, RECORD_ID);
	struct slice file = record_text(r, RECORD_FILE);
	struct slice at = record_text(r, RECORD_AT);

	if (id.p != NULL) {
		buf_add(b, id.p, id.n);
		return;
	}
	if (file.p != NULL)
		buf_add(b, file.p, file.n);
	if (at.n == 0)
		return;
	buf_addc(b, '#');
	if (r->kind == RECORD_COMPONENT)
		put_pointer(w, s, other, node, at, b);
	else
		buf_add(b, at.p, at.n);
}

void
whose_free(struct whose *w)
{
	buf_free(&w->counts[0]);
	buf_free(&w->counts[1]);
}
