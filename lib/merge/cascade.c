/* SPDX-License-Identifier: ISC */
/*
 * What is dropped with what is dropped.
 *
 * Records in doubt are those that lost one that needed them.  They, and what
 * they need in turn, are tried together: what something else in the result
 * needs is cleared, with what it needs; the rest is dropped.
 */
#include "merge/cascade.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/hashset.h"
#include "map/lost.h"
#include "map/map.h"
#include "match/side.h"
#include "merge/fate.h"
#include "merge/policy.h"
#include "value/repair.h"
#include "value/revise.h"

/* what is known of all records of a run (graph.h) */
enum {
	CASCADE_IS_NEEDED = RUN_TOOL,	/* 1: something needs them */
	CASCADE_NEEDED,		/* the phase in which they were, being needed */
	CASCADE_NO_NEEDER,	/* ... none that needs them held them */
	CASCADE_LOST		/* all that lose them were looked at: 1, those
				   of the target; 2, of the source */
};

/* ---- references to what neither side has, or only the target */

/* the lists of a record; a word that several have is of the first */
static const enum record_field lists[] = { RECORD_NEEDS, RECORD_LINKS,
    RECORD_OWNER, RECORD_REFS };

/* references of a new record to what its own side has not */
struct unmet {
	struct fates *d;
	uint32_t node;
	enum record_field field;
	int decided;		/* what the target has may be gone by now;
				   else nothing is missing yet */
	struct hashset said;	/* of this record */
};

/* what of the target has a word is needed by something new */
static void
mark_held(const struct fates *d, uint32_t key)
{
	const struct graph *g = &d->target->graph;
	struct run *r = graph_run(g, key);

	if (r != NULL && r->mark[CASCADE_IS_NEEDED] != 0)
		return;
	if (r != NULL)
		r->mark[CASCADE_IS_NEEDED] = 1;
	for (; key != NOTHING; key = keyindex_next(&g->keys, key))
		side_node(d->target, keyindex_at(&g->keys,
		    key)->node)->status |= SIDE_HELD;
}

/* what it needs or belongs to, tasks it leads to, what else the map says */
static int
is_missed(const struct unmet *l, const char *ref, size_t nkind)
{
	const struct map_kind *k =
	    fate_rule(l->d->source, l->node)->sort.kind;
	const struct map_row *row;

	if (l->field == RECORD_NEEDS || l->field == RECORD_OWNER)
		return 1;
	if (l->field == RECORD_LINKS)
		return (kindtable_ask(l->d->kinds[0].map, ref, nkind) &
		    KIND_TASK) != 0;
	if (k == NULL || l->field != RECORD_REFS ||
	    (row = map_kind_row(k, "missed")) == NULL)
		return 0;
	return map_among(row->args, row->nargs, ref, nkind);
}

static int
add_unmet(void *ctx, const char *ref, size_t n)
{
	struct unmet *l = ctx;
	struct fates *d = l->d;
	const char *colon = memchr(ref, ':', n);
	struct missing m = { .node = l->node, .list = l->field };
	struct buf *to = &d->mentioned;
	uint64_t hash;
	uint32_t k;

	if (n == 0 || *ref == '?' || colon == NULL)
		return 0;
	hash = keyindex_hash_ref(ref, n);
	if (keyindex_find(&d->source->graph.keys, hash) != NOTHING)
		return 0;
	k = keyindex_find(&d->target->graph.keys, hash);
	/* by a name that it had the target's will not be found */
	if (k != NOTHING && rename_find(&d->of[0], hash).p == NULL &&
	    !(l->decided && fate_leads(d, 1, hash) == -1)) {
		mark_held(d, k);
		return 0;
	}
	if (!l->decided)
		return 0;
	if (!hashset_add(&l->said, 0, ref, n) || (l->field == RECORD_OWNER &&
	    hashset_has(&d->owners, 0, ref, n)))
		return 0;
	if (is_missed(l, ref, (size_t)(colon - ref))) {
		to = &d->missing;
		if (m.list == RECORD_REFS)
			m.list = RECORD_LINKS;
	}
	m.ref = (uint32_t)d->texts.len;
	m.nref = (uint32_t)n;
	buf_add(&d->texts, ref, n);
	buf_add(to, &m, sizeof(m));
	return 0;
}

