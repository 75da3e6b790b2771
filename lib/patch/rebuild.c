/* SPDX-License-Identifier: ISC */
/*
 * A target's records in their new order.
 *
 * Records may stand in each other as deep as a stream says, so the way down
 * is a list, not the calls of a function.
 */
#include "patch/rebuild.h"

#include "patch/tree.h"

int
rebuild_init(struct rebuild *r)
{
	const struct rebuild_slot none = { NOTHING, NOTHING, NOTHING,
	    NOTHING };
	uint32_t i, n = r->target->graph.n;

	if (bigarray_hold(&r->slots, ((size_t)n + 1) * sizeof(none)) == -1 ||
	    bigarray_hold(&r->lines, ((size_t)n + 1) * sizeof(uint32_t)) ==
	    -1)
		return -1;
	for (i = 0; i <= n; i++) {
		*rebuild_slot(r, i) = none;
		((uint32_t *)r->lines.p)[i] = NOTHING;
	}
	return 0;
}

void
rebuild_free(struct rebuild *r)
{
	bigarray_free(&r->slots);
	bigarray_free(&r->items);
	bigarray_free(&r->lines);
	buf_free(&r->stack);
	buf_free(&r->line);
}

uint32_t
rebuild_add(struct rebuild *r, uint32_t node, int of_target)
{
	const struct rebuild_item item = { node, NOTHING,
	    (uint32_t)of_target };

	/* there are fewer than the patch has records */
	if (bigarray_hold(&r->items, (size_t)(r->nitems + 1) * sizeof(item)) ==
	    -1)
		return NOTHING;
	*rebuild_item(r, (uint32_t)r->nitems) = item;
	return (uint32_t)r->nitems++;
}

/* write a line of the patch, as it was in the stream that it was made of */
static int
write_new(struct rebuild *r, uint32_t node)
{
	struct slice line;
	struct record rec;

	if (tree_line(r->patch, node, &rec) == -1)
		return -1;
	r->line.len = 0;
	tree_plain(&rec, &r->line);
	line = (struct slice){ r->line.ptr, r->line.len };
	return stream_line(r->out, &line, 1);
}

static int
write_old(struct rebuild *r, uint32_t node)
{
	const struct graph *g = &r->target->graph;
	struct slice line = { .n = graph_length(g, node) };

	line.p = twopass_bytes(&r->target->in, graph_at(g, node), line.n);
	return line.p == NULL ? -1 : stream_line(r->out, &line, 1);
}

/* what is written next stands in this record, or NOTHING: in the stream */
static void
go_into(struct rebuild *r, uint32_t node)
{
	struct rebuild_frame f = { .node = node, .next = tree_begin(node),
	    .item = rebuild_slot(r, tree_slot(r->target, node))->first };

	buf_add(&r->stack, &f, sizeof(f));
}

/* write a record of the target; what stands in it is next */
static int
write_kept(struct rebuild *r, uint32_t node)
{
	uint32_t with = ((uint32_t *)r->lines.p)[node];

	go_into(r, node);
	return with == NOTHING ? write_old(r, node) : write_new(r, with);
}

/* write an item; of the patch with all that stands in it */
static int
write_item(struct rebuild *r, const struct rebuild_item *item)
{
	uint32_t i;

	if (item->of_target)
		return write_kept(r, item->node);
	for (i = item->node; i < tree_end(r->patch, item->node); i++) {
		if (write_new(r, i) == -1)
			return -1;
	}
	return 0;
}

/* one step: an item, or a record, or the way up; 0 or -1 */
static int
step(struct rebuild *r)
{
	struct rebuild_frame *f = (struct rebuild_frame *)(void *)(r->stack.ptr
	    + r->stack.len) - 1;
	const struct rebuild_item *item;
	uint32_t node;

	if (f->item != NOTHING) {
		item = rebuild_item(r, f->item);
		f->item = item->next;
		return write_item(r, item);
	}
	if (f->ended) {
		r->stack.len -= sizeof(*f);
		return 0;
	}
	if (f->next == tree_end(r->target, f->node)) {
		f->ended = 1;
		f->item = rebuild_slot(r, tree_slot(r->target,
		    f->node))->last;
		return 0;
	}
	node = f->next;
	f->next = tree_end(r->target, node);
	f->item = rebuild_slot(r, node)->after;
	return graph_node(&r->target->graph, node)->status & (REBUILD_GONE |
	    REBUILD_TAKEN) ? 0 : write_kept(r, node);
}

int
rebuild_write(struct rebuild *r)
{
	go_into(r, NOTHING);
	while (r->stack.len > 0) {
		if (step(r) == -1)
			return -1;
	}
	return 0;
}
