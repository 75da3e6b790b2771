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
#include "json/pointer.h"
#include "json/string.h"
#include "json/tape.h"
#include "map/file_match.h"
#include "map/map.h"
#include "match/containers.h"
#include "match/side.h"
#include "merge/cascade.h"
#include "merge/compose.h"
#include "merge/fate.h"
#include "merge/plan.h"
#include "merge/policy.h"

/* containers in each other; the parser's own limit is far below */
#define DEEPEST 4096

/* a file of the source alone, and the file of the target that it follows */
struct insertion {
	uint32_t after;		/* or NOTHING: before all */
	uint32_t file;
};

/* write the run that is held back */
static int
flush_run(struct order *o)
{
	const struct graph *g;
	struct slice line;
	uint32_t i;

	if (o->run == NULL)
		return 0;
	g = &o->run->graph;
	if (o->run == o->target && o->subtract) {
		o->stream.records += o->to - o->from;
		if (twopass_copy(&o->run->in, graph_at(g, o->from),
		    graph_at(g, o->to) - graph_at(g, o->from),
		    o->stream.out) == -1)
			return -1;
		o->run = NULL;
		return 0;
	}
	for (i = o->from; i < o->to; i++) {
		line.n = graph_length(g, i);
		line.p = twopass_bytes(&o->run->in, graph_at(g, i), line.n);
		if (line.p == NULL || stream_line(&o->stream, &line, 1) == -1)
			return -1;
	}
	o->run = NULL;
	return 0;
}

/* a record's own line comes next */
static int
copy_line(struct order *o, struct side *s, uint32_t i)
{
	o->records++;
	if (o->dry)
		return 0;
	if (o->run == s && o->to == i) {
		o->to++;
		return 0;
	}
	if (flush_run(o) == -1)
		return -1;
	o->run = s;
	o->from = i;
	o->to = i + 1;
	return 0;
}

/* a line of the target is not in the result as it was */
static int
subtract_line(struct order *o, uint32_t t)
{
	const struct graph *g = &o->target->graph;
	const char *line;
	size_t n = graph_length(g, t);

	if (o->dry || !o->subtract)
		return 0;
	if ((line = twopass_bytes(&o->target->in, graph_at(g, t), n)) == NULL)
		return -1;
	hash_subtract(&o->stream.sum, line, n);
	return 0;
}

/* a line that was made comes next */
static int
put_made(struct order *o)
{
	struct slice line = { o->compose->line.ptr, o->compose->line.len };

	o->records++;
	if (o->dry)
		return 0;
	return flush_run(o) == -1 ? -1 : stream_line(&o->stream, &line, 1);
}

/* what could not be composed: its value is no JSON, if nothing was said */
static int
no_value(struct order *o, uint32_t t, uint32_t s)
{
	struct side *side = s != NOTHING ? o->source : o->target;
	struct place at = side_place(side, s != NOTHING ? s : t);

	if (o->diag->status != STATUS_DONE)
		return -1;
	return diag_fail(o->diag, STATUS_STREAM, &at, "the value is no JSON "
	    "(or that of its counterpart in the other stream); --edited "
	    "checks all of them");
}

/* a word for the plan of the record that comes next */
static int
take(struct order *o, int composed, uint32_t t, uint32_t s)
{
	return plan_take(o->plan, o->compose, composed, t, s, o->records);
}

/* what was composed of a record: its line, and a word for the plan */
static int
put_composed(struct order *o, int composed, uint32_t t, uint32_t s)
{
	switch (composed) {
	case COMPOSE_SAME:
		if (take(o, composed, t, s) == -1)
			return -1;
		return t != NOTHING ? copy_line(o, o->target, t) :
		    copy_line(o, o->source, s);
	case COMPOSE_DROP:
		if (t != NOTHING && subtract_line(o, t) == -1)
			return -1;
		return take(o, composed, t, s);
	case -1:
		return no_value(o, t, s);
	default:
		if (t != NOTHING && subtract_line(o, t) == -1)
			return -1;
		if (take(o, composed, t, s) == -1)
			return -1;
		return put_made(o);
	}
}

static int put_node(struct order *, uint32_t t);

/* a record of the target is dropped, with all in it */
static int
put_gone(struct order *o, uint32_t t)
{
	uint32_t i, end = side_end(o->target, t);

	for (i = t; i < end; i++) {
		if (subtract_line(o, i) == -1 ||
		    plan_gone(o->plan, o->target, i) == -1)
			return -1;
	}
	return 0;
}

