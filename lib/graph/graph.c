/* SPDX-License-Identifier: ISC */
/*
 * A stream's records and their references to one another.
 */
#include "graph/graph.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/hash.h"
#include "json/pointer.h"
#include "stream/list.h"
#include "stream/record.h"
#include "stream/twopass.h"

/* as many kinds as an edge can name */
#define MOST_KINDS ((1 << KIND_BITS) - 1)

/* beside the number of a key; there are fewer keys, and edges: see head() */
#define NOT_FIRST ((uint32_t)1 << 31)

void
graph_init(struct graph *g, struct diag *d, struct room *room)
{
	*g = (struct graph){ .diag = d };
	g->nodes.room = g->edges.room = g->order.room = room;
	g->heads.room = g->keys.room = room;
}

void
graph_free(struct graph *g)
{
	bigarray_free(&g->nodes);
	bigarray_free(&g->edges);
	bigarray_free(&g->order);
	bigarray_free(&g->heads);
	keyindex_free(&g->keys);
	buf_free(&g->runs);
	buf_free(&g->cursors);
	buf_free(&g->kinds);
	buf_free(&g->texts);
	buf_free(&g->around);
	buf_free(&g->places);
	hashset_free(&g->cursor_table);
	hashset_free(&g->kind_table);
}

static struct graph_kind *
kind_at(const struct graph *g, uint32_t i)
{
	return buf_item(&g->kinds, i, sizeof(struct graph_kind));
}

uint32_t
graph_kinds(const struct graph *g)
{
	return (uint32_t)(g->kinds.len / sizeof(struct graph_kind));
}

struct slice
graph_kind_name(const struct graph *g, uint32_t i)
{
	return (struct slice){ g->texts.ptr + kind_at(g, i)->at,
	    kind_at(g, i)->n };
}

uint32_t
graph_kind_number(const struct graph *g, const char *name, size_t n)
{
	uint64_t hash = hash_bytes(name, n);
	uint32_t i;
	size_t at = 0;

	do
		i = hashset_next(&g->kind_table, hash, &at);
	while (i != NOTHING && !slice_same(graph_kind_name(g, i),
	    (struct slice){ name, n }));
	return i;
}

/*
 * The number of a kind, new if need be; NOTHING after a message.  Mostly it is
 * that of the record or edge before, the last.
 */
static uint32_t
take_kind(struct graph *g, const char *name, size_t n, uint32_t *last)
{
	struct graph_kind k = { .at = g->texts.len, .n = n };
	const struct graph_kind *before = kind_at(g, *last);
	uint32_t i;

	if (g->kinds.len > 0 && before->n == n &&
	    memcmp(g->texts.ptr + before->at, name, n) == 0)
		return *last;
	if ((i = graph_kind_number(g, name, n)) != NOTHING)
		return *last = i;
	if ((i = graph_kinds(g)) == MOST_KINDS) {
		diag_fail(g->diag, STATUS_LIMIT, NULL, "the stream has more "
		    "than %d kinds of components", MOST_KINDS);
		return NOTHING;
	}
	buf_add(&g->texts, name, n);
	buf_add(&g->kinds, &k, sizeof(k));
	hashset_put(&g->kind_table, hash_bytes(name, n), i);
	return i;
}

int
graph_items(struct slice list, graph_item take, void *ctx)
{
	struct slice text;
	size_t at = 0;

	while (list_next(list, &at, &text)) {
		if (take(ctx, text.p, text.n) == -1)
			return -1;
	}
	return 0;
}

static int
add_item(void *ctx, const char *text, size_t n)
{
	hashset_add(ctx, 0, text, n);
	return 0;
}

int
graph_same_items(struct slice a, struct slice b)
{
	struct hashset of_a = {0}, of_b = {0}, all = {0};
	int same;

	if (slice_same(a, b))
		return 1;
	graph_items(a, add_item, &of_a);
	graph_items(b, add_item, &of_b);
	graph_items(a, add_item, &all);
	graph_items(b, add_item, &all);
	same = of_a.n == all.n && of_b.n == all.n;
	hashset_free(&of_a);
	hashset_free(&of_b);
	hashset_free(&all);
	return same;
}

