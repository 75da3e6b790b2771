/* SPDX-License-Identifier: ISC */
/*
 * Many path patterns matched at once: a lazily built automaton.
 *
 * A state is the set of positions (pattern, step) that the path so far has
 * reached.  Of all keys only the literals among a state's next steps can be
 * told apart, so it has a small table of those, one successor for all other
 * keys, and one for elements.
 */
#include "json/pathmatch.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

enum step_kind { STEP_KEY, STEP_ANY, STEP_ELEMENT, STEP_DEEP };

struct step {
	enum step_kind kind;
	const char *key;	/* in the pattern's text */
	size_t n;
};

struct pattern {
	struct step *steps;	/* and its text behind them */
	size_t nsteps;
	int hit;
	int member;
};

struct position {
	unsigned pattern, step;
};

/* a literal key of a state, and where it leads; next NULL: not yet known */
struct branch {
	const char *key;
	size_t n;
	struct state *next;
};

struct state {
	struct pathmatch_state shown;	/* first: a state is one of these */
	struct position *at;		/* ascending */
	size_t nat;
	struct state *chain;		/* others of this hash */
	struct branch *branches;	/* an open hash, mask + 1 slots */
	size_t mask;
	struct state *other;		/* any other key */
	struct state *element;
};

/* chains of states by their positions' hash */
#define CHAINS 64

struct pathmatch {
	struct pattern *patterns;
	size_t npatterns;
	struct state *root;	/* NULL: not made since the last was added */
	struct state *chains[CHAINS];
	struct position *at;	/* of the state that is being made */
	size_t nat, room;
};

struct pathmatch *
pathmatch_open(void)
{
	return xcalloc(1, sizeof(struct pathmatch));
}

static void
free_state(struct state *s)
{
	free(s->at);
	free(s->shown.hits);
	free(s->branches);
	free(s);
}

void
pathmatch_close(struct pathmatch *p)
{
	struct state *s, *next;
	size_t i;

	if (p == NULL)
		return;
	for (i = 0; i < p->npatterns; i++)
		free(p->patterns[i].steps);
	for (i = 0; i < CHAINS; i++) {
		for (s = p->chains[i]; s != NULL; s = next) {
			next = s->chain;
			free_state(s);
		}
	}
	free(p->patterns);
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

void
pathmatch_add(struct pathmatch *p, const char *text, int hit, int member)
{
	struct pattern *t;
	const char *key, *c, *end;
	size_t most = 1, n = strlen(text);

	p->root = NULL;
	p->patterns = xgrow(p->patterns, p->npatterns, sizeof(*t));
	t = &p->patterns[p->npatterns++];
	for (c = text; c < text + n; c++)
		most += *c == '/';
	*t = (struct pattern){ .hit = hit, .member = member,
	    .steps = xmalloc(most * sizeof(*t->steps) + n + 1) };
	key = memcpy(t->steps + most, text, n);
	for (end = key + n; key < end; key = c + 1) {
		for (c = key; c < end && *c != '/'; c++)
			continue;
		t->steps[t->nsteps++] = step_of(key, (size_t)(c - key));
	}
}

/*
 * Add a position to the state being made, once, and those that a "**" lets
 * through.  Patterns come in their order: those of this one are the last.
 */
static void
reach(struct pathmatch *p, struct position at)
{
	const struct pattern *t = &p->patterns[at.pattern];
	size_t i;

	for (i = p->nat; i > 0 && p->at[i - 1].pattern == at.pattern &&
	    p->at[i - 1].step >= at.step; i--) {
		if (p->at[i - 1].step == at.step)
			return;
	}
	if (p->nat == p->room) {
		p->room = p->room != 0 ? 2 * p->room : 64;
		p->at = xrealloc(p->at, p->room, sizeof(*p->at));
	}
	memmove(p->at + i + 1, p->at + i, (p->nat - i) * sizeof(*p->at));
	p->at[i] = at;
	p->nat++;
	if (at.step < t->nsteps && t->steps[at.step].kind == STEP_DEEP) {
		at.step++;
		reach(p, at);
	}
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
		if (b->key == NULL ||
		    (b->n == n && memcmp(b->key, key, n) == 0))
			return b;
	}
}

/* the step that a position is before; NULL: the pattern has none left */
static const struct step *
step_at(const struct pathmatch *p, struct position at)
{
	const struct pattern *t = &p->patterns[at.pattern];

	return at.step < t->nsteps ? &t->steps[at.step] : NULL;
}

