/* SPDX-License-Identifier: ISC */
/*
 * A stream with the components that are asked for, and what they depend on.
 *
 * First all records are read: the graph, and what the criteria say of each.
 * Then it is decided what is taken: everything but what is excluded and what
 * falls with that (closure.h), or what is chosen and what comes along
 * (reach.h).  The second pass echoes what stays.
 */
#include "select.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "again.h"
#include "carry.h"
#include "criteria.h"
#include "diag.h"
#include "head.h"
#include "known.h"
#include "leaving.h"
#include "listing.h"
#include "map.h"
#include "mend.h"
#include "missing.h"
#include "nearest.h"
#include "progress.h"
#include "record.h"
#include "selection.h"
#include "trim.h"

/* how far the reading is, is shown after so many records */
#define OFTEN 256

/* the category of what every export has (pkg-map(5), Selection) */
#define APP "app"

int
selection_line(struct selection *s, uint32_t node, struct record *r)
{
	struct record_error e;
	size_t n = graph_length(&s->graph, node);
	const char *line;

	line = again_bytes(s->in, graph_node(&s->graph, node)->at, n);
	if (line == NULL)
		return -1;
	if (record_read(r, line, n, &e) == -1)
		return diag_fail(s->diag, STATUS_INPUT, NULL, "the input "
		    "changed while it was read; run it again");
	return 0;
}

/* whether a list of texts, each ended by a NUL, has this one or one above */
static int
has_above(const struct buf *list, const char *p, size_t n)
{
	const char *q;
	size_t len;

	for (q = list->ptr; q < list->ptr + list->len; q += len + 1) {
		len = strlen(q);
		if (len >= n && memcmp(q, p, n) == 0 &&
		    (len == n || q[n] == '/'))
			return 1;
		if (n > len && memcmp(q, p, len) == 0 && p[len] == '/')
			return 1;
	}
	return 0;
}

int
selection_held(const struct selection *s, const char *p, size_t n)
{
	unsigned bits = criteria_category(s->criteria, p, n);

	if ((bits & EXCLUDED) != 0)
		return 0;
	if (!s->positive)
		return 1;
	if ((s->criteria->given & 1U << BY_CATEGORY) != 0 ?
	    (bits & FITS) != 0 : has_above(&s->held, p, n))
		return 1;
	return leaving_came(s, p, n);
}

static unsigned
kind_flags(struct selection *s, const struct record *r, uint32_t kind)
{
	struct slice name = record_text(r, RECORD_KIND);
	unsigned flags;

	while (s->flags.len / sizeof(flags) <= kind) {
		flags = UINT32_MAX;
		buf_add(&s->flags, &flags, sizeof(flags));
	}
	flags = ((unsigned *)(void *)s->flags.ptr)[kind];
	if (flags == UINT32_MAX) {
		flags = kinds_ask(s->map, name.p, name.n);
		((unsigned *)(void *)s->flags.ptr)[kind] = flags;
	}
	return flags;
}

/* remember the category of one that is chosen */
static void
hold(struct selection *s, struct slice category)
{
	const char *p;
	size_t n;

	for (p = s->held.ptr; p < s->held.ptr + s->held.len; p += n + 1) {
		n = strlen(p);
		if (n == category.n && memcmp(p, category.p, n) == 0)
			return;
	}
	buf_add(&s->held, category.p, category.n);
	buf_addc(&s->held, '\0');
}

/* whether a category is chosen: by name, as a kind's, or as all are */
static int
is_wanted(const struct selection *s, unsigned bits)
{
	const unsigned lists = 1U << BY_CATEGORY | 1U << BY_KIND;

	return ((s->criteria->given & lists) != 0 ||
	    s->criteria->nnamed > 0) &&
	    (bits & (FITS_BUT_NAME | EXCLUDED)) == FITS_BUT_NAME;
}

/* what the criteria make of a component */
static unsigned
classify(struct selection *s, const struct record *r, uint32_t kind)
{
	unsigned bits = criteria_ask(s->criteria, r), flags = 0;
	struct slice category = record_text(r, RECORD_CATEGORY);

	if ((bits & EXCLUDED) != 0)
		flags |= SELECT_EXCLUDED;
	if ((bits & FITS) != 0)
		flags |= SELECT_FITS;
	if ((bits & NAMED) != 0)
		flags |= SELECT_NAMED;
	if (is_wanted(s, bits))
		flags |= SELECT_WANTED;
	if (record_is(r, RECORD_CATEGORY, APP))
		flags |= SELECT_APP;
	if ((flags & SELECT_WANTED) != 0 && r->field[RECORD_ID].p == NULL &&
	    r->field[RECORD_OWNER].p == NULL)
		flags |= SELECT_SETTING;
	if ((bits & (FITS | EXCLUDED)) == FITS && category.p != NULL &&
	    (kind_flags(s, r, kind) & KIND_FOLLOWS) == 0)
		hold(s, category);
	return flags;
}

