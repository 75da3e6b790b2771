/* SPDX-License-Identifier: ISC */
/*
 * A stream with the components that are asked for, and what they depend on.
 *
 * First all records are read: the graph, and what the criteria say of each.
 * Then it is decided what is taken: everything but what is excluded and what
 * falls with that (closure.h), or what is chosen and what comes along
 * (reach.h).  The second pass echoes what stays.
 */
#include "select/select.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "graph/emit.h"
#include "json/pointer.h"
#include "map/map.h"
#include "map/registry.h"
#include "select/check_select.h"
#include "select/chosen.h"
#include "select/criteria.h"
#include "select/export_options.h"
#include "select/gather.h"
#include "select/holes.h"
#include "select/leftovers.h"
#include "select/listing.h"
#include "select/missing.h"
#include "select/selection.h"
#include "stream/head.h"
#include "stream/record.h"
#include "stream/twopass.h"
#include "value/anew.h"
#include "value/prune.h"
#include "value/repair.h"

const struct place *
selection_input(const struct selection *s)
{
	return &s->input;
}

/* each record is a line, after @stream */
struct place
selection_place(const struct selection *s, uint32_t node)
{
	return (struct place){ .input = s->in->in.lines.input,
	    .line = (uint64_t)node + 2, .offset = DIAG_NOWHERE };
}

const struct map_row *
selection_row(const struct map_kind *k, const char *word, const char *arg)
{
	const struct map_row *r;

	for (r = k->rows; r < k->rows + k->nrows; r++) {
		if (strcmp(r->word, word) == 0 && (arg == NULL ||
		    strcmp(r->args[0], arg) == 0))
			return r;
	}
	return NULL;
}

int
selection_line(struct selection *s, uint32_t node, struct record *r)
{
	struct text_error e;
	size_t n = graph_length(&s->graph, node);
	const char *line;

	line = twopass_bytes(s->in, graph_node(&s->graph, node)->at, n);
	if (line == NULL)
		return -1;
	if (record_read(r, line, n, &e) == -1)
		return diag_fail(s->diag, STATUS_INPUT, selection_input(s),
		    "the input "
		    "changed while it was read; run it again");
	return 0;
}

/* whether this category is held, one below it or one above */
static int
is_held(const struct refset *held, const char *p, size_t n)
{
	const char *q = p, *end = p + n;

	if (refset_has(held, PENDING_BELOW, p, n))
		return 1;
	for (;; q++) {
		q = pointer_step(q, end);
		if (refset_has(held, PENDING_ITSELF, p, (size_t)(q - p)))
			return 1;
		if (q == end)
			return 0;
	}
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
	    (bits & FITS) != 0 : is_held(&s->held, p, n))
		return 1;
	return leftovers_came(s, p, n);
}

static void
told(void *ctx, const struct record *r, const char *ref, size_t n,
    const char *what, const char *pointer)
{
	struct selection *s = ctx;
	struct slice kind = record_text(r, RECORD_KIND);
	struct slice name = record_text(r, r->field[RECORD_NAME].p != NULL ?
	    RECORD_NAME : RECORD_AT);

	struct place at = selection_place(s, s->node);

	s->done->mended++;
	at.pointer = pointer;
	diag_note(s->diag, &at, "%.*s %.*s: %.*s is not selected: %s",
	    (int)kind.n, kind.p, (int)name.n, name.p, (int)n, ref, what);
}

/* closure: whether a record whose rows differ really goes */
static int
goes(void *ctx, uint32_t i)
{
	struct selection *s = ctx;
	const struct place at = selection_place(s, i);
	const struct repair_ask ask = { missing_lost, NULL, s, &at };
	struct record r;
	int rc;

	s->node = i;
	if (selection_line(s, i, &r) == -1)
		return -1;
	rc = repair(s->mender, &r, &ask, &s->spare);
	return rc == -1 ? -1 : rc == REPAIR_DROP;
}

