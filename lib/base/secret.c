/* SPDX-License-Identifier: ISC */
/*
 * Texts that have the shape of a secret.
 */
#include "base/secret.h"

#include <ctype.h>
#include <stdint.h>
#include <string.h>

#include "base/placeholder.h"

/* how a block begins that may be a key */
#define BEGIN "-----BEGIN "

/* what a token has after its first bytes: sets of characters */
enum set { UPPER, ALNUM, WORD, DOTTED };

/*
 * Shapes of tokens, by the pages of those who give them out: what they begin
 * with, what follows, and of that how much at least.
 */
static const struct shape {
	const char *prefix;
	enum set set;
	size_t min;
	const char *what;
} shapes[] = {
	{ "AKIA", UPPER, 16, "an AWS access key" },
	{ "ASIA", UPPER, 16, "an AWS access key" },
	{ "AIza", WORD, 35, "a Google API key" },
	{ "ya29.", DOTTED, 30, "a Google access token" },
	{ "ghp_", ALNUM, 36, "a GitHub token" },
	{ "gho_", ALNUM, 36, "a GitHub token" },
	{ "ghs_", ALNUM, 36, "a GitHub token" },
	{ "github_pat_", WORD, 40, "a GitHub token" },
	{ "glpat-", WORD, 20, "a GitLab token" },
	{ "xoxb-", WORD, 20, "a Slack token" },
	{ "xoxp-", WORD, 20, "a Slack token" },
	{ "xoxa-", WORD, 20, "a Slack token" },
	{ "sk_live_", ALNUM, 20, "a Stripe key" },
	{ "rk_live_", ALNUM, 20, "a Stripe key" },
	{ "sk-proj-", WORD, 40, "an OpenAI key" },
	{ "sk-ant-", WORD, 40, "an Anthropic key" },
	{ "sk-", ALNUM, 40, "an OpenAI key" },
	{ "SG.", DOTTED, 60, "a SendGrid key" },
	{ "hf_", ALNUM, 30, "a Hugging Face token" },
};

static int
is_of(enum set set, char c)
{
	unsigned char u = (unsigned char)c;

	if (isdigit(u))
		return 1;
	switch (set) {
	case UPPER:
		return c >= 'A' && c <= 'Z';
	case ALNUM:
		return u < 128 && isalpha(u);
	case WORD:
		return (u < 128 && isalpha(u)) || c == '_' || c == '-';
	default:
		return is_of(WORD, c) || c == '.';
	}
}

static size_t
run_of(enum set set, const char *p, const char *end)
{
	const char *q;

	for (q = p; q < end && is_of(set, *q); q++)
		continue;
	return (size_t)(q - p);
}

/* a token: its first bytes, and enough behind them */
static const char *
find_shape(const char *p, const char *end, struct slice *secret)
{
	const struct shape *s;
	size_t n, run;

	for (s = shapes; s < shapes + sizeof(shapes) / sizeof(*s); s++) {
		n = strlen(s->prefix);
		if ((size_t)(end - p) <= n || memcmp(p, s->prefix, n) != 0 ||
		    (run = run_of(s->set, p + n, end)) < s->min)
			continue;
		*secret = (struct slice){ p, n + run };
		return s->what;
	}
	return NULL;
}

/* a JSON web token (RFC 7519): three parts, of which two are JSON in base64 */
static int
is_web_token(const char *p, const char *end, struct slice *secret)
{
	size_t n = run_of(WORD, p, end);
	const char *start = p;

	if (n < 15 || (size_t)(end - p) < n + 20 || p[n] != '.' ||
	    memcmp(p + n + 1, "eyJ", 3) != 0)
		return 0;
	p += n + 1;
	n = run_of(WORD, p, end);
	if (n < 15 || p + n >= end || p[n] != '.' ||
	    run_of(WORD, p + n + 1, end) < 15)
		return 0;
	*secret = (struct slice){ start, run_of(DOTTED, start, end) };
	return 1;
}

/* whether a block of RFC 7468, or of a like form, begins at p */
static int
begins_block(const char *p, const char *end)
{
	return (size_t)(end - p) > strlen(BEGIN) && memcmp(p, BEGIN,
	    strlen(BEGIN)) == 0;
}

