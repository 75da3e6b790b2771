/* SPDX-License-Identifier: ISC */
/*
 * A file that gives variables their values: lines NAME=VALUE, or lines with a
 * tab between the two, or a JSON object.  pkg-vars(1) says how each is quoted.
 */
#include "vars/assign.h"

#include <errno.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/fd.h"
#include "base/hash.h"
#include "base/utf8.h"
#include "json/readfile.h"
#include "json/string.h"
#include "json/tape.h"

/* a file that is read */
struct reading {
	struct assignments *to;
	struct diag *diag;
	struct place at;	/* its line is that of p */
	const char *p, *end;
	struct buf name, value, raw;
};

static int
fail(struct reading *f, const char *what)
{
	return diag_fail(f->diag, STATUS_INPUT, &f->at, "%s", what);
}

/* ---- what was read */

static uint32_t
find(const struct assignments *a, struct slice name)
{
	uint64_t hash = hash_bytes(name.p, name.n);
	size_t at = 0;
	uint32_t i;

	while ((i = hashset_next(&a->names, hash, &at)) != HASHSET_NONE) {
		if (slice_same(assign_name(a, i), name))
			break;
	}
	return i;
}

static void
add(struct assignments *a, struct slice name, struct slice value,
    struct assign one)
{
	one.name = a->texts.len;
	one.nname = name.n;
	buf_add(&a->texts, name.p, name.n);
	one.value = a->texts.len;
	one.nvalue = value.n;
	buf_add(&a->texts, value.p, value.n);
	hashset_put(&a->names, hash_bytes(name.p, name.n),
	    (uint32_t)assign_count(a));
	buf_add(&a->list, &one, sizeof(one));
}

/* what stands in f->name and f->value; 0, or -1 after a message */
static int
take(struct reading *f, int given)
{
	struct slice name = { f->name.ptr, f->name.len };
	struct slice value = { f->value.ptr, f->value.len };
	struct buf shown = {0};
	uint32_t before;

	if (name.n == 0)
		return fail(f, "expected a name");
	if (memchr(value.p != NULL ? value.p : "", '\0', value.n) != NULL)
		return fail(f, "the value has a NUL, which no variable can "
		    "have");
	if ((before = find(f->to, name)) == HASHSET_NONE) {
		add(f->to, name, value, (struct assign){ .line = f->at.line,
		    .given = given });
		return 0;
	}
	string_encode(&shown, name.p, name.n);
	diag_fail(f->diag, STATUS_INPUT, &f->at, "a second value for \"%s\": "
	    "line %llu has one", buf_str(&shown),
	    (unsigned long long)assign_at(f->to, before)->line);
	buf_free(&shown);
	return -1;
}

/* append the inside of a JSON string decoded; 0, or -1: it is none */
static int
decode(struct buf *raw, const char *text, size_t n, struct buf *to)
{
	struct text_error e;
	struct tape t = {0};
	int rc = -1;

	raw->len = 0;
	buf_addc(raw, '"');
	buf_add(raw, text, n);
	buf_addc(raw, '"');
	if (tape_read(&t, raw->ptr, raw->len, &e) == 0 &&
	    t.tokens[0].type == TAPE_STRING && t.tokens[0].end == raw->len) {
		string_decode(to, text, n);
		rc = 0;
	}
	tape_free(&t);
	return rc;
}

/* ---- lines NAME=VALUE */

static void
skip_blanks(struct reading *f)
{
	while (f->p < f->end && (*f->p == ' ' || *f->p == '\t'))
		f->p++;
}

/* what begins a line's rest that says nothing: its end, or a comment */
static int
is_rest(const struct reading *f)
{
	return f->p == f->end || *f->p == '\n' || *f->p == '#' ||
	    (*f->p == '\r' && (f->p + 1 == f->end || f->p[1] == '\n'));
}

static void
skip_line(struct reading *f)
{
	const char *lf = memchr(f->p, '\n', (size_t)(f->end - f->p));

	f->p = lf == NULL ? f->end : lf + 1;
	f->at.line++;
}

/* \uXXXX at p, and the other half of a pair */
static int
read_unicode(struct reading *f, struct buf *b)
{
	size_t n = 6;

	if (f->end - f->p >= 12 && f->p[6] == '\\' && f->p[7] == 'u' &&
	    (f->p[2] | 0x20) == 'd')
		n = 12;
	if (f->end - f->p < 6 || decode(&f->raw, f->p, n, b) == -1)
		return fail(f, "expected four hex digits after \\u");
	f->p += n;
	return 0;
}

