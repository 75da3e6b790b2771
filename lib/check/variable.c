/* SPDX-License-Identifier: ISC */
/*
 * Rules of variables: used and not defined, defined and not used, and without
 * a value.
 */
#include <string.h>

#include "check/check_priv.h"
#include "map/map.h"

/* whether a package has variables of a sort: else it was exported without */
static int
has_sort(const struct check *c, size_t kind)
{
	return hashset_has(&c->defined, (unsigned)kind, "", 0);
}

/* the bytes of a record in which variables are looked for */
static struct slice
bytes_of(const struct record *r)
{
	if ((r->kind != RECORD_COMPONENT && r->kind != RECORD_DATA) ||
	    record_is(r, RECORD_ENCODING, "base64"))
		return (struct slice){0};
	return r->field[RECORD_VALUE];
}

int
variable_take(struct check *c, uint32_t node, const struct record *r)
{
	const struct map_row *row = check_row(c, r, WORD_SCRIPTED);
	struct slice text = bytes_of(r), name = record_text(r, RECORD_NAME);
	struct scripted_name m;
	unsigned kind;
	size_t at = 0;

	(void)node;
	if (row != NULL && name.p != NULL) {
		kind = (unsigned)scripted_find(&c->scripted, row->args[0]);
		hashset_add(&c->defined, kind, name.p, name.n);
		hashset_add(&c->defined, kind, "", 0);
		check_again(c);
	}
	while (text.p != NULL && scripted_next(&c->scripted, text, &at, &m)) {
		if (hashset_add(&c->mentioned, (unsigned)m.kind, m.name.p,
		    m.name.n))
			check_again(c);
	}
	return 0;
}

/* the value of a variable is empty, where the row says that it stands */
static int
is_empty(struct check *c, const struct map_row *row, uint32_t *token)
{
	if (row->nargs < 2)
		return 0;
	*token = tape_member_at(&c->tape, row->args[1]);
	return *token != TAPE_NONE && tape_empty(&c->tape, *token);
}

static void
look_defined(struct check *c, const struct record *r,
    const struct map_row *row)
{
	struct slice name = record_text(r, RECORD_NAME);
	unsigned kind = (unsigned)scripted_find(&c->scripted, row->args[0]);
	uint32_t token;

	if (check_asks(c, RULE_EMPTY_VARIABLE) && is_empty(c, row, &token)) {
		finding_begin(c, RULE_EMPTY_VARIABLE, r, token);
		buf_adds(&c->texts, "has no value: set one where the package "
		    "goes to");
		finding_end(c);
	}
	if (check_asks(c, RULE_UNUSED_VARIABLE) && scripted_fits(name) &&
	    !hashset_has(&c->mentioned, kind, name.p, name.n)) {
		finding_begin(c, RULE_UNUSED_VARIABLE, r, 0);
		buf_printf(&c->texts, "is not used: nothing has %s.",
		    row->args[0]);
		buf_add(&c->texts, name.p, name.n);
		finding_end(c);
	}
}

static int
look_mentions(struct check *c, const struct record *r)
{
	struct slice text = bytes_of(r);
	struct scripted_name m;
	size_t at = 0;

	while (text.p != NULL && scripted_next(&c->scripted, text, &at, &m)) {
		if (!has_sort(c, m.kind) || hashset_has(&c->defined,
		    (unsigned)m.kind, m.name.p, m.name.n) ||
		    !hashset_add(&c->undefined, (unsigned)m.kind, m.name.p,
		    m.name.n))
			continue;
		if (check_value(c, r) == -1)
			return -1;
		finding_begin(c, RULE_UNDEFINED_VARIABLE, r,
		    tape_token_at(&c->tape, (size_t)(m.name.p - text.p)));
		buf_printf(&c->texts, "uses %s.", scripted_kind(&c->scripted,
		    m.kind)->word);
		buf_add(&c->texts, m.name.p, m.name.n);
		buf_adds(&c->texts, ", which is not defined");
		finding_end(c);
		if (r->kind == RECORD_DATA)
			finding_at(c, finding_count(c) - 1)->start =
			    (uint32_t)(m.name.p - text.p);
	}
	return 0;
}

int
variable_look(struct check *c, const struct record *r)
{
	const struct map_row *row = check_row(c, r, WORD_SCRIPTED);

	if (row != NULL) {
		if (check_value(c, r) == -1)
			return -1;
		look_defined(c, r, row);
	}
	return check_asks(c, RULE_UNDEFINED_VARIABLE) ?
	    look_mentions(c, r) : 0;
}