/* the head of a private key, and what follows up to the next block */
static int
is_key_block(const char *p, const char *end, struct slice *secret)
{
	const char *q;

	secret->p = p;
	if (!begins_block(p, end))
		return 0;
	for (q = p += strlen(BEGIN); q < end && *q != '-'; q++)
		continue;
	if (memmem(p, (size_t)(q - p), "PRIVATE KEY", 11) == NULL)
		return 0;
	while (q < end && *q != '\0' && !begins_block(q, end) &&
	    (is_of(WORD, *q) || strchr("+/= \t\r\n\\,:", *q) != NULL))
		q++;
	secret->n = (size_t)(q - secret->p);
	return 1;
}

/* whether p is in the middle of a word, and not behind an escape of JSON */
static int
is_inside(const char *start, const char *p)
{
	if (p == start || !is_of(WORD, p[-1]))
		return 0;
	if (p - start > 1 && p[-2] == '\\')
		return strchr("bfnrt", p[-1]) == NULL;
	return p - start < 6 || p[-6] != '\\' || p[-5] != 'u';
}

/* what token or key begins at p, or NULL; start is where the text does */
static const char *
token_at(const char *start, const char *p, const char *end,
    struct slice *secret)
{
	if (*p == '-')
		return is_key_block(p, end, secret) ? "a private key" : NULL;
	if (is_inside(start, p))
		return NULL;
	if (*p == 'e')
		return (size_t)(end - p) > 3 && p[2] == 'J' &&
		    is_web_token(p, end, secret) ? "a JSON web token" : NULL;
	return find_shape(p, end, secret);
}

/* tokens and keys by their first three bytes */
enum start { AMAZON = 1, GOOGLE = 2, HUB = 4, LAB = 8, PAT = 16, GRID = 32,
    SLACK = 64, KEY = 128, FACE = 256, BLOCK = 512, WEB = 1024 };

/*
 * What a byte may be of a pair: in early the first or (THEN) the second byte
 * of a token, in late the second or (THEN) the third.
 */
#define THEN(STARTS) ((uint32_t)(STARTS) << 16)
static const uint32_t early[256] = {
	['A'] = AMAZON, ['K'] = THEN(AMAZON), ['I'] = THEN(AMAZON),
	['y'] = GOOGLE | THEN(WEB), ['a'] = THEN(GOOGLE),
	['g'] = HUB | LAB | PAT, ['h'] = FACE | THEN(HUB),
	['l'] = THEN(LAB), ['i'] = THEN(PAT),
	['S'] = GRID | THEN(AMAZON), ['G'] = THEN(GRID),
	['x'] = SLACK, ['o'] = THEN(SLACK), ['r'] = KEY, ['s'] = KEY,
	['k'] = THEN(KEY), ['f'] = THEN(FACE), ['-'] = BLOCK | THEN(BLOCK),
	['e'] = WEB
};
static const uint32_t late[256] = {
	['K'] = AMAZON, ['S'] = AMAZON, ['I'] = AMAZON | THEN(AMAZON),
	['z'] = THEN(AMAZON), ['a'] = GOOGLE, ['2'] = THEN(GOOGLE),
	['h'] = HUB, ['p'] = THEN(HUB | LAB), ['o'] = SLACK | THEN(HUB),
	['s'] = THEN(HUB), ['l'] = LAB, ['i'] = PAT, ['t'] = THEN(PAT),
	['G'] = GRID, ['.'] = THEN(GRID), ['x'] = THEN(SLACK), ['k'] = KEY,
	['_'] = THEN(KEY | FACE), ['f'] = FACE,
	['-'] = BLOCK | THEN(KEY | BLOCK), ['y'] = WEB, ['J'] = THEN(WEB)
};

/* whether a token may begin at the first byte of a pair or before it */
static int
may_hold(const char *p)
{
	return (early[(unsigned char)p[0]] & late[(unsigned char)p[1]]) != 0;
}

static int
may_begin(const char *p)
{
	return (early[(unsigned char)p[0]] & late[(unsigned char)p[1]] &
	    late[(unsigned char)p[2]] >> 16) != 0;
}

/* no token or key is shorter */
#define SHORTEST 20

