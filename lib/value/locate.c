/* SPDX-License-Identifier: ISC */
/*
 * Where in a component's value the map's rows have something to say.
 *
 * A value's tokens are walked once with the rules of its kind
 * (locate_rules_priv.h); what stands beside a reference (in, if) is kept in a
 * table by the container in which it stands, as it may come later.
 */
#include "value/locate.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/hashset.h"
#include "json/pathmatch.h"
#include "json/scan.h"
#include "json/string.h"
#include "map/capture.h"
#include "map/classify.h"
#include "map/envelope.h"
#include "map/map.h"
#include "stream/record.h"
#include "value/locate_rules_priv.h"

/* a spot with what is known of it before the value's end */
struct found {
	struct spot spot;
	size_t text, ntext;	/* the word, in texts */
	size_t rule;		/* its number: the order of rows */
	size_t order;		/* of what was found by one rule */
};

struct locator {
	const struct map *map;
	struct classifier *kindof;
	struct locate_rules **rules;	/* by the kind's number in the map */

	/* the record looked at last */
	struct locate_rules *of;	/* its kind's; NULL: none is known */
	struct gathered gathered;
	const struct tape *tape;
	unsigned what;
	const struct pathmatch_state **states;	/* by token */
	size_t room;
	struct buf found;		/* of struct found */
	struct buf besides;		/* of struct capture: words that stand
					   beside references, in texts */
	struct hashset beside_table;	/* their numbers */
	struct captures captures;	/* of locate_gather() */
	struct buf texts, spelled, key, unit;
};

struct locator *
locate_open(const struct map *map)
{
	struct locator *s;

	s = xcalloc(1, sizeof(*s));
	s->map = map;
	s->kindof = classify_open(map);
	s->rules = xcalloc(map->nkinds, sizeof(struct locate_rules *));
	return s;
}

void
locate_close(struct locator *s)
{
	size_t i;

	if (s == NULL)
		return;
	for (i = 0; i < s->map->nkinds; i++)
		locate_rules_close(s->rules[i]);
	free(s->rules);
	classify_close(s->kindof);
	free(s->states);
	captures_free(&s->captures);
	buf_free(&s->besides);
	hashset_free(&s->beside_table);
	buf_free(&s->found);
	buf_free(&s->texts);
	buf_free(&s->spelled);
	buf_free(&s->key);
	buf_free(&s->unit);
	free(s);
}

static struct locate_rules *
rules_of(struct locator *s, const struct map_kind *k)
{
	size_t i;

	if (s->of != NULL && s->of->kind == k)
		return s->of;
	for (i = 0; s->map->kinds[i] != k; i++)
		continue;
	if (s->rules[i] == NULL)
		s->rules[i] = locate_rules_open(s->map, k);
	return s->rules[i];
}

/* keep a word that stands beside references in a container, or TAPE_NONE */
static void
keep_beside(struct locator *s, const struct map_source *source, uint32_t object,
    const char *word, size_t n)
{
	struct capture c = { source, object, s->texts.len, n };
	size_t i = s->besides.len / sizeof(c);

	buf_add(&s->texts, word, n);
	buf_add(&s->besides, &c, sizeof(c));
	capture_add_beside(&s->beside_table, (void *)s->besides.ptr, i);
}

/* a string's raw bytes, and how far its canonical ones have been followed */
struct raw {
	const char *p;
	size_t n;
	size_t i;		/* raw bytes so far ... */
	size_t canon;		/* ... and what they are, spelled */
};

/* the bytes of an escape: those of both halves of a pair */
static size_t
escape_length(const char *p, size_t n)
{
	if (p[1] != 'u')
		return 2;
	return n >= 12 && (p[2] | 0x20) == 'd' && strchr("89abAB", p[3]) !=
	    NULL && p[6] == '\\' && p[7] == 'u' && (p[8] | 0x20) == 'd' &&
	    strchr("cdefCDEF", p[9]) != NULL ? 12 : 6;
}

/* where in the raw bytes the canonical byte at stands; at never gets less */
static size_t
raw_at(struct locator *s, struct raw *r, size_t at)
{
	const char *bs;
	size_t run, n;

	while (r->i < r->n && r->canon < at) {
		bs = memchr(r->p + r->i, '\\', r->n - r->i);
		run = bs == NULL ? r->n - r->i :
		    (size_t)(bs - (r->p + r->i));
		if (run > at - r->canon)
			run = at - r->canon;
		r->i += run;
		r->canon += run;
		if (r->canon == at || r->i == r->n)
			break;
		n = escape_length(r->p + r->i, r->n - r->i);
		s->unit.len = 0;
		string_canon(&s->unit, r->p + r->i, n);
		r->i += n;
		r->canon += s->unit.len;
	}
	return r->i;
}

