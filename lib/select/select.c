/* SPDX-License-Identifier: ISC */
/*
 * A stream with the components that are asked for, and what they depend on.
 *
 * First all records are read: the graph, and what the criteria say of each.
 * Then it is decided what is taken: everything but what is excluded and what
 * is dropped with that (closure.h), or what is chosen and what comes along
 * (reach.h).  The second pass echoes what stays.
 */
#include "select/select.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "graph/emit.h"
#include "json/pointer.h"
#include "map/classify.h"
#include "map/map.h"
#include "select/criteria.h"
#include "select/select_priv.h"
#include "stream/record.h"
#include "stream/stream.h"
#include "stream/twopass.h"
#include "value/derive.h"
#include "value/repair.h"
#include "value/revise.h"

/* the category of what every export has (pkg-map(5), Selection) */
#define APP "app"

/* remember the category of one that is chosen */
static void
add_held(struct selection *s, struct slice category)
{
	const char *p, *end;

	if (category.p == NULL || !hashset_add(&s->held, PENDING_ITSELF,
	    category.p, category.n))
		return;
	end = category.p + category.n;
	for (p = category.p; (p = pointer_step(p, end)) < end; p++)
		hashset_add(&s->held, PENDING_BELOW, category.p,
		    (size_t)(p - category.p));
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
		flags |= REACH_EXCLUDED;
	if ((bits & FITS) != 0)
		flags |= SELECT_FITS;
	if ((bits & NAMED) != 0)
		flags |= SELECT_NAMED;
	if (is_wanted(s, bits))
		flags |= REACH_WANTED;
	if (record_is(r, RECORD_CATEGORY, APP))
		flags |= SELECT_APP;
	if ((flags & REACH_WANTED) != 0 && r->field[RECORD_ID].p == NULL &&
	    r->field[RECORD_OWNER].p == NULL)
		flags |= SELECT_SETTING;
	if ((bits & (FITS | EXCLUDED)) == FITS && category.p != NULL &&
	    (kindtable_early(&s->flags, s->map, record_text(r, RECORD_KIND),
	    kind) & KIND_FOLLOWS) == 0)
		add_held(s, category);
	return flags;
}

/* whether the later target has this very component */
static int
is_there(const struct selection *s, const struct record *r)
{
	struct slice kind = record_text(r, RECORD_KIND);
	struct slice id = record_text(r, RECORD_ID);

	return s->there.n > 0 && id.p != NULL && keyindex_find(&s->there,
	    keyindex_hash(kind.p, kind.n, id.p, id.n)) != NOTHING;
}

/*
 * The first pass: all records into the graph, with node->flags; asked are
 * criteria for what --explain asks for, or NULL.
 */
static int
gather(struct selection *s, struct criteria *asked)
{
	struct record r;
	struct node *n;
	uint64_t at;
	uint32_t i;
	int got;

	while ((got = twopass_read(s->in, &r, &at)) == 1) {
		if ((i = graph_add(&s->graph, &r, at)) == NOTHING)
			return -1;
		n = graph_node(&s->graph, i);
		if (r.kind == RECORD_OPEN)
			leftovers_container(s, i, &r);
		if (r.kind != RECORD_COMPONENT)
			continue;
		n->flags = (uint16_t)classify(s, &r, n->kind);
		if (is_there(s, &r))
			n->flags |= REACH_THERE;
		if (asked != NULL && (criteria_ask(asked, &r) & FITS) != 0)
			n->flags |= SELECT_ASKED;
		if (s->holds == NOTHING && export_options_is(s->key, &r))
			s->holds = i;
		if (language_list_gather(s, i, &r) == -1)
			return -1;
	}
	s->done->records = s->graph.n;
	if (got == -1 || graph_link(&s->graph, at) == -1)
		return -1;
	kindtable_open(&s->kinds, s->map, &s->graph);
	return 0;
}