/* a list of a record on its way into the graph */
struct adding {
	struct graph *graph;
	struct slice kind;	/* of the record */
	uint8_t list;
};

static int
add_key(void *ctx, const char *word, size_t n)
{
	const struct adding *a = ctx;
	struct keyindex *keys = &a->graph->keys;

	if (keys->n == NOT_FIRST - 1)
		return diag_fail(a->graph->diag, STATUS_LIMIT, NULL,
		    "more than %u ids, aliases and names", NOT_FIRST - 1);
	/* instead of the node its turn, until order_keys() */
	return keyindex_add(keys, keyindex_hash(a->kind.p, a->kind.n, word, n),
	    keys->n);
}

static int
add_edge(void *ctx, const char *ref, size_t n)
{
	const struct adding *a = ctx;
	struct graph *g = a->graph;
	struct edge *e;
	const char *colon;
	uint32_t kind;
	unsigned soft;

	soft = n > 0 && *ref == '?';
	ref += soft;
	n -= soft;
	if ((colon = memchr(ref, ':', n)) == NULL)
		return 0;	/* it refers to nothing */
	if ((kind = take_kind(g, ref, (size_t)(colon - ref), &g->last_edge)) ==
	    NOTHING)
		return -1;
	if (g->nedges == NOT_FIRST - 1)
		return diag_fail(g->diag, STATUS_LIMIT, NULL,
		    "more than %u references", NOT_FIRST - 1);
	if (bigarray_hold(&g->edges, ((size_t)g->nedges + 1) * sizeof(*e)) ==
	    -1)
		return -1;
	e = graph_edge(g, g->nedges++);
	*e = (struct edge){ .hash = keyindex_hash_ref(ref, n),
	    .kind = kind & MOST_KINDS, .list = a->list & 15u,
	    .soft = soft & 1 };
	return 0;
}

/* the record that one at this place stands in; and it may be one, too */
static uint32_t
enter(struct graph *g, const struct record *r, uint32_t node)
{
	struct slice at = record_text(r, r->kind == RECORD_OF_FILE ?
	    RECORD_FILE : RECORD_AT);
	struct around *top;
	uint32_t parent;

	if (r->kind == RECORD_OF_FILE)
		g->around.len = g->places.len = 0;
	while (g->around.len > 0) {
		top = (struct around *)(g->around.ptr + g->around.len) - 1;
		if (graph_node(g, top->node)->type == RECORD_OF_FILE ||
		    (r->kind != RECORD_DATA && pointer_below(buf_at(&g->places,
		    top->at), top->n, at.p, at.n)))
			break;
		g->around.len -= sizeof(*top);
		g->places.len = top->at;
	}
	parent = g->around.len == 0 ? NOTHING :
	    ((struct around *)(g->around.ptr + g->around.len) - 1)->node;
	if (r->kind != RECORD_DATA) {
		buf_add(&g->around, &(struct around){ node, g->places.len,
		    at.n }, sizeof(*top));
		buf_add(&g->places, at.p, at.n);
	}
	return parent;
}

/* the place of what a record may stand in; of a @file its name */
static struct slice
place_of(const struct graph *g, const struct around *a)
{
	return (struct slice){ buf_at(&g->places, a->at), a->n };
}

/* whether the record added last is of the @file before it */
static int
is_in_file(const struct graph *g, const struct record *r)
{
	const struct around *file = (const void *)g->around.ptr;

	return g->around.len > 0 &&
	    graph_node(g, file->node)->type == RECORD_OF_FILE &&
	    slice_same(record_text(r, RECORD_FILE), place_of(g, file));
}

