/* SPDX-License-Identifier: ISC */
/*
 * A stream's records and their references to one another.
 *
 * A node is a line of the stream, numbered from 0 in the order of the lines;
 * an edge is one reference of its owner, needs, links or refs; a key is a word
 * by which a node is referred to: its id, an alias, a name.  A node takes 24
 * bytes, an edge 14, a key 12, and 8 more once it is linked.
 *
 * The folder, in the order to read it: this; kindtable.h, what the map says of
 * the kinds; closure.h, what goes with what is dropped; reach.h, what comes
 * with what is chosen; emit.h, the second reading; vocabulary.h.
 */
#ifndef GRAPH_GRAPH_H
#define GRAPH_GRAPH_H

#include <stddef.h>
#include <stdint.h>	/* numbers, offsets */

#include "base/bigarray.h"	/* the arrays inside */
#include "base/buf.h"	/* and the texts */
#include "base/keyindex.h"	/* how records are found; NOTHING */
#include "base/hashset.h"	/* kinds by name */

struct diag;
struct place;
struct record;
struct slice;
struct twopass;

/* bits of an offset, and of the number of a kind */
#define AT_BITS 44
#define KIND_BITS 11

/* the largest fate and reason */
#define MOST_FATE 3u
#define MOST_WHY 15u

/* there are many nodes, edges and keys, so each byte of them is used */
struct node {
	uint32_t at_low;	/* see graph_at() */
	uint32_t edges;		/* its first; the next node's is their end */
	uint32_t keys;		/* the same, of its keys in their order */
	uint32_t parent;	/* the @file, @open or component around it */
	uint32_t at_high : AT_BITS - 32;
	uint32_t kind : KIND_BITS;	/* number of its kind */
	uint32_t type : 3;	/* enum record_kind */
	/* the rest is for those who decide; zero at first */
	uint32_t fate : 2;
	uint32_t why : 4;
	uint16_t status;
	uint16_t flags;		/* bits; of match/side.h: the record's sort */
};

struct edge {
	union {
		uint64_t hash;	/* until graph_link() */
		struct {
			uint32_t key;	/* the first that it refers to, or
					   NOTHING: it dangles */
			uint32_t from;
		};
	};
	uint32_t next;		/* the next edge to the same key */
	uint16_t kind : KIND_BITS;	/* number of the kind it names */
	uint16_t list : 4;	/* enum record_field */
	uint16_t soft : 1;	/* it may be built in */
} __attribute__((packed, aligned(2)));

/*
 * Marks of a run: closure.c, reach.c, a tool, match/ and a plan each name their
 * own, from here on.
 */
enum {
	RUN_CLOSURE = 0, RUN_REACH = 5, RUN_TOOL = 7, RUN_MATCH = 13,
	RUN_PLAN = 14, RUN_MARKS = 17
};

/*
 * A word that more than RUN_FEW records have, as in a hostile stream.  What
 * refers to the word refers to all of them; so that not each reference walks
 * over all of them again, it is noted here what such a walk found.
 */
#define RUN_FEW 8
struct run {
	uint32_t first, n;	/* keys */
	uint32_t gone;		/* the first so many are dropped: closure.c */
	uint32_t mark[RUN_MARKS];	/* zero at first */
};

/* where the search for an owner that is left goes on: graph_owner_cursor() */
struct owner_cursor {
	uint32_t node, kind;
	uint32_t edge;
};

/* a kind that was met; its name stands in texts */
struct graph_kind {
	size_t at, n;
};

/* the record that others may stand in, while they come */
struct around {
	uint32_t node;
	size_t at, n;		/* its place, of a @file its name, in places */
};

