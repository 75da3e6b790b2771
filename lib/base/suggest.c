/* SPDX-License-Identifier: ISC */
/*
 * The known words nearest to one that is not known.
 */
#include "base/suggest.h"

#include <stdint.h>
#include <string.h>

/* of longer words only the beginning is compared */
#define LONGEST 63

static size_t
least(size_t a, size_t b)
{
	return a < b ? a : b;
}

static int
same(char a, char b)
{
	if (a >= 'A' && a <= 'Z')
		a = (char)(a - 'A' + 'a');
	if (b >= 'A' && b <= 'Z')
		b = (char)(b - 'A' + 'a');
	return a == b;
}

/*
 * How many letters must be changed, added, left out or swapped with the next
 * (Damerau's distance, each place edited once); case does not count.
 */
static size_t
distance(const char *a, size_t na, const char *b, size_t nb)
{
	size_t rows[3][LONGEST + 1], *before = rows[0], *above = rows[1];
	size_t *row = rows[2], *turn, i, j;

	na = least(na, LONGEST);
	nb = least(nb, LONGEST);
	for (j = 0; j <= nb; j++)
		above[j] = before[j] = j;
	for (i = 1; i <= na; i++) {
		row[0] = i;
		for (j = 1; j <= nb; j++) {
			row[j] = least(least(above[j], row[j - 1]) + 1,
			    above[j - 1] + !same(a[i - 1], b[j - 1]));
			if (i > 1 && j > 1 && same(a[i - 1], b[j - 2]) &&
			    same(a[i - 2], b[j - 1]))
				row[j] = least(row[j], before[j - 2] + 1);
		}
		turn = before;
		before = above;
		above = row;
		row = turn;
	}
	return above[nb];
}

/* what follows the last "/", which people often give alone */
static const char *
tail(const char *p, size_t *n)
{
	size_t i;

	for (i = *n; i > 0 && p[i - 1] != '/'; i--)
		continue;
	*n -= i;
	return p + i;
}

/* so many edits are still near, of words whose longer one has n letters */
static size_t
limit(size_t a, size_t b)
{
	return 1 + least(a > b ? a : b, LONGEST) / 3;
}

/* how far off a known word is; SIZE_MAX: too far */
static size_t
how_far(const char *word, const char *known, size_t n)
{
	const char *end;
	size_t len = strlen(word), far, m = n, other;

	if (len == 0)
		return SIZE_MAX;
	far = distance(word, len, known, n);
	if (far > limit(len, n))
		far = SIZE_MAX;
	/* the beginning of a name, or what a category ends with */
	if (len >= 2 && n > len && distance(word, len, known, len) == 0)
		far = least(far, 1);
	if (len >= 4 && n > len + 1 && (other = distance(word, len, known,
	    len + 1)) <= limit(len, len))
		far = least(far, 1 + other);
	end = tail(known, &m);
	if (m == n)
		return far;
	other = distance(word, len, end, m);
	return other > limit(len, m) ? far : least(far, 1 + other);
}

void
suggest_try(struct suggestion *s, const char *known, size_t n)
{
	struct suggest_word spare;
	size_t far, i;

	if ((far = how_far(s->word, known, n)) == SIZE_MAX)
		return;
	for (i = 0; i < s->n; i++) {
		if (s->best[i].text.len == n &&
		    memcmp(s->best[i].text.ptr, known, n) == 0)
			return;
	}
	for (i = s->n; i > 0 && s->best[i - 1].far > far; i--)
		continue;
	if (i == SUGGEST_MOST)
		return;
	if (s->n < SUGGEST_MOST)
		s->n++;
	spare = s->best[s->n - 1];
	memmove(&s->best[i + 1], &s->best[i],
	    (s->n - 1 - i) * sizeof(s->best[0]));
	spare.text.len = 0;
	buf_add(&spare.text, known, n);
	spare.far = far;
	s->best[i] = spare;
}

void
suggest_put(const struct suggestion *s, struct buf *b)
{
	size_t i;

	for (i = 0; i < s->n; i++) {
		buf_adds(b, i == 0 ? "; did you mean \"" :
		    i + 1 < s->n ? ", \"" : " or \"");
		buf_add(b, s->best[i].text.ptr, s->best[i].text.len);
		buf_addc(b, '"');
	}
	if (s->n > 0)
		buf_addc(b, '?');
}

void
suggest_free(struct suggestion *s)
{
	size_t i;

	for (i = 0; i < SUGGEST_MOST; i++)
		buf_free(&s->best[i].text);
	s->n = 0;
}