/* a reference of the target's version: it is not news */
static int
add_known(void *ctx, const char *ref, size_t n)
{
	hashset_add(ctx, 0, ref, n);
	return 0;
}

/* drop from a list, from an offset on, what is known and led nowhere before */
static void
drop_known(const struct fates *d, struct buf *list, size_t from,
    const struct hashset *known)
{
	struct missing *m;
	const char *ref;
	size_t i, kept = from;

	for (i = from; i < list->len; i += sizeof(*m)) {
		m = buf_at(list, i);
		ref = d->texts.ptr + m->ref;
		if (hashset_has(known, 0, ref, m->nref) &&
		    graph_find(&d->target->graph, ref, m->nref) == NOTHING)
			continue;
		memmove(list->ptr + kept, m, sizeof(*m));
		kept += sizeof(*m);
	}
	list->len = kept;
}

/* drop what is missing in the target's version, too */
static int
drop_old(struct fates *d, size_t missing, size_t mentioned, uint32_t t)
{
	struct hashset known = {0};
	struct record r;
	size_t i;

	if (t == NOTHING || (d->missing.len == missing &&
	    d->mentioned.len == mentioned))
		return 0;
	if (side_line(d->target, t, &r) == -1)
		return -1;
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++)
		graph_items(r.field[lists[i]], add_known, &known);
	drop_known(d, &d->missing, missing, &known);
	drop_known(d, &d->mentioned, mentioned, &known);
	hashset_free(&known);
	return 0;
}

/* what the record belongs to is said once */
static void
note_owners(struct fates *d, size_t from)
{
	const struct buf *list = &d->missing;
	const struct missing *m;

	for (; from < list->len; from += sizeof(*m)) {
		m = buf_at(list, from);
		if (m->list == RECORD_OWNER)
			hashset_add(&d->owners, 0, d->texts.ptr + m->ref,
			    m->nref);
	}
}

/* find them: SIDE_HELD; decided: d->missing, d->mentioned; 0 or -1 */
static int
find_unmet(struct fates *d, uint32_t s, int decided)
{
	const struct graph *g = &d->source->graph;
	struct unmet l = { .d = d, .node = s, .decided = decided };
	const struct edge *e = graph_edges(g, s), *end = graph_edges(g, s + 1);
	struct record r;
	size_t missing = d->missing.len, mentioned = d->mentioned.len, i;

	while (e < end && (e->key != NOTHING || e->soft))
		e++;
	if (e == end || side_node(d->source, s)->type != RECORD_COMPONENT ||
	    !fate_live(d->source, s, 1))
		return 0;
	if (side_line(d->source, s, &r) == -1)
		return -1;
	for (i = 0; i < sizeof(lists) / sizeof(lists[0]); i++) {
		l.field = lists[i];
		graph_items(r.field[l.field], add_unmet, &l);
	}
	hashset_free(&l.said);
	if (drop_old(d, missing, mentioned, side_mate(d->source, s)) == -1)
		return -1;
	note_owners(d, missing);
	return 0;
}

/* ---- records that nothing needs any more (the map's "orphan") */

static struct node *
node_of(const struct fates *d, int source, uint32_t i)
{
	return side_node(fate_side(d, source), i);
}

/* an item of a list, taken apart */
static uint32_t
item_at(const struct fate_list *list, uint64_t i, int *source)
{
	uint64_t item = ((const uint64_t *)list->items.p)[i];

	*source = item & 1;
	return (uint32_t)(item >> 1);
}

/* one that may have lost what it is there for, if it is of those */
static int
add_doubt(struct fates *d, int source, uint32_t i)
{
	const struct side *s = fate_side(d, source);
	struct node *n = node_of(d, source, i);

	if (n->why == DECIDE_DOUBT || !fate_rule(s, i)->sort.orphan ||
	    !fate_live(s, i, source) || side_mate(s, i) != NOTHING)
		return 0;
	n->why = DECIDE_DOUBT;
	return fate_push(&d->doubts, source, i);
}

/* clear one in doubt, which something needs */
static int
clear_doubt(struct fates *d, int source, uint32_t i)
{
	struct node *n = node_of(d, source, i);

	if (n->why != DECIDE_DOUBT)
		return 0;
	n->why = DECIDE_NONE;
	return fate_push(&d->work, source, i);
}