/* carry: the new line of a record; mended first, then what the map leaves */
static int
change(void *ctx, uint32_t i, const struct record *r, struct buf *line)
{
	struct selection *s = ctx;
	const struct place at = selection_place(s, i);
	const struct repair_ask ask = { missing_lost, told, s, &at };
	struct record mended;
	struct text_error e;
	int first = REPAIR_NONE, rc;

	s->node = i;
	s->spare.len = 0;
	if (s->missing == MISSING_DROP &&
	    (first = repair(s->mender, r, &ask, &s->spare)) == -1)
		return -1;
	if (first == REPAIR_CHANGED) {
		if (record_read(&mended, s->spare.ptr, s->spare.len, &e) ==
		    -1)
			return diag_fail(s->diag, STATUS_STREAM, &at,
			    "mending made %s", e.what);
		r = &mended;
	}
	if ((rc = leftovers_change(s, i, r, line)) != 0 ||
	    first != REPAIR_CHANGED)
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
	if (check_select_words(s) == -1 || check_select_ids(s, s->criteria) ==
	    -1)
		return -1;
	leftovers_kinds(s);
	if (select_begin(s) == -1)
		return -1;
	if (s->missing != MISSING_DROP)
		s->kinds.map = NULL;	/* nothing goes for what it lost */
	if ((s->positive ? select_choose(s) : select_exclude(s)) == -1)
		return -1;
	if (s->options->explain != NULL)
		return 0;
	if (check_select_any(s) == -1 || missing_settle(s) == -1)
		return -1;
	return leftovers_settle(s);
}

/* the first line, and the map that it asks for */
static int
begin(struct selection *s, struct registry *maps)
{
	struct record r;
	struct slice platform;
	uint64_t at;

	if (twopass_read(s->in, &r, &at) != 1)
		return -1;
	platform = record_text(&r, RECORD_PLATFORM);
	if ((s->map = registry_of(s->diag, maps, s->options->map,
	    platform.p, platform.n)) == NULL)
		return -1;
	derive_edited(&s->in->in, s->map);
	head_put(&s->head, &r, s->diag->program, s->options->by);
	s->key = export_options_key(s->map);
	s->mender = repair_open(s->diag, s->map);
	s->trimmer = prune_open(s->diag, s->map);
	holes_begin(s);
	s->missing = s->options->missing != MISSING_DEFAULT ?
	    s->options->missing : missing_default(s->map);
	if (s->options->request != NULL && request_read(&s->request, s->diag,
	    s->map, s->options->request, s->criteria) == -1)
		return -1;
	s->positive = s->criteria->given != 0;
	if (criteria_ready(s->criteria, s->map) == -1)
		return -1;
	return gather_assumed(s);
}

static int
run(struct selection *s, struct criteria *asked)
{
	struct carry c = { .diag = s->diag, .in = s->in, .graph = &s->graph,
	    .rejects = s->options->rejects, .change = change, .why = why,
	    .ctx = s };

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
	repair_close(s->mender);
	prune_close(s->trimmer);
	closure_free(&s->closure);
	reach_free(&s->reach);
	kindtable_close(&s->kinds);
	keyindex_free(&s->there);
	graph_free(&s->graph);
	request_free(&s->request);
	free(s->led_to);
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
	refset_free(&s->held);
	buf_free(&s->head);
	buf_free(&s->spare);
}

int
selects(struct diag *d, const struct select_options *o, struct twopass *in,
    struct room *room, struct registry *maps, struct selected *done)
{
	struct selection s = { .diag = d, .options = o, .in = in,
	    .criteria = o->criteria, .holds = NOTHING,
	    .counts = { NOTHING, NOTHING, 0 }, .done = done,
	    .input = { .input = in->in.lines.input,
	    .offset = DIAG_NOWHERE } };
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
	if (begin(&s, maps) == 0) {
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
