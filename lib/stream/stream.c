/* SPDX-License-Identifier: ISC */
/*
 * A stream as a whole: its first line, its last, and the proof between.
 */
#include "stream/stream.h"

#include <inttypes.h>
#include <string.h>

#include "base/diag.h"
#include "base/foreign.h"
#include "base/slice.h"
#include "json/scan.h"
#include "json/string.h"
#include "stream/canonical.h"
#include "stream/record.h"
#include "stream/record_edit.h"

/* longer lines are hashed in pieces, and pass the output's buffer by */
#define SHORT_LINE ((size_t)1 << 15)

/* how much longer a line may be than the value in it */
#define MAX_ENVELOPE ((uint64_t)16 << 20)

struct place
stream_place(const struct stream_in *s)
{
	return (struct place){ .input = s->lines.input,
	    .line = s->shown > 0 ? s->shown : s->lines.number,
	    .offset = DIAG_NOWHERE };
}

static int
finish_input(void *input)
{
	return input_finish(input);
}

int
stream_open(struct stream_in *s, struct diag *d, const char *file,
    const struct input_options *o)
{
	*s = (struct stream_in){ .edited = o->edited,
	    .patch = o->patch, .lines = { .diag = d, .input = file,
	    .max = o->max_component + MAX_ENVELOPE } };
	if (input_open(&s->input, d, file, o) == -1)
		return -1;
	s->lines.fd = s->input.fd;
	s->lines.finish = finish_input;
	s->lines.writer = &s->input;
	if (o->edited)
		s->json = canonical_open(o->max_depth);
	return 0;
}

/* an error at the line read last */
static int
fail_at(struct stream_in *s, enum status status, const char *what)
{
	struct place at = stream_place(s);

	return diag_fail(s->lines.diag, status, &at, "%s", what);
}

/* what to do about a line that is no record */
static const char *
advice(const struct stream_in *s, const char *line, size_t n)
{
	if (n > 0 && line[n - 1] == '\r')
		return " (the line ends in CR LF, as on Windows: tr -d '\\r' "
		    "takes the CR off)";
	return s->edited ? "" : " (a stream that was edited on purpose is "
	    "taken with --edited)";
}

/* the line as a record, in canonical form even where it was edited */
static int
parse_line(struct stream_in *s, struct record *r, const char *line, size_t n)
{
	enum status status = s->begun ? STATUS_STREAM : STATUS_INPUT;
	struct text_error e = {0};
	struct place at;

	if (!s->edited && record_read(r, line, n, &e) == 0)
		return 0;
	if (s->edited && canonical_line(s->json, &s->canonical, line, n, &e) ==
	    0) {
		if (record_read(r, s->canonical.ptr, s->canonical.len, &e) ==
		    0)
			return 0;
		return fail_at(s, status, e.what);
	}
	if (s->edited && scan_error(s->json)->limit)
		status = STATUS_LIMIT;
	at = stream_place(s);
	return diag_fail(s->lines.diag, status, &at,
	    "character %zu of the line: %s%s", e.at + 1, e.what,
	    advice(s, line, n));
}

/* nothing may come after the @end */
static int
check_end(struct stream_in *s)
{
	const char *line;
	size_t n;
	int got;

	if ((got = lines_next(&s->lines, &line, &n)) != 1)
		return got;
	if (n > 17 && memcmp(line, "{\"kind\":\"@stream\"", 17) == 0)
		return fail_at(s, STATUS_STREAM, "found a second stream after "
		    "the first one's @end; two streams are joined by "
		    "pkg-merge(1), not by cat");
	return fail_at(s, STATUS_STREAM, "found a line after the @end; "
	    "expected nothing more");
}

/* what to do where lines are others than the @end says */
static const char *
sum_advice(const struct stream_in *s, const char *edited)
{
	return s->patch ? "a patch is made by pkg-diff --patch, and not edited"
	    : edited;
}

/* the count and the sum of the @end against our own */
static int
check_sum(struct stream_in *s, const struct record *r)
{
	char text[HASH_TEXT];
	struct place at = stream_place(s);

	if (s->edited)
		return 0;
	if (record_number(r, RECORD_RECORDS) != (long long)s->records)
		return diag_fail(s->lines.diag, STATUS_STREAM, &at,
		    "@end tells of %.*s records, %" PRIu64 " came: lines were "
		    "lost or added on the way (%s)",
		    (int)r->field[RECORD_RECORDS].n,
		    r->field[RECORD_RECORDS].p != NULL ?
		    r->field[RECORD_RECORDS].p : "", s->records,
		    sum_advice(s, "--edited takes them"));
	hash_text(&s->sum, text);
	if (!record_is(r, RECORD_SUM, text))
		return diag_fail(s->lines.diag, STATUS_STREAM, &at,
		    "the sum of @end is not that of the lines (%s): a record "
		    "was changed on the way (%s)", text,
		    sum_advice(s, "--edited takes it"));
	return 0;
}

