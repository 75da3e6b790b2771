/* SPDX-License-Identifier: ISC */
/*
 * What a merge makes of each record.
 *
 * First each record by its rule; then what hangs on those that go, in any
 * order, for what is gone never comes back.
 */
#include "decide.h"

#include <string.h>

#include "diag.h"
#include "graph.h"
#include "map.h"
#include "mend.h"
#include "rules.h"
#include "side.h"

static const char *const whys[WHYS] = {
	[WHY_NONE] = "",
	[WHY_ABSENT] = "the source has none",
	[WHY_CLEARED] = "this import takes it away",
	[WHY_OWNED] = "it belonged to what is replaced",
	[WHY_OWNERLESS] = "what it belongs to is not there",
	[WHY_WITHIN] = "what it stands in is not there",
	[WHY_UNNEEDED] = "nothing needs it any more",
	[WHY_UNABLE] = "it cannot be without what is gone",
	[WHY_SCOPE] = "the source's export does not hold its category",
	[WHY_KEPT] = "this import leaves the target's as they are",
};

const char *
decide_why(enum decided why)
{
	return whys[why];
}

static struct node *
node_of(const struct side *s, uint32_t i)
{
	return graph_node(&s->graph, i);
}

/* the rule of a record; of a line that follows its file, that of the file */
static struct rule *
rule_of(const struct side *s, uint32_t i)
{
	struct rule *r;
	uint32_t up;

	for (;;) {
		r = rules_at(s->rules, node_of(s, i)->flags);
		up = node_of(s, i)->parent;
		if (!r->follows || up == NOTHING ||
		    node_of(s, i)->type != RECORD_DATA)
			return r;
		i = up;
	}
}

static struct side *
side_of(const struct decide *d, int source)
{
	return source ? d->source : d->target;
}

/* whether what a node says is in the result, as it stands on this side */
static int
is_live(const struct side *s, uint32_t i, int source)
{
	return node_of(s, i)->fate == (source ? SIDE_TAKEN : SIDE_STAYS);
}

int
decide_present(const struct side *s, const struct side *other, uint32_t i,
    int source)
{
	uint32_t mate;

	if (node_of(s, i)->fate == SIDE_GONE)
		return 0;
	if (!source || node_of(s, i)->fate == SIDE_TAKEN)
		return 1;
	mate = side_mate(s, i);
	return mate != NOTHING && node_of(other, mate)->fate != SIDE_GONE;
}

/* whether the version taken of a target's record has not this name */
static int
is_lost(const struct decide *d, uint64_t hash, uint32_t t)
{
	uint32_t k;

	if (d->lost_names.n == 0)
		return 0;
	for (k = keys_find(&d->lost_names, hash); k != NOTHING;
	    k = keys_next(&d->lost_names, k)) {
		if (keys_at(&d->lost_names, k)->node == t)
			return 1;
	}
	return 0;
}

/* whether any of a side's records called so is in the result; -1: none is */
static int
leads(const struct decide *d, int source, uint64_t hash)
{
	const struct side *s = side_of(d, source);
	uint32_t i, k;

	k = keys_find(&s->graph.keys, hash);
	if (k == NOTHING)
		return 0;
	for (; k != NOTHING; k = keys_next(&s->graph.keys, k)) {
		i = keys_at(&s->graph.keys, k)->node;
		if (decide_present(s, side_of(d, !source), i, source) &&
		    (source || !is_lost(d, hash, i)))
			return 1;
	}
	return -1;
}

int
decide_leads(const struct decide *d, uint64_t hash)
{
	int t = leads(d, 0, hash), s = leads(d, 1, hash);

	if (t == 1 || s == 1)
		return 1;
	return t == -1 || s == -1 ? -1 : 0;
}

struct toward
decide_toward(const struct graph *g, uint64_t hash)
{
	uint32_t key = keys_find(&g->keys, hash);

	return (struct toward){ .graph = g, .key = NOTHING,
	    .edge = key == NOTHING ? NOTHING : graph_into(g, key) };
}

