/* SPDX-License-Identifier: ISC */
/*
 * scan [-a] [-d DEPTH] [-n N] FILE: print the tokens of a JSON text that is fed
 * in pieces of N bytes (0: whole); -a: check that they are the same for all
 * pieces, and those of a plain reader.  json -t [-d DEPTH] TABLE: check so
 * every text of a table, and whether it is accepted or refused as it should.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <unistd.h>

#include "check.h"
#include "json/scan.h"
#include "json/style.h"
#include "naive.h"

/* pieces of 1 to this many bytes, and those for long texts */
#define PIECES 31
static const size_t longer[] = { 251, 4093, 65535, 65536, 65537, 131072 };

/* what came of one text */
struct run {
	struct buf tokens;	/* as naive_put() writes them */
	struct buf string;	/* the parts of a long string so far */
	uint64_t from;		/* its offset */
	struct scan *json;	/* of which these are the tokens */
	size_t piece;
	struct buf tail;
	int rc;
	struct scan_error error;
	unsigned styles;
	uint64_t unstyled;
	unsigned nearest;
};

/* take a token; the parts of a long string are joined */
static int
take(void *arg, const struct json_token *t)
{
	struct run *r = arg;
	uint64_t from = scan_offset(r->json);

	CHECK_NUMBER("plain", t->plain, (t->type == JSON_STRING ||
	    t->type == JSON_KEY) && r->string.len == 0 &&
	    memchr(t->raw, '\\', t->len) == NULL);
	/* in a container a long string is not held, wherever a piece ends */
	CHECK(t->type != JSON_STRING || r->piece == 0 || r->tokens.len == 0 ||
	    t->len <= JSON_LONG + r->piece + 6);
	if (r->string.len == 0)
		r->from = from;
	if (r->string.len > 0 || t->type == JSON_PART) {
		CHECK_NUMBER("offset of a part", from, r->from + r->string.len);
		buf_add(&r->string, t->raw, t->len);
		if (t->type == JSON_PART)
			return 0;
		CHECK_NUMBER("type after a part", t->type, JSON_STRING);
		naive_put(&r->tokens, t->type, r->from, t->first,
		    r->string.ptr, r->string.len);
		r->string.len = 0;
		return 0;
	}
	naive_put(&r->tokens, t->type, from, t->first, t->raw, t->len);
	return 0;
}

/* feed a text in pieces (0: whole) */
static void
run(struct run *r, const struct scan_options *o, const char *p, size_t n,
    size_t piece)
{
	size_t i, len;
	const char *tail;

	*r = (struct run){ .piece = piece };
	r->json = scan_open(o, take);
	scan_reset(r->json, r);
	for (i = 0; r->rc == 0 && i < n; i += len) {
		len = piece == 0 || piece > n - i ? n - i : piece;
		r->rc = scan_feed(r->json, len > EDGE_ROOM ? p + i :
		    edge(p + i, len), len);
	}
	if (r->rc == 0)
		r->rc = scan_finish(r->json);
	r->error = *scan_error(r->json);
	r->styles = scan_styles(r->json);
	r->unstyled = scan_unstyled(r->json);
	r->nearest = scan_nearest(r->json);
	tail = scan_tail(r->json, &len);
	buf_add(&r->tail, tail, len);
	scan_close(r->json);
}

static void
run_free(struct run *r)
{
	buf_free(&r->tokens);
	buf_free(&r->string);
	buf_free(&r->tail);
}

/*
 * Whether a text may be refused for different reasons in different pieces: a
 * byte order mark must come in one to be known.
 */
static int
has_two_errors(const char *p, size_t n)
{
	return n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0;
}

/* that two runs of a text saw the same error, unless it may have two */
static void
compare_errors(const struct run *a, const struct run *b, int two)
{
	CHECK(a->error.what != NULL && b->error.what != NULL);
	if (two || a->error.what == NULL || b->error.what == NULL)
		return;
	CHECK_BYTES("tokens before the error", a->tokens.ptr, a->tokens.len,
	    b->tokens.ptr, b->tokens.len);
	CHECK_NUMBER("offset of the error", a->error.offset, b->error.offset);
	CHECK_NUMBER("a limit", a->error.limit, b->error.limit);
	CHECK_TEXT("the error", a->error.what, strlen(a->error.what),
	    b->error.what);
}

/* that a run came out as another of the same text */
static void
compare(const struct run *a, const struct run *b, int two)
{
	CHECK_NUMBER("what the parser returns", a->rc, b->rc);
	if (a->rc == -1 && b->rc == -1) {
		compare_errors(a, b, two);
		return;
	}
	CHECK_BYTES("tokens", a->tokens.ptr, a->tokens.len, b->tokens.ptr,
	    b->tokens.len);
	CHECK_BYTES("tail", a->tail.ptr, a->tail.len, b->tail.ptr,
	    b->tail.len);
	CHECK_NUMBER("styles", a->styles, b->styles);
	CHECK_NUMBER("where the style ends", a->unstyled, b->unstyled);
	CHECK_NUMBER("nearest styles", a->nearest, b->nearest);
}

