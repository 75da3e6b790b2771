/* SPDX-License-Identifier: ISC */
/*
 * What JSON's tokens are made of (RFC 8259, sections 6 and 7), read as far as
 * the bytes at hand go: with those that come later it goes on from the state.
 */
#ifndef JSON_TOKEN_PRIV_H
#define JSON_TOKEN_PRIV_H

#include <stdint.h>
#include <string.h>	/* eight bytes at once */
#ifdef __SSE2__
#include <emmintrin.h>	/* sixteen */
#endif

/* what has come of a token; TOKEN_DONE: all of it */
enum token_state {
	TOKEN_DONE,
	/* of a string */
	TOKEN_TEXT,		/* some of it, no escape begun */
	TOKEN_ESCAPE,		/* a backslash */
	TOKEN_HEX,		/* \u, and ... */
	TOKEN_HEX_LAST = TOKEN_HEX + 3,		/* ... three digits */
	/* of a number */
	TOKEN_NUMBER,		/* nothing */
	TOKEN_MINUS,
	TOKEN_ZERO,		/* the zero that no digit may follow */
	TOKEN_WHOLE,		/* digits */
	TOKEN_POINT,
	TOKEN_FRACTION,		/* digits behind the point */
	TOKEN_E,
	TOKEN_SIGN,		/* of the exponent */
	TOKEN_EXPONENT,		/* its digits */
	TOKEN_STATES
};

struct token {
	enum token_state state;
	int plain;		/* a string without escapes so far */
	const char *word;	/* what has still to come of a word */
};

/* a string behind its quote, a number, a word that begins with this letter */
static inline struct token
token_of_string(void)
{
	return (struct token){ .state = TOKEN_TEXT, .plain = 1 };
}

static inline struct token
token_of_number(void)
{
	return (struct token){ .state = TOKEN_NUMBER };
}

static inline struct token
token_of_word(char letter)
{
	return (struct token){ .word = letter == 't' ? "true" :
	    letter == 'f' ? "false" : "null" };
}

/* go on in the escape that the state tells; as token_string() */
const char *token_escape(struct token *, const char *p, const char *end);

/* go on in a number: where it ends, or goes wrong; only more bytes can tell */
const char *token_number(struct token *, const char *p, const char *end);

/* whether a number is one if nothing follows */
int	token_is_number(const struct token *);

/* go on in a word: where it ends, or goes wrong; nothing is left if it ended */
static inline const char *
token_word(struct token *t, const char *p, const char *end)
{
	while (p < end && *t->word != '\0' && *p == *t->word) {
		p++;
		t->word++;
	}
	return p;
}

/*
 * Of TOKEN_STEP bytes at p the first quote, backslash or control character;
 * NULL: there is none.
 */
#ifdef __SSE2__
enum { TOKEN_STEP = 16 };

static inline const char *
token_end_in_step(const char *p)
{
	const __m128i v = _mm_loadu_si128((const void *)p);
	int hits = _mm_movemask_epi8(_mm_or_si128(
	    _mm_cmpeq_epi8(v, _mm_min_epu8(v, _mm_set1_epi8(' ' - 1))),
	    _mm_or_si128(_mm_cmpeq_epi8(v, _mm_set1_epi8('"')),
	    _mm_cmpeq_epi8(v, _mm_set1_epi8('\\')))));

	return hits != 0 ? p + __builtin_ctz((unsigned)hits) : NULL;
}
#else
enum { TOKEN_STEP = 8 };

static inline const char *
token_end_in_step(const char *p)
{
	const uint64_t ones = UINT64_MAX / 255;
	uint64_t w, hits;

	memcpy(&w, p, sizeof(w));
	/* a byte's top bit: it is one; exact for the lowest of them */
	hits = (((w ^ ones * '"') - ones) | ((w ^ ones * '\\') - ones) |
	    (w - ones * ' ')) & ~w & ones * 0x80;
	if (hits == 0)
		return NULL;
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	return p + __builtin_ctzll(hits) / 8;
#else
	while (*p != '"' && *p != '\\' && (uint8_t)*p >= ' ')
		p++;
	return p;
#endif
}
#endif

/* the first quote, backslash or control character from p on, or the end */
static inline const char *
token_text(const char *p, const char *end)
{
	const char *found;

	for (; end - p >= TOKEN_STEP; p += TOKEN_STEP) {
		if ((found = token_end_in_step(p)) != NULL)
			return found;
	}
	while (p < end && *p != '"' && *p != '\\' && (uint8_t)*p >= ' ')
		p++;
	return p;
}

/*
 * Go on in a string: past its closing quote (TOKEN_DONE), or where a byte
 * stands that may not be there, or the end.
 */
static inline const char *
token_string(struct token *t, const char *p, const char *end)
{
	for (;;) {
		if (t->state != TOKEN_TEXT) {
			p = token_escape(t, p, end);
			if (t->state != TOKEN_TEXT)
				return p;
		}
		p = token_text(p, end);
		if (p == end)
			return p;
		if (*p == '"') {
			t->state = TOKEN_DONE;
			return p + 1;
		}
		if (*p != '\\')
			return p;
		t->state = TOKEN_ESCAPE;
		t->plain = 0;
		p++;
	}
}

#endif
