/* SPDX-License-Identifier: ISC */
/*
 * Many path patterns matched at once: a lazily built automaton.
 *
 * The patterns are a tree of their steps, so what many begin with is there
 * once.  A state is the set of its nodes that the path so far has reached.  Of
 * all keys only the literals below them can be told apart, so a state has a
 * small table of those, one successor for all other keys, and one for elements.
 */
#include "json/pathmatch.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/buf.h"

enum step_kind { STEP_KEY, STEP_ANY, STEP_ELEMENT, STEP_DEEP };

/* as a pattern has it */
struct step {
	enum step_kind kind;
	const char *key;
	size_t n;
};

/* a step behind those above it, and the patterns that end with it */
struct node {
	enum step_kind kind;
	int member;		/* one of its patterns is a member's */
	unsigned number;	/* in the order they were made */
	unsigned n;		/* bytes of its key */
	struct node *beside;	/* another below the same one */
	struct node *below;
	struct node *deep;	/* its "**", which is none of those below */
	struct hit *hits;
	char key[];
};

/* of a pattern */
struct hit {
	int number;
	struct hit *next;
};

/* a literal key of a state, and where it leads; next NULL: not yet known */
struct branch {
	const struct node *node;
	struct state *next;
};

struct state {
	struct pathmatch_state shown;	/* first: a state is one of these */
	struct node **at;		/* by their numbers */
	size_t nat;
	struct state *chain;		/* others of this hash */
	struct state *after;		/* the one made after it */
	struct branch *branches;	/* an open hash, mask + 1 slots */
	size_t mask;
	struct state *other;		/* any other key */
	struct state *element;
};

/* chains of states by their nodes' hash */
#define CHAINS 64

/* among so many nodes the like of a step is looked for */
#define LIKE 64

struct pathmatch {
	struct arena nodes, states;
	unsigned nnodes;
	struct node *top;	/* the document itself */
	struct state *root;	/* NULL: no states are made yet */
	struct state *latest;
	struct state *chains[CHAINS];
	struct node **at;	/* of the state that is being made */
	size_t nat, room;
};

static struct node *
make_node(struct pathmatch *p, struct step step)
{
	struct node *t = arena_get(&p->nodes, sizeof(*t) + step.n);

	t->kind = step.kind;
	t->number = p->nnodes++;
	t->n = (unsigned)step.n;
	if (step.n > 0)
		memcpy(t->key, step.key, step.n);
	return t;
}

struct pathmatch *
pathmatch_open(void)
{
	struct pathmatch *p = xcalloc(1, sizeof(*p));

	p->top = make_node(p, (struct step){ .kind = STEP_KEY });
	return p;
}

/* the patterns say something else now */
static void
forget_states(struct pathmatch *p)
{
	arena_free(&p->states);
	memset(p->chains, 0, sizeof(p->chains));
	p->root = p->latest = NULL;
}

void
pathmatch_close(struct pathmatch *p)
{
	if (p == NULL)
		return;
	arena_free(&p->nodes);
	arena_free(&p->states);
	free(p->at);
	free(p);
}

static struct step
step_of(const char *text, size_t n)
{
	struct step s = { .kind = STEP_KEY, .key = text, .n = n };

	if (n == 1 && *text == '*')
		s.kind = STEP_ANY;
	else if (n == 1 && *text == '-')
		s.kind = STEP_ELEMENT;
	else if (n == 2 && memcmp(text, "**", 2) == 0)
		s.kind = STEP_DEEP;
	return s;
}

/*
 * The node of a step below another, made if there is none yet.  Patterns come
 * with their like, so what was made last is first; a node that is further back
 * has its like, which is right, too.
 */
static struct node *
descend(struct pathmatch *p, struct node *from, struct step step)
{
	struct node *t;
	unsigned i;

	if (step.kind == STEP_DEEP)
		return from->deep != NULL ? from->deep :
		    (from->deep = make_node(p, step));
	for (t = from->below, i = 0; t != NULL && i < LIKE; t = t->beside,
	    i++) {
		if (t->kind == step.kind && t->n == step.n &&
		    memcmp(t->key, step.key, step.n) == 0)
			return t;
	}
	t = make_node(p, step);
	t->beside = from->below;
	return from->below = t;
}