/* whether the later target has this very component */
static int
is_there(const struct selection *s, const struct record *r)
{
	struct slice kind = record_text(r, RECORD_KIND);
	struct slice id = record_text(r, RECORD_ID);

	return s->there.n > 0 && id.p != NULL && keys_find(&s->there,
	    keys_hash(kind.p, kind.n, id.p, id.n)) != NOTHING;
}

/* the first pass */
static int
read_all(struct selection *s, struct criteria *asked)
{
	struct progress shown = {0};
	struct record r;
	struct node *n;
	uint64_t at;
	uint32_t i;
	int got;

	while ((got = again_read(s->in, &r, &at)) == 1) {
		if ((i = graph_add(&s->graph, &r, at)) == NOTHING)
			return -1;
		if (i % OFTEN == 0)
			progress(&shown, s->diag, at, 0, i);
		n = graph_node(&s->graph, i);
		if (r.kind == RECORD_OPEN)
			leaving_container(s, i, &r);
		if (r.kind != RECORD_COMPONENT)
			continue;
		n->flags = (uint16_t)classify(s, &r, n->kind);
		if (is_there(s, &r))
			n->flags |= SELECT_THERE;
		if (asked != NULL && (criteria_ask(asked, &r) & FITS) != 0)
			n->flags |= SELECT_ASKED;
		if (s->holds == NOTHING && request_holds(s->key, &r))
			s->holds = i;
	}
	progress_end(&shown);
	s->done->records = s->graph.n;
	if (got == -1 || graph_link(&s->graph, at) == -1)
		return -1;
	kinds_open(&s->kinds, s->map, &s->graph);
	return 0;
}

/* the ids of the stream that a later merge goes into */
static int
read_assumed(struct selection *s)
{
	struct again in;
	struct record r;
	struct slice kind, id;
	uint64_t at;
	int got = -1;

	if (s->options->assume == NULL)
		return 0;
	if (again_open(&in, s->diag, s->options->assume, 0,
	    s->options->max_line) == 0) {
		while ((got = again_read(&in, &r, &at)) == 1) {
			kind = record_text(&r, RECORD_KIND);
			id = record_text(&r, RECORD_ID);
			if (r.kind == RECORD_COMPONENT && id.p != NULL &&
			    keys_add(&s->there, keys_hash(kind.p, kind.n,
			    id.p, id.n), 0) == -1) {
				got = -1;
				break;
			}
		}
	}
	again_close(&in);
	return got == -1 ? -1 : keys_sort(&s->there);
}

/* bytes by kind, 1 for those named; NULL: none of them */
static uint8_t *
kind_set(const struct selection *s, char *const *names, size_t n)
{
	uint8_t *set;
	uint32_t kind;
	size_t i;

	if (n == 0)
		return NULL;
	set = xcalloc(graph_kinds(&s->graph) + 1, 1);
	for (i = 0; i < n; i++) {
		kind = graph_kind_number(&s->graph, names[i],
		    strlen(names[i]));
		if (kind != NOTHING)
			set[kind] = 1;
	}
	return set;
}

/* the kinds that must lead somewhere, and where ("required") */
static void
find_required(struct selection *s)
{
	const struct map_row *r;
	uint32_t kind;
	size_t i;

	for (i = 0; i < s->map->nkinds; i++) {
		r = s->map->kinds[i]->required;
		kind = graph_kind_number(&s->graph, s->map->kinds[i]->name,
		    strlen(s->map->kinds[i]->name));
		if (r == NULL || kind == NOTHING || s->requires != NULL)
			continue;
		s->requires = kind_set(s, &s->map->kinds[i]->name, 1);
		s->required = kind_set(s, r->args, r->nargs);
	}
}

