/* SPDX-License-Identifier: ISC */
/*
 * The variables of a stream.
 */
#include "vars/table.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/diag.h"
#include "base/hash.h"
#include "base/placeholder.h"
#include "json/string.h"
#include "json/tape.h"
#include "map/map.h"
#include "map/variable.h"
#include "stream/record.h"
#include "value/locate.h"
#include "vars/vars_priv.h"

/* what is known of a kind: table.kinds */
enum { KIND_UNKNOWN, KIND_NONE, KIND_VALUES };

/* a row that says something of a value */
struct said {
	uint32_t token;
	const struct map_row *row;
	int secret;	/* a row "secret" */
};

/* ---- names */

static uint32_t
find(const struct table *t, const struct hashset *s, struct slice text,
    size_t skip, uint32_t *second)
{
	uint64_t hash = hash_bytes(text.p, text.n);
	uint32_t i, first = TABLE_NONE;
	struct slice name;
	size_t at = 0;

	while ((i = hashset_next(s, hash, &at)) != HASHSET_NONE) {
		name = table_name(t, i);
		if (skip) {
			const char *dot = memchr(name.p, '.', name.n);

			name.n -= (size_t)(dot + 1 - name.p);
			name.p = dot + 1;
		}
		if (!slice_same(name, text))
			continue;
		if (first != TABLE_NONE) {
			*second = i;
			break;
		}
		first = i;
	}
	return first;
}

uint32_t
table_find(const struct table *t, struct slice name)
{
	uint32_t second;

	return find(t, &t->names, name, 0, &second);
}

uint32_t
table_find_short(const struct table *t, struct slice text, int *several)
{
	uint32_t second = TABLE_NONE, i;

	i = find(t, &t->shorts, text, 1, &second);
	*several = second != TABLE_NONE;
	return *several ? TABLE_NONE : i;
}

/* a word of a name, given as it stands in a JSON string */
static void
put_word(struct buf *b, struct slice raw)
{
	buf_addc(b, '.');
	string_decode(b, raw.p, raw.n);
}

/* what tells an element of an array from the others: a member, or its number */
static void
put_element(struct buf *b, const struct tape *t, uint32_t element,
    const char *by)
{
	uint32_t token = tape_member(t, element, by);

	if (token != TAPE_NONE && t->tokens[token].type == TAPE_STRING)
		put_word(b, tape_text(t, token));
	else
		buf_printf(b, ".%u", (unsigned)t->tokens[element].index);
}

/* what the stars of a path stand for that leads to a token */
static void
put_stars(struct buf *b, const struct tape *t, uint32_t token,
    const struct map_variable *v, size_t npath)
{
	const char *slash = memrchr(v->path, '/', npath);
	size_t from = slash == NULL ? 0 : (size_t)(slash + 1 - v->path);

	if (slash != NULL)
		put_stars(b, t, t->tokens[token].parent, v, from - 1);
	if (npath - from != 1)
		return;
	if (v->path[from] == '*')
		put_word(b, tape_key(t, token));
	else if (v->path[from] == '-')
		put_element(b, t, token, v->by);
}

/* the name of a value into table.name; how much of it is its base */
static size_t
make_name(struct vars *w, const struct record *r, const struct said *s)
{
	struct buf *b = &w->table.name;
	struct slice id = record_text(r, RECORD_ID);
	struct map_variable v;
	const char *found;
	size_t nbase;

	map_variable_read(&v, s->row, &found);
	b->len = 0;
	buf_adds(b, v.word);
	if (id.p == NULL)
		id = record_text(r, RECORD_NAME);
	if (id.p != NULL && !slice_is(id, v.word))
		put_word(b, id);
	nbase = b->len;
	if (v.suffix != NULL)
		put_word(b, (struct slice){ v.suffix, strlen(v.suffix) });
	put_stars(b, &w->tape, s->token, &v, strlen(v.path));
	if (b->len == strlen(v.word))
		put_word(b, record_text(r, RECORD_KIND));
	return nbase;
}

/* no two have one name */
static void
make_unique(struct table *t)
{
	size_t n = t->name.len;
	uint32_t first = table_find(t, (struct slice){ t->name.ptr, n });
	uint32_t *repeats;

	if (first == TABLE_NONE)
		return;
	repeats = &table_at(t, first)->repeats;
	do {
		t->name.len = n;
		buf_printf(&t->name, "#%" PRIu32, ++*repeats + 1);
	} while (table_find(t, (struct slice){ t->name.ptr,
	    t->name.len }) != TABLE_NONE);
}

