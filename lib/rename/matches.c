/* SPDX-License-Identifier: ISC */
/*
 * Whom the names are of, and whether the new ones are free.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/diag.h"
#include "base/hash.h"
#include "base/suggest.h"
#include "graph/vocabulary.h"
#include "map/map.h"
#include "rename/asked.h"
#include "rename/renaming.h"
#include "rename/renaming_priv.h"
#include "stream/list.h"
#include "stream/record.h"

/* by which word a record was met; an id counts more than a name */
enum match_how { BY_ID, BY_NAME, BY_NAMES, BY_PREFIX };

/* so many of those that have a name are named */
#define SHOWN 5

/* what is looked up in tables: two texts, and what they are */
static uint64_t
hash_of(struct renaming *w, char what, struct slice a, struct slice b)
{
	w->text.len = 0;
	buf_addc(&w->text, what);
	buf_add(&w->text, a.p, a.n);
	buf_addc(&w->text, '\0');
	buf_add(&w->text, b.p, b.n);
	return hash_bytes(w->text.ptr, w->text.len);
}

static struct slice
slice_of(const char *text)
{
	return (struct slice){ text, strlen(text) };
}

/* whether any name of this kind is asked for */
static int
is_kind(struct renaming *w, struct slice kind)
{
	uint64_t hash = hash_of(w, 'k', kind, (struct slice){0});
	size_t at = 0;
	uint32_t i;

	while ((i = hashset_next(&w->asked_table, hash, &at)) !=
	    HASHSET_NONE) {
		if (slice_is(kind, w->options->asked->list[i].kind))
			return 1;
	}
	return 0;
}

/* note that names of this kind are asked for, once */
static void
add_kind(struct renaming *w, struct slice kind, uint32_t i)
{
	if (is_kind(w, kind))
		return;
	hashset_put(&w->asked_table, hash_of(w, 'k', kind,
	    (struct slice){0}), i);
	w->mentions |= relabel_mentions(w->relabeler, kind);
}

void
matches_begin(struct renaming *w)
{
	const struct asked *asked = w->options->asked;
	const struct asked_name *a;
	const struct slice none = {0};
	size_t i;

	for (i = 0; i < asked->n; i++) {
		a = &asked->list[i];
		hashset_put(&w->asked_table, hash_of(w, a->old == NULL ? 'p' :
		    'n', slice_of(a->kind), a->old == NULL ? none :
		    slice_of(a->old)), (uint32_t)i);
		add_kind(w, slice_of(a->kind), (uint32_t)i);
	}
}

/* all that ask for a word of a kind (p NULL: for the kind as a whole) */
static void
match(struct renaming *w, struct slice kind, struct slice word, int how,
    uint32_t node)
{
	const struct asked_name *a;
	uint64_t hash = hash_of(w, word.p == NULL ? 'p' : 'n', kind, word);
	struct match m = { .node = node, .how = how };
	size_t at = 0;
	uint32_t i;

	while ((i = hashset_next(&w->asked_table, hash, &at)) !=
	    HASHSET_NONE) {
		a = &w->options->asked->list[i];
		if (!slice_is(kind, a->kind) || (word.p == NULL) !=
		    (a->old == NULL) || (word.p != NULL &&
		    !slice_is(word, a->old)))
			continue;
		m.asked = i;
		buf_add(&w->matches, &m, sizeof(m));
	}
}

/* two ids that differ by case alone are one, where files are called so */
static uint64_t
id_key(struct renaming *w, struct slice kind, struct slice id)
{
	size_t i, from;

	hash_of(w, 'i', kind, id);
	from = w->text.len - id.n;
	for (i = from; w->map->percent && i < w->text.len; i++) {
		if (w->text.ptr[i] >= 'A' && w->text.ptr[i] <= 'Z')
			w->text.ptr[i] |= 0x20;
	}
	return keyindex_hash("", 0, w->text.ptr, w->text.len);
}

/* a name is one among what belongs to the same, in one language */
static uint64_t
name_key(struct renaming *w, struct slice kind, struct slice name,
    struct slice owner, struct slice lang)
{
	hash_of(w, 'c', kind, name);
	buf_addc(&w->text, '\0');
	buf_add(&w->text, owner.p, owner.n);
	buf_addc(&w->text, '\0');
	buf_add(&w->text, lang.p, lang.n);
	return keyindex_hash("", 0, w->text.ptr, w->text.len);
}

