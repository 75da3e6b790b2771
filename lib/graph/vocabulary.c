/* SPDX-License-Identifier: ISC */
/*
 * The words that a platform's map knows.
 */
#include "graph/vocabulary.h"

#include <string.h>

#include "base/buf.h"
#include "base/hashset.h"
#include "base/suggest.h"
#include "graph/graph.h"
#include "map/map.h"

/* call for each category, until one call returns 1 */
static int
each_category(const struct map *m, int (*call)(void *, const char *),
    void *ctx)
{
	const struct map_kind *k;
	const struct map_row *r;
	size_t i, j;

	for (i = 0; i < m->nkinds; i++) {
		k = m->kinds[i];
		for (j = 0; j < k->ncategories; j++) {
			if (call(ctx, k->categories[j].category))
				return 1;
		}
	}
	for (i = 0; i < m->words.n; i++) {
		r = m->words.rows[i];
		for (j = 1; strcmp(r->args[0], "category") == 0 &&
		    j < r->nargs; j++) {
			if (call(ctx, r->args[j]))
				return 1;
		}
	}
	return 0;
}

/* whether a category stands below another, or is it */
static int
is_in(void *ctx, const char *category)
{
	const char *word = ctx;
	size_t n = strlen(word);

	return strncmp(category, word, n) == 0 &&
	    (category[n] == '\0' || category[n] == '/');
}

int
vocabulary_category(const struct map *m, const char *word)
{
	/* the callee only reads it */
	return each_category(m, is_in, (void *)(size_t)word);
}

int
vocabulary_kind(const struct map *m, const char *word)
{
	size_t i;

	for (i = 0; i < m->nkinds; i++) {
		if (strcmp(m->kinds[i]->name, word) == 0)
			return 1;
	}
	return 0;
}

/* words being listed, those below a prefix without it */
struct listing {
	struct suggestion nearest;
	const char *prefix;
	struct buf *out;	/* of all, or NULL */
	struct hashset listed;
};

static int
list_word(void *ctx, const char *word)
{
	struct listing *l = ctx;
	size_t n = strlen(l->prefix);
	const char *slash;

	if (strncmp(word, l->prefix, n) != 0)
		return 0;
	word += n;
	if (l->out == NULL) {
		/* all that stand below a word may be meant by it */
		if ((slash = strchr(word, '/')) != NULL)
			suggest_try(&l->nearest, word, (size_t)(slash - word));
		suggest_try(&l->nearest, word, strlen(word));
	} else if (hashset_add(&l->listed, 0, word, strlen(word))) {
		buf_adds(l->out, l->listed.n > 1 ? ", " : " ");
		buf_adds(l->out, word);
	}
	return 0;
}

/* the nearest were tried: name them, or begin the list of all; 1: go on */
static int
put_nearest(struct listing *l, struct buf *out)
{
	int none = l->nearest.n == 0;

	suggest_put(&l->nearest, out);
	suggest_free(&l->nearest);
	if (none) {
		buf_adds(out, "; known are");
		l->out = out;
	}
	return none;
}

/* the list of all has ended */
static void
end_list(struct listing *l)
{
	if (l->out != NULL && l->listed.n == 0)
		buf_adds(l->out, " none");
	hashset_free(&l->listed);
}

void
vocabulary_categories(const struct map *m, const char *word, const char *prefix,
    struct buf *out)
{
	struct listing l = { .nearest = { .word = word }, .prefix = prefix };

	each_category(m, list_word, &l);
	if (put_nearest(&l, out))
		each_category(m, list_word, &l);
	end_list(&l);
}

void
vocabulary_kinds(const struct map *m, const struct graph *g, const char *word,
    struct buf *out)
{
	struct listing l = { .nearest = { .word = word }, .prefix = "" };
	struct slice name;
	uint32_t kind;
	size_t i;

	for (i = 0; i < m->nkinds; i++)
		list_word(&l, m->kinds[i]->name);
	for (kind = 0; kind < graph_kinds(g); kind++) {
		name = graph_kind_name(g, kind);
		if (name.n > 0 && *name.p != '@')
			suggest_try(&l.nearest, name.p, name.n);
	}
	if (put_nearest(&l, out)) {
		for (i = 0; i < m->nkinds; i++)
			list_word(&l, m->kinds[i]->name);
	}
	end_list(&l);
}