/* a record is not in the result; its mate neither */
static int
let_go(struct decide *d, int source, uint32_t i, enum decided why)
{
	struct side *s = side_of(d, source);
	struct node *n = node_of(s, i);
	uint64_t item = 2 * (uint64_t)i + (source != 0);
	uint32_t mate;

	if (n->fate == SIDE_GONE)
		return 0;
	n->fate = SIDE_GONE;
	n->why = (uint8_t)why;
	if (array_hold(&d->work, (size_t)(d->nwork + 1) *
	    sizeof(item)) == -1)
		return -1;
	((uint64_t *)d->work.p)[d->nwork++] = item;
	if ((mate = side_mate(s, i)) == NOTHING)
		return 0;
	return let_go(d, !source, mate, why);
}

/* whether the owner of a source's record is kept as the target has it */
static int
owner_stays(const struct decide *d, int source, uint32_t i)
{
	const struct side *s = side_of(d, source);
	const struct edge *e;
	const struct rule *r;
	uint32_t j, to;

	for (j = node_of(s, i)->edges; j < node_of(s, i + 1)->edges; j++) {
		e = graph_edge(&s->graph, j);
		if (e->list != RECORD_OWNER || e->key == NOTHING)
			continue;
		to = keys_at(&s->graph.keys, e->key)->node;
		r = rule_of(s, to);
		if (side_mate(s, to) != NOTHING && (r->action == ACTION_ADD ||
		    r->action == ACTION_KEEP || r->action == ACTION_IF_NONE))
			return 1;
	}
	return 0;
}

/* a pair: whose version is in the result */
static int
decide_pair(struct decide *d, uint32_t t, uint32_t s)
{
	const struct rule *r = rule_of(d->source, s);
	struct node *a = node_of(d->target, t), *b = node_of(d->source, s);
	int takes = 0;

	if (r->follows)
		return 0;	/* the target's line will do */
	if (r->action == ACTION_CLEAR)
		return let_go(d, 0, t, WHY_CLEARED);
	if (!r->held) {
		b->why = WHY_SCOPE;
	} else if (r->action == ACTION_REPLACE ||
	    r->action == ACTION_REPLACE_ALL) {
		takes = !owner_stays(d, 1, s);
	} else if (r->action == ACTION_UNION) {
		takes = (b->status & (SIDE_TIE | SIDE_RENAMED)) == 0 &&
		    (r->unites || r->keyed);
	} else {
		b->why = WHY_KEPT;
	}
	if (r->action == ACTION_ERROR && r->held)
		takes = 1;	/* told if they differ */
	if (takes)
		a->fate = b->fate = SIDE_TAKEN;
	return 0;
}

/* a record of the source alone */
static int
decide_new(struct decide *d, uint32_t s)
{
	const struct rule *r = rule_of(d->source, s);
	struct node *n = node_of(d->source, s);

	if (r->follows) {
		n->fate = SIDE_TAKEN;
	} else if (!r->held) {
		n->why = WHY_SCOPE;
	} else if (r->action == ACTION_KEEP || r->action == ACTION_CLEAR ||
	    (r->action == ACTION_IF_NONE && r->target > 0) ||
	    owner_stays(d, 1, s)) {
		n->why = WHY_KEPT;
	} else {
		n->fate = SIDE_TAKEN;
	}
	return 0;
}

/* whether the component around a record of the target stays without a mate */
static int
stands_apart(const struct decide *d, uint32_t t)
{
	uint32_t up = node_of(d->target, t)->parent;

	for (; up != NOTHING; up = node_of(d->target, up)->parent) {
		if (node_of(d->target, up)->type == RECORD_COMPONENT)
			return side_mate(d->target, up) == NOTHING &&
			    node_of(d->target, up)->fate != SIDE_GONE;
	}
	return 0;
}

