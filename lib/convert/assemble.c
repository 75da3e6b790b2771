/* SPDX-License-Identifier: ISC */
/*
 * A JSON file put together again from its records.
 *
 * The levels are a stack of what is open: containers that @open lines made,
 * and components whose value waits, because containers inside it are filled
 * by the lines that follow.  A line that belongs further out closes what
 * stands in between; a line that belongs nowhere is out of order.
 */
#include "convert/assemble.h"

#include <stdlib.h>
#include <string.h>

#include "json/pointer.h"
#include "json/string.h"

#define NOT_OPEN \
	"the container it stands in is not open: records of a file must come " \
	"in their order"

static int
wrong(struct assembly *a, const char *what)
{
	a->wrong = what;
	return -1;
}

/* what came of laying out: a value that is no JSON, or a taker that stopped */
static int
bad_value(struct assembly *a)
{
	if (a->layout.stopped)
		return -1;
	if (a->layout.too_deep)
		return wrong(a, "nested deeper than the limit (--max-depth)");
	return wrong(a, "the value is not JSON");
}

void
assemble_begin(struct assembly *a, const struct style *s, unsigned max_depth,
    print_taker *take, void *arg)
{
	print_begin(&a->layout, s, max_depth, take, arg);
	a->depth = 0;
	a->pointers.len = 0;
	a->begun = 0;
	a->nmarks = 0;
	a->wrong = NULL;
}

void
assemble_free(struct assembly *a)
{
	size_t i;

	for (i = 0; i < a->room; i++) {
		buf_free(&a->levels[i].kept);
		buf_free(&a->levels[i].value.steps);
	}
	free(a->levels);
	print_free(&a->layout);
	buf_free(&a->pointers);
	buf_free(&a->key);
	*a = (struct assembly){0};
}

static struct assembly_level *
top(struct assembly *a)
{
	return a->depth > 0 ? &a->levels[a->depth - 1] : NULL;
}

static struct assembly_level *
push_level(struct assembly *a, struct slice at)
{
	struct assembly_level *l;

	a->levels = xroom(a->levels, &a->room, a->depth, sizeof(*a->levels));
	l = &a->levels[a->depth++];
	l->at = a->pointers.len;
	l->nat = at.n;
	buf_add(&a->pointers, at.p, at.n);
	l->component = l->array = l->hole = 0;
	return l;
}

/* close the innermost level; a hole's bracket belongs to the value around */
static int
pop_level(struct assembly *a)
{
	struct assembly_level *l = top(a);
	int rc;

	a->depth--;
	a->pointers.len = l->at;
	if (l->component) {
		rc = print_rest(&a->layout, &l->value);
		buf_free(&l->kept);
		return rc == -1 ? bad_value(a) : 0;
	}
	return l->hole || print_close(&a->layout) == 0 ? 0 : bad_value(a);
}

static int
is_at(const struct assembly *a, const struct assembly_level *l,
    const char *p, size_t n)
{
	return l->nat == n &&
	    (n == 0 || memcmp(a->pointers.ptr + l->at, p, n) == 0);
}

/*
 * Close levels until the innermost is the container that holds what stands
 * at this pointer, or (inside) a component that it stands in.
 */
static int
find_container(struct assembly *a, struct slice at, int inside)
{
	struct assembly_level *l;
	size_t parent = pointer_parent(at.p, at.n);

	while ((l = top(a)) != NULL) {
		if (!l->component && is_at(a, l, at.p, parent))
			return 0;
		if (inside && l->component && pointer_below(
		    a->pointers.ptr + l->at, l->nat, at.p, at.n))
			return 0;
		if (pop_level(a) == -1)
			return -1;
	}
	return wrong(a, NOT_OPEN);
}

/* a member's key, or nothing for an element */
static int
put_key(struct assembly *a, struct slice at, struct slice key)
{
	size_t parent = pointer_parent(at.p, at.n);
	struct buf text = {0};

	if (top(a)->array)
		return at.n - parent == 2 && at.p[at.n - 1] == '-' ? 0 :
		    wrong(a, "expected a last step \"-\" in an array's "
		    "pointer");
	if (key.p == NULL) {
		pointer_key(&text, at.p + parent + 1, at.n - parent - 1);
		a->key.len = 0;
		string_encode(&a->key, text.ptr, text.len);
		buf_free(&text);
		key = (struct slice){ a->key.ptr, a->key.len };
	}
	print_key(&a->layout, key.p, key.n);
	return 0;
}

/* the document itself */
static int
begin_root(struct assembly *a)
{
	if (a->begun)
		return wrong(a, "the file has a document already");
	a->begun = 1;
	return 0;
}

int
assemble_open(struct assembly *a, struct slice at, struct slice key, int array)
{
	struct assembly_level *l;
	int got, hole = 0;

	if (at.n == 0) {
		if (begin_root(a) == -1)
			return -1;
	} else if (find_container(a, at, 1) == -1) {
		return -1;
	} else if ((l = top(a))->component) {
		got = print_until(&a->layout, &l->value, at.p + l->nat,
		    at.n - l->nat);
		if (got == -1)
			return bad_value(a);
		if (got == 0)
			return wrong(a, "the component around it has no empty "
			    "container there, or it comes after a later one");
		hole = 1;
	} else if (put_key(a, at, key) == -1) {
		return -1;
	}
	if (!hole && print_open(&a->layout, array) == -1)
		return bad_value(a);
	l = push_level(a, at);
	l->array = array;
	l->hole = hole;
	return 0;
}

int
assemble_component(struct assembly *a, struct slice at, struct slice key,
    struct slice value, struct buf *keep)
{
	struct print_value v = { .p = value.p, .end = value.p + value.n,
	    .marks = a->marks, .nmarks = a->nmarks };
	struct assembly_level *l;

	a->nmarks = 0;
	if (at.n == 0) {
		if (begin_root(a) == -1)
			return -1;
	} else if (find_container(a, at, 0) == -1 ||
	    put_key(a, at, key) == -1) {
		return -1;
	}
	v.base = a->layout.depth.all;
	if (keep == NULL)
		return print_rest(&a->layout, &v) == -1 ? bad_value(a) : 0;
	l = push_level(a, at);
	l->component = 1;
	buf_free(&l->kept);
	l->kept = *keep;
	*keep = (struct buf){0};
	v.steps = l->value.steps;
	v.steps.len = 0;
	l->value = v;
	return 0;
}

int
assemble_end(struct assembly *a)
{
	while (a->depth > 0) {
		if (pop_level(a) == -1)
			return -1;
	}
	return print_flush(&a->layout);
}