/* what only a patch has is unknown elsewhere */
static int
check_members(struct stream_in *s, const struct record *r)
{
	struct place at = stream_place(s);
	int f = RECORD_PATCH;

	if (!r->of_patch || s->patch)
		return 0;
	while (r->field[f].p == NULL)
		f++;
	return diag_fail(s->lines.diag, s->begun ? STATUS_STREAM :
	    STATUS_INPUT, &at, "found the member %s, which only a patch "
	    "has%s", record_member((enum record_field)f), advice(s, "", 0));
}

/* a patch where one is expected, and nowhere else */
static int
check_patch(struct stream_in *s, const struct record *r)
{
	if (r->field[RECORD_PATCH].p != NULL && !s->patch)
		return fail_at(s, STATUS_INPUT, "this is a patch: pkg-merge(1) "
		    "apply reads it; expected a stream");
	if (r->field[RECORD_PATCH].p == NULL && s->patch)
		return fail_at(s, STATUS_INPUT, "this is no patch; expected "
		    "one, as pkg-diff(1) --patch writes");
	if (s->patch && record_number(r, RECORD_PATCH) != 1)
		return fail_at(s, STATUS_INPUT, "expected version 1 of the "
		    "patch; a newer pkg-tools may read it");
	return check_members(s, r);
}

/* the first line; what else a user may have given instead is told apart */
static int
check_head(struct stream_in *s, const struct record *r)
{
	if (r->kind != RECORD_STREAM)
		return fail_at(s, STATUS_STREAM, "expected @stream as the "
		    "first line: is the beginning cut off?");
	if (record_number(r, RECORD_VERSION) != 1)
		return fail_at(s, STATUS_INPUT, "expected version 1 of the "
		    "stream; a newer pkg-tools may read it");
	if (check_patch(s, r) == -1)
		return -1;
	s->begun = 1;
	return 1;
}

/* what is no JSON, and nothing that has a name of its own */
static int
fail_other(struct stream_in *s, const char *head, size_t n)
{
	struct place at = { .input = s->lines.input, .offset = DIAG_NOWHERE };
	struct buf b = {0};
	int rc;

	foreign_describe(&b, head, n);
	rc = diag_fail(s->lines.diag, STATUS_INPUT, &at, "found %s; expected "
	    "%s", buf_str(&b), s->patch ? "a patch: give what pkg-diff(1) "
	    "--patch wrote" : "a stream or a package: give what pkg-unpack(1) "
	    "wrote, or the platform exported");
	buf_free(&b);
	return rc;
}

/* what is given in place of a stream, and shows in its first bytes */
static int
check_foreign(struct stream_in *s)
{
	struct place at = { .input = s->lines.input, .offset = DIAG_NOWHERE };
	struct foreign f;
	const char *head;
	size_t i, n;
	long got;

	if ((got = lines_head(&s->lines, &head, FOREIGN_HEAD)) == -1)
		return -1;
	n = (size_t)got;
	if (foreign_tell(&f, FOREIGN_STREAM, head, n))
		return diag_fail(s->lines.diag, STATUS_INPUT, &at, "found %s; "
		    "expected a stream: %s", f.what, f.todo);
	i = foreign_blanks(head, n);
	return n > 0 && (i == n || head[i] != '{') ? fail_other(s, head, n) :
	    0;
}

/* the descriptor as it is to be read, and what was read of it before */
static int
begin(struct stream_in *s)
{
	if (!s->input.late)
		return 0;
	if (input_begin(&s->input) == -1)
		return -1;
	s->lines.fd = s->input.fd;
	s->lines.ended = s->input.ended;
	return lines_begin(&s->lines, s->input.head.ptr, s->input.head.len);
}

/* what is to be changed of an edited record */
static int
change_record(struct stream_in *s, struct record *r)
{
	struct place at = stream_place(s);

	return s->change(s->changer, r, &s->canonical, &at);
}

/* the next line of the input: 1, 0 or -1 as stream_read() */
static int
read_next(struct stream_in *s, struct record *r)
{
	const char *line;
	size_t n;
	int got;

	s->shown = 0;
	if (s->ended)
		return 0;
	if (s->lines.number == 0 && (begin(s) == -1 ||
	    check_foreign(s) == -1))
		return -1;
	if ((got = lines_next(&s->lines, &line, &n)) == -1)
		return -1;
	if (got == 0)
		return fail_at(s, STATUS_STREAM, s->begun ? "the stream ends "
		    "without @end: what wrote it did not finish, and nothing "
		    "is made of it" : s->patch ? "the input is empty; "
		    "expected a patch, as pkg-diff(1) --patch writes" :
		    "the input is empty; expected a stream, as pkg-unpack(1) "
		    "writes");
	if (parse_line(s, r, line, n) == -1)
		return -1;
	if (!s->begun)
		return check_head(s, r);
	if (check_members(s, r) == -1)
		return -1;
	if (r->kind == RECORD_STREAM)
		return fail_at(s, STATUS_STREAM, "found a second @stream "
		    "before an @end: the first stream was not finished");
	if (r->kind == RECORD_END) {
		s->ended = 1;
		return check_sum(s, r) == -1 ? -1 : check_end(s);
	}
	s->records++;
	if (!s->edited)
		hash_add(&s->sum, line, n);
	return s->change != NULL && change_record(s, r) == -1 ? -1 : 1;
}

