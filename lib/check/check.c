/* SPDX-License-Identifier: ISC */
/*
 * Whether a package will import, and work: the passes over its stream.
 */
#include "check/check.h"

#include <string.h>

#include "base/diag.h"
#include "check/check_priv.h"
#include "map/classify.h"
#include "map/map.h"
#include "stream/twopass.h"
#include "value/derive.h"
#include "value/locate.h"

/* what asks the rules; one that does not look at a pass has NULL there */
static const struct {
	enum check_rule rule;
	int (*take)(struct check *, uint32_t node, const struct record *);
	int (*judge)(struct check *);
	int (*look)(struct check *, const struct record *);
} asked[] = {
	{ RULES, NULL, NULL, file_look },
	{ RULE_MISSING_PART, parts_take, parts_judge, NULL },
	/* these three are told apart by what the map says of a reference */
	{ RULES, NULL, references_judge, references_look },
	{ RULES, identity_take, identity_judge, identity_look },
	{ RULES, phrases_take, phrases_judge, NULL },
	{ RULE_EMPTY_INTENT, intent_take, NULL, intent_look },
	{ RULES, language_take, NULL, NULL },
	{ RULE_LANGUAGE_UNLISTED, NULL, NULL, unlisted_look },
	{ RULE_LANGUAGE_UNUSED, NULL, NULL, unused_look },
	{ RULE_NAME_MISMATCH, name_take, NULL, name_look },
	{ RULE_SECRET, secret_take, NULL, secret_look },
	{ RULE_UNREACHABLE, NULL, unreachable_judge, unreachable_look },
	{ RULES, variable_take, NULL, variable_look },
	{ RULE_DEAD_EVENT, event_take, NULL, event_look },
	{ RULE_NOT_READY, ready_take, NULL, ready_look },
	{ RULE_BINDING, binding_take, NULL, binding_look },
	/* the last, for it reads another record */
	{ RULE_SHARED_PHRASE, NULL, NULL, shared_look },
};

#define ASKED (sizeof(asked) / sizeof(asked[0]))

struct place
check_place(const struct check *c)
{
	/* the @stream is line 1 */
	return (struct place){ .input = c->in->in.lines.input,
	    .line = c->node == NOTHING ? 0 : (uint64_t)c->node + 2,
	    .offset = DIAG_NOWHERE };
}

void
check_begin(struct check *c, uint32_t node)
{
	c->node = node;
	c->read = c->classified = 0;
}

int
check_value(struct check *c, const struct record *r)
{
	struct place at = check_place(c);

	if (c->read)
		return 0;
	if (record_read_value(&c->tape, c->diag, r, &at) == -1)
		return -1;
	c->read = 1;
	return 0;
}

int
check_mark(struct check *c, uint32_t key, unsigned flag, unsigned mark,
    int (*tell)(struct check *, uint32_t))
{
	struct graph *g = &c->graph;
	struct run *run;
	struct node *n;
	uint32_t i;

	if (key == NOTHING)
		return 0;
	if ((run = graph_run(g, key)) != NULL) {
		if (run->mark[mark] != 0)
			return 0;
		run->mark[mark] = 1;
	}
	for (; key != NOTHING; key = keyindex_next(&g->keys, key)) {
		i = keyindex_at(&g->keys, key)->node;
		n = graph_node(g, i);
		if ((n->flags & flag) != 0)
			continue;
		n->flags = (uint16_t)(n->flags | flag);
		if (tell != NULL && tell(c, i) == -1)
			return -1;
	}
	return 0;
}

/* which element of its array a component is, and how many those are so far */
static int
count_elements(struct check *c, uint32_t i, const struct record *r)
{
	struct node *n = graph_node(&c->graph, i);
	struct slice value = r->field[RECORD_VALUE];
	uint32_t number = 0;

	if (r->kind == RECORD_OPEN && value.n > 0 && *value.p == '[')
		n->flags |= CHECK_ARRAY;
	if (r->kind == RECORD_COMPONENT && n->parent != NOTHING &&
	    (graph_node(&c->graph, n->parent)->flags & CHECK_ARRAY) != 0) {
		n->flags |= CHECK_ELEMENT;
		number = ((uint32_t *)c->index.p)[n->parent]++;
	}
	return bigarray_push(&c->index, &c->nindex, number);
}

static int
take(struct check *c, uint32_t i, const struct record *r)
{
	size_t j;
	int rc = count_elements(c, i, r);

	check_begin(c, i);
	for (j = 0; j < ASKED && rc == 0; j++) {
		if (asked[j].take != NULL && (asked[j].rule == RULES ||
		    check_asks(c, asked[j].rule)))
			rc = asked[j].take(c, i, r);
	}
	return rc;
}

