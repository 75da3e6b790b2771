/* SPDX-License-Identifier: ISC */
/*
 * layout [SEED]: values laid out around holes that others fill give the bytes
 * of the filled value laid out at once, and measured their size and the lines
 * of tokens; malformed ones are refused, and nothing behind them is read.
 */
#include "json/print.h"

#include <stdlib.h>

#include "check.h"
#include "json/pointer.h"
#include "json/string.h"
#include "json/style.h"
#include "naive.h"
#include "value.h"

#define ROUNDS CHECK_ROUNDS(2000)
#define MALFORMED 20000
#define DEPTH 64

struct hole;

/* a value with holes, as it comes and as it should become */
struct plan {
	struct buf value;	/* the holes empty */
	struct buf full;	/* the holes filled */
	struct hole *holes;
	size_t n;
};

/* something put into a hole; in an object under a key */
struct item {
	struct buf key;
	struct plan plan;
};

/* an empty container inside a value */
struct hole {
	struct buf pointer;
	int left;		/* nobody fills it */
	struct item *items;
	size_t n;
};

static void make(struct plan *, struct dice *, const struct buf *pointer,
    unsigned depth);

static void
plan_free(struct plan *p)
{
	size_t i, j;

	for (i = 0; i < p->n; i++) {
		for (j = 0; j < p->holes[i].n; j++) {
			buf_free(&p->holes[i].items[j].key);
			plan_free(&p->holes[i].items[j].plan);
		}
		free(p->holes[i].items);
		buf_free(&p->holes[i].pointer);
	}
	free(p->holes);
	buf_free(&p->value);
	buf_free(&p->full);
}

/* the same bytes to the value as it comes and as it should become */
static void
both(struct plan *p, const char *bytes, size_t n)
{
	buf_add(&p->value, bytes, n);
	buf_add(&p->full, bytes, n);
}

/* a key that its object has once, as it is written */
static void
make_key(struct buf *key, struct dice *d, size_t i)
{
	value_text(key, d);
	buf_printf(key, "#%zu", i);
}

/* an empty container, and what is to come into it */
static void
make_hole(struct plan *p, struct dice *d, const struct buf *pointer,
    unsigned depth)
{
	struct buf root = {0};
	struct hole *h;
	struct item *it;
	int array = dice_roll(d, 2) == 0;
	size_t i;

	buf_str(&root);
	p->holes = xrealloc(p->holes, p->n + 1, sizeof(*p->holes));
	h = &p->holes[p->n++];
	*h = (struct hole){ .left = dice_roll(d, 4) == 0 };
	buf_add(&h->pointer, pointer->ptr, pointer->len);
	buf_str(&h->pointer);
	both(p, array ? "[" : "{", 1);
	h->n = h->left ? 0 : dice_roll(d, 4);
	h->items = xcalloc(h->n, sizeof(*h->items));
	for (i = 0; i < h->n; i++) {
		it = &h->items[i];
		if (i > 0)
			buf_addc(&p->full, ',');
		if (!array) {
			make_key(&it->key, d, i);
			buf_printf(&p->full, "\"%.*s\":", (int)it->key.len,
			    it->key.ptr);
		}
		make(&it->plan, d, &root, depth);
		buf_add(&p->full, it->plan.full.ptr, it->plan.full.len);
	}
	both(p, array ? "]" : "}", 1);
	buf_free(&root);
}

/* a container with something in it */
static void
make_container(struct plan *p, struct dice *d, const struct buf *pointer,
    unsigned depth)
{
	struct buf below = {0}, key = {0}, text = {0};
	int array = dice_roll(d, 2) == 0;
	size_t i, n;

	both(p, array ? "[" : "{", 1);
	for (i = 0, n = 1 + dice_roll(d, 4); i < n; i++) {
		if (i > 0)
			both(p, ",", 1);
		below.len = key.len = text.len = 0;
		buf_add(&below, pointer->ptr, pointer->len);
		if (array) {
			buf_printf(&below, "/%zu", i);
		} else {
			make_key(&key, d, i);
			both(p, "\"", 1);
			both(p, key.ptr, key.len);
			both(p, "\":", 2);
			string_decode(&text, key.ptr, key.len);
			pointer_push(&below, text.ptr, text.len);
		}
		make(p, d, &below, depth);
	}
	both(p, array ? "]" : "}", 1);
	buf_free(&below);
	buf_free(&key);
	buf_free(&text);
}

