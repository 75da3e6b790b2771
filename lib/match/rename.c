/* SPDX-License-Identifier: ISC */
/*
 * Words by which a merge calls things otherwise.
 */
#include "match/rename.h"

#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/hash.h"
#include "match/side.h"
#include "stream/list.h"
#include "stream/record.h"
#include "value/rewrite.h"

void
rename_init(struct renames *r, struct room *room)
{
	r->table.room = r->derived.room = r->texts.room = room;
}

void
rename_free(struct renames *r)
{
	keyindex_free(&r->table);
	keyindex_free(&r->derived);
	bigarray_free(&r->texts);
}

/* put bytes into the texts; 0 or -1 */
static int
put(struct renames *r, const void *p, size_t n)
{
	if (r->used + n > NOTHING)
		return diag_fail(r->texts.room->diag, STATUS_LIMIT, NULL,
		    "more than 4 GiB of aliases to be rewritten");
	if (bigarray_hold(&r->texts, (size_t)r->used + n) == -1)
		return -1;
	memcpy((char *)r->texts.p + r->used, p, n);
	r->used += n;
	return 0;
}

/* a new word, behind its length; 0 or -1 */
static int
put_word(struct renames *r, const char *word, size_t n)
{
	uint32_t len = (uint32_t)n;

	return put(r, &len, sizeof(len)) == -1 || put(r, word, n) == -1 ?
	    -1 : 0;
}

/* "kind:word", by its hash, is called otherwise; 0 or -1 */
static int
add_word(struct renames *r, uint64_t hash, const char *word, size_t n)
{
	return keyindex_add(&r->table, hash, (uint32_t)r->used) == -1 ||
	    put_word(r, word, n) == -1 ? -1 : 0;
}

/* one word was made of another; 0 or -1 */
static int
add_derived(struct renames *r, uint64_t hash, uint64_t old)
{
	return keyindex_add(&r->derived, hash, (uint32_t)r->used) == -1 ||
	    put(r, &old, sizeof(old)) == -1 ? -1 : 0;
}

struct slice
rename_find(const struct renames *r, uint64_t hash)
{
	struct slice s = {0};
	uint32_t key, len;
	const char *at;

	if (r->table.n == 0 ||
	    (key = keyindex_find(&r->table, hash)) == NOTHING)
		return s;
	at = (const char *)r->texts.p + keyindex_at(&r->table, key)->node;
	memcpy(&len, at, sizeof(len));
	s.p = at + sizeof(len);
	s.n = len;
	return s;
}

int
rename_list(const struct renames *of, struct slice list, struct buf *b)
{
	struct slice item, word;
	const char *colon;
	size_t at = 0, before = b->len;
	int other = 0;

	buf_addc(b, '[');
	while (list_next(list, &at, &item) == 1) {
		colon = memchr(item.p, ':', item.n);
		word = rename_find(of, keyindex_hash_ref(item.p, item.n));
		buf_adds(b, b->len > before + 1 ? ",\"" : "\"");
		if (word.p != NULL && colon != NULL) {
			buf_add(b, item.p, (size_t)(colon + 1 - item.p));
			item = word;
			other = 1;
		}
		buf_add(b, item.p, item.n);
		buf_addc(b, '"');
	}
	buf_addc(b, ']');
	return other;
}

/* what a word is called now: rewrite()'s question */
static int
ask_word(void *ctx, const char *ref, size_t n, struct slice *word)
{
	*word = rename_find(ctx, keyindex_hash_ref(ref, n));
	return word->p != NULL;
}

int
rename_line(const struct renames *of, struct reviser *reviser,
    const struct side *from, const struct side *to, int ids,
    const struct record *r, const struct place *at, struct buf *line)
{
	/* rename_find() changes nothing */
	struct rewrite_ask ask = { .word = ask_word,
	    .ctx = (void *)(uintptr_t)of, .ids = ids, .place = at };

	if (from->prefix.len > 0 && to->prefix.len > 0) {
		ask.prefix = (struct slice){ from->prefix.ptr,
		    from->prefix.len };
		ask.new_prefix = (struct slice){ to->prefix.ptr,
		    to->prefix.len };
		if (slice_same(ask.prefix, ask.new_prefix))
			ask.prefix = (struct slice){0};
	}
	if (ask.prefix.p == NULL && of->table.n == 0)
		return 0;
	line->len = 0;
	return rewrite(reviser, r, &ask, line);
}

int
rename_add(struct renames *r, struct slice kind, struct slice old,
    struct slice new)
{
	return slice_same(old, new) ? 0 : add_word(r, keyindex_hash(kind.p,
	    kind.n, old.p, old.n), new.p, new.n);
}