/* the first pass */
static int
gather(struct check *c)
{
	struct record r;
	uint64_t at;
	uint32_t i;
	int got;

	while ((got = twopass_read(c->in, &r, &at)) == 1) {
		if ((i = graph_add(&c->graph, &r, at)) == NOTHING ||
		    graph_check_order(&c->graph, c->in, &r, i) == -1 ||
		    take(c, i, &r) == -1)
			return -1;
	}
	c->node = NOTHING;
	c->done->records = c->graph.n;
	return got == -1 ? -1 : graph_link(&c->graph, at);
}

static int
judge(struct check *c)
{
	size_t j;
	int rc = 0;

	for (j = 0; j < ASKED && rc == 0; j++) {
		if (asked[j].judge != NULL && (asked[j].rule == RULES ||
		    check_asks(c, asked[j].rule)))
			rc = asked[j].judge(c);
	}
	return rc;
}

/* the second pass: a record is shown to all that look */
static int
look(struct check *c, uint32_t i)
{
	struct record r;
	size_t j;
	int rc;

	check_begin(c, i);
	rc = graph_read(&c->graph, c->in, i, &r);
	for (j = 0; j < ASKED && rc == 0; j++) {
		if (asked[j].look != NULL && (asked[j].rule == RULES ||
		    check_asks(c, asked[j].rule)))
			rc = asked[j].look(c, &r);
	}
	return rc;
}

/* whether a rule has to see a record again */
static int
is_wanted(const struct check *c, const struct node *n)
{
	if (n->type == RECORD_OPEN)
		return 0;
	if (n->type == RECORD_OF_FILE)
		return check_asks(c, RULE_LIMIT) ||
		    check_asks(c, RULE_LAYOUT);
	return (n->flags & (CHECK_LOOK | CHECK_DANGLES | CHECK_SAME_ID |
	    CHECK_SAME_NAME | CHECK_SHARED | CHECK_LISTS)) != 0 ||
	    (check_asks(c, RULE_UNREACHABLE) &&
	    (n->flags & CHECK_REACHED) == 0);
}

static int
look_all(struct check *c)
{
	const struct node *n;
	uint32_t i;
	int rc = 0;

	c->file = NOTHING;
	for (i = 0; i < c->graph.n && rc == 0; i++) {
		n = graph_node(&c->graph, i);
		if (n->type == RECORD_OF_FILE)
			c->file = i;
		if (is_wanted(c, n))
			rc = look(c, i);
	}
	return rc;
}

/* the first line, and the map that it asks for */
static int
begin(struct check *c, struct registry *maps)
{
	struct slice edition;

	c->node = c->file = NOTHING;
	if (c->options->baseline != NULL &&
	    finding_baseline(c, c->options->baseline) == -1)
		return -1;
	if ((c->map = derive_begin(c->in, maps, c->options->input.map)) ==
	    NULL)
		return -1;
	c->sorts = classify_open(c->map);
	c->spots = locate_open(c->map);
	scripted_open(&c->scripted, c->map);
	edition = record_text(&c->in->first, RECORD_EDITION);
	if (edition.p != NULL)
		buf_add(&c->edition, edition.p, edition.n);
	return 0;
}

static void
close_all(struct check *c)
{
	if (c->sorts != NULL)
		classify_close(c->sorts);
	if (c->spots != NULL)
		locate_close(c->spots);
	graph_free(&c->graph);
	bigarray_free(&c->index);
	bigarray_free(&c->work);
	keyindex_free(&c->ids);
	keyindex_free(&c->names);
	keyindex_free(&c->phrases);
	languages_free(&c->listed);
	languages_free(&c->used);
	languages_free(&c->met);
	languages_free(&c->told);
	hashset_free(&c->groups);
	scripted_free(&c->scripted);
	hashset_free(&c->defined);
	hashset_free(&c->mentioned);
	hashset_free(&c->undefined);
	buf_free(&c->edition);
	hashset_free(&c->outside);
	hashset_free(&c->baseline);
	tape_free(&c->tape);
	buf_free(&c->words);
	buf_free(&c->tasks);
	buf_free(&c->phrase);
	buf_free(&c->found);
	buf_free(&c->texts);
}

int
check(struct diag *d, const struct check_options *o, struct twopass *in,
    struct room *room, struct registry *maps, struct checked *done)
{
	struct check c = { .diag = d, .options = o, .in = in, .room = room,
	    .done = done, .index.room = room, .work.room = room,
	    .ids.room = room,
	    .names.room = room,
	    .phrases.room = room };
	int rc = -1;

	graph_init(&c.graph, d, room);
	if (begin(&c, maps) == 0 && gather(&c) == 0 && judge(&c) == 0 &&
	    look_all(&c) == 0 && check_lines(&c) == 0 &&
	    twopass_same(in) == 0)
		rc = check_print(&c);
	close_all(&c);
	return rc;
}
