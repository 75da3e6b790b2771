/* SPDX-License-Identifier: ISC */
/*
 * The result of a merge in its order.
 *
 * Lines of one side that follow each other there and stay as they are, are
 * copied as bytes.  The sum begins as the target's where more of it stays
 * than goes: only what differs is hashed then.
 */
#include "merge/order.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "graph/graph.h"
#include "json/find.h"
#include "json/pointer.h"
#include "match/side.h"
#include "merge/anchor.h"
#include "merge/compose.h"
#include "merge/decide.h"
#include "merge/plan.h"
#include "merge/rules.h"

/* containers in each other; the parser's own limit is far below */
#define DEEPEST 4096

/* a file of the source alone, and the file of the target that it follows */
struct insertion {
	uint32_t after;		/* or NOTHING: before all */
	uint32_t file;
};

/* write the run that is held back */
static int
flush(struct weave *w)
{
	const struct graph *g;
	struct slice line;
	uint32_t i;

	if (w->run == NULL)
		return 0;
	g = &w->run->graph;
	if (w->run == w->target && w->subtract) {
		w->stream.records += w->to - w->from;
		if (twopass_copy(&w->run->in, side_node(w->run, w->from)->at,
		    graph_node(g, w->to)->at - side_node(w->run, w->from)->at,
		    w->stream.out) == -1)
			return -1;
		w->run = NULL;
		return 0;
	}
	for (i = w->from; i < w->to; i++) {
		line.n = graph_length(g, i);
		line.p = twopass_bytes(&w->run->in, graph_node(g, i)->at,
		    line.n);
		if (line.p == NULL || stream_line(&w->stream, &line, 1) == -1)
			return -1;
	}
	w->run = NULL;
	return 0;
}

/* a record's own line comes next */
static int
echo(struct weave *w, struct side *s, uint32_t i)
{
	w->records++;
	if (w->dry)
		return 0;
	if (w->run == s && w->to == i) {
		w->to++;
		return 0;
	}
	if (flush(w) == -1)
		return -1;
	w->run = s;
	w->from = i;
	w->to = i + 1;
	return 0;
}

/* a line of the target is not in the result as it was */
static int
take_out(struct weave *w, uint32_t t)
{
	const char *line;
	size_t n = graph_length(&w->target->graph, t);

	if (w->dry || !w->subtract)
		return 0;
	if ((line = twopass_bytes(&w->target->in, side_node(w->target, t)->at,
	    n)) == NULL)
		return -1;
	hash_subtract(&w->stream.sum, line, n);
	return 0;
}

/* a line that was made comes next */
static int
put(struct weave *w)
{
	struct slice line = { w->compose->line.ptr, w->compose->line.len };

	w->records++;
	if (w->dry)
		return 0;
	return flush(w) == -1 ? -1 : stream_line(&w->stream, &line, 1);
}

/* what could not be composed: its value is no JSON, if nothing was said */
static int
no_value(struct weave *w, uint32_t t, uint32_t s)
{
	struct side *side = s != NOTHING ? w->source : w->target;
	struct place at = side_place(side);

	if (w->diag->status != STATUS_DONE)
		return -1;
	/* @stream is the first line */
	at.line = (s != NOTHING ? s : t) + (uint64_t)2;
	return diag_fail(w->diag, STATUS_STREAM, &at, "the value is no JSON "
	    "(or that of its counterpart in the other stream); --edited "
	    "checks all of them");
}

/* what was composed of a record: its line, and a word for the plan */
static int
place_it(struct weave *w, int composed, uint32_t t, uint32_t s)
{
	switch (composed) {
	case COMPOSE_SAME:
		if (plan_take(w->plan, w->compose, composed, t, s) == -1)
			return -1;
		return t != NOTHING ? echo(w, w->target, t) :
		    echo(w, w->source, s);
	case COMPOSE_DROP:
		if (t != NOTHING && take_out(w, t) == -1)
			return -1;
		return plan_take(w->plan, w->compose, composed, t, s);
	case -1:
		return no_value(w, t, s);
	default:
		if (t != NOTHING && take_out(w, t) == -1)
			return -1;
		if (plan_take(w->plan, w->compose, composed, t, s) == -1)
			return -1;
		return put(w);
	}
}

