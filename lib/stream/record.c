/* SPDX-License-Identifier: ISC */
/*
 * A line of a stream: its envelope, taken apart without parsing the value.
 */
#include "stream/record.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/diag.h"
#include "json/string.h"
#include "json/tape.h"

/* a name; how a member begins that is not the first */
#define NAME(text) { text, ",\"" text "\":", sizeof(text) + 3 }

static const struct {
	const char *name;
	const char *begin;
	size_t n;		/* bytes of begin */
} members[RECORD_FIELDS] = {
	[RECORD_KIND] = NAME("kind"), [RECORD_ID] = NAME("id"),
	[RECORD_NAME] = NAME("name"), [RECORD_TYPE] = NAME("type"),
	[RECORD_CATEGORY] = NAME("category"),
	[RECORD_STATUS] = NAME("status"), [RECORD_LANG] = NAME("lang"),
	[RECORD_ALIAS] = NAME("alias"), [RECORD_NAMES] = NAME("names"),
	[RECORD_OWNER] = NAME("owner"), [RECORD_NEEDS] = NAME("needs"),
	[RECORD_LINKS] = NAME("links"), [RECORD_REFS] = NAME("refs"),
	[RECORD_FILE] = NAME("file"), [RECORD_AT] = NAME("at"),
	[RECORD_KEY] = NAME("key"), [RECORD_VERSION] = NAME("version"),
	[RECORD_PLATFORM] = NAME("platform"),
	[RECORD_EDITION] = NAME("edition"), [RECORD_SOURCE] = NAME("source"),
	[RECORD_BY] = NAME("by"), [RECORD_STYLE] = NAME("style"),
	[RECORD_SIZE] = NAME("size"), [RECORD_MTIME] = NAME("mtime"),
	[RECORD_MODE] = NAME("mode"), [RECORD_EMPTY] = NAME("empty"),
	[RECORD_OFFSET] = NAME("offset"), [RECORD_RECORDS] = NAME("records"),
	[RECORD_SUM] = NAME("sum"), [RECORD_PATCH] = NAME("patch"),
	[RECORD_OLD] = NAME("old"), [RECORD_NEW] = NAME("new"),
	[RECORD_OP] = NAME("op"), [RECORD_WAS] = NAME("was"),
	[RECORD_FINGERPRINT] = NAME("fingerprint"),
	[RECORD_NTH] = NAME("nth"), [RECORD_MOVED] = NAME("moved"),
	[RECORD_ENCODING] = NAME("encoding"),
	[RECORD_VALUE] = NAME("value"),
};

static const struct {
	const char *name;
	enum record_kind kind;
} kinds[] = {
	{ "@open", RECORD_OPEN }, { "@data", RECORD_DATA },
	{ "@file", RECORD_OF_FILE }, { "@end", RECORD_END },
	{ "@stream", RECORD_STREAM },
};

static const enum record_field component_order[] = {
	RECORD_KIND, RECORD_ID, RECORD_NAME, RECORD_TYPE, RECORD_CATEGORY,
	RECORD_STATUS, RECORD_LANG, RECORD_ALIAS, RECORD_NAMES, RECORD_OWNER,
	RECORD_NEEDS, RECORD_LINKS, RECORD_REFS, RECORD_FILE, RECORD_AT,
	RECORD_KEY, RECORD_ENCODING, RECORD_OP, RECORD_WAS,
	RECORD_FINGERPRINT, RECORD_NTH, RECORD_MOVED, RECORD_VALUE,
	RECORD_FIELDS
};

/* one order serves all the lines with @: none has all of these */
static const enum record_field at_order[] = {
	RECORD_KIND, RECORD_VERSION, RECORD_PATCH, RECORD_PLATFORM,
	RECORD_EDITION, RECORD_SOURCE, RECORD_BY, RECORD_OLD, RECORD_NEW,
	RECORD_FILE, RECORD_TYPE, RECORD_STYLE, RECORD_AT, RECORD_KEY,
	RECORD_OWNER, RECORD_SIZE, RECORD_MTIME, RECORD_MODE, RECORD_EMPTY,
	RECORD_OFFSET, RECORD_ENCODING, RECORD_RECORDS, RECORD_SUM,
	RECORD_OP, RECORD_WAS, RECORD_FINGERPRINT, RECORD_NTH, RECORD_MOVED,
	RECORD_VALUE, RECORD_FIELDS
};