/* whether all its owners are replaced by the source's; -1: it has none */
static int
owners_taken(const struct decide *d, uint32_t t)
{
	const struct side *s = d->target;
	const struct edge *e;
	uint32_t j, to, mate;
	int rc = -1;

	for (j = node_of(s, t)->edges; j < node_of(s, t + 1)->edges; j++) {
		e = graph_edge(&s->graph, j);
		if (e->list != RECORD_OWNER || e->key == NOTHING)
			continue;
		to = keys_at(&s->graph.keys, e->key)->node;
		mate = side_mate(s, to);
		if (mate == NOTHING || !rule_of(d->source, mate)->held ||
		    (rule_of(d->source, mate)->action != ACTION_REPLACE &&
		    rule_of(d->source, mate)->action != ACTION_REPLACE_ALL))
			return 0;
		rc = 1;
	}
	return rc;
}

/*
 * Whether tasks are imported, but not the one that this belongs to: then its
 * training is left alone.
 */
static int
owner_remains(const struct decide *d, uint32_t t)
{
	const struct side *s = d->target;
	const struct edge *e;
	uint32_t j, to;

	for (j = node_of(s, t)->edges; j < node_of(s, t + 1)->edges; j++) {
		e = graph_edge(&s->graph, j);
		if (e->list != RECORD_OWNER || e->key == NOTHING)
			continue;
		to = keys_at(&s->graph.keys, e->key)->node;
		if (rule_of(s, to)->held && side_mate(s, to) == NOTHING)
			return 1;
	}
	return 0;
}

/* whether those of the target's around one go when the source has not it */
static int
group_goes(const struct decide *d, uint32_t t, const struct rule *r)
{
	uint32_t up = node_of(d->target, t)->parent, mate;

	if (node_of(d->target, t)->type == RECORD_OF_FILE)
		return r->held;
	mate = up == NOTHING ? NOTHING : side_mate(d->target, up);
	if (!r->held || mate == NOTHING)
		return 0;
	if (r->apart && owner_remains(d, t))
		return 0;
	/* an empty list of the source says something if it is known to hold */
	return r->told || node_of(d->source, mate)->type !=
	    RECORD_OPEN || (mate + 1 < d->source->graph.n &&
	    node_of(d->source, mate + 1)->parent == mate);
}

/* a record of the target alone */
static int
decide_old(struct decide *d, uint32_t t, int full)
{
	const struct rule *r = rule_of(d->target, t);
	int goes = 0;

	if (r->follows)
		return 0;
	if (r->action == ACTION_CLEAR)
		return let_go(d, 0, t, WHY_CLEARED);
	if (r->action == ACTION_REPLACE_ALL)
		goes = full ? !stands_apart(d, t) : group_goes(d, t, r);
	if (goes)
		return let_go(d, 0, t, WHY_ABSENT);
	if (r->action == ACTION_REPLACE && !full && !r->orphan &&
	    owners_taken(d, t) == 1)
		return let_go(d, 0, t, WHY_OWNED);
	return 0;
}

/* the owners of a record that had any are all gone */
static int
is_ownerless(const struct decide *d, int source, uint32_t i)
{
	const struct side *s = side_of(d, source);
	const struct edge *e;
	uint32_t j;
	int had = 0;

	for (j = node_of(s, i)->edges; j < node_of(s, i + 1)->edges; j++) {
		e = graph_edge(&s->graph, j);
		if (e->list != RECORD_OWNER || e->key == NOTHING)
			continue;
		had = 1;
		if (decide_leads(d, keys_at(&s->graph.keys, e->key)->hash) !=
		    -1)
			return 0;
	}
	return had;
}

/* a live record has lost what a reference of it led to */
static int
has_lost(struct decide *d, int source, const struct edge *e)
{
	struct side *s = side_of(d, source);
	struct node *n = node_of(s, e->from);

	if (!is_live(s, e->from, source))
		return 0;
	if (e->list == RECORD_OWNER) {
		if (is_ownerless(d, source, e->from))
			return let_go(d, source, e->from, WHY_OWNERLESS);
	} else if (kinds_drops(&d->kinds[source], n->kind,
	    (enum record_field)e->list, e->kind) == MEND_DROPS) {
		return let_go(d, source, e->from, WHY_UNABLE);
	}
	n->status |= SIDE_MEND;
	return 0;
}

