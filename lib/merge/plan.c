/* SPDX-License-Identifier: ISC */
/*
 * What a merge does, component by component.
 *
 * The elements of a list are counted as they come; where it was left off is
 * kept for each list that is open, so that the work is one step an element.
 */
#include "merge/plan.h"

#include <inttypes.h>
#include <string.h>

#include "base/diag.h"
#include "graph/graph.h"
#include "json/string.h"
#include "json/tape.h"
#include "map/map.h"
#include "match/side.h"
#include "merge/compose.h"
#include "merge/fate.h"
#include "merge/policy.h"
#include "stream/record.h"

static const char *const acts[PLAN_ACTS] = {
	[PLAN_ADD] = "add", [PLAN_REPLACE] = "replace",
	[PLAN_RENAME] = "rename", [PLAN_REPAIR] = "mend",
	[PLAN_REMOVE] = "remove", [PLAN_ERROR] = "error",
};

static const char *const done[PLAN_ACTS] = {
	[PLAN_ADD] = "added", [PLAN_REPLACE] = "replaced",
	[PLAN_RENAME] = "renamed", [PLAN_REPAIR] = "mended",
	[PLAN_REMOVE] = "removed", [PLAN_ERROR] = "in conflict",
};

/* ---- who a record is, for people: its id, or where it stands */

/* lists in each other; of deeper ones the innermost are not counted */
#define DEEPEST 32

/* how far the elements of a list are counted */
struct count {
	uint32_t list;		/* the record around them */
	uint32_t next;		/* the first that is not counted */
	uint64_t n;
};

/* the components right inside a record; of the source the new ones alone */
static uint64_t
count_up_to(const struct side *s, uint32_t *from, uint32_t end)
{
	uint64_t n = 0;
	uint32_t i;

	for (i = *from; i < end; i = side_end(s, i))
		n += side_node(s, i)->type == RECORD_COMPONENT &&
		    (!s->is_source || side_mate(s, i) == NOTHING);
	*from = i;
	return n;
}

/* how many elements the target has where the source's are new */
static uint64_t
before_all(const struct plan *p, uint32_t list)
{
	uint32_t mate = side_mate(p->source, list), first = mate + 1;

	return mate == NOTHING ? 0 : count_up_to(p->target, &first,
	    side_end(p->target, mate));
}

/*
 * The number of an element in the list around it, in depth other lists; of
 * what the target has, too, there
 */
static uint64_t
number_of(struct plan *p, int source, uint32_t node, unsigned depth)
{
	const struct side *s = source ? p->source : p->target;
	const struct count none = { .list = NOTHING };
	struct buf *b = &p->elements[source];
	uint32_t list = side_node(s, node)->parent;
	struct count *c;

	if (source && side_mate(s, node) != NOTHING)
		return number_of(p, 0, side_mate(s, node), depth);
	while (b->len <= depth * sizeof(*c))
		buf_add(b, &none, sizeof(none));
	c = (struct count *)(void *)b->ptr + depth;
	if (c->list != list || c->next > node)
		*c = (struct count){ list, list + 1,
		    source ? before_all(p, list) : 0 };
	c->n += count_up_to(s, &c->next, node);
	return c->n;
}

/* whether a pointer goes on with a step "-" here */
static int
is_element(struct slice at, size_t i)
{
	return at.p[i] == '/' && i + 1 < at.n && at.p[i + 1] == '-' &&
	    (i + 2 == at.n || at.p[i + 2] == '/');
}

/* a pointer with numbers for its steps "-" */
static void
put_pointer(struct plan *p, int source, uint32_t node, struct slice at,
    struct buf *b)
{
	const struct side *s = source ? p->source : p->target;
	uint32_t around[DEEPEST];
	unsigned n = 0, steps = 0, step = 0;
	size_t i;

	for (; node != NOTHING && n < DEEPEST;
	    node = side_node(s, node)->parent)
		if (side_node(s, node)->type == RECORD_COMPONENT)
			around[n++] = node;
	for (i = 0; i < at.n; i++)
		steps += is_element(at, i) != 0;
	for (i = 0; i < at.n; i++) {
		buf_addc(b, at.p[i]);
		if (!is_element(at, i))
			continue;
		/* the last step is the record's own, if others are not known */
		step++;
		if (step == steps || n == steps) {
			buf_printf(b, "%" PRIu64, number_of(p, source,
			    around[steps - step], step - 1));
			i++;
		}
	}
}

/*
 * Append the id of a record, as in a JSON string, or its file and pointer
 * with a "#" between them.  An element of a list has its number there, from
 * 0; one that only the source has follows those of the target, so that no
 * two are called alike.
 */
static void
put_name(struct plan *p, int source, uint32_t node, const struct record *r,
    struct buf *b)
{
	struct slice id = record_text(r, RECORD_ID);
	struct slice file = record_text(r, RECORD_FILE);
	struct slice at = record_text(r, RECORD_AT);