/* keep a word: where it stands in the text, raw, and its canonical bytes */
static struct found *
add_found(struct locator *s, const struct locate_rule *rule, uint32_t token,
    const char *word, size_t n)
{
	struct found f = { .text = s->texts.len, .ntext = n,
	    .rule = (size_t)(rule - s->of->list),
	    .order = s->found.len / sizeof(f) };

	f.spot = (struct spot){ .what = (enum spot_what)rule->what,
	    .ref = rule->ref, .row = rule->row, .part = rule->part,
	    .form = rule->source->form, .token = token };
	buf_add(&s->texts, word, n);
	buf_add(&s->found, &f, sizeof(f));
	return (struct found *)(void *)(s->found.ptr + s->found.len) - 1;
}

/* the words of a scalar that a source takes, as capture_scalar() does */
static void
find_words(struct locator *s, const struct locate_rule *rule, uint32_t token)
{
	const struct tape_token *k = &s->tape->tokens[token];
	struct slice text = tape_bytes(s->tape, token);
	struct raw raw;
	struct form_word w;
	struct found *f;
	size_t at = 0;
	uint32_t start;

	if (k->type == TAPE_STRING)
		text = tape_text(s->tape, token);
	if (text.n == 0 || k->end - k->start > JSON_LONG)
		return;
	start = (uint32_t)(text.p - s->tape->text);
	raw = (struct raw){ .p = text.p, .n = text.n };
	if (memchr(text.p, '\\', text.n) != NULL) {
		s->spelled.len = 0;
		string_canon(&s->spelled, text.p, text.n);
		text = (struct slice){ s->spelled.ptr, s->spelled.len };
	}
	while (rule->source->form->next(rule->source->text, text.p, text.n,
	    &at, &w)) {
		if (rule->what == LOCATE_BESIDE) {
			keep_beside(s, rule->source, rule->source->from_top ?
			    TAPE_NONE : k->parent, text.p + w.at, w.n);
			continue;
		}
		f = add_found(s, rule, token, text.p + w.at, w.n);
		f->spot.from = start + (uint32_t)raw_at(s, &raw, w.from);
		f->spot.at = start + (uint32_t)raw_at(s, &raw, w.at);
		f->spot.n = start + (uint32_t)raw_at(s, &raw, w.at + w.n) -
		    f->spot.at;
		f->spot.to = start + (uint32_t)raw_at(s, &raw, w.to);
	}
}

/* the key of a member */
static void
find_key(struct locator *s, const struct locate_rule *rule, uint32_t token)
{
	struct slice key = tape_key(s->tape, token);
	struct found *f;

	s->spelled.len = 0;
	string_canon(&s->spelled, key.p, key.n);
	f = add_found(s, rule, token, s->spelled.ptr, s->spelled.len);
	f->spot.from = f->spot.at = (uint32_t)(key.p - s->tape->text);
	f->spot.n = (uint32_t)key.n;
	f->spot.to = f->spot.at + f->spot.n;
}

/* a rule's place has been met at a token */
static void
find_at(struct locator *s, const struct locate_rule *rule, uint32_t token)
{
	const struct tape_token *k = &s->tape->tokens[token];
	struct found *f;
	int scalar = k->type > TAPE_ARRAY && !tape_empty(s->tape, token);

	switch (rule->what) {
	case SPOT_LOCAL:
	case SPOT_IGNORE:
	case SPOT_SETS:
	case SPOT_KEY:
	case SPOT_SECRET:
	case SPOT_COUNT:
	case SPOT_INNER:
	case SPOT_VARIABLE:
		f = add_found(s, rule, token, NULL, 0);
		f->spot.from = f->spot.at = k->start;
		f->spot.n = k->end - k->start;
		f->spot.to = k->end;
		break;
	default:
		if (rule->source->form->key && k->key != TAPE_NONE)
			find_key(s, rule, token);
		else if (scalar && rule->source->form->next != NULL)
			find_words(s, rule, token);
		break;
	}
}

/* whether what a rule finds is asked for */
static int
is_asked(const struct locator *s, const struct locate_rule *r)
{
	return (s->what & (r->what == LOCATE_BESIDE ? SPOT_REF : r->what)) != 0;
}