/* whether what has a key's word was seen to in this phase; it is now */
static int
is_seen(const struct fates *d, const struct graph *g, uint32_t key)
{
	struct run *r = graph_run(g, key);

	if (r == NULL)
		return 0;
	if (r->mark[CASCADE_NEEDED] == d->phase)
		return 1;
	r->mark[CASCADE_NEEDED] = d->phase;
	return 0;
}

/* call for each record of one side that a record of either needs */
static int
each_needed(struct fates *d, int source, uint32_t i, int of,
    int (*call)(struct fates *, int, uint32_t))
{
	const struct graph *g = &fate_side(d, source)->graph;
	const struct graph *h = &fate_side(d, of)->graph;
	const struct keyindex *keys = &h->keys;
	const struct edge *e;
	uint32_t k;

	for (e = graph_edges(g, i); e < graph_edges(g, i + 1); e++) {
		graph_fetch(g, e);
		if (e->list != RECORD_NEEDS || e->key == NOTHING)
			continue;
		k = of == source ? e->key :
		    keyindex_find(keys, keyindex_at(&g->keys, e->key)->hash);
		if (k == NOTHING || is_seen(d, h, k))
			continue;
		for (; k != NOTHING; k = keyindex_next(keys, k)) {
			if (call(d, of, keyindex_at(keys, k)->node) == -1)
				return -1;
		}
	}
	return 0;
}

/*
 * A record is dropped, or another version of it is taken: doubt what it
 * needed; 0 or -1
 */
static int
doubt_needed(struct fates *d, int source, uint32_t node)
{
	return each_needed(d, source, node, source, add_doubt);
}

/*
 * Whether anything of one side by this word's need holds a record.  That
 * nothing does is noted for this phase: one that is cleared later clears
 * itself what it needs.
 */
static int
is_held_by(const struct fates *d, int source, uint64_t hash)
{
	const struct side *s = fate_side(d, source);
	uint32_t key = keyindex_find(&s->graph.keys, hash);
	struct run *r = key == NOTHING ? NULL : graph_run(&s->graph, key);
	struct toward it = fate_toward(&s->graph, hash);
	const struct edge *e;

	if (r != NULL && r->mark[CASCADE_NO_NEEDER] == d->phase)
		return 0;
	while ((e = graph_next(&it)) != NULL) {
		if (e->list == RECORD_NEEDS &&
		    fate_live(s, e->from, source) &&
		    node_of(d, source, e->from)->why != DECIDE_DOUBT)
			return 1;
	}
	if (r != NULL)
		r->mark[CASCADE_NO_NEEDER] = d->phase;
	return 0;
}

/* whether anything in the result that is not in doubt needs a record */
static int
is_held(const struct fates *d, int source, uint32_t i)
{
	const struct graph *g = &fate_side(d, source)->graph;
	const uint32_t *k;
	uint64_t hash;

	if ((node_of(d, source, i)->status & SIDE_HELD) != 0)
		return 1;
	for (k = graph_keys(g, i); k < graph_keys(g, i + 1); k++) {
		hash = keyindex_at(&g->keys, *k)->hash;
		if (is_held_by(d, 0, hash) || is_held_by(d, 1, hash))
			return 1;
	}
	return 0;
}

/* clear all that others hold; d->work is a list of the cleared meanwhile */
static int
clear_held(struct fates *d)
{
	uint64_t i;
	uint32_t node;
	int source;

	for (i = 0; i < d->doubts.n; i++) {
		node = item_at(&d->doubts, i, &source);
		if (is_held(d, source, node) &&
		    clear_doubt(d, source, node) == -1)
			return -1;
		while (d->work.n > 0) {
			node = item_at(&d->work, --d->work.n, &source);
			if (each_needed(d, source, node, 0, clear_doubt) ==
			    -1 || each_needed(d, source, node, 1,
			    clear_doubt) == -1)
				return -1;
		}
	}
	return 0;
}

/* try all doubts, when d->work is empty: what is dropped is there then */
static int
try_doubts(struct fates *d)
{
	uint64_t i;
	uint32_t node;
	int source;

	/* the list grows as it is walked */
	for (i = 0; i < d->doubts.n; i++) {
		node = item_at(&d->doubts, i, &source);
		if (doubt_needed(d, source, node) == -1)
			return -1;
	}
	d->phase++;
	if (clear_held(d) == -1)
		return -1;
	for (i = 0; i < d->doubts.n; i++) {
		node = item_at(&d->doubts, i, &source);
		if (node_of(d, source, node)->why == DECIDE_DOUBT &&
		    fate_drop(d, source, node, DECIDE_UNNEEDED) == -1)
			return -1;
	}
	d->doubts.n = 0;
	d->phase++;
	return 0;
}

