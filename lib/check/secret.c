/* SPDX-License-Identifier: ISC */
/*
 * Secrets in clear text: members that the map marks, and texts of the shape
 * of one (base/secret.h).
 */
#include <string.h>

#include "base/secret.h"
#include "check/check_priv.h"
#include "map/map.h"

static void
tell(struct check *c, const struct record *r, uint32_t token,
    const char *what)
{
	finding_begin(c, RULE_SECRET, r, token);
	buf_printf(&c->texts, "has %s in clear text: take it out, and revoke "
	    "it", what);
	finding_end(c);
}

/* a shape at a byte of the value: one for each string; 0 or -1 */
static int
look_shape(struct check *c, const struct record *r, size_t at,
    const char *what, uint32_t *last)
{
	uint32_t token;

	if (check_value(c, r) == -1)
		return -1;
	token = tape_token_at(&c->tape, at);
	if (token != *last || r->kind == RECORD_DATA)
		tell(c, r, token, what);
	/* bytes of a file: where in them */
	if (r->kind == RECORD_DATA)
		finding_at(c, finding_count(c) - 1)->start = (uint32_t)at;
	*last = token;
	return 0;
}

/* shapes in the value as it stands */
static int
look_shapes(struct check *c, const struct record *r)
{
	struct slice value = r->field[RECORD_VALUE], secret;
	const char *what;
	uint32_t last = TAPE_NONE;
	size_t at = 0;

	if (record_is(r, RECORD_ENCODING, "base64"))
		return 0;
	while (value.p != NULL &&
	    (what = secret_next(value, &at, &secret)) != NULL) {
		if (secret_is_clear(secret) && look_shape(c, r, at, what,
		    &last) == -1)
			return -1;
		at = secret_behind(value, at, secret);
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
	token = tape_member_at(&c->tape, row->args[i + 1]);
	if (token == TAPE_NONE)
		return 0;
	is = c->tape.tokens[token].type == TAPE_STRING ?
	    tape_text(&c->tape, token) : tape_bytes(&c->tape, token);
	return map_among(row->args + i + 2, row->nargs - i - 2, is.p, is.n);
}

static int
look_marked(struct check *c, const struct record *r)
{
	const struct map_row *row = check_row(c, r, WORD_SECRET);
	uint32_t token;
	size_t i, n;

	if (row == NULL)
		return 0;
	if (check_value(c, r) == -1)
		return -1;
	for (n = 0; n < row->nargs && strcmp(row->args[n], "if") != 0; n++)
		continue;
	for (i = 0; i < n && holds(c, row, n); i++) {
		token = tape_member_at(&c->tape, row->args[i]);
		if (token != TAPE_NONE &&
		    c->tape.tokens[token].type == TAPE_STRING &&
		    secret_is_clear(tape_text(&c->tape, token)) &&
		    !secret_in(tape_text(&c->tape, token).p,
		    tape_text(&c->tape, token).n))
			tell(c, r, token, "what is to be secret");
	}
	return 0;
}

int
secret_take(struct check *c, uint32_t node, const struct record *r)
{
	struct slice value = r->field[RECORD_VALUE];

	(void)node;
	if ((r->kind != RECORD_COMPONENT && r->kind != RECORD_DATA) ||
	    value.p == NULL)
		return 0;
	return check_may_have(c, WORD_SECRET) ||
	    secret_in(value.p, value.n) ? check_again(c) : 0;
}

int
secret_look(struct check *c, const struct record *r)
{
	return look_marked(c, r) == -1 || look_shapes(c, r) == -1 ? -1 : 0;
}