static int weave_new(struct weave *, uint32_t t, uint32_t s);
static int weave_inside(struct weave *, uint32_t t, uint32_t s);
static int weave_holes(struct weave *, uint32_t t, uint32_t s,
	    const struct buf *line);
static int weave_kept(struct weave *, uint32_t t, uint32_t s);
static int adds_hole(const struct side *, uint32_t up);

/* a record of the target goes, with all in it */
static int
weave_gone(struct weave *w, uint32_t t)
{
	uint32_t i, end = side_end(w->target, t);

	for (i = t; i < end; i++) {
		if (take_out(w, i) == -1 || plan_gone(w->plan, w->target, i) ==
		    -1)
			return -1;
	}
	return 0;
}

/* @data of a file that is not split: one side's, all of it */
static int
weave_file(struct weave *w, uint32_t t, uint32_t s)
{
	uint32_t i, end = side_end(w->target, t), last;
	int same;

	if ((same = plan_file(w->plan, w->target, t, w->source, s)) == -1)
		return -1;
	for (i = t; i < end; i++) {
		if ((same ? echo(w, w->target, i) : take_out(w, i)) == -1)
			return -1;
	}
	last = same ? s : side_end(w->source, s);
	for (i = s; i < last; i++) {
		if (echo(w, w->source, i) == -1)
			return -1;
	}
	return 0;
}

/* a line of the target that is no component */
static int
weave_other(struct weave *w, uint32_t t)
{
	int got;

	if (side_node(w->target, t)->type == RECORD_OF_FILE &&
	    compose_file(w->compose, t) == -1)
		return -1;
	if ((got = compose_other(w->compose, t)) == -1)
		return -1;
	if (got == COMPOSE_SAME)
		return echo(w, w->target, t);
	return take_out(w, t) == -1 ? -1 : put(w);
}

/* a record of the target, or what takes its place, and all in it */
static int
weave_node(struct weave *w, uint32_t t)
{
	struct node *n = side_node(w->target, t);
	uint32_t s = side_mate(w->target, t);
	int got, made = 0;

	if (n->fate == SIDE_GONE)
		return weave_gone(w, t);
	if (n->type == RECORD_OF_FILE && n->fate == SIDE_TAKEN)
		return weave_file(w, t, s);
	if (n->type == RECORD_COMPONENT) {
		got = compose(w->compose, t, s);
		if (place_it(w, got, t, s) == -1)
			return -1;
		if (got == COMPOSE_DROP)
			return side_end(w->target, t) > t + 1 ?
			    weave_gone(w, t) : 0;
		made = got != COMPOSE_SAME && s != NOTHING &&
		    (side_end(w->target, t) > t + 1 ||
		    side_end(w->source, s) > s + 1);
	} else if (weave_other(w, t) == -1) {
		return -1;
	}
	if (++w->depth > DEEPEST)
		return diag_fail(w->diag, STATUS_LIMIT, NULL, "more than %d "
		    "containers in each other", DEEPEST);
	if (made)
		got = weave_holes(w, t, s, &w->compose->line);
	else if (n->type == RECORD_COMPONENT && s != NOTHING &&
	    adds_hole(w->source, s))
		got = weave_kept(w, t, s);
	else
		got = weave_inside(w, t, s);
	w->depth--;
	return got;
}

/*
 * One record that only the source has.  It comes into one of the target (or
 * NOTHING), which may stand in another file than its mate.
 */