/* the state of a token, from that of its container */
static const struct pathmatch_state *
state_of(struct locator *s, uint32_t i)
{
	const struct tape_token *k = &s->tape->tokens[i];
	struct locate_rules *m = s->of;
	struct slice key;

	if (k->parent == TAPE_NONE)
		return m->root;
	if (k->key == TAPE_NONE)
		return pathmatch_element(m->paths, s->states[k->parent]);
	key = tape_key(s->tape, i);
	if (!k->plain) {
		s->key.len = 0;
		string_decode(&s->key, key.p, key.n);
		key = (struct slice){ s->key.ptr, s->key.len };
	}
	return pathmatch_key(m->paths, s->states[k->parent], key.p, key.n);
}

/*
 * Go over the tokens, but not into what no path reaches; call where a rule
 * that is asked for has its place.
 */
static void
walk_tokens(struct locator *s, void (*call)(struct locator *,
    const struct locate_rule *, uint32_t token))
{
	const struct tape *t = s->tape;
	const struct pathmatch_state *state;
	const struct locate_rule *r;
	uint32_t i;
	size_t j;

	if (s->room < t->n) {
		s->room = t->n + t->n / 2;
		s->states = xrealloc(s->states, s->room, sizeof(state));
	}
	for (i = 0; i < t->n; ) {
		state = s->states[i] = state_of(s, i);
		for (j = 0; j < state->nhits; j++) {
			r = &s->of->list[state->hits[j]];
			if (is_asked(s, r))
				call(s, r, i);
		}
		i = state->over ? t->tokens[i].next : i + 1;
	}
}

/* what a source says beside a value of a container */
static struct slice
say_beside(const struct locator *s, const struct map_source *source,
    uint32_t object)
{
	const struct capture *c;

	if (source->from != FROM_PLACE)
		return envelope_say(&s->gathered, source);
	c = capture_beside(&s->beside_table, (void *)s->besides.ptr, source,
	    source->from_top ? TAPE_NONE : object);
	if (c == NULL)
		return (struct slice){0};
	return (struct slice){ s->texts.ptr + c->at, c->n };
}

/* make a found word the reference that the envelope has; 0: it is none */
static int
spell_ref(struct locator *s, struct found *f)
{
	const struct map_ref *ref = f->spot.ref;
	uint32_t object = TAPE_NONE;
	struct slice say, word, scope = {0};
	size_t start = s->texts.len;

	if (f->spot.token != TAPE_NONE)
		object = s->tape->tokens[f->spot.token].parent;
	if (ref->condition != NULL && f->spot.token != TAPE_NONE) {
		say = say_beside(s, ref->condition, object);
		if (say.p == NULL || !map_among(ref->values, ref->nvalues,
		    say.p, say.n))
			return 0;
	}
	word = (struct slice){ s->texts.ptr + f->text, f->ntext };
	f->spot.soft = envelope_soft(s->map, ref, word);
	if (ref->scope != NULL)
		scope = say_beside(s, ref->scope, object);
	s->spelled.len = 0;
	envelope_ref(&s->spelled, ref, scope, word);
	buf_add(&s->texts, s->spelled.ptr, s->spelled.len);
	f->text = start;
	f->ntext = s->texts.len - start;
	return 1;
}

/* words that do not stand in the value */
static void
find_stars(struct locator *s)
{
	const struct locate_rule *r;
	struct slice say;
	size_t i;

	for (i = 0; i < s->of->n; i++) {
		r = &s->of->list[i];
		if (r->source == &s->of->whole || r->what == LOCATE_BESIDE ||
		    !is_asked(s, r) || r->source->from == FROM_PLACE)
			continue;
		say = envelope_say(&s->gathered, r->source);
		if (say.n > 0)
			add_found(s, r, TAPE_NONE, say.p, say.n);
	}
}

/*
 * A component that is the member which a row names: the settings of an app
 * are components each.
 */
static void
find_own_key(struct locator *s)
{
	const struct locate_rule *r;
	struct slice key = s->gathered.key;
	struct found *f;
	size_t i;

	for (i = 0; key.n > 0 && i < s->of->n; i++) {
		r = &s->of->list[i];
		if ((r->what != SPOT_IGNORE && r->what != SPOT_LOCAL) ||
		    !is_asked(s, r) || !slice_is(key, r->row->args[r->part]))
			continue;
		f = add_found(s, r, 0, NULL, 0);
		f->spot.to = f->spot.n = s->tape->tokens[0].end;
	}
}