int
rename_again(struct renames *r, uint64_t hash, struct slice word)
{
	uint32_t key;

	if (r->table.n == 0 ||
	    (key = keyindex_find(&r->table, hash)) == NOTHING)
		return 0;
	keyindex_at(&r->table, key)->node = (uint32_t)r->used;
	return put_word(r, word.p, word.n);
}

int
rename_undo(const struct renames *r, uint64_t *hash)
{
	uint32_t key;

	if (r->derived.n == 0 ||
	    (key = keyindex_find(&r->derived, *hash)) == NOTHING)
		return 0;
	memcpy(hash, (const char *)r->texts.p +
	    keyindex_at(&r->derived, key)->node, sizeof(*hash));
	return 1;
}

/* the aliases of a record, in order: slices of its line */
struct aliases {
	struct slice *list;
	size_t n, room;
};

static int
take_alias(void *ctx, const char *word, size_t n)
{
	struct aliases *a = ctx;

	if (a->n == a->room) {
		a->room = 2 * a->room + 8;
		a->list = xrealloc(a->list, a->room, sizeof(*a->list));
	}
	a->list[a->n++] = (struct slice){ word, n };
	return 0;
}

/* whether a pair goes by other words on either side */
static int
differ(const struct graph *g, uint32_t t, const struct graph *h, uint32_t s)
{
	const uint32_t *k;

	for (k = graph_keys(h, s); k < graph_keys(h, s + 1); k++) {
		if (!keyindex_has(&g->keys, keyindex_at(&h->keys, *k)->hash, t))
			return 1;
	}
	return 0;
}

/* what the words of a side are rewritten with */
struct making {
	struct renames *of;
	struct side *target, *source;
	struct aliases old, new;
	struct buf line;	/* of the target, while the source's is read */
};

/* of one pair: the k-th alias becomes the k-th */
static int
make_pair(struct making *m, uint32_t t, uint32_t s)
{
	struct record a, b;
	struct slice kind;
	size_t i;
	int rc = 0;

	if (side_keep(m->target, t, &m->line, &a) == -1 ||
	    side_line(m->source, s, &b) == -1)
		return -1;
	kind = record_text(&a, RECORD_KIND);
	m->old.n = m->new.n = 0;
	graph_items(b.field[RECORD_ALIAS], take_alias, &m->old);
	graph_items(a.field[RECORD_ALIAS], take_alias, &m->new);
	for (i = 0; i < m->old.n && i < m->new.n && rc == 0; i++)
		rc = rename_add(&m->of[1], kind, m->old.list[i],
		    m->new.list[i]);
	if ((graph_node(&m->target->graph, t)->status & SIDE_RENAMED) != 0 &&
	    rc == 0)
		rc = rename_add(&m->of[0], kind, record_text(&a, RECORD_ID),
		    record_text(&b, RECORD_ID));
	if ((graph_node(&m->target->graph, t)->status & SIDE_UNRENAMED) !=
	    0 && rc == 0)
		rc = rename_add(&m->of[1], kind, record_text(&b, RECORD_ID),
		    record_text(&a, RECORD_ID));
	return rc;
}

/* another word of the same looks: hexadecimal digits become others */
static void
vary_word(struct buf *b, struct slice old, unsigned try)
{
	static const char digits[] = "0123456789abcdef";
	const char *dash = memchr(old.p, '-', old.n);
	struct hash_sum sum = {0};
	uint64_t h;
	size_t i, prefix;

	/* "dc-" and the like tell what it is */
	prefix = dash != NULL && dash - old.p < 6 ?
	    (size_t)(dash - old.p) : 0;
	b->len = 0;
	buf_printf(b, "%u ", try);
	buf_add(b, old.p, old.n);
	hash_add(&sum, b->ptr, b->len);
	b->len = 0;
	for (h = sum.low, i = 0; i < old.n; i++) {
		if (i < prefix || strchr(digits, old.p[i]) == NULL) {
			buf_addc(b, old.p[i]);
			continue;
		}
		buf_addc(b, digits[h & 15]);
		h = i % 16 == 15 ? sum.high + i : h >> 4;
	}
}

/* a word of this kind that neither side has */
static int
is_free(const struct making *m, struct slice kind, const struct buf *word)
{
	uint64_t h = keyindex_hash(kind.p, kind.n, word->ptr, word->len);

	return keyindex_find(&m->target->graph.keys, h) == NOTHING &&
	    keyindex_find(&m->source->graph.keys, h) == NOTHING;
}

/*
 * Whether the target has a word for something else.  What the source calls
 * by the same word is nothing else: then it has the word twice.
 */
static int
is_taken(const struct making *m, uint64_t hash)
{
	uint32_t k = keyindex_find(&m->target->graph.keys, hash), mate;

	if (k == NOTHING)
		return 0;
	mate = side_mate(m->target, keyindex_at(&m->target->graph.keys,
	    k)->node);
	return mate == NOTHING ||
	    !keyindex_has(&m->source->graph.keys, hash, mate);
}