/* whether nothing in the input brings a record along */
static int
is_free(const struct selection *s, uint32_t node)
{
	const struct graph *g = &s->graph;
	const struct edge *e;
	uint32_t i, k;

	if (reach_owned(g, node))
		return 0;
	for (k = graph_node(g, node)->keys; k != NOTHING;
	    k = graph_next_key(g, k)) {
		for (i = graph_into(g, k); i != NOTHING; i = e->next) {
			e = graph_edge(g, i);
			if (e->list == RECORD_NEEDS)
				return 0;
		}
	}
	return 1;
}

/* whether a record that fits may be chosen */
static int
is_seed(const struct selection *s, uint32_t node)
{
	const struct node *n = graph_node(&s->graph, node);

	return (n->flags & (SELECT_FITS | SELECT_EXCLUDED)) == SELECT_FITS &&
	    ((kinds_flags(&s->kinds, n->kind) & KIND_FOLLOWS) == 0 ||
	    is_free(s, node));
}

/* take what is chosen, and what every export has */
static int
take_seeds(struct selection *s)
{
	struct node *n;
	enum reach_why why;
	uint32_t i;
	uint64_t before;
	unsigned flags;

	for (i = 0; i < s->graph.n; i++) {
		n = graph_node(&s->graph, i);
		flags = 0;
		if (n->type != RECORD_COMPONENT)
			continue;
		if (is_seed(s, i)) {
			why = REACH_CHOSEN;
		} else if ((n->flags & SELECT_SETTING) != 0) {
			why = REACH_SETTING;
		} else if ((n->flags & SELECT_APP) != 0 ||
		    (kinds_flags(&s->kinds, n->kind) & KIND_ALWAYS) != 0) {
			why = REACH_ALWAYS;
		} else if (leaving_stays(s, i)) {
			why = REACH_LEFT;
			flags = s->stub[n->kind] == REACH_STUB ? SELECT_STUB :
			    0;
		} else {
			continue;
		}
		before = s->reach.taken;
		if (reach_take(&s->reach, i, why, flags) == -1)
			return -1;
		if (why == REACH_ALWAYS)
			s->done->always += s->reach.taken - before;
		else
			s->done->chosen += s->reach.taken - before;
	}
	return 0;
}

/* why a component that nothing brought along is not taken */
static unsigned
why_not(const struct selection *s, const struct node *n)
{
	if ((n->flags & SELECT_EXCLUDED) != 0)
		return WHY_EXCLUDED;
	if ((kinds_flags(&s->kinds, n->kind) & KIND_APART) != 0)
		return WHY_APART;
	return WHY_UNCHOSEN;
}

/* whether a file's line, or one of a container, has lost all its owners */
static int
has_lost_owners(const struct selection *s, uint32_t node)
{
	const struct graph *g = &s->graph;
	const struct edge *e;
	const struct node *n;
	uint32_t i, k;
	int owned = 0;

	for (i = graph_node(g, node)->edges;
	    i < graph_node(g, node + 1)->edges; i++) {
		e = graph_edge(g, i);
		for (k = e->list == RECORD_OWNER ? e->key : NOTHING;
		    k != NOTHING; k = keys_next(&g->keys, k)) {
			owned = 1;
			n = graph_node(g, keys_at(&g->keys, k)->node);
			if ((n->flags & SELECT_TAKEN) != 0)
				return 0;
		}
	}
	return owned;
}

/* drop what was not taken; lines of the format stay with what is theirs */
static void
drop_rest(struct selection *s)
{
	struct node *n;
	uint32_t i, up;

	for (i = 0; i < s->graph.n; i++) {
		n = graph_node(&s->graph, i);
		if (n->type == RECORD_COMPONENT) {
			if ((n->flags & SELECT_TAKEN) != 0)
				continue;
			n->why = (uint8_t)why_not(s, n);
			n->fate = FATE_DROP;
		} else if (n->parent != NOTHING && graph_node(&s->graph,
		    n->parent)->fate == FATE_DROP) {
			n->why = WHY_INSIDE;
			n->fate = FATE_DROP;
		} else if (has_lost_owners(s, i)) {
			n->why = WHY_OWNER;
			n->fate = FATE_DROP;
		}
	}
	for (i = 0; i < s->graph.n; i++) {
		n = graph_node(&s->graph, i);
		for (up = (n->flags & SELECT_TAKEN) != 0 ? n->parent :
		    NOTHING; up != NOTHING; up = n->parent) {
			n = graph_node(&s->graph, up);
			if (n->fate == FATE_DROP)
				n->fate = FATE_KEEP;
		}
	}
}