/* ---- what depends on what is dropped */

/* the first owner of a record that is there, from an edge on; or NOTHING */
static uint32_t
find_owner(const struct fates *d, int source, uint32_t i, uint32_t edge)
{
	const struct graph *g = &fate_side(d, source)->graph;
	const struct edge *e;

	for (; edge < graph_node(g, i + 1)->edges; edge++) {
		e = graph_edge(g, edge);
		if (e->list != RECORD_OWNER)
			break;
		if (e->key != NOTHING && fate_leads(d, source,
		    keyindex_at(&g->keys, e->key)->hash) != -1)
			return edge;
	}
	return NOTHING;
}

/*
 * The owners of a record that had any are all gone.  Of many, the one that was
 * found last time is asked first, and then those behind it.
 */
static int
is_ownerless(const struct fates *d, int source, uint32_t i)
{
	struct graph *g = &fate_side(d, source)->graph;
	uint32_t *last = graph_owner_cursor(g, i, NOTHING), found = NOTHING;

	if (last != NULL)
		found = find_owner(d, source, i, *last);
	if (found == NOTHING)
		found = find_owner(d, source, i, graph_node(g, i)->edges);
	if (found == NOTHING)
		return graph_owned(g, i);
	if (last != NULL)
		*last = found;
	return 0;
}

/* a live record has lost what a reference of it led to */
static int
has_lost(struct fates *d, int source, const struct edge *e)
{
	struct side *s = fate_side(d, source);
	struct node *n = side_node(s, e->from);
	enum lost_drops drops = DROPS_NEVER;

	if (!fate_live(s, e->from, source))
		return 0;
	if (e->list == RECORD_OWNER) {
		if (is_ownerless(d, source, e->from))
			return fate_drop(d, source, e->from,
			    DECIDE_OWNERLESS);
	} else {
		drops = kindtable_drops(&d->kinds[source], n->kind,
		    (enum record_field)e->list, e->kind);
	}
	if (drops == DROPS_ALWAYS)
		return fate_drop(d, source, e->from, DECIDE_UNABLE);
	n->status |= SIDE_REPAIR;
	return drops == DROPS_NEVER ? 0 :
	    fate_push(&d->maybes, source, e->from);
}

/* a side's words are asked for */
struct asking {
	const struct fates *d;
	int source;
};

/* whether what a reference refers to is gone: repair()'s question */
static int
ask_gone(void *ctx, const char *ref, size_t n)
{
	const struct asking *a = ctx;

	return fate_leads(a->d, a->source, keyindex_hash_ref(ref, n)) == -1;
}

/* whether the value of one says that it cannot be: it is dropped; 0 or -1 */
static int
ask_maybe(struct fates *d, int source, uint32_t i)
{
	struct side *s = fate_side(d, source);
	struct place at = side_place(s, i);
	struct asking asking = { .d = d, .source = source };
	struct repair_ask ask = { .lost = ask_gone, .ctx = &asking,
	    .place = &at };
	struct record r;
	int got;

	if (!fate_live(s, i, source))
		return 0;
	if (d->reviser == NULL)
		d->reviser = revise_open(d->diag, s->sorts->map);
	if (side_line(s, i, &r) == -1 ||
	    (got = repair(d->reviser, &r, &ask, &d->line)) == -1)
		return -1;
	return got == REPAIRED_DROP ?
	    fate_drop(d, source, i, DECIDE_UNABLE) : 0;
}

static int
by_item(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return x < y ? -1 : x > y;
}

/* all those, each once: what their values say */
static int
ask_maybes(struct fates *d)
{
	const uint64_t *items = d->maybes.items.p;
	uint32_t node;
	uint64_t i;
	int source, rc = 0;

	if (d->maybes.n > 1)
		qsort(d->maybes.items.p, (size_t)d->maybes.n, sizeof(*items),
		    by_item);
	for (i = 0; i < d->maybes.n && rc == 0; i++) {
		if (i > 0 && items[i] == items[i - 1])
			continue;
		node = item_at(&d->maybes, i, &source);
		rc = ask_maybe(d, source, node);
	}
	d->maybes.n = 0;
	return rc;
}

