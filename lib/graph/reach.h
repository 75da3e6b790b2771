/* SPDX-License-Identifier: ISC */
/*
 * What comes along with the records that are chosen.
 *
 * Of a record that is taken comes what it needs, and with --deps what it
 * links to; what belongs to it, and what stands inside it.  What it stands in
 * itself, and what it belongs to, comes bare: with what that needs, but
 * without all else that is in it.
 */
#ifndef GRAPH_REACH_H
#define GRAPH_REACH_H

#include <stdint.h>	/* numbers */

#include "base/bigarray.h"	/* the work inside */
#include "base/hashset.h"	/* and sets */

struct graph;
struct kindtable;

/* node->flags */
enum {
	/* set before */
	REACH_EXCLUDED = 2,	/* it is not to be taken in any case */
	REACH_WANTED = 4,	/* it may come with what it belongs to though
				   its kind is apart */
	REACH_THERE = 8,	/* it need not come: it is there already */
	/* set by reach_take() */
	REACH_TAKEN = 16,
	REACH_BARE = 32,	/* without what belongs to it */
	REACH_STUB = 64,	/* only what the platform leaves of it */
	/* the caller's own from here on, up to 0x4000 */
	REACH_OWN = 128
};

/* what is left of a kind with what it belongs to */
enum { REACH_LEAVES_NONE, REACH_LEAVES_STUB, REACH_LEAVES_WHOLE };

/* why a record was taken: node->why */
enum reach_why {
	REACH_NOT, REACH_EVERYTHING, REACH_CHOSEN, REACH_ALWAYS, REACH_SETTING,
	REACH_LEFT,		/* what is left of it when it is unwanted */
	REACH_NEEDED, REACH_LINKED, REACH_BELONGS, REACH_INSIDE,
	REACH_OWNER, REACH_AROUND,
	REACH_WHYS
};

struct reach {
	struct graph *graph;
	struct kindtable *kinds;
	int deps;		/* follow links ... */
	uint8_t *deps_of;	/* ... or only from and to such kinds */
	uint8_t *stop;		/* kinds that are not followed to, or NULL */
	uint8_t *stub;		/* kinds of which something is left */
	/* by kind, or NULL: with links are followed references of these ... */
	uint8_t *requires;
	uint8_t *required;	/* ... to those, which a package must have */
	int trace;		/* remember through whom, in via */
	uint64_t taken;
	struct bigarray work;	/* of uint32_t: taken, not yet followed */
	uint64_t nwork;
	struct bigarray via;	/* of uint32_t, by node */
	/* runs, and how they are there, of which what belongs to them ... */
	struct hashset belongs;	/* ... was taken */
	struct hashset through;	/* ... through an owner of some kind was */
};

/* zeroed but for what stands above taken; arrays take memory from room */
void	reach_init(struct reach *, struct room *);
void	reach_free(struct reach *);

/* once it is set what is followed: 0 or -1 */
int	reach_ready(struct reach *);

/* take a record, if it may be; 0 or -1 */
int	reach_take(struct reach *, uint32_t node, enum reach_why,
	    unsigned flags);

/* take what comes along with all that was taken; 0 or -1 */
int	reach_all(struct reach *);

/* the node through which one was taken, or NOTHING; with trace */
uint32_t reach_via(const struct reach *, uint32_t node);

/* whether a link of one kind to another is followed */
int	reach_follows(const struct reach *, uint32_t from, uint32_t to);

/* a reason in words: "needed by it" */
const char *reach_word(enum reach_why);

#endif
