/* SPDX-License-Identifier: ISC */
/*
 * A list of tasks and their statuses.
 */
#include "select/filter_priv.h"

#include <string.h>
#include <strings.h>
#include <sys/stat.h>

#include "base/diag.h"
#include "base/foreign.h"
#include "base/hash.h"
#include "base/lines.h"
#include "json/readfile.h"
#include "json/string.h"
#include "json/tape.h"
#include "stream/input.h"

/* no line of such a list is longer */
#define LONGEST ((size_t)1 << 20)
#define COLUMNS 64

/* kind, id, status, name: a line of pkg-select --list has so many */
#define LISTED 4

/* one entry */
struct state {
	uint64_t hash;
	enum task_status status;
	int used;
};

/* a list being read */
struct reading {
	struct status_list *states;
	struct diag *diag;
	const struct map *map;
	struct lines lines;
	char separator;		/* TAB or comma; NUL: objects */
	int known;		/* what it is, by the first line */
	int listing;		/* lines of pkg-select --list */
	size_t key, status;	/* columns */
	struct buf text;	/* the fields of a row, or an object */
	struct buf word;	/* a key in canonical spelling */
	struct tape tape;
};

static int
fail_at(struct reading *r, const char *what, const char *found, size_t n)
{
	struct place at = { .input = r->lines.input, .line = r->lines.number,
	    .offset = DIAG_NOWHERE };

	return diag_fail(r->diag, STATUS_INPUT, &at, "%s, found \"%.*s\"",
	    what, (int)(n > 80 ? 80 : n), found);
}

static struct state *
entry_at(const struct status_list *s, size_t i)
{
	return buf_item(&s->list, i, sizeof(struct state));
}

/* the entry of a task by the hash of its key; NULL: none */
static struct state *
find_entry(const struct status_list *s, uint64_t hash)
{
	uint32_t i;
	size_t at = 0;

	do
		i = hashset_next(&s->table, hash, &at);
	while (i != HASHSET_NONE && entry_at(s, i)->hash != hash);
	return i == HASHSET_NONE ? NULL : entry_at(s, i);
}

/* one entry: the key's canonical text is in word */
static int
add_entry(struct reading *r, const char *status, size_t n)
{
	struct status_list *s = r->states;
	struct state e = {0};
	const struct state *old;

	if ((e.status = status_read(r->map, status, n)) == TASK_UNKNOWN)
		return fail_at(r, "expected a status: in-progress, configured, "
		    "awaiting-approval, published, upgrade-in-progress, "
		    "rejected or suspended", status, n);
	e.hash = hash_bytes(r->word.ptr, r->word.len);
	if ((old = find_entry(s, e.hash)) == NULL) {
		hashset_put(&s->table, e.hash,
		    (uint32_t)(s->list.len / sizeof(e)));
		buf_add(&s->list, &e, sizeof(e));
		return 0;
	}
	if (old->status == e.status)
		return 0;
	return fail_at(r, "expected one status for each task; this one has "
	    "another above", r->word.ptr, r->word.len);
}

/* the members of an object that name a task, the best first */
static const char *const keys[] = { "id", "refId", "_id", "name" };
static const char *const statuses[] = { "status", "state" };

/* the first of these members that is a string with something in it */
static struct slice
find_member(const struct tape *t, const char *const *names, size_t n)
{
	struct slice s = {0};
	uint32_t token;
	size_t i;

	for (i = 0; s.n == 0 && i < n; i++) {
		token = tape_member(t, 0, names[i]);
		if (token != TAPE_NONE &&
		    t->tokens[token].type == TAPE_STRING)
			s = tape_text(t, token);
	}
	return s;
}

static int
read_object(struct reading *r, const char *line, size_t n)
{
	struct text_error e;
	struct slice key, status;

	r->text.len = 0;
	if (readfile_compact(&r->text, line, n, &e) == -1 ||
	    tape_read(&r->tape, r->text.ptr, r->text.len, &e) == -1 ||
	    r->tape.tokens[0].type != TAPE_OBJECT)
		return fail_at(r, "expected a JSON object a line", line, n);
	key = find_member(&r->tape, keys, sizeof(keys) / sizeof(keys[0]));
	status = find_member(&r->tape, statuses,
	    sizeof(statuses) / sizeof(statuses[0]));
	if (key.n == 0 || status.n == 0)
		return fail_at(r, "expected members id (or refId, _id, name) "
		    "and status (or state), strings", line, n);
	r->word.len = 0;
	string_canon(&r->word, key.p, key.n);
	return add_entry(r, status.p, status.n);
}

/* a field at p into text; past it and its separator, or NULL: no end quote */
static const char *
cut_field(struct reading *r, const char *p, const char *end)
{
	const char *close;

	if (r->separator == '\t' || p == end || *p != '"') {
		close = memchr(p, r->separator, (size_t)(end - p));
		if (close == NULL)
			close = end;
		buf_add(&r->text, p, (size_t)(close - p));
		return close + 1;
	}
	for (p++; (close = memchr(p, '"', (size_t)(end - p))) != NULL; ) {
		buf_add(&r->text, p, (size_t)(close - p));
		p = close + 1;
		if (p == end || *p == r->separator)
			return p + 1;
		if (*p++ != '"')
			return NULL;
		buf_addc(&r->text, '"');
	}
	return NULL;
}

