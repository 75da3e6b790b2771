/* SPDX-License-Identifier: ISC */
/*
 * The lines that a merge writes.
 *
 * A line goes through steps, each of which takes a record and, if it changes
 * it, leaves a new line in c->line, of which the record is then.
 */
#include "compose.h"

#include <string.h>

#include "canon.h"
#include "deciding.h"
#include "diag.h"
#include "graph.h"
#include "map.h"
#include "mend.h"
#include "reline.h"
#include "rewrite.h"
#include "rules.h"
#include "side.h"
#include "spots.h"
#include "wordlist.h"

/* buffers of more bytes are not kept for the next record */
#define LARGE ((size_t)1 << 20)

/* what looks into values; it grows with the largest */
static void
open_tools(struct compose *c)
{
	c->spots = c->graft.spots = spots_open(c->map);
	c->rewriter = rewrite_open(c->diag, c->map);
	c->mender = mend_open(c->diag, c->map);
	c->canon = canon_open(c->diag, c->map);
}

static void
close_tools(struct compose *c)
{
	spots_close(c->spots);
	rewrite_close(c->rewriter);
	mend_close(c->mender);
	canon_close(c->canon);
}

/* after a step with a large value: the next shall not come on top of it */
static void
renew_tools(struct compose *c, const struct record *r)
{
	if (c->map == NULL || r->field[RECORD_VALUE].n < LARGE)
		return;
	close_tools(c);
	graft_free(&c->graft);
	open_tools(c);
}

int
compose_open(struct compose *c, struct diag *d, struct decide *decide,
    const struct moves *moves)
{
	struct room *room = decide->target->mates.room;

	*c = (struct compose){ .diag = d, .decide = decide, .moves = moves,
	    .target = decide->target, .source = decide->source,
	    .map = rules_map(decide->target->rules) };
	renames_init(&c->of[0], room);
	renames_init(&c->of[1], room);
	if (c->map != NULL)
		open_tools(c);
	return renames_make(c->of, c->target, c->source);
}

void
compose_close(struct compose *c)
{
	renames_free(&c->of[0]);
	renames_free(&c->of[1]);
	if (c->map != NULL)
		close_tools(c);
	graft_free(&c->graft);
	buf_free(&c->path);
	buf_free(&c->old);
	buf_free(&c->line);
	buf_free(&c->spare);
	buf_free(&c->value);
	buf_free(&c->text);
}

static struct node *
node_of(const struct side *s, uint32_t i)
{
	return graph_node(&s->graph, i);
}

static const struct rule *
rule_of(const struct side *s, uint32_t i)
{
	return rules_at(s->rules, node_of(s, i)->flags);
}

static int
same(struct slice a, struct slice b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.p, b.p, a.n) == 0);
}

/* the line that a step left in c->spare is the record's from now on */
static int
accept(struct compose *c, struct record *r)
{
	struct buf line = c->line;
	struct record_error e;

	c->line = c->spare;
	c->spare = line;
	if (record_read(r, c->line.ptr, c->line.len, &e) == -1)
		return diag_fail(c->diag, STATUS_INPUT, NULL, "a record "
		    "cannot be put together: %s", e.what);
	return 0;
}

/* the same line with another value, and other members */
static int
revalue(struct compose *c, struct record *r, const struct reline *more,
    size_t n)
{
	struct reline changes[8];

	changes[0] = (struct reline){ RECORD_VALUE, { c->value.ptr,
	    c->value.len } };
	if (n > 0)
		memcpy(changes + 1, more, n * sizeof(*more));
	c->spare.len = 0;
	reline(&c->spare, r, changes, n + 1);
	return accept(c, r);
}

/* what a word is called now: rewrite()'s question */
struct asked {
	const struct renames *of;
	int any;
};

static int
ask_word(void *ctx, const char *ref, size_t n, struct slice *word)
{
	const struct asked *a = ctx;

	*word = renames_find(a->of, keys_hash_ref(ref, n));
	return word->p != NULL;
}

