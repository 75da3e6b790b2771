/* SPDX-License-Identifier: ISC */
/*
 * Two streams merged as the platform would import one into the other.
 *
 * Both are read once for who their records are; pairs are found, decisions
 * made and checked; then the result is written from their lines.
 */
#include "merge/merge.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/allow.h"
#include "base/atomicfile.h"
#include "base/diag.h"
#include "base/tempfile.h"
#include "json/string.h"
#include "map/file_match.h"
#include "map/map.h"
#include "map/registry.h"
#include "match/pair.h"
#include "match/side.h"
#include "merge/binding.h"
#include "merge/check_merge.h"
#include "merge/collide.h"
#include "merge/compose.h"
#include "merge/decide.h"
#include "merge/fate.h"
#include "merge/file_moves.h"
#include "merge/guard.h"
#include "merge/order.h"
#include "stream/stream.h"

/* all that a merge has open */
struct merging {
	struct diag *diag;
	const struct merge_options *o;
	struct room *room;
	const struct map *map;
	struct side target, source;
	struct policy *rules;
	struct file_moves moves;
	struct fates fates;
	struct compose compose;
	struct plan *plan;	/* in what was done */
};

/* this merge cannot be: the end of it, or a line of the plan */
static int
fail(void *ctx, const char *what)
{
	struct merging *m = ctx;

	string_encode(&m->plan->fails, what, strlen(what));
	buf_addc(&m->plan->fails, '\0');
	return m->o->plan ? 0 :
	    diag_fail(m->diag, STATUS_FINDING, NULL, "%s", what);
}

/* the platform would refuse it; with --no-limits only a warning */
static int
refuse(struct merging *m, const char *kind, const char *what)
{
	if (m->o->plan || !m->o->no_limits)
		return fail(m, what);
	diag_warn_of(m->diag, kind, NULL, "%s", what);
	return 0;
}

/* something to be known beforehand: a warning, or in the plan */
static void
tell(struct merging *m, const char *kind, const char *what)
{
	string_encode(&m->plan->notes, what, strlen(what));
	buf_addc(&m->plan->notes, '\0');
	if (!m->o->plan)
		diag_warn_of(m->diag, kind, NULL, "%s", what);
}

/* a mistake that would look like success, but for what is allowed by name */
static int
guard(void *ctx, const char *kind, int allowed, const char *what)
{
	struct merging *m = ctx;

	if (!allowed)
		return fail(m, what);
	tell(m, kind, what);
	return 0;
}

/* both must be of one platform and edition */
static int
check_heads(struct merging *m)
{
	struct slice a = record_text(&m->target.in.first, RECORD_PLATFORM);
	struct slice b = record_text(&m->source.in.first, RECORD_PLATFORM);

	if (!slice_same(a, b))
		return diag_fail(m->diag, STATUS_FINDING, NULL, "the source "
		    "is of platform %.*s, the target of %.*s", (int)b.n, b.p,
		    (int)a.n, a.p);
	a = record_text(&m->target.in.first, RECORD_EDITION);
	b = record_text(&m->source.in.first, RECORD_EDITION);
	if (a.n > 0 && b.n > 0 && !slice_same(a, b))
		return diag_fail(m->diag, STATUS_FINDING, NULL, "the source "
		    "is of edition %.*s, the target of %.*s: the platform "
		    "upgrades such packages, it does not import them",
		    (int)b.n, b.p, (int)a.n, a.p);
	return 0;
}

/* -1, 0 or 1: which of two versions such as 9.1.7 is older */
static int
compare_versions(const char *a, const char *b)
{
	unsigned long x, y;
	char *p, *q;

	while (*a != '\0' || *b != '\0') {
		x = strtoul(a, &p, 10);
		y = strtoul(b, &q, 10);
		if (x != y)
			return x < y ? -1 : 1;
		if ((p == a && *p != '\0') || (q == b && *q != '\0'))
			return strcmp(p, q) < 0 ? -1 : strcmp(p, q) > 0;
		a = *p == '\0' ? p : p + 1;
		b = *q == '\0' ? q : q + 1;
	}
	return 0;
}

/* the versions that the files tell of, and what the map allows */
static int
check_versions(struct merging *m)
{
	const char *a = buf_str(&m->target.version);
	const char *b = buf_str(&m->source.version);
	struct buf what = {0};
	int other = policy_same_version(m->rules), rc = 0, order;

	if (*a == '\0' || *b == '\0')
		return 0;
	order = compare_versions(a, b);
	if (other ? order != 0 : order < 0) {
		buf_printf(&what, "the source is of the platform's version "
		    "%s, the target of %s: %s", b, a, other ?
		    "the platform imports only its own" :
		    "the platform does not import what is newer");
		rc = refuse(m, "version", buf_str(&what));
		buf_free(&what);
	}
	return rc;
}

