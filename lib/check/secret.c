/* SPDX-License-Identifier: ISC */
/*
 * Secrets in clear text: members that the map marks, and texts of the shape
 * of one.
 */
#include <ctype.h>
#include <string.h>

#include "check/check_priv.h"
#include "map/map.h"

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
find_shape(const char *p, const char *end)
{
	const struct shape *s;
	size_t n;

	for (s = shapes; s < shapes + sizeof(shapes) / sizeof(*s); s++) {
		n = strlen(s->prefix);
		if ((size_t)(end - p) > n && memcmp(p, s->prefix, n) == 0 &&
		    run_of(s->set, p + n, end) >= s->min)
			return s->what;
	}
	return NULL;
}

/* a JSON web token (RFC 7519): three parts, of which two are JSON in base64 */
static int
is_web_token(const char *p, const char *end)
{
	size_t n = run_of(WORD, p, end);

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
is_login(const char *p, const char *end)
{
	const char *q, *colon = NULL, *at = NULL;

	for (q = p += 3; q < end && strchr("/?# \"'<>\\{}$|,", *q) == NULL;
	    q++) {
		if (*q == ':' && colon == NULL)
			colon = q;
		if (*q == '@')
			at = q;
	}
	return colon != NULL && at != NULL && colon > p && at > colon + 1 &&
	    at + 1 < q;
}

/* the head of a private key (RFC 7468), or of a like form */
static int
is_key_block(const char *p, const char *end)
{
	static const char begin[] = "-----BEGIN ";
	const char *q;

	if ((size_t)(end - p) < sizeof(begin) ||
	    memcmp(p, begin, sizeof(begin) - 1) != 0)
		return 0;
	for (q = p += sizeof(begin) - 1; q < end && *q != '-'; q++)
		continue;
	return memmem(p, (size_t)(q - p), "PRIVATE KEY", 11) != NULL;
}

/* what secret begins at p, or NULL; start is where the text does */
static const char *
secret_at(const char *start, const char *p, const char *end)
{
	if (*p == '-')
		return is_key_block(p, end) ? "a private key" : NULL;
	if (*p == ':')
		return (size_t)(end - p) > 3 && p[2] == '/' &&
		    is_login(p, end) ? "a URL with a password" : NULL;
	/* in the middle of a word it is none */
	if (p > start && is_of(WORD, p[-1]))
		return NULL;
	if (*p == 'e')
		return (size_t)(end - p) > 3 && p[2] == 'J' &&
		    is_web_token(p, end) ? "a JSON web token" : NULL;
	return find_shape(p, end);
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

/* the next secret from *at on: what it is, and where; NULL: no more */
static const char *
next_secret(struct slice s, size_t *at)
{
	const char *p, *end = s.p + s.n, *what;

	for (p = s.p + *at; p + 1 < end; p++) {
		if (may_begin(p) &&
		    (what = secret_at(s.p, p, end)) != NULL) {
			*at = (size_t)(p - s.p);
			return what;
		}
	}
	return NULL;
}

int
secret_in(const char *text, size_t n)
{
	size_t at = 0;

	return next_secret((struct slice){ text, n }, &at) != NULL;
}

/* the string in which a byte of the value stands */
static uint32_t
token_at(const struct tape *t, size_t at)
{
	size_t low = 0, high = t->n, middle;

	while (high - low > 1) {
		middle = (low + high) / 2;
		if (t->tokens[middle].start <= at)
			low = middle;
		else
			high = middle;
	}
	return (uint32_t)low;
}

static void
tell(struct check *c, const struct record *r, uint32_t token,
    const char *what)
{
	finding_begin(c, RULE_SECRET, r, token);
	buf_printf(&c->texts, "has %s in clear text: take it out, and revoke "
	    "it", what);
	finding_end(c);
}

/* shapes in the value as it stands: one for each string */
static int
look_shapes(struct check *c, const struct record *r)
{
	struct slice value = r->field[RECORD_VALUE];
	const char *what;
	uint32_t token, last = TAPE_NONE;
	size_t at = 0;

	if (record_is(r, RECORD_ENCODING, "base64"))
		return 0;
	while (value.p != NULL && (what = next_secret(value, &at)) != NULL) {
		if (check_value(c, r) == -1)
			return -1;
		token = token_at(&c->tape, at);
		if (token != last || r->kind == RECORD_DATA)
			tell(c, r, token, what);
		/* bytes of a file: where in them */
		if (r->kind == RECORD_DATA)
			finding_at(c, finding_count(c) - 1)->start =
			    (uint32_t)at;
		last = token;
		at++;
	}
	return 0;
}

/* whether a row's "if KEY VALUE ..." from the i-th word on holds */
static int
holds(const struct check *c, const struct map_row *row, size_t i)
{
	struct slice is;
	uint32_t token;

	if (i + 1 >= row->nargs)
		return 1;
	token = check_member(&c->tape, row->args[i + 1]);
	if (token == TAPE_NONE)
		return 0;
	is = c->tape.tokens[token].type == TAPE_STRING ?
	    tape_text(&c->tape, token) : tape_bytes(&c->tape, token);
	return map_among(row->args + i + 2, row->nargs - i - 2, is.p, is.n);
}

/* whether a marked member says something but that it is hidden or elsewhere */
static int
is_clear(struct slice s)
{
	const char *end = s.p + s.n, *p = memrchr(s.p, ' ', s.n);

	/* "Bearer XXXX" */
	for (p = p == NULL ? s.p : p + 1; p < end &&
	    strchr("*xX.-", *p) != NULL; p++)
		continue;
	return p < end && memmem(s.p, s.n, "{{", 2) == NULL &&
	    memmem(s.p, s.n, "${", 2) == NULL;
}

static int
look_marked(struct check *c, const struct record *r)
{
	const struct map_row *row = check_row(c, r, "secret");
	uint32_t token;
	size_t i, n;

	if (row == NULL)
		return 0;
	if (check_value(c, r) == -1)
		return -1;
	for (n = 0; n < row->nargs && strcmp(row->args[n], "if") != 0; n++)
		continue;
	for (i = 0; i < n && holds(c, row, n); i++) {
		token = check_member(&c->tape, row->args[i]);
		if (token != TAPE_NONE &&
		    c->tape.tokens[token].type == TAPE_STRING &&
		    is_clear(tape_text(&c->tape, token)) &&
		    !secret_in(tape_text(&c->tape, token).p,
		    tape_text(&c->tape, token).n))
			tell(c, r, token, "what is to be secret");
	}
	return 0;
}

int
secret_look(struct check *c, const struct record *r)
{
	return look_marked(c, r) == -1 || look_shapes(c, r) == -1 ? -1 : 0;
}
