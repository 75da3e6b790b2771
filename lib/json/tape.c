/* SPDX-License-Identifier: ISC */
/*
 * A JSON value as a tape of tokens.
 *
 * While a container is open, its token's next counts what is in it; there is
 * no other stack than the tokens' parents, so that depth costs nothing.
 */
#include "json/tape.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/hash.h"
#include "json/pointer.h"
#include "json/string.h"
#include "json/token_priv.h"

/* so many members are looked at before there is a table */
#define FEW 16

/* a text being read */
struct reader {
	struct tape *tape;
	const char *p, *end;
	uint32_t parent;	/* the container that is open */
	struct text_error *error;
};

static int
wrong(struct reader *r, const char *at, const char *what)
{
	r->error->what = what;
	r->error->at = (size_t)(at - r->tape->text);
	return -1;
}

/* past a string that has an escape, or an error, at p */
static int
skip_escapes(struct reader *r, const char *p)
{
	struct token token = token_of_string();

	p = token_string(&token, p, r->end);
	if (token.state != TOKEN_DONE) {
		if (p == r->end)
			return wrong(r, r->p, "a string has no end");
		if (token.state == TOKEN_TEXT)
			return wrong(r, p, "a bare control character in a "
			    "string");
		return wrong(r, p, "a wrong escape in a string");
	}
	r->p = p;
	return 0;
}

/* past the string whose quote is at p; whether it has no escapes */
static inline int
skip_string(struct reader *r, int *plain)
{
	const char *p = token_text(r->p + 1, r->end);

	*plain = p < r->end && *p == '"';
	if (!*plain)
		return skip_escapes(r, p);
	r->p = p + 1;
	return 0;
}

int
tape_escapes(const char *p, size_t n)
{
	struct token token;
	const char *end = p + n;

	while (p < end &&
	    (p = memchr(p, '\\', (size_t)(end - p))) != NULL) {
		token.state = TOKEN_ESCAPE;
		p = token_escape(&token, p + 1, end);
		if (token.state != TOKEN_TEXT)
			return 0;
	}
	return 1;
}

int
tape_has_name(struct slice text, const struct slice *names, size_t n)
{
	const char *p = text.p, *end = p + text.n;
	size_t i, len;

	/* of what a member begins with colons are the rarest */
	for (; p < end && (p = memchr(p, ':', (size_t)(end - p))) != NULL;
	    p++) {
		if (p == text.p || p[-1] != '"')
			continue;
		for (i = 0; i < n; i++) {
			len = names[i].n;
			if ((size_t)(p - text.p) >= len + 2 &&
			    p[-2] == names[i].p[len - 1] &&
			    p[-2 - (long)len] == '"' &&
			    memcmp(p - 1 - len, names[i].p, len) == 0)
				return 1;
		}
	}
	return 0;
}

/* past a number */
static int
skip_number(struct reader *r)
{
	struct token token = token_of_number();
	const char *p = token_number(&token, r->p, r->end);

	if (!token_is_number(&token))
		return wrong(r, r->p, p == r->p ? "expected a value" :
		    "a wrong number");
	r->p = p;
	return 0;
}

/* past true, false or null */
static int
skip_word(struct reader *r)
{
	struct token token = token_of_word(*r->p);
	const char *p = token_word(&token, r->p, r->end);

	if (*token.word != '\0')
		return wrong(r, r->p, "expected a value");
	r->p = p;
	return 0;
}

/* a token more, which begins here */
static struct tape_token *
add_token(struct reader *r)
{
	struct tape *t = r->tape;
	struct tape_token *k;

	if (t->n == t->room) {
		t->room = t->room < 64 ? 64 : t->room * 2;
		t->tokens = xrealloc(t->tokens, t->room, sizeof(*k));
	}
	k = &t->tokens[t->n++];
	*k = (struct tape_token){ .key = TAPE_NONE, .parent = r->parent,
	    .plain = 1 };
	if (r->parent != TAPE_NONE)
		k->index = t->tokens[r->parent].next++;
	return k;
}

/* the key of a member, and its colon */
static int
read_key(struct reader *r, struct tape_token *k)
{
	int plain;

	if (r->p == r->end || *r->p != '"')
		return wrong(r, r->p, "expected a member's key");
	k->key = (uint32_t)(r->p - r->tape->text);
	if (skip_string(r, &plain) == -1)
		return -1;
	k->plain = (uint8_t)plain;
	if (r->p == r->end || *r->p != ':')
		return wrong(r, r->p, "expected a colon");
	r->p++;
	return 0;
}