/* the ids of the stream that a later merge goes into */
static int
gather_assumed(struct selection *s)
{
	struct twopass in;
	struct record r;
	struct slice kind, id;
	uint64_t at;
	int got = -1;

	if (s->options->assume == NULL)
		return 0;
	if (twopass_open(&in, s->diag, strcmp(s->options->assume, "-") == 0 ?
	    NULL : s->options->assume, &s->options->input) == 0 &&
	    twopass_akin(&in, "--assume", s->in, "the input", 0, "two") == 0) {
		derive_edited(&in.in, s->map);
		while ((got = twopass_read(&in, &r, &at)) == 1) {
			kind = record_text(&r, RECORD_KIND);
			id = record_text(&r, RECORD_ID);
			if (r.kind == RECORD_COMPONENT && id.p != NULL &&
			    keyindex_add(&s->there, keyindex_hash(kind.p,
			    kind.n, id.p, id.n), 0) == -1) {
				got = -1;
				break;
			}
		}
	}
	twopass_close(&in);
	return got == -1 ? -1 : keyindex_sort(&s->there);
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

/* the kinds that must refer to others, and to which ("required") */
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
		if (r == NULL || kind == NOTHING || s->reach.requires != NULL)
			continue;
		s->reach.requires = kind_set(s, &s->map->kinds[i]->name, 1);
		s->reach.required = kind_set(s, r->args, r->nargs);
	}
}

/* after the first pass: what is followed, and to where not */
static int
follow(struct selection *s)
{
	struct reach *c = &s->reach;

	c->stop = kind_set(s, s->options->stop, s->options->nstop);
	c->deps_of = kind_set(s, s->request.deps_of, s->request.ndeps_of);
	find_required(s);
	c->deps = s->options->deps || s->request.deps;
	c->trace = s->options->explain != NULL;
	return reach_ready(c);
}

/* whether something in the input needs what has a key's word */
static int
is_needed(const struct graph *g, uint32_t key)
{
	struct run *r = graph_run(g, key);
	uint32_t i;

	if (r != NULL && r->mark[SELECT_RUN_NEEDED] != 0)
		return r->mark[SELECT_RUN_NEEDED] == 1;
	for (i = graph_into(g, key); i != NOTHING; i = graph_edge(g, i)->next) {
		if (graph_edge(g, i)->list == RECORD_NEEDS)
			break;
	}
	if (r != NULL)
		r->mark[SELECT_RUN_NEEDED] = i != NOTHING ? 1 : 2;
	return i != NOTHING;
}

/* whether nothing in the input brings a record along */
static int
is_free(const struct selection *s, uint32_t node)
{
	const struct graph *g = &s->graph;
	const uint32_t *k;

	for (k = graph_keys(g, node); k < graph_keys(g, node + 1); k++) {
		if (is_needed(g, *k))
			return 0;
	}
	return !graph_owned(g, node) && graph_outer(g, node) == NOTHING;
}

/* whether a record that fits may be chosen */
static int
is_seed(const struct selection *s, uint32_t node)
{
	const struct node *n = graph_node(&s->graph, node);

	return (n->flags & (SELECT_FITS | REACH_EXCLUDED)) == SELECT_FITS &&
	    ((kindtable_flags(&s->kinds, n->kind) & KIND_FOLLOWS) == 0 ||
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
		    (kindtable_flags(&s->kinds, n->kind) & KIND_ALWAYS) != 0) {
			why = REACH_ALWAYS;
		} else if (leftovers_stays(s, i)) {
			why = REACH_LEFT;
			flags = s->reach.stub[n->kind] == REACH_LEAVES_STUB ?
			    REACH_STUB : 0;
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
	if ((n->flags & REACH_EXCLUDED) != 0)
		return WHY_EXCLUDED;
	if ((kindtable_flags(&s->kinds, n->kind) & KIND_APART) != 0)
		return WHY_APART;
	return WHY_UNCHOSEN;
}

static int
is_taken(const struct graph *g, uint32_t node)
{
	return (graph_node(g, node)->flags & REACH_TAKEN) != 0;
}

/* whether a file's line, or one of a container, has lost all its owners */
static int
has_lost_owners(const struct graph *g, uint32_t node)
{
	const struct edge *e = NULL;

	while ((e = graph_owner(g, node, e)) != NULL) {
		if (graph_any(g, e->key, SELECT_RUN_TAKEN, is_taken))
			return 0;
	}
	return graph_owned(g, node);
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
			if ((n->flags & REACH_TAKEN) != 0)
				continue;
			n->why = why_not(s, n) & MOST_WHY;
			n->fate = FATE_DROP;
		} else if (n->parent != NOTHING && graph_node(&s->graph,
		    n->parent)->fate == FATE_DROP) {
			n->why = WHY_INSIDE;
			n->fate = FATE_DROP;
		} else if (has_lost_owners(&s->graph, i)) {
			n->why = WHY_OWNER;
			n->fate = FATE_DROP;
		}
	}
	for (i = 0; i < s->graph.n; i++) {
		n = graph_node(&s->graph, i);
		for (up = (n->flags & REACH_TAKEN) != 0 ? n->parent :
		    NOTHING; up != NOTHING; up = n->parent) {
			n = graph_node(&s->graph, up);
			if (n->fate == FATE_DROP)
				n->fate = FATE_KEEP;
		}
	}
}