void
pathmatch_add(struct pathmatch *p, const char *text, int hit, int member)
{
	struct node *t = p->top;
	const char *key, *c, *end = text + strlen(text);
	struct hit *h;

	if (p->root != NULL)
		forget_states(p);
	for (key = text; key < end; key = c + 1) {
		for (c = key; c < end && *c != '/'; c++)
			continue;
		t = descend(p, t, step_of(key, (size_t)(c - key)));
	}
	h = arena_get(&p->nodes, sizeof(*h));
	*h = (struct hit){ hit, t->hits };
	t->hits = h;
	t->member |= member;
}

/* add a node to the state being made, once, and what its "**" lets through */
static void
reach(struct pathmatch *p, struct node *t)
{
	size_t i;

	for (i = p->nat; i > 0 && p->at[i - 1]->number >= t->number; i--) {
		if (p->at[i - 1] == t)
			return;
	}
	if (p->nat == p->room) {
		p->room = p->room != 0 ? 2 * p->room : 64;
		p->at = xrealloc(p->at, p->room, sizeof(struct node *));
	}
	memmove(p->at + i + 1, p->at + i,
	    (p->nat - i) * sizeof(struct node *));
	p->at[i] = t;
	p->nat++;
	if (t->deep != NULL)
		reach(p, t->deep);
}

