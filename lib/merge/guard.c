/* SPDX-License-Identifier: ISC */
/*
 * Merges that would make a package of a mistake.
 */
#include "merge/guard.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/allow.h"
#include "base/buf.h"
#include "json/tape.h"
#include "map/languages.h"
#include "map/map.h"
#include "match/side.h"
#include "merge/fate.h"
#include "merge/policy.h"

/* allowed, for whoever cannot forbid it: only to be known */
#define GONE 2

/* tasks of a side, and of them those that only this agent has */
struct counted_side {
	uint64_t all, own;
};

/* tasks of both sides, of the result, and own ones that both have */
struct counted {
	struct counted_side target, source;
	uint64_t result, common;
};

static int
is_task(const struct side *s, uint32_t i)
{
	return side_node(s, i)->type == RECORD_COMPONENT &&
	    fate_rule(s, i)->sort.task;
}

/* whether every agent has such a task: 1, 0, or -1 after a message */
static int
is_everywhere(struct side *s, uint32_t i)
{
	const struct map_row *row = map_kind_row(fate_rule(s, i)->sort.kind,
	    "everywhere");
	struct record r;
	struct slice id;

	if (row == NULL || row->nargs == 0)
		return row != NULL;
	if (side_line(s, i, &r) == -1)
		return -1;
	id = record_text(&r, RECORD_ID);
	return map_among(row->args, row->nargs, id.p, id.n);
}

/* a task of a side; 1: one that every agent has, 0, or -1 */
static int
count_task(struct counted_side *c, struct side *s, uint32_t i)
{
	int all = is_everywhere(s, i);

	c->all++;
	c->own += all == 0;
	return all;
}

/* the tasks of both sides; 0 or -1 */
static int
count(const struct fates *d, struct counted *c)
{
	struct side *t = d->target, *s = d->source;
	uint32_t i;
	int all;

	for (i = 0; i < t->graph.n; i++) {
		if (!is_task(t, i))
			continue;
		if ((all = count_task(&c->target, t, i)) == -1)
			return -1;
		c->result += side_node(t, i)->fate != SIDE_GONE;
		c->common += !all && side_mate(t, i) != NOTHING;
	}
	for (i = 0; i < s->graph.n; i++) {
		if (!is_task(s, i))
			continue;
		if (count_task(&c->source, s, i) == -1)
			return -1;
		c->result += side_mate(s, i) == NOTHING &&
		    side_node(s, i)->fate == SIDE_TAKEN;
	}
	return 0;
}

/* a side's file, for a message */
static const char *
file_of(const struct side *s)
{
	const char *file = s->in.in.lines.input;

	return file != NULL ? file : "stdin";
}

/* the message for what is not as it should be; 0: all is */
static unsigned
judge(const struct fates *d, const struct counted *c, struct buf *what)
{
	const char *target = file_of(d->target), *source = file_of(d->source);

	if (c->target.all == 0)
		return 0;
	if (policy_full(policy_of(d->target)) && c->source.all == 0) {
		buf_printf(what, "the source %s has no task, and the target "
		    "%s has %" PRIu64 ": a full import would empty it "
		    "(--allow empty makes it anyway)", source, target,
		    c->target.all);
		return ALLOW_EMPTY;
	}
	if (c->result == 0) {
		buf_printf(what, "none of the %" PRIu64 " tasks of the target "
		    "%s would be left, and the source %s brings none "
		    "(--allow empty makes it anyway)", c->target.all, target,
		    source);
		return ALLOW_EMPTY;
	}
	if (!policy_full(policy_of(d->target)) || c->common > 0 ||
	    c->target.own == 0 || c->source.own == 0)
		return 0;
	buf_printf(what, "the source %s (%" PRIu64 " task%s) and the target %s "
	    "(%" PRIu64 " task%s) have no task in common: a full import would "
	    "put another agent in its place (--allow unrelated makes it "
	    "anyway)", source, c->source.all, diag_s(c->source.all), target,
	    c->target.all, diag_s(c->target.all));
	return ALLOW_UNRELATED;
}

int
guard_tasks(const struct fates *d, unsigned allow, guard_tell *tell,
    void *ctx)
{
	struct counted c = {0};
	struct buf what = {0};
	unsigned found;
	int rc = 0;

	if (count(d, &c) == -1)
		return -1;
	if ((found = judge(d, &c, &what)) != 0)
		rc = tell(ctx, found == ALLOW_EMPTY ? "empty" : "unrelated",
		    (allow & found) != 0, buf_str(&what));
	buf_free(&what);
	return rc;
}