/* those that refer to a word that may lead nowhere now */
static int
lose_word(struct decide *d, uint64_t hash)
{
	const struct graph *g;
	uint32_t k, e;
	int source;

	if (decide_leads(d, hash) != -1)
		return 0;
	for (source = 0; source < 2; source++) {
		g = &side_of(d, source)->graph;
		if ((k = keys_find(&g->keys, hash)) == NOTHING)
			continue;
		for (e = graph_into(g, k); e != NOTHING;
		    e = graph_edge(g, e)->next) {
			if (has_lost(d, source, graph_edge(g, e)) == -1)
				return -1;
		}
	}
	return 0;
}

/* whether anything in the result needs a record */
static int
is_needed(const struct decide *d, int source, uint32_t i)
{
	const struct side *s = side_of(d, source), *o;
	const struct edge *e;
	uint32_t k, key, j;
	int other;

	if ((node_of(s, i)->status & SIDE_HELD) != 0)
		return 1;
	for (key = node_of(s, i)->keys; key != NOTHING;
	    key = graph_next_key(&s->graph, key)) {
		for (other = 0; other < 2; other++) {
			o = side_of(d, other);
			k = keys_find(&o->graph.keys,
			    keys_at(&s->graph.keys, key)->hash);
			if (k == NOTHING)
				continue;
			for (j = graph_into(&o->graph, k); j != NOTHING;
			    j = e->next) {
				e = graph_edge(&o->graph, j);
				if (e->list == RECORD_NEEDS && (other !=
				    source || e->from != i) &&
				    is_live(o, e->from, other))
					return 1;
			}
		}
	}
	return 0;
}

/* what a record needed that is gone, or of which another version is taken */
static int
release(struct decide *d, int source, uint32_t i)
{
	const struct side *s = side_of(d, source);
	const struct edge *e;
	uint32_t j, to;

	for (j = node_of(s, i)->edges; j < node_of(s, i + 1)->edges; j++) {
		e = graph_edge(&s->graph, j);
		if (e->list != RECORD_NEEDS || e->key == NOTHING)
			continue;
		to = keys_at(&s->graph.keys, e->key)->node;
		if (rule_of(s, to)->orphan && is_live(s, to, source) &&
		    side_mate(s, to) == NOTHING && !is_needed(d, source, to) &&
		    let_go(d, source, to, WHY_UNNEEDED) == -1)
			return -1;
	}
	return 0;
}

/* all that hangs on what is gone */
static int
fall(struct decide *d)
{
	const struct side *s;
	uint64_t item;
	uint32_t i, k, j, end;
	int source;

	while (d->nwork > 0) {
		item = ((uint64_t *)d->work.p)[--d->nwork];
		source = item & 1;
		i = (uint32_t)(item >> 1);
		s = side_of(d, source);
		for (k = node_of(s, i)->keys; k != NOTHING;
		    k = graph_next_key(&s->graph, k)) {
			if (lose_word(d, keys_at(&s->graph.keys, k)->hash) ==
			    -1)
				return -1;
		}
		end = side_end(s, i);
		for (j = i + 1; j < end; j++) {
			if (let_go(d, source, j, WHY_WITHIN) == -1)
				return -1;
		}
		if (release(d, source, i) == -1)
			return -1;
	}
	return 0;
}

/* a record of the source must stand in something that is there */
static int
check_inside(struct decide *d, uint32_t s)
{
	uint32_t up = node_of(d->source, s)->parent;

	if (up == NOTHING || node_of(d->source, s)->fate != SIDE_TAKEN ||
	    decide_present(d->source, d->target, up, 1))
		return 0;
	if (side_mate(d->source, s) != NOTHING)
		return 0;
	return let_go(d, 1, s, WHY_WITHIN);
}

