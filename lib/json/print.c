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

/* where the next key or value stands */
static enum style_place
next_place(const struct print *l)
{
	if (l->keyed)
		return STYLE_VALUE;
	if (l->depth.all == 0)
		return STYLE_ROOT;
	return l->fresh ? STYLE_FIRST : STYLE_NEXT;
}

/* the gap before a key or a value */
static void
put_gap(struct print *l)
{
	put_style(l, next_place(l));
	l->fresh = l->keyed = 0;
}

/* whether no container can be opened here */
static int
is_full(struct print *l)
{
	l->too_deep |= l->depth.all == l->max_depth;
	return l->depth.all == l->max_depth;
}

static void
go_in(struct print *l, int array)
{
	l->arrays[l->depth.all++] = (unsigned char)array;
	l->depth.objects += !array;
}

static void
go_out(struct print *l)
{
	l->depth.objects -= !in_array(l);
	l->depth.all--;
}

int
print_open(struct print *l, int array)
{
	if (is_full(l))
		return -1;
	put_gap(l);
	put_byte(l, array ? '[' : '{');
	go_in(l, array);
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
	go_out(l);
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

/* past the string, number or word that begins at p; NULL: none does */
static const char *
skip_scalar(const char *p, const char *end)
{
	const char *next = *p == '"' ? string_skip(p, end) :
	    skip_word(p, end);

	return next == p ? NULL : next;
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
	const char *next = skip_scalar(v->p, v->end);
	int key;

	if (next == NULL)
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

static int
is_bracket(char c)
{
	return c == '[' || c == ']' || c == '{' || c == '}';
}

/* where a value that is measured is */
struct measure {
	enum style_place place;	/* of the next token */
	const struct style_gap *gaps;	/* of the innermost container */
	size_t fills[STYLE_TWICE + 1];	/* of its gaps, by their indent */
};

static void
find_gaps(const struct print *l, struct measure *m)
{
	const struct style *s = l->style;
	size_t deep = (size_t)s->width * (s->objects ? l->depth.objects :
	    l->depth.all);

	m->gaps = s->gaps[in_array(l)];
	m->fills[STYLE_FLAT] = 0;
	m->fills[STYLE_MEMBER] = deep;
	m->fills[STYLE_LESS] = deep - s->width;
	m->fills[STYLE_TWICE] = 2 * m->fills[STYLE_LESS] + 1;
}

/* a bracket that is measured; 0 or -1 */
static int
measure_bracket(struct print *l, const struct print_value *v, char c,
    struct measure *m)
{
	if (c == '[' || c == '{') {
		if (is_full(l))
			return -1;
		go_in(l, c == '[');
		m->place = STYLE_FIRST;
	} else {
		if (l->depth.all <= v->base || in_array(l) != (c == ']'))
			return -1;
		go_out(l);
		m->place = STYLE_NEXT;
	}
	find_gaps(l, m);
	return 0;
}

/*
 * The rest of a value that is measured, if no line of it is asked for: what
 * put_token() does, with the sums at hand.
 */
static int
measure_rest(struct print *l, struct print_value *v)
{
	struct measure m = { .place = next_place(l) };
	const struct style_gap *g;
	const char *p = v->p, *next;
	uint64_t size = l->size, line = l->line;

	find_gaps(l, &m);
	for (; p < v->end; p = next) {
		next = p + 1;
		if (*p == ',')
			continue;
		if (*p == ']' || *p == '}')
			m.place = m.place == STYLE_FIRST ? STYLE_EMPTY :
			    STYLE_CLOSE;
		g = &m.gaps[m.place];
		size += g->lead + m.fills[g->indent];
		line += g->ends;
		if (is_bracket(*p)) {
			if (measure_bracket(l, v, *p, &m) == -1)
				return -1;
			size++;
			continue;
		}
		if ((next = skip_scalar(p, v->end)) == NULL)
			return -1;
		size += (size_t)(next - p);
		if (m.place == STYLE_VALUE || l->depth.all == 0 ||
		    in_array(l)) {
			m.place = STYLE_NEXT;
			continue;
		}
		if (*p != '"' || next == v->end || *next++ != ':')
			return -1;
		m.place = STYLE_VALUE;
	}
	l->size = size;
	l->line = line;
	l->fresh = m.place == STYLE_FIRST;
	l->keyed = m.place == STYLE_VALUE;
	v->p = p;
	return l->depth.all == v->base && !l->keyed ? 0 : -1;
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
	if (l->take == NULL && v->nmarks == 0)
		return measure_rest(l, v);
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