/* the same words as the other side has them */
static int
reword(struct compose *c, int source, struct record *r)
{
	struct side *s = source ? c->source : c->target;
	struct place at = side_place(s);
	struct asked asked = { .of = &c->of[source] };
	struct rewrite_ask ask = { .word = ask_word, .ctx = &asked,
	    .ids = !source, .place = &at };
	int got;

	if (c->rewriter == NULL || r->kind != RECORD_COMPONENT)
		return 0;
	if (source && c->source->prefix.len > 0 &&
	    c->target->prefix.len > 0) {
		ask.prefix = (struct slice){ c->source->prefix.ptr,
		    c->source->prefix.len };
		ask.new_prefix = (struct slice){ c->target->prefix.ptr,
		    c->target->prefix.len };
		if (same(ask.prefix, ask.new_prefix))
			ask.prefix = (struct slice){0};
	}
	if (ask.prefix.p == NULL && c->of[source].table.n == 0)
		return 0;
	c->spare.len = 0;
	if ((got = rewrite(c->rewriter, r, &ask, &c->spare)) != 1)
		return got;
	return accept(c, r) == -1 ? -1 : 1;
}

/* whether what a reference led to is gone: mend()'s question */
static int
ask_lost(void *ctx, const char *ref, size_t n)
{
	const struct compose *c = ctx;

	return decide_leads(c->decide, keys_hash_ref(ref, n)) == -1;
}

/* a record without the references that lead nowhere any more */
static int
mend_record(struct compose *c, const struct side *s, struct record *r)
{
	struct place at = side_place(s);
	struct mend_ask ask = { .lost = ask_lost, .ctx = c, .place = &at };
	int got;

	if (c->mender == NULL || r->kind != RECORD_COMPONENT)
		return MEND_NONE;
	c->spare.len = 0;
	got = mend(c->mender, r, &ask, &c->spare);
	if (got == MEND_CHANGED && accept(c, r) == -1)
		return -1;
	return got;
}

/* the target's members at places that belong to each copy, and its secrets */
static int
keep_own(struct compose *c, const struct rule *rule, const struct record *old,
    struct record *new)
{
	struct reline status = { RECORD_STATUS, old->field[RECORD_STATUS] };
	int got;

	if (rule->local) {
		c->value.len = 0;
		if ((got = graft_local(&c->graft, old, new, &c->value)) == -1)
			return -1;
		if (got == 1 && revalue(c, new, &status,
		    rule->task ? 0 : 1) == -1)
			return -1;
	}
	if (!rule->secret)
		return 0;
	c->value.len = 0;
	got = graft_secret(&c->graft, rule->kind, old->field[RECORD_VALUE],
	    new->field[RECORD_VALUE], &c->value);
	return got == 1 ? revalue(c, new, NULL, 0) : got;
}

/* append the inside of a list of references, as unpack would have it */
static void
put_refs(struct compose *c, const struct record *r, size_t found,
    enum record_field list, struct buf *b)
{
	const struct spot *spot;
	struct wordlist words;
	size_t i, before;

	(void)r;
	wordlist_begin(&words, b, list);
	for (i = 0; i < found; i++) {
		spot = spots_at(c->spots, i);
		if (spot->what != SPOT_REF || spot->ref->list != list)
			continue;
		before = b->len;
		wordlist_item(&words);
		if (spot->soft)
			buf_addc(b, '?');
		buf_add(b, spot->text.p, spot->text.n);
		wordlist_end_item(&words, before, b->len - spot->text.n -
		    (spot->soft != 0));
	}
	wordlist_end(&words);
}