const enum record_field *
record_order(enum record_kind kind)
{
	return kind == RECORD_COMPONENT ? component_order : at_order;
}

const char *
record_member(enum record_field f)
{
	return members[f].name;
}

const char *
record_skip_value(const char *p, const char *end)
{
	size_t depth = 0;

	while (p < end) {
		if (*p == '"') {
			if ((p = string_skip(p, end)) == NULL)
				return NULL;
		} else if (*p == '[' || *p == '{') {
			depth++;
			p++;
		} else if (*p == ']' || *p == '}') {
			depth--;
			p++;
		} else if (depth > 0) {
			p++;
			continue;
		} else {
			while (p < end && *p != ',' && *p != '}' && *p != ']')
				p++;
		}
		if (depth == 0)
			return p;
	}
	return NULL;
}

/*
 * Which member begins at p, of those that may come next.  Most lines have
 * theirs in the order of a component: next is behind where the last one was.
 */
static enum record_field
next_member(const char *p, const char *end, const enum record_field **next)
{
	const enum record_field *o;

	for (o = *next; *o != RECORD_FIELDS; o++) {
		if (members[*o].begin[2] == p[1] &&
		    (size_t)(end - p) >= members[*o].n - 1 &&
		    memcmp(members[*o].begin + 1, p, members[*o].n - 1) == 0) {
			*next = o + 1;
			break;
		}
	}
	return *o;
}

/* which member a name is, in quotes; RECORD_FIELDS: none of ours */
static enum record_field
member_of(const char *name, size_t n)
{
	int f;

	for (f = 0; f < RECORD_FIELDS; f++) {
		if (members[f].n == n + 2 &&
		    memcmp(members[f].begin + 1, name, n) == 0)
			break;
	}
	return (enum record_field)f;
}

static int
wrong(struct text_error *e, const struct record *r, const char *at,
    const char *what)
{
	e->what = what;
	e->at = (size_t)(at - r->line.p);
	return -1;
}

/* what kind of line it is; -1: its kind begins with @ and is not known */
static int
read_kind(struct record *r)
{
	struct slice kind;
	size_t i;

	kind = record_text(r, RECORD_KIND);
	r->kind = RECORD_COMPONENT;
	if (kind.n == 0 || kind.p[0] != '@')
		return kind.n == 0 ? -1 : 0;
	for (i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++) {
		if (record_is(r, RECORD_KIND, kinds[i].name)) {
			r->kind = kinds[i].kind;
			return 0;
		}
	}
	return -1;
}

/* the member at p (its name's quote): what it is; its value, or NULL */
static const char *
read_name(struct record *r, const char *p, const char *end,
    const enum record_field **next, enum record_field *f,
    struct text_error *e)
{
	const char *name = p;

	if ((*f = next_member(p, end, next)) != RECORD_FIELDS)
		return p + members[*f].n - 1;
	if (*p != '"' || (p = string_skip(p, end)) == NULL || p == end ||
	    *p != ':') {
		wrong(e, r, name, "expected a member's name and a colon");
		return NULL;
	}
	*f = member_of(name, (size_t)(p - name));
	return p + 1;
}

