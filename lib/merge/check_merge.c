/* SPDX-License-Identifier: ISC */
/*
 * What the command line of a merge names, and whether it is there.
 */
#include "merge/check_merge.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/suggest.h"
#include "graph/vocabulary.h"
#include "map/map.h"
#include "match/side.h"
#include "merge/policy.h"
#include "merge/scope.h"

/* what the categories of variables end with */
#define VARIABLES "ariables"

/* whether a side has records of a category, or below it */
static int
has_category(const struct side *s, const char *word)
{
	unsigned i;

	for (i = 0; i < sorts_count(s->sorts); i++) {
		if (scope_below(sorts_at(s->sorts, i)->category, word))
			return 1;
	}
	return 0;
}

static int
check_category(struct diag *d, const struct map *m, const struct side *target,
    const char *word)
{
	struct buf say = {0};

	if (has_category(target, word) || vocabulary_category(m, word))
		return 0;
	vocabulary_categories(m, word, "", &say);
	diag_fail(d, STATUS_USAGE, NULL, "--only: %s has no category "
	    "\"%s\"%s", m->title, word, buf_str(&say));
	buf_free(&say);
	return -1;
}

/* whether there is one component of a kind, which tells what app this is */
static int
is_the_app(const struct map *m, const char *kind)
{
	const struct map_member *id;
	const struct map_kind *k;
	size_t i, j;

	for (i = 0; i < m->nkinds; i++) {
		k = m->kinds[i];
		id = &k->members[RECORD_ID];
		if (strcmp(k->name, kind) != 0 || id->n != 1 ||
		    id->parts[0].n != 1 ||
		    id->parts[0].sources[0].from != FROM_TEXT)
			continue;
		for (j = 0; j < k->ncategories; j++) {
			if (strcmp(k->categories[j].category, "app") == 0)
				return 1;
		}
	}
	return 0;
}

static int
check_kind(struct diag *d, const struct map *m, const struct side *target,
    const struct side *source, const char *policy)
{
	size_t n = strcspn(policy, "=");
	struct buf say = {0};
	char *word;
	int rc = 0;

	word = xstrndup(policy, n);
	if (!vocabulary_kind(m, word) &&
	    graph_kind_number(&target->graph, word, n) == NOTHING &&
	    graph_kind_number(&source->graph, word, n) == NOTHING) {
		vocabulary_kinds(m, &target->graph, word, &say);
		rc = diag_fail(d, STATUS_USAGE, NULL, "--policy: %s has no "
		    "kind \"%s\"%s", m->title, word, buf_str(&say));
	} else if (policy_action(policy) == ACTION_CLEAR &&
	    is_the_app(m, word)) {
		rc = diag_fail(d, STATUS_USAGE, NULL, "--policy %s: the %s is "
		    "what all else belongs to, and no package is without it",
		    policy, word);
	}
	buf_free(&say);
	free(word);
	return rc;
}

int
check_merge_words(struct diag *d, const struct policy_ask *ask,
    const struct side *target, const struct side *source)
{
	const struct map *m = target->sorts->map;
	size_t i;
	int rc = 0;

	for (i = 0; m != NULL && i < ask->nonly; i++)
		rc |= check_category(d, m, target, ask->only[i]);
	for (i = 0; m != NULL && i < ask->npolicies; i++)
		rc |= check_kind(d, m, target, source, ask->policies[i]);
	return rc;
}

/* variables that are sought in both sides */
struct seeking {
	const char *const *names;
	size_t n;
	char *met;		/* of each name: whether a side has it */
	struct suggestion *near;	/* of each: the variables there are */
	uint16_t keep;		/* the rule of those that stay */
};

static int
is_variable(const struct side *s, uint32_t i)
{
	struct slice category = policy_rule(s, i)->sort.category;
	size_t n = strlen(VARIABLES);

	return category.n >= n && memcmp(category.p + category.n - n,
	    VARIABLES, n) == 0;
}

static int
seek(struct seeking *w, struct side *s)
{
	struct record r;
	struct slice name;
	uint32_t i;
	size_t k;

	for (i = 0; i < s->graph.n; i++) {
		if (!is_variable(s, i))
			continue;
		if (side_line(s, i, &r) == -1)
			return -1;
		name = record_text(&r, RECORD_NAME);
		for (k = 0; k < w->n && name.p != NULL; k++) {
			suggest_try(&w->near[k], name.p, name.n);
			if (name.n != strlen(w->names[k]) ||
			    memcmp(name.p, w->names[k], name.n) != 0)
				continue;
			w->met[k] = 1;
			if (s->is_source)
				graph_node(&s->graph, i)->flags = w->keep;
		}
	}
	return 0;
}

/* those that neither side has */
static void
tell_unknown(const struct seeking *w, struct buf *unknown)
{
	size_t k;

	for (k = 0; k < w->n; k++) {
		if (w->met[k])
			continue;
		buf_printf(unknown, "--drop-variables: no variable of the "
		    "source or the target is called \"%s\"", w->names[k]);
		suggest_put(&w->near[k], unknown);
		buf_addc(unknown, '\0');
	}
}

int
check_merge_variables(const char *const *names, size_t n, struct side *target,
    struct side *source, struct buf *unknown)
{
	struct seeking w = { .names = names, .n = n };
	size_t k;
	int rc;

	if (n == 0)
		return 0;
	if (sorts_exclude(source->sorts, &w.keep) == -1)
		return -1;
	w.met = xcalloc(n, 1);
	w.near = xcalloc(n, sizeof(*w.near));
	for (k = 0; k < n; k++)
		w.near[k].word = names[k];
	/* the target first, for the source's rules become others */
	rc = seek(&w, target) == -1 || seek(&w, source) == -1 ? -1 : 0;
	if (rc == 0)
		tell_unknown(&w, unknown);
	for (k = 0; k < n; k++)
		suggest_free(&w.near[k]);
	free(w.near);
	free(w.met);
	return rc;
}
