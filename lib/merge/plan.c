/* SPDX-License-Identifier: ISC */
/*
 * The plan of a merge.
 */
#include "merge/plan.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/hash.h"
#include "graph/graph.h"
#include "json/string.h"
#include "json/tape.h"
#include "map/map.h"
#include "match/numbering.h"
#include "match/side.h"
#include "merge/compose.h"
#include "merge/fate.h"
#include "merge/policy.h"
#include "stream/record.h"

const char *const plan_acts[PLAN_ACTS] = {
	[PLAN_ADD] = "add", [PLAN_REPLACE] = "replace",
	[PLAN_RENAME] = "rename", [PLAN_REPAIR] = "repair",
	[PLAN_REMOVE] = "remove", [PLAN_ERROR] = "error",
};

const char *const plan_done[PLAN_ACTS] = {
	[PLAN_ADD] = "added", [PLAN_REPLACE] = "replaced",
	[PLAN_RENAME] = "renamed", [PLAN_REPAIR] = "repaired",
	[PLAN_REMOVE] = "removed", [PLAN_ERROR] = "in conflict",
};

/* ---- who a record is, for people: its id, or where it stands */

/*
 * Append the id of a record, as in a JSON string, or its file and pointer
 * with a "#" between them.  An element of a list has its number there, from
 * 0; one that only the source has follows those of the target, so that no
 * two are called alike.  0, or -1 after a message.
 */
static int
put_name(struct plan *p, int source, uint32_t node, const struct record *r,
    struct buf *b)
{
	struct slice id = record_text(r, RECORD_ID);
	struct slice file = record_text(r, RECORD_FILE);
	struct slice at = record_text(r, RECORD_AT);