/* by row, then as found */
static int
by_rule(const void *va, const void *vb)
{
	const struct found *a = va, *b = vb;

	if (a->rule != b->rule)
		return a->rule < b->rule ? -1 : 1;
	return a->order < b->order ? -1 : 1;
}

/* whether what another row said of the same part counts */
static int
is_said(const struct locator *s, const struct found *a, const struct found *b)
{
	return (b->spot.what == SPOT_ID || (b->spot.what == SPOT_NAME &&
	    (s->what & SPOT_EVERY) == 0)) &&
	    a->spot.what == b->spot.what && a->spot.part == b->spot.part;
}

/* sort, without what is no reference, and parts that others said */
static size_t
sort_found(struct locator *s)
{
	struct found *f = (struct found *)(void *)s->found.ptr, *last;
	size_t n = s->found.len / sizeof(*f), i, kept = 0;

	if (n > 1)
		qsort(f, n, sizeof(*f), by_rule);
	for (i = 0; i < n; i++) {
		last = kept > 0 ? &f[kept - 1] : NULL;
		if (f[i].spot.what == SPOT_REF && !spell_ref(s, &f[i]))
			continue;
		if (last != NULL && is_said(s, last, &f[i]))
			continue;
		f[kept++] = f[i];
	}
	for (i = 0; i < kept; i++)
		f[i].spot.text = (struct slice){ f[i].ntext > 0 ?
		    s->texts.ptr + f[i].text : "", f[i].ntext };
	return kept;
}

/* begin to look at a record; 0: the map does not know its kind */
static int
begin(struct locator *s, const struct record *r, const struct tape *t,
    unsigned what)
{
	const struct map_kind *kind = classify_gather(s->kindof, r,
	    &s->gathered);

	s->of = kind == NULL ? NULL : rules_of(s, kind);
	s->tape = t;
	s->what = what;
	return kind != NULL;
}

size_t
locate_find(struct locator *s, const struct record *r, const struct tape *t,
    unsigned what)
{
	s->found.len = s->texts.len = s->besides.len = 0;
	hashset_reset(&s->beside_table);
	if (!begin(s, r, t, what))
		return 0;
	find_stars(s);
	find_own_key(s);
	walk_tokens(s, find_at);
	return sort_found(s);
}

/* what a rule's source takes at a token, as the walk of a package does */
static void
capture_at(struct locator *s, const struct locate_rule *rule, uint32_t token)
{
	const struct tape_token *k = &s->tape->tokens[token];
	/* none of them has the number 0, which stands for any */
	uint64_t object = k->parent == TAPE_NONE ? 1 : k->parent + (uint64_t)2;
	struct slice text;

	if (rule->source->form->key && k->key != TAPE_NONE) {
		text = tape_key(s->tape, token);
		capture_text(&s->captures, rule->source, object, text.p,
		    text.n);
	} else if (k->type > TAPE_ARRAY && k->end - k->start <= JSON_LONG) {
		text = tape_bytes(s->tape, token);
		capture_scalar(&s->captures, rule->source, object, text.p,
		    text.n);
	}
}

const struct map_kind *
locate_gather(struct locator *s, const struct record *r, const struct tape *t,
    struct gathered *g)
{
	s->captures.list.len = s->captures.texts.len = 0;
	if (!begin(s, r, t, SPOT_REF | SPOT_ID | SPOT_NAME | SPOT_ALIAS |
	    SPOT_NAMES | SPOT_MEMBER))
		return NULL;
	walk_tokens(s, capture_at);
	*g = s->gathered;
	g->captures = (const void *)s->captures.list.ptr;
	g->n = s->captures.list.len / sizeof(*g->captures);
	g->texts = s->captures.texts.ptr;
	return s->of->kind;
}

const struct spot *
locate_at(const struct locator *s, size_t i)
{
	return &((const struct found *)(void *)s->found.ptr)[i].spot;
}

const struct map_kind *
locate_kind(const struct locator *s)
{
	return s->of == NULL ? NULL : s->of->kind;
}

int
spot_fits(const struct spot *p, const struct tape *t, struct slice word)
{
	const struct tape_token *k = &t->tokens[p->token];
	int alone = p->ref != NULL && k->type == TAPE_STRING &&
	    p->n + 2 == k->end - k->start;

	return refform_fits(p->form, alone ? p->ref->source.text : NULL, word);
}
