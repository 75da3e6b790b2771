/* SPDX-License-Identifier: ISC */
/*
 * A stream with the versions of its tasks that an export mode takes.
 *
 * First all records are read: the graph, what tells the export's mode, the
 * status of each task.  Then it is decided, and what falls with a task falls.
 * The second pass echoes what stays.
 */
#include "filter.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "again.h"
#include "buf.h"
#include "carry.h"
#include "closure.h"
#include "diag.h"
#include "graph.h"
#include "head.h"
#include "kinds.h"
#include "map.h"
#include "mend.h"
#include "record.h"
#include "reline.h"
#include "states.h"
#include "telling.h"
#include "versus.h"

/* problems of one kind are told so often, then counted */
#define MOST_SAID 20

/* reasons of our own */
enum { WHY_LEFT = WHY_OWN, WHY_SUPERSEDED, WHY_UNKNOWN };

/* a kind whose components have parts with a status; beside those of kinds.h */
#define KIND_INNER (1U << 16)

/* flags of a task's node */
enum {
	FLAG_TASK = CLOSURE_OWN,
	FLAG_OWN = CLOSURE_OWN << 1,	/* its record has the status */
	FLAG_INNER = CLOSURE_OWN << 2	/* parts inside may have a status */
};

struct filter {
	struct diag *diag;
	const struct filter_options *options;
	struct again *in;
	const struct map *map;
	struct graph graph;
	struct kinds kinds;
	struct closure closure;
	struct states states;
	struct telling telling;
	int linked;
	struct keys tasks;	/* tasks by identity: versions together */
	struct buf flags;	/* of unsigned: kinds_ask() by kind */
	struct mender *mender;
	struct buf head;	/* the first line */
	struct buf line;	/* of a record mended once */
	struct buf said;	/* a reason with its status */
	struct filtered *done;
};

static unsigned
kind_flags(struct filter *f, const struct record *r, uint32_t kind)
{
	struct slice name = record_text(r, RECORD_KIND);
	unsigned flags;

	while (f->flags.len / sizeof(flags) <= kind) {
		flags = UINT32_MAX;
		buf_add(&f->flags, &flags, sizeof(flags));
	}
	flags = ((unsigned *)(void *)f->flags.ptr)[kind];
	if (flags == UINT32_MAX) {
		flags = kinds_ask(f->map, name.p, name.n);
		if (mend_has_inner(f->map, name.p, name.n))
			flags |= KIND_INNER;
		((unsigned *)(void *)f->flags.ptr)[kind] = flags;
	}
	return flags;
}

/* a list of aliases being looked up; 1 ends it */
struct lookup {
	struct states *states;
	enum task_status status;
};

static int
look_up(void *ctx, const char *p, size_t n)
{
	struct lookup *l = ctx;

	if (l->status == TASK_UNKNOWN)
		l->status = states_find(l->states, p, n);
	return 0;
}

/* what the list of statuses says of a task: by id, alias, then name */
static enum task_status
listed(struct filter *f, const struct record *r)
{
	struct slice id = record_text(r, RECORD_ID);
	struct slice name = record_text(r, RECORD_NAME);
	struct lookup l = { &f->states, TASK_UNKNOWN };

	if (f->states.list.len == 0)
		return TASK_UNKNOWN;
	if (id.p != NULL)
		look_up(&l, id.p, id.n);
	graph_items(r->field[RECORD_ALIAS], look_up, &l);
	if (name.p != NULL)
		look_up(&l, name.p, name.n);
	return l.status;
}

