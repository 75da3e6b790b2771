/* SPDX-License-Identifier: ISC */
/*
 * JSON and UTF-8 read the plain way, to compare with: a grammar's rule is a
 * function (RFC 8259, RFC 3629), the text is whole, nothing is fast.
 */
#ifndef NAIVE_H
#define NAIVE_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include "base/buf.h"
#include "json/scan.h"

/* a text being read; out gets its tokens, as naive_put() writes them */
struct naive {
	const char *p;
	size_t n, at;
	unsigned depth, max_depth;
	size_t blanks;		/* outside strings */
	struct buf *out;
};

/* append a token as a line: type, offset, first, its bytes */
static inline void
naive_put(struct buf *out, enum json_type type, uint64_t offset, int first,
    const char *raw, size_t n)
{
	static const char *const names[] = {
		[JSON_OBJECT] = "object", [JSON_ARRAY] = "array",
		[JSON_END] = "end", [JSON_KEY] = "key",
		[JSON_STRING] = "string", [JSON_PART] = "part",
		[JSON_OTHER] = "other"
	};

	buf_printf(out, "%s %llu %d ", names[type], (unsigned long long)offset,
	    first);
	buf_add(out, raw, n);
	buf_addc(out, '\n');
}

/*
 * The length of the character at p, of n bytes left; 0: it is none.  Its code
 * point decides: the shortest form, no surrogate, not above U+10FFFF.
 */
static inline size_t
naive_utf8(const unsigned char *p, size_t n)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	uint32_t c;
	size_t len, i;

	if (p[0] < 0x80)
		return 1;
	for (len = 0; len < 8 && (p[0] << len & 0x80) != 0; len++)
		continue;
	if (len < 2 || len > 4 || len > n)
		return 0;
	c = p[0] & (0x7fU >> len);
	for (i = 1; i < len; i++) {
		if ((p[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (p[i] & 0x3f);
	}
	return c < least[len] || c > 0x10ffff || (c & ~0x7ffU) == 0xd800 ?
	    0 : len;
}

/* whether n bytes are UTF-8 */
static inline int
naive_is_utf8(const char *p, size_t n)
{
	size_t i, len;

	for (i = 0; i < n; i += len) {
		len = naive_utf8((const unsigned char *)p + i, n - i);
		if (len == 0)
			return 0;
	}
	return 1;
}

/* whether the byte at the place is one of these */
static inline int
naive_on(const struct naive *t, const char *set)
{
	return t->at < t->n && t->p[t->at] != '\0' &&
	    strchr(set, t->p[t->at]) != NULL;
}

static inline void
naive_blank(struct naive *t)
{
	for (; naive_on(t, " \t\n\r"); t->at++)
		t->blanks++;
}

/* one of these bytes, or fail */
static inline int
naive_eat(struct naive *t, const char *set)
{
	if (!naive_on(t, set))
		return -1;
	t->at++;
	return 0;
}

/* at least one digit */
static inline int
naive_digits(struct naive *t)
{
	int rc;

	rc = naive_eat(t, "0123456789");
	while (naive_on(t, "0123456789"))
		t->at++;
	return rc;
}

static inline int
naive_number(struct naive *t)
{
	if (naive_on(t, "-"))
		t->at++;
	if (naive_on(t, "0"))
		t->at++;
	else if (naive_digits(t) == -1)
		return -1;
	if (naive_on(t, ".")) {
		t->at++;
		if (naive_digits(t) == -1)
			return -1;
	}
	if (naive_on(t, "eE")) {
		t->at++;
		if (naive_on(t, "+-"))
			t->at++;
		return naive_digits(t);
	}
	return 0;
}

static inline int
naive_string(struct naive *t)
{
	int i;

	if (naive_eat(t, "\"") == -1)
		return -1;
	while (t->at < t->n && t->p[t->at] != '"') {
		if ((unsigned char)t->p[t->at] < 0x20)
			return -1;
		if (t->p[t->at++] != '\\')
			continue;
		if (naive_on(t, "u")) {
			for (t->at++, i = 0; i < 4; i++)
				if (naive_eat(t, "0123456789abcdefABCDEF"))
					return -1;
		} else if (naive_eat(t, "\"\\/bfnrt") == -1) {
			return -1;
		}
	}
	return naive_eat(t, "\"");
}

static inline int
naive_word(struct naive *t)
{
	static const char *const words[] = { "true", "false", "null" };
	size_t i, n;

	for (i = 0; i < 3; i++) {
		n = strlen(words[i]);
		if (t->n - t->at >= n &&
		    memcmp(t->p + t->at, words[i], n) == 0) {
			t->at += n;
			return 0;
		}
	}
	return -1;
}

/* the token that has just been read, from a place on */
static inline void
naive_token(struct naive *t, enum json_type type, size_t from, int first)
{
	naive_put(t->out, type, from, first, t->p + from, t->at - from);
}

/* a key and its colon */
static inline int
naive_key(struct naive *t, int first)
{
	size_t from = t->at;

	if (naive_string(t) == -1)
		return -1;
	naive_token(t, JSON_KEY, from, first);
	naive_blank(t);
	return naive_eat(t, ":");
}

/* a value; first: of its container, where no key stands before it */
static inline int
naive_value(struct naive *t, int first)
{
	size_t from;
	int object, inner, rc;

	naive_blank(t);
	from = t->at;
	if (!naive_on(t, "{[")) {
		rc = naive_on(t, "\"") ? naive_string(t) :
		    naive_on(t, "tfn") ? naive_word(t) : naive_number(t);
		if (rc == 0)
			naive_token(t, t->p[from] == '"' ? JSON_STRING :
			    JSON_OTHER, from, first);
		return rc;
	}
	if (++t->depth > t->max_depth)
		return -1;
	object = t->p[t->at++] == '{';
	naive_token(t, object ? JSON_OBJECT : JSON_ARRAY, from, first);
	for (inner = 1; naive_blank(t), !naive_on(t, "}]"); inner = 0) {
		if (!inner && naive_eat(t, ",") == -1)
			return -1;
		naive_blank(t);
		if (object && naive_key(t, inner) == -1)
			return -1;
		if (naive_value(t, inner && !object) == -1)
			return -1;
	}
	from = t->at++;
	naive_token(t, JSON_END, from, inner);
	t->depth--;
	return (t->p[from] == '}') == object ? 0 : -1;
}

/*
 * Read a whole text of n bytes, putting its tokens into out.  1: it is JSON in
 * compact form; 0: with blanks; -1: it is none.
 */
static inline int
naive_read(const char *p, size_t n, unsigned max_depth, struct buf *out)
{
	struct naive t = { .p = p, .n = n, .max_depth = max_depth, .out = out };

	if (!naive_is_utf8(p, n) || naive_value(&t, 0) == -1)
		return -1;
	naive_blank(&t);
	return t.at < n ? -1 : t.blanks == 0;
}

#endif
