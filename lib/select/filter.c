/* SPDX-License-Identifier: ISC */
/*
 * A stream with the versions of its tasks that an export mode takes.
 *
 * First all records are read: the graph, what shows the export's mode, the
 * status of each task.  Then it is decided which tasks are
 * dropped, and with them what cannot be without them.
 * The second pass echoes what stays.
 */
#include "select/filter.h"

#include <inttypes.h>

#include "base/allow.h"
#include "base/buf.h"
#include "base/diag.h"
#include "graph/closure.h"
#include "graph/emit.h"
#include "graph/graph.h"
#include "graph/kindtable.h"
#include "map/map.h"
#include "select/filter_priv.h"
#include "stream/list.h"
#include "stream/record.h"
#include "stream/record_edit.h"
#include "stream/stream.h"
#include "stream/twopass.h"
#include "value/derive.h"
#include "value/repair.h"
#include "value/revise.h"

/* reasons of our own */
enum { WHY_LEFT = WHY_OWN, WHY_SUPERSEDED, WHY_UNKNOWN };

/* flags of a task's node */
enum {
	FLAG_TASK = CLOSURE_OWN,
	FLAG_OWN = CLOSURE_OWN << 1,	/* its record has the status */
	FLAG_INNER = CLOSURE_OWN << 2,	/* parts inside may have a status */
	/* it is the first of versions that the tables leave open: ... */
	FLAG_ALIKE = CLOSURE_OWN << 3,	/* ... several have one status */
	FLAG_NEWEST = CLOSURE_OWN << 4	/* ... none is the sole one */
};

/* so many tasks in doubt are reported, then they are counted */
#define DOUBTS 20

struct filter {
	struct diag *diag;
	const struct filter_options *options;
	struct twopass *in;
	const struct map *map;
	struct graph graph;
	struct kindtable kinds;
	struct closure closure;
	struct status_list states;
	struct export_modes modes;
	int linked;
	struct keyindex tasks;	/* tasks by identity: versions together */
	struct buf flags;	/* of unsigned: kindtable_ask() by kind */
	struct reviser *reviser;
	struct buf head;	/* the first line */
	struct buf line;	/* of a record repaired once */
	struct buf said;	/* a reason with its status */
	struct filtered *done;
};

/* the node of the i-th task, as the index has them */
static struct node *
task_at(const struct filter *f, uint32_t i)
{
	return graph_node(&f->graph, keyindex_at(&f->tasks, i)->node);
}

/* what the list of statuses says of a task: by id, alias, then name */
static enum task_status
listed(struct filter *f, const struct record *r)
{
	struct slice word = record_text(r, RECORD_ID);
	enum task_status status = TASK_UNKNOWN;
	size_t at = 0;

	if (f->states.list.len == 0)
		return status;
	if (word.p != NULL)
		status = status_list_find(&f->states, word.p, word.n);
	while (status == TASK_UNKNOWN &&
	    list_next(r->field[RECORD_ALIAS], &at, &word))
		status = status_list_find(&f->states, word.p, word.n);
	word = record_text(r, RECORD_NAME);
	if (status == TASK_UNKNOWN && word.p != NULL)
		status = status_list_find(&f->states, word.p, word.n);
	return status;
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
	if (f->options->mode == MODE_PUBLISHED && (flags & KIND_INNER) != 0 &&
	    repair_may_have_inner(f->reviser, r))
		n->flags |= FLAG_INNER;
	if (id.p == NULL)	/* it has no other version */
		return keyindex_add(&f->tasks, at, i);
	return keyindex_add(&f->tasks, keyindex_hash(kind.p, kind.n, id.p,
	    id.n), i);
}