/* of what the export says of itself: no word of what is gone, refs as found */
static int
prune(struct compose *c, struct record *r)
{
	struct slice s = r->field[RECORD_VALUE];
	struct reline refs = { RECORD_REFS, { NULL, 0 } };
	struct record_error e;
	const struct spot *spot;
	struct graft *g = &c->graft;
	size_t i, n, skip;

	if (tape_read(&g->new, s.p, s.n, &e) == -1)
		return -1;
	patch_reset(&g->patch);
	n = spots_find(c->spots, r, &g->new, SPOT_REF);
	for (i = 0; i < n; i++) {
		spot = spots_at(c->spots, i);
		if (spot->token != TAPE_NONE && spot->token != 0 &&
		    decide_leads(c->decide, keys_hash_ref(spot->text.p,
		    spot->text.n)) == -1)
			patch_drop(&g->patch, &g->new, spot->token);
	}
	if (!patch_none(&g->patch)) {
		c->value.len = 0;
		patch_apply(&g->patch, s.p, s.n, &c->value);
		if (revalue(c, r, NULL, 0) == -1)
			return -1;
		s = r->field[RECORD_VALUE];
		if (tape_read(&g->new, s.p, s.n, &e) == -1)
			return -1;
		n = spots_find(c->spots, r, &g->new, SPOT_REF);
	}
	c->text.len = 0;
	put_refs(c, r, n, RECORD_REFS, &c->text);
	skip = strlen(",\"refs\":");
	if (c->text.len > skip)
		refs.json = (struct slice){ c->text.ptr + skip,
		    c->text.len - skip };
	c->spare.len = 0;
	reline(&c->spare, r, &refs, 1);
	return accept(c, r);
}

/* put both versions together, where the map's "unite" or "holds" wants it */
static int
put_together(struct compose *c, const struct rule *rule,
    const struct record *old, struct record *new)
{
	const struct map_row *row;
	const char *key = NULL;
	int holds = rules_holds(c->target->rules, new);

	if (!holds && (rule->action != ACTION_UNION || !rule->unites))
		return 0;
	if (!holds) {
		row = rules_row(rule->kind, "unite");
		key = row->nargs > 0 ? row->args[0] : NULL;
	}
	c->value.len = 0;
	if (graft_unite(&c->graft, old->field[RECORD_VALUE],
	    new->field[RECORD_VALUE], key, !holds, &c->value) == -1 ||
	    revalue(c, new, NULL, 0) == -1)
		return -1;
	return holds ? prune(c, new) : 0;
}

/* the container inside a value that a line opens, and what it is */
static int
inner(struct side *s, uint32_t open, uint32_t component, struct buf *pointer,
    const char **container)
{
	struct record r;
	struct slice at;
	size_t skip;

	if (side_line(s, component, &r) == -1)
		return -1;
	skip = record_text(&r, RECORD_AT).n;
	if (side_line(s, open, &r) == -1)
		return -1;
	at = record_text(&r, RECORD_AT);
	pointer->len = 0;
	if (at.n > skip)
		buf_add(pointer, at.p + skip, at.n - skip);
	*container = r.field[RECORD_VALUE].n > 0 &&
	    *r.field[RECORD_VALUE].p == '{' ? "{}" : "[]";
	return 0;
}

/* the containers that stand in another version open in this one, too */
static int
open_those(struct compose *c, struct side *s, uint32_t from,
    struct slice model, struct record *r)
{
	struct buf pointer = {0};
	const char *container;
	uint32_t i, end = side_end(s, from);
	int got = 0;

	for (i = from + 1; i < end && got != -1; i = side_end(s, i)) {
		if (node_of(s, i)->type != RECORD_OPEN ||
		    node_of(s, i)->fate == SIDE_GONE)
			continue;
		if ((got = inner(s, i, from, &pointer, &container)) == -1)
			break;
		c->value.len = 0;
		got = graft_open(&c->graft, r->field[RECORD_VALUE], model,
		    (struct slice){ pointer.ptr, pointer.len }, container,
		    &c->value);
		if (got == 1)
			got = revalue(c, r, NULL, 0);
	}
	buf_free(&pointer);
	return got == -1 ? -1 : 0;
}

/* whether anything stands inside a component */
static int
has_inside(const struct side *s, uint32_t i)
{
	return i != NOTHING && i + 1 < s->graph.n &&
	    node_of(s, i + 1)->parent == i;
}