/* a task: its status, and its place among the versions of one identity */
static int
take_task(struct filter *f, const struct record *r, uint32_t i,
    unsigned flags, uint64_t at)
{
	struct node *n = graph_node(&f->graph, i);
	struct slice status = record_text(r, RECORD_STATUS);
	struct slice kind = record_text(r, RECORD_KIND);
	struct slice id = record_text(r, RECORD_ID);

	f->done->tasks++;
	n->flags |= FLAG_TASK;
	if (status.p != NULL)
		n->status = (uint8_t)status_read(f->map, status.p, status.n);
	if (n->status != TASK_UNKNOWN)
		n->flags |= FLAG_OWN;
	else
		n->status = (uint8_t)listed(f, r);
	if (f->options->mode == MODE_PUBLISHED && (flags & KIND_INNER) != 0)
		n->flags |= FLAG_INNER;
	if (id.p == NULL)	/* it has no other version */
		return keys_add(&f->tasks, at, i);
	return keys_add(&f->tasks, keys_hash(kind.p, kind.n, id.p, id.n), i);
}

/* the first pass */
static int
read_all(struct filter *f)
{
	struct record r;
	uint64_t at;
	uint32_t i;
	unsigned flags;
	int got;

	while ((got = again_read(f->in, &r, &at)) == 1) {
		if ((i = graph_add(&f->graph, &r, at)) == NOTHING)
			return -1;
		if (r.kind != RECORD_COMPONENT)
			continue;
		flags = kind_flags(f, &r, graph_node(&f->graph, i)->kind);
		if ((flags & (KIND_TELLS | KIND_TWIN)) != 0)
			telling_take(&f->telling, &r, flags);
		if ((flags & KIND_TASK) != 0 && take_task(f, &r, i,
		    flags, at) == -1)
			return -1;
	}
	f->done->records = f->graph.n;
	if (got == -1 || graph_end(&f->graph, at) == -1 ||
	    keys_sort(&f->tasks) == -1)
		return -1;
	kinds_open(&f->kinds, f->map, &f->graph);
	return 0;
}

/* the status of tasks that have none, from how the package was exported */
static void
assume(struct filter *f, enum export_mode mode)
{
	struct node *n;
	uint32_t i;

	if (mode != EXPORT_PUBLISHED && mode != EXPORT_NEVER)
		return;
	for (i = 0; i < f->tasks.n; i++) {
		n = graph_node(&f->graph, keys_at(&f->tasks, i)->node);
		if (n->status == TASK_UNKNOWN)
			n->status = mode == EXPORT_PUBLISHED ?
			    TASK_PUBLISHED : TASK_CONFIGURED;
	}
}

static uint64_t
count_unknown(const struct filter *f)
{
	uint64_t n = 0;
	uint32_t i;

	for (i = 0; i < f->tasks.n; i++)
		n += graph_node(&f->graph, keys_at(&f->tasks, i)->node)
		    ->status == TASK_UNKNOWN;
	return n;
}

/* tasks of unknown status: 0 to go on */
static int
settle_unknown(struct filter *f, enum export_mode mode)
{
	struct place at = { .input = f->in->in.lines.input,
	    .offset = DIAG_NOWHERE };
	enum filter_unknown want = f->options->unknown;
	uint64_t n = count_unknown(f);

	f->done->unknown = n;
	if (want == UNKNOWN_DEFAULT)
		want = f->options->mode == MODE_PUBLISHED &&
		    !f->options->mark ? UNKNOWN_FAIL : UNKNOWN_KEEP;
	if (n == 0)
		return 0;
	if (want == UNKNOWN_FAIL)
		return diag_fail(f->diag, STATUS_FINDING, &at, "nothing tells "
		    "the status of %" PRIu64 " of %" PRIu64 " tasks: the "
		    "package was exported %s; --states with a list, or with "
		    "the stream of the published export, settles it, or "
		    "--unknown keep or drop", n, f->done->tasks,
		    telling_words(mode));
	diag_warn(f->diag, &at, "nothing tells the status of %" PRIu64 " of %"
	    PRIu64 " tasks; they are %s (--states settles it)", n,
	    f->done->tasks, want == UNKNOWN_DROP ? "dropped" : "kept");
	return 0;
}

