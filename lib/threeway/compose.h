/* SPDX-License-Identifier: ISC */
/*
 * The lines of the result: of a triple whose fate is known, one.
 */
#ifndef THREEWAY_COMPOSE_H
#define THREEWAY_COMPOSE_H

#include <stdint.h>	/* numbers */

#include "base/buf.h"	/* texts inside */
#include "diff/raw.h"	/* files */
#include "diff/who.h"	/* and names */
#include "match/folders.h"	/* those that move */
#include "stream/record.h"	/* the line made */
#include "threeway/blend.h"	/* what makes one value of three */
#include "threeway/triples.h"	/* how many sides there are */

struct composer {
	struct diag *diag;
	struct triples *t;
	struct conflicts *conflicts;
	int report;		/* conflicts are told now */
	struct blend blend;
	struct locator *spots;
	struct reviser *rewriter, *repairer;
	struct raw raw[TRIPLE_SIDES];
	struct who_texts who;
	struct tape tape;
	struct buf kept[TRIPLE_SIDES];	/* lines of the versions */
	struct buf line, spare, value, text;	/* the line made */
	struct record made;	/* ... taken apart */
	struct buf path;	/* that the file has in the result */
	uint32_t path_of;	/* ... this triple, or NOTHING */
	struct folders folders[TRIPLE_SIDES];	/* that are elsewhere then */
	int restated;		/* the line made has other words */
	uint32_t at;		/* the triple at hand */
};

/* all is borrowed; 0, or -1 after a message */
int	compose_three_open(struct composer *, struct diag *,
	    struct triples *, struct conflicts *);
void	compose_three_close(struct composer *);

/*
 * Whether a side's version says something else than the base's: 1, 0 or -1.
 * Of files that are split, and containers, 0.
 */
int	compose_changed(struct composer *, uint32_t i, unsigned side);

/*
 * Make the line of a triple, in c->line and c->made: 1; 0: it cannot be
 * without what it lost; -1 after a message.
 */
int	compose_three(struct composer *, uint32_t i);

/*
 * The same of a file that is not split: 1: the line is made, and its text,
 * what stands between the quotes of a JSON string, in c->value; 0: its lines
 * are those of *side, as they are.
 */
int	compose_raw(struct composer *, uint32_t i, unsigned *side);

/* the line of a node in such a file, or of it, in c->line; 0 or -1 */
int	compose_part(struct composer *, uint32_t file, unsigned side,
	    uint32_t node);

/* whether a triple is a file that is not split, or a part of one */
int	compose_is_raw(const struct triples *, uint32_t i);
int	compose_is_raw_part(const struct triples *, uint32_t i);

/* whether ours and theirs of a triple are both files not split, or neither */
int	compose_one_layout(const struct triples *, uint32_t i);

int	compose_is_component(const struct triples *, uint32_t i);

/* what a triple stands in, in the result, or NOTHING */
uint32_t compose_around(const struct triples *, uint32_t i);

/*
 * Ask about a triple as a whole, that one side removed or of which both have
 * another file: an enum pick, or -1.
 */
int	compose_ask(struct composer *, uint32_t i, const char *why);

/* the same about two that would have one name in the result */
int	compose_ask_name(struct composer *, const struct collision *);

#endif