/* whether it stands right in what is around it; enter() left only that */
static int
is_in_container(const struct graph *g, const struct record *r)
{
	const struct around *up = (const void *)g->around.ptr;
	struct slice at = record_text(r, RECORD_AT), in;
	size_t n = g->around.len / sizeof(*up);

	n -= r->kind != RECORD_DATA;	/* others are there, too */
	if (n == 0)
		return r->kind == RECORD_OF_FILE;
	up += n - 1;
	in = place_of(g, up);
	switch (graph_node(g, up->node)->type) {
	case RECORD_OF_FILE:
		return at.n == 0;
	case RECORD_OPEN:
		return at.n > in.n && pointer_parent(at.p, at.n) == in.n;
	default:
		return r->kind == RECORD_OPEN;
	}
}

int
graph_check_order(const struct graph *g, const struct twopass *in,
    const struct record *r, uint32_t node)
{
	const struct place at = graph_place(in, node);
	int strict = !in->in.edited && in->in.input.options.fd == NULL;

	if (is_in_file(g, r) && (!strict || is_in_container(g, r)))
		return 0;
	return diag_fail(g->diag, STATUS_STREAM, &at, "the record is of "
	    "another file, or in another container, than those around it: "
	    "records of a file must follow its @file, in their order");
}

/* its id, aliases and names; its references */
static int
add_lists(struct graph *g, const struct record *r)
{
	struct adding a = { .graph = g,
	    .kind = record_text(r, RECORD_KIND) };
	struct slice id = record_text(r, RECORD_ID);

	if (id.p != NULL && add_key(&a, id.p, id.n) == -1)
		return -1;
	if (graph_items(r->field[RECORD_ALIAS], add_key, &a) == -1 ||
	    graph_items(r->field[RECORD_NAMES], add_key, &a) == -1)
		return -1;
	for (a.list = RECORD_OWNER; a.list <= RECORD_REFS; a.list++) {
		if (graph_items(r->field[a.list], add_edge, &a) == -1)
			return -1;
	}
	return 0;
}

/* a node behind the others, or the one that ends them */
static struct node *
begin_node(struct graph *g, uint64_t at)
{
	struct node *n;

	if (g->n == NOTHING - 1 || at >> AT_BITS != 0) {
		diag_fail(g->diag, STATUS_LIMIT, NULL, "more than %u records, "
		    "or %u TiB", NOTHING - 1, 1u << (AT_BITS - 40));
		return NULL;
	}
	if (bigarray_hold(&g->nodes, ((size_t)g->n + 2) * sizeof(*n)) == -1)
		return NULL;
	n = graph_node(g, g->n);
	*n = (struct node){ .at_low = (uint32_t)at,
	    .at_high = at >> 32 & ((1u << (AT_BITS - 32)) - 1),
	    .edges = g->nedges, .keys = g->keys.n };
	return n;
}

uint32_t
graph_add(struct graph *g, const struct record *r, uint64_t at)
{
	struct slice kind = record_text(r, RECORD_KIND);
	uint32_t i = g->n, number;
	struct node *n;

	if ((n = begin_node(g, at)) == NULL ||
	    (number = take_kind(g, kind.p, kind.n, &g->last_node)) ==
	    NOTHING)
		return NOTHING;
	n->parent = enter(g, r, i);
	n->kind = number & MOST_KINDS;
	n->type = r->kind & 7u;
	g->n++;
	return add_lists(g, r) == -1 ? NOTHING : i;
}

/* whether a key has the word of the one before it */
static int
is_same(const struct graph *g, uint32_t key)
{
	return key > 0 && keyindex_at(&g->keys, key)->hash ==
	    keyindex_at(&g->keys, key - 1)->hash;
}

/*
 * The first edge that refers to a key's word, or NOTHING; of a key whose word
 * others have before it the number of their first, and NOT_FIRST.
 */
static uint32_t *
head(const struct graph *g, uint32_t key)
{
	return (uint32_t *)g->heads.p + key;
}

static uint32_t
first_of(const struct graph *g, uint32_t key)
{
	uint32_t h = *head(g, key);

	return h != NOTHING && (h & NOT_FIRST) != 0 ? h & ~NOT_FIRST : key;
}

