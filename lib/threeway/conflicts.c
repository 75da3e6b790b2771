/* SPDX-License-Identifier: ISC */
/*
 * What both sides changed, each in another way.
 */
#include "threeway/conflicts.h"

#include <inttypes.h>
#include <string.h>


#include "base/diag.h"
#include "base/hash.h"
#include "json/readfile.h"
#include "json/string.h"
#include "json/tape.h"

/* so much of a value is told */
#define TOLD 40

/* a line of the file may have values of any component: bytes at most */
#define LONGEST ((size_t)1 << 30)

/* the members that say which conflict it is */
static const char *const asked[] = { "kind", "id", "place", "base", "ours",
	"theirs", NULL };

static const char *const picks[] = { "", "base", "ours", "theirs", "value",
	NULL };

/* what the user has chosen of a conflict */
struct answer {
	uint64_t hash;
	enum pick pick;
	size_t at, n;		/* the value, in read */
};

/* append a value so that any spelling of its strings gives the same bytes */
static void
put_plain(struct buf *b, const struct tape *t, uint32_t from)
{
	struct slice s;
	uint32_t i;

	for (i = from; i < t->tokens[from].next; i++) {
		buf_addc(b, (char)('0' + t->tokens[i].type));
		if (i > from && (s = tape_key(t, i)).p != NULL) {
			string_canon(b, s.p, s.n);
			buf_addc(b, '"');
		}
		if (t->tokens[i].type == TAPE_STRING) {
			s = tape_text(t, i);
			string_canon(b, s.p, s.n);
		} else if (t->tokens[i].type > TAPE_STRING) {
			s = tape_bytes(t, i);
			buf_add(b, s.p, s.n);
		}
		buf_addc(b, '"');
	}
}

/* what a line asks, as a hash; the tape holds it */
static uint64_t
hash_asked(const struct tape *t)
{
	struct buf b = {0};
	uint64_t hash;
	uint32_t token;
	size_t i;

	for (i = 0; asked[i] != NULL; i++) {
		token = tape_member(t, 0, asked[i]);
		buf_addc(&b, '\n');
		if (token != TAPE_NONE)
			put_plain(&b, t, token);
	}
	hash = hash_bytes(b.ptr, b.len);
	buf_free(&b);
	return hash;
}

/* ---- what the user has chosen */

static int
refuse(const struct conflicts *c, uint64_t line, const char *what)
{
	const struct place at = { .input = c->resolve, .line = line,
	    .offset = DIAG_NOWHERE };

	return diag_fail(c->diag, STATUS_INPUT, &at, "%s", what);
}

/* the choice of a line whose compact text stands in read from at on */
static int
take_answer(struct conflicts *c, const struct tape *t, uint64_t line)
{
	struct answer a = {0};
	uint32_t token = tape_member(t, 0, "choice");
	struct slice word;
	int i;

	if (token == TAPE_NONE || tape_empty(t, token))
		return 0;
	word = tape_text(t, token);
	for (i = 1; picks[i] != NULL; i++) {
		if (slice_is(word, picks[i]))
			a.pick = (enum pick)i;
	}
	if (a.pick == PICK_OPEN)
		return refuse(c, line, "expected a \"choice\" of ours, "
		    "theirs, base or value");
	token = tape_member(t, 0, "value");
	if (a.pick == PICK_VALUE && token == TAPE_NONE)
		return refuse(c, line, "expected a member \"value\", as its "
		    "\"choice\" says");
	if (token != TAPE_NONE) {
		word = tape_bytes(t, token);
		a.at = (size_t)(word.p - c->read.ptr);
		a.n = word.n;
	}
	a.hash = hash_asked(t);
	hashset_put(&c->table, a.hash, (uint32_t)(c->answers.len /
	    sizeof(a)));
	buf_add(&c->answers, &a, sizeof(a));
	return 0;
}

/* the texts of all lines, compact, into read, a NUL behind each; of a line that
 * is empty it alone */
static int
read_lines(struct conflicts *c)
{
	struct lines in;
	struct text_error e;
	const char *line;
	size_t n;
	int got;

	if (lines_open(&in, c->diag, c->resolve, LONGEST) == -1)
		return -1;
	while ((got = lines_next(&in, &line, &n)) == 1) {
		if (n > 0 && readfile_compact(&c->read, line, n, &e) == -1) {
			got = refuse(c, in.number, "expected a JSON object, "
			    "as --conflicts writes them, a line each");
			break;
		}
		buf_addc(&c->read, '\0');
	}
	lines_close(&in);
	return got;
}