/* room for the literals among the next steps; neighbours often share theirs */
static void
make_branches(const struct pathmatch *p, struct state *s)
{
	const struct step *step, *last = NULL;
	size_t i, n = 0;

	for (i = 0; i < s->nat; i++) {
		step = step_at(p, s->at[i]);
		if (step == NULL || step->kind != STEP_KEY)
			continue;
		n += last == NULL || last->n != step->n ||
		    memcmp(last->key, step->key, step->n) != 0;
		last = step;
	}
	for (s->mask = 1; s->mask < 2 * n + 1; s->mask *= 2)
		continue;
	s->branches = xcalloc(s->mask, sizeof(*s->branches));
	s->mask--;
}

/* what the positions say: hits, splits, and the keys worth telling apart */
static void
settle(const struct pathmatch *p, struct state *s)
{
	const struct pattern *t;
	const struct step *step;
	struct branch *b;
	size_t i;

	make_branches(p, s);
	s->shown.hits = xmalloc((s->nat + 1) * sizeof(*s->shown.hits));
	s->shown.over = 1;
	for (i = 0; i < s->nat; i++) {
		t = &p->patterns[s->at[i].pattern];
		if (s->at[i].step == t->nsteps) {
			s->shown.hits[s->shown.nhits++] = t->hit;
			continue;
		}
		s->shown.over = 0;
		step = &t->steps[s->at[i].step];
		if (t->member && s->at[i].step + 1 == t->nsteps)
			s->shown.splits[step->kind == STEP_ELEMENT] = 1;
		if (step->kind == STEP_KEY) {
			b = branch(s, step->key, step->n);
			b->key = step->key;
			b->n = step->n;
		}
	}
	if (s->shown.nhits > 1)
		qsort(s->shown.hits, s->shown.nhits, sizeof(*s->shown.hits),
		    by_number);
}

/* the chain of the positions that were gathered */
static struct state **
chain_of(struct pathmatch *p)
{
	unsigned h = 0;
	size_t i;

	for (i = 0; i < p->nat; i++)
		h = (h * 31 + p->at[i].pattern) * 31 + p->at[i].step;
	return &p->chains[(h ^ h >> 16) % CHAINS];
}

/* the state of the positions that were gathered, made if there is none yet */
static struct state *
intern(struct pathmatch *p)
{
	struct state **chain = chain_of(p);
	size_t size = p->nat * sizeof(*p->at);
	struct state *s;

	for (s = *chain; s != NULL; s = s->chain) {
		if (s->nat == p->nat && (p->nat == 0 ||
		    memcmp(s->at, p->at, size) == 0))
			return s;
	}
	s = xcalloc(1, sizeof(*s));
	s->at = xmalloc(size);
	if (p->nat > 0)
		memcpy(s->at, p->at, size);
	s->nat = p->nat;
	settle(p, s);
	s->chain = *chain;
	*chain = s;
	return s;
}

/* make the state one step on: by a key (NULL: none of the literals) */
static struct state *
advance(struct pathmatch *p, const struct state *from, int element,
    const char *key, size_t n)
{
	struct position at;
	const struct step *step;
	size_t i;

	p->nat = 0;
	for (i = 0; i < from->nat; i++) {
		at = from->at[i];
		if ((step = step_at(p, at)) == NULL)
			continue;
		if (step->kind == STEP_DEEP) {
			reach(p, at);
			continue;
		}
		if (element ? step->kind != STEP_ELEMENT :
		    step->kind != STEP_ANY && (step->kind != STEP_KEY ||
		    key == NULL || step->n != n ||
		    memcmp(step->key, key, n) != 0))
			continue;
		at.step++;
		reach(p, at);
	}
	return intern(p);
}

const struct pathmatch_state *
pathmatch_root(struct pathmatch *p)
{
	unsigned i;

	if (p->root == NULL) {
		p->nat = 0;
		for (i = 0; i < p->npatterns; i++)
			reach(p, (struct position){ i, 0 });
		p->root = intern(p);
	}
	return &p->root->shown;
}

/* the state behind a key, made now: of a literal's branch, or of any other */
static struct state *
make_next(struct pathmatch *p, struct state *s, struct branch *b)
{
	if (b->key != NULL)
		return b->next = advance(p, s, 0, b->key, b->n);
	return s->other = advance(p, s, 0, NULL, 0);
}

const struct pathmatch_state *
pathmatch_key(struct pathmatch *p, const struct pathmatch_state *from,
    const char *key, size_t n)
{
	/* states are made here, so the cache inside them is ours to fill */
	struct state *s = (struct state *)(uintptr_t)from;
	struct branch *b = branch(s, key, n);
	struct state *next = b->key != NULL ? b->next : s->other;

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
