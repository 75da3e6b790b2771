/* SPDX-License-Identifier: ISC */
/*
 * Two texts compared word by word.
 *
 * A word is a run of letters and digits, or of blanks, an escape, or another
 * character.
 */
#include "diff/words.h"

#include <ctype.h>
#include <stdint.h>
#include <stdlib.h>

#include "base/buf.h"
#include "base/hash.h"
#include "diff/sequence.h"

/* of more words only what is common at both ends is looked for */
#define MOST ((uint32_t)1 << 21)

/* one text's words: where they begin, and one that ends them */
struct words {
	struct slice text;
	uint64_t *hashes;
	size_t *at;
	uint32_t n;
};

static int
is_letter(unsigned char c)
{
	return isalnum(c) || c == '_' || c >= 0x80;
}

/* the length of the word at p */
static size_t
word(const char *p, size_t n)
{
	size_t i = 1;

	if (*p == '\\') {
		i = n > 1 && p[1] == 'u' ? 6 : 2;
		return i < n ? i : n;
	}
	if (is_letter((unsigned char)*p)) {
		while (i < n && is_letter((unsigned char)p[i]))
			i++;
	} else if (*p == ' ') {
		while (i < n && p[i] == ' ')
			i++;
	}
	return i;
}

/* the text's words; the whole is one, if there are too many */
static void
split(struct words *w, struct slice text)
{
	size_t i, n;
	uint32_t count = 0;

	for (i = 0; i < text.n && count < MOST; i += word(text.p + i,
	    text.n - i))
		count++;
	*w = (struct words){ .text = text };
	w->at = xmalloc(((size_t)count + 1) * sizeof(*w->at));
	w->hashes = xmalloc(((size_t)count + 1) * sizeof(*w->hashes));
	for (i = 0; i < text.n; i += n) {
		n = count == MOST ? text.n : word(text.p + i, text.n - i);
		w->at[w->n] = i;
		w->hashes[w->n++] = hash_bytes(text.p + i, n);
	}
	w->at[w->n] = text.n;
}

static void
free_words(struct words *w)
{
	free(w->at);
	free(w->hashes);
}

/* words from one on, up to another, as a run */
static void
put(struct buf *runs, unsigned of, const struct words *w, uint32_t from,
    uint32_t to)
{
	struct words_run run = { .of = of };

	if (from == to)
		return;
	run.text = (struct slice){ w->text.p + w->at[from],
	    w->at[to] - w->at[from] };
	buf_add(runs, &run, sizeof(run));
}

void
words_compare(struct slice old, struct slice new, struct buf *runs)
{
	struct words a, b;
	uint32_t *mate, i, j = 0, from;

	split(&a, old);
	split(&b, new);
	mate = xmalloc(((size_t)a.n + 1) * sizeof(*mate));
	sequence_match(a.hashes, a.n, b.hashes, b.n, mate);
	for (i = 0; i < a.n; ) {
		for (from = i; i < a.n && mate[i] == SEQUENCE_NONE; i++)
			continue;
		put(runs, WORDS_OLD, &a, from, i);
		put(runs, WORDS_NEW, &b, j, i < a.n ? mate[i] : b.n);
		j = i < a.n ? mate[i] : b.n;
		from = j;
		for (; i < a.n && mate[i] == j; i++)
			j++;
		put(runs, WORDS_BOTH, &b, from, j);
	}
	put(runs, WORDS_NEW, &b, j, b.n);
	free(mate);
	free_words(&a);
	free_words(&b);
}