/* what is chosen, and what comes along */
static int
choose(struct selection *s)
{
	if (take_seeds(s) == -1 || reach_all(&s->reach) == -1)
		return -1;
	s->done->along = s->reach.taken - s->done->chosen - s->done->always;
	drop_rest(s);
	return 0;
}

/* everything but what is excluded, and what falls with it */
static int
exclude(struct selection *s)
{
	struct node *n;
	uint32_t i;

	for (i = 0; i < s->graph.n; i++) {
		n = graph_node(&s->graph, i);
		if (n->type != RECORD_COMPONENT)
			continue;
		if ((n->flags & SELECT_EXCLUDED) == 0) {
			n->flags |= SELECT_TAKEN;
			n->why = REACH_EVERYTHING;
			s->done->chosen++;
		} else if (closure_drop(&s->closure, i, WHY_EXCLUDED) == -1) {
			return -1;
		}
	}
	return closure_fall(&s->closure);
}

/* a kind or category of the command line is one that somebody knows */
static int
check_word(struct selection *s, enum criterion by, const char *word)
{
	struct buf say = {0};

	if (by == BY_KIND ? known_kind(s->map, word) || graph_kind_number(
	    &s->graph, word, strlen(word)) != NOTHING :
	    known_category(s->map, word))
		return 0;
	if (by == BY_KIND)
		known_kinds(s->map, &s->graph, word, &say);
	else
		known_categories(s->map, word, "", &say);
	diag_fail(s->diag, STATUS_USAGE, NULL, "%s has no %s \"%s\"%s",
	    s->map->title, by == BY_KIND ? "kind" : "category", word,
	    buf_str(&say));
	buf_free(&say);
	return -1;
}

/* so are all of them */
static int
check_words(struct selection *s)
{
	const struct criteria_word *w;
	size_t i;
	int rc = 0;

	for (w = s->criteria->words; w < s->criteria->words +
	    s->criteria->n; w++) {
		if (w->met == 0 && (w->by == BY_CATEGORY || w->by == BY_KIND))
			rc |= check_word(s, w->by, w->text);
	}
	for (i = 0; i < s->options->nstop; i++)
		rc |= check_word(s, BY_KIND, s->options->stop[i]);
	return rc;
}

/* the ids there are that are nearest to one that is not there */
static int
suggest(struct selection *s, const struct criteria_word *w, struct buf *say)
{
	const char *colon = strchr(w->text, ':');
	struct nearest near = { .word = w->text };
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
			nearest_try(&near, text.p, text.n);
		text = record_text(&r, RECORD_NAME);
		if (text.p == NULL || text.n != strlen(near.word) ||
		    memcmp(text.p, near.word, text.n) != 0)
			continue;
		text = record_text(&r, RECORD_ID);
		buf_printf(say, "; that is the name of %.*s:%.*s (-n)",
		    (int)r.field[RECORD_KIND].n - 2, r.field[RECORD_KIND].p +
		    1, (int)text.n, text.p != NULL ? text.p : "");
		break;
	}
	if (say->len == 0)
		nearest_put(&near, say);
	if (say->len == 0)
		buf_adds(say, " (--list shows what there is)");
	nearest_free(&near);
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
		return diag_fail(s->diag, STATUS_FINDING, NULL, "the stream "
		    "has none of the %" PRIu64 " tasks that the request names",
		    missing);
	if (missing > 0)
		diag_warn(s->diag, NULL, "the stream has %" PRIu64 " of the %"
		    PRIu64 " tasks that the request names; the others may be "
		    "other versions of them", met, met + missing);
	return 0;
}

/* every id that was asked for is there */
static int
check_ids(struct selection *s, const struct criteria *c)
{
	const struct criteria_word *w;
	struct buf say = {0};
	uint64_t missing = 0;
	int rc = 0;

	if (c->exists)
		return check_request(s, c);
	for (w = c->words; w < c->words + c->n; w++) {
		if (w->by != BY_ID || w->met > 0 || ++missing > 20)
			continue;
		say.len = 0;
		if (suggest(s, w, &say) == -1)
			return -1;
		rc = diag_fail(s->diag, STATUS_FINDING, NULL, "nothing has "
		    "the id \"%s%s%s\"%s", w->kind != NULL ? w->kind : "",
		    w->kind != NULL ? ":" : "", w->text, buf_str(&say));
	}
	if (missing > 20)
		diag_fail(s->diag, STATUS_FINDING, NULL, "and %" PRIu64 " ids "
		    "more that nothing has", missing - 20);
	buf_free(&say);
	return rc;
}