/* all records; f->tasks has the tasks, versions of one identity together */
static int
read_tasks(struct filter *f)
{
	struct record r;
	uint64_t at;
	uint32_t i = 0;
	unsigned flags;
	int got;

	while ((got = twopass_read(f->in, &r, &at)) == 1) {
		if ((i = graph_add(&f->graph, &r, at)) == NOTHING)
			return -1;
		if (r.kind != RECORD_COMPONENT)
			continue;
		flags = kindtable_early(&f->flags, f->map, record_text(&r,
		    RECORD_KIND), graph_node(&f->graph, i)->kind);
		if ((flags & (KIND_MODE | KIND_TWIN)) != 0)
			export_mode_add(&f->modes, &r, flags);
		if ((flags & KIND_TASK) != 0 && take_task(f, &r, i,
		    flags, at) == -1)
			return -1;
	}
	f->done->records = f->graph.n;
	if (got == -1 || graph_end(&f->graph, at) == -1 ||
	    keyindex_sort(&f->tasks) == -1)
		return -1;
	kindtable_open(&f->kinds, f->map, &f->graph);
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
		n = task_at(f, i);
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
		n += task_at(f, i)->status == TASK_UNKNOWN;
	return n;
}

/* tasks of unknown status: 0 to go on */
static int
check_unknown(struct filter *f, enum export_mode mode)
{
	const struct place at = graph_place(f->in, NOTHING);
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
		    "the status of %" PRIu64 " of %" PRIu64 " task%s: the "
		    "package was exported %s; --states with a list, or with "
		    "the stream of the published export, settles it, or "
		    "--unknown keep or drop", n, f->done->tasks,
		    diag_s(f->done->tasks), export_mode_words(mode));
	diag_warn_of(f->diag, "status", &at,
	    "nothing tells the status of %" PRIu64 " of %"
	    PRIu64 " task%s; %s %s (--states settles it)", n,
	    f->done->tasks, diag_s(f->done->tasks), n == 1 ? "it is" :
	    "they are", f->options->mark ? "not marked" :
	    want == UNKNOWN_DROP ? "dropped" : "kept");
	return 0;
}

/* what becomes of one version of a task: n->why, if it is to be dropped */
static void
decide_version(struct filter *f, uint32_t i, const struct versions *v)
{
	struct node *n = graph_node(&f->graph, i);
	enum status_fate fate;

	fate = status_fate(f->options->mode, v, n->status);
	if (n->status == TASK_UNKNOWN &&
	    f->options->unknown == UNKNOWN_DROP) {
		n->why = WHY_UNKNOWN;
		return;
	}
	if (fate == STATUS_TAKEN) {
		f->done->taken[n->status]++;
		return;
	}
	f->done->left += fate == STATUS_LEFT;
	f->done->upgrades += fate == STATUS_LEFT && n->status ==
	    TASK_UPGRADE && v->n[TASK_PUBLISHED] == 0;
	f->done->superseded += fate == STATUS_SUPERSEDED;
	n->why = fate == STATUS_LEFT ? WHY_LEFT : WHY_SUPERSEDED;
}

/* in the order of the stream: that of the tasks' table is by chance */
static int
drop_all(struct filter *f)
{
	const struct node *n;
	uint32_t i;

	for (i = 0; i < f->graph.n; i++) {
		n = graph_node(&f->graph, i);
		if ((n->flags & FLAG_TASK) != 0 && n->why != WHY_NOT &&
		    closure_drop(&f->closure, i, n->why) == -1)
			return -1;
	}
	return 0;
}

/* what the vendor's tables leave open in a task's versions: a flag, or 0 */
static uint16_t
doubt(const struct filter *f, const struct versions *v)
{
	int s;

	for (s = 0; s < TASK_STATUSES; s++) {
		if (v->n[s] > 1)
			return FLAG_ALIKE;
	}
	return status_open(f->options->mode, v) ? FLAG_NEWEST : 0;
}