/* what a new record refers to must be there, or it is mended */
static int
check_refs(struct decide *d, uint32_t s)
{
	const struct graph *g = &d->source->graph;
	const struct edge *e;
	uint32_t j;

	for (j = node_of(d->source, s)->edges;
	    j < node_of(d->source, s + 1)->edges; j++) {
		if (!is_live(d->source, s, 1))
			break;
		e = graph_edge(g, j);
		if (e->key != NOTHING && decide_leads(d,
		    keys_at(&g->keys, e->key)->hash) == -1 &&
		    has_lost(d, 1, e) == -1)
			return -1;
	}
	return 0;
}

/* a name of the target's version that the source's has not */
struct naming {
	struct decide *d;
	uint32_t node, mate;
	struct slice kind;
};

static int
take_name(void *ctx, const char *name, size_t n)
{
	struct naming *m = ctx;
	const struct graph *g = &m->d->source->graph;
	uint64_t hash = keys_hash(m->kind.p, m->kind.n, name, n);
	uint32_t k;

	for (k = node_of(m->d->source, m->mate)->keys; k != NOTHING;
	    k = graph_next_key(g, k)) {
		if (keys_at(&g->keys, k)->hash == hash)
			return 0;
	}
	return keys_add(&m->d->lost_names, hash, m->node);
}

/* names of traits and the like that their new versions have not any more */
static int
find_names(struct decide *d)
{
	struct naming m = { .d = d };
	struct record r;
	uint32_t i;

	for (i = 0; i < d->target->graph.n; i++) {
		if (node_of(d->target, i)->fate != SIDE_TAKEN ||
		    !rule_of(d->target, i)->names)
			continue;
		if (side_line(d->target, i, &r) == -1)
			return -1;
		m.node = i;
		m.mate = side_mate(d->target, i);
		m.kind = record_text(&r, RECORD_KIND);
		if (graph_items(r.field[RECORD_NAMES], take_name, &m) == -1)
			return -1;
	}
	return keys_sort(&d->lost_names);
}

static int
lose_names(struct decide *d)
{
	uint32_t i;

	for (i = 0; i < d->lost_names.n; i++) {
		if (lose_word(d, keys_at(&d->lost_names, i)->hash) == -1)
			return -1;
	}
	return 0;
}

/* references of a new record that lead nowhere on its own side */
struct looking {
	struct decide *d;
	uint32_t node;
	struct slice list;
	enum record_field field;
};

static int
look(void *ctx, const char *ref, size_t n)
{
	struct looking *l = ctx;
	struct decide *d = l->d;
	const char *colon = memchr(ref, ':', n);
	struct missing m = { .node = l->node };
	uint64_t hash;
	uint32_t k;

	if (n == 0 || *ref == '?' || colon == NULL)
		return 0;
	hash = keys_hash_ref(ref, n);
	if (keys_find(&d->source->graph.keys, hash) != NOTHING)
		return 0;
	k = keys_find(&d->target->graph.keys, hash);
	if (k != NOTHING) {
		for (; k != NOTHING; k = keys_next(&d->target->graph.keys, k))
			node_of(d->target, keys_at(&d->target->graph.keys,
			    k)->node)->status |= SIDE_HELD;
		return 0;
	}
	if (l->field != RECORD_LINKS && l->field != RECORD_NEEDS)
		return 0;
	if ((kinds_ask(d->kinds[0].map, ref, (size_t)(colon - ref)) &
	    KIND_TASK) == 0)
		return 0;
	m.ref = (uint32_t)d->texts.len;
	m.nref = (uint32_t)n;
	buf_add(&d->texts, ref, n);
	buf_add(&d->missing, &m, sizeof(m));
	return 0;
}

