/* SPDX-License-Identifier: ISC */
/*
 * A component some of whose references have lost what they referred to.
 *
 * The value's edits are gathered from the spots of what is lost and made at
 * once; then the envelope is derived from the new value.
 */
#include "value/repair.h"

#include <string.h>

#include "json/string.h"
#include "map/map.h"
#include "stream/list.h"
#include "value/locate.h"
#include "value/revise_priv.h"

/* the lists in words: members added; parts and tokens dropped */
enum { ADDED, GONE, DROPPED };

/* what a row without "lost" does at a spot: as its form says */
static enum map_repair
unsaid(const struct tape *t, const struct spot *p, enum record_field list)
{
	const struct tape_token *k;

	if (p->token == TAPE_NONE || p->token == 0)
		return REPAIR_RECORD;
	k = &t->tokens[p->token];
	if (p->form->lost == FORM_MEMBER)
		return REPAIR_MEMBER;
	if (p->form->lost == FORM_PLAIN || (p->form->lost == FORM_AMONG &&
	    (p->from > k->start + 1 || p->to + 1 < k->end)))
		return REPAIR_PLAIN;
	return list == RECORD_NEEDS ||
	    t->tokens[k->parent].type == TAPE_ARRAY ? REPAIR_ELEMENT :
	    REPAIR_MEMBER;
}

/* the token, or what is around it, that is an element of an array */
static uint32_t
element_of(const struct tape *t, uint32_t i)
{
	uint32_t parent;

	for (; (parent = t->tokens[i].parent) != TAPE_NONE; i = parent) {
		if (t->tokens[parent].type == TAPE_ARRAY)
			return i;
	}
	return TAPE_NONE;
}

/* what is around a token as deep as a path has steps, if it is an element */
static uint32_t
element_at(const struct tape *t, uint32_t i, const char *path)
{
	size_t depth = 0, steps = 1;
	uint32_t up;

	for (up = i; t->tokens[up].parent != TAPE_NONE;
	    up = t->tokens[up].parent)
		depth++;
	for (; (path = strchr(path, '/')) != NULL; path++)
		steps++;
	for (; depth > steps; depth--)
		i = t->tokens[i].parent;
	up = t->tokens[i].parent;
	return depth == steps && up != TAPE_NONE &&
	    t->tokens[up].type == TAPE_ARRAY ? i : TAPE_NONE;
}

/* append a value of the map: a word of JSON or a number as it is, else text */
static void
put_value(struct buf *b, const char *word)
{
	struct text_error e;
	struct tape t = {0};

	if (tape_read(&t, word, strlen(word), &e) == 0 && t.n == 1 &&
	    t.tokens[0].type >= TAPE_NUMBER) {
		buf_adds(b, word);
	} else {
		buf_addc(b, '"');
		string_encode(b, word, strlen(word));
		buf_addc(b, '"');
	}
	tape_free(&t);
}

/* put the text at hand in the place of a token */
static void
replace_token(struct reviser *m, uint32_t i)
{
	const struct tape_token *k = &m->tape.tokens[i];

	edit_replace(&m->patch, k->start, k->end - k->start, m->text.ptr,
	    m->text.len);
}

/* set members of the component to the map's values */
static const char *
set_members(struct reviser *m, const struct map_lost *lost)
{
	const char *key;
	uint32_t i;
	size_t j;

	if (m->tape.tokens[0].type != TAPE_OBJECT)
		return NULL;
	m->said.len = 0;
	buf_adds(&m->said, "set");
	for (j = 0; j + 1 < lost->nset; j += 2) {
		key = lost->set[j];
		m->text.len = 0;
		put_value(&m->text, lost->set[j + 1]);
		buf_printf(&m->said, "%s %s to %s", j > 0 ? "," : "", key,
		    buf_str(&m->text));
		if ((i = tape_member(&m->tape, 0, key)) != TAPE_NONE) {
			replace_token(m, i);
		} else if (hashset_add(&m->words, ADDED, key,
		    strlen(key))) {
			edit_member(&m->patch, &m->tape, 0, key,
			    m->text.ptr, m->text.len);
		}
	}
	return buf_str(&m->said);
}

static void
drop_token(struct reviser *m, uint32_t i)
{
	edit_drop(&m->patch, &m->tape, i);
	hashset_add(&m->words, DROPPED, (const char *)&i, sizeof(i));
}