/* one version of a task meets its fate */
static int
decide(struct filter *f, uint32_t i, const struct versions *v)
{
	struct node *n = graph_node(&f->graph, i);
	enum status_fate fate;

	fate = status_fate(f->options->mode, v, n->status);
	if (n->status == TASK_UNKNOWN &&
	    f->options->unknown == UNKNOWN_DROP)
		return closure_drop(&f->closure, i, WHY_UNKNOWN);
	if (fate == STATUS_TAKEN) {
		f->done->taken[n->status]++;
		return 0;
	}
	f->done->left += fate == STATUS_LEFT;
	f->done->superseded += fate == STATUS_SUPERSEDED;
	return closure_drop(&f->closure, i, fate == STATUS_LEFT ? WHY_LEFT :
	    WHY_SUPERSEDED);
}

/* warn of versions of which the vendor's tables do not say what goes */
static void
warn_versions(struct filter *f, uint32_t i, const struct versions *v)
{
	static const char *const words[] = { "versions of which none is the "
	    "sole one; the newest stays", "versions of one status; they are "
	    "treated alike" };
	const char *said = NULL;
	struct record r;
	struct record_error e;
	struct slice id, kind;
	const char *line;
	size_t len = graph_length(&f->graph, i);
	int s;

	if (status_open(f->options->mode, v))
		said = words[0];
	for (s = 0; s < TASK_STATUSES; s++) {
		if (v->n[s] > 1)
			said = words[1];
	}
	if (said == NULL || ++f->done->doubtful > MOST_SAID)
		return;
	line = again_bytes(f->in, graph_node(&f->graph, i)->at, len);
	if (line == NULL || record_read(&r, line, len, &e) == -1)
		return;
	kind = record_text(&r, RECORD_KIND);
	id = record_text(&r, RECORD_ID);
	diag_warn(f->diag, NULL, "%.*s:%.*s has %s", (int)kind.n, kind.p,
	    (int)id.n, id.p, said);
}

/* find out what leads where, once */
static int
link_all(struct filter *f)
{
	if (f->linked)
		return 0;
	f->linked = 1;
	return graph_link(&f->graph, f->graph.end);
}

/* each task with its versions */
static int
decide_all(struct filter *f)
{
	struct versions v;
	uint32_t i, first, k;

	for (first = 0; first < f->tasks.n; first = i) {
		v = (struct versions){0};
		for (i = first, k = first; k != NOTHING;
		    k = keys_next(&f->tasks, k), i++)
			v.n[graph_node(&f->graph, keys_at(&f->tasks, k)
			    ->node)->status]++;
		if (i - first > 1)
			warn_versions(f, keys_at(&f->tasks, first)->node, &v);
		for (k = first; k < i; k++) {
			if (decide(f, keys_at(&f->tasks, k)->node, &v) == -1)
				return -1;
		}
	}
	if (f->done->doubtful > MOST_SAID)
		diag_warn(f->diag, NULL, "%" PRIu64 " tasks more have such "
		    "versions", f->done->doubtful - MOST_SAID);
	/* where nothing goes, nobody need know what leads where */
	if (f->closure.dropped == 0)
		return 0;
	return link_all(f) == -1 ? -1 : closure_fall(&f->closure);
}

/* whom the second pass has to look at besides those who lost something */
static void
see_changes(struct filter *f)
{
	struct node *n;
	uint32_t i;

	for (i = 0; i < f->tasks.n; i++) {
		n = graph_node(&f->graph, keys_at(&f->tasks, i)->node);
		if (n->fate != FATE_KEEP)
			continue;
		if (f->options->mark ? (n->flags & FLAG_OWN) == 0 &&
		    n->status != TASK_UNKNOWN : (n->flags & FLAG_INNER) != 0)
			n->fate = FATE_CHANGE;
	}
}

/* mender: what a reference led to is gone */
static int
lost(void *ctx, const char *ref, size_t n)
{
	const struct filter *f = ctx;

	return f->linked && closure_lost(&f->graph, ref, n);
}