/* take the member at p (its name's quote); past it, or NULL */
static const char *
read_member(struct record *r, const char *p, const char *end,
    const enum record_field **next, struct text_error *e)
{
	const char *name = p, *value;
	enum record_field f;

	if ((value = read_name(r, p, end, next, &f, e)) == NULL)
		return NULL;
	if (f == RECORD_VALUE)
		p = end;	/* it is the last: all up to the brace */
	else
		p = record_skip_value(value, end);
	if (p == NULL || p == value) {
		wrong(e, r, value, "the member's value has no end");
		return NULL;
	}
	if (f == RECORD_FIELDS) {
		if (strncmp(name, "\"x-", 3) == 0)
			return p;
		wrong(e, r, name, "found a member that pkg-stream(5) does "
		    "not know; names of your own begin with x-");
		return NULL;
	}
	if (r->field[f].p != NULL || (f == RECORD_KIND) !=
	    (name == r->line.p + 1)) {
		wrong(e, r, name, "expected \"kind\" first, and each member "
		    "once");
		return NULL;
	}
	r->field[f] = (struct slice){ value, (size_t)(p - value) };
	r->of_patch |= f >= RECORD_PATCH && f <= RECORD_MOVED;
	return p;
}

int
record_read(struct record *r, const char *line, size_t n,
    struct text_error *e)
{
	const enum record_field *next = component_order;
	const char *p, *end;

	memset(r->field, 0, sizeof(r->field));
	r->of_patch = 0;
	r->line = (struct slice){ line, n };
	if (n < 2 || line[0] != '{' || line[n - 1] != '}')
		return wrong(e, r, line, "expected a record: one JSON object "
		    "a line, without white space");
	end = line + n - 1;
	for (p = line + 1; p < end; p++) {
		if ((p = read_member(r, p, end, &next, e)) == NULL)
			return -1;
		if (p < end && (*p != ',' || p + 1 == end))
			return wrong(e, r, p, "expected a comma and a member, "
			    "or the end");
	}
	if (read_kind(r) == -1)
		return wrong(e, r, line, "expected a kind: a string, those "
		    "with @ as pkg-stream(5) names them");
	if (r->kind == RECORD_OPEN && r->field[RECORD_VALUE].n == 0)
		return wrong(e, r, line, "expected the value of an @open, [] "
		    "or {}");
	return 0;
}

struct slice
record_text(const struct record *r, enum record_field f)
{
	struct slice s = r->field[f];

	if (s.p == NULL || s.n < 2 || s.p[0] != '"')
		return (struct slice){0};
	return (struct slice){ s.p + 1, s.n - 2 };
}

int
record_is(const struct record *r, enum record_field f, const char *s)
{
	struct slice t = record_text(r, f);

	return t.p != NULL && slice_is(t, s);
}

long long
record_number(const struct record *r, enum record_field f)
{
	struct slice s = r->field[f];
	long long v;
	size_t i;

	if (s.p == NULL || s.n == 0 || s.n > 18)
		return -1;
	for (v = 0, i = 0; i < s.n; i++) {
		if (s.p[i] < '0' || s.p[i] > '9')
			return -1;
		v = v * 10 + (s.p[i] - '0');
	}
	return v;
}

void
record_begin(struct buf *b, const char *kind, size_t n)
{
	buf_adds(b, "{\"kind\":\"");
	buf_add(b, kind, n);
	buf_addc(b, '"');
}

void
record_put(struct buf *b, enum record_field f, const char *json, size_t n)
{
	buf_add(b, members[f].begin, members[f].n);
	buf_add(b, json, n);
}

void
record_put_text(struct buf *b, enum record_field f, const char *text, size_t n)
{
	record_put(b, f, "\"", 1);
	string_encode(b, text, n);
	buf_addc(b, '"');
}

void
record_put_number(struct buf *b, enum record_field f, long long v)
{
	record_put(b, f, "", 0);
	buf_printf(b, "%lld", v);
}

int
record_read_value(struct tape *t, struct diag *d, const struct record *r,
    const struct place *line)
{
	struct slice value = r->field[RECORD_VALUE];
	struct place at = { .offset = DIAG_NOWHERE };
	struct text_error e;

	if (value.p == NULL)
		value.p = "";
	if (tape_read(t, value.p, value.n, &e) == 0)
		return 0;
	if (line != NULL)
		at = *line;
	return diag_fail(d, STATUS_STREAM, &at, "character %zu of the value: "
	    "no JSON: %s", e.at + 1, e.what);
}