/* take what is chosen and what comes along; drop the rest */
static int
take_chosen(struct selection *s)
{
	if (take_seeds(s) == -1 || reach_all(&s->reach) == -1)
		return -1;
	s->done->along = s->reach.taken - s->done->chosen - s->done->always;
	drop_rest(s);
	return 0;
}

/* take everything but what is excluded, and what is dropped with it */
static int
take_all_but(struct selection *s)
{
	struct node *n;
	uint32_t i;

	for (i = 0; i < s->graph.n; i++) {
		n = graph_node(&s->graph, i);
		if (n->type != RECORD_COMPONENT)
			continue;
		if ((n->flags & REACH_EXCLUDED) == 0) {
			n->flags |= REACH_TAKEN;
			n->why = REACH_EVERYTHING;
			s->done->chosen++;
		} else if (closure_drop(&s->closure, i, WHY_EXCLUDED) == -1) {
			return -1;
		}
	}
	return closure_run(&s->closure);
}

static void
report_repair(void *ctx, const struct record *r, const char *ref, size_t n,
    const char *what, const char *pointer)
{
	struct selection *s = ctx;
	struct slice kind = record_text(r, RECORD_KIND);
	struct slice name = record_text(r, r->field[RECORD_NAME].p != NULL ?
	    RECORD_NAME : RECORD_AT);

	struct place at = graph_place(s->in, s->node);

	s->done->repaired++;
	at.pointer = pointer;
	diag_note(s->diag, &at, "%.*s %.*s: %.*s is not selected: %s",
	    (int)kind.n, kind.p, (int)name.n, name.p, (int)n, ref, what);
}

/* closure: whether a record whose rows differ must be dropped */
static int
is_unrepairable(void *ctx, uint32_t i)
{
	struct selection *s = ctx;
	const struct place at = graph_place(s->in, i);
	const struct repair_ask ask = { missing_lost, NULL, s, &at };
	struct record r;
	int rc;

	missing_begin(s, i);
	if (selection_line(s, i, &r) == -1)
		return -1;
	rc = repair(s->reviser, &r, &ask, &s->spare);
	return rc == -1 ? -1 : rc == REPAIRED_DROP;
}

/* what one change made of a line, for the next */
static int
read_made(struct selection *s, const struct place *at, const struct buf *made,
    struct record *r)
{
	struct text_error e;

	if (record_read(r, made->ptr, made->len, &e) == -1)
		return diag_fail(s->diag, STATUS_STREAM, at, "repairing made "
		    "%s", e.what);
	return 0;
}

/*
 * emit: the new line of a record; repaired first, without the languages that
 * are not wanted, then what the map leaves
 */
static int
change_line(void *ctx, uint32_t i, const struct record *r, struct buf *line)
{
	struct selection *s = ctx;
	const struct place at = graph_place(s->in, i);
	const struct repair_ask ask = { missing_lost, report_repair, s, &at };
	struct record made = *r;
	const struct buf *last = NULL;
	int rc;

	missing_begin(s, i);
	s->spare.len = 0;
	if (s->missing == MISSING_DROP) {
		if ((rc = repair(s->reviser, r, &ask, &s->spare)) == -1)
			return -1;
		if (rc == REPAIRED_CHANGED)
			last = &s->spare;
	}
	if (last != NULL && read_made(s, &at, last, &made) == -1)
		return -1;
	if ((rc = language_list_change(s, i, &made, &s->pruned)) == -1)
		return -1;
	if (rc == 1 && read_made(s, &at, last = &s->pruned, &made) == -1)
		return -1;
	if ((rc = leftovers_change(s, i, &made, line)) != 0 || last == NULL)
		return rc;
	line->len = 0;
	buf_add(line, last->ptr, last->len);
	return 1;
}

