/* SPDX-License-Identifier: ISC */
/*
 * Secured values, and what looks like a secret, are taken out of a stream,
 * wherever they stand and however they are spelled there.  Each spelling gets
 * a placeholder of its own, so that restore.c can put back the same bytes.
 *
 * All is done once for nothing, before the first line is written: a value in
 * a place that cannot be changed is found then.
 */
#include "vars/vars.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdlib.h>
#include <sys/stat.h>

#include "base/atomicfile.h"
#include "base/base64.h"
#include "base/diag.h"
#include "base/hash.h"
#include "base/lines.h"
#include "base/placeholder.h"
#include "base/secret.h"
#include "graph/closure.h"
#include "graph/emit.h"
#include "json/string.h"
#include "stream/record.h"
#include "stream/twopass.h"
#include "vars/needles.h"
#include "vars/vars_priv.h"
#include "vars/view.h"

/* what is taken out: a variable's value, or what was found */
struct taken {
	uint32_t variable;
	const char *what;	/* of what was found; borrowed */
};

/* a spelling of one, and its placeholder */
struct spelling {
	size_t at, n;		/* in texts: raw, as in a JSON string */
	int whole;		/* it was a number: no string */
	uint32_t taken;
};

/* where one stands in a line; then in a value */
struct found {
	size_t from, to;
	uint32_t taken;
};

struct redacting {
	struct vars *vars;
	struct needles needles;
	struct views views;
	struct buf taken;	/* of struct taken */
	struct buf spellings;	/* of struct spelling */
	struct buf texts;
	struct hashset known;	/* spellings by text */
	struct buf found;	/* of struct found: in the line at hand */
	uint64_t last;		/* the highest placeholder that was there */
	struct buf tail;	/* the end of a file's bytes so far ... */
	size_t longest;		/* ... of which so many may be of a spelling */
	struct buf text, word;
};

/* ---- what is to be taken out: the first pass */

static uint32_t
add_taken(struct redacting *x, uint32_t variable, const char *what)
{
	struct taken t = { variable, what };
	uint32_t i = (uint32_t)(x->taken.len / sizeof(t));

	buf_add(&x->taken, &t, sizeof(t));
	return i;
}

static void
add_needle(struct redacting *x, struct slice text, uint32_t taken)
{
	needles_add(&x->needles, text, taken);
	x->longest = text.n > x->longest ? text.n : x->longest;
}

/* the values of a record that are secured */
static void
note_values(struct redacting *x)
{
	struct vars *w = x->vars;
	size_t n = w->table.values.len / sizeof(struct table_value), i;
	const struct table_value *v;
	struct slice s;

	for (i = 0; i < n; i++) {
		v = table_value(&w->table, i);
		if (!v->secured || v->state != VARIABLE_SET)
			continue;
		s = w->tape.tokens[v->token].type == TAPE_STRING ?
		    tape_text(&w->tape, v->token) :
		    tape_bytes(&w->tape, v->token);
		x->text.len = 0;
		string_decode(&x->text, s.p, s.n);
		add_needle(x, (struct slice){ x->text.ptr, x->text.len },
		    add_taken(x, v->variable, "what is to be secret"));
	}
}

/* what has the shape of a secret, and placeholders that are there already */
static int
note_view(void *ctx, const struct view *v)
{
	struct redacting *x = ctx;
	struct slice text = { v->p, v->n }, secret;
	const char *what;
	size_t at = 0;
	uint64_t number;

	while ((what = secret_next(text, &at, &secret)) != NULL) {
		if (secret_is_clear(secret))
			add_needle(x, secret, add_taken(x, TABLE_NONE,
			    what));
		at = secret_behind(text, at, secret);
	}
	for (at = 0; placeholder_next(text, &at, &number) > 0; at++)
		x->last = number > x->last ? number : x->last;
	return 0;
}

static int
note(void *ctx, struct vars *w, const struct record *r, uint32_t node)
{
	struct redacting *x = ctx;

	if (node != NOTHING && r->kind == RECORD_COMPONENT)
		note_values(x);
	w->table.values.len = 0;
	view_each(&x->views, r->line.p, r->line.n, note_view, x);
	return 0;
}

