/* SPDX-License-Identifier: ISC */
/*
 * A JSON file of a package, split into records: its own line, those of what
 * the walker finds in it (walk.h), and what follows the document.
 */
#include "convert/split.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/foreign.h"
#include "convert/file_record.h"
#include "convert/nesting.h"
#include "convert/walk.h"
#include "json/scan.h"
#include "json/style.h"
#include "map/map.h"
#include "stream/record.h"

/* a file's style and final newline are settled after this many bytes */
#define SETTLE 4096

struct split {
	struct diag *diag;
	const char *input;
	struct nesting nest;	/* where lines go */
	struct scan *json;
	struct walk *walk;

	/* the file */
	const struct file *file;
	uint64_t size;
	int settled;
	const struct style *style;
	int newline;		/* the style ends with one */
	int bare;		/* it has no component, and nothing says so */
	struct buf line;
};

struct split *
split_open(struct diag *d, const char *input, const struct map *map,
    const struct split_options *o, struct stream_out *out)
{
	struct scan_options json = { o->max_depth, o->max_component };
	struct split *s;

	s = xcalloc(1, sizeof(*s));
	s->diag = d;
	s->input = input;
	s->nest.diag = d;
	s->nest.out = out;
	s->walk = walk_open(d, map, o->max_depth, o->max_component,
	    &s->nest);
	s->json = scan_open_by_type(&json, walk_takers);
	return s;
}

void
split_close(struct split *s)
{
	if (s == NULL)
		return;
	scan_close(s->json);
	walk_close(s->walk);
	nesting_free(&s->nest);
	buf_free(&s->line);
	free(s);
}

/* an error where the walker is; -1 */
static int
fail_at(struct split *s, enum status status, uint64_t offset, const char *what)
{
	struct place at = { .input = s->input, .member = s->file->member.name,
	    .offset = offset, .pointer = walk_pointer(s->walk) };

	return diag_fail(s->diag, status, &at, "%s", what);
}

void
split_begin(struct split *s, const struct file *file)
{
	s->file = file;
	s->size = 0;
	s->settled = 0;
	walk_begin(s->walk, file);
	scan_reset(s->json, s->walk);
	nesting_reset(&s->nest);
	nesting_push(&s->nest);
}

/* the file's style: the one left, the map's if several are, the nearest */
static const struct style *
choose_style(const struct split *s)
{
	unsigned styles = scan_styles(s->json);

	if (styles == 0)
		styles = scan_nearest(s->json);
	if ((styles & 1U << style_number(s->file->row->style)) != 0)
		return s->file->row->style;
	return style_at((size_t)__builtin_ctz(styles));
}

/*
 * Enough is known for the file's own line: write it, and what waited for it.
 * Only at the file's end is its last byte known; before, the map says what
 * files of this name usually have.
 */
static int
settle(struct split *s, int ended)
{
	struct nesting_line line = { .cut = NESTING_WHOLE };
	struct buf *b = &s->line;
	const char *tail;
	size_t n;

	s->settled = 1;
	s->style = choose_style(s);
	if (scan_styles(s->json) != 0)
		scan_assume(s->json, s->style);
	tail = scan_tail(s->json, &n);
	s->newline = ended ? n == 1 && *tail == '\n' : s->file->row->newline;
	b->len = 0;
	file_record_put(b, s->file, "json", style_name(s->style), s->newline,
	    ended && walk_end(s->walk).components == 0);
	line.head = (struct slice){ b->ptr, b->len };
	return nesting_through(&s->nest, &line);
}

/* git leaves these where a merge failed; they explain more than a parser can */
static int
is_conflict(const char *p, size_t n)
{
	return n >= 7 && (memcmp(p, "<<<<<<<", 7) == 0 ||
	    memcmp(p, "=======", 7) == 0 || memcmp(p, ">>>>>>>", 7) == 0);
}