/* an escape in double quotes; what is none stays as it is */
static int
read_escape(struct reading *f, struct buf *b)
{
	static const char letters[] = "nrt\"\\$`", bytes[] = "\n\r\t\"\\$`";
	const char *found = NULL;

	if (f->p + 1 < f->end && f->p[1] == 'u')
		return read_unicode(f, b);
	if (f->p + 1 < f->end && f->p[1] != '\0')
		found = strchr(letters, f->p[1]);
	if (found == NULL) {
		buf_addc(b, *f->p++);
		return 0;
	}
	buf_addc(b, bytes[found - letters]);
	f->p += 2;
	return 0;
}

/* a text in quotes, which may have line ends */
static int
read_quoted(struct reading *f, struct buf *b)
{
	uint64_t begun = f->at.line;
	char quote = *f->p++;

	while (f->p < f->end && *f->p != quote) {
		f->at.line += *f->p == '\n';
		if (*f->p != '\\' || quote != '"')
			buf_addc(b, *f->p++);
		else if (read_escape(f, b) == -1)
			return -1;
	}
	if (f->p == f->end) {
		f->at.line = begun;
		return fail(f, "a quote is not closed");
	}
	f->p++;
	return 0;
}

/* a value without quotes: to the end of the line, or a comment behind it */
static void
read_bare(struct reading *f)
{
	const char *from = f->p, *to = f->p;

	for (; f->p < f->end && *f->p != '\n'; f->p++) {
		if (*f->p == '#' && f->p > from &&
		    (f->p[-1] == ' ' || f->p[-1] == '\t'))
			break;
		if (*f->p != ' ' && *f->p != '\t' && *f->p != '\r')
			to = f->p + 1;
	}
	buf_add(&f->value, from, (size_t)(to - from));
}

/* the name before the "=" */
static int
read_name(struct reading *f)
{
	static const char export[] = "export ";
	const char *from;

	if ((size_t)(f->end - f->p) > sizeof(export) && memcmp(f->p, export,
	    sizeof(export) - 1) == 0) {
		f->p += sizeof(export) - 1;
		skip_blanks(f);
	}
	if (f->p < f->end && (*f->p == '"' || *f->p == '\''))
		return read_quoted(f, &f->name);
	for (from = f->p; f->p < f->end && strchr(" \t\r\n=", *f->p) == NULL;
	    f->p++)
		continue;
	buf_add(&f->name, from, (size_t)(f->p - from));
	return 0;
}

static int
read_setting(struct reading *f)
{
	uint64_t line = f->at.line, last;
	int rc;

	f->name.len = f->value.len = 0;
	if (read_name(f) == -1)
		return -1;
	skip_blanks(f);
	if (f->p == f->end || *f->p != '=')
		return fail(f, "expected NAME=VALUE");
	f->p++;
	skip_blanks(f);
	if (f->p < f->end && (*f->p == '"' || *f->p == '\'')) {
		if (read_quoted(f, &f->value) == -1)
			return -1;
		skip_blanks(f);
		if (!is_rest(f))
			return fail(f, "expected the end of the line after "
			    "the quote");
	} else if (f->p < f->end && *f->p != '#') {
		read_bare(f);
	}
	last = f->at.line;
	f->at.line = line;
	rc = take(f, 1);
	f->at.line = last;
	return rc;
}

static int
read_dotenv(struct reading *f)
{
	int rc = 0;

	while (f->p < f->end) {
		skip_blanks(f);
		if (!is_rest(f) && read_setting(f) == -1) {
			rc = -1;
			break;
		}
		skip_line(f);
	}
	return rc;
}

/* ---- lines with a tab */

static int
read_tsv(struct reading *f)
{
	const char *tab, *lf;

	for (; f->p < f->end; skip_line(f)) {
		lf = memchr(f->p, '\n', (size_t)(f->end - f->p));
		lf = lf == NULL ? f->end : lf;
		if (lf > f->p && lf[-1] == '\r')
			lf--;
		if (lf == f->p || *f->p == '#')
			continue;
		f->name.len = f->value.len = 0;
		tab = memchr(f->p, '\t', (size_t)(lf - f->p));
		if (tab == NULL || decode(&f->raw, f->p, (size_t)(tab - f->p),
		    &f->name) == -1 || decode(&f->raw, tab + 1, (size_t)(lf -
		    tab) - 1, &f->value) == -1)
			return fail(f, "expected a name and a value with a "
			    "tab between them, written as in a JSON string");
		if (take(f, 1) == -1)
			return -1;
	}
	return 0;
}

/* ---- JSON */

/* go on to the next key of the object, to know its line */
static void
next_key(struct reading *f)
{
	for (; f->p < f->end && *f->p != '"'; f->p++)
		f->at.line += *f->p == '\n';
}

