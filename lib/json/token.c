/* SPDX-License-Identifier: ISC */
/*
 * What JSON's tokens are made of.
 */
#include "json/token_priv.h"

/* whether a byte may stand behind a backslash, or is a hexadecimal digit */
#define BEHIND_BACKSLASH 1
#define HEX_DIGIT 2

static const uint8_t in_escapes[256] = {
	['0'] = 2, ['1'] = 2, ['2'] = 2, ['3'] = 2, ['4'] = 2, ['5'] = 2,
	['6'] = 2, ['7'] = 2, ['8'] = 2, ['9'] = 2, ['A'] = 2, ['B'] = 2,
	['C'] = 2, ['D'] = 2, ['E'] = 2, ['F'] = 2, ['a'] = 2, ['b'] = 3,
	['c'] = 2, ['d'] = 2, ['e'] = 2, ['f'] = 3, ['n'] = 1, ['r'] = 1,
	['t'] = 1, ['u'] = 1, ['"'] = 1, ['\\'] = 1, ['/'] = 1
};

const char *
token_escape(struct token *t, const char *p, const char *end)
{
	if (t->state == TOKEN_ESCAPE) {
		if (p == end || !(in_escapes[(uint8_t)*p] & BEHIND_BACKSLASH))
			return p;
		t->state = *p++ == 'u' ? TOKEN_HEX : TOKEN_TEXT;
	}
	for (; t->state != TOKEN_TEXT && p < end; p++) {
		if (!(in_escapes[(uint8_t)*p] & HEX_DIGIT))
			return p;
		t->state = t->state == TOKEN_HEX_LAST ? TOKEN_TEXT :
		    t->state + 1;
	}
	return p;
}

/* what the bytes of a number are */
enum part { PART_NONE, PART_ZERO, PART_DIGIT, PART_POINT, PART_E, PART_PLUS,
	PART_MINUS, PARTS };

static const uint8_t parts[256] = {
	['0'] = PART_ZERO, ['1'] = PART_DIGIT, ['2'] = PART_DIGIT,
	['3'] = PART_DIGIT, ['4'] = PART_DIGIT, ['5'] = PART_DIGIT,
	['6'] = PART_DIGIT, ['7'] = PART_DIGIT, ['8'] = PART_DIGIT,
	['9'] = PART_DIGIT, ['.'] = PART_POINT, ['e'] = PART_E, ['E'] = PART_E,
	['+'] = PART_PLUS, ['-'] = PART_MINUS
};

/* what follows a state with a byte; TOKEN_DONE: nothing can */
#define DIGITS(STATE) [PART_ZERO] = STATE, [PART_DIGIT] = STATE
static const uint8_t follows[TOKEN_STATES][PARTS] = {
	[TOKEN_NUMBER] = { [PART_ZERO] = TOKEN_ZERO,
	    [PART_DIGIT] = TOKEN_WHOLE, [PART_MINUS] = TOKEN_MINUS },
	[TOKEN_MINUS] = { [PART_ZERO] = TOKEN_ZERO,
	    [PART_DIGIT] = TOKEN_WHOLE },
	[TOKEN_ZERO] = { [PART_POINT] = TOKEN_POINT, [PART_E] = TOKEN_E },
	[TOKEN_WHOLE] = { DIGITS(TOKEN_WHOLE), [PART_POINT] = TOKEN_POINT,
	    [PART_E] = TOKEN_E },
	[TOKEN_POINT] = { DIGITS(TOKEN_FRACTION) },
	[TOKEN_FRACTION] = { DIGITS(TOKEN_FRACTION), [PART_E] = TOKEN_E },
	[TOKEN_E] = { DIGITS(TOKEN_EXPONENT), [PART_PLUS] = TOKEN_SIGN,
	    [PART_MINUS] = TOKEN_SIGN },
	[TOKEN_SIGN] = { DIGITS(TOKEN_EXPONENT) },
	[TOKEN_EXPONENT] = { DIGITS(TOKEN_EXPONENT) }
};

const char *
token_number(struct token *t, const char *p, const char *end)
{
	uint8_t next;

	for (; p < end; p++) {
		next = follows[t->state][parts[(uint8_t)*p]];
		if (next == TOKEN_DONE)
			break;
		t->state = next;
	}
	return p;
}

int
token_is_number(const struct token *t)
{
	return t->state == TOKEN_ZERO || t->state == TOKEN_WHOLE ||
	    t->state == TOKEN_FRACTION || t->state == TOKEN_EXPONENT;
}