/* components that belong to a record by a kind's owner edges, in the result */
static uint64_t
count_of(const struct compose *c, int source, uint32_t i, uint32_t kind,
    int result)
{
	const struct side *s = source ? c->source : c->target;
	const struct graph *g = &s->graph;
	const struct edge *e;
	uint32_t k, j;
	uint64_t n = 0;

	if (i == NOTHING || kind == NOTHING)
		return 0;
	for (k = node_of(s, i)->keys; k != NOTHING;
	    k = graph_next_key(g, k)) {
		for (j = graph_into(g, k); j != NOTHING; j = e->next) {
			e = graph_edge(g, j);
			if (e->list != RECORD_OWNER ||
			    node_of(s, e->from)->kind != kind)
				continue;
			n += !result || (source ?
			    node_of(s, e->from)->fate == SIDE_TAKEN &&
			    side_mate(s, e->from) == NOTHING :
			    node_of(s, e->from)->fate != SIDE_GONE);
		}
	}
	return n;
}

/* a number of what belongs to it, if that is another now than it was */
static int
recount(struct compose *c, uint32_t t, uint32_t s, int from_source,
    struct record *r)
{
	const struct rule *rule = t != NOTHING ? rule_of(c->target, t) :
	    rule_of(c->source, s);
	const struct map_row *row;
	struct place at = side_place(c->target);
	const char *what;
	uint32_t a, b;
	uint64_t was, is;
	int got;

	if (!rule->counts || (row = rules_row(rule->kind, "count")) == NULL)
		return 0;
	what = row->args[1];
	a = graph_kind_number(&c->target->graph, what, strlen(what));
	b = graph_kind_number(&c->source->graph, what, strlen(what));
	is = count_of(c, 0, t, a, 1) + count_of(c, 1, s, b, 1);
	was = from_source ? count_of(c, 1, s, b, 0) : count_of(c, 0, t, a, 0);
	if (is == was)
		return 0;
	c->spare.len = 0;
	got = mend_count(c->mender, r, what, was, is, &at, &c->spare);
	if (got == MEND_CHANGED && accept(c, r) == -1)
		return -1;
	return got == -1 ? -1 : got == MEND_CHANGED;
}

/* whether two lines say the same, but for what changes with every copy */
static int
equal(struct compose *c, const struct record *a, const struct record *b)
{
	struct digest_sum x = {0}, y = {0};
	struct canon_ask ask = { .flags = CANON_IGNORED | CANON_LOCAL |
	    CANON_ALIAS | CANON_ORDER };

	if (same(a->field[RECORD_VALUE], b->field[RECORD_VALUE]))
		return 1;
	if (c->canon == NULL || a->kind != RECORD_COMPONENT ||
	    a->field[RECORD_ENCODING].p != NULL)
		return 0;
	if (canon(c->canon, a, &ask, &x) == -1 ||
	    canon(c->canon, b, &ask, &y) == -1)
		return -1;
	return x.high == y.high && x.low == y.low;
}

/* the source's record where the target's was: its place and its status */
static int
settle(struct compose *c, const struct rule *rule, int renamed,
    const struct record *old, struct record *new)
{
	struct reline changes[4];
	struct buf word = {0};
	size_t n = 0;
	int rc;

	if (!renamed && c->path.len == 0) {
		changes[n++] = (struct reline){ RECORD_FILE,
		    old->field[RECORD_FILE] };
		changes[n++] = (struct reline){ RECORD_AT,
		    old->field[RECORD_AT] };
	}
	if (rule->word != NULL) {
		buf_printf(&word, "\"%s\"", rule->word);
		changes[n++] = (struct reline){ RECORD_STATUS, { word.ptr,
		    word.len } };
		c->reset = 1;
	}
	c->spare.len = 0;
	reline(&c->spare, new, changes, n);
	rc = accept(c, new);
	buf_free(&word);
	return rc;
}

/* keep the target's line: the buffer in which lines are read is shared */
static int
keep_old(struct compose *c, uint32_t t, struct record *r)
{
	struct record_error e;

	if (side_line(c->target, t, r) == -1)
		return -1;
	c->old.len = 0;
	buf_add(&c->old, r->line.p, r->line.n);
	return record_read(r, c->old.ptr, c->old.len, &e);
}