/* whether anything fits, and if not, say why that may be */
static int
check_chosen(struct selection *s)
{
	uint32_t i;
	uint64_t followers = 0;

	if (s->done->chosen > 0)
		return 0;
	for (i = 0; i < s->graph.n; i++)
		followers += (graph_node(&s->graph, i)->flags &
		    (SELECT_FITS | SELECT_EXCLUDED)) == SELECT_FITS;
	if (s->positive && followers > 0)
		return diag_fail(s->diag, STATUS_FINDING, NULL, "the %" PRIu64
		    " components that fit only come along with what they "
		    "belong to, or what needs them: choose that", followers);
	return diag_fail(s->diag, STATUS_FINDING, NULL, s->positive ?
	    "nothing fits all of what is asked for (--list shows what there "
	    "is)" : "nothing is left: all components are excluded");
}

static void
told(void *ctx, const struct record *r, const char *ref, size_t n,
    const char *what, const char *pointer)
{
	struct selection *s = ctx;
	struct slice kind = record_text(r, RECORD_KIND);
	struct slice name = record_text(r, r->field[RECORD_NAME].p != NULL ?
	    RECORD_NAME : RECORD_AT);

	s->done->mended++;
	diag_note(s->diag, NULL, "%.*s %.*s: %s: %.*s is not selected: %s",
	    (int)kind.n, kind.p, (int)name.n, name.p, pointer, (int)n, ref,
	    what);
}

/* closure: whether a record whose rows differ really goes */
static int
goes(void *ctx, uint32_t i)
{
	struct selection *s = ctx;
	const struct mend_ask ask = { missing_lost, NULL, s, NULL };
	struct record r;
	int rc;

	s->node = i;
	if (selection_line(s, i, &r) == -1)
		return -1;
	rc = mend(s->mender, &r, &ask, &s->spare);
	return rc == -1 ? -1 : rc == MEND_DROP;
}

/* carry: the new line of a record; mended first, then what the map leaves */
static int
change(void *ctx, uint32_t i, const struct record *r, struct buf *line)
{
	struct selection *s = ctx;
	const struct mend_ask ask = { missing_lost, told, s, NULL };
	struct record mended;
	struct record_error e;
	int first = MEND_NONE, rc;

	s->node = i;
	s->spare.len = 0;
	if (s->missing == MISSING_DROP &&
	    (first = mend(s->mender, r, &ask, &s->spare)) == -1)
		return -1;
	if (first == MEND_CHANGED) {
		if (record_read(&mended, s->spare.ptr, s->spare.len, &e) ==
		    -1)
			return diag_fail(s->diag, STATUS_STREAM, NULL,
			    "mending made %s", e.what);
		r = &mended;
	}
	if ((rc = leaving_change(s, i, r, line)) != 0 ||
	    first != MEND_CHANGED)
		return rc;
	line->len = 0;
	buf_add(line, s->spare.ptr, s->spare.len);
	return 1;
}

static const char *
why(void *ctx, uint32_t i)
{
	const struct selection *s = ctx;
	unsigned n = graph_node(&s->graph, i)->why;

	switch (n) {
	case WHY_EXCLUDED:
		return "it is excluded";
	case WHY_APART:
		return "its category is not chosen, or what it belongs to";
	case WHY_UNCHOSEN:
		return "nothing that is chosen brings it along";
	case WHY_EMPTY:
		return "the platform leaves no empty one";
	default:
		return closure_why(n);
	}
}

/* what lies between the passes */
static int
decide(struct selection *s)
{
	if (check_words(s) == -1 || check_ids(s, s->criteria) == -1)
		return -1;
	s->stop = kind_set(s, s->options->stop, s->options->nstop);
	s->deps_of = kind_set(s, s->request.deps_of, s->request.ndeps_of);
	find_required(s);
	leaving_kinds(s);
	s->reach.deps = s->options->deps || s->request.deps;
	s->reach.stop = s->stop;
	s->reach.deps_of = s->deps_of;
	s->reach.stub = s->stub;
	s->reach.requires = s->requires;
	s->reach.required = s->required;
	s->reach.trace = s->options->explain != NULL;
	if (reach_ready(&s->reach) == -1)
		return -1;
	if (s->missing != MISSING_DROP)
		s->kinds.map = NULL;	/* nothing goes for what it lost */
	if ((s->positive ? choose(s) : exclude(s)) == -1)
		return -1;
	if (s->options->explain != NULL)
		return 0;
	if (check_chosen(s) == -1 || missing_settle(s) == -1)
		return -1;
	return leaving_settle(s);
}