/* ---- values */

/* whether a kind's rows say anything of values */
static int
has_values(struct vars *w, const struct record *r, uint32_t node)
{
	struct slice name = record_text(r, RECORD_KIND);
	size_t kind = graph_node(&w->graph, node)->kind, at = 0;
	struct buf *known = &w->table.kinds;
	const struct map_kind *k;
	char *is;

	if (kind >= known->len)
		buf_fill(known, KIND_UNKNOWN, kind + 1 - known->len);
	is = known->ptr + kind;
	if (*is != KIND_UNKNOWN)
		return *is == KIND_VALUES;
	*is = KIND_NONE;
	while ((k = map_next_kind(w->map, name, &at)) != NULL) {
		if (map_kind_row(k, "variable") != NULL ||
		    map_kind_row(k, "secured") != NULL ||
		    map_kind_row(k, "secret") != NULL)
			*is = KIND_VALUES;
	}
	return *is == KIND_VALUES;
}

/* whether a member of an object has one of these values */
static int
has_member(const struct tape *t, uint32_t object, const char *key,
    char *const *values, size_t n)
{
	uint32_t token = tape_member(t, object, key);
	struct slice is;

	if (token == TAPE_NONE)
		return 0;
	is = t->tokens[token].type == TAPE_STRING ? tape_text(t, token) :
	    tape_bytes(t, token);
	return map_among(values, n, is.p, is.n);
}

/* whether a row holds of a value that it names */
static int
holds(const struct vars *w, const struct spot *s)
{
	const struct map_row *row = s->row;
	const struct tape *t = &w->tape;
	struct map_variable v;
	const char *found;
	size_t n;

	if (s->token == TAPE_NONE || t->tokens[s->token].type <= TAPE_ARRAY)
		return 0;
	if (s->what == SPOT_VARIABLE) {
		map_variable_read(&v, row, &found);
		return v.key == NULL || (s->token != 0 && has_member(t,
		    t->tokens[s->token].parent, v.key, v.values, v.nvalues));
	}
	for (n = 0; n < row->nargs && strcmp(row->args[n], "if") != 0; n++)
		continue;
	return s->part < n && (n + 1 >= row->nargs || has_member(t, 0,
	    row->args[n + 1], row->args + n + 2, row->nargs - n - 2));
}

static int
compare_said(const void *a, const void *b)
{
	const struct said *x = a, *y = b;

	if (x->token != y->token)
		return x->token < y->token ? -1 : 1;
	if (x->secret != y->secret)
		return x->secret - y->secret;
	return x->row->line < y->row->line ? -1 : x->row->line > y->row->line;
}

/* what the rows say of the record's values, into w->text; how many */
static size_t
find_said(struct vars *w, const struct record *r)
{
	size_t n = locate_find(w->spots, r, &w->tape, SPOT_VARIABLE |
	    SPOT_SECRET), i;
	const struct spot *spot;
	struct said s;

	w->text.len = 0;
	for (i = 0; i < n; i++) {
		spot = locate_at(w->spots, i);
		if (!holds(w, spot))
			continue;
		s = (struct said){ spot->token, spot->row,
		    spot->what == SPOT_SECRET };
		buf_add(&w->text, &s, sizeof(s));
	}
	n = w->text.len / sizeof(s);
	if (n > 0)
		qsort(w->text.ptr, n, sizeof(s), compare_said);
	return n;
}

/* whether a text has nothing but characters of a set, from p to end */
static int
only(const char *p, const char *end, const char *set)
{
	while (p < end && *p != '\0' && strchr(set, *p) != NULL)
		p++;
	return p == end;
}

/*
 * Whether a secured value is not there: taken out before, asterisks and the
 * like, or nothing but a reference to where it is, {{env.token}}; also as
 * "Bearer {{env.token}}".
 * One that only has such a thing in it may well be a password.
 */