/* that a run came out as a plain reader says */
static void
compare_plain(const struct run *a, const struct scan_options *o,
    const char *p, size_t n)
{
	struct buf plain = {0};
	size_t blank;
	int rc;

	rc = naive_read(p, n, o->max_depth, &plain);
	CHECK_NUMBER("against a plain reader", a->rc, rc == -1 ? -1 : 0);
	plain.len = rc == -1 ? 0 : plain.len;
	if (rc == -1 && naive_read(p, n, o->max_depth + 999, &plain) != -1)
		CHECK_NUMBER("a limit", a->error.limit, 1);
	if (rc != -1 && a->rc == 0) {
		CHECK_BYTES("tokens of a plain reader", a->tokens.ptr,
		    a->tokens.len, plain.ptr, plain.len);
		for (blank = n; strchr(" \t\r\n", p[blank - 1]); blank--)
			continue;
		CHECK_BYTES("tail", a->tail.ptr, a->tail.len, p + blank,
		    n - blank);
	}
	buf_free(&plain);
}

/* that a text in pieces comes out as the whole */
static void
check_pieces(const struct run *whole, const struct scan_options *o,
    const char *p, size_t n, size_t piece)
{
	struct run r;

	run(&r, o, p, n, piece);
	compare(&r, whole, has_two_errors(p, n));
	run_free(&r);
}

/* feed a text in all pieces; 0: it is accepted, -1: refused */
static int
check_text(const struct scan_options *o, const char *p, size_t n)
{
	struct run whole;
	size_t i;
	int rc;

	run(&whole, o, p, n, 0);
	compare_plain(&whole, o, p, n);
	for (i = 0; n > JSON_LONG && i < sizeof(longer) / sizeof(longer[0]);
	    i++)
		check_pieces(&whole, o, p, n, longer[i]);
	for (i = 1; i <= PIECES; i++)
		check_pieces(&whole, o, p, n, i);
	rc = whole.rc;
	run_free(&whole);
	return rc;
}

/* append text in which \xNN is a byte and all else stands for itself */
static void
unescape(struct buf *b, const char *p, size_t n)
{
	char hex[3] = "";
	size_t i;

	for (i = 0; i < n; i++) {
		if (n - i >= 4 && p[i] == '\\' && p[i + 1] == 'x') {
			memcpy(hex, p + i + 2, 2);
			buf_addc(b, (char)strtoul(hex, NULL, 16));
			i += 3;
		} else {
			buf_addc(b, p[i]);
		}
	}
}

/* one row: accept or refuse, a tab, a name, a tab, the text */
static void
check_row(const struct scan_options *o, char *row)
{
	struct buf text = {0};
	char *name;
	int refuse;

	refuse = strncmp(row, "refuse\t", 7) == 0;
	if (!refuse && strncmp(row, "accept\t", 7) != 0)
		errx(2, "expected accept or refuse: %s", row);
	name = row + 7;
	row = name + strcspn(name, "\t");
	if (*row != '\0')
		*row++ = '\0';
	unescape(&text, row, strlen(row));
	check_about = name;
	CHECK_NUMBER("what becomes of the text",
	    check_text(o, text.ptr, text.len), refuse ? -1 : 0);
	buf_free(&text);
}

/* all rows of a table; '#' begins a remark */
static void
check_table(const struct scan_options *o, struct buf *table)
{
	char *row, *rest = buf_str(table);
	size_t n = 0;

	while ((row = strsep(&rest, "\n")) != NULL) {
		if (*row == '\0' || *row == '#')
			continue;
		check_row(o, row);
		n++;
	}
	printf("%zu cases\n", n);
}

static void
read_file(struct buf *b, const char *name)
{
	ssize_t n;
	int fd;

	if ((fd = open(name, O_RDONLY | O_CLOEXEC)) == -1)
		err(2, "%s", name);
	while ((n = read(fd, buf_room(b, 65536), 65536)) > 0)
		b->len += (size_t)n;
	if (n == -1)
		err(2, "%s", name);
	close(fd);
}

/* print the tokens; 0, or 1 after the error */
static int
print(const struct scan_options *o, const struct buf *text, size_t piece)
{
	struct run r;
	int rc;

	run(&r, o, text->ptr, text->len, piece);
	fwrite(r.tokens.ptr, 1, r.tokens.len, stdout);
	if (r.rc == -1)
		fprintf(stderr, "byte %llu: %s\n",
		    (unsigned long long)r.error.offset, r.error.what);
	rc = r.rc == -1;
	run_free(&r);
	return rc;
}

int
main(int argc, char *argv[])
{
	struct scan_options o = { .max_depth = 1024, .max_token = UINT64_MAX };
	struct buf text = {0};
	size_t piece = 0;
	int c, all = 0, table = 0, rc = 0;

	while ((c = getopt(argc, argv, "ad:n:t")) != -1) {
		switch (c) {
		case 'a':
			all = 1;
			break;
		case 'd':
			o.max_depth = (unsigned)strtoul(optarg, NULL, 10);
			break;
		case 'n':
			piece = strtoul(optarg, NULL, 10);
			break;
		case 't':
			table = 1;
			break;
		default:
			return 2;
		}
	}
	if (argc - optind != 1)
		errx(2, "usage: scan [-a | -t] [-d DEPTH] [-n N] FILE");
	read_file(&text, argv[optind]);
	if (table)
		check_table(&o, &text);
	else if (all)
		check_text(&o, text.ptr, text.len);
	else
		rc = print(&o, &text, piece);
	buf_free(&text);
	return check_done() || rc;
}