/* warn of the first such tasks, in the order of the stream; 0 or -1 */
static int
warn_doubts(const struct filter *f)
{
	struct place at;
	struct record r;
	struct slice id, kind;
	uint64_t reported = 0;
	uint32_t i;
	unsigned flags;

	for (i = 0; reported < f->done->doubtful && reported < DOUBTS; i++) {
		flags = graph_node(&f->graph, i)->flags;
		if ((flags & (FLAG_ALIKE | FLAG_NEWEST)) == 0)
			continue;
		at = graph_place(f->in, NOTHING);
		if (graph_read(&f->graph, f->in, i, &r) == -1)
			return -1;
		kind = record_text(&r, RECORD_KIND);
		id = record_text(&r, RECORD_ID);
		at = graph_place(f->in, i);
		diag_warn_of(f->diag, "versions", &at,
		    "%.*s:%.*s has versions of %s",
		    (int)kind.n, kind.p, (int)id.n, id.p,
		    (flags & FLAG_ALIKE) != 0 ? "one status; they are "
		    "treated alike" : "which none is the sole one; the "
		    "newest stays");
		reported++;
	}
	at = graph_place(f->in, NOTHING);
	if (f->done->doubtful > reported)
		diag_warn_of(f->diag, "versions", &at,
		    "%" PRIu64 " task%s more with such "
		    "versions", f->done->doubtful - reported,
		    diag_s(f->done->doubtful - reported));
	return 0;
}

/* find out what refers to what, once */
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
	uint16_t flag;

	for (first = 0; first < f->tasks.n; first = i) {
		v = (struct versions){0};
		for (i = first, k = first; k != NOTHING;
		    k = keyindex_next(&f->tasks, k), i++)
			v.n[task_at(f, k)->status]++;
		if (i - first > 1 && (flag = doubt(f, &v)) != 0) {
			task_at(f, first)->flags |= flag;
			f->done->doubtful++;
		}
		for (k = first; k < i; k++)
			decide_version(f, keyindex_at(&f->tasks, k)->node, &v);
	}
	if (drop_all(f) == -1 || warn_doubts(f) == -1)
		return -1;
	/* where nothing is dropped nobody need know what refers to what */
	if (f->closure.dropped == 0)
		return 0;
	return link_all(f) == -1 ? -1 : closure_run(&f->closure);
}

/* what changes, besides the records that lost something */
static void
mark_changes(struct filter *f)
{
	struct node *n;
	uint32_t i;

	for (i = 0; i < f->tasks.n; i++) {
		n = task_at(f, i);
		if (n->fate != FATE_KEEP)
			continue;
		if (f->options->mark ? (n->flags & FLAG_OWN) == 0 &&
		    n->status != TASK_UNKNOWN : (n->flags & FLAG_INNER) != 0)
			n->fate = FATE_CHANGE;
	}
}

/* whether there were tasks, and all of them are dropped */
static int
is_emptied(const struct filter *f)
{
	uint32_t i;

	for (i = 0; i < f->tasks.n; i++) {
		if (task_at(f, i)->fate != FATE_DROP)
			return 0;
	}
	return f->tasks.n > 0;
}

/* why none is left */
static const char *
why_emptied(const struct filter *f, enum export_mode mode)
{
	if (f->done->unknown == f->done->tasks)
		return "nothing tells their status";
	if (mode == EXPORT_NEVER && f->options->mode == MODE_PUBLISHED)
		return "the package was exported in development, and was "
		    "never published";
	return "none has a status that this mode takes";
}

/* a package without its tasks looks like any other: refuse it, or warn */
static int
check_emptied(struct filter *f, enum export_mode mode)
{
	const struct place at = graph_place(f->in, NOTHING);
	const char *why;
	int one = f->done->tasks == 1;

	if (!is_emptied(f))
		return 0;
	why = why_emptied(f, mode);
	if ((f->options->allow & ALLOW_EMPTY) == 0)
		return diag_fail(f->diag, STATUS_FINDING, &at, "%s of the %"
		    PRIu64 " task%s dropped: %s; %s--states with a list "
		    "tells other statuses, and --allow empty makes a package "
		    "without tasks", one ? "1" : "all", f->done->tasks,
		    one ? " is" : "s are", why,
		    f->options->mode == MODE_PUBLISHED ?
		    "the mode latest takes tasks in development, " : "");
	diag_warn_of(f->diag, "empty", &at,
	    "%s of the %" PRIu64 " task%s dropped: %s",
	    one ? "1" : "all", f->done->tasks, one ? " is" : "s are", why);
	return 0;
}