/* ---- where it stands */

static void
add_found(struct redacting *x, size_t from, size_t to, uint32_t taken)
{
	struct found f = { from, to, taken };

	buf_add(&x->found, &f, sizeof(f));
}

static int
find_in_view(void *ctx, const struct view *v)
{
	struct redacting *x = ctx;
	struct needle_hit hit = {0};
	size_t from, to;

	for (; needles_next(&x->needles, (struct slice){ v->p, v->n }, &hit);
	    hit.at += hit.n) {
		view_source(v, hit.at, hit.n, &from, &to);
		add_found(x, from, to, hit.number);
	}
	return 0;
}

static int
compare_found(const void *a, const void *b)
{
	const struct found *x = a, *y = b;

	if (x->from != y->from)
		return x->from < y->from ? -1 : 1;
	return x->to > y->to ? -1 : x->to < y->to;
}

/* in order, and what overlaps as one; how many */
static size_t
merge_found(struct redacting *x)
{
	struct found *f = buf_at(&x->found, 0);
	size_t n = x->found.len / sizeof(*f), i, kept = 0;

	if (n > 0)
		qsort(f, n, sizeof(*f), compare_found);
	for (i = 0; i < n; i++) {
		if (kept > 0 && f[i].from < f[kept - 1].to) {
			if (f[i].to > f[kept - 1].to)
				f[kept - 1].to = f[i].to;
		} else {
			f[kept++] = f[i];
		}
	}
	x->found.len = kept * sizeof(*f);
	return kept;
}

/* all of it in a text; how many */
static size_t
find_all(struct redacting *x, struct slice text)
{
	x->found.len = 0;
	if (!needles_none(&x->needles))
		view_each(&x->views, text.p, text.n, find_in_view, x);
	return merge_found(x);
}

/* ---- messages */

/* what is taken out, in words: never the value */
static void
put_taken(struct redacting *x, uint32_t taken, struct buf *b)
{
	const struct taken *t = buf_item(&x->taken, taken, sizeof(*t));
	struct slice name;

	if (t->variable == TABLE_NONE) {
		buf_adds(b, t->what);
		return;
	}
	name = table_name(&x->vars->table, t->variable);
	buf_adds(b, "the value of \"");
	string_encode(b, name.p, name.n);
	buf_addc(b, '"');
}

static int
fail_at(struct redacting *x, uint32_t node, uint32_t taken, const char *why)
{
	const struct place at = graph_place(x->vars->in, node);
	struct buf shown = {0};

	put_taken(x, taken, &shown);
	diag_fail(x->vars->diag, STATUS_FINDING, &at, "%s stands %s",
	    buf_str(&shown), why);
	buf_free(&shown);
	return -1;
}

/* ---- placeholders */

/* the number of the spelling in x->text */
static size_t
spell(struct redacting *x, int whole, uint32_t taken)
{
	struct spelling s = { .at = x->texts.len, .n = x->text.len,
	    .whole = whole, .taken = taken };
	const struct spelling *k;
	uint64_t hash = hash_bytes(x->text.ptr, x->text.len);
	size_t at = 0;
	uint32_t i;

	while ((i = hashset_next(&x->known, hash, &at)) != HASHSET_NONE) {
		k = buf_item(&x->spellings, i, sizeof(*k));
		if (k->whole == whole && slice_same((struct slice){
		    buf_at(&x->texts, k->at), k->n }, (struct slice){
		    x->text.ptr, x->text.len }))
			return i;
	}
	i = (uint32_t)(x->spellings.len / sizeof(s));
	hashset_put(&x->known, hash, i);
	buf_add(&x->texts, x->text.ptr, x->text.len);
	buf_add(&x->spellings, &s, sizeof(s));
	return i;
}

/* bytes of the value give way to a placeholder */
static void
replace(struct redacting *x, struct slice value, size_t from, size_t to,
    int whole, uint32_t taken)
{
	size_t i;

	x->text.len = x->word.len = 0;
	buf_add(&x->text, value.p + from, to - from);
	i = spell(x, whole, taken);
	if (whole)
		buf_addc(&x->word, '"');
	placeholder_put(&x->word, x->last + 1 + i);
	if (whole)
		buf_addc(&x->word, '"');
	edit_replace(&x->vars->edits, from, to - from, x->word.ptr,
	    x->word.len);
	x->vars->done->places++;
}