static const char *
why_dropped(void *ctx, uint32_t i)
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
	if (check_select_words(s) == -1 || check_select_ids(s, s->criteria) ==
	    -1)
		return -1;
	leftovers_kinds(s);
	if (follow(s) == -1)
		return -1;
	if (s->missing != MISSING_DROP)
		s->kinds.map = NULL;	/* none is dropped for what it lost */
	if ((s->positive ? take_chosen(s) : take_all_but(s)) == -1)
		return -1;
	if (s->options->explain != NULL)
		return 0;
	if (check_select_any(s) == -1 || missing_apply(s) == -1)
		return -1;
	leftovers_mark(s);
	language_list_mark(s);
	return 0;
}

/* the first line, and the map that it asks for */
static int
begin(struct selection *s, struct registry *maps)
{
	if ((s->map = derive_begin(s->in, maps, s->options->input.map)) ==
	    NULL)
		return -1;
	stream_put_head(&s->head, &s->in->first, s->diag->program,
	    s->options->by);
	s->key = export_options_key(s->map);
	s->reviser = revise_open(s->diag, s->map);
	leftovers_begin(s);
	s->missing = s->options->missing != MISSING_DEFAULT ?
	    s->options->missing : missing_default(s->map);
	if (s->options->request != NULL && request_read(&s->request, s->diag,
	    s->map, s->options->request, s->criteria) == -1)
		return -1;
	/* a language alone is no choice: it only leaves others out */
	s->positive = (s->criteria->given & ~(1U << BY_LANG)) != 0;
	if (criteria_ready(s->criteria, s->map) == -1)
		return -1;
	language_list_begin(s);
	return gather_assumed(s);
}

static int
run(struct selection *s, struct criteria *asked)
{
	struct carry c = { .diag = s->diag, .in = s->in, .graph = &s->graph,
	    .rejects = s->options->rejects, .change = change_line,
	    .why = why_dropped, .ctx = s };

	if (gather(s, asked) == -1)
		return -1;
	if (s->options->list)
		return check_select_words(s) == -1 || check_select_ids(s,
		    s->criteria) == -1 ? -1 : listing_print(s);
	if (asked != NULL && check_select_ids(s, asked) == -1)
		return -1;
	if (decide(s) == -1)
		return -1;
	if (asked != NULL)
		return listing_explain(s);
	if (emit(&c, &s->head) == -1)
		return -1;
	s->done->dropped = c.dropped;
	s->done->changed = c.changed;
	s->done->bytes = c.bytes;
	return 0;
}

static void
close_all(struct selection *s)
{
	revise_close(s->reviser);
	closure_free(&s->closure);
	free(s->reach.stop);
	free(s->reach.deps_of);
	free(s->reach.stub);
	free(s->reach.requires);
	free(s->reach.required);
	reach_free(&s->reach);
	kindtable_close(&s->kinds);
	keyindex_free(&s->there);
	graph_free(&s->graph);
	request_free(&s->request);
	free(s->left);
	free(s->came);
	free(s->counts);
	free(s->counted);
	hashset_free(&s->lost);
	buf_free(&s->flags);
	buf_free(&s->absences);
	buf_free(&s->containers);
	hashset_free(&s->held);
	buf_free(&s->head);
	buf_free(&s->spare);
	buf_free(&s->pruned);
	classify_close(s->sorts);
	tape_free(&s->listed);
}

int
selects(struct diag *d, const struct select_options *o, struct twopass *in,
    struct room *room, struct registry *maps, struct selected *done)
{
	struct selection s = { .diag = d, .options = o, .in = in,
	    .criteria = o->criteria, .holds = NOTHING, .done = done,
	    .input = graph_place(in, NOTHING) };
	struct criteria asked = { .ids.room = room };
	int rc = -1;

	graph_init(&s.graph, d, room);
	s.graph.reached = 1;
	s.there.room = room;
	s.criteria->ids.room = room;
	s.closure = (struct closure){ .graph = &s.graph, .kinds = &s.kinds,
	    .goes = is_unrepairable, .ctx = &s };
	closure_init(&s.closure, room);
	s.reach = (struct reach){ .graph = &s.graph, .kinds = &s.kinds };
	reach_init(&s.reach, room);
	if (begin(&s, maps) == 0) {
		if (o->explain != NULL)
			criteria_word(&asked, BY_ID, o->explain, 0);
		if (criteria_ready(&asked, s.map) == 0)
			rc = run(&s, o->explain != NULL ? &asked : NULL);
	}
	criteria_free(&asked);
	close_all(&s);
	return rc;
}