/* say what nobody expects: published tasks are dropped, or none is kept */
static int
check_dropped(struct filter *f, enum export_mode mode)
{
	const struct place at = graph_place(f->in, NOTHING);

	if (f->done->upgrades > 0)
		diag_warn_of(f->diag, "upgrade", &at,
		    "%" PRIu64 " upgrade%s in progress "
		    "%s; the platform would export the published version%s, "
		    "which the stream does not have", f->done->upgrades,
		    diag_s(f->done->upgrades), f->done->upgrades == 1 ?
		    "goes" : "go", diag_s(f->done->upgrades));
	return check_emptied(f, mode);
}

/* what lies between the passes */
static int
decide_fates(struct filter *f)
{
	enum export_mode mode = export_mode_of(&f->modes);

	if (f->states.stream && (link_all(f) == -1 || status_compare(
	    &f->graph, &f->kinds, f->in, f->options, FLAG_TASK, FLAG_OWN) ==
	    -1))
		return -1;
	assume(f, mode);
	if (status_list_unused(&f->states) > 0)
		diag_warn_of(f->diag, "states", &(struct place){ .input =
		    f->options->states, .offset = DIAG_NOWHERE }, "%" PRIu64
		    " entries name no task of the stream, or one that tells "
		    "its status itself", status_list_unused(&f->states));
	if (check_unknown(f, mode) == -1)
		return -1;
	if (!f->options->mark && decide_all(f) == -1)
		return -1;
	mark_changes(f);
	return check_dropped(f, mode);
}

/* repair: whether the target of a reference was dropped */
static int
lost(void *ctx, const char *ref, size_t n)
{
	const struct filter *f = ctx;

	return f->linked && closure_lost(&f->graph, ref, n);
}

static void
report_repair(void *ctx, const struct record *r, const char *ref, size_t n,
    const char *what, const char *pointer)
{
	struct filter *f = ctx;
	struct slice kind = record_text(r, RECORD_KIND);
	struct slice name = record_text(r, r->field[RECORD_NAME].p != NULL ?
	    RECORD_NAME : RECORD_AT);

	f->done->repairs++;
	diag_note(f->diag, NULL, "%.*s %.*s: %s: %.*s was dropped: %s",
	    (int)kind.n, kind.p, (int)name.n, name.p, *pointer != '\0' ?
	    pointer : "(root)", (int)n, ref, what);
}

/* a part inside a task: does published mode leave it? */
static int
is_unwanted(void *ctx, const char *status, size_t n)
{
	const struct filter *f = ctx;
	enum task_status s = status_read(f->map, status, n);

	return s != TASK_UNKNOWN && s != TASK_PUBLISHED;
}

static void
report_inner(void *ctx, const struct record *r, const char *status, size_t n,
    const char *pointer)
{
	struct filter *f = ctx;
	struct slice name = record_text(r, RECORD_NAME);

	f->done->repairs++;
	diag_note(f->diag, NULL, "%.*s: %s: dropped, its status is %.*s",
	    (int)name.n, name.p, pointer, (int)n, status);
}

