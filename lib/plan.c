/* SPDX-License-Identifier: ISC */
/*
 * What a merge does, told component by component.
 */
#include "plan.h"

#include <inttypes.h>
#include <string.h>

#include "compose.h"
#include "decide.h"
#include "diag.h"
#include "graph.h"
#include "map.h"
#include "quote.h"
#include "rules.h"
#include "side.h"
#include "tape.h"

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

/* who a record is: its id, or where it stands */
static void
put_id(struct buf *b, const struct record *r)
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
	if (at.n > 0) {
		buf_addc(b, '#');
		buf_add(b, at.p, at.n);
	}
}

static void
put_member(struct buf *b, const char *key, const char *p, size_t n)
{
	if (n == 0)
		return;
	buf_printf(b, "%s\"%s\":\"", b->len > 1 ? "," : "", key);
	buf_add(b, p, n);
	buf_addc(b, '"');
}

/* one line: texts are as in JSON strings, so that no tab is in them */
static void
tell(struct plan *p, enum plan_act act, const struct record *r,
    const char *why)
{
	struct slice kind = record_text(r, RECORD_KIND);
	struct slice name = record_text(r, RECORD_NAME);
	struct buf b = {0}, id = {0};

	p->counts[act]++;
	if (p->form == PLAN_NONE)
		return;
	put_id(&id, r);
	if (p->form == PLAN_TEXT) {
		buf_printf(&b, "%s\t%.*s\t%.*s\t%.*s\t%s\n", acts[act],
		    (int)kind.n, kind.p, (int)id.len, id.ptr, (int)name.n,
		    name.p == NULL ? "" : name.p, why);
	} else {
		buf_addc(&b, '{');
		put_member(&b, "action", acts[act], strlen(acts[act]));
		put_member(&b, "kind", kind.p, kind.n);
		put_member(&b, "id", id.ptr, id.len);
		put_member(&b, "name", name.p, name.n);
		put_member(&b, "why", why, strlen(why));
		buf_adds(&b, "}\n");
	}
	fwrite(b.ptr, 1, b.len, p->to);
	buf_free(&b);
	buf_free(&id);
}

/* remember something that is to be done by hand */
static void
by_hand(struct plan *p, const struct record *r, const char *what)
{
	struct slice kind = record_text(r, RECORD_KIND);
	struct buf id = {0};

	if (p->form == PLAN_NONE)
		return;
	put_id(&id, r);
	buf_printf(&p->hand, "%.*s %.*s: %s", (int)kind.n, kind.p,
	    (int)id.len, id.ptr, what);
	buf_addc(&p->hand, '\0');
	buf_free(&id);
}

/* a secret without a value: the platform's users must give it one */
static void
look_at_secrets(struct plan *p, const struct rule *rule,
    const struct record *r)
{
	const struct map_row *row = rules_row(rule->kind, "secret");
	struct slice v = r->field[RECORD_VALUE];
	struct record_error e;
	struct tape t = {0};
	uint32_t i;
	size_t k;

	if (row == NULL || tape_read(&t, v.p, v.n, &e) == -1) {
		tape_free(&t);
		return;
	}
	for (k = 0; k < row->nargs && strcmp(row->args[k], "if") != 0; k++) {
		i = tape_member(&t, 0, row->args[k]);
		if (i != TAPE_NONE && tape_empty(&t, i)) {
			p->emptied++;
			by_hand(p, r, "has no value");
		}
	}
	tape_free(&t);
}

static const struct rule *
rule_of(const struct side *s, uint32_t i)
{
	return rules_at(s->rules, graph_node(&s->graph, i)->flags);
}

/* what a composed line does, and why */
static enum plan_act
act_of(const struct compose *c, int composed, uint32_t t, const char **why)
{
	if (composed == COMPOSE_DROP) {
		*why = decide_why(WHY_UNABLE);
		return PLAN_REMOVE;
	}
	if (composed == COMPOSE_ERROR) {
		*why = "both have it, and differ";
		return PLAN_ERROR;
	}
	if (composed == COMPOSE_MENDED) {
		*why = c->mended ? "what it refers to is gone" :
		    "what it refers to, or holds, has changed";
		return PLAN_MEND;
	}
	if (t == NOTHING) {
		*why = c->mended ? "without what is not there" : "";
		return PLAN_ADD;
	}
	*why = c->reset ? "its status is reset" : "";
	return (graph_node(&c->target->graph, t)->status & SIDE_RENAMED) != 0 ?
	    PLAN_RENAME : PLAN_REPLACE;
}