static int
read_answers(struct conflicts *c)
{
	struct tape t = {0};
	struct text_error e;
	size_t at, n;
	uint64_t line = 1;
	int rc = read_lines(c);

	for (at = 0; rc == 0 && at < c->read.len; at += n + 1, line++) {
		n = strlen(c->read.ptr + at);
		if (n == 0)
			continue;
		if (tape_read(&t, c->read.ptr + at, n, &e) == -1 ||
		    t.tokens[0].type != TAPE_OBJECT)
			rc = refuse(c, line, "expected a JSON object");
		else
			rc = take_answer(c, &t, line);
	}
	tape_free(&t);
	return rc;
}

int
conflicts_open(struct conflicts *c)
{
	if (c->resolve != NULL && read_answers(c) == -1)
		return -1;
	if (c->write == NULL)
		return 0;
	if (atomicfile_open(&c->file, c->diag, c->write, 1) == -1)
		return -1;
	c->out = (struct output){ .diag = c->diag, .name = c->write,
	    .fd = c->file.fd };
	return 0;
}

/* ---- one that is asked */

static void
put_text(struct buf *b, const char *name, struct slice text)
{
	if (text.p == NULL)
		return;
	buf_printf(b, ",\"%s\":\"", name);
	buf_add(b, text.p, text.n);
	buf_addc(b, '"');
}

/* the place, whose parts are as in JSON strings, but with quotes around some */
static void
put_place(struct buf *b, struct slice place)
{
	size_t i;

	buf_adds(b, ",\"place\":\"");
	for (i = 0; i < place.n; i++) {
		if (place.p[i] == '"')
			buf_addc(b, '\\');
		buf_addc(b, place.p[i]);
		if (place.p[i] == '\\' && i + 1 < place.n)
			buf_addc(b, place.p[++i]);
	}
	buf_addc(b, '"');
}

/* its line, without a newline */
static void
put_conflict(struct buf *b, const struct conflict *k)
{
	static const char *const sides[] = { "base", "ours", "theirs" };
	size_t i;

	buf_adds(b, "{\"kind\":\"");
	buf_add(b, k->who.kind.p, k->who.kind.n);
	buf_addc(b, '"');
	put_text(b, "id", k->who.id);
	put_text(b, "name", k->who.name);
	put_place(b, k->place);
	buf_adds(b, ",\"why\":\"");
	string_encode(b, k->why, strlen(k->why));
	buf_addc(b, '"');
	for (i = 0; i < 3; i++) {
		if (k->of[i].p == NULL)
			continue;
		buf_printf(b, ",\"%s\":", sides[i]);
		buf_add(b, k->of[i].p, k->of[i].n);
	}
	buf_adds(b, ",\"choice\":null}");
}

/* what is preferred: the last row that fits, of a kind before those of all */
static enum pick
preferred(const struct conflicts *c, const struct conflict *k)
{
	const struct conflict_prefer *p;
	enum pick all = PICK_OPEN, own = PICK_OPEN;

	for (p = c->prefer; p < c->prefer + c->nprefer; p++) {
		if (p->kind == NULL)
			all = p->pick;
		else if (slice_is(k->who.kind, p->kind))
			own = p->pick;
	}
	return own != PICK_OPEN ? own : all;
}

/* the answer to a line, or NULL */
static const struct answer *
find_answer(const struct conflicts *c, const struct buf *line)
{
	const struct answer *a, *list = (const void *)c->answers.ptr;
	struct tape t = {0};
	struct text_error e;
	uint64_t hash;
	uint32_t i;
	size_t at = 0;

	if (c->answers.len == 0)
		return NULL;
	if (tape_read(&t, line->ptr, line->len, &e) == -1) {
		tape_free(&t);
		return NULL;
	}
	hash = hash_asked(&t);
	tape_free(&t);
	while ((i = hashset_next(&c->table, hash, &at)) != HASHSET_NONE) {
		a = &list[i];
		if (a->hash == hash)
			return a;
	}
	return NULL;
}