/* the next of the lines held back: 1, or 0 if there is none */
static int
next_held(struct stream_in *s, struct record *r)
{
	struct text_error e;

	return reorder_next(&s->order, &s->canonical, &s->shown) &&
	    record_read(r, s->canonical.ptr, s->canonical.len, &e) == 0;
}

/* hold back a component with all in it, and the line after that; 0 or -1 */
static int
hold_back(struct stream_in *s, struct record *r)
{
	size_t n;
	int got, inside = 1;

	reorder_add(&s->order, r, stream_place(s).line);
	for (n = 1; inside && (got = read_next(s, r)) == 1; n += inside != 0) {
		inside = reorder_inside(&s->order, r);
		reorder_add(&s->order, r, s->lines.number);
	}
	if (inside && got == -1)
		return -1;
	reorder_sort(&s->order, n);
	return 0;
}

int
stream_read(struct stream_in *s, struct record *r)
{
	int got;

	if (!s->edited)
		return read_next(s, r);
	if (!next_held(s, r)) {
		if ((got = read_next(s, r)) != 1)
			return got;
	} else if (!reorder_done(&s->order)) {
		return 1;
	}
	if (!reorder_begins(r))
		return 1;
	return hold_back(s, r) == -1 ? -1 : next_held(s, r);
}

void
stream_give(struct stream_in *s, struct buf *to)
{
	if (!s->edited) {
		lines_give(&s->lines, to);
		return;
	}
	*to = s->canonical;
	s->canonical = (struct buf){0};
}

void
stream_close(struct stream_in *s)
{
	input_close(&s->input);
	lines_free(&s->lines);
	buf_free(&s->canonical);
	reorder_free(&s->order);
	scan_close(s->json);
	if (s->change_free != NULL)
		s->change_free(s->changer);
}

void
stream_put_head(struct buf *b, const struct record *r, const char *program,
    const char *options)
{
	struct slice by = r->field[RECORD_BY];
	struct buf list = {0};
	struct record_edit change = { .field = RECORD_BY };

	if (by.n > 2 && by.p[0] == '[') {
		buf_add(&list, by.p, by.n - 1);
		buf_addc(&list, ',');
	} else {
		buf_addc(&list, '[');
	}
	buf_printf(&list, "{\"name\":\"%s\",\"version\":\"%s\","
	    "\"options\":[%s]}]", program, VERSION, options);
	change.json = (struct slice){ list.ptr, list.len };
	record_edit(b, r, &change, 1);
	buf_free(&list);
}

void
stream_put_option(struct buf *b, const char *name, const char *value)
{
	if (b->len > 0)
		buf_addc(b, ',');
	buf_addc(b, '"');
	string_encode(b, name, strlen(name));
	if (value != NULL) {
		buf_addc(b, '=');
		string_encode(b, value, strlen(value));
	}
	buf_addc(b, '"');
}

int
stream_head(struct stream_out *s, const char *line, size_t n)
{
	if (output_add(s->out, line, n) == -1)
		return -1;
	return output_add(s->out, "\n", 1);
}

/* a line that the output's buffer holds is put together there, and hashed */
static int
short_line(struct stream_out *s, const struct slice *parts, size_t n,
    size_t len)
{
	char *line;
	size_t i, at;

	if ((line = output_room(s->out, len + 1)) == NULL)
		return -1;
	for (i = 0, at = 0; i < n; i++) {
		memcpy(line + at, parts[i].p, parts[i].n);
		at += parts[i].n;
	}
	line[len] = '\n';
	hash_add(&s->sum, line, len);
	return 0;
}

int
stream_piece(struct stream_out *s, const char *p, size_t n)
{
	hash_piece(s->pieces, p, n);
	return output_add(s->out, p, n);
}

int
stream_piece_end(struct stream_out *s)
{
	hash_add_pieces(&s->sum, s->pieces);
	s->records++;
	return output_add(s->out, "\n", 1);
}

int
stream_line(struct stream_out *s, const struct slice *parts, size_t n)
{
	size_t i, len;

	for (i = 0, len = 0; i < n; i++)
		len += parts[i].n;
	if (len <= SHORT_LINE) {
		s->records++;
		return short_line(s, parts, n, len);
	}
	for (i = 0; i < n; i++) {
		if (stream_piece(s, parts[i].p, parts[i].n) == -1)
			return -1;
	}
	return stream_piece_end(s);
}

int
stream_finish(struct stream_out *s)
{
	char text[HASH_TEXT];
	struct buf line = {0};
	int rc;

	if (diag_failed(s->out->diag) == -1)
		return -1;
	hash_text(&s->sum, text);
	buf_printf(&line, "{\"kind\":\"@end\",\"records\":%" PRIu64
	    ",\"sum\":\"%s\"}\n", s->records, text);
	rc = output_add(s->out, line.ptr, line.len);
	buf_free(&line);
	return rc == -1 ? -1 : output_flush(s->out);
}