/* whether a record has such a reference: of the target, it is not news */
static int
finds_ref(void *ctx, const char *ref, size_t n)
{
	struct slice *sought = ctx;

	return n == sought->n && memcmp(ref, sought->p, n) == 0 ? -1 : 0;
}

/* drop what is missing in the target's version, too */
static int
drop_known(struct decide *d, size_t from, uint32_t t)
{
	struct missing *m;
	struct record r;
	struct slice ref;
	size_t i, kept = from;

	if (d->missing.len == from || t == NOTHING)
		return 0;
	if (side_line(d->target, t, &r) == -1)
		return -1;
	for (i = from; i < d->missing.len; i += sizeof(*m)) {
		m = (struct missing *)(void *)(d->missing.ptr + i);
		ref = (struct slice){ d->texts.ptr + m->ref, m->nref };
		if (graph_items(r.field[RECORD_LINKS], finds_ref, &ref) == -1 ||
		    graph_items(r.field[RECORD_NEEDS], finds_ref, &ref) == -1)
			continue;
		memmove(d->missing.ptr + kept, m, sizeof(*m));
		kept += sizeof(*m);
	}
	d->missing.len = kept;
	return 0;
}

/* references of the source's record that lead nowhere there */
static int
look_up(struct decide *d, uint32_t s)
{
	const struct graph *g = &d->source->graph;
	struct looking l = { .d = d, .node = s };
	const struct edge *e;
	struct record r;
	size_t from = d->missing.len;
	uint32_t j, end = node_of(d->source, s + 1)->edges;

	for (j = node_of(d->source, s)->edges; j < end; j++) {
		e = graph_edge(g, j);
		if (e->key == NOTHING && !e->soft)
			break;
	}
	if (j == end || !is_live(d->source, s, 1))
		return 0;
	if (side_line(d->source, s, &r) == -1)
		return -1;
	for (l.field = RECORD_OWNER; l.field <= RECORD_REFS; l.field++)
		graph_items(r.field[l.field], look, &l);
	return drop_known(d, from, side_mate(d->source, s));
}

/* what an export says of itself is always put together, whoever holds it */
static void
take_options(struct decide *d)
{
	uint32_t t = d->target->says, s = d->source->says;

	if (t != NOTHING && s != NOTHING && side_mate(d->target, t) == s)
		node_of(d->target, t)->fate = node_of(d->source, s)->fate =
		    SIDE_TAKEN;
}

/* what each record's own rule says */
static int
by_rules(struct decide *d, int full)
{
	uint32_t i, mate;
	int rc = 0;

	for (i = 0; i < d->target->graph.n; i++)
		rule_of(d->target, i)->target +=
		    node_of(d->target, i)->type != RECORD_DATA;
	for (i = 0; i < d->source->graph.n && rc == 0; i++) {
		mate = side_mate(d->source, i);
		rc = mate == NOTHING ? decide_new(d, i) :
		    decide_pair(d, mate, i);
	}
	for (i = 0; i < d->target->graph.n && rc == 0; i++) {
		if (side_mate(d->target, i) == NOTHING)
			rc = decide_old(d, i, full);
	}
	return rc;
}

/* whether anything comes into a file that both sides have */
static int
gets_some(const struct side *s, const struct side *other, uint32_t file)
{
	uint32_t i, mate = side_mate(s, file);

	for (i = mate; i != NOTHING && i + 1 < other->graph.n &&
	    node_of(other, i + 1)->type != RECORD_OF_FILE; i++) {
		if (node_of(other, i + 1)->type == RECORD_COMPONENT &&
		    node_of(other, i + 1)->fate == SIDE_TAKEN)
			return 1;
	}
	return 0;
}

