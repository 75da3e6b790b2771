/* SPDX-License-Identifier: ISC */
/*
 * Differences as lines of fields with tabs between them: sign, kind, id,
 * name; of what was renamed also the id and the name that it had.  Of a plan:
 * action, kind, id, name, reason.
 */
#include <inttypes.h>

#include "diff/show_priv.h"
#include "json/string.h"

/* so many places of a component are told in a plan */
#define FEW 4

static void
put(struct show *s, struct slice text)
{
	buf_addc(&s->line, '\t');
	string_mask(&s->line, text.p, text.n);
}

/* a place that differs, behind a reason */
static void
add_place(struct buf *b, const struct change *c, int n)
{
	buf_adds(b, n == 0 ? "; differs: " : ", ");
	string_encode(b, c->pointer.p, c->pointer.n);
	if (c->op == CHANGE_ADD)
		buf_adds(b, " (new)");
	else if (c->op == CHANGE_REMOVE)
		buf_adds(b, " (gone)");
	else if (c->op == CHANGE_MOVE)
		buf_adds(b, " (moved)");
}

/* why, what it was called, and the first places that differ */
static void
put_reason(struct show *s, const struct diff_item *item)
{
	const struct change *c = item->changes;
	struct buf *b = &s->text;
	size_t i;
	int n = 0;

	b->len = 0;
	buf_adds(b, item->why);
	if (show_other_id(item))
		buf_printf(b, "; was %.*s", (int)item->was.id.n,
		    item->was.id.p);
	for (i = 0; i < item->nchanges && n <= FEW; i++, c++) {
		if (c->ignored || c->pointer.n == 0)
			continue;
		if (n < FEW)
			add_place(b, c, n);
		else
			buf_adds(b, " and more");
		n++;
	}
	put(s, (struct slice){ b->ptr, b->len });
	b->len = 0;
}

static void
put_item(struct show *s, const struct diff_item *item)
{
	if (item->action != NULL)
		buf_adds(&s->line, item->action);
	else
		buf_addc(&s->line, show_signs[item->op]);
	put(s, item->who.kind);
	put(s, item->who.id);
	put(s, item->who.name);
	if (item->action != NULL) {
		put_reason(s, item);
	} else if (item->op == DIFF_RENAME) {
		put(s, item->was.id);
		put(s, item->was.name);
	}
	buf_addc(&s->line, '\n');
}

/* of a plan: the totals, what should be known */
static void
put_end(struct show *s)
{
	const struct show_plan *plan = s->look.plan;
	size_t i;

	if (plan == NULL)
		return;
	for (i = 0; i < plan->n; i++) {
		if (plan->counts[i] > 0)
			buf_printf(&s->line, "# %" PRIu64 " %s\n",
			    plan->counts[i], plan->done[i]);
	}
	show_remarks(s);
}

const struct show_way show_tsv = { .item = put_item, .end = put_end };