/*
 * One word of a new component, which the target has for something else,
 * becomes another
 */
static int
derive_word(struct making *m, struct slice kind, struct slice old)
{
	struct buf word = {0};
	unsigned try;
	int rc;

	for (try = 0; try < 64; try++) {
		vary_word(&word, old, try);
		if (is_free(m, kind, &word))
			break;
	}
	rc = try == 64 ? diag_fail(m->source->diag, STATUS_INPUT, NULL,
	    "%.*s: no other word can be made of \"%.*s\", which the target "
	    "has for something else", (int)kind.n, kind.p, (int)old.n, old.p) :
	    rename_add(&m->of[1], kind, old, (struct slice){ word.ptr,
	    word.len });
	if (rc == 0)
		rc = add_derived(&m->of[1], keyindex_hash(kind.p, kind.n,
		    word.ptr, word.len), keyindex_hash(kind.p, kind.n, old.p,
		    old.n));
	buf_free(&word);
	return rc;
}

/*
 * A new component, one of whose words the target has for something else.  A
 * word that a pair has given up is that of another version of it: it becomes
 * what the target calls it.
 */
static int
make_new(struct making *m, uint32_t s)
{
	struct record r;
	struct slice kind;
	uint64_t hash;
	size_t i;
	int rc = 0;

	if (side_line(m->source, s, &r) == -1)
		return -1;
	kind = record_text(&r, RECORD_KIND);
	m->old.n = 0;
	graph_items(r.field[RECORD_ALIAS], take_alias, &m->old);
	for (i = 0; i < m->old.n && rc == 0; i++) {
		hash = keyindex_hash(kind.p, kind.n, m->old.list[i].p,
		    m->old.list[i].n);
		if (is_taken(m, hash) && rename_find(&m->of[1], hash).p ==
		    NULL)
			rc = derive_word(m, kind, m->old.list[i]);
	}
	return rc;
}

/* whether the target has any of a new record's words */
static int
collides(const struct side *target, const struct side *source, uint32_t s)
{
	const struct graph *h = &source->graph;
	const uint32_t *k;

	for (k = graph_keys(h, s); k < graph_keys(h, s + 1); k++) {
		if (keyindex_find(&target->graph.keys, keyindex_at(&h->keys,
		    *k)->hash) != NOTHING)
			return 1;
	}
	return 0;
}

/*
 * Whether a pair is gone, and its words, where they still stand, are no one
 * else's: they stay as they are, as a merge where the target never had it
 * would leave them.
 */
static int
is_nothing(const struct side *target, uint32_t t, const struct side *source,
    uint32_t s)
{
	const struct graph *g = &target->graph, *h = &source->graph;
	const uint32_t *k;
	uint32_t of;

	if (graph_node(g, t)->fate != SIDE_GONE)
		return 0;
	for (k = graph_keys(h, s); k < graph_keys(h, s + 1); k++) {
		of = keyindex_find(&g->keys, keyindex_at(&h->keys, *k)->hash);
		for (; of != NOTHING; of = keyindex_next(&g->keys, of)) {
			if (keyindex_at(&g->keys, of)->node != t)
				return 0;
		}
	}
	return 1;
}

/* of all pairs; and then of what is new */
static int
make_all(struct making *m)
{
	struct side *target = m->target, *source = m->source;
	uint32_t s, t;
	int rc = 0;

	for (s = 0; s < source->graph.n && rc == 0; s++) {
		t = side_mate(source, s);
		graph_fetch_words(&source->graph, s, &target->graph.keys);
		if (t == NOTHING || !differ(&target->graph, t, &source->graph,
		    s))
			continue;
		side_node(source, s)->status |= SIDE_OTHER_WORDS;
		if (!is_nothing(target, t, source, s))
			rc = make_pair(m, t, s);
	}
	if (rc == 0)
		rc = keyindex_sort(&m->of[1].table);
	for (s = 0; s < source->graph.n && rc == 0; s++) {
		graph_fetch_words(&source->graph, s, &target->graph.keys);
		if (side_mate(source, s) == NOTHING &&
		    collides(target, source, s))
			rc = make_new(m, s);
	}
	return rc;
}

int
rename_make(struct renames of[2], struct side *target, struct side *source)
{
	struct making m = { .of = of, .target = target, .source = source };
	int i, rc;

	for (i = 0; i < 2; i++) {
		of[i].table.n = of[i].derived.n = 0;
		of[i].used = 0;
	}
	rc = make_all(&m);
	if (rc == 0 && (keyindex_sort(&of[0].table) == -1 ||
	    keyindex_sort(&of[1].table) == -1 ||
	    keyindex_sort(&of[1].derived) == -1))
		rc = -1;
	free(m.old.list);
	free(m.new.list);
	buf_free(&m.line);
	return rc;
}