/* the new line of a record: the parts inside first, then what it lost */
static int
repair_line(struct filter *f, const struct record *r, int inner,
    const struct place *at, struct buf *line)
{
	const struct repair_ask ask = { lost, report_repair, f, at };
	const struct repair_inner parts = { is_unwanted, report_inner, f,
	    at };
	struct record without;
	struct text_error e;
	int first = REPAIRED_NONE, rc;

	f->line.len = 0;
	if (inner && (first = repair_inner(f->reviser, r, &parts, &f->line)) ==
	    -1)
		return -1;
	if (first == REPAIRED_CHANGED) {
		if (record_read(&without, f->line.ptr, f->line.len, &e) == -1)
			return diag_fail(f->diag, STATUS_STREAM, at,
			    "repairing made %s", e.what);
		r = &without;
	}
	if ((rc = repair(f->reviser, r, &ask, line)) != REPAIRED_NONE)
		return rc == REPAIRED_CHANGED ? 1 : rc == -1 ? -1 : 0;
	if (first == REPAIRED_NONE)
		return 0;
	line->len = 0;
	buf_add(line, f->line.ptr, f->line.len);
	return 1;
}

/* emit: the new line of a record */
static int
change_line(void *ctx, uint32_t i, const struct record *r, struct buf *line)
{
	struct filter *f = ctx;
	const struct node *n = graph_node(&f->graph, i);
	const struct place at = graph_place(f->in, i);

	if (!f->options->mark)
		return repair_line(f, r, (n->flags & FLAG_INNER) != 0, &at,
		    line);
	record_edit_status(line, r, status_word(n->status), NULL);
	return 1;
}

/* closure: whether a record whose rows differ must be dropped */
static int
is_unrepairable(void *ctx, uint32_t i)
{
	struct filter *f = ctx;
	const struct place at = graph_place(f->in, i);
	const struct repair_ask ask = { lost, NULL, f, &at };
	struct record r;
	int rc;

	if (graph_read(&f->graph, f->in, i, &r) == -1)
		return -1;
	rc = repair(f->reviser, &r, &ask, &f->line);
	return rc == -1 ? -1 : rc == REPAIRED_DROP;
}

/* emit: why a record is dropped */
static const char *
why_dropped(void *ctx, uint32_t i)
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

/* the first line, and the map that it asks for */
static int
begin(struct filter *f, struct registry *maps)
{
	if ((f->map = derive_begin(f->in, maps, f->options->input.map)) ==
	    NULL)
		return -1;
	f->modes.map = f->map;
	stream_put_head(&f->head, &f->in->first, f->diag->program,
	    f->options->by);
	f->reviser = revise_open(f->diag, f->map);
	if (f->options->states == NULL)
		return 0;
	return status_list_read(&f->states, f->diag, f->map,
	    f->options->states);
}

static int
run(struct filter *f)
{
	struct carry c = { .diag = f->diag, .in = f->in, .graph = &f->graph,
	    .rejects = f->options->rejects, .change = change_line,
	    .why = why_dropped, .ctx = f };

	if (read_tasks(f) == -1 || decide_fates(f) == -1 ||
	    emit(&c, &f->head) == -1)
		return -1;
	f->done->dropped = c.dropped;
	f->done->changed = c.changed;
	f->done->bytes = c.bytes;
	return 0;
}

int
filter(struct diag *d, const struct filter_options *o, struct twopass *in,
    struct room *room, struct registry *maps, struct filtered *done)
{
	struct filter f = { .diag = d, .options = o, .in = in, .done = done };
	int rc = -1;

	graph_init(&f.graph, d, room);
	f.graph.reached = 1;
	f.tasks.room = room;
	f.closure = (struct closure){ .graph = &f.graph, .kinds = &f.kinds,
	    .goes = is_unrepairable, .ctx = &f };
	closure_init(&f.closure, room);
	if (begin(&f, maps) == 0)
		rc = run(&f);
	revise_close(f.reviser);
	closure_free(&f.closure);
	keyindex_free(&f.tasks);
	kindtable_close(&f.kinds);
	graph_free(&f.graph);
	status_list_free(&f.states);
	buf_free(&f.flags);
	buf_free(&f.head);
	buf_free(&f.line);
	buf_free(&f.said);
	return rc;
}