static int
by_number(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

/* the slot of a key: spread by its length and three of its letters */
static struct branch *
branch(const struct state *s, const char *key, size_t n)
{
	struct branch *b;
	size_t h;

	h = n;
	if (n > 0)
		h = ((h * 31 + (unsigned char)key[0]) * 31 +
		    (unsigned char)key[n - 1]) * 31 +
		    (unsigned char)key[n / 2];
	for (;; h++) {
		b = &s->branches[h & s->mask];
		if (b->node == NULL || (b->node->n == n &&
		    memcmp(b->node->key, key, n) == 0))
			return b;
	}
}

/* room for the literals below the nodes, and for their hits */
static void
make_room(struct pathmatch *p, struct state *s)
{
	const struct node *t;
	const struct hit *h;
	size_t i, keys = 0, hits = 0;

	for (i = 0; i < s->nat; i++) {
		for (h = s->at[i]->hits; h != NULL; h = h->next)
			hits++;
		for (t = s->at[i]->below; t != NULL; t = t->beside)
			keys += t->kind == STEP_KEY;
	}
	for (s->mask = 1; s->mask < keys + keys / 2 + 1; s->mask *= 2)
		continue;
	s->branches = arena_get(&p->states, s->mask * sizeof(*s->branches));
	s->mask--;
	s->shown.hits = arena_get(&p->states, hits * sizeof(*s->shown.hits));
}

/* what a node says of the path that reached it */
static void
take_node(struct state *s, const struct node *t)
{
	const struct node *next;
	const struct hit *h;

	for (h = t->hits; h != NULL; h = h->next)
		s->shown.hits[s->shown.nhits++] = h->number;
	if (t->kind == STEP_DEEP) {
		s->shown.over = 0;
		s->shown.splits[0] |= t->member;
	}
	for (next = t->below; next != NULL; next = next->beside) {
		s->shown.over = 0;
		s->shown.splits[next->kind == STEP_ELEMENT] |= next->member;
		if (next->kind == STEP_KEY)
			branch(s, next->key, next->n)->node = next;
	}
}

/* what all nodes say: hits, splits, and the keys worth telling apart */
static void
settle(struct pathmatch *p, struct state *s)
{
	size_t i;

	make_room(p, s);
	s->shown.over = 1;
	for (i = 0; i < s->nat; i++)
		take_node(s, s->at[i]);
	if (s->shown.nhits > 1)
		qsort(s->shown.hits, s->shown.nhits, sizeof(*s->shown.hits),
		    by_number);
}

/* the chain of the nodes that were gathered */
static struct state **
chain_of(struct pathmatch *p)
{
	size_t h = 0, i;

	for (i = 0; i < p->nat; i++)
		h = h * 31 + p->at[i]->number;
	return &p->chains[(h ^ h >> 16) % CHAINS];
}

/* the state of the nodes that were gathered, made if there is none yet */
static struct state *
intern(struct pathmatch *p)
{
	struct state **chain = chain_of(p);
	size_t size = p->nat * sizeof(struct node *);
	struct state *s;

	for (s = *chain; s != NULL; s = s->chain) {
		if (s->nat == p->nat && (p->nat == 0 ||
		    memcmp(s->at, p->at, size) == 0))
			return s;
	}
	s = arena_get(&p->states, sizeof(*s));
	s->at = arena_get(&p->states, size);
	if (p->nat > 0)
		memcpy(s->at, p->at, size);
	s->nat = p->nat;
	settle(p, s);
	if (p->latest != NULL)
		p->latest->after = s;
	p->latest = s;
	s->chain = *chain;
	*chain = s;
	return s;
}

/* whether a node's step takes an element, or a key (NULL: no literal) */
static int
takes(const struct node *t, int element, const char *key, size_t n)
{
	if (element || t->kind == STEP_ELEMENT)
		return element && t->kind == STEP_ELEMENT;
	return t->kind == STEP_ANY || (key != NULL && t->n == n &&
	    memcmp(t->key, key, n) == 0);
}

/* make the state one step on */
static struct state *
advance(struct pathmatch *p, const struct state *from, int element,
    const char *key, size_t n)
{
	struct node *t;
	size_t i;

	p->nat = 0;
	for (i = 0; i < from->nat; i++) {
		if (from->at[i]->kind == STEP_DEEP)
			reach(p, from->at[i]);
		for (t = from->at[i]->below; t != NULL; t = t->beside) {
			if (takes(t, element, key, n))
				reach(p, t);
		}
	}
	return intern(p);
}

const struct pathmatch_state *
pathmatch_root(struct pathmatch *p)
{
	if (p->root == NULL) {
		p->nat = 0;
		reach(p, p->top);
		p->root = intern(p);
	}
	return &p->root->shown;
}

/* the state behind a key, made now: of a literal's branch, or of any other */
static struct state *
make_next(struct pathmatch *p, struct state *s, struct branch *b)
{
	if (b->node != NULL)
		return b->next = advance(p, s, 0, b->node->key, b->node->n);
	return s->other = advance(p, s, 0, NULL, 0);
}

const struct pathmatch_state *
pathmatch_key(struct pathmatch *p, const struct pathmatch_state *from,
    const char *key, size_t n)
{
	/* states are made here, so the cache inside them is ours to fill */
	struct state *s = (struct state *)(uintptr_t)from;
	struct branch *b = branch(s, key, n);
	struct state *next = b->node != NULL ? b->next : s->other;

	if (next == NULL)
		next = make_next(p, s, b);
	return &next->shown;
}

const struct pathmatch_state *
pathmatch_element(struct pathmatch *p, const struct pathmatch_state *from)
{
	struct state *s = (struct state *)(uintptr_t)from;

	if (s->element == NULL)
		s->element = advance(p, s, 1, NULL, 0);
	return &s->element->shown;
}

void
pathmatch_prepare(struct pathmatch *p, size_t most)
{
	struct state *s;
	struct branch *b;

	(void)pathmatch_root(p);
	for (s = p->root; s != NULL && most > 0; s = s->after, most--) {
		for (b = s->branches; b <= s->branches + s->mask; b++) {
			if (b->node != NULL && b->next == NULL)
				make_next(p, s, b);
		}
		if (s->other == NULL)
			s->other = advance(p, s, 0, NULL, 0);
		(void)pathmatch_element(p, &s->shown);
	}
}
