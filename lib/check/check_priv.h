/* SPDX-License-Identifier: ISC */
/*
 * A check under way: what its rules share.
 */
#ifndef CHECK_CHECK_PRIV_H
#define CHECK_CHECK_PRIV_H

#include <stddef.h>
#include <stdint.h>	/* nodes */

#include "base/bigarray.h"
#include "base/buf.h"
#include "base/hashset.h"
#include "base/keyindex.h"
#include "check/check.h"
#include "graph/graph.h"
#include "graph/kindtable.h"
#include "json/tape.h"
#include "map/languages.h"
#include "stream/record.h"
#include "value/scripted.h"

struct classifier;
struct locator;
struct map;
struct map_kind;
struct map_row;

/* node->flags */
enum {
	CHECK_ARRAY = 1,	/* an @open: its records are elements */
	CHECK_ELEMENT = 2,	/* a component in such a one */
	CHECK_DANGLES = 4,	/* it has references to nothing */
	CHECK_SAME_ID = 8,	/* another before it has its id */
	CHECK_SAME_NAME = 16,	/* another task has its name */
	CHECK_TRAINED = 32,	/* an intent that has phrases */
	CHECK_REACHED = 64,
	CHECK_SHARED = 128,	/* a phrase that another intent has, too */
	CHECK_LISTS = 256,	/* it lists languages */
	CHECK_LOOK = 512	/* the second pass is to look at it */
};

/* rows of kinds that rules go by */
enum check_word { WORD_BINDING, WORD_LANGUAGES, WORD_PHRASE, WORD_SAME,
    WORD_SCRIPTED, WORD_SECRET, WORD_SPOKEN, WORD_STARTS, WORD_TRAINED,
    WORD_UNLISTED, CHECK_WORDS };

/* marks of runs (graph.h) */
enum { CHECK_RUN_TRAINED = RUN_TOOL, CHECK_RUN_REACHED };

/* what was found; texts are insides of JSON strings, "" where absent */
struct finding {
	enum check_rule rule;
	uint32_t node, file;	/* of the record, and of its @file */
	uint32_t start;		/* where in the value it is */
	int known;		/* by the baseline */
	uint64_t line;		/* of the file; 0: not laid out */
	size_t path, place, kind, id, name, message;	/* in texts */
};

struct check {
	struct diag *diag;
	const struct check_options *options;
	struct twopass *in;
	struct room *room;
	const struct map *map;
	struct graph graph;
	struct classifier *sorts;
	struct locator *spots;
	struct checked *done;
	/* the first pass */
	struct bigarray index;	/* of uint32_t: a component's number in its
				   array; an @open's: how many it has */
	uint64_t nindex;
	struct keyindex ids, names, phrases;
	struct buf tasks;	/* of kinds, see kindtable_early() */
	struct languages listed, used, met, told;
	struct hashset groups;	/* of files that are there */
	struct scripted scripted;
	/* of variables, by the number of their kind; "": there are some */
	struct hashset defined, mentioned, undefined;
	struct buf edition;	/* of the package */
	struct buf phrase;	/* one of them: lang, a NUL, text */
	/* between the passes: nodes that are reached, not yet followed */
	struct bigarray work;
	uint64_t nwork;
	/* in both: the record at hand */
	uint32_t node;
	struct tape tape;
	int read;		/* tape has its value */
	const struct map_kind *kind;
	int classified;		/* kind is what the map has of it */
	struct buf words;	/* of uint32_t by number of kind: kinds.c */
	/* the second */
	uint32_t file;		/* the record's @file, or NOTHING */
	struct hashset outside;	/* "WORD VALUE" of bindings told */
	struct buf found;	/* of struct finding, in order */
	struct buf texts;
	struct hashset baseline;
};

/* where the record at hand stands, for messages */
struct place check_place(const struct check *);

/* begin with a record of either pass */
void	check_begin(struct check *, uint32_t node);

/* whether kinds of the record's name, maybe not its own, have a row */
int	check_may_have(struct check *, enum check_word);

/* the kind of a record by the map's rows, or NULL; its row of a word */
const struct map_kind *check_kind(struct check *, const struct record *);
const struct map_row *check_row(struct check *, const struct record *,
	    enum check_word);

/* the value of the record at hand, on c->tape; 0, or -1 after a message */
int	check_value(struct check *, const struct record *);

/* the second pass is to look at the record at hand */
static inline int
check_again(struct check *c)
{
	graph_node(&c->graph, c->node)->flags |= CHECK_LOOK;
	return 0;
}

/* whether a rule is asked */
static inline int
check_asks(const struct check *c, enum check_rule rule)
{
	return !c->options->without[rule];
}

/*
 * Set a flag on all that a key refers to.  Of a run that is done once; mark is
 * its mark.  What was new is given to tell, if there is one: 0 or -1.
 */
int	check_mark(struct check *, uint32_t key, unsigned flag, unsigned mark,
	    int (*tell)(struct check *, uint32_t node));

/* ---- findings */

/*
 * Make a finding of the record at hand, at a token of its value (0: it as a
 * whole).  What it says is appended to c->texts until finding_end().
 */
void	finding_begin(struct check *, enum check_rule, const struct record *,
	    uint32_t token);
void	finding_end(struct check *);

/* the same of the package: no record */
void	finding_package(struct check *, enum check_rule);

/* the findings known before; 0, or -1 after a message */
int	finding_baseline(struct check *, const char *file);

static inline struct finding *
finding_at(const struct check *c, size_t i)
{
	return buf_item(&c->found, i, sizeof(struct finding));
}

static inline size_t
finding_count(const struct check *c)
{
	return c->found.len / sizeof(struct finding);
}

/* the lines of the findings; 0 or -1 */
int	check_lines(struct check *);

/* print them; 0 or -1 */
int	check_print(struct check *);

/*
 * ---- the rules: in the first pass take() is asked of each record, judge()
 * between the passes, look() in the second of those that take() or judge()
 * have marked.  All return 0, or -1 after a message.
 */
int	references_judge(struct check *);
int	references_look(struct check *, const struct record *);
int	unreachable_judge(struct check *);
int	unreachable_look(struct check *, const struct record *);
int	parts_take(struct check *, uint32_t node, const struct record *);
int	parts_judge(struct check *);
int	identity_take(struct check *, uint32_t node, const struct record *);
int	identity_judge(struct check *);
int	identity_look(struct check *, const struct record *);
int	phrases_take(struct check *, uint32_t node, const struct record *);
int	phrases_judge(struct check *);
int	shared_look(struct check *, const struct record *);
int	intent_take(struct check *, uint32_t node, const struct record *);
int	intent_look(struct check *, const struct record *);
int	language_take(struct check *, uint32_t node, const struct record *);
int	unlisted_look(struct check *, const struct record *);
int	unused_look(struct check *, const struct record *);
int	secret_take(struct check *, uint32_t node, const struct record *);
int	secret_look(struct check *, const struct record *);
int	binding_take(struct check *, uint32_t node, const struct record *);
int	binding_look(struct check *, const struct record *);
int	variable_take(struct check *, uint32_t node, const struct record *);
int	variable_look(struct check *, const struct record *);
int	event_take(struct check *, uint32_t node, const struct record *);
int	event_look(struct check *, const struct record *);
int	ready_take(struct check *, uint32_t node, const struct record *);
int	ready_look(struct check *, const struct record *);
int	file_look(struct check *, const struct record *);
int	name_take(struct check *, uint32_t node, const struct record *);
int	name_look(struct check *, const struct record *);

#endif
