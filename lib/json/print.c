/* SPDX-License-Identifier: ISC */
/*
 * JSON laid out in a style.
 */
#include "json/print.h"

#include <stdlib.h>
#include <string.h>

#include "json/pointer.h"
#include "json/string.h"
#include "json/style_priv.h"

/* text is handed over in runs of at least this size */
#define RUN ((size_t)1 << 16)

void
print_begin(struct print *l, const struct style *style, unsigned max_depth,
    print_taker *take, void *arg)
{
	if (l->arrays == NULL || l->max_depth != max_depth)
		l->arrays = xrealloc(l->arrays, max_depth, 1);
	l->max_depth = max_depth;
	l->style = style;
	l->take = take;
	l->arg = arg;
	l->text.len = 0;
	l->depth = (struct style_depth){0};
	l->fresh = l->keyed = l->stopped = l->too_deep = 0;
	l->size = 0;
	l->line = 1;
}

void
print_free(struct print *l)
{
	buf_free(&l->text);
	free(l->arrays);
	*l = (struct print){0};
}

int
print_flush(struct print *l)
{
	size_t n = l->text.len;

	l->text.len = 0;
	if (n > 0 && l->take(l->arg, l->text.ptr, n) == -1)
		l->stopped = 1;
	return l->stopped ? -1 : 0;
}

static int
in_array(const struct print *l)
{
	return l->depth.all > 0 && l->arrays[l->depth.all - 1];
}

/* the gap of a place */
static void
put_style(struct print *l, enum style_place place)
{
	if (l->take != NULL)
		style_put(l->style, place, in_array(l), l->depth, &l->text);
	else
		style_measure(l->style, place, in_array(l), l->depth,
		    &l->size, &l->line);
}

static void
put_byte(struct print *l, char c)
{
	if (l->take != NULL)
		buf_addc(&l->text, c);
	else
		l->size++;
}

/* the gap before a key or a value */
static void
put_gap(struct print *l)
{
	enum style_place place;

	if (l->keyed)
		place = STYLE_VALUE;
	else if (l->depth.all == 0)
		place = STYLE_ROOT;
	else
		place = l->fresh ? STYLE_FIRST : STYLE_NEXT;
	put_style(l, place);
	l->fresh = l->keyed = 0;
}

int
print_open(struct print *l, int array)
{
	if (l->depth.all == l->max_depth) {
		l->too_deep = 1;
		return -1;
	}
	put_gap(l);
	put_byte(l, array ? '[' : '{');
	l->arrays[l->depth.all++] = (unsigned char)array;
	l->depth.objects += !array;
	l->fresh = 1;
	return 0;
}

int
print_close(struct print *l)
{
	int array = in_array(l);

	if (l->depth.all == 0)
		return -1;
	put_style(l, l->fresh ? STYLE_EMPTY : STYLE_CLOSE);
	put_byte(l, array ? ']' : '}');
	l->depth.all--;
	l->depth.objects -= !array;
	l->fresh = l->keyed = 0;
	return 0;
}

void
print_key(struct print *l, const char *key, size_t n)
{
	put_gap(l);
	put_byte(l, '"');
	if (l->take != NULL)
		buf_add(&l->text, key, n);
	else
		l->size += n;
	put_byte(l, '"');
	l->keyed = 1;
}

/* past the number or word that begins at p */
static const char *
skip_word(const char *p, const char *end)
{
	while (p < end && *p != ',' && *p != ']' && *p != '}')
		p++;
	return p;
}

/* append text; a long one is handed over where it stands */
static int
put_text(struct print *l, const char *p, size_t n)
{
	if (l->take == NULL) {
		l->size += n;
		return 0;
	}
	if (n < RUN) {
		buf_add(&l->text, p, n);
		return 0;
	}
	if (print_flush(l) == -1)
		return -1;
	l->stopped = l->take(l->arg, p, n) == -1;
	return l->stopped ? -1 : 0;
}