/*
 * Make the edits of one repair.  What was done, in words; NULL: nothing.  drop
 * is set if the component itself is to be dropped.
 */
static const char *
edit_spot(struct reviser *m, const struct spot *p, const struct map_lost *lost,
    enum map_repair how, int *drop)
{
	const struct tape *t = &m->tape;
	uint32_t i = TAPE_NONE;

	if (how == REPAIR_KEEP)
		return NULL;
	if (how == REPAIR_MEMBERS)
		return set_members(m, lost);
	if (how == REPAIR_RECORD || ((p->token == TAPE_NONE ||
	    p->token == 0) && (how == REPAIR_MEMBER ||
	    how == REPAIR_ELEMENT))) {
		*drop = 1;
		return "component dropped";
	}
	if (p->token == TAPE_NONE)
		return NULL;
	if (how == REPAIR_VALUE) {
		m->text.len = 0;
		put_value(&m->text, lost->set[0]);
		replace_token(m, p->token);
		m->said.len = 0;
		buf_printf(&m->said, "set to %s", buf_str(&m->text));
		return buf_str(&m->said);
	}
	if (how == REPAIR_PLAIN) {
		if (!p->form->inside)
			return NULL;
		edit_replace(&m->patch, p->from, p->to - p->from,
		    t->text + p->at, p->n);
		return "left as plain text";
	}
	if (how == REPAIR_ELEMENT && lost->path != NULL)
		i = element_at(t, p->token, lost->path);
	if (how == REPAIR_ELEMENT && i == TAPE_NONE)
		i = element_of(t, p->token);
	if (i == TAPE_NONE)
		i = p->token;
	drop_token(m, i);
	return t->tokens[i].key == TAPE_NONE ? "element dropped" :
	    "member dropped";
}

/* whether the envelope has anything that is lost */
static int
any_lost(const struct record *r, const struct repair_ask *ask)
{
	enum record_field f;
	struct slice item;
	size_t at;

	for (f = RECORD_NEEDS; f <= RECORD_REFS; f++) {
		for (at = 0; list_next(r->field[f], &at, &item); ) {
			item = list_reference(item);
			if (ask->lost(ask->ctx, item.p, item.n))
				return 1;
		}
	}
	return 0;
}

/* deeper than this nothing is pointed at: it would be made to take long */
#define POINTED 1024

/* report a repair, if it is asked for */
static void
report_repair(struct reviser *m, const struct record *r,
    const struct repair_ask *ask, const struct spot *p, const char *what)
{
	unsigned depth = 0;
	uint32_t i;

	if (ask->report == NULL)
		return;
	for (i = p->token; i != TAPE_NONE && depth <= POINTED; depth++)
		i = m->tape.tokens[i].parent;
	m->text.len = 0;
	if (p->token != TAPE_NONE && depth <= POINTED)
		tape_pointer(&m->tape, p->token, &m->text);
	ask->report(ask->ctx, r, p->text.p, p->text.n, what, buf_str(&m->text));
}

/* keep the word that refers to a dropped part inside the component */
static void
keep_part(struct reviser *m, const struct spot *p)
{
	struct slice s;
	uint32_t i;

	i = tape_member(&m->tape, p->token, p->row->args[1]);
	if (i == TAPE_NONE || (s = tape_text(&m->tape, i)).n == 0)
		return;
	m->text.len = 0;
	string_canon(&m->text, s.p, s.n);
	hashset_add(&m->words, GONE, m->text.ptr, m->text.len);
}

/* the row that a spot of SPOT_INNER_LINK is of, compiled */
static const struct map_lost *
link_of(const struct reviser *m, const struct spot *p)
{
	const struct map_kind *k = locate_kind(m->spots);
	size_t i;

	for (i = 0; i + 1 < k->ninner_links; i++) {
		if (k->inner_links[i].row == p->row)
			break;
	}
	return &k->inner_links[i].lost;
}

/* whether a token, or what it stands in, was dropped */
static int
is_dropped(const struct reviser *m, uint32_t i)
{
	for (; i != TAPE_NONE; i = m->tape.tokens[i].parent) {
		if (hashset_has(&m->words, DROPPED, (const char *)&i,
		    sizeof(i)))
			return 1;
	}
	return 0;
}