/* a value begins here: all of it, or the bracket of a container */
static int
read_value(struct reader *r)
{
	struct tape *t = r->tape;
	struct tape_token *k;
	uint32_t self = (uint32_t)t->n;
	int plain, rc = 0;

	k = add_token(r);
	if (r->parent != TAPE_NONE &&
	    t->tokens[r->parent].type == TAPE_OBJECT && read_key(r, k) == -1)
		return -1;
	if (r->p == r->end)
		return wrong(r, r->p, "expected a value");
	k->start = (uint32_t)(r->p - t->text);
	switch (*r->p) {
	case '{':
	case '[':
		k->type = *r->p++ == '{' ? TAPE_OBJECT : TAPE_ARRAY;
		r->parent = self;
		return 0;
	case '"':
		k->type = TAPE_STRING;
		rc = skip_string(r, &plain);
		break;
	case 't':
	case 'f':
	case 'n':
		k->type = TAPE_WORD;
		rc = skip_word(r);
		break;
	default:
		k->type = TAPE_NUMBER;
		rc = skip_number(r);
		break;
	}
	k->end = (uint32_t)(r->p - t->text);
	k->next = (uint32_t)t->n;
	return rc;
}

/* the closing brackets that stand here */
static int
read_ends(struct reader *r)
{
	struct tape *t = r->tape;
	struct tape_token *k;

	while (r->parent != TAPE_NONE && r->p < r->end &&
	    (*r->p == '}' || *r->p == ']')) {
		k = &t->tokens[r->parent];
		if ((*r->p == '}') != (k->type == TAPE_OBJECT))
			return wrong(r, r->p, "a bracket that closes nothing");
		k->end = (uint32_t)(++r->p - t->text);
		k->next = (uint32_t)t->n;
		r->parent = k->parent;
	}
	return 0;
}

int
tape_read(struct tape *t, const char *text, size_t n, struct text_error *e)
{
	struct reader r = { .tape = t, .p = text, .parent = TAPE_NONE,
	    .error = e };

	t->text = text;
	t->n = 0;
	if (n >= TAPE_NONE)
		return wrong(&r, text, "a value of 4 GiB and more");
	r.end = text + n;
	for (;;) {
		if (read_value(&r) == -1)
			return -1;
		/* in a container that has just begun, nothing may stand */
		if (r.parent == t->n - 1 && r.p < r.end && *r.p != '}' &&
		    *r.p != ']')
			continue;
		if (read_ends(&r) == -1)
			return -1;
		if (r.parent == TAPE_NONE)
			break;
		if (r.p == r.end || *r.p != ',')
			return wrong(&r, r.p, "expected a comma or a closing "
			    "bracket");
		if (t->tokens[r.parent].next == 0)
			return wrong(&r, r.p, "expected a value");
		r.p++;
	}
	return r.p == r.end ? 0 : wrong(&r, r.p, "expected the value's end");
}

void
tape_free(struct tape *t)
{
	free(t->tokens);
	*t = (struct tape){0};
}

struct slice
tape_bytes(const struct tape *t, uint32_t i)
{
	const struct tape_token *k = &t->tokens[i];

	return (struct slice){ t->text + k->start, k->end - k->start };
}

struct slice
tape_text(const struct tape *t, uint32_t i)
{
	const struct tape_token *k = &t->tokens[i];

	if (k->type != TAPE_STRING)
		return (struct slice){0};
	return (struct slice){ t->text + k->start + 1,
	    k->end - k->start - 2 };
}

uint32_t
tape_first(const struct tape *t, uint32_t i)
{
	return i + 1 < t->tokens[i].next ? i + 1 : TAPE_NONE;
}

uint32_t
tape_after(const struct tape *t, uint32_t i)
{
	uint32_t next = t->tokens[i].next;

	return next < t->n && t->tokens[next].parent == t->tokens[i].parent ?
	    next : TAPE_NONE;
}

/* whether a token's key, decoded, is this */
static int
has_key(const struct tape *t, uint32_t i, struct slice key)
{
	struct slice s = tape_key(t, i);
	struct buf b = {0};
	int same;

	if (t->tokens[i].plain)
		return slice_same(s, key);
	string_decode(&b, s.p, s.n);
	same = slice_same((struct slice){ b.ptr, b.len }, key);
	buf_free(&b);
	return same;
}

uint32_t
tape_member(const struct tape *t, uint32_t object, const char *key)
{
	struct slice sought = { key, strlen(key) };
	uint32_t i = TAPE_NONE;

	if (t->tokens[object].type == TAPE_OBJECT)
		i = tape_first(t, object);
	while (i != TAPE_NONE && !has_key(t, i, sought))
		i = tape_after(t, i);
	return i;
}

uint32_t
tape_member_at(const struct tape *t, const char *path)
{
	struct buf key = {0};
	uint32_t i = 0;
	size_t n;

	for (; *path != '\0' && *path != '-' && i != TAPE_NONE;
	    path += n + (path[n] == '/')) {
		n = strcspn(path, "/");
		key.len = 0;
		buf_add(&key, path, n);
		i = tape_member(t, i, buf_str(&key));
	}
	buf_free(&key);
	return i;
}

int
tape_empty(const struct tape *t, uint32_t i)
{
	const struct tape_token *k = &t->tokens[i];

	switch (k->type) {
	case TAPE_WORD:
		return t->text[k->start] == 'n';
	case TAPE_NUMBER:
		return 0;
	default:
		return k->end - k->start == 2;
	}
}