static int
weave_one(struct weave *w, uint32_t t, uint32_t i)
{
	int got = COMPOSE_SAME, moved = 0, made;

	made = side_node(w->source, i)->type == RECORD_COMPONENT;
	if (made && (got = compose(w->compose, NOTHING, i)) == -1)
		return no_value(w, NOTHING, i);
	if (got != COMPOSE_DROP)
		moved = compose_into(w->compose, t, i, got != COMPOSE_SAME);
	if (moved == -1)
		return -1;
	if (made)
		return place_it(w, moved ? COMPOSE_REPLACED : got, NOTHING, i);
	if (plan_new(w->plan, w->source, i) == -1)
		return -1;
	return moved ? put(w) : echo(w, w->source, i);
}

/*
 * A record that only the source has, with what is taken of its inside.  What
 * has a mate comes where that one is, with all in it.
 */
static int
weave_new(struct weave *w, uint32_t t, uint32_t s)
{
	uint32_t i, next, end = side_end(w->source, s);

	for (i = s; i < end; i = next) {
		next = i + 1;
		if (side_mate(w->source, i) != NOTHING)
			next = side_end(w->source, i);
		else if (side_node(w->source, i)->fate == SIDE_TAKEN &&
		    weave_one(w, t, i) == -1)
			return -1;
	}
	return 0;
}

/* the source's records from one on that have no mate, up to one that has */
static int
weave_run(struct weave *w, uint32_t t, uint32_t s, uint32_t end)
{
	for (; s < end && side_mate(w->source, s) == NOTHING;
	    s = side_end(w->source, s)) {
		if (side_node(w->source, s)->fate == SIDE_TAKEN &&
		    weave_new(w, t, s) == -1)
			return -1;
	}
	return 0;
}

/* do new members go where the source has them: in a document's object?  -1 */
static int
by_place(struct side *s, uint32_t i)
{
	uint32_t up = side_node(s, i)->parent;
	struct record r;

	if (side_node(s, i)->type != RECORD_OPEN)
		return side_node(s, i)->type == RECORD_COMPONENT;
	if (up == NOTHING || side_node(s, up)->type != RECORD_OF_FILE)
		return 0;
	if (side_line(s, i, &r) == -1)
		return -1;
	return r.field[RECORD_VALUE].n > 0 &&
	    *r.field[RECORD_VALUE].p == '{';
}

/* all that is new in a container, behind what it had */
static int
weave_rest(struct weave *w, uint32_t t, uint32_t s)
{
	uint32_t i, end = side_end(w->source, s);

	for (i = s + 1; i < end; i = side_end(w->source, i)) {
		if (side_mate(w->source, i) == NOTHING &&
		    side_node(w->source, i)->fate == SIDE_TAKEN &&
		    weave_new(w, t, i) == -1)
			return -1;
	}
	return 0;
}

/* what stands in a record of the target, and what comes to it */
static int
weave_inside(struct weave *w, uint32_t t, uint32_t s)
{
	uint32_t i, mate, end = side_end(w->target, t), last = 0;
	int placed;

	placed = s != NOTHING ? by_place(w->source, s) : 0;
	if (placed == -1)
		return -1;
	if (s != NOTHING)
		last = side_end(w->source, s);
	if (placed && weave_run(w, t, s + 1, last) == -1)
		return -1;
	for (i = t + 1; i < end; i = side_end(w->target, i)) {
		if (weave_node(w, i) == -1)
			return -1;
		mate = side_mate(w->target, i);
		if (placed && mate != NOTHING && mate > s && mate < last &&
		    weave_run(w, t, side_end(w->source, mate),
		    last) == -1)
			return -1;
	}
	return s == NOTHING || placed ? 0 : weave_rest(w, t, s);
}

/* ---- containers in a component, in the order of the value composed */

/* one that is opened in there */
struct hole {
	uint32_t node;
	int source;		/* it is the source's */
	uint32_t token;		/* where the value has it, or TAPE_NONE */
	size_t order;
};

static int
by_token(const void *a, const void *b)
{
	const struct hole *x = a, *y = b;

	if (x->token != y->token)
		return x->token < y->token ? -1 : 1;
	return x->order < y->order ? -1 : x->order > y->order;
}

