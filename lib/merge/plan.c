/* SPDX-License-Identifier: ISC */
/*
 * What a merge does, told component by component.
 */
#include "merge/plan.h"

#include <inttypes.h>
#include <string.h>

#include "base/diag.h"
#include "graph/graph.h"
#include "json/string.h"
#include "match/side.h"
#include "merge/byhand.h"
#include "merge/compose.h"
#include "merge/decide.h"
#include "merge/rules.h"

static const char *const acts[PLAN_ACTS] = {
	[PLAN_ADD] = "add", [PLAN_REPLACE] = "replace",
	[PLAN_RENAME] = "rename", [PLAN_MEND] = "mend",
	[PLAN_REMOVE] = "remove", [PLAN_ERROR] = "error",
};

static const char *const done[PLAN_ACTS] = {
	[PLAN_ADD] = "added", [PLAN_REPLACE] = "replaced",
	[PLAN_RENAME] = "renamed", [PLAN_MEND] = "mended",
	[PLAN_REMOVE] = "removed", [PLAN_ERROR] = "in conflict",
};

static void
put_member(struct buf *b, const char *key, const char *p, size_t n)
{
	if (n == 0)
		return;
	buf_printf(b, "%s\"%s\":\"", b->len > 1 ? "," : "", key);
	buf_add(b, p, n);
	buf_addc(b, '"');
}

/* of conflicts there is a message where no plan is printed */
static void
tell_conflict(struct plan *p, const struct record *r, const char *why)
{
	struct slice kind = record_text(r, RECORD_KIND);
	struct slice name = record_text(r, RECORD_NAME);

	if (p->counts[PLAN_ERROR] > PLAN_TOLD)
		return;
	diag_fail(p->diag, STATUS_FINDING, NULL, "%.*s %.*s%s%.*s%s: %s, "
	    "which --policy %.*s=error forbids: the import would fail",
	    (int)kind.n, kind.p, (int)p->id.len, p->id.ptr,
	    name.n > 0 ? " (" : "", (int)name.n, name.p == NULL ? "" : name.p,
	    name.n > 0 ? ")" : "", why, (int)kind.n, kind.p);
}

/* print lines, so that names cannot write more than their own */
static void
print(struct plan *p, const struct buf *lines)
{
	struct buf b = {0};

	string_mask(&b, lines->ptr, lines->len);
	if (b.len > 0)
		fwrite(b.ptr, 1, b.len, p->to);
	buf_free(&b);
}

/* a line of the plan, and what it tells of */
struct told {
	enum plan_act act;
	int source;		/* the node is of the source */
	uint32_t node;
	struct slice from;	/* the id that it had, if it is another */
	const char *why;
};

/* one line: texts are as in JSON strings, so that no tab is in them */
static void
tell(struct plan *p, const struct told *t, const struct record *r)
{
	struct slice kind = record_text(r, RECORD_KIND);
	struct slice name = record_text(r, RECORD_NAME);
	struct buf *id = &p->id, b = {0};

	p->counts[t->act]++;
	if (p->form == PLAN_NONE && t->act != PLAN_ERROR)
		return;
	id->len = 0;
	whose(&p->whose, t->source ? p->source : p->target, t->source ?
	    p->target : p->source, t->node, r, id);
	if (p->form == PLAN_NONE) {
		tell_conflict(p, r, t->why);
		return;
	}
	if (p->form == PLAN_TEXT) {
		buf_printf(&b, "%s\t%.*s\t%.*s\t%.*s\t%s\n", acts[t->act],
		    (int)kind.n, kind.p, (int)id->len, id->ptr, (int)name.n,
		    name.p == NULL ? "" : name.p, t->why);
	} else {
		buf_addc(&b, '{');
		put_member(&b, "action", acts[t->act], strlen(acts[t->act]));
		put_member(&b, "kind", kind.p, kind.n);
		put_member(&b, "id", id->ptr, id->len);
		put_member(&b, "from", t->from.p, t->from.n);
		put_member(&b, "name", name.p, name.n);
		put_member(&b, "why", t->why, strlen(t->why));
		buf_adds(&b, "}\n");
	}
	print(p, &b);
	buf_free(&b);
}

/* what a composed line does */
static enum plan_act
act_of(const struct compose *c, int composed, uint32_t t)
{
	switch (composed) {
	case COMPOSE_DROP:
		return PLAN_REMOVE;
	case COMPOSE_ERROR:
		return PLAN_ERROR;
	case COMPOSE_REPAIRED:
		return PLAN_MEND;
	default:
		break;
	}
	if (t == NOTHING)
		return PLAN_ADD;
	return (graph_node(&c->target->graph, t)->status & SIDE_RENAMED) != 0 ?
	    PLAN_RENAME : PLAN_REPLACE;
}

/* the id that the target's version has, if the new line has another */
static struct slice
id_before(const struct record *old, const struct record *new)
{
	struct slice a = record_text(old, RECORD_ID);
	struct slice b = record_text(new, RECORD_ID);

	if (a.p == NULL || (a.n == b.n && memcmp(a.p, b.p, a.n) == 0))
		return (struct slice){0};
	return a;
}