int
plan_take(struct plan *p, struct compose *c, int composed, uint32_t t,
    uint32_t s)
{
	const struct rule *rule;
	struct record_error e;
	struct record r;
	const char *why = "";
	enum plan_act act;

	if (composed == COMPOSE_SAME && t != NOTHING)
		return 0;
	if (composed == COMPOSE_SAME || composed == COMPOSE_DROP ||
	    composed == COMPOSE_ERROR) {
		if (side_line(t != NOTHING ? c->target : c->source,
		    t != NOTHING ? t : s, &r) == -1)
			return -1;
	} else if (record_read(&r, c->line.ptr, c->line.len, &e) == -1) {
		return -1;
	}
	if (composed == COMPOSE_DROP && t == NOTHING)
		return 0;	/* neither there before nor after */
	act = act_of(c, composed, t, &why);
	tell(p, act, &r, why);
	p->reset += c->reset != 0;
	p->mended += c->mended != 0;
	if (c->mended && act != PLAN_REMOVE)
		by_hand(p, &r, "lost what it referred to");
	rule = t != NOTHING ? rule_of(c->target, t) : rule_of(c->source, s);
	if (rule->secret && (act == PLAN_ADD || act == PLAN_REPLACE))
		look_at_secrets(p, rule, &r);
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
	tell(p, PLAN_REMOVE, &r, decide_why((enum decided)n->why));
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
		tell(p, PLAN_ADD, &r, "");
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
	tell(p, PLAN_REPLACE, &r, "");
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

void
plan_unreached(struct plan *p, const struct decide *d)
{
	struct side *sides[] = { d->target, d->source };
	const struct edge *e;
	const struct graph *g;
	struct record r;
	uint32_t i, k, j;
	int had, has;

	for (i = 0; i < d->target->graph.n; i++) {
		if (!rule_of(d->target, i)->task || graph_node(
		    &d->target->graph, i)->fate != SIDE_STAYS)
			continue;
		g = &sides[0]->graph;
		had = has = 0;
		for (k = graph_node(g, i)->keys; k != NOTHING;
		    k = graph_next_key(g, k)) {
			for (j = graph_into(g, k); j != NOTHING; j = e->next) {
				e = graph_edge(g, j);
				if ((e->list != RECORD_LINKS && e->list !=
				    RECORD_REFS) || e->soft || e->from == i)
					continue;
				had = 1;
				has |= graph_node(g, e->from)->fate ==
				    SIDE_STAYS;
			}
			j = keys_find(&sides[1]->graph.keys,
			    keys_at(&g->keys, k)->hash);
			for (j = j == NOTHING ? NOTHING : graph_into(
			    &sides[1]->graph, j); j != NOTHING; j = e->next) {
				e = graph_edge(&sides[1]->graph, j);
				has |= graph_node(&sides[1]->graph, e->from)->
				    fate == SIDE_TAKEN && !e->soft &&
				    e->list != RECORD_OWNER;
			}
		}
		if (had && !has && side_line(d->target, i, &r) == 0)
			by_hand(p, &r, "nothing leads to it any more");
	}
}

/* the lists at the end: what is to be done, what makes it fail */
static void
put_list(struct plan *p, struct buf *b, const char *title, const char *key,
    const struct buf *items)
{
	const char *s, *end = items->ptr + items->len;
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
plan_end(struct plan *p, const struct decide *d)
{
	const struct missing *m;
	struct buf b = {0}, fails = {0};
	int act, rc;
	size_t i;

	if (p->form == PLAN_NONE)
		return 0;
	for (i = 0; i < d->missing.len; i += sizeof(*m)) {
		m = (const struct missing *)(void *)(d->missing.ptr + i);
		buf_printf(&fails, "neither side has %.*s", (int)m->nref,
		    d->texts.ptr + m->ref);
		buf_addc(&fails, '\0');
	}
	buf_add(&fails, p->fails.ptr, p->fails.len);
	if (p->form == PLAN_JSON)
		buf_adds(&b, "{\"totals\":{");
	for (act = 0; act < PLAN_ACTS; act++)
		put_total(p, &b, p->counts[act], done[act]);
	if (p->form == PLAN_JSON)
		buf_addc(&b, '}');
	put_list(p, &b, "note", "notes", &p->notes);
	if (p->reset > 0) {
		buf_printf(&p->hand, "%" PRIu64 " tasks are to be published "
		    "again: their status is reset to configured", p->reset);
		buf_addc(&p->hand, '\0');
	}
	put_list(p, &b, "by hand", "by_hand", &p->hand);
	put_list(p, &b, "would fail", "fails", &fails);
	if (p->form == PLAN_JSON)
		buf_adds(&b, "}\n");
	if (b.len > 0)
		fwrite(b.ptr, 1, b.len, p->to);
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
}
