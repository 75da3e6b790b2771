/* SPDX-License-Identifier: ISC */
/*
 * Rules of the state of things: events that start nothing, statuses, and
 * files that are too large, or laid out by another hand.
 */
#include <inttypes.h>
#include <string.h>

#include "check/check_priv.h"
#include "json/style.h"
#include "map/file_match.h"
#include "map/map.h"

/* ---- dead-event */

int
event_take(struct check *c, uint32_t node, const struct record *r)
{
	(void)node;
	return r->kind == RECORD_COMPONENT && check_may_have(c, WORD_STARTS) ?
	    check_again(c) : 0;
}

/* whether each pair of key and value behind a row's "if" holds */
static int
holds_all(const struct check *c, const struct map_row *row)
{
	struct slice is;
	uint32_t token;
	size_t i;

	for (i = 2; i + 1 < row->nargs; i += 2) {
		token = tape_member_at(&c->tape, row->args[i]);
		if (token == TAPE_NONE)
			return 0;
		is = c->tape.tokens[token].type == TAPE_STRING ?
		    tape_text(&c->tape, token) : tape_bytes(&c->tape, token);
		if (!slice_is(is, row->args[i + 1]))
			return 0;
	}
	return 1;
}

int
event_look(struct check *c, const struct record *r)
{
	const struct map_row *row = check_row(c, r, WORD_STARTS);
	uint32_t token;

	if (row == NULL)
		return 0;
	if (check_value(c, r) == -1)
		return -1;
	if (!holds_all(c, row))
		return 0;
	token = tape_member_at(&c->tape, row->args[0]);
	if (token != TAPE_NONE && !tape_empty(&c->tape, token) &&
	    !slice_is(tape_bytes(&c->tape, token), "null"))
		return 0;
	finding_begin(c, RULE_DEAD_EVENT, r, token != TAPE_NONE ? token : 0);
	buf_adds(&c->texts, "is on, and is to start a task, but names none");
	finding_end(c);
	return 0;
}

/* ---- not-ready */

/* whether a status is one of those of a row "ready" */
static int
is_ready(const struct check *c, struct slice status)
{
	const struct map_row *row = map_row(c->map, "ready");
	const char *word = map_word(c->map, "status", status.p, status.n);

	return status.p == NULL || row == NULL || (word != NULL ?
	    map_among(row->args, row->nargs, word, strlen(word)) :
	    map_among(row->args, row->nargs, status.p, status.n));
}

int
ready_take(struct check *c, uint32_t node, const struct record *r)
{
	(void)node;
	return is_ready(c, record_text(r, RECORD_STATUS)) ? 0 : check_again(c);
}

int
ready_look(struct check *c, const struct record *r)
{
	struct slice status = record_text(r, RECORD_STATUS);

	if (is_ready(c, status))
		return 0;
	finding_begin(c, RULE_NOT_READY, r, 0);
	buf_adds(&c->texts, "has the status ");
	buf_add(&c->texts, status.p, status.n);
	buf_adds(&c->texts, ", and is not published with the others");
	finding_end(c);
	return 0;
}

/* ---- limit and layout, of files */

/* whether the platform itself lays a file out so */
static int
is_own_style(const struct map_file *f, struct slice style)
{
	const char *name;
	size_t n;

	if (f->type != MAP_JSON || f->style == NULL)
		return 1;
	name = style_name(f->style);
	n = strlen(name);
	return style.n >= n && memcmp(style.p, name, n) == 0 &&
	    (style.n == n ? !f->newline : style.p[n] == '+' && f->newline);
}

static void
look_layout(struct check *c, const struct record *r, const struct map_file *f)
{
	if (is_own_style(f, record_text(r, RECORD_STYLE)))
		return;
	finding_begin(c, RULE_LAYOUT, r, 0);
	buf_adds(&c->texts, "is not laid out as the platform writes it");
	finding_end(c);
}

static void
look_limit(struct check *c, const struct record *r, const struct map_file *f)
{
	uint64_t limit = map_limit(c->map, f->group->name,
	    c->edition.len > 0 ? buf_str(&c->edition) : NULL);
	uint64_t size = r->field[RECORD_SIZE].p == NULL ? 0 :
	    (uint64_t)record_number(r, RECORD_SIZE);

	if (limit == 0 || size <= limit)
		return;
	finding_begin(c, RULE_LIMIT, r, 0);
	buf_printf(&c->texts, "has %" PRIu64 " bytes, and the platform takes "
	    "no more than %" PRIu64, size, limit);
	finding_end(c);
}

int
file_look(struct check *c, const struct record *r)
{
	const struct map_file *f;

	if (r->kind != RECORD_OF_FILE ||
	    (f = map_file_of(c->map, record_text(r, RECORD_FILE))) == NULL)
		return 0;
	if (check_asks(c, RULE_LIMIT))
		look_limit(c, r, f);
	if (check_asks(c, RULE_LAYOUT))
		look_layout(c, r, f);
	return 0;
}