/* those of a side that refer to a word: 1, it leads nowhere now; 0 or -1 */
static int
lose_word(struct fates *d, int source, uint64_t hash)
{
	const struct edge *e;
	struct toward it;

	if (fate_leads(d, source, hash) != -1)
		return 0;
	it = fate_toward(&fate_side(d, source)->graph, hash);
	while ((e = graph_next(&it)) != NULL) {
		if (has_lost(d, source, e) == -1)
			return -1;
	}
	return 1;
}

/* those that refer to a word of one that is gone; of a run, once */
static int
lose_key(struct fates *d, const struct graph *g, uint32_t key)
{
	uint64_t hash = keyindex_at(&g->keys, key)->hash;
	struct run *r = graph_run(g, key);
	int source, got;

	for (source = 0; source < 2; source++) {
		if (r != NULL && (r->mark[CASCADE_LOST] & (1U << source)) != 0)
			continue;
		if ((got = lose_word(d, source, hash)) == -1)
			return -1;
		if (r != NULL && got == 1)
			r->mark[CASCADE_LOST] |= 1U << source;
	}
	return 0;
}

/* what a new record refers to must be there, or it is repaired */
static int
check_refs(struct fates *d, uint32_t s)
{
	const struct graph *g = &d->source->graph;
	const struct edge *e;

	for (e = graph_edges(g, s); e < graph_edges(g, s + 1); e++) {
		graph_fetch(g, e);
		if (!fate_live(d->source, s, 1))
			break;
		if (e->key != NOTHING && fate_leads(d, 1,
		    keyindex_at(&g->keys, e->key)->hash) == -1 &&
		    has_lost(d, 1, e) == -1)
			return -1;
	}
	return 0;
}

/* a record of the source takes the place of its mate, which cannot stay */
static int
take_late(struct fates *d, uint32_t s)
{
	return find_unmet(d, s, 0) == -1 || check_refs(d, s) == -1 ? -1 :
	    doubt_needed(d, 0, side_mate(d->source, s));
}

/* all that depends on one that is dropped, or taken in place of one that is */
static int
drop_dependents(struct fates *d, int source, uint32_t i)
{
	const struct side *s = fate_side(d, source);
	const struct graph *g = &s->graph;
	const struct node *n = side_node(s, i);
	const uint32_t *k;
	uint32_t j, end = side_end(s, i);

	if (source && n->fate == SIDE_TAKEN && (n->status & SIDE_COMES) != 0)
		return take_late(d, i);
	for (k = graph_keys(g, i); k < graph_keys(g, i + 1); k++) {
		if (lose_key(d, g, *k) == -1)
			return -1;
	}
	for (j = i + 1; j < end; j++) {
		if (fate_drop(d, source, j, DECIDE_WITHIN) == -1)
			return -1;
	}
	return doubt_needed(d, source, i);
}

/* all that depends on what is dropped, and what nothing needs now */
static int
drop_all(struct fates *d)
{
	uint32_t node;
	int source;

	do {
		while (d->work.n > 0) {
			node = item_at(&d->work, --d->work.n, &source);
			if (drop_dependents(d, source, node) == -1)
				return -1;
		}
		if (ask_maybes(d) == -1 ||
		    (d->work.n == 0 && try_doubts(d) == -1))
			return -1;
	} while (d->work.n > 0);
	return 0;
}

/* a record of the source must stand in something that is there */
static int
check_inside(struct fates *d, uint32_t s)
{
	uint32_t up = side_node(d->source, s)->parent;

	if (up == NOTHING || side_node(d->source, s)->fate != SIDE_TAKEN ||
	    fate_present(d->source, d->target, up, 1))
		return 0;
	if (side_mate(d->source, s) != NOTHING)
		return 0;
	return fate_drop(d, 1, s, DECIDE_WITHIN);
}

/* a name of the target's version that the source's has not */
struct naming {
	struct fates *d;
	uint32_t node, mate;
	struct slice kind;
};

static int
take_name(void *ctx, const char *name, size_t n)
{
	struct naming *m = ctx;
	const struct graph *g = &m->d->source->graph;
	uint64_t hash = keyindex_hash(m->kind.p, m->kind.n, name, n);

	if (keyindex_has(&g->keys, hash, m->mate))
		return 0;
	return keyindex_add(&m->d->lost_names, hash, m->node);
}