/* say what scan.h found wrong in the n bytes at p, the last it was fed */
static int
report_error(struct split *s, const char *p, size_t n)
{
	const struct scan_error *e = scan_error(s->json);
	uint64_t base = s->size - n;
	struct foreign foreign;
	struct buf b = {0};

	if (e->what == NULL && walk_end(s->walk).too_large)
		return fail_at(s, STATUS_LIMIT, scan_offset(s->json), "the "
		    "component is larger than the limit; --max-component "
		    "raises it");
	if (e->what == NULL)
		return -1;	/* what took the token has reported it */
	if (e->offset >= base && is_conflict(p + (e->offset - base),
	    (size_t)(s->size - e->offset)))
		return fail_at(s, STATUS_INPUT, e->offset, "found a git "
		    "conflict marker, expected JSON: resolve the merge, or "
		    "export again");
	if (base > 0 || !foreign_tell(&foreign, FOREIGN_PACKAGE, p, n))
		return fail_at(s, e->limit ? STATUS_LIMIT : STATUS_INPUT,
		    e->offset, e->what);
	buf_printf(&b, "found %s, expected JSON: %s", foreign.what,
	    foreign.todo);
	fail_at(s, STATUS_INPUT, 0, buf_str(&b));
	buf_free(&b);
	return -1;
}

static int
feed(struct split *s, const char *p, size_t n)
{
	s->size += n;
	return scan_feed(s->json, p, n) == -1 ? report_error(s, p, n) : 0;
}

int
split_feed(struct split *s, const char *p, size_t n)
{
	size_t first;

	if (!s->settled) {
		first = SETTLE - (size_t)s->size;
		if (first > n)
			first = n;
		if (feed(s, p, first) == -1)
			return -1;
		if (s->size == SETTLE && settle(s, 0) == -1)
			return -1;
		p += first;
		n -= first;
	}
	return n > 0 ? feed(s, p, n) : 0;
}

/*
 * What follows the document, where it is not what the style says; or where
 * there is no other line that would show that the file is there.
 */
static int
write_tail(struct split *s)
{
	struct nesting_line line = { .cut = NESTING_WHOLE };
	struct buf *b = &s->line;
	const char *tail;
	size_t n;

	tail = scan_tail(s->json, &n);
	if (!s->bare && (s->newline ? n == 1 && *tail == '\n' : n == 0))
		return 0;
	b->len = 0;
	record_begin(b, "@data", 5);
	record_put(b, RECORD_FILE, s->file->path.p, s->file->path.n);
	if (s->file->owner.p != NULL)
		record_put(b, RECORD_OWNER, s->file->owner.p,
		    s->file->owner.n);
	record_put_number(b, RECORD_OFFSET, (long long)(s->size - n));
	record_put_text(b, RECORD_ENCODING, "utf-8", 5);
	record_put_text(b, RECORD_VALUE, tail, n);
	buf_addc(b, '}');
	line.head = (struct slice){ b->ptr, b->len };
	return nesting_line(&s->nest, &line);
}

/* report what is not as it should be, but can be read */
static void
report_oddities(const struct split *s)
{
	struct place at = { .input = s->input, .member = s->file->member.name,
	    .offset = scan_unstyled(s->json) };
	uint64_t n;

	if (at.offset != DIAG_NOWHERE)
		diag_warn_of(s->diag, "layout", &at,
		    "the file keeps to no layout style "
		    "from here on; it will be written as %s: the same JSON, "
		    "other white space", style_name(s->style));
	at.offset = DIAG_NOWHERE;
	if ((n = walk_end(s->walk).doubles) > 0)
		diag_note(s->diag, &at, "%" PRIu64 " key%s twice in %s object; "
		    "all are kept", n, n == 1 ? " stands" : "s stand",
		    n == 1 ? "its" : "their");
}

int
split_end(struct split *s)
{
	if (scan_finish(s->json) == -1)
		return report_error(s, "", 0);
	s->bare = s->settled && walk_end(s->walk).components == 0;
	if (!s->settled && settle(s, 1) == -1)
		return -1;
	if (write_tail(s) == -1)
		return -1;
	report_oddities(s);
	nesting_reset(&s->nest);
	return 0;
}
