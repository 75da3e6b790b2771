/* SPDX-License-Identifier: ISC */
/*
 * verdict [SEED] <TEXTS: what the scanner and yajl say of JSON
 * texts, for a third to compare (json/judges.py).  A text is four bytes with
 * its length, the lowest first, and its bytes; the answer is a byte: 1, the
 * scanner takes it, 2, yajl does, 4, the scanner met a limit.
 *
 * The scanner gets each text whole and in pieces of random sizes, and has to
 * find the same tokens, or the same error.
 */
#include <err.h>
#include <stdlib.h>
#include <yajl/yajl_parse.h>

#include "check.h"
#include "json/scan.h"
#include "naive.h"

#define TAKEN 1
#define TAKEN_BY_YAJL 2
#define LIMIT 4

/* the tokens of a text, those of a long string joined */
struct reading {
	struct scan *scan;
	struct buf tokens;
	size_t whole;		/* of them, without a string's parts so far */
	int parts;
};

static int
take(void *arg, const struct json_token *t)
{
	struct reading *r = arg;

	if (!r->parts)
		buf_printf(&r->tokens, "%d %d %llu ",
		    t->type == JSON_PART ? JSON_STRING : t->type, t->first,
		    (unsigned long long)scan_offset(r->scan));
	buf_add(&r->tokens, t->raw, t->len);
	r->parts = t->type == JSON_PART;
	if (!r->parts) {
		buf_addc(&r->tokens, '\n');
		r->whole = r->tokens.len;
	}
	return 0;
}

/* the size of the next piece */
static size_t
piece(struct dice *d, int whole, size_t left)
{
	size_t n;

	if (whole)
		return left;
	n = 1 + dice_roll(d, dice_roll(d, 8) == 0 ? 4096 : 31);
	return n < left ? n : left;
}

/* read a text, whole or in pieces; 0 or -1 */
static int
read_text(struct reading *r, struct dice *d, int whole, const char *p, size_t n)
{
	size_t i, len;
	int rc = 0;

	r->tokens.len = r->whole = 0;
	r->parts = 0;
	scan_reset(r->scan, r);
	for (i = 0; rc == 0 && i < n; i += len) {
		len = piece(d, whole, n - i);
		rc = scan_feed(r->scan, len > EDGE_ROOM ? p + i :
		    edge(p + i, len), len);
	}
	rc = rc == 0 ? scan_finish(r->scan) : rc;
	r->tokens.len = r->whole;
	return rc;
}

/* what the scanner says, whole and in pieces */
static int
ask_scan(struct scan *scan, struct dice *d, const char *p, size_t n)
{
	struct reading whole = { .scan = scan }, parts = { .scan = scan };
	struct scan_error e;
	/* a byte order mark must come in one piece to be known */
	int bom = n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0;
	int rc = read_text(&whole, d, 1, p, n);

	e = *scan_error(scan);
	CHECK_NUMBER("in pieces", read_text(&parts, d, 0, p, n), rc);
	if (!bom) {
		CHECK_BYTES("tokens in pieces", parts.tokens.ptr,
		    parts.tokens.len, whole.tokens.ptr, whole.tokens.len);
		CHECK_NUMBER("the error's place", scan_error(scan)->offset,
		    e.offset);
		CHECK(scan_error(scan)->what == e.what);
	}
	CHECK((rc == -1) == (e.what != NULL) && e.offset <= n);
	buf_free(&whole.tokens);
	buf_free(&parts.tokens);
	return rc == 0 ? TAKEN : e.limit ? LIMIT : 0;
}

static int
ask_yajl(const char *p, size_t n)
{
	yajl_handle yajl = yajl_alloc(NULL, NULL, NULL);
	int ok;

	if (yajl == NULL)
		err(2, "yajl");
	ok = yajl_parse(yajl, (const unsigned char *)p, n) == yajl_status_ok &&
	    yajl_complete_parse(yajl) == yajl_status_ok;
	yajl_free(yajl);
	return ok ? TAKEN_BY_YAJL : 0;
}

int
main(int argc, char *argv[])
{
	struct scan_options o = { .max_depth = 64, .max_token = UINT64_MAX };
	struct dice d = { argc > 1 ? strtoul(argv[1], NULL, 10) : 1 };
	struct scan *scan = scan_open(&o, take);
	struct buf text = {0};
	unsigned char size[4];
	size_t n;

	while (fread(size, 1, sizeof(size), stdin) == sizeof(size)) {
		n = size[0] | (size_t)size[1] << 8 | (size_t)size[2] << 16 |
		    (size_t)size[3] << 24;
		if (fread(buf_room(&text, n), 1, n, stdin) != n)
			errx(2, "a text is cut");
		putchar(ask_scan(scan, &d, text.ptr, n) |
		    ask_yajl(text.ptr, n));
		fflush(stdout);
	}
	scan_close(scan);
	buf_free(&text);
	return check_done();
}