/* append the beginning of a value, or that there is none */
static void
put_short(struct buf *b, struct slice value)
{
	size_t n = value.n;

	if (value.p == NULL) {
		buf_adds(b, "nothing");
		return;
	}
	if (n > TOLD) {
		for (n = TOLD; n > 0 && ((unsigned char)value.p[n] & 0xc0) ==
		    0x80; n--)
			continue;
	}
	buf_add(b, value.p, n);
	if (n < value.n)
		buf_adds(b, "\xe2\x80\xa6");
}

/*
 * A message about one that is open, for the end: what goes wrong until then is
 * worse, and ends the run with a status of its own.
 */
static void
tell(struct conflicts *c, const struct conflict *k)
{
	struct buf b = {0};

	if (c->open > CONFLICTS_TOLD)
		return;
	buf_add(&b, k->who.kind.p, k->who.kind.n);
	if (k->who.name.n > 0) {
		buf_addc(&b, ' ');
		buf_add(&b, k->who.name.p, k->who.name.n);
	}
	if (k->who.id.n > 0 && !slice_same(k->who.id, k->who.name)) {
		buf_adds(&b, k->who.name.n > 0 ? " (" : " ");
		buf_add(&b, k->who.id.p, k->who.id.n);
		buf_adds(&b, k->who.name.n > 0 ? ")" : "");
	}
	if (k->place.n > 0) {
		buf_addc(&b, ' ');
		buf_add(&b, k->place.p, k->place.n);
	}
	buf_printf(&b, ": %s", k->why);
	if (k->place.n > 0) {
		buf_adds(&b, ": ours ");
		put_short(&b, k->of[1]);
		buf_adds(&b, ", theirs ");
		put_short(&b, k->of[2]);
	}
	buf_addc(&b, '\0');
	buf_add(&c->said, b.ptr, b.len);
	buf_free(&b);
}

int
conflicts_ask(struct conflicts *c, const struct conflict *k,
    struct slice *value)
{
	const struct answer *a;
	enum pick pick = PICK_OPEN;
	struct buf line = {0}, masked = {0};
	int rc = 0;

	put_conflict(&line, k);
	if ((a = find_answer(c, &line)) != NULL) {
		pick = a->pick;
		*value = (struct slice){ c->read.ptr + a->at, a->n };
	} else {
		pick = preferred(c, k);
	}
	if (!c->quiet && pick != PICK_OPEN)
		c->settled++;
	if (!c->quiet && pick == PICK_OPEN) {
		c->open++;
		tell(c, k);
		string_mask(&masked, line.ptr, line.len);
		buf_addc(&masked, '\n');
		if (c->write != NULL)
			rc = output_add(&c->out, masked.ptr, masked.len);
	}
	buf_free(&masked);
	buf_free(&line);
	return rc == -1 ? -1 : (int)pick;
}

/*
 * The file is given its name though there were errors: those are what it
 * tells of.
 */
static int
commit(struct conflicts *c)
{
	enum status status = c->diag->status;
	int rc;

	if (status == STATUS_FINDING)
		c->diag->status = STATUS_DONE;
	rc = output_flush(&c->out) == -1 ? -1 : atomicfile_commit(&c->file);
	if (c->diag->status == STATUS_DONE)
		c->diag->status = status;
	return rc;
}

int
conflicts_end(struct conflicts *c)
{
	size_t at;

	if (c->write != NULL && commit(c) == -1)
		return -1;
	if (c->open == 0)
		return 0;
	for (at = 0; at < c->said.len; at += strlen(c->said.ptr + at) + 1)
		diag_fail(c->diag, STATUS_FINDING, NULL, "%s",
		    c->said.ptr + at);
	return diag_fail(c->diag, STATUS_FINDING, NULL, "%" PRIu64
	    " conflict%s; no stream is written: %s", c->open,
	    diag_s(c->open), c->write != NULL ?
	    "fill in each \"choice\", and give the file to --resolve" :
	    "--conflicts FILE lists them, --resolve and --prefer settle "
	    "them");
}

void
conflicts_close(struct conflicts *c)
{
	if (c->file.path != NULL)
		atomicfile_close(&c->file);
	output_free(&c->out);
	buf_free(&c->read);
	buf_free(&c->answers);
	buf_free(&c->said);
	hashset_free(&c->table);
}