/* zeroed but for what graph_init() sets */
struct graph {
	struct diag *diag;
	struct bigarray nodes;	/* of struct node: n, and one that ends them */
	uint32_t n;
	struct bigarray edges;	/* of struct edge: nedges */
	uint32_t nedges;
	struct keyindex keys;
	struct bigarray order;	/* of uint32_t: the keys as they were added */
	struct bigarray heads;	/* of uint32_t, by key: what refers to it */
	struct buf runs;	/* of struct run, by their first keys */
	struct buf cursors;	/* of struct owner_cursor */
	struct hashset cursor_table;	/* their numbers by node and kind */
	struct buf kinds;	/* of struct graph_kind */
	struct buf texts;
	struct hashset kind_table;	/* their numbers by name */
	struct buf around;	/* of struct around, innermost last */
	struct buf places;
	uint32_t last_node, last_edge;	/* numbers of their kinds */
	uint64_t end;		/* where the last line ends */
	int reached;		/* nodes have those keys alone that edges refer
				   to: set before graph_link(), or not */
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
 * Whether the record added last, this node, is of the file whose lines these
 * are and, in a stream that is somebody's and not edited, stands right in the
 * container or component around it.  0, or -1 after a message.
 */
int	graph_check_order(const struct graph *, const struct twopass *,
	    const struct record *, uint32_t node);

/*
 * After the last record: end is where its line ends.  graph_link() also finds
 * out what the edges refer to; that is done once.  0 or -1.
 */
int	graph_end(struct graph *, uint64_t end);
int	graph_link(struct graph *, uint64_t end);

static inline struct node *
graph_node(const struct graph *g, uint32_t i)
{
	return (struct node *)g->nodes.p + i;
}

/* where a node's line begins */
static inline uint64_t
graph_at(const struct graph *g, uint32_t i)
{
	const struct node *n = graph_node(g, i);

	return (uint64_t)n->at_high << 32 | n->at_low;
}

static inline struct edge *
graph_edge(const struct graph *g, uint32_t i)
{
	return (struct edge *)g->edges.p + i;
}

/*
 * The first edge of a node; those of the next one begin where they end:
 *	for (e = graph_edges(g, node); e < graph_edges(g, node + 1); e++)
 */
static inline struct edge *
graph_edges(const struct graph *g, uint32_t node)
{
	return graph_edge(g, graph_node(g, node)->edges);
}

/*
 * The first key of a node, as they were added; those of the next one begin
 * where they end:
 *	for (k = graph_keys(g, node); k < graph_keys(g, node + 1); k++)
 */
static inline const uint32_t *
graph_keys(const struct graph *g, uint32_t node)
{
	return (const uint32_t *)g->order.p + graph_node(g, node)->keys;
}

/* whether it has any */
static inline int
graph_has_keys(const struct graph *g, uint32_t node)
{
	return graph_node(g, node)->keys < graph_node(g, node + 1)->keys;
}

/*
 * All edges are walked, node after node, and this is one of them: have memory
 * fetch what those to come refer to.
 */
FETCH
graph_fetch(const struct graph *g, const struct edge *e)
{
	if (graph_edge(g, g->nedges) - e <= 2 * AHEAD)
		return;
	if (e[2 * AHEAD].key != NOTHING)
		__builtin_prefetch(keyindex_at(&g->keys, e[2 * AHEAD].key));
	if (e[AHEAD].key != NOTHING)
		__builtin_prefetch(graph_node(g, keyindex_at(&g->keys,
		    e[AHEAD].key)->node));
}

/* the same of the nodes' words, which are sought among those of another */
FETCH
graph_fetch_words(const struct graph *g, uint32_t node,
    const struct keyindex *among)
{
	const uint32_t *k = graph_keys(g, node);

	for (; k < graph_keys(g, node + 1); k++) {
		if (graph_keys(g, g->n) - k <= 2 * AHEAD)
			return;
		__builtin_prefetch(keyindex_at(&g->keys, k[2 * AHEAD]));
		keyindex_fetch(among, keyindex_at(&g->keys, k[AHEAD])->hash);
	}
}

/* the same of nodes that are taken one by one from the end of a list of n */
void	graph_fetch_stack(const struct graph *, const uint32_t *, uint64_t n);

/*
 * Whether a record stands inside another; those that do come right after it:
 *	for (i = node + 1; graph_inside(g, i, node); i++)
 */
static inline int
graph_inside(const struct graph *g, uint32_t i, uint32_t node)
{
	return i < g->n && graph_node(g, i)->parent != NOTHING &&
	    graph_node(g, i)->parent >= node;
}

/* the bytes of a node's line, without the newline */
static inline size_t
graph_length(const struct graph *g, uint32_t i)
{
	return (size_t)(graph_at(g, i + 1) - graph_at(g, i)) - 1;
}

/*
 * For messages: the line of a node, as each record is one, after @stream; of
 * NOTHING the input as a whole.
 */
struct place graph_place(const struct twopass *, uint32_t node);

/*
 * In the second pass: a node's line taken apart; it lasts until the next is
 * read.  0, or -1 after a message.
 */
int	graph_read(const struct graph *, struct twopass *, uint32_t node,
	    struct record *);

/* whether nodes of two graphs have the same line: 1, 0 or -1 */
int	graph_same(const struct graph *, struct twopass *, uint32_t node,
	    const struct graph *other, struct twopass *its, uint32_t mate);

/*
 * The edge of a record's next owner that the input has, after one of them
 * (NULL: the first), or NULL.
 */
const struct edge *graph_owner(const struct graph *, uint32_t node,
	    const struct edge *after);

/* whether there is one */
int	graph_owned(const struct graph *, uint32_t node);

/*
 * Of a record with more than RUN_FEW owners: where the caller left off when it
 * looked for one of this kind (NOTHING: of any).  At first it is the number of
 * the first edge.  NULL: it has few, begin there again.
 */
uint32_t *graph_owner_cursor(struct graph *, uint32_t node, uint32_t kind);

/* the component that a record stands in, or NOTHING */
uint32_t graph_outer(const struct graph *, uint32_t node);

/* the number of a kind, NOTHING: never met; and the name of a number */
uint32_t graph_kind_number(const struct graph *, const char *, size_t n);
struct slice graph_kind_name(const struct graph *, uint32_t kind);
uint32_t graph_kinds(const struct graph *);

/* the key that a reference "kind:word" refers to, or NOTHING */
uint32_t graph_find(const struct graph *, const char *ref, size_t n);

/*
 * The first edge that refers to a key's word, or NOTHING:
 *	for (e = graph_into(g, key); e != NOTHING;
 *	    e = graph_edge(g, e)->next)
 */
uint32_t graph_into(const struct graph *, uint32_t key);

/*
 * Those that refer to a node by any of its keys, while they stay as they are:
 *	it = graph_toward(g, node);
 *	while ((e = graph_next(&it)) != NULL)
 */
struct toward {
	const struct graph *graph;
	const uint32_t *key, *end;	/* the next of its keys */
	uint32_t edge;		/* the next one, or NOTHING */
	unsigned mark;		/* or RUN_MARKS */
	struct hashset *done;	/* or NULL */
	uint64_t value;
};
struct toward graph_toward(const struct graph *, uint32_t node);

/* but through a run whose mark has this value; others get it */
struct toward graph_toward_once(const struct graph *, uint32_t node,
	    unsigned mark, uint32_t value);

/* but through no run that a set has with this value; it has them then */
struct toward graph_toward_new(const struct graph *, uint32_t node,
	    struct hashset *, uint64_t value);
const struct edge *graph_next(struct toward *);

/* the next record that names the node as its owner, or NOTHING */
uint32_t graph_next_owned(struct toward *);

/* the run of a key, or NULL where few records have its word */
struct run *graph_run(const struct graph *, uint32_t key);

/*
 * Whether a test holds for one of the records that have a key's word; of a
 * run it is made once, and the answer kept in a mark.
 */
int	graph_any(const struct graph *, uint32_t key, unsigned mark,
	    int (*test)(const struct graph *, uint32_t node));

/* the node of a run's i-th key */
static inline struct node *
graph_run_node(const struct graph *g, const struct run *r, uint32_t i)
{
	return graph_node(g, keyindex_at(&g->keys, r->first + i)->node);
}

/* call for each string of a list member: its text, canonical, unquoted */
typedef int (*graph_item)(void *, const char *, size_t n);
int	graph_items(struct slice list, graph_item, void *);

/* whether two such lists have the same strings, in whatever order */
int	graph_same_items(struct slice, struct slice);

#endif
