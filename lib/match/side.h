/* SPDX-License-Identifier: ISC */
/*
 * One of two streams that are compared: its records and who they are.
 *
 * Beside the graph a record has four bytes: a part of its identity until it
 * is known which record of the other side is the same, then the number of
 * that one.  In a node, flags is the number of its sort (side_sort()), status
 * has the bits below.
 *
 * side.c, pair.c and rename.c set the first five of these bits.  The others,
 * and fate, which is one of enum side_fate, are a merge's (merge/fate.h).
 * Nothing in this folder sets them: they stand here because all bits share one
 * member, and rename.c asks which pairs a merge leaves alone.
 */
#ifndef MATCH_SIDE_H
#define MATCH_SIDE_H

#include <stdint.h>	/* numbers */

#include "base/buf.h"	/* and texts */
#include "base/diag.h"	/* places for messages */
#include "graph/graph.h"	/* its records */
#include "map/languages.h"	/* and their languages */
#include "stream/twopass.h"	/* the stream inside */

struct diag;
struct classifier;
struct sort;
struct sorts;

/* node->status */
enum {
	SIDE_PAIRED = 1,	/* side_mate() is the same one */
	SIDE_KEYED = 2,		/* it has an id */
	SIDE_RENAMED = 4,	/* the same one by an alias, of another id */
	SIDE_TIE = 8,		/* the same one by its key */
	SIDE_OTHER_WORDS = 16,	/* source: it has some that its mate has not;
				   known after rename_make() */
	/* a merge's */
	SIDE_HELD = 32,		/* something new needs it */
	SIDE_UNRENAMED = 64,	/* the same one by an alias, but not imported:
				   the target's id stays */
	SIDE_REPAIR = 128,	/* what it refers to is gone */
	SIDE_COMES = 256,	/* source: in place of its mate, if that one
				   cannot stay */
	SIDE_LEFT = 512		/* target: as it is, for its mate cannot take
				   its place */
};

/* node->fate, of a merge */
enum side_fate {
	SIDE_STAYS,	/* target: in the result; source: not taken */
	SIDE_TAKEN,	/* source: in the result, new or in place of its
			   mate; target: its mate is */
	SIDE_GONE	/* not in the result, on either side */
};

/* zeroed, but is_source may be set before; side_open() sets the rest */
struct side {
	struct diag *diag;
	struct twopass in;
	struct graph graph;
	struct sorts *sorts;	/* borrowed */
	struct bigarray mates;	/* of uint32_t */
	struct bigarray numbers;	/* of the same: of elements of lists
					   (numbering.c) */
	struct keyindex places;	/* of those without id and in no component */
	struct classifier *kindof;
	struct buf refs;	/* a list being shortened */
	struct buf prefix;	/* what resource paths begin with */
	struct buf version;	/* of the platform, if a record tells it */
	int is_source;		/* set by the caller, before side_read() */
	int unrenamed;		/* source: some ids become the target's */
	uint32_t says;		/* the record that says it, or NOTHING */
	struct buf options;	/* what its export says that it holds */
	uint64_t components;
	struct languages used;	/* by records, but for unlisted ones */
};

/*
 * Open a stream (file NULL: standard input), and read its first line.  room is
 * for all arrays.  0, or -1 after a message; side_close() in any case.
 */
int	side_open(struct side *, struct diag *, const char *file,
	    const struct input_options *, struct room *room);

/*
 * Read all records; sorts know the map, by which what was edited is derived.
 * 0 or -1
 */
int	side_read(struct side *, struct sorts *);
void	side_close(struct side *);

/* a record's line (it lasts until the next call for this side) taken apart */
int	side_line(struct side *, uint32_t node, struct record *);

/* the same, of a copy of the line in the buffer: it lasts as long as that */
int	side_keep(struct side *, uint32_t node, struct buf *, struct record *);

static inline struct node *
side_node(const struct side *s, uint32_t node)
{
	return graph_node(&s->graph, node);
}

static inline uint32_t *
side_mates(const struct side *s)
{
	return s->mates.p;
}

/* a record's place for messages, or (NOTHING) that of all */
static inline struct place
side_place(const struct side *s, uint32_t node)
{
	return graph_place(&s->in, node);
}

/* what the map says of records such as this one */
const struct sort *side_sort(const struct side *, uint32_t node);

/* append a record's name: 1; 0: it has none, or there was a message */
int	side_name(struct side *, uint32_t node, struct buf *);

/* whether records of two sides have the same line: 1, 0 or -1 */
static inline int
side_same(struct side *s, uint32_t node, struct side *other, uint32_t its)
{
	return graph_same(&s->graph, &s->in, node, &other->graph, &other->in,
	    its);
}

/* the same record of the other side, or NOTHING */
static inline uint32_t
side_mate(const struct side *s, uint32_t node)
{
	return (graph_node(&s->graph, node)->status & SIDE_PAIRED) != 0 ?
	    side_mates(s)[node] : NOTHING;
}

/* the record after all that stands inside this one */
uint32_t side_end(const struct side *, uint32_t node);

#endif
