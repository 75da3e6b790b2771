/* SPDX-License-Identifier: ISC */
/*
 * Rules of what users say: intents without a phrase, and phrases of two.
 */
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/hash.h"
#include "check/check_priv.h"
#include "map/map.h"
#include "stream/list.h"
#include "value/locate.h"

/* what a phrase says, with its language, in c->phrase; 0: nothing */
static int
say_phrase(struct check *c, const struct record *r)
{
	struct slice lang = record_text(r, RECORD_LANG), text;
	const struct spot *spot;
	size_t n, i, from;

	c->phrase.len = 0;
	buf_add(&c->phrase, lang.p, lang.n);
	buf_addc(&c->phrase, '\0');
	from = c->phrase.len;
	n = locate_find(c->spots, r, &c->tape, SPOT_PHRASE);
	for (i = 0; i < n; i++) {
		spot = locate_at(c->spots, i);
		if (spot->token == TAPE_NONE)
			continue;
		text = tape_text(&c->tape, spot->token);
		buf_add(&c->phrase, text.p, text.n);
	}
	return c->phrase.len > from;
}

/* the intent that a phrase belongs to */
static struct slice
intent_of(const struct record *r)
{
	struct slice item = {0};
	size_t at = 0;

	list_next(r->field[RECORD_OWNER], &at, &item);
	return item;
}

int
phrases_take(struct check *c, uint32_t node, const struct record *r)
{
	if (!check_asks(c, RULE_SHARED_PHRASE) ||
	    intent_of(r).p == NULL || check_row(c, r, WORD_PHRASE) == NULL)
		return 0;
	if (check_value(c, r) == -1)
		return -1;
	return say_phrase(c, r) ? keyindex_add(&c->phrases,
	    hash_bytes(c->phrase.ptr, c->phrase.len), node) : 0;
}

/* the key that the first owner of a node is found by, or NOTHING */
static uint32_t
owner_of(const struct graph *g, uint32_t node)
{
	const struct edge *e;

	for (e = graph_edges(g, node); e < graph_edges(g, node + 1); e++) {
		if (e->list == RECORD_OWNER)
			return e->key;
	}
	return NOTHING;
}

/* phrases of which one of another intent stands before */
static int
judge_shared(struct check *c)
{
	const struct graph *g = &c->graph;
	struct keyindex *k = &c->phrases;
	uint32_t i, first = 0, owner;

	if (keyindex_sort(k) == -1)
		return -1;
	for (i = 1; i < k->n; i++) {
		if (keyindex_at(k, i)->hash != keyindex_at(k, first)->hash) {
			first = i;
			continue;
		}
		owner = owner_of(g, keyindex_at(k, i)->node);
		if (owner != NOTHING &&
		    owner != owner_of(g, keyindex_at(k, first)->node))
			graph_node(g, keyindex_at(k, i)->node)->flags |=
			    CHECK_SHARED;
	}
	return 0;
}

/* whether a kind trains what it belongs to: flags by number */
static uint8_t *
find_trainers(const struct check *c)
{
	const struct graph *g = &c->graph;
	uint8_t *trains = xcalloc(graph_kinds(g) + 1, 1);
	const struct map_row *row;
	uint32_t number;
	size_t i;

	for (i = 0; i < c->map->nkinds; i++) {
		row = map_kind_row(c->map->kinds[i], "trained");
		if (row == NULL)
			continue;
		number = graph_kind_number(g, row->args[0],
		    strlen(row->args[0]));
		if (number != NOTHING)
			trains[number] = 1;
	}
	return trains;
}

int
phrases_judge(struct check *c)
{
	const struct graph *g = &c->graph;
	uint8_t *trains = find_trainers(c);
	const struct edge *e;
	uint32_t i;
	int rc = judge_shared(c);

	for (i = 0; i < g->n && rc == 0; i++) {
		if (!trains[graph_node(g, i)->kind])
			continue;
		for (e = graph_edges(g, i); rc == 0 &&
		    e < graph_edges(g, i + 1); e++) {
			if (e->list == RECORD_OWNER)
				rc = check_mark(c, e->key, CHECK_TRAINED,
				    CHECK_RUN_TRAINED, NULL);
		}
	}
	free(trains);
	return rc;
}

/* the intent of the first that says the same as the record at hand */
static int
tell_other(struct check *c, uint32_t key)
{
	struct record other;
	struct slice intent;

	if (graph_read(&c->graph, c->in, keyindex_at(&c->phrases, key)->node,
	    &other) == -1)
		return -1;
	intent = intent_of(&other);
	buf_adds(&c->texts, ", and so is it in ");
	buf_add(&c->texts, intent.p, intent.n);
	return 0;
}

int
shared_look(struct check *c, const struct record *r)
{
	struct slice intent;
	uint32_t key;
	int rc;

	if ((graph_node(&c->graph, c->node)->flags & CHECK_SHARED) == 0)
		return 0;
	if (check_value(c, r) == -1 || !say_phrase(c, r))
		return -1;
	key = keyindex_find(&c->phrases, hash_bytes(c->phrase.ptr,
	    c->phrase.len));
	intent = intent_of(r);
	finding_begin(c, RULE_SHARED_PHRASE, r, 0);
	buf_adds(&c->texts, "is said in ");
	buf_add(&c->texts, intent.p, intent.n);
	rc = tell_other(c, key);
	finding_end(c);
	return rc;
}

/* whether a member of the value says that an intent needs no phrase */
static int
is_untrained(const struct check *c, const struct map_row *row)
{
	uint32_t token;

	if (row->nargs < 3)
		return 0;
	token = tape_member_at(&c->tape, row->args[2]);
	return token != TAPE_NONE && slice_is(tape_bytes(&c->tape, token),
	    "true");
}

int
intent_take(struct check *c, uint32_t node, const struct record *r)
{
	(void)node;
	return r->kind == RECORD_COMPONENT &&
	    check_may_have(c, WORD_TRAINED) ? check_again(c) : 0;
}

int
intent_look(struct check *c, const struct record *r)
{
	const struct map_row *row;

	if ((graph_node(&c->graph, c->node)->flags & CHECK_TRAINED) != 0 ||
	    (row = check_row(c, r, WORD_TRAINED)) == NULL)
		return 0;
	if (check_value(c, r) == -1)
		return -1;
	if (is_untrained(c, row))
		return 0;
	finding_begin(c, RULE_EMPTY_INTENT, r, 0);
	buf_adds(&c->texts, "has no training phrases: nothing that a user "
	    "says leads to it");
	finding_end(c);
	return 0;
}