/* those of one side that are in the result; 0 or -1 */
static int
list_holes(struct weave *w, struct tapefind *in, int source, uint32_t up,
    struct buf *list)
{
	struct side *s = source ? w->source : w->target;
	uint32_t i, end = side_end(s, up);
	struct hole h = { .source = source };
	struct record r;
	struct slice at;
	size_t skip;

	if (side_line(s, up, &r) == -1)
		return -1;
	skip = record_text(&r, RECORD_AT).n;
	for (i = up + 1; i < end; i = side_end(s, i)) {
		if (source && (side_mate(s, i) != NOTHING ||
		    side_node(s, i)->fate != SIDE_TAKEN))
			continue;
		if (side_line(s, i, &r) == -1)
			return -1;
		at = record_text(&r, RECORD_AT);
		h.node = i;
		h.order = list->len;
		h.token = at.n <= skip ? TAPE_NONE :
		    tape_find_pointer(in, (struct slice){ at.p + skip,
		    at.n - skip });
		buf_add(list, &h, sizeof(h));
	}
	return 0;
}

/* a container that the value cannot have: something else stands there */
static int
no_hole(struct weave *w, const struct hole *h)
{
	struct side *s = h->source ? w->source : w->target;
	struct place at = side_place(s);
	struct record r;

	if (side_line(s, h->node, &r) == -1)
		return -1;
	at.line = h->node + (uint64_t)2;	/* @stream is the first */
	return diag_fail(w->diag, STATUS_FINDING, &at, "%.*s: what stands in "
	    "there has no place in the other stream's version, which has "
	    "something else there", (int)record_text(&r, RECORD_AT).n,
	    record_text(&r, RECORD_AT).p);
}

/* whether nothing comes into a container of the source */
static int
comes_empty(const struct side *s, uint32_t open)
{
	uint32_t i, end = side_end(s, open);

	for (i = open + 1; i < end; i++) {
		if (side_node(s, i)->type == RECORD_COMPONENT &&
		    side_node(s, i)->fate == SIDE_TAKEN)
			return 0;
	}
	return 1;
}

/* whether the source adds a container right inside a component */
static int
adds_hole(const struct side *s, uint32_t up)
{
	uint32_t i, end = side_end(s, up);

	for (i = up + 1; i < end; i = side_end(s, i)) {
		if (side_mate(s, i) == NOTHING &&
		    side_node(s, i)->fate == SIDE_TAKEN)
			return 1;
	}
	return 0;
}

/* what stands in a pair of components, whose line in the result is given */
static int
weave_holes(struct weave *w, uint32_t t, uint32_t s, const struct buf *line)
{
	struct tape tape = {0};
	struct tapefind in = { .tape = &tape };
	struct buf list = {0};
	struct text_error e;
	struct record r;
	const struct hole *h;
	size_t n, i;
	int rc = -1;

	if (record_read(&r, line->ptr, line->len, &e) == 0 &&
	    tape_read(&tape, r.field[RECORD_VALUE].p,
	    r.field[RECORD_VALUE].n, &e) == 0 &&
	    list_holes(w, &in, 0, t, &list) == 0)
		rc = list_holes(w, &in, 1, s, &list);
	n = list.len / sizeof(*h);
	if (n > 1)
		qsort(list.ptr, n, sizeof(*h), by_token);
	h = (const struct hole *)(void *)list.ptr;
	for (i = 0; i < n && rc == 0; i++, h++) {
		if (h->token == TAPE_NONE && h->source &&
		    comes_empty(w->source, h->node))
			continue;
		if (h->token == TAPE_NONE && (h->source ||
		    side_node(w->target, h->node)->fate != SIDE_GONE))
			rc = no_hole(w, h);
		else
			rc = h->source ? weave_new(w, t, h->node) :
			    weave_node(w, h->node);
	}
	buf_free(&list);
	tape_find_free(&in);
	tape_free(&tape);
	return rc;
}