static int
is_hidden(struct slice s)
{
	static const char *const schemes[] = { "Bearer ", "Basic ", "Token " };
	static const char names[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:-";
	size_t i, n, at = 0;
	uint64_t number;

	if (s.n > 0 && placeholder_next(s, &at, &number) == s.n)
		return 1;
	for (i = 0; i < sizeof(schemes) / sizeof(*schemes); i++) {
		n = strlen(schemes[i]);
		if (s.n > n && strncasecmp(s.p, schemes[i], n) == 0) {
			s.p += n;
			s.n -= n;
			break;
		}
	}
	if (s.n > 4 && memcmp(s.p, "{{", 2) == 0 &&
	    memcmp(s.p + s.n - 2, "}}", 2) == 0)
		return only(s.p + 2, s.p + s.n - 2, names);
	if (s.n > 3 && memcmp(s.p, "${", 2) == 0 && s.p[s.n - 1] == '}')
		return only(s.p + 2, s.p + s.n - 1, names);
	return only(s.p, s.p + s.n, "*xX.-");
}

static enum variable_state
state_of(const struct tape *t, uint32_t token, int secured)
{
	struct slice s = tape_text(t, token);

	if (tape_empty(t, token))
		return VARIABLE_EMPTY;
	if (t->tokens[token].type != TAPE_STRING || !secured)
		return VARIABLE_SET;
	return is_hidden(s) ? VARIABLE_HIDDEN : VARIABLE_SET;
}

/* a variable more, called as table.name says */
static uint32_t
add_variable(struct vars *w, uint32_t node, size_t nbase,
    const struct table_value *value)
{
	struct table *t = &w->table;
	struct variable v = { .node = node, .nbase = nbase,
	    .secured = (uint8_t)value->secured,
	    .state = (uint8_t)value->state };
	uint32_t i = table_count(t);
	const char *dot;

	make_unique(t);
	v.name = t->texts.len;
	v.nname = t->name.len;
	buf_add(&t->texts, t->name.ptr, t->name.len);
	v.pointer = t->texts.len;
	tape_pointer(&w->tape, value->token, &t->texts);
	v.npointer = t->texts.len - v.pointer;
	hashset_put(&t->names, hash_bytes(t->name.ptr, t->name.len), i);
	dot = (const char *)memchr(t->name.ptr, '.', t->name.len) + 1;
	hashset_put(&t->shorts, hash_bytes(dot, t->name.len -
	    (size_t)(dot - t->name.ptr)), i);
	buf_add(&t->list, &v, sizeof(v));
	return i;
}

/* the first variable of a node, or where it would be */
static uint32_t
first_of(const struct table *t, uint32_t node)
{
	uint32_t low = 0, high = table_count(t), middle;

	while (low < high) {
		middle = low + (high - low) / 2;
		if (table_at(t, middle)->node < node)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* the values of a record, whose variables are in the table, or (new) not yet */
static long
look(struct vars *w, const struct record *r, uint32_t node, int new)
{
	const struct place at = graph_place(w->in, node);
	struct table_value v;
	const struct said *s;
	uint32_t next;
	size_t n, i, k, nbase;

	w->table.values.len = 0;
	if (r->kind != RECORD_COMPONENT || !has_values(w, r, node))
		return 0;
	if (record_read_value(&w->tape, w->diag, r, &at) == -1)
		return -1;
	n = find_said(w, r);
	s = buf_at(&w->text, 0);
	next = first_of(&w->table, node);
	for (i = 0; i < n; i = k) {
		v = (struct table_value){ s[i].token, TABLE_NONE,
		    s[i].secret, VARIABLE_EMPTY };
		for (k = i; k < n && s[k].token == s[i].token; k++)
			v.secured |= s[k].secret || (k == i &&
			    row_is(s[k].row, "secured"));
		v.state = state_of(&w->tape, v.token, v.secured);
		if (!s[i].secret && !new)
			v.variable = next++;
		if (!s[i].secret && new) {
			nbase = make_name(w, r, &s[i]);
			v.variable = add_variable(w, node, nbase, &v);
		}
		buf_add(&w->table.values, &v, sizeof(v));
	}
	return (long)(w->table.values.len / sizeof(v));
}

int
table_add(struct vars *w, const struct record *r, uint32_t node)
{
	return look(w, r, node, 1) == -1 ? -1 : 0;
}

long
table_look(struct vars *w, const struct record *r, uint32_t node)
{
	return look(w, r, node, 0);
}

void
table_free(struct table *t)
{
	buf_free(&t->list);
	buf_free(&t->texts);
	hashset_free(&t->names);
	hashset_free(&t->shorts);
	buf_free(&t->kinds);
	buf_free(&t->values);
	buf_free(&t->name);
}