/* add a random value that stands at a pointer of the plan's value */
static void
make(struct plan *p, struct dice *d, const struct buf *pointer, unsigned depth)
{
	struct buf scalar = {0};

	if (depth > 0 && dice_roll(d, 2) == 0) {
		make_container(p, d, pointer, depth - 1);
	} else if (depth > 0 && dice_roll(d, 2) == 0) {
		make_hole(p, d, pointer, depth - 1);
	} else {
		value_scalar(&scalar, d);
		both(p, scalar.ptr, scalar.len);
		buf_free(&scalar);
	}
}

/* lay a plan out: its value up to each hole, what fills it, and the rest */
static void
play(struct print *l, const struct plan *p)
{
	struct print_value v = { .p = p->value.ptr, .base = l->depth.all };
	const struct hole *h;
	const struct item *it;

	v.end = v.p + p->value.len;
	for (h = p->holes; h < p->holes + p->n; h++) {
		if (h->left)
			continue;
		CHECK_NUMBER("print_until", print_until(l, &v,
		    h->pointer.ptr, h->pointer.len), 1);
		for (it = h->items; it < h->items + h->n; it++) {
			if (it->key.len > 0)
				print_key(l, it->key.ptr, it->key.len);
			play(l, &it->plan);
		}
	}
	CHECK_NUMBER("print_rest", print_rest(l, &v), 0);
	buf_free(&v.steps);
}

static int
keep(void *arg, const char *p, size_t n)
{
	buf_add(arg, p, n);
	return 0;
}

/* the bytes that a value laid out at once gives */
static void
expected(struct buf *out, const struct style *s, const struct buf *value)
{
	struct print l = {0};

	out->len = 0;
	print_begin(&l, s, DEPTH, keep, out);
	CHECK_NUMBER("print_put", print_put(&l, value->ptr, value->len), 0);
	CHECK_NUMBER("print_flush", print_flush(&l), 0);
	print_free(&l);
}

static uint64_t
count_ends(const char *p, size_t n)
{
	uint64_t ends = 0;

	while (n > 0)
		ends += p[--n] == '\n';
	return ends;
}

/* the lines of a value's tokens, told while it is measured, are the text's */
static void
check_lines(const struct style *s, const struct buf *value,
    const struct buf *text)
{
	struct print_mark marks[2];
	uint64_t lines[2] = {0};
	struct print l = {0};
	struct print_value v = {0};
	const char *end = value->ptr + value->len, *p, *q = text->ptr;

	for (p = value->ptr; p < end; p++, q++) {
		/* what is a blank here stands in a string */
		while (strchr(" \t\n", *q) != NULL && *p != *q)
			q++;
		if (strchr("[{\"", *p) == NULL)
			continue;
		marks[0] = (struct print_mark){ p, &lines[0] };
		marks[1] = (struct print_mark){ end - 1, &lines[1] };
		v.p = value->ptr;
		v.end = end;
		v.marks = marks;
		v.nmarks = 2;
		print_begin(&l, s, DEPTH, NULL, NULL);
		CHECK_NUMBER("print_rest", print_rest(&l, &v), 0);
		CHECK_NUMBER("its line", lines[0], 1 + count_ends(text->ptr,
		    (size_t)(q - text->ptr)));
		CHECK_NUMBER("the last line", lines[1], 1 + count_ends(
		    text->ptr, text->len));
		if (*p == '"') {
			q += string_skip(p, end) - p - 1;
			p = string_skip(p, end) - 1;
		}
	}
	print_free(&l);
}

/* measured, a plan has the size and the line ends of the text */
static void
check_measured(const struct style *s, const struct plan *p,
    const struct buf *text)
{
	struct print l = {0};

	print_begin(&l, s, DEPTH, NULL, NULL);
	play(&l, p);
	CHECK_NUMBER("size", l.size, text->len);
	CHECK_NUMBER("lines", l.line, 1 + count_ends(text->ptr, text->len));
	print_free(&l);
	check_lines(s, &p->full, text);
}

static void
check_plan(struct dice *d)
{
	const struct style *s = style_at(dice_roll(d, style_count()));
	struct plan p = {0};
	struct buf root = {0}, got = {0}, want = {0};
	struct print l = {0};

	make(&p, d, &root, 5);
	print_begin(&l, s, DEPTH, keep, &got);
	play(&l, &p);
	CHECK_NUMBER("print_flush", print_flush(&l), 0);
	expected(&want, s, &p.full);
	CHECK_BYTES("filled", got.ptr, got.len, want.ptr, want.len);
	check_measured(s, &p, &want);
	CHECK_BYTES("compact", p.full.ptr, s == style_at(0) ? p.full.len : 0,
	    want.ptr, s == style_at(0) ? want.len : 0);
	print_free(&l);
	plan_free(&p);
	buf_free(&got);
	buf_free(&want);
}

