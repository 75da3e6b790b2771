/* SPDX-License-Identifier: ISC */
/*
 * A stream, or a patch of one, as a tree: what stands in what, and who each
 * record is.
 *
 * Who a record is: what it stands in; its kind; a file's path, the offset of a
 * slice, else its place and its id, if it has one.  An element of a list
 * without an id is what it says.  Of several that are the same then, the first
 * is the first.  These make a hash, the record's name.
 *
 * A record takes 32 bytes of the graph and 32 here, of a patch 16.
 */
#ifndef PATCH_TREE_H
#define PATCH_TREE_H

#include <stddef.h>
#include <stdint.h>	/* names */

#include "base/bigarray.h"	/* the arrays inside */
#include "base/buf.h"	/* and a text */
#include "base/hash.h"	/* sums as text */
#include "base/keyindex.h"	/* and the table */
#include "graph/graph.h"	/* records in records */
#include "stream/twopass.h"	/* the stream */

struct diag;
struct map;
struct place;

/* zeroed; tree_open() sets the rest */
struct tree {
	struct diag *diag;
	struct twopass in;
	struct graph graph;	/* without keys and edges */
	struct bigarray names;	/* of uint64_t, by node */
	struct bigarray nths;	/* of uint32_t: so many twins before it */
	struct bigarray ends;	/* of uint32_t: past all that is in it */
	struct keyindex index;	/* of the names; of a patch: none */
	struct buf text, line;
};

/*
 * Open a stream, or a patch (file NULL: standard input), and read its first
 * line.  room is for all arrays.  0, or -1 after a message; tree_close() in
 * any case.
 */
int	tree_open(struct tree *, struct diag *, const char *file,
	    const struct input_options *, struct room *);

/* read all records, those that were edited by the map; 0 or -1 */
int	tree_read(struct tree *, const struct map *);
void	tree_close(struct tree *);

/* a record's line, taken apart; it lasts until the next call.  0 or -1 */
int	tree_line(struct tree *, uint32_t node, struct record *);

/* the record of a name, or NOTHING; not in a patch */
uint32_t tree_find(const struct tree *, uint64_t name);

/* its place for messages; NOTHING: that of the first line */
struct place tree_place(const struct tree *, uint32_t node);

/* whether such a record is what it says: an element without an id */
int	tree_is_content(const struct record *);

/* append a patch's line without what only a patch has */
void	tree_plain(const struct record *, struct buf *);

/* what a stream's first line and a patch's say of it: JSON */
void	tree_digest(const struct hash_sum *, uint64_t records, struct buf *);

/* the sum of a line */
void	tree_sum(struct slice line, char text[HASH_TEXT]);

static inline uint64_t
tree_name(const struct tree *t, uint32_t node)
{
	return ((const uint64_t *)t->names.p)[node];
}

static inline uint32_t
tree_nth(const struct tree *t, uint32_t node)
{
	return ((const uint32_t *)t->nths.p)[node];
}

static inline uint32_t
tree_parent(const struct tree *t, uint32_t node)
{
	return graph_node(&t->graph, node)->parent;
}

/* NOTHING stands for what all files stand in: the stream */
static inline uint32_t
tree_end(const struct tree *t, uint32_t node)
{
	return node == NOTHING ? t->graph.n :
	    ((const uint32_t *)t->ends.p)[node];
}

static inline uint32_t
tree_begin(uint32_t node)
{
	return node == NOTHING ? 0 : node + 1;
}

/* where it is in arrays that have one more, for the stream itself */
static inline uint32_t
tree_slot(const struct tree *t, uint32_t node)
{
	return node == NOTHING ? t->graph.n : node;
}

#endif
