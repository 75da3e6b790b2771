/* SPDX-License-Identifier: ISC */
/*
 * Edits of a compact JSON text, made in one copy.
 */
#include "json/edit.h"

#include <stdlib.h>
#include <string.h>

#include "json/tape.h"

enum edit_what { EDIT_REPLACE, EDIT_DROP, EDIT_MEMBER };

struct edit {
	enum edit_what what;
	size_t at, n;		/* the bytes that go */
	size_t text, ntext;	/* what comes, in texts */
	size_t order;		/* which was noted first */
};

static void
add(struct edits *p, enum edit_what what, size_t at, size_t n, size_t text)
{
	struct edit e = { what, at, n, text, p->texts.len - text,
	    p->edits.len };

	buf_add(&p->edits, &e, sizeof(e));
}

void
edit_reset(struct edits *p)
{
	p->edits.len = p->texts.len = 0;
	p->reshaped = 0;
}

int
edit_none(const struct edits *p)
{
	return p->edits.len == 0;
}

static void
replace(struct edits *p, size_t at, size_t n, const char *bytes, size_t m)
{
	size_t text = p->texts.len;

	buf_add(&p->texts, bytes, m);
	add(p, EDIT_REPLACE, at, n, text);
}

void
edit_replace(struct edits *p, size_t at, size_t n, const char *bytes,
    size_t m)
{
	p->reshaped = 1;
	replace(p, at, n, bytes, m);
}

void
edit_word(struct edits *p, size_t at, size_t n, const char *bytes, size_t m)
{
	/* a key with an escape is another token */
	p->reshaped |= n != m || memchr(bytes, '\\', m) != NULL;
	replace(p, at, n, bytes, m);
}

void
edit_drop(struct edits *p, const struct tape *t, size_t token)
{
	const struct tape_token *k = &t->tokens[token];
	size_t at = k->key != TAPE_NONE ? k->key : k->start;

	p->reshaped = 1;
	add(p, EDIT_DROP, at, k->end - at, p->texts.len);
}

void
edit_member(struct edits *p, const struct tape *t, size_t object,
    const char *key, const char *json, size_t n)
{
	size_t text = p->texts.len;

	p->reshaped = 1;
	buf_addc(&p->texts, '"');
	buf_adds(&p->texts, key);
	buf_adds(&p->texts, "\":");
	buf_add(&p->texts, json, n);
	add(p, EDIT_MEMBER, t->tokens[object].end - 1, 0, text);
}

/* by place; what begins at one place, the larger first, then as noted */
static int
by_place(const void *va, const void *vb)
{
	const struct edit *a = va, *b = vb;

	if (a->at != b->at)
		return a->at < b->at ? -1 : 1;
	if (a->n != b->n)
		return a->n > b->n ? -1 : 1;
	return a->order < b->order ? -1 : 1;
}

/* the bytes that a run of dropped neighbours takes along, from edit *i on */
static void
make_drop(const char *text, const struct edit *e, size_t n, size_t *i,
    size_t *from, size_t *to)
{
	*from = e[*i].at;
	*to = *from + e[*i].n;
	for (++*i; *i < n; ++*i) {
		if (e[*i].what == EDIT_DROP && e[*i].at == *to + 1 &&
		    text[*to] == ',')
			*to = e[*i].at + e[*i].n;
		else if (e[*i].at >= *to)
			break;
	}
	if (text[*from - 1] == ',')
		--*from;
	else if (text[*to] == ',')
		++*to;
}

void
edit_apply(struct edits *p, const char *text, size_t n, struct buf *out)
{
	struct edit *e = (struct edit *)(void *)p->edits.ptr;
	size_t count = p->edits.len / sizeof(*e), i, done = 0, from, to;

	if (count > 1)
		qsort(e, count, sizeof(*e), by_place);
	for (i = 0; i < count; ) {
		from = e[i].at;
		to = from + e[i].n;
		if (from < done) {	/* inside another */
			i++;
			continue;
		}
		if (e[i].what == EDIT_DROP) {
			make_drop(text, e, count, &i, &from, &to);
			if (from < done)
				from = done;
			buf_add(out, text + done, from - done);
		} else {
			buf_add(out, text + done, from - done);
			if (e[i].what == EDIT_MEMBER &&
			    out->ptr[out->len - 1] != '{')
				buf_addc(out, ',');
			buf_add(out, p->texts.ptr + e[i].text, e[i].ntext);
			i++;
		}
		done = to;
	}
	buf_add(out, text + done, n - done);
}

void
edit_free(struct edits *p)
{
	buf_free(&p->edits);
	buf_free(&p->texts);
}