/* @data of a file that is not split: one side's, all of it */
static int
put_file(struct order *o, uint32_t t, uint32_t s)
{
	uint32_t i, end = side_end(o->target, t), last;
	int same;

	if ((same = plan_file(o->plan, o->target, t, o->source, s,
	    o->records)) == -1)
		return -1;
	for (i = t; i < end; i++) {
		if ((same ? copy_line(o, o->target, i) :
		    subtract_line(o, i)) == -1)
			return -1;
	}
	last = same ? s : side_end(o->source, s);
	for (i = s; i < last; i++) {
		if (copy_line(o, o->source, i) == -1)
			return -1;
	}
	return 0;
}

/* a line of the target that is no component */
static int
put_other(struct order *o, uint32_t t)
{
	int got;

	if (side_node(o->target, t)->type == RECORD_OF_FILE &&
	    compose_file(o->compose, 0, t) == -1)
		return -1;
	if ((got = compose_other(o->compose, t)) == -1)
		return -1;
	if (got == COMPOSE_SAME)
		return copy_line(o, o->target, t);
	return subtract_line(o, t) == -1 ? -1 : put_made(o);
}

/*
 * One record that only the source has.  It comes into one of the target (or
 * NOTHING), which may stand in another file than its mate.
 */
static int
put_one(struct order *o, uint32_t t, uint32_t i)
{
	int got = COMPOSE_SAME, moved = 0, made;

	made = side_node(o->source, i)->type == RECORD_COMPONENT;
	if (made && (got = compose(o->compose, NOTHING, i)) == -1)
		return no_value(o, NOTHING, i);
	if (got != COMPOSE_DROP)
		moved = compose_into(o->compose, t, i, got != COMPOSE_SAME);
	if (moved == -1)
		return -1;
	if (made)
		return put_composed(o, moved ? COMPOSE_REPLACED : got, NOTHING,
		    i);
	if (plan_new(o->plan, o->source, i, o->records) == -1)
		return -1;
	return moved ? put_made(o) : copy_line(o, o->source, i);
}

/*
 * A record that only the source has, with what is taken of its inside.  What
 * has a mate comes where that one is, with all in it.
 */
static int
put_new(struct order *o, uint32_t t, uint32_t s)
{
	uint32_t i, next, end = side_end(o->source, s);

	for (i = s; i < end; i = next) {
		next = i + 1;
		if (side_mate(o->source, i) != NOTHING)
			next = side_end(o->source, i);
		else if (side_node(o->source, i)->fate == SIDE_TAKEN &&
		    put_one(o, t, i) == -1)
			return -1;
	}
	return 0;
}