/* the variables that the user wants to stay as they are */
static int
drop_variables(struct merging *m)
{
	struct buf unknown = {0};
	const char *p;
	int rc;

	rc = check_merge_variables(m->o->drop, m->o->ndrop, &m->target,
	    &m->source, &unknown);
	for (p = unknown.ptr; p != NULL && p < unknown.ptr + unknown.len;
	    p += strlen(p) + 1)
		tell(m, "variables", p);
	buf_free(&unknown);
	return rc;
}

/* the target as it was, as a stream */
static int
copy_target(struct merging *m, struct output *out)
{
	struct side *t = &m->target;
	struct stream_out stream = { .out = out };
	uint64_t at = t->graph.n > 0 ? graph_at(&t->graph, 0) : 0;

	stream.sum = t->in.sum;
	stream.records = t->graph.n;
	return stream_head(&stream, t->in.head.ptr, t->in.head.len) == 0 &&
	    (t->graph.n == 0 || twopass_copy(&t->in, at, t->graph.end - at,
	    out) == 0) && twopass_same(&t->in) == 0 ?
	    stream_finish(&stream) : -1;
}

/* the same in the file of --backup */
static int
back_up(struct merging *m)
{
	struct atomicfile file;
	struct output out = { .diag = m->diag, .name = m->o->backup };
	int rc;

	if (m->o->backup == NULL)
		return 0;
	if (atomicfile_open(&file, m->diag, m->o->backup, m->o->force) == -1)
		return -1;
	out.fd = file.fd;
	rc = copy_target(m, &out);
	if (rc == 0)
		rc = atomicfile_commit(&file);
	output_free(&out);
	atomicfile_close(&file);
	return rc;
}

/* a file that comes must not be larger than the platform takes */
static int
check_file(struct merging *m, uint32_t file)
{
	struct slice edition = record_text(&m->source.in.first, RECORD_EDITION);
	struct buf path = {0}, stars = {0}, word = {0}, what = {0};
	const struct map_file *row;
	struct record r;
	long long size;
	uint64_t limit = 0;
	int rc = 0;

	if (side_line(&m->source, file, &r) == -1)
		return -1;
	size = record_number(&r, RECORD_SIZE);
	string_decode(&path, record_text(&r, RECORD_FILE).p,
	    record_text(&r, RECORD_FILE).n);
	if (edition.n > 0)
		buf_add(&word, edition.p, edition.n);
	if ((row = map_file(m->map, buf_str(&path), &stars)) != NULL)
		limit = map_limit(m->map, row->group->name, edition.n > 0 ?
		    buf_str(&word) : NULL);
	if (limit > 0 && size > 0 && (uint64_t)size > limit) {
		buf_printf(&what, "%s: %lld bytes, the platform takes %"
		    PRIu64, path.ptr, size, limit);
		rc = refuse(m, "limit", buf_str(&what));
	}
	buf_free(&path);
	buf_free(&stars);
	buf_free(&word);
	buf_free(&what);
	return rc;
}

/* of files that are not the target's own; pkg-pack(1) sees the others */
static int
check_files(struct merging *m)
{
	const struct side *s = &m->source;
	const struct node *n;
	uint32_t i;

	for (i = 0; i < s->graph.n; i++) {
		n = graph_node(&s->graph, i);
		if (n->type == RECORD_OF_FILE && n->fate == SIDE_TAKEN &&
		    check_file(m, i) == -1)
			return -1;
	}
	return 0;
}

/* what neither side has, to which something new leads; allowed: only told */
static int
tell_missing(struct merging *m, const struct missing *miss, int allowed)
{
	struct place at = side_place(&m->source, miss->node);
	struct buf what = {0};
	int rc = plan_missing(m->plan, miss, &m->fates, &what);

	if (rc == 0 && m->o->plan)	/* its words are quoted */
		buf_add(&m->plan->notes, buf_str(&what), what.len + 1);
	else if (rc == 0 && allowed)
		diag_warn_of(m->diag, "missing", &at, "%s", buf_str(&what));
	else if (rc == 0)
		rc = diag_fail(m->diag, STATUS_FINDING, &at, "%s: the import "
		    "would fail (--allow missing makes it anyway)",
		    buf_str(&what));
	buf_free(&what);
	return rc;
}

/* a list of what neither side has; a plan has room for all of it */
static int
tell_list(struct merging *m, const struct buf *list, int allowed)
{
	const struct missing *miss = (const void *)list->ptr;
	size_t i, n = list->len / sizeof(*miss);
	size_t end = !m->o->plan && n > PLAN_TOLD ? PLAN_TOLD : n;
	int rc = 0;

	for (i = 0; i < end; i++)
		rc |= tell_missing(m, &miss[i], allowed);
	if (end < n && rc == -1)
		diag_fail(m->diag, STATUS_FINDING, NULL, "%zu such references "
		    "in all", n);
	if (end < n && rc == 0)
		diag_warn_of(m->diag, "missing", NULL,
		    "%zu such references in all", n);
	return rc;
}

