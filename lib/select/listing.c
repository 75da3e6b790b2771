/* SPDX-License-Identifier: ISC */
/*
 * What is printed in place of a stream.
 */
#include "select/listing.h"

#include <unistd.h>

#include "base/diag.h"
#include "base/lines.h"
#include "json/string.h"
#include "select/check_select.h"
#include "select/select_priv.h"
#include "stream/record.h"

/* begin to print on standard output */
static struct output
begin(const struct selection *s)
{
	return (struct output){ .diag = s->diag, .name = "stdout",
	    .fd = STDOUT_FILENO };
}

static int
put(struct output *o, struct slice text, const char *end)
{
	struct buf b = {0};
	int rc;

	if (text.p != NULL)
		string_mask(&b, text.p, text.n);
	buf_adds(&b, end);
	rc = output_add(o, b.ptr, b.len);
	buf_free(&b);
	return rc;
}

static int
end(struct selection *s, struct output *o, int rc)
{
	if (rc == 0)
		rc = output_flush(o);
	s->done->bytes = o->total;
	output_free(o);
	return rc;
}

int
listing_print(struct selection *s)
{
	struct output o = begin(s);
	const struct node *n;
	struct record r;
	uint64_t followers = 0;
	uint32_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < s->graph.n; i++) {
		n = graph_node(&s->graph, i);
		if ((n->flags & (SELECT_FITS | SELECT_EXCLUDED)) !=
		    SELECT_FITS)
			continue;
		if ((kindtable_flags(&s->kinds, n->kind) & KIND_FOLLOWS) != 0) {
			followers++;
			continue;
		}
		if ((rc = selection_line(s, i, &r)) == -1)
			break;
		if (r.field[RECORD_ID].p == NULL)
			continue;
		s->done->chosen++;
		if (put(&o, record_text(&r, RECORD_KIND), "\t") == -1 ||
		    put(&o, record_text(&r, RECORD_ID), "\t") == -1 ||
		    put(&o, record_text(&r, RECORD_STATUS), "\t") == -1 ||
		    put(&o, record_text(&r, RECORD_NAME), "\n") == -1)
			rc = -1;
	}
	if (rc == 0 && s->done->chosen == 0)
		rc = followers > 0 ? check_select_followers(s, followers) :
		    diag_fail(s->diag, STATUS_FINDING, selection_input(s),
		    "nothing that can be selected fits");
	return end(s, &o, rc);
}

/* a line of a path: kind:id, name, why */
static int
put_step(struct selection *s, struct output *o, uint32_t node,
    const char *words)
{
	struct record r;
	struct slice id;

	if (selection_line(s, node, &r) == -1)
		return -1;
	id = record_text(&r, r.field[RECORD_ID].p != NULL ? RECORD_ID :
	    RECORD_AT);
	if (put(o, record_text(&r, RECORD_KIND), ":") == -1 ||
	    put(o, id, "\t") == -1 ||
	    put(o, record_text(&r, RECORD_NAME), "\t") == -1 ||
	    output_add(o, words, strlen(words)) == -1)
		return -1;
	return output_add(o, "\n", 1);
}

/* how one came in: the chosen one first */
static int
put_path(struct selection *s, struct output *o, uint32_t node)
{
	struct buf path = {0};
	uint32_t *step;
	size_t i;
	int rc = 0;

	for (; node != NOTHING; node = reach_via(&s->reach, node))
		buf_add(&path, &node, sizeof(node));
	step = (uint32_t *)(void *)path.ptr;
	for (i = path.len / sizeof(node); rc == 0 && i > 0; i--)
		rc = put_step(s, o, step[i - 1], reach_word((enum reach_why)
		    graph_node(&s->graph, step[i - 1])->why));
	buf_free(&path);
	return rc;
}

/* who among the taken leads to one that is not, by one of its lists */
static uint32_t
who_leads(const struct selection *s, uint32_t node, unsigned list)
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

/* why one is left out, and who led to it */
static int
put_out(struct selection *s, struct output *o, uint32_t node)
{
	static const struct {
		unsigned list;
		const char *words;
	} ways[] = {
		{ RECORD_NEEDS, "left out (--stop-at) though needed by:" },
		{ RECORD_LINKS, "left out (no --deps) though linked from:" },
		{ RECORD_REFS, "left out: only mentioned by:" },
	};
	const struct node *n = graph_node(&s->graph, node);
	uint32_t who;
	size_t i;

	if ((n->flags & SELECT_THERE) != 0)
		return put_step(s, o, node, "left out: the target has it");
	if (n->why == WHY_APART)
		return put_step(s, o, node,
		    "left out: its category is not chosen, or not its owner");
	for (i = 0; i < sizeof(ways) / sizeof(ways[0]) &&
	    n->why == WHY_UNCHOSEN; i++) {
		if ((who = who_leads(s, node, ways[i].list)) == NOTHING)
			continue;
		return put_step(s, o, node, ways[i].words) == -1 ? -1 :
		    put_step(s, o, who, "selected");
	}
	if (n->why == WHY_EXCLUDED)
		return put_step(s, o, node, "left out: excluded");
	return put_step(s, o, node, n->why == WHY_UNCHOSEN ?
	    "left out: nothing selected leads to it" :
	    closure_why(n->why));
}

int
listing_explain(struct selection *s)
{
	struct output o = begin(s);
	const struct node *n;
	uint32_t i;
	int rc = 0;

	for (i = 0; rc == 0 && i < s->graph.n; i++) {
		n = graph_node(&s->graph, i);
		if ((n->flags & SELECT_ASKED) == 0)
			continue;
		rc = n->fate == FATE_DROP ? put_out(s, &o, i) :
		    put_path(s, &o, i);
	}
	return end(s, &o, rc);
}
