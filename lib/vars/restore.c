/* SPDX-License-Identifier: ISC */
/*
 * What redact.c took out of a stream comes back, byte for byte.
 */
#include "vars/vars.h"


#include "base/diag.h"
#include "base/hash.h"
#include "base/lines.h"
#include "base/placeholder.h"
#include "graph/closure.h"
#include "graph/emit.h"
#include "json/readfile.h"
#include "json/string.h"
#include "stream/record.h"
#include "stream/twopass.h"
#include "vars/vars_priv.h"

/* no line of the file is longer */
#define LONGEST ((size_t)1 << 30)

/* a placeholder, and what stood there */
struct original {
	uint64_t number;
	size_t at, n;		/* in texts: raw, as in a JSON string */
	int whole;		/* it was a number: no string */
};

struct restoring {
	struct vars *vars;
	struct buf list;	/* of struct original */
	struct buf texts;
	struct hashset known;	/* their numbers */
	struct buf text, raw;
	struct tape tape;
};

/* ---- the file */

static const struct original *
find(const struct restoring *x, uint64_t number)
{
	const struct original *o;
	size_t at = 0;
	uint32_t i;

	while ((i = hashset_next(&x->known, hash_bytes(&number,
	    sizeof(number)), &at)) != HASHSET_NONE) {
		o = buf_item(&x->list, i, sizeof(*o));
		if (o->number == number)
			return o;
	}
	return NULL;
}

/* whether what stood there can stand in a JSON text again */
static int
is_json(struct restoring *x, struct slice raw, int whole)
{
	struct text_error e;

	x->raw.len = 0;
	if (!whole)
		buf_addc(&x->raw, '"');
	buf_add(&x->raw, raw.p, raw.n);
	if (!whole)
		buf_addc(&x->raw, '"');
	return tape_read(&x->tape, x->raw.ptr, x->raw.len, &e) == 0 &&
	    x->tape.n == 1 && x->tape.tokens[0].type == (whole ?
	    TAPE_NUMBER : TAPE_STRING);
}

/* the text of a member, decoded and appended; p NULL: it is none */
static struct slice
member(struct restoring *x, const char *key, struct buf *to)
{
	uint32_t token = tape_member(&x->tape, 0, key);
	size_t before = to->len;
	struct slice s;

	if (token == TAPE_NONE || x->tape.tokens[token].type != TAPE_STRING)
		return (struct slice){0};
	s = tape_text(&x->tape, token);
	string_decode(to, s.p, s.n);
	buf_addc(to, '\0');
	to->len--;
	return (struct slice){ to->ptr + before, to->len - before };
}

/* a line of the file: whether it is one */
static int
add_line(void *ctx, const char *line, size_t n)
{
	struct restoring *x = ctx;
	struct original o = {0};
	struct text_error e;
	struct slice word;
	size_t at = 0, before = x->texts.len;

	x->raw.len = x->text.len = 0;
	if (readfile_compact(&x->raw, line, n, &e) == -1 ||
	    tape_read(&x->tape, x->raw.ptr, x->raw.len, &e) == -1 ||
	    x->tape.tokens[0].type != TAPE_OBJECT)
		return 0;
	word = member(x, "placeholder", &x->text);
	if (word.p == NULL || placeholder_next(word, &at, &o.number) !=
	    word.n || at != 0)
		return 0;
	o.whole = tape_member(&x->tape, 0, "whole") != TAPE_NONE;
	word = member(x, "original", &x->texts);
	o.at = before;
	o.n = word.n;
	if (word.p == NULL || !is_json(x, word, o.whole) ||
	    find(x, o.number) != NULL)
		return 0;
	hashset_put(&x->known, hash_bytes(&o.number, sizeof(o.number)),
	    (uint32_t)(x->list.len / sizeof(o)));
	buf_add(&x->list, &o, sizeof(o));
	return 1;
}

static int
read_originals(struct restoring *x, struct diag *d, const char *file)
{
	return lines_each(d, file, LONGEST, add_line, x, "a placeholder and "
	    "its original, as pkg-vars redact writes them, each once");
}

/* ---- the stream */

/* the placeholders in bytes of the value: edits of it */
static void
restore_text(struct restoring *x, struct slice value, size_t from, size_t to,
    int string)
{
	struct slice text = { value.p + from, to - from };
	const struct original *o;
	uint64_t number;
	size_t at = 0, n;

	while ((n = placeholder_next(text, &at, &number)) > 0) {
		o = find(x, number);
		if (o != NULL && (!o->whole || (string && n == text.n))) {
			edit_replace(&x->vars->edits, from + at - (size_t)
			    o->whole, n + 2 * (size_t)o->whole,
			    buf_at(&x->texts, o->at), o->n);
			x->vars->done->places++;
		}
		at += n;
	}
}

/* emit: a record with what was there */
static int
change_line(void *ctx, uint32_t node, const struct record *r,
    struct buf *line)
{
	struct restoring *x = ctx;
	struct vars *w = x->vars;
	const struct place at = graph_place(w->in, node);
	struct slice value = r->field[RECORD_VALUE], key;
	const struct tape_token *k;
	uint32_t token;

	if (value.p == NULL ||
	    record_read_value(&w->tape, w->diag, r, &at) == -1)
		return value.p == NULL ? 0 : -1;
	edit_reset(&w->edits);
	for (token = 0; token < w->tape.n; token++) {
		k = &w->tape.tokens[token];
		key = tape_key(&w->tape, token);
		if (key.p != NULL)
			restore_text(x, value, (size_t)(key.p - value.p),
			    (size_t)(key.p + key.n - value.p), 0);
		if (k->type == TAPE_STRING)
			restore_text(x, value, k->start + 1, k->end - 1, 1);
	}
	if (edit_none(&w->edits))
		return vars_data(w, r, node, 0, line);
	return vars_revise(w, r, node, line) == -1 ? -1 :
	    vars_data(w, r, node, 1, line);
}

/* records with placeholders, and bytes of files, whose places may move */
static int
look(void *ctx, struct vars *w, const struct record *r, uint32_t node)
{
	size_t at = 0;
	uint64_t number;

	(void)ctx;
	if (node != NOTHING && (r->kind == RECORD_DATA ||
	    placeholder_next(r->line, &at, &number) > 0))
		graph_node(&w->graph, node)->fate = FATE_CHANGE;
	return 0;
}

int
vars_restore(struct diag *d, const struct vars_options *o,
    struct twopass *in, struct room *room, struct registry *maps,
    struct vars_done *done)
{
	struct vars w = { .diag = d, .options = o, .in = in, .done = done };
	struct restoring x = { .vars = &w };
	struct carry c = { .diag = d, .in = in, .graph = &w.graph,
	    .change = change_line, .ctx = &x };
	int rc = read_originals(&x, d, o->file);

	if (rc == 0 && (rc = vars_open(&w, maps, room, look, NULL)) == 0)
		rc = emit(&c, &w.head);
	done->changed = c.changed;
	done->bytes = c.bytes;
	buf_free(&x.list);
	buf_free(&x.texts);
	hashset_free(&x.known);
	buf_free(&x.text);
	buf_free(&x.raw);
	tape_free(&x.tape);
	vars_close(&w);
	return rc;
}
