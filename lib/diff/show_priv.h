/* SPDX-License-Identifier: ISC */
/*
 * What the forms in which differences are printed share.
 */
#ifndef DIFF_SHOW_PRIV_H
#define DIFF_SHOW_PRIV_H

#include <stddef.h>
#include <stdint.h>	/* counts */

#include "base/buf.h"	/* texts inside */
#include "base/hashset.h"	/* a table inside */
#include "diff/item.h"	/* what became of components */
#include "diff/show.h"	/* the look */

/* of one kind */
struct show_count {
	size_t at, n;		/* its name, in texts */
	uint64_t of[DIFF_OPS];
};

struct show_way;

struct show {
	struct output *out;
	struct show_look look;
	const struct show_way *way;
	struct buf counts;	/* of struct show_count, as they came */
	struct hashset table;	/* their numbers */
	struct buf texts;
	uint64_t all[DIFF_OPS];
	struct buf line;	/* what is to be printed */
	struct buf text, spare;	/* of one value */
};

/* a form: it appends to show->line what is printed then */
struct show_way {
	void (*begin)(struct show *);	/* or NULL */
	void (*item)(struct show *, const struct diff_item *);
	void (*end)(struct show *);	/* or NULL */
	int inside;		/* items must have their changes */
	int whole;		/* it ends though nothing differs */
};

extern const struct show_way show_text, show_stat, show_tsv, show_json,
	show_html;

/*
 * Append an item as a JSON object; places: with those for people, where they
 * are not the pointers.
 */
void show_object(struct buf *, const struct diff_item *, int places);

/* the sign and the words of what became of a component */
extern const char show_signs[DIFF_OPS];
extern const char *const show_words[DIFF_OPS], *const show_done[DIFF_OPS];

/* the next sentence of a list (at NULL: the first), or NULL */
const char *show_sentence(const struct show_list *, const char *at);

/* append the lists as members of an object, with a comma before each */
void	show_lists(const struct show *, struct buf *);

/* append the lists as lines that begin with "#", or that nothing changes */
void	show_remarks(struct show *);

/* whether it had another id before */
int	show_other_id(const struct diff_item *);

/* the sequence that begins a colour, and the one that ends it */
const char *show_colour(const struct show *, enum diff_op);
const char *show_plain(const struct show *);

#endif