/* the first line, and the map that it asks for */
static int
begin(struct selection *s, const struct map *(*map_of)(void *, const char *,
    size_t), void *ctx)
{
	struct record r;
	struct slice platform;
	uint64_t at;

	if (again_read(s->in, &r, &at) != 1)
		return -1;
	platform = record_text(&r, RECORD_PLATFORM);
	if ((s->map = map_of(ctx, platform.p, platform.n)) == NULL)
		return -1;
	head_put(&s->head, &r, s->diag->program, s->options->by);
	s->key = request_key(s->map);
	s->mender = mend_open(s->diag, s->map);
	s->trimmer = trim_open(s->diag, s->map);
	leaving_begin(s);
	s->missing = s->options->missing != MISSING_DEFAULT ?
	    s->options->missing : missing_default(s->map);
	if (s->options->request != NULL && request_read(&s->request, s->diag,
	    s->map, s->options->request, s->criteria) == -1)
		return -1;
	s->positive = s->criteria->given != 0;
	if (criteria_ready(s->criteria, s->map) == -1)
		return -1;
	return read_assumed(s);
}

static int
run(struct selection *s, struct criteria *asked)
{
	struct carry c = { .diag = s->diag, .in = s->in, .graph = &s->graph,
	    .rejects = s->options->rejects, .change = change, .why = why,
	    .ctx = s };

	if (read_all(s, asked) == -1)
		return -1;
	if (s->options->list)
		return check_words(s) == -1 || check_ids(s, s->criteria) ==
		    -1 ? -1 : listing_print(s);
	if (asked != NULL && check_ids(s, asked) == -1)
		return -1;
	if (decide(s) == -1)
		return -1;
	if (asked != NULL)
		return listing_explain(s);
	if (carry(&c, &s->head) == -1)
		return -1;
	s->done->dropped = c.dropped;
	s->done->changed = c.changed;
	s->done->bytes = c.bytes;
	return 0;
}

static void
close_all(struct selection *s)
{
	mend_close(s->mender);
	trim_close(s->trimmer);
	closure_free(&s->closure);
	reach_free(&s->reach);
	kinds_close(&s->kinds);
	keys_free(&s->there);
	graph_free(&s->graph);
	request_free(&s->request);
	free(s->left);
	free(s->stub);
	free(s->came);
	free(s->stop);
	free(s->deps_of);
	free(s->requires);
	free(s->required);
	buf_free(&s->flags);
	buf_free(&s->absences);
	buf_free(&s->containers);
	buf_free(&s->held);
	buf_free(&s->head);
	buf_free(&s->spare);
}

int
selects(struct diag *d, const struct select_options *o, struct again *in,
    struct room *room, const struct map *(*map_of)(void *, const char *,
    size_t), void *ctx, struct selected *done)
{
	struct selection s = { .diag = d, .options = o, .in = in,
	    .criteria = o->criteria, .holds = NOTHING,
	    .counts = { NOTHING, NOTHING, 0 }, .done = done };
	struct criteria asked = { .ids = { .list.room = room,
	    .start.room = room } };
	int rc = -1;

	graph_init(&s.graph, d, room);
	s.there.list.room = s.there.start.room = room;
	s.criteria->ids.list.room = s.criteria->ids.start.room = room;
	s.closure = (struct closure){ .graph = &s.graph, .kinds = &s.kinds,
	    .goes = goes, .ctx = &s };
	closure_init(&s.closure, room);
	s.reach = (struct reach){ .graph = &s.graph, .kinds = &s.kinds };
	reach_init(&s.reach, room);
	if (begin(&s, map_of, ctx) == 0) {
		if (o->explain != NULL)
			criteria_word(&asked, BY_ID, o->explain,
			    strlen(o->explain), 0);
		if (criteria_ready(&asked, s.map) == 0)
			rc = run(&s, o->explain != NULL ? &asked : NULL);
	}
	criteria_free(&asked);
	close_all(&s);
	return rc;
}