/* the id that a new version has not: it is the same one by an alias */
static int
lose_id(struct fates *d, uint32_t node, const struct record *r)
{
	struct slice kind = record_text(r, RECORD_KIND);
	struct slice id = record_text(r, RECORD_ID);

	return keyindex_add(&d->lost_names, keyindex_hash(kind.p, kind.n, id.p,
	    id.n), node);
}

/* names of traits and the like that their new versions have not any more */
static int
find_names(struct fates *d)
{
	int loses;
	struct naming m = { .d = d };
	struct record r;
	uint32_t i;

	for (i = 0; i < d->target->graph.n; i++) {
		if (side_node(d->target, i)->fate != SIDE_TAKEN ||
		    (m.mate = side_mate(d->target, i)) == NOTHING)
			continue;
		loses = (side_node(d->target, i)->status & SIDE_KEYED) != 0 &&
		    (side_node(d->source, m.mate)->status & SIDE_KEYED) == 0;
		if (!loses && !fate_rule(d->target, i)->sort.names)
			continue;
		if (side_line(d->target, i, &r) == -1 ||
		    (loses && lose_id(d, i, &r) == -1))
			return -1;
		m.node = i;
		m.kind = record_text(&r, RECORD_KIND);
		if (graph_items(r.field[RECORD_NAMES], take_name, &m) == -1)
			return -1;
	}
	return keyindex_sort(&d->lost_names);
}

static int
lose_names(struct fates *d)
{
	uint64_t hash;
	uint32_t i;

	for (i = 0; i < d->lost_names.n; i++) {
		hash = keyindex_at(&d->lost_names, i)->hash;
		if (lose_word(d, 0, hash) == -1 ||
		    lose_word(d, 1, hash) == -1)
			return -1;
	}
	return 0;
}

/* the same again, now that it is known what of the target stays */
static int
find_all_unmet(struct fates *d)
{
	uint32_t i;
	int rc = 0;

	for (i = 0; i < d->source->graph.n && rc == 0; i++)
		rc = find_unmet(d, i, 1);
	return rc;
}

int
cascade(struct fates *d)
{
	uint32_t i;
	int rc = 0;

	for (i = 0; i < d->source->graph.n && rc == 0; i++)
		rc = find_unmet(d, i, 0);
	for (i = 0; i < d->source->graph.n && rc == 0; i++)
		rc = check_inside(d, i);
	if (rc == 0)
		rc = find_names(d);
	for (i = 0; i < d->target->graph.n && rc == 0; i++) {
		if (side_node(d->target, i)->fate == SIDE_TAKEN)
			rc = doubt_needed(d, 0, i);
	}
	if (rc == 0)
		rc = lose_names(d) == -1 ? -1 : drop_all(d);
	for (i = 0; i < d->source->graph.n && rc == 0; i++)
		rc = check_refs(d, i);
	return rc == 0 && drop_all(d) == 0 ? find_all_unmet(d) : -1;
}

/* ---- files and containers of which nothing is left */

/*
 * Whether a record of the source alone comes with something new in it: what
 * has a mate stands where that one does, with all that is in it.
 */
static int
brings_some(const struct side *s, uint32_t i, uint32_t end)
{
	while (++i < end) {
		if (side_node(s, i)->type != RECORD_COMPONENT)
			continue;
		if (side_mate(s, i) != NOTHING)
			i = side_end(s, i) - 1;
		else if (side_node(s, i)->fate == SIDE_TAKEN)
			return 1;
	}
	return 0;
}

/* the first record behind a file */
static uint32_t
file_end(const struct side *s, uint32_t file)
{
	uint32_t i = file + 1;

	while (i < s->graph.n && side_node(s, i)->type != RECORD_OF_FILE)
		i++;
	return i;
}

/* whether there are only containers in a file */
static int
is_hollow(const struct side *s, uint32_t file)
{
	uint32_t i, end = file_end(s, file);

	for (i = file + 1; i < end; i++) {
		if (side_node(s, i)->type != RECORD_OPEN)
			return 0;
	}
	return 1;
}

/* a pair is one no more: what only the source has of such lines is taken */
static void
part_file(struct side *s, struct side *other, uint32_t file)
{
	uint32_t i, mate = side_mate(s, file), end = file_end(s, file);

	for (i = file; i < end; i++)
		side_node(s, i)->status &= (uint16_t)~SIDE_PAIRED;
	for (i = mate, end = file_end(other, mate); i < end; i++) {
		side_node(other, i)->status &= (uint16_t)~SIDE_PAIRED;
		side_node(other, i)->fate = SIDE_TAKEN;
	}
}