/* a member's value; 0, or -1 after a message */
static int
read_member(struct reading *f, const struct tape *t, uint32_t token)
{
	struct slice key = tape_key(t, token), s = tape_text(t, token);
	const char *after;

	next_key(f);
	f->name.len = f->value.len = 0;
	string_decode(&f->name, key.p, key.n);
	if (t->tokens[token].type <= TAPE_ARRAY)
		return fail(f, "expected a text, a number, true, false or "
		    "null as the value");
	if (t->tokens[token].type == TAPE_STRING)
		string_decode(&f->value, s.p, s.n);
	else if (!tape_empty(t, token))
		buf_add(&f->value, tape_bytes(t, token).p,
		    tape_bytes(t, token).n);
	if (take(f, t->tokens[token].type == TAPE_STRING ||
	    !tape_empty(t, token)) == -1)
		return -1;
	/* past the key, and past the value if it is a text */
	after = string_skip(f->p, f->end);
	f->p = after == NULL ? f->end : after;
	if (t->tokens[token].type == TAPE_STRING) {
		while (f->p < f->end && *f->p != '"')
			f->at.line += *f->p++ == '\n';
		after = f->p < f->end ? string_skip(f->p, f->end) : NULL;
		f->p = after == NULL ? f->end : after;
	}
	return 0;
}

static int
read_json(struct reading *f)
{
	struct buf text = {0};
	struct tape t = {0};
	struct text_error e;
	uint32_t token;
	int rc = 0;

	if (readfile_compact(&text, f->p, (size_t)(f->end - f->p), &e) == -1 ||
	    tape_read(&t, text.ptr, text.len, &e) == -1) {
		f->at.offset = e.at;
		f->at.line = 0;
		rc = diag_fail(f->diag, STATUS_INPUT, &f->at, "no JSON: %s",
		    e.what);
	} else if (t.tokens[0].type != TAPE_OBJECT) {
		rc = fail(f, "expected a JSON object with a member for each "
		    "variable");
	}
	for (; rc == 0 && f->p < f->end && *f->p != '{'; f->p++)
		f->at.line += *f->p == '\n';
	f->p += rc == 0;
	for (token = rc == 0 ? tape_first(&t, 0) : TAPE_NONE;
	    rc == 0 && token != TAPE_NONE; token = tape_after(&t, token))
		rc = read_member(f, &t, token);
	tape_free(&t);
	buf_free(&text);
	return rc;
}

/* ---- the whole */

/* what a file shows of its format */
static enum vars_format
tell(const struct reading *f)
{
	const char *p = f->p, *lf;

	while (p < f->end && strchr(" \t\r\n", *p) != NULL && *p != '\0')
		p++;
	if (p < f->end && *p == '{')
		return VARS_JSON;
	/* the first line that is no comment: what comes first in it */
	for (; p < f->end; p = lf + 1) {
		lf = memchr(p, '\n', (size_t)(f->end - p));
		lf = lf == NULL ? f->end - 1 : lf;
		if (*p == '#' || *p == '\n' || *p == '\r')
			continue;
		for (; p < lf; p++) {
			if (*p == '\t')
				return VARS_TSV;
			if (strchr("=\"'", *p) != NULL)
				return VARS_DOTENV;
		}
	}
	return VARS_DOTENV;
}

/* texts are UTF-8 without NUL; 0, or -1 after a message */
static int
check_text(struct reading *f)
{
	struct utf8 utf8 = {0};
	size_t n = (size_t)(f->end - f->p), good, i;
	const char *nul = n > 0 ? memchr(f->p, '\0', n) : NULL;

	good = utf8_check(&utf8, f->p, n);
	if (good == n && utf8.left == 0 && nul == NULL)
		return 0;
	good = nul != NULL && (size_t)(nul - f->p) < good ?
	    (size_t)(nul - f->p) : good;
	for (i = 0; i < good; i++)
		f->at.line += f->p[i] == '\n';
	return fail(f, nul != NULL && (size_t)(nul - f->p) == good ?
	    "the file has a NUL, which no variable can have" :
	    "expected UTF-8");
}

int
assign_read(struct assignments *a, struct diag *d, const char *file,
    enum vars_format format)
{
	static int (*const readers[])(struct reading *) = {
		[VARS_DOTENV] = read_dotenv, [VARS_TSV] = read_tsv,
		[VARS_JSON] = read_json,
	};
	struct reading f = { .to = a, .diag = d, .at = { .line = 1,
	    .input = place_in(file).input, .offset = DIAG_NOWHERE } };
	struct buf text = {0};
	int rc;