	if (id.p != NULL) {
		buf_add(b, id.p, id.n);
		return;
	}
	if (file.p != NULL)
		buf_add(b, file.p, file.n);
	if (at.n == 0)
		return;
	buf_addc(b, '#');
	if (r->kind == RECORD_COMPONENT)
		put_pointer(p, source, node, at, b);
	else
		buf_add(b, at.p, at.n);
}

/* ---- what is to be done by hand: texts, each ended by a NUL */

/* something to be done about a record, whose id is in p->id */
static void
add_by_hand(struct plan *p, const struct record *r, const char *what)
{
	struct slice kind = record_text(r, RECORD_KIND);

	buf_printf(&p->hand, "%.*s %.*s: %s", (int)kind.n, kind.p,
	    (int)p->id.len, p->id.ptr, what);
	buf_addc(&p->hand, '\0');
}

void
plan_by_hand(struct plan *p, const struct record *r, const char *what)
{
	struct slice id = record_text(r, RECORD_ID);

	p->id.len = 0;
	if (id.p != NULL)
		buf_add(&p->id, id.p, id.n);
	add_by_hand(p, r, what);
}

/* its secrets without a value: the platform's users must give them one */
static void
add_secrets(struct plan *p, const struct record *r, const struct map_kind *kind)
{
	const struct map_row *row = map_kind_row(kind, "secret");
	struct slice v = r->field[RECORD_VALUE];
	struct text_error e;
	struct tape t = {0};
	uint32_t i;
	size_t k;

	if (row != NULL && tape_read(&t, v.p, v.n, &e) == -1)
		row = NULL;
	for (k = 0; row != NULL && k < row->nargs &&
	    strcmp(row->args[k], "if") != 0; k++) {
		i = tape_member(&t, 0, row->args[k]);
		if (i != TAPE_NONE && tape_empty(&t, i))
			add_by_hand(p, r, "has no value");
	}
	tape_free(&t);
}

/* whether an edge brings anybody to a task */
static int
is_way(const struct edge *e)
{
	return (e->list == RECORD_LINKS || e->list == RECORD_REFS) && !e->soft;
}

/* what of the target leads to a task: it did, and it does */
static void
from_target(const struct side *s, uint32_t task, int *had, int *has)
{
	struct toward it = graph_toward(&s->graph, task);
	const struct edge *e;

	while ((e = graph_next(&it)) != NULL) {
		if (!is_way(e) || e->from == task)
			continue;
		*had = 1;
		*has |= side_node(s, e->from)->fate == SIDE_STAYS;
	}
}

/* whether anything that is taken of the source leads to one of the target's */
static int
from_source(const struct fates *d, uint32_t task)
{
	const struct graph *g = &d->target->graph, *h = &d->source->graph;
	const struct edge *e;
	struct toward it;
	uint32_t k;

	for (k = graph_node(g, task)->keys; k != NOTHING;
	    k = graph_next_key(g, k)) {
		it = fate_toward(h, keyindex_at(&g->keys, k)->hash);
		while ((e = graph_next(&it)) != NULL) {
			if (graph_node(h, e->from)->fate == SIDE_TAKEN &&
			    !e->soft && e->list != RECORD_OWNER)
				return 1;
		}
	}
	return 0;
}

int
plan_unreached(struct plan *p, const struct fates *d)
{
	struct side *s = d->target;
	struct record r;
	uint32_t i;
	int had, has;

	for (i = 0; i < s->graph.n; i++) {
		if (!policy_rule(s, i)->sort.task ||
		    side_node(s, i)->fate != SIDE_STAYS)
			continue;
		had = has = 0;
		from_target(s, i, &had, &has);
		/* held: by what is taken of a source that has not this task */
		if (!had || has || from_source(d, i) ||
		    (side_node(s, i)->status & SIDE_HELD) != 0)
			continue;
		if (side_line(s, i, &r) == -1)
			return -1;
		plan_by_hand(p, &r, "nothing leads to it any more");
	}
	return 0;
}

/* ---- the lines of the plan */

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
say_conflict(struct plan *p, const struct record *r, const char *why)
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

/* a line of the plan, and what it is of */
struct plan_line {
	enum plan_act act;
	int source;		/* the node is of the source */
	uint32_t node;
	struct slice from;	/* the id that it had, if it is another */
	const char *why;
};

/* one line: texts are as in JSON strings, so that no tab is in them */
static void
put_line(struct plan *p, const struct plan_line *t, const struct record *r)
{
	struct slice kind = record_text(r, RECORD_KIND);
	struct slice name = record_text(r, RECORD_NAME);
	struct buf *id = &p->id, b = {0};

	p->counts[t->act]++;
	if (p->form == PLAN_NONE && t->act != PLAN_ERROR)
		return;
	id->len = 0;
	put_name(p, t->source, t->node, r, id);
	if (p->form == PLAN_NONE) {
		say_conflict(p, r, t->why);
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
		return PLAN_REPAIR;
	default:
		break;
	}
	if (t == NOTHING)
		return PLAN_ADD;
	return (side_node(c->target, t)->status & SIDE_RENAMED) != 0 ?
	    PLAN_RENAME : PLAN_REPLACE;
}