uint32_t
tape_token_at(const struct tape *t, size_t at)
{
	size_t low = 0, high = t->n, middle;

	while (high - low > 1) {
		middle = (low + high) / 2;
		if (t->tokens[middle].start <= at)
			low = middle;
		else
			high = middle;
	}
	return (uint32_t)low;
}

void
tape_pointer(const struct tape *t, uint32_t i, struct buf *b)
{
	struct buf way = {0}, key = {0};
	const struct tape_token *k;
	struct slice s;
	size_t n;

	for (; t->tokens[i].parent != TAPE_NONE; i = t->tokens[i].parent)
		buf_add(&way, &i, sizeof(i));
	for (n = way.len / sizeof(i); n > 0; n--) {
		i = *(uint32_t *)buf_item(&way, n - 1, sizeof(i));
		k = &t->tokens[i];
		if (k->key == TAPE_NONE) {
			buf_printf(b, "/%lu", (unsigned long)k->index);
			continue;
		}
		s = tape_key(t, i);
		key.len = 0;
		string_decode(&key, s.p, s.n);
		pointer_push(b, key.ptr, key.len);
	}
	buf_free(&way);
	buf_free(&key);
}

void
tape_find_reset(struct tapefind *f)
{
	hashset_reset(&f->table);
}

void
tape_find_free(struct tapefind *f)
{
	hashset_free(&f->table);
}

/* a container and a key in it, or (p NULL) a number */
struct sought {
	uint32_t container, number;
	struct slice key;
};

static int
is_sought(const struct tape *t, uint32_t i, const struct sought *s)
{
	struct slice key = tape_key(t, i);

	if (t->tokens[i].parent != s->container)
		return 0;
	return s->key.p == NULL ? key.p == NULL &&
	    t->tokens[i].index == s->number :
	    key.p != NULL && slice_same(key, s->key);
}

static uint64_t
hash(const struct sought *s)
{
	uint64_t h = s->key.p != NULL ? hash_bytes(s->key.p, s->key.n) :
	    s->number;

	/* numbers that follow each other must not fill the table in a row */
	h = (h + s->container * UINT64_C(0x9e3779b97f4a7c15)) *
	    UINT64_C(0xbf58476d1ce4e5b9);
	return h ^ h >> 32;
}

/* in the table; TAPE_NONE: not there */
static uint32_t
find_in_table(const struct tapefind *f, const struct sought *s)
{
	uint64_t h = hash(s);
	uint32_t i;
	size_t at = 0;

	do
		i = hashset_next(&f->table, h, &at);
	while (i != HASHSET_NONE && !is_sought(f->tape, i, s));
	return i;
}

/* all that stands in containers into the table: of equal keys the first */
static void
make_table(struct tapefind *f)
{
	const struct tape *t = f->tape;
	struct sought s;
	uint32_t i;

	hashset_room(&f->table, t->n);
	for (i = 1; i < t->n; i++) {
		s = (struct sought){ t->tokens[i].parent, t->tokens[i].index,
		    tape_key(t, i) };
		if (find_in_table(f, &s) == TAPE_NONE)
			hashset_put(&f->table, hash(&s), i);
	}
}

static uint32_t
find(struct tapefind *f, const struct sought *s)
{
	uint32_t i;
	unsigned n = 0;

	for (i = tape_first(f->tape, s->container); i != TAPE_NONE && n < FEW;
	    i = tape_after(f->tape, i), n++) {
		if (is_sought(f->tape, i, s))
			return i;
	}
	if (i == TAPE_NONE)
		return i;
	if (f->table.n == 0)
		make_table(f);
	return find_in_table(f, s);
}

uint32_t
tape_find_member(struct tapefind *f, uint32_t object, struct slice key)
{
	struct sought s = { .container = object, .key = key };

	if (object == TAPE_NONE || key.p == NULL ||
	    f->tape->tokens[object].type != TAPE_OBJECT)
		return TAPE_NONE;
	return find(f, &s);
}

uint32_t
tape_find_element(struct tapefind *f, uint32_t array, uint32_t n)
{
	struct sought s = { .container = array, .number = n };

	if (array == TAPE_NONE || f->tape->tokens[array].type != TAPE_ARRAY)
		return TAPE_NONE;
	return find(f, &s);
}

uint32_t
tape_find_pointer(struct tapefind *f, struct slice pointer)
{
	const char *p = pointer.p, *end = p + pointer.n, *step;
	struct buf key = {0};
	uint32_t token = 0;

	for (; p < end && token != TAPE_NONE; p = step) {
		step = pointer_step(++p, end);
		key.len = 0;
		pointer_key(&key, p, (size_t)(step - p));
		token = tape_find_member(f, token, (struct slice){
		    buf_str(&key), key.len });
	}
	buf_free(&key);
	return token;
}
