/* SPDX-License-Identifier: ISC */
/*
 * Files that are not split, and values that are the bytes of a file.
 */
#include "diff/raw.h"

#include <inttypes.h>

#include "base/hash.h"
#include "json/string.h"
#include "match/side.h"
#include "stream/record.h"

/* a text of more bytes is not taken into memory */
#define LARGE ((uint64_t)16 << 20)

/* append a text without the carriage returns of its line ends */
static void
put_plain(struct buf *b, struct slice json)
{
	size_t from = b->len, to, i;

	string_decode(b, json.p, json.n);
	for (i = to = from; i < b->len; i++) {
		if (b->ptr[i] != '\r' || i + 1 == b->len ||
		    b->ptr[i + 1] != '\n')
			b->ptr[to++] = b->ptr[i];
	}
	b->len = to;
}

int
raw_same(struct raw *w, const struct record *a, const struct record *b)
{
	const struct record *r[2] = { a, b };
	int i;

	if (slice_same(a->field[RECORD_VALUE], b->field[RECORD_VALUE]))
		return 1;
	for (i = 0; i < 2; i++) {
		if (!record_is(r[i], RECORD_ENCODING, "utf-8"))
			return 0;
		w->plain[i].len = 0;
		put_plain(&w->plain[i], record_text(r[i], RECORD_VALUE));
	}
	return slice_same((struct slice){ w->plain[0].ptr, w->plain[0].len },
	    (struct slice){ w->plain[1].ptr, w->plain[1].len });
}

/*
 * The inside of a JSON string for all of a file: 1; 0: it is no text, or too
 * large; -1.
 */
static int
read_text(struct side *s, uint32_t file, struct buf *text)
{
	uint32_t i, end = side_end(s, file);
	struct slice part;
	struct record r;

	text->len = 0;
	if (graph_at(&s->graph, end) - graph_at(&s->graph, file) > LARGE)
		return 0;
	for (i = file + 1; i < end; i++) {
		if (side_line(s, i, &r) == -1)
			return -1;
		if (r.kind != RECORD_DATA ||
		    !record_is(&r, RECORD_ENCODING, "utf-8"))
			return 0;
		part = record_text(&r, RECORD_VALUE);
		buf_add(text, part.p, part.n);
	}
	return 1;
}

/* whether the lines of two files are the same: 1, 0 or -1 */
static int
same_lines(struct side *old, uint32_t file, struct side *new, uint32_t its)
{
	uint32_t i, n = side_end(old, file) - file;
	int same = n == side_end(new, its) - its;

	for (i = 1; i < n && same == 1; i++)
		same = side_same(old, file + i, new, its + i);
	return same;
}

int
raw_differ(struct raw *w, struct side *old, uint32_t file, struct side *new,
    uint32_t its)
{
	struct buf *p = w->plain;
	int same = same_lines(old, file, new, its), a, b;

	if (same != 0)
		return same == -1 ? -1 : 0;
	a = read_text(old, file, &w->of[0]);
	b = read_text(new, its, &w->of[1]);
	if (a != 1 || b != 1)
		return a == -1 || b == -1 ? -1 : 1;
	for (a = 0; a < 2; a++) {
		p[a].len = 0;
		put_plain(&p[a], (struct slice){ w->of[a].ptr,
		    w->of[a].len });
	}
	return !slice_same((struct slice){ p[0].ptr, p[0].len },
	    (struct slice){ p[1].ptr, p[1].len });
}

/* append an object with a file's size and a hash of its lines; 0 or -1 */
static int
put_digest(struct side *s, uint32_t file, struct buf *b)
{
	uint32_t i, end = side_end(s, file);
	struct hash_sum sum = {0};
	char text[HASH_TEXT];
	struct record r;

	for (i = file + 1; i < end; i++) {
		if (side_line(s, i, &r) == -1)
			return -1;
		hash_add(&sum, r.line.p, r.line.n);
	}
	if (side_line(s, file, &r) == -1)
		return -1;
	hash_text(&sum, text);
	buf_adds(b, "{\"bytes\":");
	if (record_number(&r, RECORD_SIZE) == -1)
		buf_adds(b, "null");
	else
		buf_printf(b, "%lld", record_number(&r, RECORD_SIZE));
	buf_printf(b, ",\"hash\":\"%s\"}", text);
	return 0;
}

int
raw_value(struct raw *w, struct side *s, uint32_t file, struct slice *json)
{
	struct buf *out = &w->plain[s->is_source != 0];
	struct buf *text = &w->of[s->is_source != 0];
	int got = read_text(s, file, text);

	if (got == -1)
		return -1;
	out->len = 0;
	if (got == 1) {
		buf_addc(out, '"');
		buf_add(out, text->ptr, text->len);
		buf_addc(out, '"');
	} else if (put_digest(s, file, out) == -1) {
		return -1;
	}
	*json = (struct slice){ out->ptr, out->len };
	return 0;
}

void
raw_free(struct raw *w)
{
	int i;

	for (i = 0; i < 2; i++) {
		buf_free(&w->of[i]);
		buf_free(&w->plain[i]);
	}
}