static void
told(void *ctx, const struct record *r, const char *ref, size_t n,
    const char *what, const char *pointer)
{
	struct filter *f = ctx;
	struct slice kind = record_text(r, RECORD_KIND);
	struct slice name = record_text(r, r->field[RECORD_NAME].p != NULL ?
	    RECORD_NAME : RECORD_AT);

	f->done->mendings++;
	diag_note(f->diag, NULL, "%.*s %.*s: %s: %.*s was dropped: %s",
	    (int)kind.n, kind.p, (int)name.n, name.p, pointer, (int)n, ref,
	    what);
}

/* a part inside a task: does published mode leave it? */
static int
unwanted(void *ctx, const char *status, size_t n)
{
	const struct filter *f = ctx;
	enum task_status s = status_read(f->map, status, n);

	return s != TASK_UNKNOWN && s != TASK_PUBLISHED;
}

static void
told_inner(void *ctx, const struct record *r, const char *status, size_t n,
    const char *pointer)
{
	struct filter *f = ctx;
	struct slice name = record_text(r, RECORD_NAME);

	f->done->mendings++;
	diag_note(f->diag, NULL, "%.*s: %s: dropped, its status is %.*s",
	    (int)name.n, name.p, pointer, (int)n, status);
}

/* the new line of a record: the parts inside first, then what lost */
static int
mend_line(struct filter *f, const struct record *r, int inner,
    struct buf *line)
{
	const struct mend_ask ask = { lost, told, f, NULL };
	const struct mend_inner parts = { unwanted, told_inner, f, NULL };
	struct record without;
	struct record_error e;
	int first = MEND_NONE, rc;

	f->line.len = 0;
	if (inner && (first = mend_inner(f->mender, r, &parts, &f->line)) ==
	    -1)
		return -1;
	if (first == MEND_CHANGED) {
		if (record_read(&without, f->line.ptr, f->line.len, &e) == -1)
			return -1;
		r = &without;
	}
	if ((rc = mend(f->mender, r, &ask, line)) != MEND_NONE)
		return rc == MEND_CHANGED ? 1 : rc == -1 ? -1 : 0;
	if (first == MEND_NONE)
		return 0;
	line->len = 0;
	buf_add(line, f->line.ptr, f->line.len);
	return 1;
}

static int
change(void *ctx, uint32_t i, const struct record *r, struct buf *line)
{
	struct filter *f = ctx;
	const struct node *n = graph_node(&f->graph, i);

	if (!f->options->mark)
		return mend_line(f, r, (n->flags & FLAG_INNER) != 0, line);
	reline_status(line, r, status_word(n->status), NULL);
	return 1;
}

/* closure: whether a record whose rows differ really goes */
static int
goes(void *ctx, uint32_t i)
{
	struct filter *f = ctx;
	const struct mend_ask ask = { lost, NULL, f, NULL };
	struct record r;
	struct record_error e;
	size_t len = graph_length(&f->graph, i);
	const char *line;
	int rc;

	line = again_bytes(f->in, graph_node(&f->graph, i)->at, len);
	if (line == NULL || record_read(&r, line, len, &e) == -1)
		return -1;
	rc = mend(f->mender, &r, &ask, &f->line);
	return rc == -1 ? -1 : rc == MEND_DROP;
}

static const char *
why(void *ctx, uint32_t i)
{
	struct filter *f = ctx;
	const struct node *n = graph_node(&f->graph, i);
	const char *mode = f->options->mode == MODE_PUBLISHED ? "published" :
	    "latest";

	if (n->why < WHY_OWN)
		return closure_why(n->why);
	if (n->why == WHY_UNKNOWN)
		return "nothing tells its status";
	f->said.len = 0;
	buf_printf(&f->said, n->why == WHY_LEFT ? "its status is %s, which "
	    "%s mode leaves out" : "its status is %s, and %s mode takes "
	    "another version of it", status_word(n->status), mode);
	return buf_str(&f->said);
}

