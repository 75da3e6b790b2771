/* SPDX-License-Identifier: ISC */
/*
 * What two sequences have in common, in the same order.
 */
#include "diff/sequence.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

/* what has fewer pairs is compared pair by pair */
#define FEW_PAIRS ((uint64_t)1 << 16)

/* so often parts between elements that are had once are looked at again */
#define ROUNDS 12

/* a part of both, from and to */
struct part {
	uint32_t a, aend, b, bend;
};

struct matching {
	const uint64_t *a, *b;
	uint32_t *mate;
};

/* an element of one of both sides */
struct element {
	uint64_t value;
	uint32_t side, at;
};

static int
by_value(const void *va, const void *vb)
{
	const struct element *x = va, *y = vb;

	if (x->value != y->value)
		return x->value < y->value ? -1 : 1;
	if (x->side != y->side)
		return x->side < y->side ? -1 : 1;
	return x->at < y->at ? -1 : x->at > y->at;
}

/* match equal ones at the part's beginning and end, and make it smaller */
static void
trim(const struct matching *m, struct part *p)
{
	while (p->a < p->aend && p->b < p->bend && m->a[p->a] == m->b[p->b])
		m->mate[p->a++] = p->b++;
	while (p->a < p->aend && p->b < p->bend &&
	    m->a[p->aend - 1] == m->b[p->bend - 1])
		m->mate[--p->aend] = --p->bend;
}

/* the longest common subsequence of a small part, by its table of lengths */
static void
match_small(const struct matching *m, const struct part *p)
{
	uint32_t n = p->aend - p->a, k = p->bend - p->b, w = k + 1, i, j;
	uint32_t *len = xcalloc((size_t)(n + 1) * w, sizeof(*len));

	for (i = n; i-- > 0; ) {
		for (j = k; j-- > 0; ) {
			uint32_t *at = &len[(size_t)i * w + j];

			if (m->a[p->a + i] == m->b[p->b + j])
				*at = at[w + 1] + 1;
			else
				*at = at[w] >= at[1] ? at[w] : at[1];
		}
	}
	for (i = j = 0; i < n && j < k; ) {
		if (m->a[p->a + i] == m->b[p->b + j])
			m->mate[p->a + i++] = p->b + j++;
		else if (len[(size_t)(i + 1) * w + j] >=
		    len[(size_t)i * w + j + 1])
			i++;
		else
			j++;
	}
	free(len);
}

/* the places in b of what both sides of a part have once, by those in a */
static uint32_t
find_single(const struct matching *m, const struct part *p, uint32_t *list)
{
	uint32_t n = p->aend - p->a, k = p->bend - p->b, i, j, found = 0;
	struct element *e = xmalloc((size_t)(n + k) * sizeof(*e));

	for (i = 0; i < n; i++)
		e[i] = (struct element){ m->a[p->a + i], 0, i };
	for (i = 0; i < k; i++)
		e[n + i] = (struct element){ m->b[p->b + i], 1, p->b + i };
	qsort(e, n + k, sizeof(*e), by_value);
	for (i = 0; i < n; i++)
		list[i] = SEQUENCE_NONE;
	for (i = 0; i < n + k; i = j) {
		for (j = i + 1; j < n + k && e[j].value == e[i].value; j++)
			continue;
		if (j - i != 2 || e[i].side == e[i + 1].side)
			continue;
		list[e[i].at] = e[i + 1].at;
		found++;
	}
	free(e);
	return found;
}

static void match_part(const struct matching *, struct part, unsigned round);

/* the parts between those of a part that are kept */
static void
match_between(const struct matching *m, struct part p, const uint32_t *list,
    const uint8_t *keep, unsigned round)
{
	uint32_t first = p.a, n = p.aend - p.a, i;
	struct part gap = p;

	for (i = 0; i < n; i++) {
		if (!keep[i])
			continue;
		m->mate[first + i] = list[i];
		gap.aend = first + i;
		gap.bend = list[i];
		match_part(m, gap, round);
		gap.a = first + i + 1;
		gap.b = list[i] + 1;
	}
	gap.aend = p.aend;
	gap.bend = p.bend;
	match_part(m, gap, round);
}

static void
match_part(const struct matching *m, struct part p, unsigned round)
{
	uint32_t *list, n;
	uint8_t *keep;

	trim(m, &p);
	n = p.aend - p.a;
	if (n == 0 || p.b == p.bend)
		return;
	if ((uint64_t)n * (p.bend - p.b) <= FEW_PAIRS) {
		match_small(m, &p);
		return;
	}
	if (round == ROUNDS)
		return;
	list = xmalloc((size_t)n * sizeof(*list));
	keep = xmalloc(n);
	if (find_single(m, &p, list) > 0) {
		sequence_rising(list, n, keep);
		match_between(m, p, list, keep, round + 1);
	}
	free(list);
	free(keep);
}

void
sequence_match(const uint64_t *a, uint32_t n, const uint64_t *b, uint32_t m,
    uint32_t *mate)
{
	const struct matching all = { a, b, mate };
	uint32_t i;

	for (i = 0; i < n; i++)
		mate[i] = SEQUENCE_NONE;
	match_part(&all, (struct part){ 0, n, 0, m }, 0);
}

void
sequence_rising(const uint32_t *list, uint32_t n, uint8_t *keep)
{
	/* ends[k]: where the least end of those of length k + 1 stands */
	uint32_t *ends = xmalloc(((size_t)n + 1) * sizeof(*ends));
	uint32_t *before = xmalloc(((size_t)n + 1) * sizeof(*before));
	uint32_t longest = 0, low, high, mid, i;

	memset(keep, 0, n);
	for (i = 0; i < n; i++) {
		if (list[i] == SEQUENCE_NONE)
			continue;
		for (low = 0, high = longest; low < high; ) {
			mid = low + (high - low) / 2;
			if (list[ends[mid]] < list[i])
				low = mid + 1;
			else
				high = mid;
		}
		before[i] = low == 0 ? SEQUENCE_NONE : ends[low - 1];
		ends[low] = i;
		if (low == longest)
			longest++;
	}
	i = longest == 0 ? SEQUENCE_NONE : ends[longest - 1];
	for (; i != SEQUENCE_NONE; i = before[i])
		keep[i] = 1;
	free(ends);
	free(before);
}
