/* SPDX-License-Identifier: ISC */
/*
 * What the two halves of a renaming share.
 */
#ifndef RENAME_RENAMING_PRIV_H
#define RENAME_RENAMING_PRIV_H

#include <stddef.h>
#include <stdint.h>	/* numbers */

#include "base/buf.h"	/* the lists inside */
#include "base/hashset.h"	/* and tables */
#include "graph/graph.h"	/* the records */
#include "rename/moves.h"	/* their files */
#include "value/relabel.h"	/* what is known of a word */

struct diag;
struct map;
struct place;
struct record;
struct renamed_counts;
struct renaming_options;
struct twopass;

/* node->flags */
enum {
	RENAMED = 1,	/* it gets another name */
	RENAMED_ID = 2,	/* which is in its id */
	RENAMED_IN = 4,		/* its id begins with that of such a one */
	RENAMED_FILE = 8,	/* its file goes by another path */
	MENTIONS = 16	/* its scripts or texts name components */
};

/* a component that gets another name; its texts are in texts */
struct renamed {
	uint32_t node;
	size_t asked;		/* which asks for it */
	enum relabel_by by;
	struct relabel_words is;
	struct renamed_text {
		size_t at, n;
	} kind, old, new, id, new_id, owner, lang;
};

/* a record that a name may be of */
struct match {
	size_t asked;
	uint32_t node;
	int how;	/* enum match_how (matches.c) */
};

struct renaming {
	struct diag *diag;
	const struct renaming_options *options;
	struct twopass *in;
	const struct map *map;
	struct graph graph;
	struct relabeler *relabeler;
	struct hashset asked_table;	/* by kind and old word; by kind */
	struct buf matches;	/* of struct match */
	int mentions;		/* such may be renamed */
	struct keyindex taken;	/* names and ids of the kinds asked for */
	struct buf renamed;	/* of struct renamed, by node in the end */
	struct buf texts;
	struct hashset words;	/* of renamed: by kind:old */
	struct moves moves;
	struct buf head, line, path, decoded, text;
	struct renamed_counts *done;
};

/* a text of a renamed one */
static inline struct slice
renaming_text(const struct renaming *w, struct renamed_text t)
{
	return (struct slice){ buf_at(&w->texts, t.at), t.n };
}

static inline size_t
renaming_count(const struct renaming *w)
{
	return w->renamed.len / sizeof(struct renamed);
}

static inline struct renamed *
renaming_at(const struct renaming *w, size_t i)
{
	return buf_item(&w->renamed, i, sizeof(struct renamed));
}

/* before the first record: look up what is asked; 0 or -1 */
void	matches_begin(struct renaming *);

/* a component of the first reading: note it if a name may be of it; 0 or -1 */
int	matches_add(struct renaming *, const struct record *, uint32_t node);

/*
 * After the last: who is renamed.  0, or -1 after messages: a name is no
 * one's, several have it, or the new one is taken.
 */
int	matches_end(struct renaming *);

#endif