/* a key that has the word of another: many of them are a run */
static void
add_same(struct graph *g, uint32_t first, uint32_t i)
{
	struct run r = { .first = first };

	*head(g, i) = first | NOT_FIRST;
	if (i - first < RUN_FEW)
		return;
	if (i - first == RUN_FEW)
		buf_add(&g->runs, &r, sizeof(r));
	((struct run *)(void *)(g->runs.ptr + g->runs.len))[-1].n =
	    i - first + 1;
}

/* let each key but the first of its word know the first */
static int
mark_runs(struct graph *g)
{
	size_t size = ((size_t)g->keys.n + 1) * sizeof(uint32_t);
	uint32_t i, first = 0;

	if (bigarray_hold(&g->heads, size) == -1)
		return -1;
	memset(g->heads.p, 0xff, size);
	for (i = 0; i < g->keys.n; i++) {
		if (!is_same(g, i))
			first = i;
		else
			add_same(g, first, i);
	}
	return 0;
}

static int
by_first(const void *key, const void *run)
{
	const uint32_t *first = key;
	const struct run *r = run;

	return *first < r->first ? -1 : *first > r->first;
}

struct run *
graph_run(const struct graph *g, uint32_t key)
{
	uint32_t first;

	if (g->runs.len == 0)
		return NULL;
	first = first_of(g, key);
	return bsearch(&first, g->runs.ptr, g->runs.len / sizeof(struct run),
	    sizeof(struct run), by_first);
}

/*
 * Sort the keys, and remember in which order they were added: the sort is by
 * hashes with a seed, and what is found through a node's keys may be reported
 * in their order.
 */
static int
order_keys(struct graph *g)
{
	uint32_t i, j, *order;
	struct key *k;

	if (keyindex_sort(&g->keys) == -1 || bigarray_hold(&g->order,
	    ((size_t)g->keys.n + 1) * sizeof(*order)) == -1)
		return -1;
	order = g->order.p;
	for (i = 0; i < g->keys.n; i++)
		order[keyindex_at(&g->keys, i)->node] = i;
	for (i = j = 0; i < g->n; i++) {
		for (; j < graph_node(g, i + 1)->keys; j++) {
			k = keyindex_at(&g->keys, order[j]);
			k->node = i;
		}
	}
	return 0;
}

/* take those out of the order that no edge refers to */
static void
keep_reached(struct graph *g)
{
	uint32_t i, j = 0, kept = 0, *order = g->order.p;

	for (i = 0; i < g->n; i++) {
		graph_node(g, i)->keys = kept;
		for (; j < graph_node(g, i + 1)->keys; j++) {
			if (graph_into(g, order[j]) != NOTHING)
				order[kept++] = order[j];
		}
	}
	graph_node(g, g->n)->keys = kept;
}

int
graph_end(struct graph *g, uint64_t end)
{
	/* graph_edges() points to some array, also where there are none */
	if (begin_node(g, end) == NULL || (g->nedges == 0 &&
	    bigarray_hold(&g->edges, sizeof(struct edge)) == -1))
		return -1;
	g->end = end;
	return 0;
}

/* find out where an edge leads */
static void
find_key(struct graph *g, uint32_t i)
{
	struct edge *e = graph_edge(g, i);

	e->key = keyindex_find(&g->keys, e->hash);
	if (e->key != NOTHING)
		__builtin_prefetch(head(g, e->key));
}

/* and let that know */
static void
link_edge(struct graph *g, uint32_t i, uint32_t from)
{
	struct edge *e = graph_edge(g, i);

	e->from = from;
	e->next = NOTHING;
	if (e->key == NOTHING)
		return;
	e->next = *head(g, e->key);
	*head(g, e->key) = i;
}

/* all of them: each step has memory fetch what the next will look at */
static void
link_edges(struct graph *g)
{
	uint32_t i, from = 0, n = g->nedges;

	for (i = 0; i < n + 2 * AHEAD; i++) {
		if (i + AHEAD < n)
			keyindex_fetch_start(&g->keys, graph_edge(g, i +
			    AHEAD)->hash);
		if (i < n)
			keyindex_fetch(&g->keys, graph_edge(g, i)->hash);
		if (i >= AHEAD && i - AHEAD < n)
			find_key(g, i - AHEAD);
		if (i < 2 * AHEAD)
			continue;
		while (graph_node(g, from + 1)->edges <= i - 2 * AHEAD)
			from++;
		link_edge(g, i - 2 * AHEAD, from);
	}
}

