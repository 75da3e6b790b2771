/* SPDX-License-Identifier: ISC */
/*
 * Differences as figures: a bar for each kind, in the widths of git's.
 */
#include <inttypes.h>

#include "base/diag.h"
#include "diff/columns.h"
#include "diff/show_priv.h"

/* the least and the largest part of a line that is a bar */
#define LEAST_BAR 6

static void
put_item(struct show *s, const struct diff_item *item)
{
	(void)s;
	(void)item;
}

static uint64_t
sum(const uint64_t of[DIFF_OPS])
{
	uint64_t n = 0;
	int op;

	for (op = 0; op < DIFF_OPS; op++)
		n += of[op];
	return n;
}

/* digits of a number */
static unsigned
digits(uint64_t n)
{
	unsigned d = 1;

	while (n >= 10) {
		n /= 10;
		d++;
	}
	return d;
}

/* the signs of a kind: so many as it has, or their part of a bar */
static void
put_bar(struct show *s, const struct show_count *c, uint64_t most,
    unsigned width)
{
	uint64_t n;
	int op;

	for (op = 0; op < DIFF_OPS; op++) {
		n = c->of[op];
		if (n == 0)
			continue;
		if (most > width)
			n = 1 + n * (width - DIFF_OPS) / most;
		buf_adds(&s->line, show_colour(s, (enum diff_op)op));
		buf_fill(&s->line, show_signs[op], (size_t)n);
		buf_adds(&s->line, show_plain(s));
	}
}

/* the widest name, the largest number */
static void
measure(const struct show *s, unsigned *name, uint64_t *most)
{
	const struct show_count *c = (const void *)s->counts.ptr;
	size_t n = s->counts.len / sizeof(*c);
	unsigned wide;

	for (*name = 0, *most = 0; n-- > 0; c++) {
		wide = columns_of(s->texts.ptr + c->at, c->n);
		if (wide > *name)
			*name = wide;
		if (sum(c->of) > *most)
			*most = sum(c->of);
	}
}

/* " 3 kinds, 5 added(+), 1 removed(-)" */
static void
put_sums(struct show *s, size_t kinds)
{
	int op;

	buf_printf(&s->line, " %zu kind%s", kinds, diag_s(kinds));
	for (op = 0; op < DIFF_OPS; op++) {
		if (s->all[op] > 0)
			buf_printf(&s->line, ", %" PRIu64 " %s(%c)",
			    s->all[op], show_done[op], show_signs[op]);
	}
	buf_addc(&s->line, '\n');
}

static void
put_end(struct show *s)
{
	const struct show_count *c = (const void *)s->counts.ptr;
	size_t i, n = s->counts.len / sizeof(*c);
	unsigned name, width, used;
	uint64_t most;

	measure(s, &name, &most);
	used = name + digits(most) + 5;
	width = s->look.columns > used + LEAST_BAR ? s->look.columns - used :
	    LEAST_BAR;
	for (i = 0; i < n; i++, c++) {
		buf_addc(&s->line, ' ');
		columns_put(&s->line, s->texts.ptr + c->at, c->n);
		buf_fill(&s->line, ' ', name - columns_of(s->texts.ptr +
		    c->at, c->n));
		buf_printf(&s->line, " | %*" PRIu64 " ", (int)digits(most),
		    sum(c->of));
		put_bar(s, c, most, width);
		buf_addc(&s->line, '\n');
	}
	put_sums(s, n);
}

const struct show_way show_stat = { .item = put_item, .end = put_end };
