/* SPDX-License-Identifier: ISC */
/*
 * A text as programs would read it.
 */
#include "vars/view.h"

#include <string.h>

/* from here on bytes stand so far on in what was decoded, up to the next */
struct view_step {
	uint32_t at, from;
	int one;	/* all of them are made of one escape, at from */
};

/* a hex digit's value, or -1 */
static int
digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c |= 0x20;
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

/* n hex digits, or -1 */
static long
number(const char *p, const char *end, int n)
{
	long value = 0;

	if (end - p < n)
		return -1;
	for (; n > 0; n--, p++) {
		if (digit(*p) == -1)
			return -1;
		value = value * 16 + digit(*p);
	}
	return value;
}

static void
put_utf8(struct buf *b, long c)
{
	int more = c < 0x80 ? 0 : c < 0x800 ? 1 : c < 0x10000 ? 2 : 3;
	static const long heads[] = { 0, 0xc0, 0xe0, 0xf0 };

	buf_addc(b, (char)(heads[more] | c >> 6 * more));
	while (more-- > 0)
		buf_addc(b, (char)(0x80 | ((c >> 6 * more) & 0x3f)));
}

/* %XX at p: how many bytes it is, or 0; the byte goes to the buffer */
static size_t
read_percent(const char *p, const char *end, struct buf *b)
{
	long c = number(p + 1, end, 2);

	if (c == -1)
		return 0;
	buf_addc(b, (char)c);
	return 3;
}

/* \uXXXX, and its second half if it is one of a pair */
static size_t
read_unicode(const char *p, const char *end, struct buf *b)
{
	long c = number(p + 2, end, 4), low;

	if (c == -1)
		return 0;
	if (c >= 0xd800 && c < 0xdc00 && end - p >= 12 && p[6] == '\\' &&
	    p[7] == 'u' && (low = number(p + 8, end, 4)) >= 0xdc00 &&
	    low < 0xe000) {
		put_utf8(b, 0x10000 + ((c - 0xd800) << 10) + low - 0xdc00);
		return 12;
	}
	put_utf8(b, c);
	return 6;
}

/* an escape of JSON or of a script at p, in the same way */
static size_t
read_escape(const char *p, const char *end, struct buf *b)
{
	static const char letters[] = "\"\\/'bfnrt";
	static const char bytes[] = "\"\\/'\b\f\n\r\t";
	const char *found;
	long c;

	if (end - p < 2 || p[1] == '\0')
		return 0;
	if (p[1] == 'u')
		return read_unicode(p, end, b);
	if (p[1] == 'x' && (c = number(p + 2, end, 2)) != -1) {
		put_utf8(b, c);
		return 4;
	}
	if ((found = strchr(letters, p[1])) == NULL)
		return 0;
	buf_addc(b, bytes[found - letters]);
	return 2;
}

/* the ways to decode a text: what an escape begins with, and its reader */
static const struct {
	char mark;
	size_t (*read)(const char *p, const char *end, struct buf *);
} ways[] = {
	{ '\\', read_escape }, { '%', read_percent },
};

static void
add_step(struct view *v, size_t from, int one)
{
	struct view_step s = { (uint32_t)v->text.len, (uint32_t)from, one };

	buf_add(&v->steps, &s, sizeof(s));
}

/* decode a view into another; whether there was anything to decode */
static int
decode(struct view *v, const struct view *of, size_t way)
{
	const char *p = of->p, *end = of->p + of->n, *mark;
	size_t n, before;

	v->text.len = v->steps.len = 0;
	while ((mark = memchr(p, ways[way].mark, (size_t)(end - p))) != NULL) {
		buf_add(&v->text, p, (size_t)(mark - p));
		before = v->text.len;
		n = ways[way].read(mark, end, &v->text);
		p = mark + (n > 0 ? n : 1);
		if (n == 0) {
			buf_addc(&v->text, *mark);
			continue;
		}
		n = v->text.len;
		v->text.len = before;
		add_step(v, (size_t)(mark - of->p), 1);
		v->text.len = n;
		add_step(v, (size_t)(p - of->p), 0);
	}
	if (v->steps.len == 0)
		return 0;
	buf_add(&v->text, p, (size_t)(end - p));
	v->p = v->text.ptr;
	v->n = v->text.len;
	v->of = of;
	return 1;
}

static int
each(struct views *s, size_t deep, int (*call)(void *, const struct view *),
    void *ctx)
{
	size_t way;
	int rc = call(ctx, &s->deep[deep]);

	for (way = 0; rc == 0 && deep < VIEW_DEEP && way < sizeof(ways) /
	    sizeof(ways[0]); way++) {
		if (decode(&s->deep[deep + 1], &s->deep[deep], way))
			rc = each(s, deep + 1, call, ctx);
	}
	return rc;
}

int
view_each(struct views *s, const char *text, size_t n,
    int (*call)(void *, const struct view *), void *ctx)
{
	s->deep[0].p = text;
	s->deep[0].n = n;
	return each(s, 0, call, ctx);
}

/* where a byte of a view stands in what it was decoded of: from, up to */
static void
source_of(const struct view *v, size_t at, size_t *from, size_t *to)
{
	const struct view_step *s = buf_at(&v->steps, 0);
	size_t low = 0, high = v->steps.len / sizeof(*s), middle;

	/* the first step that is after the byte */
	while (low < high) {
		middle = (low + high) / 2;
		if (s[middle].at <= at)
			low = middle + 1;
		else
			high = middle;
	}
	*from = low == 0 ? at : s[low - 1].one ? s[low - 1].from :
	    s[low - 1].from + (at - s[low - 1].at);
	*to = low > 0 && s[low - 1].one ? s[low].from : *from + 1;
}

void
view_source(const struct view *v, size_t at, size_t n, size_t *from,
    size_t *to)
{
	size_t unused;

	*from = at;
	*to = at + n;
	for (; v->of != NULL; v = v->of) {
		source_of(v, *to - 1, &unused, to);
		source_of(v, *from, from, &unused);
	}
}

void
view_free(struct views *s)
{
	size_t i;

	for (i = 0; i <= VIEW_DEEP; i++) {
		buf_free(&s->deep[i].text);
		buf_free(&s->deep[i].steps);
	}
}