int
graph_link(struct graph *g, uint64_t end)
{
	if (graph_end(g, end) == -1 || order_keys(g) == -1 ||
	    mark_runs(g) == -1)
		return -1;
	link_edges(g);
	if (g->reached)
		keep_reached(g);
	return 0;
}

struct place
graph_place(const struct twopass *in, uint32_t node)
{
	return (struct place){ .input = in->in.lines.input,
	    .line = node == NOTHING ? 0 : (uint64_t)node + 2,
	    .offset = DIAG_NOWHERE };
}

int
graph_read(const struct graph *g, struct twopass *in, uint32_t node,
    struct record *r)
{
	const struct place at = graph_place(in, node);
	size_t n = graph_length(g, node);
	const char *line = twopass_bytes(in, graph_at(g, node), n);
	struct text_error e;

	if (line == NULL)
		return -1;
	if (record_read(r, line, n, &e) == -1)
		return diag_fail(g->diag, STATUS_INPUT, &at, "the input "
		    "changed while it was read; run it again");
	return 0;
}

int
graph_same(const struct graph *g, struct twopass *in, uint32_t node,
    const struct graph *other, struct twopass *its, uint32_t mate)
{
	size_t n = graph_length(g, node);
	const char *a, *b;

	if (n != graph_length(other, mate))
		return 0;
	a = twopass_bytes(in, graph_at(g, node), n);
	b = twopass_bytes(its, graph_at(other, mate), n);
	return a == NULL || b == NULL ? -1 : memcmp(a, b, n) == 0;
}

const struct edge *
graph_owner(const struct graph *g, uint32_t node, const struct edge *after)
{
	const struct edge *e = after == NULL ? graph_edges(g, node) : after + 1;

	/* the list of owners is added first: add_lists() */
	for (; e < graph_edges(g, node + 1) && e->list == RECORD_OWNER; e++) {
		if (e->key != NOTHING)
			return e;
	}
	return NULL;
}

int
graph_owned(const struct graph *g, uint32_t node)
{
	return graph_owner(g, node, NULL) != NULL;
}

uint32_t *
graph_owner_cursor(struct graph *g, uint32_t node, uint32_t kind)
{
	struct owner_cursor first = { node, kind, graph_node(g, node)->edges };
	struct owner_cursor *c;
	uint32_t i, few = first.edge + RUN_FEW;
	uint64_t hash;
	size_t at = 0;

	if (few >= graph_node(g, node + 1)->edges ||
	    graph_edge(g, few)->list != RECORD_OWNER)
		return NULL;
	hash = hash_bytes(&(uint32_t[2]){ node, kind }, 2 * sizeof(node));
	while ((i = hashset_next(&g->cursor_table, hash, &at)) != NOTHING) {
		c = buf_item(&g->cursors, i, sizeof(*c));
		if (c->node == node && c->kind == kind)
			return &c->edge;
	}
	i = (uint32_t)(g->cursors.len / sizeof(*c));
	hashset_put(&g->cursor_table, hash, i);
	buf_add(&g->cursors, &first, sizeof(first));
	c = buf_item(&g->cursors, i, sizeof(*c));
	return &c->edge;
}

uint32_t
graph_outer(const struct graph *g, uint32_t node)
{
	do
		node = graph_node(g, node)->parent;
	while (node != NOTHING &&
	    graph_node(g, node)->type != RECORD_COMPONENT);
	return node;
}

uint32_t
graph_find(const struct graph *g, const char *ref, size_t n)
{
	return keyindex_find(&g->keys, keyindex_hash_ref(ref, n));
}