/* the kind of what a record must not lack and would; p NULL: nothing */
static struct slice
lacks(const struct fates *d, int source, uint32_t i,
    const struct map_row *row)
{
	const struct side *s = fate_side(d, source);
	const struct graph *g = &s->graph;
	const struct edge *e;
	struct slice kind;

	for (e = graph_edges(g, i); e < graph_edges(g, i + 1); e++) {
		kind = graph_kind_name(g, e->kind);
		if (e->key != NOTHING && map_among(row->args, row->nargs,
		    kind.p, kind.n) && fate_leads(d, source,
		    keyindex_at(&g->keys, e->key)->hash) == -1)
			return kind;
	}
	return (struct slice){0};
}

static int
look_at(const struct fates *d, int source, uint32_t i, guard_tell *tell,
    void *ctx)
{
	const struct side *s = fate_side(d, source);
	const struct map_kind *k = fate_rule(s, i)->sort.kind;
	struct buf what = {0};
	struct slice kind;
	int rc;

	if (k == NULL || k->required == NULL || !fate_live(s, i, source))
		return 0;
	kind = lacks(d, source, i, k->required);
	if (kind.p == NULL)
		return 0;
	buf_printf(&what, "the %s would lack the %.*s that it names, without "
	    "which the platform refuses the package: this import takes it "
	    "away", k->name, (int)kind.n, kind.p);
	rc = tell(ctx, "missing", 0, buf_str(&what));
	buf_free(&what);
	return rc;
}

int
guard_required(const struct fates *d, guard_tell *tell, void *ctx)
{
	const struct side *s;
	uint32_t i;
	int source;

	for (source = 0; source <= 1; source++) {
		s = fate_side(d, source);
		for (i = 0; i < s->graph.n; i++) {
			if (side_node(s, i)->type == RECORD_COMPONENT &&
			    look_at(d, source, i, tell, ctx) == -1)
				return -1;
		}
	}
	return 0;
}

/* whether it would come, but for something else that is not imported */
static int
is_dropped(const struct side *s, uint32_t i)
{
	const struct node *n = side_node(s, i);

	return n->type == RECORD_COMPONENT &&
	    n->fate == (side_mate(s, i) == NOTHING ? SIDE_GONE : SIDE_STAYS) &&
	    (n->why == DECIDE_OWNERLESS || n->why == DECIDE_UNABLE);
}

/* whether it comes, but what it refers to is not in the result */
static int
has_lost(const struct side *s, uint32_t i)
{
	return side_node(s, i)->type == RECORD_COMPONENT &&
	    fate_live(s, i, 1) && (side_node(s, i)->status & SIDE_REPAIR) != 0;
}

/* how many of each kind, in words */
static void
put_kinds(const struct graph *g, const uint64_t *counts, struct buf *b)
{
	const char *before = ": ";
	struct slice kind;
	uint32_t k;

	for (k = 0; k < graph_kinds(g); k++) {
		if (counts[k] == 0)
			continue;
		kind = graph_kind_name(g, k);
		buf_printf(b, "%s%" PRIu64 " of %.*s", before, counts[k],
		    (int)kind.n, kind.p);
		before = ", ";
	}
}

/* tell of those of the source that are so, if there are any */
static int
tell_counts(const struct side *s, int (*is)(const struct side *, uint32_t),
    guard_tell *tell, void *ctx, const char *kind, const char *text)
{
	uint64_t *counts = xcalloc(graph_kinds(&s->graph) + 1, sizeof(*counts));
	struct buf what = {0};
	uint32_t i;
	int any = 0, rc = 0;

	for (i = 0; i < s->graph.n; i++) {
		if (is(s, i)) {
			counts[side_node(s, i)->kind]++;
			any = 1;
		}
	}
	if (any) {
		buf_adds(&what, text);
		put_kinds(&s->graph, counts, &what);
		rc = tell(ctx, kind, 1, buf_str(&what));
	}
	free(counts);
	buf_free(&what);
	return rc;
}

int
guard_losses(const struct fates *d, guard_tell *tell, void *ctx)
{
	if (tell_counts(d->source, is_dropped, tell, ctx, "dropped",
	    "components of the source are not imported, as what they belong "
	    "to, or cannot be without, is not") == -1)
		return -1;
	return tell_counts(d->source, has_lost, tell, ctx, "lost",
	    "components are imported without what they refer to, which is "
	    "not in the result");
}

/* the languages of both sides and of the result */
struct speaking {
	struct languages listed[2];	/* by the target, by the source */
	struct languages list;		/* by the result */
	struct languages used;		/* by its records */
	struct languages astray, idle, gone;	/* what is wrong */
};

static void
speaking_free(struct speaking *s)
{
	languages_free(&s->listed[0]);
	languages_free(&s->listed[1]);
	languages_free(&s->list);
	languages_free(&s->used);
	languages_free(&s->astray);
	languages_free(&s->idle);
	languages_free(&s->gone);
}

