/* SPDX-License-Identifier: ISC */
/*
 * What is printed in place of a stream.
 */
#include "select/select_priv.h"

#include <unistd.h>

#include "base/diag.h"
#include "base/lines.h"
#include "json/string.h"
#include "stream/record.h"

/* lines on their way to standard output */
struct printing {
	struct selection *selection;
	struct output out;
	struct buf line, masked;
};

static struct printing
begin(struct selection *s)
{
	return (struct printing){ .selection = s, .out = { .diag = s->diag,
	    .name = "stdout", .fd = STDOUT_FILENO } };
}

static int
end(struct printing *p, int rc)
{
	if (rc == 0)
		rc = output_flush(&p->out);
	p->selection->done->bytes = p->out.total;
	output_free(&p->out);
	buf_free(&p->line);
	buf_free(&p->masked);
	return rc;
}

/* the line is complete: print it as a terminal may see it, and empty it */
static int
put_line(struct printing *p)
{
	buf_addc(&p->line, '\n');
	p->masked.len = 0;
	string_mask(&p->masked, p->line.ptr, p->line.len);
	p->line.len = 0;
	return output_add(&p->out, p->masked.ptr, p->masked.len);
}

/* a text of an envelope, and what stands behind it */
static void
add_text(struct buf *line, const struct record *r, enum record_field f,
    const char *after)
{
	struct slice text = record_text(r, f);

	buf_add(line, text.p, text.n);
	buf_adds(line, after);
}

static void
add_columns(struct buf *line, const struct record *r)
{
	add_text(line, r, RECORD_KIND, "\t");
	add_text(line, r, RECORD_ID, "\t");
	add_text(line, r, RECORD_STATUS, "\t");
	add_text(line, r, RECORD_NAME, "");
}

/* the members of the envelope that are one text, as they stand there */
static void
add_object(struct buf *line, const struct record *r)
{
	struct slice kind = record_text(r, RECORD_KIND);
	enum record_field f;

	record_begin(line, kind.p, kind.n);
	for (f = RECORD_ID; f <= RECORD_LANG; f++) {
		if (record_text(r, f).p != NULL)
			record_put(line, f, r->field[f].p, r->field[f].n);
	}
	buf_addc(line, '}');
}

/* whether a node is listed; followers counts those that cannot be chosen */
static int
is_listed(const struct selection *s, const struct node *n,
    uint64_t *followers)
{
	if ((n->flags & (SELECT_FITS | REACH_EXCLUDED)) != SELECT_FITS)
		return 0;
	if ((kindtable_flags(&s->kinds, n->kind) & KIND_FOLLOWS) == 0)
		return 1;
	++*followers;
	return 0;
}

int
listing_print(struct selection *s)
{
	struct printing p = begin(s);
	struct record r;
	uint64_t followers = 0;
	uint32_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < s->graph.n; i++) {
		if (!is_listed(s, graph_node(&s->graph, i), &followers))
			continue;
		if ((rc = selection_line(s, i, &r)) == -1 ||
		    r.field[RECORD_ID].p == NULL)
			continue;
		s->done->chosen++;
		if (s->options->json)
			add_object(&p.line, &r);
		else
			add_columns(&p.line, &r);
		rc = put_line(&p);
	}
	if (rc == 0 && s->done->chosen == 0)
		rc = followers > 0 ? check_select_followers(s, followers) :
		    diag_fail(s->diag, STATUS_FINDING, &s->input,
		    "nothing that can be selected fits");
	return end(&p, rc);
}

/* a line of a path: kind:id, name, why */
static int
put_step(struct printing *p, uint32_t node, const char *words)
{
	struct record r;

	if (selection_line(p->selection, node, &r) == -1)
		return -1;
	add_text(&p->line, &r, RECORD_KIND, ":");
	add_text(&p->line, &r, r.field[RECORD_ID].p != NULL ? RECORD_ID :
	    RECORD_AT, "\t");
	add_text(&p->line, &r, RECORD_NAME, "\t");
	buf_adds(&p->line, words);
	return put_line(p);
}

/* how one came in: the chosen one first */
static int
put_path(struct printing *p, uint32_t node)
{
	struct buf path = {0};
	uint32_t *step;
	size_t i;
	int rc = 0;

	for (; node != NOTHING; node = reach_via(&p->selection->reach,
	    node))
		buf_add(&path, &node, sizeof(node));
	step = buf_at(&path, 0);
	for (i = path.len / sizeof(node); rc == 0 && i > 0; i--)
		rc = put_step(p, step[i - 1], reach_word((enum reach_why)
		    graph_node(&p->selection->graph, step[i - 1])->why));
	buf_free(&path);
	return rc;
}

/* a record that is taken and refers to one that is not, by such a list */
static uint32_t
referrer_of(const struct selection *s, uint32_t node, unsigned list)
{
	const struct graph *g = &s->graph;
	struct toward it = graph_toward(g, node);
	const struct edge *e;

	while ((e = graph_next(&it)) != NULL) {
		if (e->list == list &&
		    graph_node(g, e->from)->fate != FATE_DROP)
			return e->from;
	}
	return NOTHING;
}

/* why one is left out, and what refers to it */
static int
put_left_out(struct printing *p, uint32_t node)
{
	static const struct {
		unsigned list;
		const char *words;
	} ways[] = {
		{ RECORD_NEEDS, "left out (--stop-at) though needed by:" },
		{ RECORD_LINKS, "left out (no --deps) though linked from:" },
		{ RECORD_REFS, "left out: only mentioned by:" },
	};
	const struct selection *s = p->selection;
	const struct node *n = graph_node(&s->graph, node);
	uint32_t who;
	size_t i;

	if ((n->flags & REACH_THERE) != 0)
		return put_step(p, node, "left out: the target has it");
	if (n->why == WHY_APART)
		return put_step(p, node,
		    "left out: its category is not chosen, or not its owner");
	for (i = 0; i < sizeof(ways) / sizeof(ways[0]) &&
	    n->why == WHY_UNCHOSEN; i++) {
		if ((who = referrer_of(s, node, ways[i].list)) == NOTHING)
			continue;
		return put_step(p, node, ways[i].words) == -1 ? -1 :
		    put_step(p, who, "selected");
	}
	if (n->why == WHY_EXCLUDED)
		return put_step(p, node, "left out: excluded");
	return put_step(p, node, n->why == WHY_UNCHOSEN ?
	    "left out: nothing selected leads to it" :
	    closure_why(n->why));
}

int
listing_explain(struct selection *s)
{
	struct printing p = begin(s);
	const struct node *n;
	uint32_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < s->graph.n; i++) {
		n = graph_node(&s->graph, i);
		if ((n->flags & SELECT_ASKED) == 0)
			continue;
		rc = n->fate == FATE_DROP ? put_left_out(&p, i) :
		    put_path(&p, i);
	}
	return end(&p, rc);
}