/* a file of which nothing is left goes; its @data lines go with it */
static void
empty_file(struct side *s, const struct side *other, uint32_t i, uint32_t end,
    int source)
{
	uint32_t j;
	int had = 0, has = 0;

	for (j = i + 1; j < end; j++) {
		if (node_of(s, j)->type == RECORD_DATA)
			node_of(s, j)->fate = node_of(s, i)->fate;
		else if (node_of(s, j)->type != RECORD_COMPONENT)
			continue;
		had = 1;
		has |= decide_present(s, other, j, source);
	}
	if (!has && !source)
		has = gets_some(s, other, i);
	for (j = i; j < end && had && !has; j++)
		node_of(s, j)->fate = SIDE_GONE;
}

static void
empty_files(struct side *s, const struct side *other, int source)
{
	uint32_t i, end;

	for (i = 0; i < s->graph.n; i = end) {
		for (end = i + 1; end < s->graph.n &&
		    node_of(s, end)->type != RECORD_OF_FILE; end++)
			continue;
		empty_file(s, other, i, end, source);
	}
}

/*
 * A container that the target lacks is opened if something comes into it, if
 * what it stands in is new, or if it is empty where the source's export would
 * have it.
 */
static int
open_container(struct decide *d, uint32_t i)
{
	struct side *s = d->source;
	uint32_t up = node_of(s, i)->parent, j, end = side_end(s, i);
	struct record r;

	for (j = i + 1; j < end; j++) {
		if (node_of(s, j)->type == RECORD_COMPONENT &&
		    node_of(s, j)->fate == SIDE_TAKEN)
			return 0;
	}
	if (up != NOTHING && node_of(s, up)->type == RECORD_COMPONENT &&
	    node_of(s, up)->fate == SIDE_TAKEN)
		return 0;
	if (end == i + 1) {
		if (side_line(s, i, &r) == -1)
			return -1;
		if (rules_inside(s->rules, record_text(&r, RECORD_FILE),
		    record_text(&r, RECORD_AT)))
			return 0;
	}
	for (j = i; j < end; j++)
		node_of(s, j)->fate = SIDE_GONE;
	return 0;
}

static int
open_containers(struct decide *d)
{
	uint32_t i;

	for (i = 0; i < d->source->graph.n; i++) {
		if (node_of(d->source, i)->type == RECORD_OPEN &&
		    side_mate(d->source, i) == NOTHING &&
		    node_of(d->source, i)->fate == SIDE_TAKEN &&
		    open_container(d, i) == -1)
			return -1;
	}
	return 0;
}

int
decide(struct decide *d, struct diag *diag, struct side *target,
    struct side *source)
{
	struct room *room = target->mates.room;
	uint32_t i;
	int full, rc;

	*d = (struct decide){ .diag = diag, .target = target,
	    .source = source, .work.room = room,
	    .lost_names = { .list.room = room, .start.room = room } };
	full = rules_full(target->rules);
	kinds_open(&d->kinds[0], rules_map(target->rules), &target->graph);
	kinds_open(&d->kinds[1], rules_map(target->rules), &source->graph);
	rc = by_rules(d, full);
	take_options(d);
	for (i = 0; i < source->graph.n && rc == 0; i++)
		rc = look_up(d, i);
	for (i = 0; i < source->graph.n && rc == 0; i++)
		rc = check_inside(d, i);
	if (rc == 0)
		rc = find_names(d);
	for (i = 0; i < target->graph.n && rc == 0; i++) {
		if (node_of(target, i)->fate == SIDE_TAKEN)
			rc = release(d, 0, i);
	}
	if (rc == 0)
		rc = lose_names(d) == -1 ? -1 : fall(d);
	for (i = 0; i < source->graph.n && rc == 0; i++)
		rc = check_refs(d, i);
	if (rc == 0)
		rc = fall(d);
	empty_files(target, source, 0);
	empty_files(source, target, 1);
	return rc == -1 ? -1 : open_containers(d);
}

void
decide_free(struct decide *d)
{
	if (d->kinds[0].graph != NULL)
		kinds_close(&d->kinds[0]);
	if (d->kinds[1].graph != NULL)
		kinds_close(&d->kinds[1]);
	array_free(&d->work);
	buf_free(&d->missing);
	buf_free(&d->texts);
}
