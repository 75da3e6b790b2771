/* SPDX-License-Identifier: ISC */
/*
 * A stream's records and what leads from one to another.
 *
 * A node is a line of the stream, numbered from 0 in the order of the lines;
 * an edge is one reference of its owner, needs, links or refs.  With two keys
 * a node takes 73 bytes, an edge 16.
 */
#ifndef GRAPH_H
#define GRAPH_H

#include <stddef.h>
#include <stdint.h>	/* numbers, offsets */

#include "array.h"	/* the arrays inside */
#include "buf.h"	/* and the texts */
#include "keys.h"	/* how records are found; NOTHING */

struct diag;
struct record;
struct slice;

struct node {
	uint64_t at;		/* where its line begins */
	uint32_t edges;		/* its first; the next node's is their end */
	uint32_t parent;	/* the @file, @open or component around it */
	uint32_t keys;		/* the first of its keys, or NOTHING */
	uint16_t kind;		/* number of its kind */
	uint8_t type;		/* enum record_kind */
	/* the rest is for those who decide; zero at first */
	uint8_t status;
	uint8_t fate;
	uint8_t why;
	uint16_t flags;
};

struct edge {
	union {
		uint64_t hash;	/* until graph_link() */
		struct {
			uint32_t key;	/* the first that it leads to, or
					   NOTHING: it leads nowhere */
			uint32_t from;
		};
	};
	uint32_t next;		/* the next edge to the same key */
	uint16_t kind;		/* number of the kind it leads to */
	uint8_t list;		/* enum record_field */
	uint8_t soft;		/* it may be built in */
};

/* a kind that was met; its name stands in texts */
struct graph_kind {
	size_t at, n;
	uint64_t nodes;		/* how many there are of it */
};

/* the record that others may stand in, while they come */
struct around {
	uint32_t node;
	size_t at, n;		/* its place, in places */
};

/* zeroed but for what graph_init() sets */
struct graph {
	struct diag *diag;
	struct array nodes;	/* of struct node: n, and one that ends them */
	uint32_t n;
	struct array edges;	/* of struct edge: nedges */
	uint32_t nedges;
	struct keys keys;
	struct array next_key;	/* of uint32_t, by key: of the same node */
	struct buf kinds;	/* of struct graph_kind */
	struct buf texts;
	uint32_t *kind_table;	/* number + 1, by hash; mask + 1 slots */
	size_t kind_mask;
	struct buf around;	/* of struct around, innermost last */
	struct buf places;
	uint64_t end;		/* where the last line ends */
};

/* arrays take their memory from room, which must last */
void	graph_init(struct graph *, struct diag *, struct room *);
void	graph_free(struct graph *);

/*
 * Add a record (any line but @stream and @end) whose line begins at this
 * offset.  Returns its number, or NOTHING after a message.
 */
uint32_t graph_add(struct graph *, const struct record *, uint64_t at);

/*
 * After the last record: end is where its line ends.  graph_link() also finds
 * out where the edges lead; that is done once.  0 or -1.
 */
int	graph_end(struct graph *, uint64_t end);
int	graph_link(struct graph *, uint64_t end);

static inline struct node *
graph_node(const struct graph *g, uint32_t i)
{
	return (struct node *)g->nodes.p + i;
}

static inline struct edge *
graph_edge(const struct graph *g, uint32_t i)
{
	return (struct edge *)g->edges.p + i;
}

/* the bytes of a node's line, without the newline */
static inline size_t
graph_length(const struct graph *g, uint32_t i)
{
	return (size_t)(graph_node(g, i + 1)->at - graph_node(g, i)->at) - 1;
}

/* the number of a kind, NOTHING: never met; and the name of a number */
uint32_t graph_kind_number(const struct graph *, const char *, size_t n);
struct slice graph_kind_name(const struct graph *, uint32_t kind);
uint32_t graph_kinds(const struct graph *);

/* the key that a reference "kind:word" leads to, or NOTHING */
uint32_t graph_find(const struct graph *, const char *ref, size_t n);

/*
 * The edges that lead to a node: for each of its keys, as
 *	for (k = node->keys; k != NOTHING; k = graph_next_key(g, k))
 *		for (e = graph_into(g, k); e != NOTHING;
 *		    e = graph_edge(g, e)->next)
 */
uint32_t graph_next_key(const struct graph *, uint32_t key);
uint32_t graph_into(const struct graph *, uint32_t key);

/*
 * The same in one loop, while the edges stay as they are:
 *	it = graph_toward(g, node);
 *	while ((e = graph_next(&it)) != NULL)
 */
struct toward {
	const struct graph *graph;
	uint32_t key, edge;	/* the next ones, or NOTHING */
};
struct toward graph_toward(const struct graph *, uint32_t node);
const struct edge *graph_next(struct toward *);

/* call for each string of a list member: its text, canonical, unquoted */
typedef int (*graph_item)(void *, const char *, size_t n);
int	graph_items(struct slice list, graph_item, void *);

#endif
