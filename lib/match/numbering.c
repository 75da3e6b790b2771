/* SPDX-License-Identifier: ISC */
/*
 * Where a record stands, for people.
 *
 * The elements of a list are counted as they come; where it was left off is
 * kept for each list that is open.
 */
#include "match/numbering.h"

#include <inttypes.h>

#include "json/pointer.h"
#include "match/side.h"

/* components in each other; of deeper ones the innermost are counted */
#define DEEPEST 32

/* how far the elements of a list are counted */
struct count {
	uint32_t list;		/* the record around them */
	uint32_t next;		/* the first that is not counted */
	uint64_t n;
};

/* count up to a record the components that have no number of the other side */
static uint64_t
count_up_to(const struct numbering *b, uint32_t *from, uint32_t end)
{
	const struct side *s = b->side;
	uint64_t n = 0;
	uint32_t i;

	for (i = *from; i < end; i = side_end(s, i))
		n += side_node(s, i)->type == RECORD_COMPONENT &&
		    (b->other == NULL || side_mate(s, i) == NOTHING);
	*from = i;
	return n;
}

/* the number of the first of a list: behind those of the other side's */
static uint64_t
first_number(const struct numbering *b, uint32_t list)
{
	uint32_t mate, first;

	if (b->other == NULL || (mate = side_mate(b->side, list)) == NOTHING)
		return 0;
	first = mate + 1;
	return count_up_to(b->other, &first, side_end(b->other->side, mate));
}

/* the number of an element in the list around it, which is in depth others */
static uint64_t
number_of(struct numbering *b, uint32_t node, unsigned depth)
{
	const struct count none = { .list = NOTHING };
	uint32_t list = side_node(b->side, node)->parent, mate;
	struct count *c;

	if (b->other != NULL &&
	    (mate = side_mate(b->side, node)) != NOTHING)
		return number_of(b->other, mate, depth);
	while (b->counts.len <= depth * sizeof(*c))
		buf_add(&b->counts, &none, sizeof(none));
	c = buf_item(&b->counts, depth, sizeof(struct count));
	if (c->list != list || c->next > node)
		*c = (struct count){ list, list + 1, first_number(b, list) };
	c->n += count_up_to(b, &c->next, node);
	return c->n;
}

/* the steps of a pointer that are elements of components' lists */
static unsigned
elements_of(struct slice at)
{
	unsigned n = 0;
	size_t i;

	for (i = 0; i < at.n; i++)
		n += pointer_is_dash(at.p, at.n, i) != 0;
	return n;
}

void
numbering_put(struct numbering *b, uint32_t node, struct slice at,
    struct buf *to)
{
	const struct side *s = b->side;
	uint32_t around[DEEPEST];
	unsigned n = 0, steps = elements_of(at), step = 0;
	size_t i;

	for (; node != NOTHING && n < DEEPEST;
	    node = side_node(s, node)->parent)
		if (side_node(s, node)->type == RECORD_COMPONENT &&
		    side_node(s, node)->parent != NOTHING)
			around[n++] = node;
	for (i = 0; i < at.n; i++) {
		buf_addc(to, at.p[i]);
		if (!pointer_is_dash(at.p, at.n, i))
			continue;
		/* the last step is the record's own, if others are not known */
		step++;
		if (n > 0 && (step == steps || n == steps)) {
			buf_printf(to, "%" PRIu64, number_of(b,
			    around[steps - step], step - 1));
			i++;
		}
	}
}

void
numbering_free(struct numbering *b)
{
	buf_free(&b->counts);
}
