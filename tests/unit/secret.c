/* SPDX-License-Identifier: ISC */
/*
 * secret: each shape of a token at any place of a text, also where the text is
 * looked at in parts, is found, and none that is a byte too short.
 */
#include <stdlib.h>

#include "base/secret.h"
#include "check.h"

/* the shortest of each: how it begins, and so many of a byte behind that */
static const struct {
	const char *begin;
	size_t n;
	const char *what;
} tokens[] = {
	{ "AKIA", 16, "an AWS access key" },
	{ "ASIA", 16, "an AWS access key" },
	{ "AIza", 35, "a Google API key" },
	{ "ya29.", 30, "a Google access token" },
	{ "ghp_", 36, "a GitHub token" },
	{ "gho_", 36, "a GitHub token" },
	{ "ghs_", 36, "a GitHub token" },
	{ "github_pat_", 40, "a GitHub token" },
	{ "glpat-", 20, "a GitLab token" },
	{ "xoxb-", 20, "a Slack token" },
	{ "xoxp-", 20, "a Slack token" },
	{ "xoxa-", 20, "a Slack token" },
	{ "sk_live_", 20, "a Stripe key" },
	{ "rk_live_", 20, "a Stripe key" },
	{ "sk-proj-", 40, "an OpenAI key" },
	{ "sk-ant-", 40, "an Anthropic key" },
	{ "sk-", 40, "an OpenAI key" },
	{ "SG.", 60, "a SendGrid key" },
	{ "hf_", 30, "a Hugging Face token" },
	{ "eyJ000000000000.eyJ000000000000.", 15, "a JSON web token" },
	{ "-----BEGIN PRIVATE KEY", 0, "a private key" },
};

/* what is found first in a text, and where */
static void
check_text(const struct buf *text, const char *what, size_t where)
{
	struct slice s = { edge(text->ptr, text->len), text->len }, secret;
	size_t at = 0;
	const char *got = secret_next(s, &at, &secret);

	CHECK_TEXT("what", got != NULL ? got : "none", strlen(got != NULL ?
	    got : "none"), what);
	if (got == NULL)
		return;
	CHECK_NUMBER("where", at, where);
	CHECK_NUMBER("where the secret is", secret.p - s.p, where);
}

/* a token behind so many bytes, and such without its last byte */
static void
check_token(size_t i, size_t before, int more)
{
	struct buf text = {0};

	check_about = tokens[i].begin;
	buf_fill(&text, 'x', before);
	if (before > 0)
		text.ptr[before - 1] = ' ';
	buf_adds(&text, tokens[i].begin);
	buf_fill(&text, '0', tokens[i].n);
	text.len--;
	check_text(&text, "none", 0);
	buf_addc(&text, tokens[i].n > 0 ? '0' : 'Y');
	if (more)
		buf_adds(&text, " and so on, for thirty bytes and some");
	check_text(&text, tokens[i].what, before);
	check_about = NULL;
	buf_free(&text);
}

int
main(void)
{
	size_t i, before;

	for (i = 0; i < sizeof(tokens) / sizeof(tokens[0]); i++) {
		for (before = 0; before < 4; before++) {
			check_token(i, before, 0);
			check_token(i, before, 1);
		}
		/* a text's first part is of 4096 bytes */
		for (before = 4030; before < 4100; before++)
			check_token(i, before, before % 3 == 0);
	}
	return check_done();
}
