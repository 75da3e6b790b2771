/* SPDX-License-Identifier: ISC */
/*
 * The second pass of a filter.
 *
 * The output's sum is the input's less what does not stay, or, where less
 * stays than goes, the sum of what stays: either way only the smaller part is
 * hashed again, and a file that changed between the passes does not get a
 * sum that hides it.
 */
#include "graph/emit.h"

#include <unistd.h>

#include "base/buf.h"
#include "base/diag.h"
#include "graph/closure.h"
#include "graph/graph.h"
#include "stream/record.h"
#include "stream/record_edit.h"
#include "stream/twopass.h"

/* whether the lines that are echoed are fewer bytes than the others */
static int
few_stay(const struct graph *g)
{
	uint64_t stay = 0;
	uint32_t i;

	for (i = 0; i < g->n; i++) {
		if (graph_node(g, i)->fate == FATE_KEEP)
			stay += graph_length(g, i);
	}
	return stay < (g->end - graph_at(g, 0)) / 2;
}

/* the lines of records from one up to another, none of which changes */
static int
echo_lines(struct carry *c, uint32_t from, uint32_t to)
{
	const struct graph *g = c->graph;
	struct slice line;
	uint64_t at = graph_at(g, from);

	if (!c->adding) {
		c->stream.records += to - from;
		return twopass_copy(c->in, at, graph_at(g, to) - at,
		    c->stream.out);
	}
	for (; from < to; from++) {
		line.n = graph_length(g, from);
		line.p = twopass_bytes(c->in, graph_at(g, from), line.n);
		if (line.p == NULL || stream_line(&c->stream, &line, 1) == -1)
			return -1;
	}
	return 0;
}

/* a line that does not stay as it is; its bytes last until the next */
static const char *
read_line(struct carry *c, uint32_t node, struct record *r)
{
	struct text_error e;
	size_t len = graph_length(c->graph, node);
	const char *line;

	line = twopass_bytes(c->in, graph_at(c->graph, node), len);
	if (line == NULL)
		return NULL;
	if (!c->adding)
		hash_subtract(&c->stream.sum, line, len);
	if (r != NULL && record_read(r, line, len, &e) == -1) {
		diag_fail(c->diag, STATUS_INPUT, NULL, "the input changed "
		    "while it was read; run it again");
		return NULL;
	}
	return line;
}

/* the lines that are new, behind a record */
static int
add_lines(struct carry *c, uint32_t node)
{
	struct slice line;
	size_t i;
	int rc = 0;

	for (i = 0; rc == 0 && c->more != NULL; i++) {
		c->line.len = 0;
		if ((rc = c->more(c->ctx, node, i, &c->line)) != 1)
			break;
		line = (struct slice){ c->line.ptr, c->line.len };
		rc = stream_line(&c->stream, &line, 1);
	}
	return rc;
}

static int
change_line(struct carry *c, uint32_t node)
{
	struct record r;
	struct slice line;
	int changed;

	if (read_line(c, node, &r) == NULL)
		return -1;
	c->line.len = 0;
	if ((changed = c->change(c->ctx, node, &r, &c->line)) == -1)
		return -1;
	c->changed += changed != 0;
	line = changed ? (struct slice){ c->line.ptr, c->line.len } : r.line;
	return stream_line(&c->stream, &line, 1) == -1 ? -1 :
	    add_lines(c, node);
}

static int
drop_line(struct carry *c, uint32_t node)
{
	struct record r;
	struct slice line;

	c->dropped++;
	if (c->rejects == NULL)
		return c->adding || read_line(c, node, NULL) != NULL ? 0 : -1;
	if (read_line(c, node, &r) == NULL)
		return -1;
	c->line.len = 0;
	record_edit_why(&c->line, &r, c->why(c->ctx, node));
	line = (struct slice){ c->line.ptr, c->line.len };
	return stream_line(&c->stream_rejects, &line, 1);
}

static int
carry_records(struct carry *c)
{
	const struct graph *g = c->graph;
	uint32_t i, from;
	int rc = 0;

	for (i = 0; rc == 0 && i < g->n; ) {
		for (from = i; i < g->n &&
		    graph_node(g, i)->fate == FATE_KEEP; i++)
			continue;
		if (i > from)
			rc = echo_lines(c, from, i);
		if (rc == -1 || i == g->n)
			break;
		rc = graph_node(g, i)->fate == FATE_DROP ? drop_line(c, i) :
		    change_line(c, i);
		i++;
	}
	return rc;
}

/* begin a stream on a descriptor */
static int
begin(struct carry *c, struct stream_out *s, struct output *o, int fd,
    const char *name, const struct buf *head)
{
	*o = (struct output){ .diag = c->diag, .name = name, .fd = fd };
	*s = (struct stream_out){ .out = o, .pieces = hash_open() };
	return stream_head(s, head->ptr, head->len);
}

static int
begin_rejects(struct carry *c, const struct buf *head)
{
	if (c->rejects == NULL)
		return 0;
	if (atomicfile_open(&c->file, c->diag, c->rejects, 1) == -1)
		return -1;
	return begin(c, &c->stream_rejects, &c->out_rejects, c->file.fd,
	    c->rejects, head);
}

/* the @ends: that of the rejects first, so that nothing is lost */
static int
finish(struct carry *c)
{
	if (twopass_same(c->in) == -1 || output_flush(&c->out) == -1)
		return -1;
	if (c->rejects != NULL && (stream_finish(&c->stream_rejects) == -1 ||
	    atomicfile_commit(&c->file) == -1))
		return -1;
	if (stream_finish(&c->stream) == -1)
		return -1;
	c->bytes = c->out.total;
	return 0;
}

int
emit(struct carry *c, const struct buf *head)
{
	int rc = -1;

	c->file.fd = -1;
	if (begin(c, &c->stream, &c->out, STDOUT_FILENO, "stdout", head) ==
	    0 && begin_rejects(c, head) == 0) {
		c->adding = c->graph->n > 0 && few_stay(c->graph);
		if (!c->adding)
			c->stream.sum = c->in->sum;
		rc = carry_records(c) == -1 ? -1 : finish(c);
	}
	hash_close(c->stream.pieces);
	hash_close(c->stream_rejects.pieces);
	atomicfile_close(&c->file);
	output_free(&c->out);
	output_free(&c->out_rejects);
	buf_free(&c->line);
	return rc;
}
