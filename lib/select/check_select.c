/* SPDX-License-Identifier: ISC */
/*
 * Whether what a selection asks for is there, and if not, what is near.
 */
#include "select/select_priv.h"

#include <inttypes.h>
#include <string.h>

#include "base/diag.h"
#include "base/hashset.h"
#include "base/suggest.h"
#include "graph/vocabulary.h"
#include "map/map.h"
#include "select/criteria.h"
#include "stream/record.h"

/* how long a list of what there is may be */
#define LISTED 500

/* a kind or category of the command line is one that somebody knows */
static int
check_word(struct selection *s, enum criterion by, const char *word)
{
	struct buf say = {0};

	if (by == BY_KIND ? vocabulary_kind(s->map, word) || (*word != '@' &&
	    graph_kind_number(&s->graph, word, strlen(word)) != NOTHING) :
	    vocabulary_category(s->map, word))
		return 0;
	if (by == BY_KIND && vocabulary_category(s->map, word))
		buf_printf(&say, ", but a category: -c %s", word);
	else if (by == BY_KIND)
		vocabulary_kinds(s->map, &s->graph, word, &say);
	else if (vocabulary_kind(s->map, word))
		buf_printf(&say, ", but a kind: -k %s", word);
	else
		vocabulary_categories(s->map, word, "", &say);
	diag_fail(s->diag, STATUS_USAGE, &s->input,
	    "%s has no %s \"%s\"%s", s->map->title, by == BY_KIND ?
	    "kind" : "category", word, buf_str(&say));
	buf_free(&say);
	return -1;
}

/* add a word to a list of a few, each once, with commas between */
static void
list_word(struct buf *list, struct hashset *listed, struct slice word)
{
	if (list->len >= LISTED || !hashset_add(listed, 0, word.p, word.n))
		return;
	buf_adds(list, list->len > 0 ? ", " : "");
	buf_add(list, word.p, word.n);
}

/* what the stream has in a field, nearest to a word that nothing has */
static int
suggest_text(struct selection *s, const char *word, enum record_field field,
    struct buf *say)
{
	struct suggestion near = { .word = word };
	struct hashset listed = {0};
	struct buf all = {0};
	struct record r;
	struct slice text;
	uint32_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < s->graph.n; i++) {
		if (graph_node(&s->graph, i)->type != RECORD_COMPONENT)
			continue;
		if ((rc = selection_line(s, i, &r)) == -1)
			break;
		text = record_text(&r, field);
		if (text.p == NULL)
			continue;
		suggest_try(&near, text.p, text.n);
		if (field != RECORD_NAME)
			list_word(&all, &listed, text);
	}
	suggest_put(&near, say);
	if (near.n == 0 && field != RECORD_NAME)
		buf_printf(say, "; the stream has %s", all.len > 0 ?
		    buf_str(&all) : "none");
	suggest_free(&near);
	hashset_free(&listed);
	buf_free(&all);
	return rc;
}

/* so many words that nothing has are reported, then they are counted */
#define REPORTED 20

/* a name, language or status that nothing in the stream has */
static int
report_word(struct selection *s, const struct criteria_word *w)
{
	struct buf say = {0};
	int rc;

	if (w->by == BY_NAME)
		rc = suggest_text(s, w->text, RECORD_NAME, &say);
	else
		rc = suggest_text(s, w->text, w->by == BY_LANG ? RECORD_LANG :
		    RECORD_STATUS, &say);
	if (rc == 0)
		rc = diag_fail(s->diag, STATUS_FINDING, &s->input,
		    "nothing has the %s \"%s\"%s", w->by == BY_NAME ? "name" :
		    w->by == BY_LANG ? "language" : "status", w->text,
		    buf_str(&say));
	buf_free(&say);
	return rc;
}

int
check_select_words(struct selection *s)
{
	const struct criteria_word *w;
	size_t i, unknown = 0;
	int rc = 0;

	for (w = s->criteria->words; s->criteria->n > 0 &&
	    w < s->criteria->words + s->criteria->n; w++) {
		if (w->met > 0 || w->by == BY_ID || ++unknown > REPORTED)
			continue;	/* each is a look at the whole stream */
		if (w->by == BY_CATEGORY || w->by == BY_KIND)
			rc |= check_word(s, w->by, w->text);
		else
			rc |= report_word(s, w);
	}
	if (unknown > REPORTED)
		rc = diag_fail(s->diag, STATUS_FINDING, &s->input,
		    "%zu such words in all", unknown);
	for (i = 0; i < s->options->nstop; i++)
		rc |= check_word(s, BY_KIND, s->options->stop[i]);
	return rc;
}

