/* SPDX-License-Identifier: ISC */
/*
 * Three versions of a text, merged line by line.
 */
#include "threeway/textlines.h"

#include <stdint.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/hash.h"
#include "diff/sequence.h"

/* a text's lines: where they begin, and the end of the last */
struct text {
	struct slice all;
	size_t *at;
	uint64_t *hashes;
	uint32_t n;
	uint32_t *mate;		/* by the base's lines */
};

/* the length of the line at p, with the escape that ends it */
static size_t
line_length(const char *p, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		if (p[i] != '\\' || i + 1 == n)
			continue;
		if (p[++i] == 'n')
			return i + 1;
	}
	return n;
}

static void
open_text(struct text *t, struct slice all)
{
	size_t i, n, count = 0;

	for (i = 0; i < all.n; i += line_length(all.p + i, all.n - i))
		count++;
	*t = (struct text){ .all = all };
	t->at = xmalloc((count + 1) * sizeof(*t->at));
	t->hashes = xmalloc((count + 1) * sizeof(*t->hashes));
	for (i = 0; i < all.n; i += n) {
		n = line_length(all.p + i, all.n - i);
		t->at[t->n] = i;
		t->hashes[t->n++] = hash_bytes(all.p + i, n);
	}
	t->at[t->n] = all.n;
}

static void
close_text(struct text *t)
{
	free(t->at);
	free(t->hashes);
	free(t->mate);
}

static struct slice
lines_of(const struct text *t, uint32_t from, uint32_t to)
{
	return (struct slice){ t->all.p + t->at[from],
	    t->at[to] - t->at[from] };
}

/* append what became of lines that were changed; 0: by both */
static int
put_changed(struct slice base, struct slice ours, struct slice theirs,
    struct buf *out)
{
	struct slice pick;

	if (slice_same(ours, theirs) || slice_same(base, theirs))
		pick = ours;
	else if (slice_same(base, ours))
		pick = theirs;
	else
		return 0;
	buf_add(out, pick.p, pick.n);
	return 1;
}

/* the next line of the base from one on that both sides have; or its end */
static uint32_t
next_common(const struct text *b, uint32_t i, const struct text *o,
    const struct text *t)
{
	while (i < b->n && (o->mate[i] == SEQUENCE_NONE ||
	    t->mate[i] == SEQUENCE_NONE))
		i++;
	return i;
}

static int
put_all(const struct text *b, const struct text *o, const struct text *t,
    struct buf *out)
{
	uint32_t i = 0, j = 0, k = 0, stop, ours, theirs;
	struct slice line;

	for (;;) {
		stop = next_common(b, i, o, t);
		ours = stop == b->n ? o->n : o->mate[stop];
		theirs = stop == b->n ? t->n : t->mate[stop];
		if (!put_changed(lines_of(b, i, stop), lines_of(o, j, ours),
		    lines_of(t, k, theirs), out))
			return 0;
		if (stop == b->n)
			return 1;
		line = lines_of(b, stop, stop + 1);
		buf_add(out, line.p, line.n);
		i = stop + 1;
		j = ours + 1;
		k = theirs + 1;
	}
}

int
textlines_merge(struct slice base, struct slice ours, struct slice theirs,
    struct buf *out)
{
	size_t before = out->len;
	struct text b, o, t;
	int merged;

	open_text(&b, base);
	open_text(&o, ours);
	open_text(&t, theirs);
	o.mate = xmalloc(((size_t)b.n + 1) * sizeof(*o.mate));
	t.mate = xmalloc(((size_t)b.n + 1) * sizeof(*t.mate));
	sequence_match(b.hashes, b.n, o.hashes, o.n, o.mate);
	sequence_match(b.hashes, b.n, t.hashes, t.n, t.mate);
	merged = put_all(&b, &o, &t, out);
	if (!merged)
		out->len = before;
	close_text(&b);
	close_text(&o);
	close_text(&t);
	return merged;
}
