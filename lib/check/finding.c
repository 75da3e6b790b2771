/* SPDX-License-Identifier: ISC */
/*
 * Findings, and those that were known before.
 */
#include <string.h>

#include "base/diag.h"
#include "base/lines.h"
#include "base/secret.h"
#include "check/check_priv.h"
#include "json/pointer.h"
#include "json/string.h"

/* a line of a baseline is what --format json wrote: of any length, but this */
#define LINE_MAX_BYTES ((size_t)64 << 20)

static struct finding *
last(struct check *c)
{
	return finding_at(c, finding_count(c) - 1);
}

/* append a text and its NUL; where it is */
static size_t
add_text(struct check *c, struct slice s)
{
	size_t at = c->texts.len;

	if (s.p != NULL)
		buf_add(&c->texts, s.p, s.n);
	buf_addc(&c->texts, '\0');
	return at;
}

/* which element of its array the record around is that a "-" stands for */
static uint32_t
element_around(const struct graph *g, uint32_t *node)
{
	uint32_t i = *node;

	while (i != NOTHING && (graph_node(g, i)->flags & CHECK_ELEMENT) == 0)
		i = graph_node(g, i)->parent;
	if (i != NOTHING)
		*node = graph_node(g, i)->parent;
	return i;
}

/* append a place with numbers for each "-", the last of them first known */
static void
add_place(struct check *c, const char *p, size_t n, uint32_t node)
{
	const uint32_t *index = c->index.p;
	uint32_t element;
	size_t parent;

	if (n == 0)
		return;
	parent = pointer_parent(p, n);
	if (n - parent == 2 && p[n - 1] == '-' &&
	    (element = element_around(&c->graph, &node)) != NOTHING) {
		add_place(c, p, parent, node);
		buf_printf(&c->texts, "/%u", index[element]);
		return;
	}
	add_place(c, p, parent, node);
	buf_add(&c->texts, p + parent, n - parent);
}

/* where a token of the value stands in the file */
static size_t
add_places(struct check *c, const struct record *r, uint32_t token)
{
	struct slice at = record_text(r, RECORD_AT);
	size_t from = c->texts.len;

	if (at.p != NULL)
		add_place(c, at.p, at.n, c->node);
	if (token != 0 && token != TAPE_NONE)
		tape_pointer(&c->tape, token, &c->texts);
	buf_addc(&c->texts, '\0');
	return from;
}

void
finding_begin(struct check *c, enum check_rule rule, const struct record *r,
    uint32_t token)
{
	struct finding f = { .rule = rule, .node = c->node, .file = c->file };

	if (token != 0 && token != TAPE_NONE)
		f.start = c->tape.tokens[token].start;
	f.path = add_text(c, record_text(r, RECORD_FILE));
	f.place = add_places(c, r, token);
	f.kind = add_text(c, record_text(r, RECORD_KIND));
	f.id = add_text(c, record_text(r, RECORD_ID));
	f.name = add_text(c, record_text(r, RECORD_NAME));
	f.message = c->texts.len;
	buf_add(&c->found, &f, sizeof(f));
}

void
finding_package(struct check *c, enum check_rule rule)
{
	struct finding f = { .rule = rule, .node = NOTHING, .file = NOTHING };

	f.path = f.place = f.kind = f.id = f.name = add_text(c,
	    (struct slice){0});
	f.message = c->texts.len;
	buf_add(&c->found, &f, sizeof(f));
}

/* a text of a finding that has a secret in it is not shown */
static void
hide(struct check *c, size_t *text)
{
	const char *p = c->texts.ptr + *text;

	if (secret_in(p, strlen(p)))
		*text = add_text(c, (struct slice){ "(a secret)", 10 });
}

/* what tells a finding from others, whatever its line */
static void
put_key(struct buf *b, const char *const parts[5])
{
	size_t i;

	b->len = 0;
	for (i = 0; i < 5; i++) {
		buf_adds(b, parts[i]);
		buf_addc(b, '\0');
	}
}

/* whether the baseline has it */
static int
is_known(struct check *c, const struct finding *f)
{
	const char *t = c->texts.ptr;
	struct buf key = {0};
	int known;

	put_key(&key, (const char *const[5]){ check_rules[f->rule].name,
	    t + f->path, t + f->kind, t[f->id] != '\0' ? t + f->id :
	    t + f->name, t + f->message });
	known = hashset_has(&c->baseline, 0, key.ptr, key.len);
	buf_free(&key);
	return known;
}

void
finding_end(struct check *c)
{
	struct finding *f = last(c);

	buf_addc(&c->texts, '\0');
	hide(c, &f->path);
	hide(c, &f->place);
	hide(c, &f->id);
	hide(c, &f->name);
	hide(c, &f->message);
	f->known = is_known(c, f);
	if (f->known)
		c->done->known++;
	else
		c->done->found[check_rules[f->rule].severity]++;
}

/* a member of a line of the baseline, as a text of its own */
static const char *
member(const struct tape *t, const char *key, struct buf *b)
{
	uint32_t token = tape_member(t, 0, key);
	struct slice s = { "", 0 };

	if (token != TAPE_NONE && t->tokens[token].type == TAPE_STRING)
		s = tape_text(t, token);
	b->len = 0;
	string_canon(b, s.p, s.n);
	return buf_str(b);
}

/* one finding of the baseline */
static int
read_known(struct check *c, struct lines *in, const char *line, size_t n)
{
	static const char *const keys[5] = { "rule", "file", "kind", "id",
	    "message" };
	struct place at = { .input = in->input, .line = in->number,
	    .offset = DIAG_NOWHERE };
	struct buf parts[5] = {0}, key = {0};
	const char *texts[5];
	struct tape t = {0};
	struct text_error e;
	size_t i;
	int rc = 0;

	if (tape_read(&t, line, n, &e) == -1 ||
	    tape_member(&t, 0, "rule") == TAPE_NONE) {
		rc = diag_fail(c->diag, STATUS_INPUT, &at, "expected a line "
		    "that pkg-check --format json wrote");
	} else {
		for (i = 0; i < 5; i++)
			texts[i] = member(&t, keys[i], &parts[i]);
		if (*texts[3] == '\0')
			texts[3] = member(&t, "name", &parts[3]);
		put_key(&key, texts);
		hashset_add(&c->baseline, 0, key.ptr, key.len);
	}
	for (i = 0; i < 5; i++)
		buf_free(&parts[i]);
	buf_free(&key);
	tape_free(&t);
	return rc;
}

int
finding_baseline(struct check *c, const char *file)
{
	struct lines in;
	const char *line;
	size_t n;
	int got;

	if (lines_open(&in, c->diag, file, LINE_MAX_BYTES) == -1)
		return -1;
	in.loose = 0;
	while ((got = lines_next(&in, &line, &n)) == 1) {
		if (read_known(c, &in, line, n) == -1) {
			got = -1;
			break;
		}
	}
	lines_close(&in);
	return got;
}