/* a line of a file that goes by another path now */
static int
move_line(struct compose *c, struct record *r)
{
	if (c->path.len == 0)
		return 0;
	c->spare.len = 0;
	moves_line(&c->spare, r, c->target, &c->of[0], c->path.ptr,
	    c->path.len);
	return accept(c, r) == -1 ? -1 : 1;
}

int
compose_file(struct compose *c, uint32_t file)
{
	c->path.len = 0;
	if ((node_of(c->target, file)->status & SIDE_RENAMED) == 0)
		return 0;
	return moves_path(c->moves, c->target, c->source, file, &c->path);
}

int
compose_other(struct compose *c, uint32_t t)
{
	struct record r;
	int got;

	if (c->path.len == 0)
		return COMPOSE_SAME;
	if (side_line(c->target, t, &r) == -1 ||
	    (got = move_line(c, &r)) == -1)
		return -1;
	return COMPOSE_MENDED;
}

/* what stays of the target */
static int
compose_old(struct compose *c, const struct record *old, uint32_t t,
    uint32_t s)
{
	struct record r = *old, model;
	int got, changed = 0;

	c->mended = c->reset = 0;
	if ((got = reword(c, 0, &r)) == -1)
		return -1;
	changed |= got;
	if ((node_of(c->target, t)->status & SIDE_MEND) != 0) {
		if ((got = mend_record(c, c->target, &r)) == -1)
			return -1;
		if (got == MEND_DROP)
			return COMPOSE_DROP;
		changed |= c->mended = got == MEND_CHANGED;
	}
	if (s != NOTHING && has_inside(c->source, s)) {
		if (side_line(c->source, s, &model) == -1)
			return -1;
		c->text.len = 0;
		buf_add(&c->text, model.field[RECORD_VALUE].p,
		    model.field[RECORD_VALUE].n);
		if (open_those(c, c->source, s, (struct slice){ c->text.ptr,
		    c->text.len }, &r) == -1)
			return -1;
		changed |= !same(r.line, old->line);
	}
	if ((got = recount(c, t, s, 0, &r)) == -1)
		return -1;
	changed |= got;
	if ((got = move_line(c, &r)) == -1)
		return -1;
	return changed || got ? COMPOSE_MENDED : COMPOSE_SAME;
}

/* the target's version stands on a tie of a union */
static int
is_tie(struct compose *c, const struct rule *rule, const struct record *old,
    const struct record *new)
{
	if (rule->action != ACTION_UNION || !rule->keyed)
		return 0;
	return graft_tie(&c->graft, old, new);
}

/* the line made is this one, if no step has made one */
static int
keep_new(struct compose *c, struct record *new)
{
	if (new->line.p == c->line.ptr)
		return 0;
	c->spare.len = 0;
	buf_add(&c->spare, new->line.p, new->line.n);
	return accept(c, new);
}

/* the source's version in the place of the target's */
static int
compose_pair(struct compose *c, uint32_t t, uint32_t s)
{
	const struct rule *rule = rule_of(c->source, s);
	struct record old, new;
	int got, renamed;

	renamed = (node_of(c->target, t)->status & SIDE_RENAMED) != 0;
	if (keep_old(c, t, &old) == -1 || side_line(c->source, s, &new) == -1)
		return -1;
	if (reword(c, 1, &new) == -1)
		return -1;
	if (!renamed && same(old.field[RECORD_VALUE],
	    new.field[RECORD_VALUE]) &&
	    (node_of(c->source, s)->status & SIDE_MEND) == 0)
		return compose_old(c, &old, t, s);
	renew_tools(c, &new);
	if (keep_own(c, rule, &old, &new) == -1 ||
	    put_together(c, rule, &old, &new) == -1)
		return -1;
	renew_tools(c, &new);
	if ((got = is_tie(c, rule, &old, &new)) != 0)
		return got == -1 ? -1 : compose_old(c, &old, t, s);
	if (has_inside(c->target, t) && open_those(c, c->target, t,
	    old.field[RECORD_VALUE], &new) == -1)
		return -1;
	if ((node_of(c->source, s)->status & SIDE_MEND) != 0) {
		if ((got = mend_record(c, c->source, &new)) == -1)
			return -1;
		if (got == MEND_DROP)
			return COMPOSE_DROP;
		c->mended = got == MEND_CHANGED;
	}
	if (recount(c, t, s, 1, &new) == -1)
		return -1;
	got = renamed ? 0 : equal(c, &old, &new);
	if (got != 0)
		return got == -1 ? -1 : compose_old(c, &old, t, s);
	if (rule->action == ACTION_ERROR)
		return keep_new(c, &new) == -1 ? -1 : COMPOSE_ERROR;
	return settle(c, rule, renamed, &old, &new) == -1 ? -1 :
	    COMPOSE_REPLACED;
}