/* of n spots, repair those that refer to parts that were dropped */
static void
unlink_parts(struct reviser *m, size_t n, int *drop)
{
	const struct map_lost *lost;
	const struct spot *p;
	size_t i;

	for (i = 0; i < n; i++) {
		p = locate_at(m->spots, i);
		if (p->what != SPOT_INNER_LINK || is_dropped(m, p->token) ||
		    !hashset_has(&m->words, GONE, p->text.p, p->text.n))
			continue;
		lost = link_of(m, p);
		(void)edit_spot(m, p, lost, lost->repair, drop);
	}
}

/* parts that were dropped with what they had lost, and what refers to them */
static void
follow_parts(struct reviser *m, size_t n, int *drop)
{
	const struct spot *p;
	size_t i;

	for (i = 0; i < n; i++) {
		p = locate_at(m->spots, i);
		if (p->what == SPOT_INNER && p->token != 0 &&
		    is_dropped(m, p->token))
			keep_part(m, p);
	}
	unlink_parts(m, n, drop);
}

int
repair(struct reviser *m, const struct record *r, const struct repair_ask *ask,
    struct buf *line)
{
	const struct spot *p;
	const struct map_ref *ref;
	const char *what;
	size_t n, i;
	int drop = 0;

	if (!any_lost(r, ask))
		return REPAIRED_NONE;
	if (revise_begin(m, r, ask->place) == -1)
		return -1;
	n = locate_find(m->spots, r, &m->tape, SPOT_REF | SPOT_INNER |
	    SPOT_INNER_LINK);
	for (i = 0; i < n && !drop; i++) {
		p = locate_at(m->spots, i);
		ref = p->ref;
		if (ref == NULL || ref->list == RECORD_OWNER ||
		    !ask->lost(ask->ctx, p->text.p, p->text.n))
			continue;
		what = edit_spot(m, p, &ref->lost,
		    ref->lost.repair != REPAIR_UNSAID ? ref->lost.repair :
		    unsaid(&m->tape, p, ref->list), &drop);
		if (what != NULL)
			report_repair(m, r, ask, p, what);
	}
	if (!drop)
		follow_parts(m, n, &drop);
	if (drop)
		return REPAIRED_DROP;
	return revise_end(m, r, ask->place, line);
}

/* the status of an inner part, as its row says; p NULL: it has none */
static struct slice
inner_status(struct reviser *m, const struct spot *p)
{
	const struct map_row *r = p->row;
	struct slice s = {0};
	const char *word;
	uint32_t i = TAPE_NONE;
	size_t j;

	for (j = 2; j < r->nargs; j += 2) {
		i = tape_member(&m->tape, p->token, r->args[j]);
		if (i != TAPE_NONE && tape_text(&m->tape, i).n > 0)
			break;
	}
	if (j >= r->nargs)
		return s;
	s = tape_text(&m->tape, i);
	m->text.len = 0;
	string_canon(&m->text, s.p, s.n);
	word = map_word(m->map, "status", m->text.ptr, m->text.len);
	if (word != NULL)
		return (struct slice){ word, strlen(word) };
	return (struct slice){ m->text.ptr, m->text.len };
}

/* drop the parts of a status that is unwanted; whether there were any */
static int
drop_parts(struct reviser *m, const struct record *r,
    const struct repair_inner *ask, size_t n)
{
	const struct spot *p;
	struct slice status;
	struct buf pointer = {0};
	size_t i;

	for (i = 0; i < n; i++) {
		p = locate_at(m->spots, i);
		if (p->what != SPOT_INNER || p->token == 0)
			continue;
		status = inner_status(m, p);
		if (status.p == NULL ||
		    !ask->unwanted(ask->ctx, status.p, status.n))
			continue;
		drop_token(m, p->token);
		if (ask->report != NULL) {
			pointer.len = 0;
			tape_pointer(&m->tape, p->token, &pointer);
			ask->report(ask->ctx, r, status.p, status.n,
			    buf_str(&pointer));
		}
		keep_part(m, p);
	}
	buf_free(&pointer);
	return !edit_none(&m->patch);
}