/*
 * What neither side has: what is needed, and is told of at the end of a plan
 * if it is not allowed; and what is only mentioned.
 */
static int
check_missing(struct merging *m)
{
	struct fates *d = &m->fates;
	int allowed = (m->o->allow & ALLOW_MISSING) != 0;

	if (!m->o->plan || allowed) {
		if (tell_list(m, &d->missing, allowed || m->o->no_limits) ==
		    -1)
			return -1;
		d->missing.len = 0;
	}
	return tell_list(m, &d->mentioned, 1);
}

/* places in which each side has something else */
static int
check_places(struct merging *m)
{
	const struct buf *list = &m->fates.overlaps;
	const char *s, *end = buf_at(list, list->len);
	int rc = 0;

	for (s = list->ptr; s != NULL && s < end; s += strlen(s) + 1)
		rc |= fail(m, s);
	return rc;
}

/* what makes an import fail, and what people should know before */
static int
check(struct merging *m)
{
	if (guard_tasks(&m->fates, m->o->allow, guard, m) == -1 ||
	    guard_languages(&m->fates, m->o->allow, guard, m) == -1 ||
	    check_missing(m) == -1 ||
	    guard_losses(&m->fates, guard, m) == -1)
		return -1;
	if (m->o->ask.full && policy_partial(m->rules))
		tell(m, "export",
		    "the source is an export of some categories only, "
		    "and a full import removes what it does not have");
	if (check_files(m) == -1 || check_places(m) == -1 ||
	    collide_files(&m->fates, &m->moves, fail, m) == -1)
		return -1;
	return check_versions(m);
}

/* after the dry run: what would change is known, and whether that may be */
static int
check_conflicts(struct merging *m)
{
	uint64_t conflicts = m->plan->counts[PLAN_ERROR];

	if (conflicts > PLAN_TOLD)
		return diag_fail(m->diag, STATUS_FINDING, NULL, "%" PRIu64
		    " components differ so in all", conflicts);
	return conflicts > 0 ? -1 : 0;
}

/*
 * The target as a stream that can be read again, whatever it was: the file
 * itself, or a copy.  0 or -1
 */
static int
keep_target(struct merging *m, int *fd)
{
	struct twopass *in = &m->target.in;
	struct output out = { .diag = m->diag, .name = "temporary file" };
	int rc;

	if (!in->in.edited) {
		*fd = fcntl(in->fd, F_DUPFD_CLOEXEC, 0);
		return *fd != -1 && lseek(*fd, (off_t)in->base, SEEK_SET) !=
		    -1 ? 0 : diag_fail(m->diag, STATUS_IO, NULL,
		    "the target: %s", strerror(errno));
	}
	if ((out.fd = *fd = tempfile_open(m->diag)) == -1)
		return -1;
	rc = copy_target(m, &out);
	output_free(&out);
	return rc == 0 && lseek(*fd, 0, SEEK_SET) == -1 ?
	    tempfile_fail(m->diag, "rewind") : rc;
}

/* the plan: the result goes into a file without a name; 0 or -1 */
static int
make_plan(struct merging *m, struct order *w)
{
	struct buf head = {0};
	int *fds = m->plan->fds, rc;

	if ((fds[1] = w->fd = tempfile_open(m->diag)) == -1)
		return -1;
	stream_put_head(&head, &m->target.in.first, "pkg-merge", m->o->by);
	rc = order(w, &head);
	buf_free(&head);
	if (rc == -1 || plan_end(m->plan, &m->fates) == -1)
		return -1;
	if (lseek(fds[1], 0, SEEK_SET) == -1)
		return tempfile_fail(m->diag, "rewind");
	return keep_target(m, &fds[0]);
}

/* the whole stream */
static int
write_stream(struct merging *m, struct order *w, struct merged *done)
{
	struct buf head = {0};
	int rc;

	stream_put_head(&head, &m->target.in.first, "pkg-merge", m->o->by);
	rc = order(w, &head);
	buf_free(&head);
	memcpy(done->counts, m->plan->counts, sizeof(done->counts));
	diag_note(m->diag, NULL, "%" PRIu64 " component%s added, %" PRIu64
	    " replaced, %" PRIu64 " renamed, %" PRIu64 " repaired, %" PRIu64
	    " removed", done->counts[PLAN_ADD],
	    diag_s(done->counts[PLAN_ADD]), done->counts[PLAN_REPLACE],
	    done->counts[PLAN_RENAME], done->counts[PLAN_REPAIR],
	    done->counts[PLAN_REMOVE]);
	done->report.records = w->records;
	done->report.bytes_out = w->bytes;
	return rc;
}

