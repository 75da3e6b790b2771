/* SPDX-License-Identifier: ISC */
/*
 * Texts that have the shape of a secret.
 */
#include "base/secret.h"

#include <ctype.h>
#include <string.h>

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

	*secret = (struct slice){ p, run_of(DOTTED, p, end) };
	if (n < 15 || (size_t)(end - p) < n + 20 || p[n] != '.' ||
	    memcmp(p + n + 1, "eyJ", 3) != 0)
		return 0;
	p += n + 1;
	n = run_of(WORD, p, end);
	return n >= 15 && p + n < end && p[n] == '.' &&
	    run_of(WORD, p + n + 1, end) >= 15;
}

/* a URL with a user and a password: from its "://" on */
static int
is_login(const char *p, const char *end, struct slice *secret)
{
	const char *q, *colon = NULL, *at = NULL;

	for (q = p += 3; q < end && strchr("/?# \"'<>\\{}$|,", *q) == NULL;
	    q++) {
		if (*q == ':' && colon == NULL)
			colon = q;
		if (*q == '@')
			at = q;
	}
	if (colon == NULL || at == NULL || colon == p || at <= colon + 1 ||
	    at + 1 == q)
		return 0;
	*secret = (struct slice){ colon + 1, (size_t)(at - colon) - 1 };
	return 1;
}

/* the head of a private key (RFC 7468), or of a like form, and what follows */
static int
is_key_block(const char *p, const char *end, struct slice *secret)
{
	static const char begin[] = "-----BEGIN ";
	const char *q;

	secret->p = p;

	if ((size_t)(end - p) < sizeof(begin) ||
	    memcmp(p, begin, sizeof(begin) - 1) != 0)
		return 0;
	for (q = p += sizeof(begin) - 1; q < end && *q != '-'; q++)
		continue;
	if (memmem(p, (size_t)(q - p), "PRIVATE KEY", 11) == NULL)
		return 0;
	while (q < end && *q != '\0' && (is_of(WORD, *q) ||
	    strchr("+/= \t\r\n\\,:", *q) != NULL))
		q++;
	secret->n = (size_t)(q - secret->p);
	return 1;
}

/* what secret begins at p, or NULL; start is where the text does */
static const char *
find_at(const char *start, const char *p, const char *end,
    struct slice *secret)
{
	if (*p == '-')
		return is_key_block(p, end, secret) ? "a private key" : NULL;
	if (*p == ':')
		return (size_t)(end - p) > 3 && p[2] == '/' &&
		    is_login(p, end, secret) ? "a URL with a password" : NULL;
	/* in the middle of a word it is none */
	if (p > start && is_of(WORD, p[-1]))
		return NULL;
	if (*p == 'e')
		return (size_t)(end - p) > 3 && p[2] == 'J' &&
		    is_web_token(p, end, secret) ? "a JSON web token" : NULL;
	return find_shape(p, end, secret);
}

/* whether a secret may begin with these two bytes */
static int
may_begin(const char *p)
{
	switch (p[0]) {
	case '-':
		return p[1] == '-';
	case ':':
		return p[1] == '/';
	case 'e':
		return p[1] == 'y';
	case 'A':
		return p[1] == 'K' || p[1] == 'S' || p[1] == 'I';
	case 'g':
		return p[1] == 'h' || p[1] == 'i' || p[1] == 'l';
	case 'x':
		return p[1] == 'o';
	case 's': case 'r':
		return p[1] == 'k';
	case 'S':
		return p[1] == 'G';
	case 'h':
		return p[1] == 'f';
	case 'y':
		return p[1] == 'a';
	}
	return 0;
}

const char *
secret_next(struct slice s, size_t *at, struct slice *secret)
{
	const char *p, *end = s.p + s.n, *what;

	for (p = s.p + *at; p + 1 < end; p++) {
		if (may_begin(p) &&
		    (what = find_at(s.p, p, end, secret)) != NULL) {
			*at = (size_t)(p - s.p);
			return what;
		}
	}
	return NULL;
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

	/* "Bearer XXXX" */
	for (p = p == NULL ? s.p : p + 1; p < end &&
	    strchr("*xX.-", *p) != NULL; p++)
		continue;
	return p < end && memmem(s.p, s.n, "{{", 2) == NULL &&
	    memmem(s.p, s.n, "${", 2) == NULL;
}