/* say what nobody expects: that nothing is left */
static void
warn_empty(struct filter *f, enum export_mode mode)
{
	struct place at = { .input = f->in->in.lines.input,
	    .offset = DIAG_NOWHERE };
	uint64_t gone = f->done->left + f->done->superseded;

	if (f->done->tasks > 0 && gone == f->done->tasks)
		diag_warn(f->diag, &at, "all of the %" PRIu64 " tasks are "
		    "dropped: the package was exported %s", f->done->tasks,
		    telling_words(mode));
}

/* what lies between the passes */
static int
decide_fates(struct filter *f)
{
	enum export_mode mode = telling_mode(&f->telling);

	if (f->states.stream && (link_all(f) == -1 || versus(&(struct versus){
	    .diag = f->diag, .map = f->map, .graph = &f->graph, .in = f->in,
	    .kinds = &f->kinds, .other = f->options->states,
	    .max_line = f->options->max_line, .task = FLAG_TASK,
	    .known = FLAG_OWN }) == -1))
		return -1;
	assume(f, mode);
	if (states_unused(&f->states) > 0)
		diag_warn(f->diag, &(struct place){ .input =
		    f->options->states, .offset = DIAG_NOWHERE }, "%" PRIu64
		    " entries name no task of the stream, or one that tells "
		    "its status itself", states_unused(&f->states));
	if (settle_unknown(f, mode) == -1)
		return -1;
	if (!f->options->mark && decide_all(f) == -1)
		return -1;
	see_changes(f);
	warn_empty(f, mode);
	return 0;
}

/* the first line, and the map that it asks for */
static int
begin(struct filter *f, const struct map *(*map_of)(void *, const char *,
    size_t), void *ctx)
{
	struct record r;
	struct slice platform;
	uint64_t at;

	if (again_read(f->in, &r, &at) != 1)
		return -1;
	platform = record_text(&r, RECORD_PLATFORM);
	if ((f->map = map_of(ctx, platform.p, platform.n)) == NULL)
		return -1;
	f->telling.map = f->map;
	head_put(&f->head, &r, f->diag->program, f->options->by);
	f->mender = mend_open(f->diag, f->map);
	if (f->options->states == NULL)
		return 0;
	return states_read(&f->states, f->diag, f->map, f->options->states);
}

static int
run(struct filter *f)
{
	struct carry c = { .diag = f->diag, .in = f->in, .graph = &f->graph,
	    .rejects = f->options->rejects, .change = change, .why = why,
	    .ctx = f };

	if (read_all(f) == -1 || decide_fates(f) == -1 ||
	    carry(&c, &f->head) == -1)
		return -1;
	f->done->dropped = c.dropped;
	f->done->changed = c.changed;
	f->done->bytes = c.bytes;
	return 0;
}

int
filter(struct diag *d, const struct filter_options *o, struct again *in,
    struct room *room, const struct map *(*map_of)(void *, const char *,
    size_t), void *ctx, struct filtered *done)
{
	struct filter f = { .diag = d, .options = o, .in = in, .done = done };
	int rc = -1;

	graph_init(&f.graph, d, room);
	f.tasks.list.room = f.tasks.start.room = room;
	f.closure = (struct closure){ .graph = &f.graph, .kinds = &f.kinds,
	    .goes = goes, .ctx = &f };
	closure_init(&f.closure, room);
	if (begin(&f, map_of, ctx) == 0)
		rc = run(&f);
	mend_close(f.mender);
	closure_free(&f.closure);
	keys_free(&f.tasks);
	kinds_close(&f.kinds);
	graph_free(&f.graph);
	states_free(&f.states);
	telling_free(&f.telling);
	buf_free(&f.flags);
	buf_free(&f.head);
	buf_free(&f.line);
	buf_free(&f.said);
	return rc;
}