/* past the character or escape at an offset of a string */
static size_t
step(struct slice value, size_t at)
{
	return at + (value.p[at] != '\\' ? 1 : value.p[at + 1] == 'u' ? 6 :
	    2);
}

/*
 * What of the found is in the inside of a string, from the i-th on: replaced
 * by whole characters of it.  Returns the first that is not, or -1: it goes
 * beyond.
 */
static long
redact_string(struct redacting *x, struct slice value, size_t from,
    size_t to, size_t i, size_t n)
{
	struct found *f = buf_at(&x->found, 0);
	size_t at = from, start;

	for (; i < n && f[i].from < to; i++) {
		if (f[i].from < from || f[i].to > to)
			return -1;
		if (f[i].to <= at)
			continue;
		for (start = at; at <= f[i].from; at = step(value, at))
			start = at;
		while (at < f[i].to)
			at = step(value, at);
		replace(x, value, start, at, 0, f[i].taken);
	}
	return (long)i;
}

/* the strings and numbers of the value; 0, or -1: some cannot be replaced */
static int
redact_tokens(struct redacting *x, struct slice value, uint32_t *bad)
{
	const struct tape *t = &x->vars->tape;
	const struct tape_token *k;
	const struct found *f = buf_at(&x->found, 0);
	size_t n = x->found.len / sizeof(*f), i = 0;
	long next = 0;
	uint32_t token;
	struct slice key;

	for (token = 0; token < t->n && i < n; token++) {
		k = &t->tokens[token];
		*bad = f[i].taken;
		key = tape_key(t, token);
		if (key.p != NULL && f[i].from < (size_t)(key.p + key.n -
		    value.p))
			next = redact_string(x, value, (size_t)(key.p -
			    value.p), (size_t)(key.p + key.n - value.p), i,
			    n);
		if (next == -1)
			return -1;
		i = (size_t)next;
		if (i == n || k->type <= TAPE_ARRAY || f[i].from >= k->end)
			continue;
		*bad = f[i].taken;
		if (f[i].from < k->start || f[i].to > k->end ||
		    k->type == TAPE_WORD)
			return -1;
		if (k->type == TAPE_STRING) {
			next = redact_string(x, value, k->start + 1,
			    k->end - 1, i, n);
			if (next == -1)
				return -1;
		} else {
			replace(x, value, k->start, k->end, 1, f[i].taken);
			while ((size_t)next < n && f[next].from < k->end)
				next++;
		}
		i = (size_t)next;
	}
	*bad = i < n ? f[i].taken : 0;
	return i < n ? -1 : 0;
}

/* ---- a record */

/* the values of the record itself, however short they are */
static int
find_own(struct redacting *x, const struct record *r, uint32_t node,
    size_t before)
{
	struct vars *w = x->vars;
	const struct table_value *v;
	const struct tape_token *k;
	long n = table_look(w, r, node), i;
	size_t quote;

	for (i = 0; i < n; i++) {
		v = table_value(&w->table, (size_t)i);
		if (!v->secured || v->state != VARIABLE_SET)
			continue;
		k = &w->tape.tokens[v->token];
		quote = k->type == TAPE_STRING;
		add_found(x, before + k->start + quote, before + k->end -
		    quote, add_taken(x, v->variable, "what is to be "
		    "secret"));
	}
	return n == -1 ? -1 : 0;
}

/* of what was found in a line that in the value; as offsets into it */
static void
keep_inside(struct redacting *x, size_t before, size_t n)
{
	struct found *f = buf_at(&x->found, 0);
	size_t all = x->found.len / sizeof(*f), i, kept = 0;

	for (i = 0; i < all; i++) {
		if (f[i].to <= before || f[i].from >= before + n)
			continue;
		f[kept] = f[i];
		f[kept].from -= f[i].from < before ? f[i].from : before;
		f[kept++].to -= before;
	}
	x->found.len = kept * sizeof(*f);
}