/* the stream, or the plan */
static int
write_result(struct merging *m, struct merged *done)
{
	struct order w = { .diag = m->diag, .target = &m->target,
	    .source = &m->source, .fd = STDOUT_FILENO,
	    .compose = &m->compose, .plan = m->plan };
	struct order dry = w;
	int rc = 0;

	if (m->o->plan)
		return make_plan(m, &w);
	dry.dry = 1;
	if (policy_may_fail(m->rules)) {
		rc = order(&dry, NULL) == -1 ? -1 : check_conflicts(m);
		memcpy(done->counts, m->plan->counts, sizeof(done->counts));
		if (rc == -1)
			return rc;
		memset(m->plan->counts, 0, sizeof(m->plan->counts));
	}
	return write_stream(m, &w, done);
}

/* files move with what was renamed: pair_all()'s between */
static int
move_files(void *ctx, struct side *target, struct side *source)
{
	struct merging *m = ctx;

	file_moves_undo(target, source);
	return file_moves_find(&m->moves, target, source);
}

/* who is the same on both sides, and what is renamed with it */
static int
pair_sides(struct merging *m)
{
	if (pair_all(&m->target, &m->source, move_files, m) == -1)
		return -1;
	file_moves_undo(&m->target, &m->source);
	return 0;
}

/* both streams, and what the source's says of itself */
static int
read_sides(struct merging *m, struct merged *done)
{
	const struct buf *says = &m->source.options;
	struct slice held = {0};

	if (side_read(&m->target, policy_sorts(m->rules)) == -1 ||
	    side_read(&m->source, policy_sorts(m->rules)) == -1)
		return -1;
	done->target = m->target.graph.n;
	done->source = m->source.graph.n;
	done->report.bytes_in = m->target.in.in.lines.taken +
	    m->source.in.in.lines.taken;
	if (m->o->ask.full && m->source.components == 0 &&
	    (m->o->allow & ALLOW_EMPTY) == 0 && refuse(m, "empty",
	    "the source is empty: a full import of it would remove "
	    "everything") == -1)
		return -1;
	if (check_merge_words(m->diag, &m->o->ask, &m->target, &m->source) ==
	    -1)
		return -1;
	if (says->len > 0)
		held = (struct slice){ says->ptr, says->len };
	policy_scope(m->rules, held);
	return 0;
}

/* what only the decisions needed; the plan has asked by then */
static void
forget_pairing(struct merging *m)
{
	keyindex_free(&m->target.places);
	keyindex_free(&m->source.places);
	if (policy_counts(m->rules))	/* what counts needs the edges */
		return;
	bigarray_free(&m->target.graph.edges);
	bigarray_free(&m->source.graph.edges);
	bigarray_free(&m->target.graph.order);
	bigarray_free(&m->source.graph.order);
}

static int
run(struct merging *m, struct merged *done)
{
	if (read_sides(m, done) == -1 || drop_variables(m) == -1 ||
	    pair_sides(m) == -1 ||
	    decide(&m->fates, m->diag, &m->target, &m->source) == -1 ||
	    guard_required(&m->fates, guard, m) == -1)
		return -1;
	if (m->o->plan && (plan_unreached(m->plan, &m->fates) == -1 ||
	    binding_new(m->plan, &m->fates) == -1))
		return -1;
	forget_pairing(m);
	compose_open(&m->compose, m->diag, &m->fates, &m->moves);
	done->rewritten = m->fates.of[1].table.n;
	if (check(m) == -1 || back_up(m) == -1)
		return -1;
	return write_result(m, done);
}

int
merge(struct diag *d, const struct merge_options *o, struct room *room,
    struct registry *maps, struct merged *done)
{
	struct merging m = { .diag = d, .o = o, .room = room,
	    .source.is_source = 1, .plan = &done->plan };
	int rc = -1;

	m.plan->diag = d;
	m.plan->told = o->plan;
	plan_open(m.plan, room, &m.target, &m.source);
	if (side_open(&m.target, d, o->target, &o->input, room) == 0 &&
	    side_open(&m.source, d, o->source, &o->input, room) == 0 &&
	    check_heads(&m) == 0) {
		m.map = registry_of(d, maps, o->input.map, &m.target.in.first);
		m.rules = m.map == NULL ? NULL : policy_open(d, m.map,
		    &o->ask);
		rc = m.rules == NULL ? -1 : run(&m, done);
	}
	compose_close(&m.compose);
	decide_free(&m.fates);
	file_moves_free(&m.moves);
	policy_close(m.rules);
	side_close(&m.target);
	side_close(&m.source);
	return rc;
}