/* a file is not in the result: what has a mate is in another one */
static void
drop_file(struct side *s, uint32_t file, uint32_t end)
{
	uint32_t i, next;
	int alone = side_mate(s, file) == NOTHING;

	for (i = file; i < end; i = next) {
		next = i + 1;
		if (alone && side_mate(s, i) != NOTHING)
			next = side_end(s, i);
		else
			side_node(s, i)->fate = SIDE_GONE;
	}
}

/*
 * A file of which nothing is left goes; its @data lines go with it.  If the
 * source has such a file, with nothing in it, that one comes.
 */
static void
empty_file(struct side *s, struct side *other, uint32_t i, uint32_t end,
    int source)
{
	uint32_t j, mate = side_mate(s, i);
	int had = 0, has = source && mate == NOTHING && brings_some(s, i, end);

	for (j = i + 1; j < end; j++) {
		if (side_node(s, j)->type == RECORD_DATA)
			side_node(s, j)->fate = side_node(s, i)->fate;
		else if (side_node(s, j)->type != RECORD_COMPONENT)
			continue;
		had = 1;
		if (!source || mate != NOTHING ||
		    side_node(s, j)->type == RECORD_DATA)
			has |= fate_present(s, other, j, source);
	}
	if (!source && mate != NOTHING)
		has |= brings_some(other, mate, file_end(other, mate));
	if (!had || has)
		return;
	if (!source && mate != NOTHING && is_hollow(other, mate))
		part_file(s, other, i);
	drop_file(s, i, end);
}

static void
empty_files(struct side *s, struct side *other, int source)
{
	uint32_t i, end;

	for (i = 0; i < s->graph.n; i = end) {
		end = file_end(s, i);
		empty_file(s, other, i, end, source);
	}
}

/*
 * A container that the target lacks is opened if something comes into it, if
 * what it stands in is new, as is all of a file with nothing in it, or if it
 * is empty where the source's export would have it.
 */
static int
open_container(struct fates *d, uint32_t i)
{
	struct side *s = d->source;
	uint32_t up = side_node(s, i)->parent, j, end = side_end(s, i);
	struct record r;

	if (brings_some(s, i, end))
		return 0;
	if (up != NOTHING && side_node(s, up)->type == RECORD_COMPONENT &&
	    side_node(s, up)->fate == SIDE_TAKEN)
		return 0;
	if (end == i + 1) {
		if (side_line(s, i, &r) == -1)
			return -1;
		if (policy_inside(policy_of(s), record_text(&r, RECORD_FILE),
		    record_text(&r, RECORD_AT)))
			return 0;
	}
	for (j = i; j < end; j++)
		side_node(s, j)->fate = SIDE_GONE;
	return 0;
}

static int
open_containers(struct fates *d)
{
	uint32_t i;
	int hollow = 0;

	for (i = 0; i < d->source->graph.n; i++) {
		if (side_node(d->source, i)->type == RECORD_OF_FILE)
			hollow = side_mate(d->source, i) == NOTHING &&
			    is_hollow(d->source, i);
		if (!hollow && side_node(d->source, i)->type == RECORD_OPEN &&
		    side_mate(d->source, i) == NOTHING &&
		    side_node(d->source, i)->fate == SIDE_TAKEN &&
		    open_container(d, i) == -1)
			return -1;
	}
	return 0;
}

int
cascade_empty(struct fates *d)
{
	empty_files(d->target, d->source, 0);
	empty_files(d->source, d->target, 1);
	return open_containers(d);
}

int
cascade_holds(const struct side *s, uint32_t open)
{
	uint32_t i, end = side_end(s, open);

	for (i = open + 1; i < end; i++) {
		if (side_node(s, i)->type == RECORD_COMPONENT &&
		    (s->is_source ? side_node(s, i)->fate == SIDE_TAKEN :
		    side_node(s, i)->fate != SIDE_GONE))
			return 1;
	}
	return 0;
}

int
cascade_fills(const struct fates *d, uint32_t file)
{
	uint32_t mate = side_mate(d->target, file);

	return mate != NOTHING && brings_some(d->source, mate,
	    file_end(d->source, mate));
}