int
matches_add(struct renaming *w, const struct record *r, uint32_t node)
{
	struct slice kind = record_text(r, RECORD_KIND), item;
	struct slice id = record_text(r, RECORD_ID);
	struct slice name = record_text(r, RECORD_NAME);
	size_t at = 0;

	if (!is_kind(w, kind))
		return 0;
	match(w, kind, (struct slice){0}, BY_PREFIX, node);
	if (id.p != NULL) {
		match(w, kind, id, BY_ID, node);
		if (keyindex_add(&w->taken, id_key(w, kind, id), node) == -1)
			return -1;
	}
	while (list_next(r->field[RECORD_NAMES], &at, &item))
		match(w, kind, item, BY_NAMES, node);
	if (name.p == NULL)
		return 0;
	match(w, kind, name, BY_NAME, node);
	return keyindex_add(&w->taken, name_key(w, kind, name,
	    r->field[RECORD_OWNER], record_text(r, RECORD_LANG)), node);
}

/* keep a text */
static struct renamed_text
keep(struct renaming *w, struct slice s)
{
	struct renamed_text t = { w->texts.len, s.n };

	buf_add(&w->texts, s.p, s.n);
	return t;
}

static const struct asked_name *
asked_at(const struct renaming *w, size_t i)
{
	return &w->options->asked->list[i];
}

/* say that a component cannot be renamed */
static int
refuse(struct renaming *w, uint32_t node, const struct record *r,
    struct slice name, const char *why)
{
	const struct place at = graph_place(w->in, node);
	struct slice kind = record_text(r, RECORD_KIND);

	return diag_fail(w->diag, STATUS_FINDING, &at, "%.*s \"%.*s\": %s",
	    (int)kind.n, kind.p, (int)name.n, name.p, why);
}

/* the texts of a component that is renamed */
static void
fill(struct renaming *w, struct renamed *m, const struct record *r,
    struct slice old)
{
	const struct asked_name *a = asked_at(w, m->asked);
	struct slice id = record_text(r, RECORD_ID);

	m->kind = keep(w, record_text(r, RECORD_KIND));
	m->old = keep(w, old);
	m->new = (struct renamed_text){ .at = w->texts.len };
	buf_adds(&w->texts, a->new);
	if (a->old == NULL)
		buf_add(&w->texts, old.p, old.n);
	m->new.n = w->texts.len - m->new.at;
	m->owner = keep(w, r->field[RECORD_OWNER]);
	m->lang = keep(w, record_text(r, RECORD_LANG));
	m->id = m->new_id = keep(w, id);
	if (!m->is.id)
		return;
	w->text.len = 0;
	buf_add(&w->text, w->texts.ptr + m->new.at, m->new.n);
	m->new_id.at = w->texts.len;
	relabel_id(&w->texts, id, &m->is, (struct slice){ w->text.ptr,
	    w->text.len });
	m->new_id.n = w->texts.len - m->new_id.at;
}

/* a component gets another name; 0, or -1 after a message */
static int
rename_one(struct renaming *w, const struct match *match)
{
	const struct asked_name *a = asked_at(w, match->asked);
	const struct place at = graph_place(w->in, match->node);
	struct renamed m = { .node = match->node, .asked = match->asked,
	    .by = match->how == BY_NAMES ? RELABEL_NAMES : RELABEL_NAME };
	struct node *n = graph_node(&w->graph, m.node);
	struct record r;
	struct slice old, new;

	if (graph_read(&w->graph, w->in, m.node, &r) == -1)
		return -1;
	old = m.by == RELABEL_NAMES ? slice_of(a->old) :
	    record_text(&r, RECORD_NAME);
	if (old.p == NULL && a->old == NULL)
		return 0;	/* a prefix, and it has no name */
	if ((n->flags & RENAMED) != 0)
		return refuse(w, m.node, &r, old, "two new names are asked "
		    "for");
	if (old.p != NULL && relabel_look(w->relabeler, &r, m.by, old, &at,
	    &m.is) == -1)
		return -1;
	if (!m.is.there)
		return refuse(w, m.node, &r, old.p != NULL ? old :
		    record_text(&r, RECORD_ID), "its name is not a text in its "
		    "value, and cannot be changed there");
	if (m.is.alias)
		return refuse(w, m.node, &r, old, "its name is an alias, too, "
		    "and cannot be changed");
	fill(w, &m, &r, old);
	new = renaming_text(w, m.new);
	old = renaming_text(w, m.old);
	if (slice_same(old, new))
		return 0;
	if (map_builtin(w->map, a->kind, new.p, new.n))
		return refuse(w, m.node, &r, new, "the platform itself has "
		    "one of this name");
	/* what it adds to is the platform's; a prefix leaves it out */
	if (map_builtin(w->map, a->kind, old.p, old.n))
		return a->old == NULL ? 0 : refuse(w, m.node, &r, old,
		    "the name is the platform's own, and stays");
	n->flags |= RENAMED;
	if (m.is.id || m.is.names)
		n->flags |= RENAMED_ID;
	buf_add(&w->renamed, &m, sizeof(m));
	return 0;
}