/* the record's new line: 1, 0: as it was, or -1 after a message */
static int
redact_record(struct redacting *x, const struct record *r, uint32_t node,
    struct buf *line)
{
	struct vars *w = x->vars;
	const struct place at = graph_place(w->in, node);
	struct slice value = r->field[RECORD_VALUE];
	size_t before = value.p == NULL ? 0 : (size_t)(value.p - r->line.p);
	uint32_t bad = 0;

	/* what its value says look_at_data() has seen */
	if (record_is(r, RECORD_ENCODING, "base64")) {
		if (find_all(x, (struct slice){ r->line.p, before }) > 0)
			return fail_at(x, node, ((struct found *)buf_at(
			    &x->found, 0))->taken, "in the name of a file: "
			    "rename that first");
		return vars_data(w, r, node, 0, line);
	}
	find_all(x, r->line);
	if (r->kind == RECORD_COMPONENT && find_own(x, r, node, before) == -1)
		return -1;
	if (merge_found(x) == 0)
		return vars_data(w, r, node, 0, line);
	bad = ((struct found *)buf_at(&x->found, 0))->taken;
	keep_inside(x, before, value.n);
	edit_reset(&w->edits);
	if (x->found.len > 0 && (record_read_value(&w->tape, w->diag, r,
	    &at) == -1 || redact_tokens(x, value, &bad) == -1))
		return diag_failed(w->diag) == -1 && w->diag->status !=
		    STATUS_FINDING ? -1 : fail_at(x, node, bad, "in no text "
		    "or number alone, and cannot be taken out there");
	if (value.p == NULL)
		return fail_at(x, node, bad, "in the name of a file: rename "
		    "that first");
	if (vars_revise(w, r, node, line) == -1)
		return -1;
	if (find_all(x, (struct slice){ line->ptr, line->len }) > 0)
		return fail_at(x, node, ((struct found *)buf_at(&x->found,
		    0))->taken, "in the record's place or id, or in the name "
		    "of its file: rename that first");
	return vars_data(w, r, node, 1, line);
}

/* ---- bytes of files */

/* whether something reaches from one slice of a file into the next */
static int
find_across(struct redacting *x, struct slice text, size_t tail)
{
	const struct found *f;
	size_t n, i;

	n = find_all(x, text);
	f = buf_at(&x->found, 0);
	for (i = 0; i < n; i++) {
		if (f[i].from < tail && f[i].to > tail)
			return 1;
	}
	return 0;
}

/* a file, or a slice of one: what cannot be replaced in it; 0, or -1 */
static int
look_at_data(struct redacting *x, const struct record *r, uint32_t node)
{
	struct slice text = record_text(r, RECORD_VALUE);
	/* a byte may be written as six, and those again */
	size_t keep = 36 * x->longest, tail = x->tail.len;
	int rc = 0;

	if (r->kind != RECORD_DATA || record_number(r, RECORD_OFFSET) == 0)
		tail = x->tail.len = 0;
	if (record_is(r, RECORD_ENCODING, "base64")) {
		base64_decode(&x->tail, text.p, text.n);
		if (find_all(x, (struct slice){ x->tail.ptr,
		    x->tail.len }) > 0)
			rc = fail_at(x, node, ((struct found *)buf_at(
			    &x->found, 0))->taken, "in a file that is no "
			    "text: take the file out first");
	} else {
		buf_add(&x->tail, text.p, text.n);
		if (tail > 0 && find_across(x, (struct slice){ x->tail.ptr,
		    tail + (text.n < keep ? text.n : keep) }, tail))
			rc = fail_at(x, node, ((struct found *)buf_at(
			    &x->found, 0))->taken, "where the stream cuts a "
			    "file, and cannot be taken out there");
	}
	if (x->tail.len > keep)
		buf_shift(&x->tail, x->tail.len - keep);
	return rc;
}

/* ---- the whole */