/* the same where the target's line stays as it is */
static int
weave_kept(struct weave *w, uint32_t t, uint32_t s)
{
	struct buf line = {0};
	struct record r;
	int rc = -1;

	if (side_line(w->target, t, &r) == 0) {
		buf_add(&line, r.line.p, r.line.n);
		rc = weave_holes(w, t, s, &line);
	}
	buf_free(&line);
	return rc;
}

static int
by_target(const void *a, const void *b)
{
	const struct insertion *x = a, *y = b;

	/* NOTHING + 1 is 0: before all */
	if (x->after + 1 != y->after + 1)
		return x->after + 1 < y->after + 1 ? -1 : 1;
	return x->file < y->file ? -1 : x->file > y->file;
}

/* the files that only the source has, by those they follow */
static int
place_files(struct weave *w)
{
	struct room *room = w->target->mates.room;
	struct anchors anchors;
	struct insertion in;
	uint32_t i, last = NOTHING;
	int rc;

	rc = anchors_open(&anchors, w->target, room);
	for (i = 0; i < w->source->graph.n && rc == 0; i++) {
		if (side_node(w->source, i)->type != RECORD_OF_FILE)
			continue;
		if (side_mate(w->source, i) != NOTHING) {
			last = side_mate(w->source, i);
			continue;
		}
		if (side_node(w->source, i)->fate != SIDE_TAKEN)
			continue;
		in = (struct insertion){ last, i };
		rc = anchors_find(&anchors, w->source, i, &in.after);
		buf_add(&w->files, &in, sizeof(in));
	}
	if (w->files.len > 0)
		qsort(w->files.ptr, w->files.len / sizeof(in), sizeof(in),
		    by_target);
	anchors_free(&anchors);
	return rc;
}

/* the files that follow one of the target */
static int
weave_files(struct weave *w, uint32_t after, size_t *next)
{
	const struct insertion *in;

	for (; *next * sizeof(*in) < w->files.len; ++*next) {
		in = (const struct insertion *)(void *)w->files.ptr + *next;
		if (in->after != after)
			break;
		if (compose_new_file(w->compose, in->file) == -1 ||
		    weave_new(w, NOTHING, in->file) == -1)
			return -1;
	}
	return 0;
}

static int
weave_records(struct weave *w)
{
	uint32_t i, next_file;
	size_t next = 0;

	if (place_files(w) == -1 || weave_files(w, NOTHING, &next) == -1)
		return -1;
	for (i = 0; i < w->target->graph.n; i = next_file) {
		next_file = side_end(w->target, i);
		if (weave_node(w, i) == -1 || weave_files(w, i, &next) == -1)
			return -1;
	}
	return 0;
}

/* whether more bytes of the target stay than go */
static int
most_stays(const struct side *t)
{
	uint64_t stay = 0;
	uint32_t i;

	for (i = 0; i < t->graph.n; i++) {
		if (side_node(t, i)->fate == SIDE_STAYS)
			stay += graph_length(&t->graph, i);
	}
	return t->graph.n > 0 &&
	    stay > (t->graph.end - side_node(t, 0)->at) / 2;
}

int
order(struct weave *w, const struct buf *head)
{
	int rc = -1;

	w->out = (struct output){ .diag = w->diag, .name = "stdout",
	    .fd = STDOUT_FILENO };
	w->stream = (struct stream_out){ .out = &w->out };
	w->stream.pieces = hash_open();
	w->subtract = !w->dry && most_stays(w->target);
	if (w->subtract)
		w->stream.sum = w->target->in.sum;
	if (w->dry || stream_head(&w->stream, head->ptr, head->len) == 0)
		rc = weave_records(w);
	if (rc == 0 && !w->dry)
		rc = flush(w);
	if (rc == 0 && (twopass_same(&w->target->in) == -1 ||
	    twopass_same(&w->source->in) == -1))
		rc = -1;
	if (rc == 0 && !w->dry)
		rc = stream_finish(&w->stream);
	w->bytes = w->out.total;
	hash_close(w->stream.pieces);
	output_free(&w->out);
	buf_free(&w->files);
	return rc;
}