/* the row of a kind with a word, or NULL */
static const struct map_row *
row_of(const struct map *map, const char *kind, size_t n, const char *word)
{
	const struct map_row *r = NULL;
	const struct map_kind *k;
	size_t at = 0;

	while (r == NULL && (k = map_next_kind(map, (struct slice){ kind, n },
	    &at)) != NULL)
		r = map_kind_row(k, word);
	return r;
}

int
repair_inner(struct reviser *m, const struct record *r,
    const struct repair_inner *ask, struct buf *line)
{
	struct slice kind = record_text(r, RECORD_KIND);
	size_t n;
	int drop = 0;

	if (row_of(m->map, kind.p, kind.n, "inner") == NULL)
		return REPAIRED_NONE;
	if (revise_begin(m, r, ask->place) == -1)
		return -1;
	n = locate_find(m->spots, r, &m->tape, SPOT_INNER |
	    SPOT_INNER_LINK);
	if (!drop_parts(m, r, ask, n))
		return REPAIRED_NONE;
	unlink_parts(m, n, &drop);
	if (drop)
		return REPAIRED_DROP;
	return revise_end(m, r, ask->place, line);
}

/* whether a text has an escape that may stand for a letter of a name */
static int
has_spelled(struct slice text)
{
	const char *p = text.p, *end = p + text.n;

	for (; p < end && (p = memchr(p, '\\', (size_t)(end - p))) != NULL;
	    p += 2) {
		if (p + 1 < end && (p[1] == 'u' || p[1] == '/'))
			return 1;
	}
	return 0;
}

/* add a name (a slice) to those that there are, once */
static void
add_name(struct buf *names, const struct slice *name)
{
	size_t i, n = names->len / sizeof(*name);

	for (i = 0; i < n; i++) {
		if (slice_same(*(struct slice *)buf_item(names, i,
		    sizeof(*name)), *name))
			return;
	}
	buf_add(names, name, sizeof(*name));
}

/* the names of the members by which a kind's inner parts have a status */
static void
find_names(struct reviser *m, struct slice kind)
{
	const struct map_row *row;
	const struct map_kind *k;
	struct slice name;
	size_t at = 0, j;

	if (m->named != NULL && slice_is(kind, m->named->name))
		return;
	m->names.len = 0;
	while ((k = map_next_kind(m->map, kind, &at)) != NULL) {
		m->named = k;
		for (row = NULL; (row = map_kind_next_row(k, "inner", row)) !=
		    NULL; ) {
			for (j = 2; j < row->nargs; j += 2) {
				name = (struct slice){ row->args[j],
				    strlen(row->args[j]) };
				add_name(&m->names, &name);
			}
		}
	}
}

int
repair_may_have_inner(struct reviser *m, const struct record *r)
{
	struct slice value = r->field[RECORD_VALUE];

	if (value.p == NULL || has_spelled(value))
		return 1;
	find_names(m, record_text(r, RECORD_KIND));
	return tape_has_name(value, buf_at(&m->names, 0),
	    m->names.len / sizeof(struct slice));
}

const char *
repair_counted(const struct map *map, const char *kind, size_t n)
{
	const struct map_row *r = row_of(map, kind, n, "count");

	return r == NULL ? NULL : r->args[1];
}

int
repair_count(struct reviser *m, const struct record *r, const char *counted,
    uint64_t was, uint64_t is, int other, const struct place *place,
    struct buf *line)
{
	struct slice kind = record_text(r, RECORD_KIND);
	const struct map_row *row = row_of(m->map, kind.p, kind.n, "count");
	uint32_t i;

	if (row == NULL || strcmp(row->args[1], counted) != 0)
		return REPAIRED_NONE;
	if (revise_begin(m, r, place) == -1)
		return -1;
	if (m->tape.tokens[0].type != TAPE_OBJECT)
		return REPAIRED_NONE;
	m->text.len = 0;
	buf_printf(&m->text, "%llu", (unsigned long long)is);
	if ((i = tape_member(&m->tape, 0, row->args[0])) == TAPE_NONE) {
		if (is == 0 || (was > 0 && !other))
			return REPAIRED_NONE;
		edit_member(&m->patch, &m->tape, 0, row->args[0],
		    m->text.ptr, m->text.len);
	} else if (was == is) {
		return REPAIRED_NONE;
	} else if (is == 0) {
		edit_drop(&m->patch, &m->tape, i);
	} else {
		replace_token(m, i);
	}
	return revise_end(m, r, place, line);
}