/* the id, or the place, of a record that has a name, for a message */
static int
put_which(struct renaming *w, uint32_t node, struct buf *b)
{
	struct record r;
	struct slice id;

	if (graph_read(&w->graph, w->in, node, &r) == -1)
		return -1;
	id = record_text(&r, r.field[RECORD_ID].p != NULL ? RECORD_ID :
	    RECORD_AT);
	buf_printf(b, "%s\"%.*s\"", b->len > 0 ? ", " : "", (int)id.n, id.p);
	return 0;
}

/* several records have a name, and are no languages of one thing */
static int
fail_several(struct renaming *w, const struct match *m, size_t n)
{
	const struct asked_name *a = asked_at(w, m->asked);
	struct buf which = {0};
	size_t i;
	int rc = 0;

	for (i = 0; i < n && i < SHOWN && rc == 0; i++)
		rc = put_which(w, m[i].node, &which);
	if (rc == 0)
		diag_fail(w->diag, STATUS_FINDING, NULL, "%s \"%s\": %zu "
		    "have this name: give the id of one in its place: %s%s",
		    a->kind, a->old, n, buf_str(&which), i < n ? ", ..." :
		    "");
	buf_free(&which);
	return -1;
}

/* whether records with one name differ in their languages, each */
static int
are_languages(struct renaming *w, const struct match *m, size_t n)
{
	struct hashset langs = {0};
	struct record r;
	struct slice lang;
	size_t i;
	int rc = 1;

	for (i = 0; i < n && rc == 1; i++) {
		if (graph_read(&w->graph, w->in, m[i].node, &r) == -1)
			rc = -1;
		else if ((lang = record_text(&r, RECORD_LANG)).p == NULL ||
		    !hashset_add(&langs, 0, lang.p, lang.n))
			rc = 0;
	}
	hashset_free(&langs);
	return rc;
}

/* append what of the same kind has nearly that name; 0 or -1 */
static int
suggest(struct renaming *w, const struct asked_name *a, struct buf *say)
{
	uint32_t i, kind = graph_kind_number(&w->graph, a->kind,
	    strlen(a->kind));
	struct suggestion near = { .word = a->old };
	struct slice text;
	struct record r;
	int rc = 0;

	for (i = 0; rc == 0 && i < w->graph.n; i++) {
		if (graph_node(&w->graph, i)->type != RECORD_COMPONENT ||
		    graph_node(&w->graph, i)->kind != kind)
			continue;
		if ((rc = graph_read(&w->graph, w->in, i, &r)) == -1)
			break;
		if ((text = record_text(&r, RECORD_NAME)).p == NULL)
			text = record_text(&r, RECORD_ID);
		if (text.p != NULL)
			suggest_try(&near, text.p, text.n);
	}
	suggest_put(&near, say);
	suggest_free(&near);
	return rc;
}

/* no component has a name */
static int
fail_none(struct renaming *w, size_t i)
{
	const struct asked_name *a = asked_at(w, i);
	struct buf kinds = {0}, near = {0};

	if (!vocabulary_kind(w->map, a->kind) && graph_kind_number(&w->graph,
	    a->kind, strlen(a->kind)) == NOTHING) {
		vocabulary_kinds(w->map, &w->graph, a->kind, &kinds);
		diag_fail(w->diag, STATUS_FINDING, NULL, "there is no kind "
		    "\"%s\"%s", a->kind, buf_str(&kinds));
	} else if (a->old == NULL) {
		diag_fail(w->diag, STATUS_FINDING, NULL, "there is no %s",
		    a->kind);
	} else if (suggest(w, a, &near) == 0) {
		diag_fail(w->diag, STATUS_FINDING, NULL, "no %s is called "
		    "\"%s\"%s pkg-select --list --kind %s lists those that "
		    "there are", a->kind, a->old, near.len > 0 ?
		    buf_str(&near) : ":", a->kind);
	}
	buf_free(&kinds);
	buf_free(&near);
	return -1;
}

/* what one name asks for: n matches, the best first; 0 or -1 */
static int
take(struct renaming *w, const struct match *m, size_t n)
{
	size_t i, best;
	int rc = 0;

	for (best = 0; best < n && m[best].how == m[0].how; best++)
		continue;
	if (m[0].how == BY_NAME && best > 1) {
		if ((rc = are_languages(w, m, best)) == 0)
			return fail_several(w, m, best);
		rc = rc == -1 ? -1 : 0;
	}
	for (i = 0; i < best && rc == 0; i++)
		rc = rename_one(w, &m[i]);
	return rc;
}