/*
 * Where the next token or key begins from p up to until, and what it is; NULL:
 * none does.  Every other pair of bytes is looked at: either the first two or
 * the next two of a token are one.
 */
static const char *
find_token(struct slice text, const char *p, const char *until,
    const char **what, struct slice *secret)
{
	const char *end = text.p + text.n, *pair, *last, *q;

	if (end - p < SHORTEST)
		return NULL;
	last = end - until < SHORTEST ? end - SHORTEST + 1 : until;
	for (pair = p; pair <= last; pair += 2) {
		if (!may_hold(pair))
			continue;
		for (q = pair - (pair > p); q <= pair; q++) {
			if (may_begin(q) && (*what = token_at(text.p, q, end,
			    secret)) != NULL)
				return q;
		}
	}
	return NULL;
}

/* whether a byte is none of what a URL has before its host */
static int
ends_login(char c)
{
	return strchr("/?# \"'<>\\{}$|,", c) != NULL;
}

/* whether what stands before a host is a user and a password */
static int
is_login(const char *p, const char *end, struct slice *secret)
{
	const char *colon = memchr(p, ':', (size_t)(end - p));
	const char *at = memrchr(p, '@', (size_t)(end - p));

	if (colon == NULL || at == NULL || colon == p || at <= colon + 1 ||
	    at + 1 == end)
		return 0;
	*secret = (struct slice){ colon + 1, (size_t)(at - colon) - 1 };
	return 1;
}

/* of a user and a password together so much is looked at, either way */
#define LOGIN 1024

/*
 * The next URL with a user and a password from p on, if it begins before end:
 * its "://"; NULL: there is none.  What is rare of it is looked for, the "@".
 */
static const char *
find_login(struct slice text, const char *p, const char *end,
    struct slice *secret)
{
	const char *last = text.p + text.n, *at, *from, *stop, *next = p;
	const char *until = last - end > LOGIN ? end + LOGIN : last;

	for (; next < until && (at = memchr(next, '@', (size_t)(until -
	    next))) != NULL; next = stop) {
		for (from = at; from > next && at - from < LOGIN &&
		    !ends_login(from[-1]); from--)
			continue;
		for (stop = at + 1; stop < last && stop - at < LOGIN &&
		    !ends_login(*stop); stop++)
			continue;
		if (from - p >= 3 && from - 3 < end &&
		    memcmp(from - 3, "://", 3) == 0 &&
		    is_login(from, stop, secret))
			return from - 3;
	}
	return NULL;
}

/* so much is looked at first */
#define PART ((size_t)4096)

const char *
secret_next(struct slice s, size_t *at, struct slice *secret)
{
	const char *what = NULL, *end = s.p + s.n, *from, *until;
	const char *token, *login;
	struct slice password;
	size_t part;

	if (*at >= s.n)
		return NULL;
	/* of either there may be many, and none of the other: not too far */
	for (part = PART, from = s.p + *at;; part *= 2, from = until) {
		until = part < s.n - *at ? s.p + *at + part : end;
		token = find_token(s, from, until, &what, secret);
		login = find_login(s, s.p + *at, token != NULL ? token :
		    until, &password);
		if (token != NULL || login != NULL || until == end)
			break;
	}
	if (login != NULL) {
		what = "a URL with a password";
		*secret = password;
	}
	if (what != NULL)
		*at = (size_t)((login != NULL ? login : token) - s.p);
	return what;
}

int
secret_in(const char *text, size_t n)
{
	struct slice secret;
	size_t at = 0;

	return secret_next((struct slice){ text, n }, &at, &secret) != NULL;
}

int
secret_is_clear(struct slice s)
{
	const char *end = s.p + s.n, *p = memrchr(s.p, ' ', s.n);
	uint64_t number;
	size_t at = 0;

	/* "Bearer XXXX" */
	p = p == NULL ? s.p : p + 1;
	if (p < end && placeholder_next((struct slice){ p, (size_t)(end - p) },
	    &at, &number) == (size_t)(end - p))
		return 0;
	for (; p < end && strchr("*xX.-", *p) != NULL; p++)
		continue;
	return p < end && memmem(s.p, s.n, "{{", 2) == NULL &&
	    memmem(s.p, s.n, "${", 2) == NULL;
}
