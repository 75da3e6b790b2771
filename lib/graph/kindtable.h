/* SPDX-License-Identifier: ISC */
/*
 * What the map says of a graph's kinds, by their numbers.
 */
#ifndef GRAPH_KINDTABLE_H
#define GRAPH_KINDTABLE_H

#include <stddef.h>
#include <stdint.h>	/* numbers of kinds */

#include "stream/record.h"	/* lists */

struct buf;
struct graph;
struct map;

enum {
	KIND_KNOWN = 1,		/* the map has it */
	KIND_TASK = 2,		/* kind ... task */
	KIND_FOLLOWS = 4,	/* follows */
	KIND_APART = 8,		/* apart */
	KIND_APART_COMPARED = 16,	/* apart compare */
	KIND_ALWAYS = 32,	/* always */
	KIND_ORPHAN = 64,	/* orphan */
	KIND_MODE = 128,	/* mode: its status shows the export's mode */
	KIND_TWIN = 256,	/* mode MEMBER: so does that it has one */
	KIND_INNER = 512,	/* inner: parts of it have a status */
	KIND_LISTS = 1024	/* languages: it lists the agent's */
};

/* the flags of a kind by its name; of one that no map has, 0 */
unsigned kindtable_ask(const struct map *, const char *, size_t n);

/*
 * The same while records still come, asked once for each kind by its number:
 * the answers are kept in a buffer, which is empty at first.
 */
unsigned kindtable_early(struct buf *, const struct map *, struct slice name,
	    uint32_t kind);

/* the member that "mode" names for a kind, or NULL */
const char *kindtable_twin(const struct map *, const char *, size_t n);

/* kinds of references that are the end of a record; zeroed: nothing known */
struct kindtable {
	const struct map *map;
	const struct graph *graph;
	uint32_t n;
	uint16_t *flags;	/* by number */
	uint16_t *through;	/* owner ... through: a number, or n */
	uint8_t *is_through;	/* by number: whether some kind has it there */
	uint8_t *drops;		/* enum lost_drops + 1, by kind, list and
				   kind; 0: not yet asked */
};

/* of a graph whose records are all there; map may be NULL: nothing known */
void	kindtable_open(struct kindtable *, const struct map *,
    const struct graph *);
void	kindtable_close(struct kindtable *);

/* the flags of the kind with this number */
static inline unsigned
kindtable_flags(const struct kindtable *k, uint32_t kind)
{
	return k->flags[kind];
}

/* lost_drops() (lost.h), for what a list of a kind names of another */
int	kindtable_drops(struct kindtable *, uint32_t kind,
    enum record_field list,
	    uint32_t target);

#endif