/* the source's records from one on that have no mate, up to one that has */
static int
put_new_run(struct order *o, uint32_t t, uint32_t s, uint32_t end)
{
	for (; s < end && side_mate(o->source, s) == NOTHING;
	    s = side_end(o->source, s)) {
		if (side_node(o->source, s)->fate == SIDE_TAKEN &&
		    put_new(o, t, s) == -1)
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
put_rest(struct order *o, uint32_t t, uint32_t s)
{
	uint32_t i, end = side_end(o->source, s);

	for (i = s + 1; i < end; i = side_end(o->source, i)) {
		if (side_mate(o->source, i) == NOTHING &&
		    side_node(o->source, i)->fate == SIDE_TAKEN &&
		    put_new(o, t, i) == -1)
			return -1;
	}
	return 0;
}

/* what stands in a record of the target, and what comes to it */
static int
put_inside(struct order *o, uint32_t t, uint32_t s)
{
	uint32_t i, mate, end = side_end(o->target, t), last = 0;
	int placed;

	placed = s != NOTHING ? by_place(o->source, s) : 0;
	if (placed == -1)
		return -1;
	if (s != NOTHING)
		last = side_end(o->source, s);
	if (placed && put_new_run(o, t, s + 1, last) == -1)
		return -1;
	for (i = t + 1; i < end; i = side_end(o->target, i)) {
		if (put_node(o, i) == -1)
			return -1;
		mate = side_mate(o->target, i);
		if (placed && mate != NOTHING && mate > s && mate < last &&
		    put_new_run(o, t, side_end(o->source, mate),
		    last) == -1)
			return -1;
	}
	return s == NOTHING || placed ? 0 : put_rest(o, t, s);
}

/* ---- containers in a component, in the order of the value composed */

/* those of one side that are in the result; 0 or -1 */
static int
list_containers(struct order *o, struct tapefind *in, int source, uint32_t up,
    struct buf *list)
{
	struct side *s = source ? o->source : o->target;
	uint32_t i, end = side_end(s, up);
	struct record r;
	size_t skip;

	if (side_line(s, up, &r) == -1)
		return -1;
	skip = record_text(&r, RECORD_AT).n;
	for (i = up + 1; i < end; i = side_end(s, i)) {
		if (source && (side_mate(s, i) != NOTHING ||
		    side_node(s, i)->fate != SIDE_TAKEN))
			continue;
		if (containers_add(list, in, s, i, skip, (uint32_t)source) ==
		    -1)
			return -1;
	}
	return 0;
}

/* a container that the value cannot have: something else stands there */
static int
no_place(struct order *o, const struct container *h)
{
	struct side *s = h->which ? o->source : o->target;
	struct place at = side_place(s, h->node);
	struct record r;

	if (side_line(s, h->node, &r) == -1)
		return -1;
	return diag_fail(o->diag, STATUS_FINDING, &at, "%.*s: what stands in "
	    "there has no place in the other stream's version, which has "
	    "something else there", (int)record_text(&r, RECORD_AT).n,
	    record_text(&r, RECORD_AT).p);
}

/* whether the source adds a container right inside a component */
static int
adds_container(const struct side *s, uint32_t up)
{
	uint32_t i, end = side_end(s, up);

	for (i = up + 1; i < end; i = side_end(s, i)) {
		if (side_mate(s, i) == NOTHING &&
		    side_node(s, i)->fate == SIDE_TAKEN)
			return 1;
	}
	return 0;
}

/* what stands in a pair of components: of the line made, or the target's */
static int
put_containers(struct order *o, uint32_t t, uint32_t s, int made)
{
	struct tape tape = {0};
	struct tapefind in = { .tape = &tape };
	struct buf line = {0}, list = {0};
	struct text_error e;
	struct record r;
	const struct container *h;
	size_t n, i;
	int rc = -1;

	if ((made ? record_read(&r, o->compose->line.ptr,
	    o->compose->line.len, &e) :
	    side_keep(o->target, t, &line, &r)) == 0 && tape_read(&tape,
	    r.field[RECORD_VALUE].p, r.field[RECORD_VALUE].n, &e) == 0 &&
	    list_containers(o, &in, 0, t, &list) == 0)
		rc = list_containers(o, &in, 1, s, &list);
	containers_sort(&list);
	n = list.len / sizeof(*h);
	h = buf_at(&list, 0);
	for (i = 0; i < n && rc == 0; i++, h++) {
		if (h->token != TAPE_NONE)
			rc = h->which ? put_new(o, t, h->node) :
			    put_node(o, h->node);
		else if (cascade_holds(h->which ? o->source : o->target,
		    h->node))
			rc = no_place(o, h);
		else if (!h->which)
			rc = put_gone(o, h->node);
	}
	buf_free(&line);
	buf_free(&list);
	tape_find_free(&in);
	tape_free(&tape);
	return rc;
}

/* a record of the target, or what takes its place, and all in it */
static int
put_node(struct order *o, uint32_t t)
{
	struct node *n = side_node(o->target, t);
	uint32_t s = side_mate(o->target, t);
	int got, made = 0;

	if (n->fate == SIDE_GONE)
		return put_gone(o, t);
	if (n->type == RECORD_OF_FILE && n->fate == SIDE_TAKEN)
		return put_file(o, t, s);
	if (n->type == RECORD_COMPONENT) {
		got = compose(o->compose, t, s);
		if (put_composed(o, got, t, s) == -1)
			return -1;
		if (got == COMPOSE_DROP)
			return side_end(o->target, t) > t + 1 ?
			    put_gone(o, t) : 0;
		made = got != COMPOSE_SAME && s != NOTHING &&
		    (side_end(o->target, t) > t + 1 ||
		    side_end(o->source, s) > s + 1);
	} else if (put_other(o, t) == -1) {
		return -1;
	}
	if (++o->depth > DEEPEST)
		return diag_fail(o->diag, STATUS_LIMIT, NULL, "more than %d "
		    "containers in each other", DEEPEST);
	if (made || (n->type == RECORD_COMPONENT && s != NOTHING &&
	    adds_container(o->source, s)))
		got = put_containers(o, t, s, made);
	else
		got = put_inside(o, t, s);
	o->depth--;
	return got;
}

/* ---- where a file that is new goes: behind the last of its kind, as near */

/* a file's path, and the group that the map has it in */
static int
path_of(struct side *s, uint32_t file, struct buf *path, const char **group)
{
	const struct map *m = s->sorts->map;
	const struct map_file *row = NULL;
	struct buf stars = {0};
	struct record r;
	struct slice name;

	if (side_line(s, file, &r) == -1)
		return -1;
	name = record_text(&r, RECORD_FILE);
	path->len = 0;
	string_decode(path, name.p, name.n);
	buf_str(path);
	if (m != NULL)
		row = map_file(m, path->ptr, &stars);
	buf_free(&stars);
	*group = row == NULL ? "" : row->group->name;
	return 0;
}

/* the folder around a path of n bytes: its length, with the last "/" */
static size_t
folder(const char *path, size_t n)
{
	while (n > 0 && path[n - 1] != '/')
		n--;
	return n;
}

/* the files of a side, by their kinds and all folders around them; 0 or -1 */
static int
list_folders(struct keyindex *folders, struct side *s)
{
	const char *group;
	struct buf path = {0};
	uint32_t i;
	size_t n;
	int rc = 0;

	for (i = 0; i < s->graph.n && rc == 0; i++) {
		if (side_node(s, i)->type != RECORD_OF_FILE)
			continue;
		if ((rc = path_of(s, i, &path, &group)) == -1)
			break;
		for (n = path.len; n > 0 && rc == 0; ) {
			n = folder(path.ptr, n - 1);
			rc = keyindex_add(folders, keyindex_hash(group,
			    strlen(group), path.ptr, n), i);
		}
	}
	buf_free(&path);
	return rc == -1 ? -1 : keyindex_sort(folders);
}

/* the file that another side's follows, if there is one; 0 or -1 */
static int
find_anchor(const struct keyindex *folders, struct side *s, uint32_t file,
    uint32_t *after)
{
	const char *group;
	struct buf path = {0};
	uint32_t k = NOTHING;
	size_t n;

	if (path_of(s, file, &path, &group) == -1)
		return -1;
	for (n = path.len; n > 0 && k == NOTHING; ) {
		n = folder(path.ptr, n - 1);
		k = keyindex_find(folders, keyindex_hash(group, strlen(group),
		    path.ptr, n));
	}
	if (k != NOTHING)
		*after = keyindex_at(folders, keyindex_last(folders, k))->node;
	buf_free(&path);
	return 0;
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
place_files(struct order *o)
{
	struct room *room = o->target->mates.room;
	struct keyindex folders = { .room = room };
	struct insertion in;
	uint32_t i, last = NOTHING;
	int rc;

	rc = list_folders(&folders, o->target);
	for (i = 0; i < o->source->graph.n && rc == 0; i++) {
		if (side_node(o->source, i)->type != RECORD_OF_FILE)
			continue;
		if (side_mate(o->source, i) != NOTHING) {
			last = side_mate(o->source, i);
			continue;
		}
		if (side_node(o->source, i)->fate != SIDE_TAKEN)
			continue;
		in = (struct insertion){ last, i };
		rc = find_anchor(&folders, o->source, i, &in.after);
		buf_add(&o->files, &in, sizeof(in));
	}
	if (o->files.len > 0)
		qsort(o->files.ptr, o->files.len / sizeof(in), sizeof(in),
		    by_target);
	keyindex_free(&folders);
	return rc;
}

/* the files that follow one of the target */
static int
put_files(struct order *o, uint32_t after, size_t *next)
{
	const struct insertion *in;

	for (; *next * sizeof(*in) < o->files.len; ++*next) {
		in = (const struct insertion *)(void *)o->files.ptr + *next;
		if (in->after != after)
			break;
		if (compose_file(o->compose, 1, in->file) == -1 ||
		    put_new(o, NOTHING, in->file) == -1)
			return -1;
	}
	return 0;
}

static int
put_records(struct order *o)
{
	uint32_t i, next_file;
	size_t next = 0;

	if (place_files(o) == -1 || put_files(o, NOTHING, &next) == -1)
		return -1;
	for (i = 0; i < o->target->graph.n; i = next_file) {
		next_file = side_end(o->target, i);
		if (put_node(o, i) == -1 || put_files(o, i, &next) == -1)
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
	    stay > (t->graph.end - graph_at(&t->graph, 0)) / 2;
}

int
order(struct order *o, const struct buf *head)
{
	int rc = -1;

	o->out = (struct output){ .diag = o->diag, .name = o->fd ==
	    STDOUT_FILENO ? "stdout" : "temporary file", .fd = o->fd };
	o->stream = (struct stream_out){ .out = &o->out };
	o->stream.pieces = hash_open();
	o->subtract = !o->dry && most_stays(o->target);
	if (o->subtract)
		o->stream.sum = o->target->in.sum;
	if (o->dry || stream_head(&o->stream, head->ptr, head->len) == 0)
		rc = put_records(o);
	if (rc == 0 && !o->dry)
		rc = flush_run(o);
	if (rc == 0 && (twopass_same(&o->target->in) == -1 ||
	    twopass_same(&o->source->in) == -1))
		rc = -1;
	if (rc == 0 && !o->dry)
		rc = stream_finish(&o->stream);
	o->bytes = o->out.total;
	hash_close(o->stream.pieces);
	output_free(&o->out);
	buf_free(&o->files);
	return rc;
}