/* what changes, and whether it can; 0 or -1 */
static int
try_all(struct redacting *x)
{
	struct vars *w = x->vars;
	struct record r;
	uint32_t i;
	int rc;

	if (find_all(x, (struct slice){ w->head.ptr, w->head.len }) > 0)
		fail_at(x, NOTHING, ((struct found *)buf_at(&x->found,
		    0))->taken, "in the first line of the stream");
	for (i = 0; i < w->graph.n; i++) {
		if (graph_read(&w->graph, w->in, i, &r) == -1)
			return -1;
		if (r.field[RECORD_ENCODING].p != NULL &&
		    look_at_data(x, &r, i) == -1)
			continue;
		if ((rc = redact_record(x, &r, i, &w->line)) == -1 &&
		    w->diag->status != STATUS_FINDING)
			return -1;
		if (rc == 1)
			graph_node(&w->graph, i)->fate = FATE_CHANGE;
	}
	return diag_failed(w->diag);
}

static int
change_line(void *ctx, uint32_t node, const struct record *r,
    struct buf *line)
{
	return redact_record(ctx, r, node, line);
}

/* a line of the file of what was there */
static void
put_original(struct redacting *x, size_t i, struct buf *b)
{
	const struct spelling *s = buf_item(&x->spellings, i, sizeof(*s));
	const struct taken *t = buf_item(&x->taken, s->taken, sizeof(*t));
	struct slice name;

	buf_adds(b, "{\"placeholder\":\"");
	placeholder_put(b, x->last + 1 + i);
	buf_adds(b, "\",\"original\":\"");
	string_encode(b, buf_at(&x->texts, s->at), s->n);
	buf_printf(b, "\",\"%s\":\"", t->variable == TABLE_NONE ? "what" :
	    "name");
	if (t->variable == TABLE_NONE) {
		buf_adds(b, t->what);
	} else {
		name = table_name(&x->vars->table, t->variable);
		string_encode(b, name.p, name.n);
	}
	buf_adds(b, s->whole ? "\",\"whole\":true}\n" : "\"}\n");
}

/* the file of what was there, which nobody else may read; 0 or -1 */
static int
write_originals(struct redacting *x)
{
	struct vars *w = x->vars;
	const char *path = w->options->originals;
	const struct place at = { .input = path, .offset = DIAG_NOWHERE };
	struct atomicfile f;
	struct output out = { .diag = w->diag, .name = path };
	size_t n = x->spellings.len / sizeof(struct spelling), i;
	int rc = 0;

	if (path == NULL)
		return 0;
	if (atomicfile_open(&f, w->diag, path, w->options->force) == -1)
		return -1;
	out.fd = f.fd;
	if (!f.direct && fchmod(f.fd, S_IRUSR | S_IWUSR) == -1)
		rc = diag_fail(w->diag, STATUS_IO, &at, "cannot keep it from "
		    "others");
	for (i = 0; i < n && rc == 0; i++) {
		w->line.len = 0;
		put_original(x, i, &w->line);
		rc = output_add(&out, w->line.ptr, w->line.len);
	}
	if (rc == 0 && (rc = output_flush(&out)) == 0)
		rc = atomicfile_commit(&f);
	atomicfile_close(&f);
	output_free(&out);
	return rc;
}

static int
run(struct redacting *x)
{
	struct vars *w = x->vars;
	struct carry c = { .diag = w->diag, .in = w->in, .graph = &w->graph,
	    .change = change_line, .ctx = x };

	needles_ready(&x->needles);
	if (try_all(x) == -1)
		return -1;
	w->done->places = 0;
	w->data_of = NOTHING;
	if (write_originals(x) == -1 || emit(&c, &w->head) == -1)
		return -1;
	w->done->changed = c.changed;
	w->done->bytes = c.bytes;
	return 0;
}

int
vars_redact(struct diag *d, const struct vars_options *o, struct twopass *in,
    struct room *room, struct registry *maps, struct vars_done *done)
{
	struct vars w = { .diag = d, .options = o, .in = in, .done = done };
	struct redacting x = { .vars = &w };
	int rc = vars_open(&w, maps, room, note, &x);

	if (rc == 0)
		rc = run(&x);
	needles_free(&x.needles);
	view_free(&x.views);
	buf_free(&x.taken);
	buf_free(&x.spellings);
	buf_free(&x.texts);
	hashset_free(&x.known);
	buf_free(&x.found);
	buf_free(&x.tail);
	buf_free(&x.text);
	buf_free(&x.word);
	vars_close(&w);
	return rc;
}
