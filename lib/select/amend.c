/* SPDX-License-Identifier: ISC */
/*
 * The second pass of a filter.
 */
#include "select/amend.h"

#include "base/diag.h"
#include "select/filtered.h"
#include "select/filtering.h"
#include "stream/record.h"
#include "stream/record_edit.h"
#include "stream/twopass.h"
#include "value/repair.h"

/* the line of a node: each record is one, after @stream */
static struct place
place_of(const struct filter *f, uint32_t i)
{
	return (struct place){ .input = f->in->in.lines.input,
	    .line = (uint64_t)i + 2, .offset = DIAG_NOWHERE };
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
	    (int)kind.n, kind.p, (int)name.n, name.p, *pointer != '\0' ?
	    pointer : "(root)", (int)n, ref, what);
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
    const struct place *at, struct buf *line)
{
	const struct repair_ask ask = { lost, told, f, at };
	const struct repair_inner parts = { unwanted, told_inner, f, at };
	struct record without;
	struct text_error e;
	int first = REPAIR_NONE, rc;

	f->line.len = 0;
	if (inner && (first = repair_inner(f->mender, r, &parts, &f->line)) ==
	    -1)
		return -1;
	if (first == REPAIR_CHANGED) {
		if (record_read(&without, f->line.ptr, f->line.len, &e) == -1)
			return diag_fail(f->diag, STATUS_STREAM, at,
			    "mending made %s", e.what);
		r = &without;
	}
	if ((rc = repair(f->mender, r, &ask, line)) != REPAIR_NONE)
		return rc == REPAIR_CHANGED ? 1 : rc == -1 ? -1 : 0;
	if (first == REPAIR_NONE)
		return 0;
	line->len = 0;
	buf_add(line, f->line.ptr, f->line.len);
	return 1;
}

int
amend_line(void *ctx, uint32_t i, const struct record *r, struct buf *line)
{
	struct filter *f = ctx;
	const struct node *n = graph_node(&f->graph, i);
	const struct place at = place_of(f, i);

	if (!f->options->mark)
		return mend_line(f, r, (n->flags & FLAG_INNER) != 0, &at,
		    line);
	record_edit_status(line, r, status_word(n->status), NULL);
	return 1;
}

int
amend_goes(void *ctx, uint32_t i)
{
	struct filter *f = ctx;
	const struct place at = place_of(f, i);
	const struct repair_ask ask = { lost, NULL, f, &at };
	struct record r;
	struct text_error e;
	size_t len = graph_length(&f->graph, i);
	const char *line;
	int rc;

	line = twopass_bytes(f->in, graph_node(&f->graph, i)->at, len);
	if (line == NULL)
		return -1;
	if (record_read(&r, line, len, &e) == -1)
		return diag_fail(f->diag, STATUS_INPUT, &at, "the input "
		    "changed while it was read; run it again");
	rc = repair(f->mender, &r, &ask, &f->line);
	return rc == -1 ? -1 : rc == REPAIR_DROP;
}

const char *
amend_why(void *ctx, uint32_t i)
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