/* what only the source has */
static int
compose_new(struct compose *c, uint32_t s)
{
	struct record r;
	int got, changed;

	if (side_line(c->source, s, &r) == -1 ||
	    (changed = reword(c, 1, &r)) == -1)
		return -1;
	if ((node_of(c->source, s)->status & SIDE_MEND) != 0) {
		if ((got = mend_record(c, c->source, &r)) == -1)
			return -1;
		if (got == MEND_DROP)
			return COMPOSE_DROP;
		changed |= c->mended = got == MEND_CHANGED;
	}
	if ((got = recount(c, NOTHING, s, 1, &r)) == -1)
		return -1;
	return changed || got ? COMPOSE_REPLACED : COMPOSE_SAME;
}

/* give back what a large record has taken */
static void
shrink(struct compose *c)
{
	struct buf *const bufs[] = { &c->old, &c->line, &c->spare, &c->value,
	    &c->text };
	size_t i;

	if (c->old.cap + c->line.cap + c->value.cap < LARGE)
		return;
	for (i = 0; i < sizeof(bufs) / sizeof(bufs[0]); i++)
		buf_free(bufs[i]);
	graft_free(&c->graft);
}

/* whether the lines of a pair are the same bytes; or -1 */
static int
same_lines(struct compose *c, uint32_t t, uint32_t s)
{
	const struct graph *g = &c->target->graph, *h = &c->source->graph;
	size_t n = graph_length(g, t);
	const char *a, *b;

	if (n != graph_length(h, s))
		return 0;
	a = again_bytes(&c->target->in, node_of(c->target, t)->at, n);
	b = again_bytes(&c->source->in, node_of(c->source, s)->at, n);
	return a == NULL || b == NULL ? -1 : memcmp(a, b, n) == 0;
}

/* whether the target's line stays, at a glance: most do; or -1 */
static int
stays(struct compose *c, uint32_t t, uint32_t s)
{
	if ((node_of(c->target, t)->status & (SIDE_MEND | SIDE_RENAMED)) !=
	    0 || c->of[0].table.n > 0 || c->path.len > 0 ||
	    rule_of(c->target, t)->counts)
		return 0;
	if (s == NOTHING)
		return 1;
	if (has_inside(c->source, s) || has_inside(c->target, t))
		return 0;
	if (node_of(c->source, s)->fate != SIDE_TAKEN)
		return 1;
	if ((node_of(c->source, s)->status & SIDE_MEND) != 0 ||
	    c->of[1].table.n > 0 || c->source->prefix.len > 0)
		return 0;
	return same_lines(c, t, s);
}

int
compose(struct compose *c, uint32_t t, uint32_t s)
{
	struct record old;
	int got;

	shrink(c);
	c->mended = c->reset = 0;
	if (t == NOTHING)
		return compose_new(c, s);
	if ((got = stays(c, t, s)) != 0)
		return got == -1 ? -1 : COMPOSE_SAME;
	if (s != NOTHING && node_of(c->source, s)->fate == SIDE_TAKEN)
		return compose_pair(c, t, s);
	return keep_old(c, t, &old) == -1 ? -1 : compose_old(c, &old, t, s);
}
