/* SPDX-License-Identifier: ISC */
/*
 * Where a record stands, for people.
 *
 * The elements of a list are all numbered when the first is asked about; the
 * numbers are kept by node, and one more, as 0 is none.
 */
#include "match/numbering.h"

#include <inttypes.h>

#include "base/buf.h"
#include "base/slice.h"
#include "json/pointer.h"
#include "match/side.h"

/* components in each other; of deeper ones the innermost are counted */
#define DEEPEST 32

static int
hold_numbers(struct side *s)
{
	return bigarray_hold(&s->numbers, (size_t)s->graph.n *
	    sizeof(uint32_t));
}

/*
 * Number the components of a list that have none of the other side, from n
 * on; the number behind the last.
 */
static uint32_t
number_list(struct side *s, const struct side *other, uint32_t list,
    uint32_t n)
{
	uint32_t *numbers = s->numbers.p, i, end = side_end(s, list);

	for (i = list + 1; i < end; i = side_end(s, i)) {
		if (side_node(s, i)->type == RECORD_COMPONENT &&
		    (other == NULL || side_mate(s, i) == NOTHING))
			numbers[i] = ++n;
	}
	return n;
}

/* the number of an element in the list around it, and one; 0: a message */
static uint32_t
number_of(struct side *s, struct side *other, uint32_t node)
{
	uint32_t list = side_node(s, node)->parent, mate, n = 0;

	if (other != NULL && (mate = side_mate(s, node)) != NOTHING)
		return number_of(other, NULL, mate);
	if (hold_numbers(s) == -1)
		return 0;
	if (((uint32_t *)s->numbers.p)[node] != 0)
		return ((uint32_t *)s->numbers.p)[node];
	/* behind those of the other side's list */
	if (other != NULL && (mate = side_mate(s, list)) != NOTHING) {
		if (hold_numbers(other) == -1)
			return 0;
		n = number_list(other, NULL, mate, 0);
	}
	number_list(s, other, list, n);
	return ((uint32_t *)s->numbers.p)[node];
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

int
numbering_put(struct side *s, struct side *other, uint32_t node,
    struct slice at, struct buf *to)
{
	uint32_t around[DEEPEST], number;
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
		if (n == 0 || (step != steps && n != steps))
			continue;
		number = number_of(s, other, around[steps - step]);
		if (number == 0)
			return -1;
		buf_printf(to, "%" PRIu32, number - 1);
		i++;
	}
	return 0;
}