/* what print_until() says of pointers asked for in turn, as "1 0 ..." */
static void
check_order(const char *value, const char *pointers, const char *answers)
{
	struct buf got = {0}, text = {0};
	struct print l = {0};
	struct print_value v = { .p = edge(value, strlen(value)) };
	size_t n;

	check_about = value;
	v.end = v.p + strlen(value);
	print_begin(&l, style_at(0), DEPTH, keep, &text);
	for (; *pointers != '\0'; pointers += n + (pointers[n] == ' ')) {
		n = strcspn(pointers, " ");
		buf_printf(&got, "%s%d", got.len > 0 ? " " : "",
		    print_until(&l, &v, pointers, n));
	}
	CHECK_TEXT("answers", got.ptr, got.len, answers);
	CHECK_NUMBER("the rest", print_rest(&l, &v), 0);
	CHECK_NUMBER("print_flush", print_flush(&l), 0);
	CHECK_TEXT("nothing filled", text.ptr, text.len, value);
	check_about = NULL;
	buf_free(&got);
	buf_free(&text);
	buf_free(&v.steps);
	print_free(&l);
}

static void
check_orders(void)
{
	static const char v[] = "{\"a\":[],\"b\":{\"c\":{},\"d\":[1,[],{}]}}";

	check_order(v, "/a /b/c /b/d/1 /b/d/2", "1 1 1 1");
	check_order(v, "/b/c /b/d/2", "1 1");
	check_order(v, "/b/d/2 /a", "1 0");
	check_order(v, "/b/c /a /b/d/1", "1 0 0");
	check_order(v, "/a /a", "1 0");
	check_order(v, "/b", "0");		/* it is not empty */
	check_order(v, "/b/d/0", "0");		/* it is no container */
	check_order(v, "/b/d/01", "0");
	check_order(v, "/b/d/-", "0");
	check_order(v, "/", "0");
	check_order("{}", "/", "0");
	check_order("{\"\":{}}", "/", "1");
	check_order("{\"a\":{\"b\":[]},\"a\":{\"c\":[]}}", "/a/b /a/c", "1 1");
	check_order("{\"a\":[],\"a\":[]}", "/a /a /a", "1 1 0");
	check_order("{\"x/y\":[],\"~\":{},\"\\u007e1\":[]}",
	    "/x~1y /~0 /~01", "1 1 1");
	check_order("{\"\\\"\":[],\"\\\\\":[],\"[]\":[],\"{}\":{}}",
	    "/\" /\\ /[] /{}", "1 1 1 1");
	check_order("[\"[]\",\"{}\",[\"]\"],[],[[]]]", "/3 /4/0", "1 1");
	check_order("[[],[],[]]", "/0 /1 /2", "1 1 1");
	check_order("[[[],[]],[[]]]", "/0/1 /1/0", "1 1");
	check_order("12", "/", "0");
	check_order("\"[]\"", "/", "0");
}

/* a hole at the root of a value, whose pointer is empty */
static void
check_root_hole(void)
{
	struct buf text = {0};
	struct print l = {0};
	struct print_value v = { .p = "[]" };

	v.end = v.p + 2;
	print_begin(&l, style_at(0), DEPTH, keep, &text);
	CHECK_NUMBER("root", print_until(&l, &v, "", 0), 1);
	CHECK_NUMBER("element", print_put(&l, "1", 1), 0);
	CHECK_NUMBER("element", print_put(&l, "{}", 2), 0);
	CHECK_NUMBER("the rest", print_rest(&l, &v), 0);
	CHECK_NUMBER("print_flush", print_flush(&l), 0);
	CHECK_TEXT("root hole filled", text.ptr, text.len, "[1,{}]");
	buf_free(&text);
	buf_free(&v.steps);
	print_free(&l);
}

/* lay a value out at once, and around a hole; as the two agree, 0 or -1 */
static int
try(const char *p, size_t n, const char *pointer)
{
	struct buf text = {0};
	struct print l = {0};
	struct print_value v = { .p = p, .end = p + n };
	int rc, got;

	print_begin(&l, style_at(0), DEPTH, keep, &text);
	rc = print_put(&l, p, n);
	print_begin(&l, style_at(1), DEPTH, keep, &text);
	if ((got = print_until(&l, &v, pointer, strlen(pointer))) == 1)
		got = print_until(&l, &v, pointer, strlen(pointer));
	if (got != -1)
		got = print_rest(&l, &v);
	CHECK_NUMBER("around a hole", got, rc);
	print_begin(&l, style_at(4), DEPTH, NULL, NULL);
	CHECK_NUMBER("measured", print_put(&l, p, n), rc);
	print_free(&l);
	buf_free(&text);
	buf_free(&v.steps);
	return rc;
}

