/* SPDX-License-Identifier: ISC */
/*
 * The status of a stream's tasks, from another stream.
 */
#include "select/filter_priv.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/bigarray.h"
#include "base/buf.h"
#include "base/diag.h"
#include "graph/graph.h"
#include "graph/kindtable.h"
#include "map/map.h"
#include "select/filter.h"
#include "stream/record.h"
#include "stream/twopass.h"
#include "value/derive.h"
#include "value/fingerprint.h"

/* one of the two streams */
struct side {
	struct graph *graph;
	struct twopass *in;
	const struct kindtable *kinds;
	struct fingerprints *fingerprints;
	struct bigarray ids;	/* of uint64_t: the identity, 0: not yet */
	struct bigarray digests;	/* of struct hash_sum */
	struct bigarray known;	/* of uint32_t: has a digest; seen in
					   this walk */
	struct bigarray stack;	/* of uint32_t: nodes to be looked at */
	uint32_t walks;		/* so many tasks, with what they need */
	struct buf line;	/* of the record being compared */
	char text[17];		/* what stands for a reference */
};

static int
open_side(struct side *s, struct room *room)
{
	size_t n = (size_t)s->graph->n + 1;

	s->ids.room = s->digests.room = s->known.room = s->stack.room = room;
	s->fingerprints = fingerprint_open(s->graph->diag, s->kinds->map);
	if (bigarray_hold(&s->ids, n * sizeof(uint64_t)) == -1 ||
	    bigarray_hold(&s->digests, n * sizeof(struct hash_sum)) == -1)
		return -1;
	return bigarray_hold(&s->known, 2 * n * sizeof(uint32_t));
}

static void
close_side(struct side *s)
{
	fingerprint_close(s->fingerprints);
	bigarray_free(&s->ids);
	bigarray_free(&s->digests);
	bigarray_free(&s->known);
	bigarray_free(&s->stack);
	buf_free(&s->line);
}

/* the record of a node, in the window: until the next is asked for */
static int
read_node(struct side *s, uint32_t i, struct record *r)
{
	return graph_read(s->graph, s->in, i, r);
}

/* what identifies a component, as a number: of kind and id */
static uint64_t
identity_of(const struct record *r)
{
	struct slice kind = record_text(r, RECORD_KIND);
	struct slice id = record_text(r, RECORD_ID);

	if (id.p == NULL)
		id = record_text(r, RECORD_AT);
	return keyindex_hash(kind.p, kind.n, id.p, id.n);
}

/* the same of a node; 0 after a message */
static uint64_t
identity_at(struct side *s, uint32_t i)
{
	uint64_t *id = (uint64_t *)s->ids.p + i;
	struct record r;

	if (*id == 0 && read_node(s, i, &r) == 0)
		*id = identity_of(&r);
	return *id;
}

/* fingerprint: for a reference stands the identity of its target */
static int
identity(void *ctx, const char *ref, size_t n, struct slice *text)
{
	struct side *s = ctx;
	uint32_t key = graph_find(s->graph, ref, n);
	uint64_t id;

	if (key == NOTHING)
		return 0;
	id = identity_at(s, keyindex_at(&s->graph->keys, key)->node);
	if (id == 0)
		return -1;
	snprintf(s->text, sizeof(s->text), "%016" PRIx64, id);
	*text = (struct slice){ s->text, 16 };
	return 1;
}

/* the digest of a node's value, made once; NULL after a message */
static const struct hash_sum *
digest_of(struct side *s, uint32_t i)
{
	const struct fingerprint_ask ask = { .identity = identity,
	    .ctx = s };
	struct hash_sum *d = (struct hash_sum *)s->digests.p + i;
	uint32_t *known = s->known.p;
	struct text_error e;
	struct record r;

	if (known[i])
		return d;
	if (read_node(s, i, &r) == -1)
		return NULL;
	s->line.len = 0;
	buf_add(&s->line, r.line.p, r.line.n);
	if (record_read(&r, s->line.ptr, s->line.len, &e) == -1 ||
	    fingerprint(s->fingerprints, &r, &ask, d) == -1)
		return NULL;
	known[i] = 1;
	return d;
}

static int
push_node(struct side *s, uint64_t *n, uint32_t node)
{
	uint32_t *seen = (uint32_t *)s->known.p + s->graph->n + 1;

	if (seen[node] == s->walks)
		return 0;
	seen[node] = s->walks;
	return bigarray_push(&s->stack, n, node);
}

/* push what a node needs, and what stands inside it */
static int
push_held(struct side *s, uint64_t *n, uint32_t node)
{
	const struct graph *g = s->graph;
	const struct edge *e;
	uint32_t i, k, to;

	for (e = graph_edges(g, node); e < graph_edges(g, node + 1); e++) {
		for (k = e->list == RECORD_NEEDS ? e->key : NOTHING;
		    k != NOTHING; k = keyindex_next(&g->keys, k)) {
			to = keyindex_at(&g->keys, k)->node;
			if ((kindtable_flags(s->kinds, graph_node(g,
			    to)->kind) & KIND_APART_COMPARED) == 0 &&
			    push_node(s, n, to) == -1)
				return -1;
		}
	}
	for (i = node + 1; graph_inside(g, i, node); i++) {
		if (push_node(s, n, i) == -1)
			return -1;
	}
	return 0;
}