/* in what a line differs from the target's, and what else became of it */
static void
say_difference(struct plan *p, const struct compose *c, struct told *t,
    const struct record *r)
{
	struct text_error e;
	struct record old;
	struct buf *why = &p->why;
	size_t before;

	if (record_read(&old, c->old.ptr, c->old.len, &e) == -1)
		return;
	if (t->act == PLAN_ERROR)
		buf_adds(why, "both have it; ");
	t->from = id_before(&old, r);
	if (t->from.p != NULL)
		buf_printf(why, "%s %.*s; ", t->act == PLAN_RENAME ? "was" :
		    "instead of", (int)t->from.n, t->from.p);
	before = why->len;
	buf_adds(why, "differs: ");
	if (!differ(&p->differ, old.field[RECORD_VALUE],
	    r->field[RECORD_VALUE], why)) {
		why->len = before;
		buf_adds(why, "its value differs");
	}
	if (c->mended)
		buf_adds(why, "; without what is not there");
	if (c->reset)
		buf_adds(why, "; its status is reset");
}

/* why a line is what it is */
static void
say_why(struct plan *p, const struct compose *c, struct told *t,
    const struct record *r)
{
	struct buf *why = &p->why;

	why->len = 0;
	switch (t->act) {
	case PLAN_ADD:
		buf_adds(why, "only in the source");
		if (c->mended)
			buf_adds(why, "; without what is not there");
		break;
	case PLAN_REMOVE:
		buf_adds(why, decide_why(WHY_UNABLE));
		break;
	case PLAN_MEND:
		buf_adds(why, c->mended ? "what it refers to is gone" :
		    "what it refers to, or holds, has changed");
		break;
	default:
		say_difference(p, c, t, r);
		break;
	}
	t->why = buf_str(why);
}

/* the record that a plan tells of: the line composed, or its own */
static int
told_of(struct compose *c, int composed, uint32_t t, uint32_t s,
    struct record *r)
{
	struct text_error e;

	if (composed != COMPOSE_SAME && composed != COMPOSE_DROP)
		return record_read(r, c->line.ptr, c->line.len, &e);
	return side_line(t != NOTHING ? c->target : c->source,
	    t != NOTHING ? t : s, r);
}

int
plan_take(struct plan *p, struct compose *c, int composed, uint32_t t,
    uint32_t s)
{
	struct told told = { .act = act_of(c, composed, t),
	    .source = t == NOTHING, .node = t != NOTHING ? t : s };
	const struct rule *rule;
	struct record r;

	if (composed == COMPOSE_SAME && t != NOTHING)
		return 0;
	if (composed == COMPOSE_DROP && t == NOTHING)
		return 0;	/* neither there before nor after */
	if (p->form == PLAN_NONE && told.act != PLAN_ERROR) {
		p->counts[told.act]++;
		return 0;
	}
	if (told_of(c, composed, t, s, &r) == -1)
		return -1;
	say_why(p, c, &told, &r);
	tell(p, &told, &r);
	if (p->form == PLAN_NONE)
		return 0;
	p->reset += c->reset != 0;
	if (c->mended && told.act != PLAN_REMOVE)
		byhand(&p->hand, &r, &p->id, "lost what it referred to");
	rule = t != NOTHING ? rules_rule(c->target, t) :
	    rules_rule(c->source, s);
	if (rule->sort.secret && (told.act == PLAN_ADD ||
	    told.act == PLAN_REPLACE))
		byhand_secrets(&p->hand, &r, &p->id, rule->sort.kind);
	return 0;
}

int
plan_gone(struct plan *p, struct side *target, uint32_t t)
{
	const struct node *n = graph_node(&target->graph, t);
	struct record r;

	if (n->type == RECORD_OPEN || n->type == RECORD_DATA)
		return 0;
	if (side_line(target, t, &r) == -1)
		return -1;
	if (n->type == RECORD_OF_FILE && r.field[RECORD_STYLE].p != NULL)
		return 0;
	tell(p, &(struct told){ .act = PLAN_REMOVE, .node = t,
	    .why = decide_why((enum decided)n->why) }, &r);
	return 0;
}

int
plan_new(struct plan *p, struct side *source, uint32_t s)
{
	struct record r;

	if (graph_node(&source->graph, s)->type != RECORD_OF_FILE)
		return 0;
	if (side_line(source, s, &r) == -1)
		return -1;
	if (r.field[RECORD_STYLE].p == NULL)
		tell(p, &(struct told){ .act = PLAN_ADD, .source = 1,
		    .node = s, .why = "only in the source" }, &r);
	return 0;
}

/* whether two lines are the same, but for what a package may not tell */
static int
same_line(struct side *target, uint32_t t, struct side *source, uint32_t s,
    struct buf *line)
{
	struct record a, b;

	if (side_line(target, t, &a) == -1)
		return -1;
	line->len = 0;
	buf_add(line, a.line.p, a.line.n);
	if (side_line(source, s, &b) == -1)
		return -1;
	if (a.kind == RECORD_OF_FILE && b.kind == RECORD_OF_FILE)
		return 1;
	return line->len == b.line.n && memcmp(line->ptr, b.line.p,
	    b.line.n) == 0;
}