	if ((rc = fd_read_file(file, SIZE_MAX - 1, &text)) == -1) {
		f.at.line = 0;
		diag_fail(d, STATUS_IO, &f.at, "%s%s", strerror(errno),
		    errno == EISDIR ? "; expected a file with the values, and "
		    "the stream or package behind it" : "");
	} else {
		f.p = buf_str(&text);
		f.end = f.p + text.len;
		if (text.len >= 3 && memcmp(f.p, "\xef\xbb\xbf", 3) == 0)
			f.p += 3;
		if ((rc = check_text(&f)) == 0)
			rc = readers[format != VARS_TOLD ? format :
			    tell(&f)](&f);
	}
	buf_free(&text);
	buf_free(&f.name);
	buf_free(&f.value);
	buf_free(&f.raw);
	return rc;
}

int
assign_env(struct assignments *a, struct diag *d, const struct vars_env *e)
{
	struct slice name = { e->name, strlen(e->name) };
	const char *value = getenv(e->from);
	uint32_t before = find(a, name);

	if (value == NULL)
		return diag_fail(d, STATUS_USAGE, NULL, "--env: the "
		    "environment does not have what is to be the value of "
		    "\"%s\"", e->name);
	if (!utf8_valid(value, strlen(value)))
		return diag_fail(d, STATUS_INPUT, NULL, "--env: expected "
		    "UTF-8 as the value of \"%s\"", e->name);
	if (before != HASHSET_NONE && assign_at(a, before)->line == 0)
		return diag_fail(d, STATUS_INPUT, NULL, "a second value for "
		    "\"%s\": --env gives two", e->name);
	if (before != HASHSET_NONE)
		return diag_fail(d, STATUS_INPUT, NULL, "a second value for "
		    "\"%s\": --env and line %llu of the file", e->name,
		    (unsigned long long)assign_at(a, before)->line);
	add(a, name, (struct slice){ value, strlen(value) },
	    (struct assign){ .given = 1 });
	return 0;
}

void
assign_free(struct assignments *a)
{
	buf_free(&a->list);
	buf_free(&a->texts);
	hashset_free(&a->names);
}

/* ---- writing */

/* whether a text of a dotenv file needs no quotes */
static int
is_bare(struct slice s)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyz"
	    "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_.:/@%+,-";
	size_t i;

	for (i = 0; i < s.n; i++) {
		if (s.p[i] == '\0' || strchr(safe, s.p[i]) == NULL)
			return 0;
	}
	return s.n > 0;
}

/* a text of a dotenv file */
static void
put_dotenv(struct buf *b, struct slice s)
{
	struct buf coded = {0};
	size_t i;

	if (is_bare(s) || s.n == 0) {
		buf_add(b, s.p, s.n);
		return;
	}
	string_encode(&coded, s.p, s.n);
	buf_addc(b, '"');
	for (i = 0; i < coded.len; i++) {
		/* \b and \f have no short form here */
		if (coded.ptr[i] == '\\' && (coded.ptr[i + 1] == 'b' ||
		    coded.ptr[i + 1] == 'f')) {
			buf_adds(b, coded.ptr[++i] == 'b' ? "\\u0008" :
			    "\\u000c");
			continue;
		}
		if (coded.ptr[i] == '$' || coded.ptr[i] == '`')
			buf_addc(b, '\\');
		buf_addc(b, coded.ptr[i]);
		if (coded.ptr[i] == '\\')
			buf_addc(b, coded.ptr[++i]);
	}
	buf_addc(b, '"');
	buf_free(&coded);
}

/* a name at the start of a line of a TSV file, where "#" begins a comment */
static void
put_tsv_name(struct buf *b, struct slice name)
{
	if (name.n > 0 && *name.p == '#') {
		buf_adds(b, "\\u0023");
		name.p++;
		name.n--;
	}
	string_encode(b, name.p, name.n);
}

void
assign_put(struct buf *b, enum vars_format format, struct slice name,
    struct slice value, const char *note, int first)
{
	if (format == VARS_JSON) {
		buf_adds(b, first ? "{\n\t\"" : ",\n\t\"");
		string_encode(b, name.p, name.n);
		buf_adds(b, value.p == NULL ? "\": null" : "\": \"");
		string_encode(b, value.p, value.n);
		if (value.p != NULL)
			buf_addc(b, '"');
		return;
	}
	if (note != NULL)
		buf_printf(b, "# %s\n", note);
	if (format == VARS_TSV) {
		put_tsv_name(b, name);
		buf_addc(b, '\t');
		string_encode(b, value.p, value.n);
	} else {
		put_dotenv(b, name);
		buf_addc(b, '=');
		put_dotenv(b, value);
	}
	buf_addc(b, '\n');
}

void
assign_put_end(struct buf *b, enum vars_format format, int any)
{
	if (format == VARS_JSON)
		buf_adds(b, any ? "\n}\n" : "{}\n");
}
