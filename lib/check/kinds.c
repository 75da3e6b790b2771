/* SPDX-License-Identifier: ISC */
/*
 * What the map has to say of a record: first of all kinds of its name, by
 * their number, so that only those are classified whose rows ask for it.
 */
#include <string.h>

#include "check/check_priv.h"
#include "map/classify.h"
#include "map/map.h"

/* the bit that says a number has been looked up */
#define LOOKED_UP ((uint32_t)1 << 31)

static const char *const words[CHECK_WORDS] = {
	[WORD_BINDING] = "binding", [WORD_LANGUAGES] = "languages",
	[WORD_PHRASE] = "phrase", [WORD_SAME] = "same",
	[WORD_SCRIPTED] = "scripted", [WORD_SECRET] = "secret",
	[WORD_SPOKEN] = "spoken", [WORD_STARTS] = "starts",
	[WORD_TRAINED] = "trained", [WORD_UNLISTED] = "unlisted",
};

static uint32_t
bits_of(const struct map_kind *k)
{
	uint32_t bits = 0;
	int i;

	for (i = 0; i < CHECK_WORDS; i++) {
		if (map_kind_row(k, words[i]) != NULL)
			bits |= (uint32_t)1 << i;
	}
	return bits;
}

/* of all kinds with a name, and of those whose name varies */
static uint32_t
look_up(const struct map *m, struct slice name)
{
	uint32_t bits = LOOKED_UP;
	size_t i;

	for (i = 0; i < m->nkinds; i++) {
		if (m->kinds[i]->called != NULL ||
		    slice_is(name, m->kinds[i]->name))
			bits |= bits_of(m->kinds[i]);
	}
	return bits;
}

int
check_may_have(struct check *c, enum check_word word)
{
	uint32_t kind = graph_node(&c->graph, c->node)->kind;
	uint32_t none = 0, *bits;

	while (c->words.len / sizeof(none) <= kind)
		buf_add(&c->words, &none, sizeof(none));
	bits = buf_item(&c->words, kind, sizeof(none));
	if (*bits == 0)
		*bits = look_up(c->map, graph_kind_name(&c->graph, kind));
	return (*bits >> word & 1) != 0;
}

const struct map_kind *
check_kind(struct check *c, const struct record *r)
{
	if (r->kind != RECORD_COMPONENT)
		return NULL;
	if (!c->classified)
		c->kind = classify_find(c->sorts, r);
	c->classified = 1;
	return c->kind;
}

const struct map_row *
check_row(struct check *c, const struct record *r, enum check_word word)
{
	const struct map_kind *k;

	if (r->kind != RECORD_COMPONENT || !check_may_have(c, word) ||
	    (k = check_kind(c, r)) == NULL)
		return NULL;
	return map_kind_row(k, words[word]);
}