/* what a node's edges lead to, and what leads to its keys */
FETCH
fetch_ends(const struct graph *g, uint32_t node)
{
	const struct edge *e;
	const uint32_t *k;

	for (e = graph_edges(g, node); e < graph_edges(g, node + 1); e++) {
		if (e->key != NOTHING)
			__builtin_prefetch(keyindex_at(&g->keys, e->key));
	}
	for (k = graph_keys(g, node); k < graph_keys(g, node + 1); k++)
		__builtin_prefetch(head(g, *k));
}

/* and when that is there, the nodes and edges themselves */
FETCH
fetch_others(const struct graph *g, uint32_t node)
{
	const struct edge *e;
	const uint32_t *k;
	uint32_t into;

	for (e = graph_edges(g, node); e < graph_edges(g, node + 1); e++) {
		if (e->key != NOTHING)
			__builtin_prefetch(graph_node(g, keyindex_at(&g->keys,
			    e->key)->node));
	}
	for (k = graph_keys(g, node); k < graph_keys(g, node + 1); k++) {
		into = *head(g, *k);
		if ((into & NOT_FIRST) == 0)
			__builtin_prefetch(graph_edge(g, into));
	}
}

void
graph_fetch_stack(const struct graph *g, const uint32_t *stack, uint64_t n)
{
	if (n < 4 * AHEAD)
		return;
	stack += n;
	__builtin_prefetch(graph_node(g, stack[-4 * AHEAD]));
	__builtin_prefetch(graph_edges(g, stack[-3 * AHEAD]));
	__builtin_prefetch(graph_keys(g, stack[-3 * AHEAD]));
	fetch_ends(g, stack[-2 * AHEAD]);
	fetch_others(g, stack[-AHEAD]);
}

uint32_t
graph_into(const struct graph *g, uint32_t key)
{
	return *head(g, first_of(g, key));
}

int
graph_any(const struct graph *g, uint32_t key, unsigned mark,
    int (*test)(const struct graph *, uint32_t node))
{
	struct run *r = graph_run(g, key);
	int any = 0;

	if (r != NULL && r->mark[mark] != 0)
		return r->mark[mark] == 1;
	for (; key != NOTHING && !any; key = keyindex_next(&g->keys, key))
		any = test(g, keyindex_at(&g->keys, key)->node);
	if (r != NULL)
		r->mark[mark] = any ? 1 : 2;
	return any;
}

struct toward
graph_toward(const struct graph *g, uint32_t node)
{
	return graph_toward_once(g, node, RUN_MARKS, 0);
}

struct toward
graph_toward_once(const struct graph *g, uint32_t node, unsigned mark,
    uint32_t value)
{
	return (struct toward){ .graph = g, .edge = NOTHING, .mark = mark,
	    .value = value, .key = graph_keys(g, node),
	    .end = graph_keys(g, node + 1) };
}

struct toward
graph_toward_new(const struct graph *g, uint32_t node, struct hashset *done,
    uint64_t value)
{
	struct toward it = graph_toward(g, node);

	it.done = done;
	it.value = value;
	return it;
}

/* whether a key's edges were looked at before, through another of its run */
static int
is_done(const struct toward *it)
{
	struct run *r;
	uint64_t of[2];

	if ((it->mark == RUN_MARKS && it->done == NULL) ||
	    (r = graph_run(it->graph, *it->key)) == NULL)
		return 0;
	if (it->done != NULL) {
		of[0] = r->first;
		of[1] = it->value;
		return !hashset_add(it->done, 0, (const char *)of,
		    sizeof(of));
	}
	if (r->mark[it->mark] == it->value)
		return 1;
	r->mark[it->mark] = (uint32_t)it->value;
	return 0;
}

const struct edge *
graph_next(struct toward *it)
{
	const struct edge *e;

	while (it->edge == NOTHING) {
		if (it->key == it->end)
			return NULL;
		if (!is_done(it))
			it->edge = graph_into(it->graph, *it->key);
		it->key++;
	}
	e = graph_edge(it->graph, it->edge);
	it->edge = e->next;
	return e;
}

uint32_t
graph_next_owned(struct toward *it)
{
	const struct edge *e;

	while ((e = graph_next(it)) != NULL) {
		if (e->list == RECORD_OWNER)
			return e->from;
	}
	return NOTHING;
}
