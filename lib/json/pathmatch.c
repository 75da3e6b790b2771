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
	char *key;
	size_t n;
};

struct pattern {
	struct step *steps;
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
	struct position *at;
	size_t nat;
	struct branch *branches;	/* an open hash, mask + 1 slots */
	size_t mask;
	struct state *other;		/* any other key */
	struct state *element;
};

struct pathmatch {
	struct pattern *patterns;
	size_t npatterns;
	struct state **states;
	size_t nstates;
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
	size_t i, j;

	if (p == NULL)
		return;
	for (i = 0; i < p->npatterns; i++) {
		for (j = 0; j < p->patterns[i].nsteps; j++)
			free(p->patterns[i].steps[j].key);
		free(p->patterns[i].steps);
	}
	for (i = 0; i < p->nstates; i++)
		free_state(p->states[i]);
	free(p->patterns);
	free(p->states);
	free(p);
}

static struct step
step_of(const char *text, size_t n)
{
	struct step s = { .kind = STEP_KEY };

	if (n == 1 && *text == '*')
		s.kind = STEP_ANY;
	else if (n == 1 && *text == '-')
		s.kind = STEP_ELEMENT;
	else if (n == 2 && memcmp(text, "**", 2) == 0)
		s.kind = STEP_DEEP;
	s.key = xstrndup(text, n);
	s.n = n;
	return s;
}

void
pathmatch_add(struct pathmatch *p, const char *text, int hit, int member)
{
	struct pattern *t;
	size_t n;

	p->patterns = xgrow(p->patterns, p->npatterns, sizeof(*t));
	t = &p->patterns[p->npatterns++];
	*t = (struct pattern){ .hit = hit, .member = member };
	while (*text != '\0') {
		n = strcspn(text, "/");
		t->steps = xgrow(t->steps, t->nsteps, sizeof(*t->steps));
		t->steps[t->nsteps++] = step_of(text, n);
		text += n + (text[n] == '/');
	}
}

/* add a position to a set, once, and those that a "**" lets through */
static void
reach(const struct pathmatch *p, struct state *s, struct position at)
{
	const struct pattern *t = &p->patterns[at.pattern];
	size_t i;

	for (i = 0; i < s->nat; i++) {
		if (s->at[i].pattern == at.pattern &&
		    s->at[i].step == at.step)
			return;
	}
	s->at = xrealloc(s->at, s->nat + 1, sizeof(*s->at));
	s->at[s->nat++] = at;
	if (at.step < t->nsteps && t->steps[at.step].kind == STEP_DEEP) {
		at.step++;
		reach(p, s, at);
	}
}

static int
by_position(const void *va, const void *vb)
{
	const struct position *a = va, *b = vb;

	if (a->pattern != b->pattern)
		return a->pattern < b->pattern ? -1 : 1;
	return a->step < b->step ? -1 : a->step > b->step;
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

/* what the positions say: hits, splits, and the keys worth telling apart */
static void
settle(const struct pathmatch *p, struct state *s)
{
	const struct pattern *t;
	const struct step *step;
	struct branch *b;
	size_t i;

	for (s->mask = 1; s->mask < 2 * s->nat + 1; s->mask *= 2)
		continue;
	s->branches = xcalloc(s->mask, sizeof(*s->branches));
	s->mask--;
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
	qsort(s->shown.hits, s->shown.nhits, sizeof(*s->shown.hits), by_number);
}

/* the state of a set of positions: the one there is, or this one, taken in */
static struct state *
intern(struct pathmatch *p, struct state *s)
{
	size_t i;

	if (s->nat > 1)
		qsort(s->at, s->nat, sizeof(*s->at), by_position);
	for (i = 0; i < p->nstates; i++) {
		if (p->states[i]->nat == s->nat && (s->nat == 0 ||
		    memcmp(p->states[i]->at, s->at,
		    s->nat * sizeof(*s->at)) == 0)) {
			free_state(s);
			return p->states[i];
		}
	}
	settle(p, s);
	p->states = xrealloc(p->states, p->nstates + 1, sizeof(*p->states));
	p->states[p->nstates++] = s;
	return s;
}

/* make the state one step on: by a key (NULL: none of the literals) */
static struct state *
advance(struct pathmatch *p, const struct state *from, int element,
    const char *key, size_t n)
{
	struct state *s;
	struct position at;
	const struct step *step;
	size_t i;

	s = xcalloc(1, sizeof(*s));
	for (i = 0; i < from->nat; i++) {
		at = from->at[i];
		if (at.step == p->patterns[at.pattern].nsteps)
			continue;
		step = &p->patterns[at.pattern].steps[at.step];
		if (step->kind == STEP_DEEP) {
			reach(p, s, at);
			continue;
		}
		if (element ? step->kind != STEP_ELEMENT :
		    step->kind != STEP_ANY && (step->kind != STEP_KEY ||
		    key == NULL || step->n != n ||
		    memcmp(step->key, key, n) != 0))
			continue;
		at.step++;
		reach(p, s, at);
	}
	return intern(p, s);
}

const struct pathmatch_state *
pathmatch_root(struct pathmatch *p)
{
	struct state *s;
	unsigned i;

	s = xcalloc(1, sizeof(*s));
	for (i = 0; i < p->npatterns; i++)
		reach(p, s, (struct position){ i, 0 });
	return &intern(p, s)->shown;
}

const struct pathmatch_state *
pathmatch_key(struct pathmatch *p, const struct pathmatch_state *from,
    const char *key, size_t n)
{
	/* states are made here, so the cache inside them is ours to fill */
	struct state *s = (struct state *)(uintptr_t)from;
	struct branch *b;

	b = branch(s, key, n);
	if (b->key != NULL) {
		if (b->next == NULL)
			b->next = advance(p, s, 0, key, n);
		return &b->next->shown;
	}
	if (s->other == NULL)
		s->other = advance(p, s, 0, NULL, 0);
	return &s->other->shown;
}

const struct pathmatch_state *
pathmatch_element(struct pathmatch *p, const struct pathmatch_state *from)
{
	struct state *s = (struct state *)(uintptr_t)from;

	if (s->element == NULL)
		s->element = advance(p, s, 1, NULL, 0);
	return &s->element->shown;
}