/* a string or a word: a key, or a value */
static int
put_scalar(struct print *l, struct print_value *v)
{
	const char *next;
	int key;

	next = *v->p == '"' ? string_skip(v->p, v->end) :
	    skip_word(v->p, v->end);
	if (next == NULL || next == v->p)
		return -1;
	key = l->depth.all > 0 && !in_array(l) && !l->keyed;
	put_gap(l);
	if (put_text(l, v->p, (size_t)(next - v->p)) == -1)
		return -1;
	if (key) {
		if (*v->p != '"' || next == v->end || *next++ != ':')
			return -1;
		l->keyed = 1;
	}
	v->p = next;
	return 0;
}

/* tell the line to those who asked for it of the token before */
static void
tell_line(const struct print *l, struct print_value *v)
{
	for (; v->nmarks > 0 && v->marks->at < v->p; v->marks++, v->nmarks--)
		*v->marks->line = l->line;
}

/* one token of a value */
static int
put_token(struct print *l, struct print_value *v)
{
	int rc;

	switch (*v->p) {
	case '{':
	case '[':
		rc = print_open(l, *v->p++ == '[');
		break;
	case '}':
	case ']':
		if (l->depth.all <= v->base || in_array(l) != (*v->p == ']'))
			return -1;
		v->p++;
		rc = print_close(l);
		break;
	case ',':
		v->p++;
		rc = 0;
		break;
	default:
		rc = put_scalar(l, v);
		break;
	}
	if (rc == 0 && v->nmarks > 0)
		tell_line(l, v);
	if (rc == 0 && l->text.len >= RUN)
		rc = print_flush(l);
	return rc;
}

int
print_put(struct print *l, const char *p, size_t n)
{
	struct print_value v = { .p = p, .end = p + n,
	    .base = l->depth.all };

	return print_rest(l, &v);
}

int
print_rest(struct print *l, struct print_value *v)
{
	while (v->p < v->end) {
		if (put_token(l, v) == -1)
			return -1;
	}
	return l->depth.all == v->base && !l->keyed ? 0 : -1;
}

/* keep the steps to where the value is, before its next token is put */
static void
follow(const struct print *l, struct print_value *v)
{
	struct print_step *top, s = {0};
	size_t n = v->steps.len / sizeof(s);
	const char *end;

	top = n > 0 ? (struct print_step *)(void *)v->steps.ptr + n - 1 :
	    NULL;
	if (*v->p == ']' || *v->p == '}') {
		v->steps.len -= sizeof(s);
		return;
	}
	if (*v->p == ',')
		return;
	if (top != NULL && in_array(l))
		top->index += !l->fresh;
	else if (top != NULL && !l->keyed && *v->p == '"' &&
	    (end = string_skip(v->p, v->end)) != NULL) {
		top->key = v->p + 1;
		top->n = (size_t)(end - v->p) - 2;
	}
	if (*v->p == '[' || *v->p == '{')
		buf_add(&v->steps, &s, sizeof(s));
}

/* whether the steps are those of a pointer */
static int
is_there(const struct print_value *v, const char *pointer, size_t n)
{
	const struct print_step *s = (const void *)v->steps.ptr;
	size_t i, count = v->steps.len / sizeof(*s);
	struct buf b = {0}, key = {0};
	int same;

	for (i = 0; i < count; i++) {
		key.len = 0;
		if (s[i].key == NULL) {
			buf_printf(&b, "/%llu",
			    (unsigned long long)s[i].index);
			continue;
		}
		string_decode(&key, s[i].key, s[i].n);
		pointer_push(&b, key.ptr, key.len);
	}
	same = b.len == n && (n == 0 || memcmp(b.ptr, pointer, n) == 0);
	buf_free(&b);
	buf_free(&key);
	return same;
}

int
print_until(struct print *l, struct print_value *v, const char *pointer,
    size_t n)
{
	struct print_step none = {0};
	int empty, there;

	while (v->p < v->end) {
		/* an empty container may be the hole: its steps end before */
		empty = v->end - v->p >= 2 && (memcmp(v->p, "[]", 2) == 0 ||
		    memcmp(v->p, "{}", 2) == 0);
		follow(l, v);
		there = 0;
		if (empty) {
			v->steps.len -= sizeof(none);
			there = is_there(v, pointer, n);
			buf_add(&v->steps, &none, sizeof(none));
		}
		if (put_token(l, v) == -1)
			return -1;
		if (there)
			return 1;
	}
	return 0;
}