/* the languages that a side lists, and of them those that are the result's */
static int
read_lists(const struct fates *d, int source, struct speaking *sp)
{
	struct side *s = fate_side(d, source);
	const struct map_row *row;
	struct tape tape = {0};
	struct record r;
	uint32_t i;
	int rc = 0;

	for (i = 0; i < s->graph.n && rc == 0; i++) {
		row = side_node(s, i)->type == RECORD_COMPONENT ?
		    fate_rule(s, i)->sort.languages : NULL;
		if (row == NULL)
			continue;
		if (side_line(s, i, &r) == -1 ||
		    record_read_value(&tape, d->diag, &r, NULL) == -1) {
			rc = -1;
			break;
		}
		languages_listed(&sp->listed[source], row, &tape);
		if (fate_live(s, i, source))
			languages_listed(&sp->list, row, &tape);
	}
	tape_free(&tape);
	return rc;
}

/* the languages of what a side has in the result */
static int
read_records(const struct fates *d, int source, struct speaking *sp)
{
	struct side *s = fate_side(d, source);
	struct record r;
	struct slice lang;
	uint32_t i;

	for (i = 0; i < s->graph.n; i++) {
		if (side_node(s, i)->type != RECORD_COMPONENT ||
		    fate_rule(s, i)->sort.unlisted ||
		    !fate_live(s, i, source))
			continue;
		if (side_line(s, i, &r) == -1)
			return -1;
		lang = record_text(&r, RECORD_LANG);
		languages_add(&sp->used, lang.p, lang.n);
	}
	return 0;
}

/* those of a set that one set or the other has, or both lack */
static void
find(struct languages *found, const struct languages *of,
    const struct languages *in, int has)
{
	const char *p;

	for (p = NULL; (p = languages_next(of, p)) != NULL; ) {
		if (languages_has(in, p, strlen(p)) == has)
			languages_add(found, p, strlen(p));
	}
}

/* what may be wrong, by what each side has; 1: there is something */
static int
suspect(const struct fates *d, struct speaking *sp)
{
	const struct languages *target = &d->target->used;
	const struct languages *source = &d->source->used;
	struct languages there = {0}, known = {0};

	find(&there, target, &sp->listed[0], 1);
	find(&known, target, &sp->listed[0], 0);	/* not news */
	find(&there, source, &known, 0);
	find(&sp->astray, &there, &sp->list, 0);
	languages_free(&there);
	languages_free(&known);
	if (policy_full(policy_of(d->target))) {
		find(&there, target, source, 0);
		find(&sp->idle, &there, &sp->list, 1);
		languages_free(&there);
	}
	return sp->astray.n > 0 || sp->idle.n > 0;
}

/* only those stay that the result's records have, or that they have not */
static void
confirm(struct languages *l, const struct speaking *sp, int has)
{
	struct languages found = {0};

	find(&found, l, &sp->used, has);
	languages_free(l);
	*l = found;
}

static int
tell_languages(const struct speaking *sp, const struct languages *which,
    const char *before, const char *behind, int allowed, guard_tell *tell,
    void *ctx)
{
	struct buf what = {0};
	int rc = 0;

	if (which->n > 0) {
		buf_adds(&what, before);
		languages_put(which, &what);
		buf_adds(&what, behind);
		languages_put(&sp->list, &what);
		buf_adds(&what, ": the target has ");
		languages_put(&sp->listed[0], &what);
		buf_adds(&what, ", the source ");
		languages_put(&sp->listed[1], &what);
		if (allowed != GONE)
			buf_adds(&what, " (--allow languages makes it "
			    "anyway)");
		rc = tell(ctx, "languages", allowed, buf_str(&what));
	}
	buf_free(&what);
	return rc;
}

int
guard_languages(const struct fates *d, unsigned allow, guard_tell *tell,
    void *ctx)
{
	struct speaking sp = {0};
	int allowed = (allow & ALLOW_LANGUAGES) != 0, rc;

	if ((rc = read_lists(d, 0, &sp)) == 0)
		rc = read_lists(d, 1, &sp);
	if (rc == 0 && sp.list.n > 0 && suspect(d, &sp) &&
	    (rc = read_records(d, 0, &sp)) == 0)
		rc = read_records(d, 1, &sp);
	if (rc == 0 && sp.list.n > 0) {
		confirm(&sp.astray, &sp, 1);
		confirm(&sp.idle, &sp, 0);
		find(&sp.gone, &sp.listed[0], &sp.list, 0);
		rc = tell_languages(&sp, &sp.astray, "components of ",
		    " would be in an agent that has only ", allowed, tell,
		    ctx);
	}
	if (rc == 0)
		rc = tell_languages(&sp, &sp.idle, "no component of ",
		    " would be left in an agent that has ", allowed, tell,
		    ctx);
	if (rc == 0 && sp.astray.n == 0)
		rc = tell_languages(&sp, &sp.gone, "the languages of the "
		    "agent lose ", " and become ", GONE, tell, ctx);
	speaking_free(&sp);
	return rc;
}