static int
compare_matches(const void *a, const void *b)
{
	const struct match *m = a, *n = b;

	if (m->asked != n->asked)
		return m->asked < n->asked ? -1 : 1;
	if (m->how != n->how)
		return m->how - n->how;
	return m->node < n->node ? -1 : m->node > n->node;
}

static int
compare_renamed(const void *a, const void *b)
{
	const struct renamed *m = a, *n = b;

	return m->node < n->node ? -1 : m->node > n->node;
}

/* whether a key is that of a record that keeps it */
static uint32_t
find_taken(const struct renaming *w, uint64_t key)
{
	uint32_t k = keyindex_find(&w->taken, key);

	for (; k != NOTHING; k = keyindex_next(&w->taken, k)) {
		if ((graph_node(&w->graph, keyindex_at(&w->taken,
		    k)->node)->flags & RENAMED) == 0)
			return keyindex_at(&w->taken, k)->node;
	}
	return NOTHING;
}

/* whether a new word among names, such as keys, is there already */
static int
is_named(struct renaming *w, const struct renamed *m)
{
	struct slice kind = renaming_text(w, m->kind);
	struct slice new = renaming_text(w, m->new);

	return m->is.names && !m->is.id && keyindex_find(&w->graph.keys,
	    keyindex_hash(kind.p, kind.n, new.p, new.n)) != NOTHING;
}

/* say that a new name is another's */
static int
fail_taken(struct renaming *w, const struct renamed *m, uint32_t by)
{
	const struct place at = graph_place(w->in, m->node);
	struct slice kind = renaming_text(w, m->kind);
	struct slice old = renaming_text(w, m->old);
	struct slice new = renaming_text(w, m->new);
	struct buf which = {0};

	if (by != NOTHING && put_which(w, by, &which) == -1)
		return -1;
	diag_fail(w->diag, STATUS_FINDING, &at, "%.*s \"%.*s\" cannot be "
	    "called \"%.*s\": the name is taken%s%s%s", (int)kind.n, kind.p,
	    (int)old.n, old.p, (int)new.n, new.p, by != NOTHING ? " by " : "",
	    by != NOTHING ? buf_str(&which) : "", w->map->percent ? " (names "
	    "that differ only by case are one file on some systems)" : "");
	buf_free(&which);
	return -1;
}

/* new names are no one's, and no two get the same; 0 or -1 */
static int
check_taken(struct renaming *w)
{
	struct hashset new = {0};
	const struct renamed *m, *other;
	uint64_t key;
	uint32_t by, j;
	size_t i, at;
	int rc = 0;

	for (i = 0; i < renaming_count(w) && rc == 0; i++) {
		m = renaming_at(w, i);
		key = m->is.id ? id_key(w, renaming_text(w, m->kind),
		    renaming_text(w, m->new_id)) : name_key(w,
		    renaming_text(w, m->kind), renaming_text(w, m->new),
		    renaming_text(w, m->owner), renaming_text(w, m->lang));
		if ((by = find_taken(w, key)) != NOTHING || is_named(w, m))
			rc = fail_taken(w, m, by);
		at = 0;
		while (rc == 0 && (j = hashset_next(&new, key, &at)) !=
		    HASHSET_NONE) {
			other = renaming_at(w, j);
			if (!slice_same(renaming_text(w, m->old),
			    renaming_text(w, other->old)) || !slice_same(
			    renaming_text(w, m->id), renaming_text(w,
			    other->id)))
				rc = fail_taken(w, m, other->node);
			break;
		}
		hashset_put(&new, key, (uint32_t)i);
	}
	hashset_free(&new);
	return rc;
}

int
matches_end(struct renaming *w)
{
	const struct asked *asked = w->options->asked;
	struct match *m = buf_at(&w->matches, 0);
	size_t n = w->matches.len / sizeof(*m), i, from = 0, to;
	int rc = 0;

	if (n > 0)
		qsort(m, n, sizeof(*m), compare_matches);
	for (i = 0; i < asked->n; i++, from = to) {
		for (to = from; to < n && m[to].asked == i; to++)
			continue;
		if (to == from)
			rc |= fail_none(w, i);
		else
			rc |= take(w, m + from, to - from);
	}
	if (rc != 0)
		return -1;
	if (renaming_count(w) > 0)
		qsort(w->renamed.ptr, renaming_count(w),
		    sizeof(struct renamed), compare_renamed);
	if (keyindex_sort(&w->taken) == -1)
		return -1;
	return check_taken(w);
}