/* the fields of a row, one after the other in text; -1: not well formed */
static int
cut_row(struct reading *r, const char *line, size_t n, struct slice *fields,
    size_t *count)
{
	size_t at[COLUMNS + 1];
	const char *p = line, *end = line + n;
	size_t i;

	if (n > 0 && end[-1] == '\r')
		end--;
	r->text.len = 0;
	buf_room(&r->text, n);	/* no field grows: slices last */
	for (*count = 0; p <= end && *count < COLUMNS; ) {
		at[(*count)++] = r->text.len;
		if ((p = cut_field(r, p, end)) == NULL)
			return -1;
	}
	at[*count] = r->text.len;
	for (i = 0; i < *count; i++)
		fields[i] = (struct slice){ r->text.ptr + at[i],
		    at[i + 1] - at[i] };
	return 0;
}

/* the column with one of these names; count: none has */
static size_t
column(const struct slice *fields, size_t count, const char *const *names,
    size_t n)
{
	size_t i, j;

	for (i = 0; i < n; i++) {
		for (j = 0; j < count; j++) {
			if (strlen(names[i]) == fields[j].n && strncasecmp(
			    names[i], fields[j].p, fields[j].n) == 0)
				return j;
		}
	}
	return count;
}

/* the first row, if it names columns; 1: it does */
static int
read_header(struct reading *r, const struct slice *fields, size_t count)
{
	size_t key, status;

	status = column(fields, count, statuses,
	    sizeof(statuses) / sizeof(statuses[0]));
	if (status == count)
		return 0;
	key = column(fields, count, keys, sizeof(keys) / sizeof(keys[0]));
	r->status = status;
	r->key = key < count ? key : status == 0;
	return 1;
}

static int
read_row(struct reading *r, const char *line, size_t n)
{
	struct slice fields[COLUMNS];
	size_t count;

	if (cut_row(r, line, n, fields, &count) == -1)
		return fail_at(r, "expected a closing quote and then a comma",
		    line, n);
	if (!r->known && read_header(r, fields, count)) {
		r->known = 1;
		return 0;
	}
	if (!r->known && r->separator == '\t' && count == LISTED) {
		r->listing = 1;
		r->key = 1;
		r->status = 2;
	}
	r->known = 1;
	if (r->listing && count == LISTED && fields[r->status].n == 0)
		return 0;
	if (r->key >= count || r->status >= count)
		return fail_at(r, "expected an id or a name and a status, with "
		    "a tab or a comma between them", line, n);
	r->word.len = 0;
	string_encode(&r->word, fields[r->key].p, fields[r->key].n);
	return add_entry(r, fields[r->status].p, fields[r->status].n);
}

/* what the first line says of the file; 1: it is a stream, or a package */
static int
read_type(struct reading *r, const char *line, size_t n)
{
	static const char head[] = "{\"kind\":\"@stream\"";

	if ((n >= sizeof(head) - 1 &&
	    memcmp(line, head, sizeof(head) - 1) == 0) ||
	    foreign_is_zip(line, n))
		return 1;
	if (n > 0 && *line == '{')
		r->separator = '\0';
	else
		r->separator = memchr(line, '\t', n) != NULL ? '\t' : ',';
	return 0;
}

static int
read_all(struct reading *r)
{
	const char *line;
	size_t n;
	int got;

	while ((got = lines_next(&r->lines, &line, &n)) == 1) {
		if (n == 0 || *line == '\r' || *line == '#')
			continue;
		if (!r->known && read_type(r, line, n)) {
			r->states->stream = 1;
			return 0;
		}
		if ((r->separator == '\0' ? read_object(r, line, n) :
		    read_row(r, line, n)) == -1)
			return -1;
	}
	return got;
}

/* what was read to recognize it does not come again: only a list may be so */
static int
is_spent(const char *path, const struct stat *st)
{
	return strcmp(path, "-") == 0 ||
	    (!S_ISREG(st->st_mode) && !S_ISDIR(st->st_mode));
}

int
status_list_read(struct status_list *s, struct diag *d, const struct map *map,
    const char *path)
{
	struct reading r = { .states = s, .diag = d, .map = map, .status = 1 };
	struct stat st = {0};
	int rc = 0;

	if (lines_open(&r.lines, d, path, LONGEST) == -1)
		return -1;
	s->stream = fstat(r.lines.fd, &st) == 0 && S_ISDIR(st.st_mode);
	if (!s->stream)
		rc = read_all(&r);
	if (rc == 0 && s->stream && is_spent(path, &st))
		rc = diag_fail(d, STATUS_USAGE, NULL, "--states: expected the "
		    "name of a stream's file, found a stream or a package "
		    "that comes through a pipe or on standard input; write "
		    "it to a file first");
	lines_close(&r.lines);
	buf_free(&r.text);
	buf_free(&r.word);
	tape_free(&r.tape);
	return rc;
}

enum task_status
status_list_find(struct status_list *s, const char *p, size_t n)
{
	struct state *e;

	if ((e = find_entry(s, hash_bytes(p, n))) == NULL)
		return TASK_UNKNOWN;
	e->used = 1;
	return e->status;
}

uint64_t
status_list_unused(const struct status_list *s)
{
	uint64_t unused = 0;
	size_t i;

	for (i = 0; i < s->list.len / sizeof(struct state); i++)
		unused += !entry_at(s, i)->used;
	return unused;
}

void
status_list_free(struct status_list *s)
{
	buf_free(&s->list);
	hashset_free(&s->table);
}