static void
check_malformed(void)
{
	static const char *const values[] = {
		"]", "}", "[", "{", "[[", "[]]", "{}}", "[}", "{]", "[{]}",
		"[1}", "{\"a\":1]", "[1][", "\"", "\"a", "\"a\\", "\"\\\"",
		"\"\\\\\\\"", "{\"a", "{\"a\"", "{\"a\\\":1}", "{\"a\"}",
		"{\"a\",1}", "{1}", "{1:2}", "{[]:1}", "{{}:1}", "{:1}",
		"{\"a\":", "{\"a\":{", "{\"a\":{\"b\":[}}", "[\"]",
		"{\"a\":[]", "{\"a\":{}", "[[]", "[[],", "{\"\\u", "[\"\\",
		"{\"\\u\":[", "{\"\\ud800\\u\":{", "{true:1}"
	};
	size_t i;

	for (i = 0; i < sizeof(values) / sizeof(values[0]); i++) {
		check_about = values[i];
		CHECK_NUMBER("malformed", try(edge(values[i],
		    strlen(values[i])), strlen(values[i]), "/a"), -1);
	}
	check_about = NULL;
}

/* spoiled values: those that are JSON still are laid out, none is read past */
static void
check_spoiled(struct dice *d)
{
	struct buf value = {0}, spoiled = {0}, tokens = {0};
	const char *p;
	size_t i, n;
	int rc;

	for (i = 0; i < MALFORMED; i++) {
		value.len = spoiled.len = tokens.len = 0;
		value_make(&value, d, 4);
		value_spoil(&spoiled, d, value.ptr, value.len);
		n = dice_roll(d, 4) > 0 ? spoiled.len :
		    dice_roll(d, spoiled.len + 1);
		p = edge(spoiled.ptr, n);
		rc = try(p, n, dice_roll(d, 2) == 0 ? "/0" : "/key");
		if (naive_read(p, n, DEPTH, &tokens) == 1)
			CHECK_NUMBER("JSON still", rc, 0);
	}
	buf_free(&value);
	buf_free(&spoiled);
	buf_free(&tokens);
}

static int
stop(void *arg, const char *p, size_t n)
{
	(void)p;
	(void)n;
	++*(int *)arg;
	return -1;
}

/* the limits: depth, brackets that do not match, a taker that says stop */
static void
check_limits(void)
{
	struct buf text = {0}, big = {0};
	struct print l = {0};
	int calls = 0;

	print_begin(&l, style_at(0), 2, keep, &text);
	CHECK_NUMBER("as deep as allowed", print_put(&l, "[[1]]", 5), 0);
	CHECK(!l.too_deep);
	print_begin(&l, style_at(0), 2, keep, &text);
	CHECK_NUMBER("too deep", print_put(&l, "[[[]]]", 6), -1);
	CHECK(l.too_deep);
	print_begin(&l, style_at(0), 1, keep, &text);
	CHECK_NUMBER("nothing to close", print_close(&l), -1);
	CHECK_NUMBER("open", print_open(&l, 1), 0);
	CHECK_NUMBER("open too deep", print_open(&l, 1), -1);
	CHECK_NUMBER("not its bracket", print_put(&l, "]", 1), -1);
	CHECK_NUMBER("close", print_close(&l), 0);
	buf_addc(&big, '"');
	buf_fill(&big, 'a', (size_t)1 << 17);
	buf_addc(&big, '"');
	print_begin(&l, style_at(0), 2, stop, &calls);
	CHECK_NUMBER("stopped", print_put(&l, big.ptr, big.len), -1);
	CHECK_NUMBER("stopped for good", print_flush(&l), -1);
	CHECK_NUMBER("calls", calls, 1);
	print_begin(&l, style_at(0), 2, stop, &calls);
	CHECK_NUMBER("kept", print_put(&l, "1", 1), 0);
	CHECK_NUMBER("stopped at the end", print_flush(&l), -1);
	print_free(&l);
	buf_free(&text);
	buf_free(&big);
}

int
main(int argc, char *argv[])
{
	struct dice d = { argc > 1 ? strtoul(argv[1], NULL, 10) : 1 };
	int i;

	check_orders();
	check_root_hole();
	check_malformed();
	check_limits();
	for (i = 0; i < ROUNDS; i++)
		check_plan(&d);
	check_spoiled(&d);
	return check_done();
}