	if (id.p != NULL) {
		buf_add(b, id.p, id.n);
		return 0;
	}
	if (file.p != NULL)
		buf_add(b, file.p, file.n);
	if (at.n == 0)
		return 0;
	buf_addc(b, '#');
	if (r->kind == RECORD_COMPONENT)
		return numbering_put(source ? p->source : p->target,
		    source ? p->target : NULL, node, at, b);
	buf_add(b, at.p, at.n);
	return 0;
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

/* what is known of all records of a run (graph.h) */
enum {
	PLAN_LEADER = RUN_PLAN,	/* leader() + 1, of all that is there */
	PLAN_STAYING,		/* and of what stays */
	PLAN_FROM_SOURCE	/* from_source(): 1, or 2 for 0 */
};

/* leader(): more than one */
#define SEVERAL (NOTHING - 1)

/* whether an edge brings anybody to a task */
static int
is_way(const struct edge *e)
{
	return (e->list == RECORD_LINKS || e->list == RECORD_REFS) && !e->soft;
}

/*
 * The record of the target, as its number + 1, that leads to what has a
 * key's word; 0: none does; stays: of those that stay.
 */
static uint32_t
leader(const struct side *s, uint32_t key, int stays)
{
	const struct graph *g = &s->graph;
	unsigned mark = stays ? PLAN_STAYING : PLAN_LEADER;
	struct run *r = graph_run(g, key);
	const struct edge *e;
	uint32_t i, who = 0;

	if (r != NULL && r->mark[mark] != 0)
		return r->mark[mark] - 1;
	for (i = graph_into(g, key); i != NOTHING && who != SEVERAL;
	    i = e->next) {
		e = graph_edge(g, i);
		if (who != e->from + 1 && is_way(e) && (!stays ||
		    side_node(s, e->from)->fate == SIDE_STAYS))
			who = who == 0 ? e->from + 1 : SEVERAL;
	}
	if (r != NULL)
		r->mark[mark] = who + 1;
	return who;
}

/* whether anything else of the target leads to a task; stays: and stays */
static int
from_target(const struct side *s, uint32_t task, int stays)
{
	const uint32_t *k = graph_keys(&s->graph, task);
	uint32_t who;

	for (; k < graph_keys(&s->graph, task + 1); k++) {
		who = leader(s, *k, stays);
		if (who != 0 && who != task + 1)
			return 1;
	}
	return 0;
}

/* whether what is taken of the source leads to what has a key's word */
static int
from_source(const struct fates *d, uint32_t key)
{
	const struct graph *g = &d->target->graph, *h = &d->source->graph;
	struct run *r = graph_run(g, key);
	const struct edge *e;
	struct toward it;

	if (r != NULL && r->mark[PLAN_FROM_SOURCE] != 0)
		return r->mark[PLAN_FROM_SOURCE] == 1;
	it = fate_toward(h, keyindex_at(&g->keys, key)->hash);
	while ((e = graph_next(&it)) != NULL &&
	    (graph_node(h, e->from)->fate != SIDE_TAKEN || e->soft ||
	    e->list == RECORD_OWNER))
		continue;
	if (r != NULL)
		r->mark[PLAN_FROM_SOURCE] = e != NULL ? 1 : 2;
	return e != NULL;
}

/* whether something led to a task of the target, and nothing does any more */
static int
is_unreached(const struct fates *d, uint32_t task)
{
	const struct graph *g = &d->target->graph;
	const uint32_t *k = graph_keys(g, task);

	if (!from_target(d->target, task, 0) ||
	    from_target(d->target, task, 1))
		return 0;
	while (k < graph_keys(g, task + 1) && !from_source(d, *k))
		k++;
	/* held: by what is taken of a source that has not this task */
	return k == graph_keys(g, task + 1) &&
	    (side_node(d->target, task)->status & SIDE_HELD) == 0;
}

int
plan_unreached(struct plan *p, const struct fates *d)
{
	struct side *s = d->target;
	struct record r;
	uint32_t i;

	for (i = 0; i < s->graph.n; i++) {
		if (!policy_rule(s, i)->sort.task ||
		    side_node(s, i)->fate != SIDE_STAYS || !is_unreached(d, i))
			continue;
		if (side_line(s, i, &r) == -1)
			return -1;
		plan_by_hand(p, &r, "nothing leads to it any more");
	}
	return 0;
}

/* ---- what becomes of records, and why */

/* of one record */
struct plan_entry {
	uint32_t node;		/* its number in the result or the target */
	uint32_t why;		/* where the reason is in whys */
	uint32_t act;
};

void
plan_open(struct plan *p, struct room *room, struct side *target,
    struct side *source)
{
	p->target = target;
	p->source = source;
	p->come.items.room = p->gone.items.room = room;
	p->fds[0] = p->fds[1] = -1;
}

/* where a reason is, which is kept once */
static uint32_t
keep_why(struct plan *p, const char *why)
{
	size_t n = strlen(why) + 1, at = 0;
	uint64_t hash = hash_bytes(why, n);
	uint32_t i;

	while ((i = hashset_next(&p->table, hash, &at)) != HASHSET_NONE) {
		if (strcmp(p->whys.ptr + i, why) == 0)
			return i;
	}
	i = (uint32_t)p->whys.len;
	hashset_put(&p->table, hash, i);
	buf_add(&p->whys, why, n);
	return i;
}

static int
push_entry(struct plan_list *l, struct plan_entry e)
{
	if (bigarray_hold(&l->items, (size_t)(l->n + 1) * sizeof(e)) == -1)
		return -1;
	((struct plan_entry *)l->items.p)[l->n++] = e;
	return 0;
}

/*
 * Something becomes of a record of the target (NOTHING: of none), which is the
 * one of this number in the result, unless it is removed.  0 or -1.
 */
static int
note(struct plan *p, enum plan_act act, uint32_t t, uint64_t number,
    const char *why)
{
	struct plan_entry e = { .act = act };

	p->counts[act]++;
	if (!p->told)
		return 0;
	e.why = keep_why(p, why);
	e.node = t;
	if (t != NOTHING && push_entry(&p->gone, e) == -1)
		return -1;
	e.node = (uint32_t)number;
	return act == PLAN_REMOVE ? 0 : push_entry(&p->come, e);
}

static int
by_node(const void *va, const void *vb)
{
	const struct plan_entry *a = va, *b = vb;

	return a->node < b->node ? -1 : a->node > b->node;
}

const char *
plan_why(const struct plan *p, uint32_t old, uint32_t new, enum plan_act *act)
{
	const struct plan_list *l = new != NOTHING ? &p->come : &p->gone;
	const struct plan_entry key = { .node = new != NOTHING ? new : old };
	const struct plan_entry *e = l->n == 0 ? NULL : bsearch(&key,
	    l->items.p, (size_t)l->n, sizeof(key), by_node);

	*act = e != NULL ? (enum plan_act)e->act : PLAN_REPAIR;
	return e != NULL ? p->whys.ptr + e->why : "";
}

/* of conflicts there is a message where no plan is made */
static void
say_conflict(struct plan *p, const struct record *r, const char *why)
{
	struct slice kind = record_text(r, RECORD_KIND);
	struct slice name = record_text(r, RECORD_NAME);
	struct buf b = {0};

	buf_printf(&b, "%.*s %.*s%s%.*s%s: %s, which --policy %.*s=error "
	    "forbids", (int)kind.n, kind.p, (int)p->id.len, p->id.ptr,
	    name.n > 0 ? " (" : "", (int)name.n, name.p == NULL ? "" : name.p,
	    name.n > 0 ? ")" : "", why, (int)kind.n, kind.p);
	if (p->told)
		buf_add(&p->fails, buf_str(&b), b.len + 1);
	else if (p->counts[PLAN_ERROR] < PLAN_TOLD)
		diag_fail(p->diag, STATUS_FINDING, NULL, "%s: the import "
		    "would fail", buf_str(&b));
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

/* a conflict: in what a line differs from the target's */
static int
take_conflict(struct plan *p, const struct compose *c, uint32_t t,
    const struct record *r)
{
	struct text_error e;
	struct record old;
	struct buf *why = &p->why;

	if (record_read(&old, c->old.ptr, c->old.len, &e) == -1)
		return -1;
	why->len = 0;
	buf_adds(why, "both have it; differs: ");
	if (!differ(&p->differ, old.field[RECORD_VALUE],
	    r->field[RECORD_VALUE], why)) {
		why->len = 0;
		buf_adds(why, "both have it; its value differs");
	}
	p->id.len = 0;
	if (put_name(p, 0, t, r, &p->id) == -1)
		return -1;
	say_conflict(p, r, buf_str(why));
	return 0;
}

/* "(map: full replace)", behind a reason */
static void
add_rule(struct buf *why, const struct side *s, const struct rule *rule)
{
	size_t before = why->len;

	buf_adds(why, " (");
	policy_tell(policy_of(s), rule, why);
	if (why->len == before + 2)
		why->len = before;
	else
		buf_addc(why, ')');
}

static const char *const reasons[PLAN_ACTS] = {
	[PLAN_ADD] = "new in the source",
	[PLAN_REPLACE] = "the source's version",
	[PLAN_RENAME] = "renamed by the source",
	[PLAN_REPAIR] = "what it refers to, or holds, has changed",
	[PLAN_ERROR] = "both have it, and differ",
};

/* why a line is what it is; it lasts until the next call */
static const char *
why_taken(struct plan *p, const struct compose *c, enum plan_act act,
    uint32_t t, uint32_t s)
{
	const struct side *side = t != NOTHING ? c->target : c->source;
	struct buf *why = &p->why;

	why->len = 0;
	if (act == PLAN_REMOVE) {
		buf_adds(why, fate_why(DECIDE_UNABLE));
	} else if (act == PLAN_REPAIR && c->repaired) {
		buf_adds(why, "what it refers to is gone");
	} else {
		buf_adds(why, reasons[act]);
		if (act != PLAN_REPAIR)
			add_rule(why, side, fate_rule(side, t != NOTHING ? t :
			    s));
		if (c->repaired)
			buf_adds(why, "; without what is not there");
		if (c->reset)
			buf_adds(why, "; its status is reset");
	}
	return buf_str(why);
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

/* what is to be done by hand about a record that comes; 0 or -1 */
static int
hand_of(struct plan *p, struct compose *c, int composed, uint32_t t,
    uint32_t s)
{
	const struct rule *rule = t != NOTHING ? policy_rule(c->target, t) :
	    policy_rule(c->source, s);
	struct record r;

	p->reset += c->reset != 0;
	if (composed == COMPOSE_DROP || (!c->repaired && !rule->sort.secret))
		return 0;
	if (record_of(c, composed, t, s, &r) == -1)
		return -1;
	p->id.len = 0;
	if (put_name(p, t == NOTHING, t != NOTHING ? t : s, &r, &p->id) == -1)
		return -1;
	if (c->repaired)
		add_by_hand(p, &r, "lost what it referred to");
	if (rule->sort.secret && composed != COMPOSE_REPAIRED &&
	    composed != COMPOSE_ERROR)
		add_secrets(p, &r, rule->sort.kind);
	return 0;
}

int
plan_take(struct plan *p, struct compose *c, int composed, uint32_t t,
    uint32_t s, uint64_t number)
{
	enum plan_act act = act_of(c, composed, t);
	struct record r;

	if (composed == COMPOSE_SAME && t != NOTHING)
		return 0;
	if (composed == COMPOSE_DROP && t == NOTHING)
		return 0;	/* neither there before nor after */
	if (act == PLAN_ERROR && (record_of(c, composed, t, s, &r) == -1 ||
	    take_conflict(p, c, t, &r) == -1))
		return -1;
	if (!p->told)
		return note(p, act, t, number, "");
	if (hand_of(p, c, composed, t, s) == -1)
		return -1;
	return note(p, act, t, number, why_taken(p, c, act, t, s));
}

/* why a record of the target is dropped; it lasts until the next call */
static const char *
why_gone(struct plan *p, const struct side *target, uint32_t t)
{
	enum decided why = (enum decided)side_node(target, t)->why;

	p->why.len = 0;
	buf_adds(&p->why, fate_why(why != DECIDE_NONE ? why :
	    DECIDE_WITHIN));
	if (why == DECIDE_ABSENT || why == DECIDE_CLEARED)
		add_rule(&p->why, target, fate_rule(target, t));
	return buf_str(&p->why);
}

int
plan_gone(struct plan *p, struct side *target, uint32_t t)
{
	const struct node *n = side_node(target, t);
	struct record r;

	if (n->type == RECORD_OPEN || n->type == RECORD_DATA)
		return 0;
	if (n->type == RECORD_OF_FILE) {
		if (side_line(target, t, &r) == -1)
			return -1;
		if (r.field[RECORD_STYLE].p != NULL)
			return 0;
	}
	return note(p, PLAN_REMOVE, t, 0, p->told ? why_gone(p, target, t) :
	    "");
}

/* a file that is not split comes, in the place of another or not; 0 or -1 */
static int
note_file(struct plan *p, enum plan_act act, uint32_t t,
    const struct side *source, uint32_t s, uint64_t number)
{
	p->why.len = 0;
	buf_adds(&p->why, reasons[act]);
	add_rule(&p->why, source, fate_rule(source, s));
	return note(p, act, t, number, buf_str(&p->why));
}

int
plan_new(struct plan *p, struct side *source, uint32_t s, uint64_t number)
{
	struct record r;

	if (side_node(source, s)->type != RECORD_OF_FILE)
		return 0;
	if (side_line(source, s, &r) == -1)
		return -1;
	return r.field[RECORD_STYLE].p != NULL ? 0 : note_file(p, PLAN_ADD,
	    NOTHING, source, s, number);
}

int
plan_file(struct plan *p, struct side *target, uint32_t t,
    struct side *source, uint32_t s, uint64_t number)
{
	uint32_t i, n = side_end(target, t) - t;
	int same = n == side_end(source, s) - s;

	/* but for what a package may not tell: the lines of the files */
	for (i = 1; i < n && same == 1; i++)
		same = side_same(target, t + i, source, s + i);
	if (same != 0)
		return same;
	return note_file(p, PLAN_REPLACE, t, source, s, number);
}

int
plan_missing(struct plan *p, const struct missing *m, const struct fates *d,
    struct buf *b)
{
	const char *how = m->list == RECORD_OWNER ? "to which it belongs" :
	    m->list == RECORD_REFS ? "which it mentions" :
	    "to which it leads";
	const char *ref = d->texts.ptr + m->ref;
	struct slice kind, name, new;
	struct record r;

	if (side_line(p->source, m->node, &r) == -1)
		return -1;
	kind = record_text(&r, RECORD_KIND);
	name = record_text(&r, RECORD_NAME);
	buf_printf(b, "%.*s ", (int)kind.n, kind.p);
	if (put_name(p, 1, m->node, &r, b) == -1)
		return -1;
	if (name.n > 0 && !slice_same(name, record_text(&r, RECORD_ID)))
		buf_printf(b, " (%.*s)", (int)name.n, name.p);
	new = rename_find(&d->of[0], keyindex_hash_ref(ref, m->nref));
	if (new.p != NULL)
		buf_printf(b, ": %.*s, %s, is %.*s in the source",
		    (int)m->nref, ref, how, (int)new.n, new.p);
	else if (graph_find(&d->target->graph, ref, m->nref) != NOTHING)
		buf_printf(b, ": %.*s, %s, is removed", (int)m->nref, ref,
		    how);
	else
		buf_printf(b, ": neither side has %.*s, %s", (int)m->nref, ref,
		    how);
	return 0;
}

/* tasks whose status the import resets */
static void
add_reset(struct plan *p)
{
	if (p->reset == 0)
		return;
	buf_printf(&p->hand, "%" PRIu64 " %s to be published again: %s status "
	    "is reset to configured", p->reset, p->reset == 1 ? "task is" :
	    "tasks are", p->reset == 1 ? "its" : "their");
	buf_addc(&p->hand, '\0');
}

int
plan_end(struct plan *p, const struct fates *d)
{
	struct plan_list *l = &p->gone;
	struct buf fails = p->fails;
	const struct missing *m;
	size_t i;
	int rc = 0;

	/* what is missing stands first */
	p->fails = (struct buf){0};
	for (i = 0; i < d->missing.len && rc == 0; i += sizeof(*m)) {
		m = buf_at(&d->missing, i);
		rc = plan_missing(p, m, d, &p->fails);
		buf_addc(&p->fails, '\0');
	}
	buf_add(&p->fails, fails.ptr, fails.len);
	buf_free(&fails);
	add_reset(p);
	if (l->n > 1)	/* containers may stand in another order */
		qsort(l->items.p, (size_t)l->n, sizeof(struct plan_entry),
		    by_node);
	return rc;
}

int
plan_fails(const struct plan *p)
{
	return p->fails.len > 0;
}

void
plan_free(struct plan *p)
{
	buf_free(&p->hand);
	buf_free(&p->notes);
	buf_free(&p->fails);
	bigarray_free(&p->come.items);
	bigarray_free(&p->gone.items);
	buf_free(&p->whys);
	hashset_free(&p->table);
	if (p->fds[0] != -1)
		close(p->fds[0]);
	if (p->fds[1] != -1)
		close(p->fds[1]);
	buf_free(&p->why);
	buf_free(&p->id);
	diff_free(&p->differ);
}