int
plan_file(struct plan *p, struct side *target, uint32_t t,
    struct side *source, uint32_t s)
{
	uint32_t i, n = side_end(target, t) - t;
	struct buf line = {0};
	struct record r;
	int same = n == side_end(source, s) - s;

	for (i = 0; i < n && same == 1; i++)
		same = same_line(target, t + i, source, s + i, &line);
	buf_free(&line);
	if (same != 0)
		return same;
	if (side_line(source, s, &r) == -1)
		return -1;
	tell(p, &(struct told){ .act = PLAN_REPLACE, .node = t,
	    .why = "its bytes differ" }, &r);
	return 0;
}

/* a total in words, if there is one */
static void
put_total(struct plan *p, struct buf *b, uint64_t n, const char *words)
{
	if (n == 0)
		return;
	if (p->form == PLAN_TEXT)
		buf_printf(b, "# %" PRIu64 " %s\n", n, words);
	else
		buf_printf(b, "%s\"%s\":%" PRIu64, b->ptr[b->len - 1] == '{' ?
		    "" : ",", words, n);
}

/* how many of each; in words also that there is none */
static void
put_totals(struct plan *p, struct buf *b)
{
	uint64_t all = 0;
	int act;

	if (p->form == PLAN_JSON)
		buf_adds(b, "{\"totals\":{");
	for (act = 0; act < PLAN_ACTS; act++) {
		put_total(p, b, p->counts[act], done[act]);
		all += p->counts[act];
	}
	if (p->form == PLAN_JSON)
		buf_addc(b, '}');
	else if (all == 0)
		buf_adds(b, "# nothing changes\n");
}

/* the lists at the end: what is to be done, what makes it fail */
static void
put_list(struct plan *p, struct buf *b, const char *title, const char *key,
    const struct buf *items)
{
	const char *s, *end = buf_at(items, items->len);
	int n = 0;

	if (p->form == PLAN_JSON)
		buf_printf(b, ",\"%s\":[", key);
	for (s = items->ptr; s != NULL && s < end; s += strlen(s) + 1) {
		if (p->form == PLAN_TEXT)
			buf_printf(b, "# %s: %s\n", title, s);
		else
			buf_printf(b, "%s\"%s\"", n++ > 0 ? "," : "", s);
	}
	if (p->form == PLAN_JSON)
		buf_addc(b, ']');
}

int
plan_missing(struct plan *p, const struct missing *m, const struct decide *d,
    struct buf *b)
{
	const char *how = m->list == RECORD_OWNER ? "to which it belongs" :
	    m->list == RECORD_REFS ? "which it mentions" :
	    "to which it leads";
	struct record r;
	struct slice kind, name;

	if (side_line(p->source, m->node, &r) == -1)
		return -1;
	kind = record_text(&r, RECORD_KIND);
	name = record_text(&r, RECORD_NAME);
	buf_printf(b, "%.*s ", (int)kind.n, kind.p);
	whose(&p->whose, p->source, p->target, m->node, &r, b);
	if (name.n > 0 && !slice_same(name, record_text(&r, RECORD_ID)))
		buf_printf(b, " (%.*s)", (int)name.n, name.p);
	buf_printf(b, ": neither side has %.*s, %s", (int)m->nref,
	    d->texts.ptr + m->ref, how);
	return 0;
}

int
plan_end(struct plan *p, const struct decide *d)
{
	const struct missing *m;
	struct buf b = {0}, fails = {0};
	int rc;
	size_t i;

	if (p->form == PLAN_NONE)
		return 0;
	for (i = 0; i < d->missing.len; i += sizeof(*m)) {
		m = (const struct missing *)(void *)(d->missing.ptr + i);
		if (plan_missing(p, m, d, &fails) == -1)
			return -1;
		buf_addc(&fails, '\0');
	}
	buf_add(&fails, p->fails.ptr, p->fails.len);
	put_totals(p, &b);
	put_list(p, &b, "note", "notes", &p->notes);
	if (p->reset > 0) {
		buf_printf(&p->hand, "%" PRIu64 " %s to be published again: "
		    "%s status is reset to configured", p->reset, p->reset ==
		    1 ? "task is" : "tasks are", p->reset == 1 ? "its" :
		    "their");
		buf_addc(&p->hand, '\0');
	}
	put_list(p, &b, "by hand", "by_hand", &p->hand);
	put_list(p, &b, "would fail", "fails", &fails);
	if (p->form == PLAN_JSON)
		buf_adds(&b, "}\n");
	print(p, &b);
	rc = fflush(p->to) == 0 && !ferror(p->to) ? 0 : diag_fail(p->diag,
	    STATUS_IO, NULL, "stdout: cannot write the plan");
	buf_free(&b);
	buf_free(&fails);
	return rc;
}

void
plan_free(struct plan *p)
{
	buf_free(&p->hand);
	buf_free(&p->notes);
	buf_free(&p->fails);
	buf_free(&p->why);
	buf_free(&p->id);
	diff_free(&p->differ);
	whose_free(&p->whose);
}