/* the id that the target's version has, if the new line has another */
static struct slice
id_before(const struct record *old, const struct record *new)
{
	struct slice a = record_text(old, RECORD_ID);
	struct slice b = record_text(new, RECORD_ID);

	if (a.p == NULL || slice_same(a, b))
		return (struct slice){0};
	return a;
}

/* in what a line differs from the target's, and what else became of it */
static void
say_difference(struct plan *p, const struct compose *c, struct plan_line *t,
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
	if (c->repaired)
		buf_adds(why, "; without what is not there");
	if (c->reset)
		buf_adds(why, "; its status is reset");
}

/* why a line is what it is */
static void
say_why(struct plan *p, const struct compose *c, struct plan_line *t,
    const struct record *r)
{
	struct buf *why = &p->why;

	why->len = 0;
	switch (t->act) {
	case PLAN_ADD:
		buf_adds(why, "only in the source");
		if (c->repaired)
			buf_adds(why, "; without what is not there");
		break;
	case PLAN_REMOVE:
		buf_adds(why, fate_why(DECIDE_UNABLE));
		break;
	case PLAN_REPAIR:
		buf_adds(why, c->repaired ? "what it refers to is gone" :
		    "what it refers to, or holds, has changed");
		break;
	default:
		say_difference(p, c, t, r);
		break;
	}
	t->why = buf_str(why);
}

/* the record that a line of the plan is of: the one composed, or its own */
static int
record_of(struct compose *c, int composed, uint32_t t, uint32_t s,
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
	struct plan_line line = { .act = act_of(c, composed, t),
	    .source = t == NOTHING, .node = t != NOTHING ? t : s };
	const struct rule *rule;
	struct record r;

	if (composed == COMPOSE_SAME && t != NOTHING)
		return 0;
	if (composed == COMPOSE_DROP && t == NOTHING)
		return 0;	/* neither there before nor after */
	if (p->form == PLAN_NONE && line.act != PLAN_ERROR) {
		p->counts[line.act]++;
		return 0;
	}
	if (record_of(c, composed, t, s, &r) == -1)
		return -1;
	say_why(p, c, &line, &r);
	put_line(p, &line, &r);
	if (p->form == PLAN_NONE)
		return 0;
	p->reset += c->reset != 0;
	if (c->repaired && line.act != PLAN_REMOVE)
		add_by_hand(p, &r, "lost what it referred to");
	rule = t != NOTHING ? policy_rule(c->target, t) :
	    policy_rule(c->source, s);
	if (rule->sort.secret && (line.act == PLAN_ADD ||
	    line.act == PLAN_REPLACE))
		add_secrets(p, &r, rule->sort.kind);
	return 0;
}

int
plan_gone(struct plan *p, struct side *target, uint32_t t)
{
	const struct node *n = side_node(target, t);
	struct record r;

	if (n->type == RECORD_OPEN || n->type == RECORD_DATA)
		return 0;
	if (side_line(target, t, &r) == -1)
		return -1;
	if (n->type == RECORD_OF_FILE && r.field[RECORD_STYLE].p != NULL)
		return 0;
	put_line(p, &(struct plan_line){ .act = PLAN_REMOVE, .node = t,
	    .why = fate_why((enum decided)n->why) }, &r);
	return 0;
}

int
plan_new(struct plan *p, struct side *source, uint32_t s)
{
	struct record r;

	if (side_node(source, s)->type != RECORD_OF_FILE)
		return 0;
	if (side_line(source, s, &r) == -1)
		return -1;
	if (r.field[RECORD_STYLE].p == NULL)
		put_line(p, &(struct plan_line){ .act = PLAN_ADD, .source = 1,
		    .node = s, .why = "only in the source" }, &r);
	return 0;
}

int
plan_file(struct plan *p, struct side *target, uint32_t t,
    struct side *source, uint32_t s)
{
	uint32_t i, n = side_end(target, t) - t;
	struct record r;
	int same = n == side_end(source, s) - s;

	/* but for what a package may not tell: the lines of the files */
	for (i = 1; i < n && same == 1; i++)
		same = side_same(target, t + i, source, s + i);
	if (same != 0)
		return same;
	if (side_line(source, s, &r) == -1)
		return -1;
	put_line(p, &(struct plan_line){ .act = PLAN_REPLACE, .node = t,
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
plan_missing(struct plan *p, const struct missing *m, const struct fates *d,
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
	put_name(p, 1, m->node, &r, b);
	if (name.n > 0 && !slice_same(name, record_text(&r, RECORD_ID)))
		buf_printf(b, " (%.*s)", (int)name.n, name.p);
	buf_printf(b, ": neither side has %.*s, %s", (int)m->nref,
	    d->texts.ptr + m->ref, how);
	return 0;
}

int
plan_end(struct plan *p, const struct fates *d)
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
	buf_free(&p->elements[0]);
	buf_free(&p->elements[1]);
	diff_free(&p->differ);
}
