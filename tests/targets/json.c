/* SPDX-License-Identifier: ISC */
/*
 * json: a text has the same tokens, or the same error, read at once, read in
 * pieces, and read the plain way.  The first byte is the size of the pieces.
 */
#include <string.h>

#include "base/buf.h"
#include "json/scan.h"
#include "target.h"
#include "tests/unit/reading.h"

#define DEPTH 64

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

/* 0 or -1; a piece stands in a block of its own size, for ASan to guard */
static int
read_pieces(struct reading *r, const char *p, size_t n, size_t piece)
{
	size_t i, len;
	char *copy;
	int rc = 0;

	r->tokens.len = r->string.len = 0;
	scan_reset(r->scan, r);
	for (i = 0; rc == 0 && i < n; i += len) {
		len = piece < n - i ? piece : n - i;
		copy = malloc(len);
		target_must(copy != NULL, "there is memory");
		memcpy(copy, p + i, len);
		rc = scan_feed(r->scan, copy, len);
		free(copy);
	}
	return rc == 0 ? scan_finish(r->scan) : rc;
}

static int
same(const struct buf *a, const struct buf *b)
{
	return a->len == b->len &&
	    (a->len == 0 || memcmp(a->ptr, b->ptr, a->len) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static const struct scan_options o = { DEPTH, UINT64_MAX };
	static struct reading whole, parts;
	static struct buf plain;
	const char *p = (const char *)data + 1;
	struct scan_error e;
	int rc;

	if (n < 2)
		return 0;
	n--;
	if (whole.scan == NULL)
		whole.scan = parts.scan = scan_open(&o, reading_take);
	plain.len = 0;
	rc = read_pieces(&whole, p, n, n);
	e = *scan_error(whole.scan);
	target_must((rc == -1) == (e.what != NULL), "an error says what");
	target_must(rc == (naive_read(p, n, DEPTH, &plain) == -1 ? -1 : 0),
	    "the plain reader takes it, too, or does not");
	target_must(rc == -1 || same(&whole.tokens, &plain),
	    "the plain reader has the same tokens");
	target_must(read_pieces(&parts, p, n, 1 + data[0] % 31U) == rc,
	    "it is taken in pieces, too, or is not");
	target_must(rc == -1 || same(&parts.tokens, &whole.tokens),
	    "it has the same tokens in pieces");
	target_must(n >= 3 && memcmp(p, "\xef\xbb\xbf", 3) == 0 ? 1 :
	    scan_error(parts.scan)->offset == e.offset, "the error is there");
	return 0;
}