/* the digest of a task with all that it needs */
static int
sum_of(struct side *s, uint32_t task, struct hash_sum *sum)
{
	struct { uint64_t id, high, low; } part;
	const struct hash_sum *d;
	uint64_t n = 0;
	uint32_t i;

	*sum = (struct hash_sum){0};
	s->walks++;
	if (push_node(s, &n, task) == -1)
		return -1;
	while (n > 0) {
		i = ((uint32_t *)s->stack.p)[--n];
		if (graph_node(s->graph, i)->type == RECORD_COMPONENT) {
			if ((d = digest_of(s, i)) == NULL ||
			    (part.id = identity_at(s, i)) == 0)
				return -1;
			part.high = d->high;
			part.low = d->low;
			hash_add(sum, &part, sizeof(part));
		}
		if (push_held(s, &n, i) == -1)
			return -1;
	}
	return 0;
}

/* the node of the same identity and kind on the other side, or NOTHING */
static uint32_t
counterpart(const struct side *a, uint64_t id, uint32_t i,
    const struct side *b)
{
	struct slice x = graph_kind_name(a->graph,
	    graph_node(a->graph, i)->kind), y;
	uint32_t k, node;

	for (k = keyindex_find(&b->graph->keys, id); k != NOTHING;
	    k = keyindex_next(&b->graph->keys, k)) {
		node = keyindex_at(&b->graph->keys, k)->node;
		y = graph_kind_name(b->graph,
		    graph_node(b->graph, node)->kind);
		if (slice_same(x, y))
			return node;
	}
	return NOTHING;
}

static int
compare_task(struct side *ours, struct side *other, uint32_t i)
{
	struct hash_sum a, b;
	uint64_t id;
	uint32_t j;

	if ((id = identity_at(ours, i)) == 0)
		return -1;
	if ((j = counterpart(ours, id, i, other)) == NOTHING) {
		graph_node(ours->graph, i)->status = TASK_CONFIGURED;
		return 0;
	}
	if (sum_of(ours, i, &a) == -1 || sum_of(other, j, &b) == -1)
		return -1;
	graph_node(ours->graph, i)->status = a.high == b.high &&
	    a.low == b.low ? TASK_PUBLISHED : TASK_UPGRADE;
	return 0;
}

/* the other's first line: it must be of the same platform */
static int
check_platform(struct diag *d, const char *input, const struct map *map,
    const struct record *r)
{
	struct place at = { .input = input, .line = 1,
	    .offset = DIAG_NOWHERE };
	struct slice p = record_text(r, RECORD_PLATFORM);

	if (slice_is(p, map->platform))
		return 0;
	return diag_fail(d, STATUS_INPUT, &at, "expected a stream of the "
	    "platform %s, as the input is, found \"%.*s\"", map->platform,
	    (int)p.n, p.p != NULL ? p.p : "");
}

/* the graph of the other stream, and how it was exported */
static int
read_other(struct side *other, const char *input, struct export_modes *modes)
{
	struct graph *g = other->graph;
	const struct map *map = modes->map;
	struct record r;
	struct slice kind;
	uint64_t at;
	uint32_t i;
	int got;

	if (check_platform(g->diag, input, map, &other->in->first) == -1)
		return -1;
	derive_edited(&other->in->in, map);
	while ((got = twopass_read(other->in, &r, &at)) == 1) {
		if ((i = graph_add(g, &r, at)) == NOTHING ||
		    graph_check_order(g, other->in, &r, i) == -1)
			return -1;
		kind = record_text(&r, RECORD_KIND);
		export_mode_add(modes, &r, kindtable_ask(map, kind.p,
		    kind.n));
	}
	return got == -1 ? -1 : graph_link(g, at);
}

/* say what makes the answer doubtful: it was no published export */
static void
warn_other(struct diag *d, const char *input, enum export_mode mode)
{
	struct place at = { .input = input, .offset = DIAG_NOWHERE };

	if (mode == EXPORT_NEVER || mode == EXPORT_DEVELOPMENT)
		diag_warn_of(d, "export", &at,
		    "this package was exported %s; tasks that "
		    "are equal in it count as published all the same",
		    export_mode_words(mode));
}

static int
compare_all(struct side *ours, struct side *other, uint16_t task,
    uint16_t known)
{
	struct room *room = ours->graph->nodes.room;
	uint32_t i;

	if (open_side(ours, room) == -1 || open_side(other, room) == -1)
		return -1;
	for (i = 0; i < ours->graph->n; i++) {
		if ((graph_node(ours->graph, i)->flags & (task | known)) ==
		    task && compare_task(ours, other, i) == -1)
			return -1;
	}
	return 0;
}

int
status_compare(struct graph *g, const struct kindtable *kinds,
    struct twopass *in, const struct filter_options *o, uint16_t task,
    uint16_t known)
{
	struct twopass other_in = {0};
	struct graph graph;
	struct kindtable other_kinds = {0};
	struct export_modes modes = { .map = kinds->map };
	struct side ours = { .graph = g, .in = in, .kinds = kinds };
	struct side other = { .graph = &graph, .in = &other_in,
	    .kinds = &other_kinds };
	int rc = -1;

	graph_init(&graph, g->diag, g->nodes.room);
	if (twopass_open(&other_in, g->diag, o->states, &o->input) == 0 &&
	    read_other(&other, o->states, &modes) == 0) {
		kindtable_open(&other_kinds, kinds->map, &graph);
		warn_other(g->diag, o->states, export_mode_of(&modes));
		rc = compare_all(&ours, &other, task, known);
	}
	close_side(&ours);
	close_side(&other);
	kindtable_close(&other_kinds);
	graph_free(&graph);
	twopass_close(&other_in);
	return rc;
}