/* the ids there are that are nearest to one that is not there */
static int
suggest(struct selection *s, const struct criteria_word *w, struct buf *say)
{
	const char *colon = strchr(w->text, ':');
	struct suggestion near = { .word = w->text };
	struct slice text;
	struct record r;
	uint32_t i, kind = NOTHING;
	int rc = 0;

	if (w->kind != NULL) {
		kind = graph_kind_number(&s->graph, w->kind, strlen(w->kind));
	} else if (colon != NULL && (kind = graph_kind_number(&s->graph,
	    w->text, (size_t)(colon - w->text))) != NOTHING) {
		near.word = colon + 1;
	}
	for (i = 0; rc == 0 && i < s->graph.n; i++) {
		if (graph_node(&s->graph, i)->type != RECORD_COMPONENT ||
		    (kind != NOTHING && graph_node(&s->graph, i)->kind != kind))
			continue;
		if ((rc = selection_line(s, i, &r)) == -1)
			break;
		text = record_text(&r, RECORD_ID);
		if (text.p != NULL)
			suggest_try(&near, text.p, text.n);
		text = record_text(&r, RECORD_NAME);
		if (text.p == NULL || !slice_is(text, near.word))
			continue;
		text = record_text(&r, RECORD_ID);
		buf_printf(say, "; that is the name of %.*s:%.*s (-n)",
		    (int)r.field[RECORD_KIND].n - 2, r.field[RECORD_KIND].p +
		    1, (int)text.n, text.p != NULL ? text.p : "");
		break;
	}
	if (say->len == 0)
		suggest_put(&near, say);
	if (say->len == 0)
		buf_adds(say, " (--list shows what there is)");
	suggest_free(&near);
	return rc;
}

/* ids of a request: some may be of the tasks' other versions */
static int
check_request(struct selection *s, const struct criteria *c)
{
	const struct criteria_word *w;
	uint64_t met = 0, missing = 0;

	for (w = c->words; w < c->words + c->n; w++) {
		if (w->by != BY_ID || w->exclude)
			continue;
		met += w->met > 0;
		missing += w->met == 0;
	}
	if (met == 0 && missing > 0)
		return diag_fail(s->diag, STATUS_FINDING, &s->input,
		    "the stream has none of the %" PRIu64 " task%s that the "
		    "request names", missing, diag_s(missing));
	if (missing > 0)
		diag_warn_of(s->diag, "request", &s->input, "the stream has %"
		    PRIu64 " of the %" PRIu64 " task%s that the request "
		    "names; the other%s may be other versions of them", met,
		    met + missing, diag_s(met + missing), diag_s(missing));
	return 0;
}

int
check_select_ids(struct selection *s, const struct criteria *c)
{
	const struct criteria_word *w;
	struct buf say = {0};
	uint64_t missing = 0;
	int rc = 0;

	if (c->exists)
		return check_request(s, c);
	for (w = c->words; c->n > 0 && w < c->words + c->n; w++) {
		if (w->by != BY_ID || criteria_met(c, w) ||
		    ++missing > REPORTED)
			continue;
		say.len = 0;
		if (suggest(s, w, &say) == -1)
			return -1;
		rc = diag_fail(s->diag, STATUS_FINDING, &s->input,
		    "nothing has the id \"%s%s%s\"%s",
		    w->kind != NULL ? w->kind : "",
		    w->kind != NULL ? ":" : "", w->text, buf_str(&say));
	}
	if (missing > REPORTED)
		diag_fail(s->diag, STATUS_FINDING, &s->input, "and %"
		    PRIu64 " ids more that nothing has", missing - REPORTED);
	buf_free(&say);
	return rc;
}

int
check_select_followers(const struct selection *s, uint64_t n)
{
	if (n == 1)
		return diag_fail(s->diag, STATUS_FINDING, &s->input,
		    "the one component that fits only comes along with what "
		    "it belongs to, or what needs it: choose that");
	return diag_fail(s->diag, STATUS_FINDING, &s->input,
	    "the %" PRIu64 " components that fit only come along with what "
	    "they belong to, or what needs them: choose that", n);
}

int
check_select_any(struct selection *s)
{
	uint32_t i;
	uint64_t followers = 0;

	/* a stream without components is all of itself */
	if (s->done->chosen > 0 || (!s->positive && s->criteria->kept_out ==
	    0))
		return 0;
	for (i = 0; i < s->graph.n; i++)
		followers += (graph_node(&s->graph, i)->flags &
		    (SELECT_FITS | REACH_EXCLUDED)) == SELECT_FITS;
	if (s->positive && followers > 0)
		return check_select_followers(s, followers);
	return diag_fail(s->diag, STATUS_FINDING, &s->input,
	    s->positive ? "nothing fits all of what is asked for (--list "
	    "shows what there is)" : "nothing is left: all components are "
	    "excluded");
}
