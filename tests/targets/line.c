/* SPDX-License-Identifier: ISC */
/*
 * line: a line of a stream is taken apart inside its bytes, or refused with a
 * place in it; edited, it becomes a canonical line, which stays as it is.
 */
#include <string.h>

#include "base/buf.h"
#include "base/slice.h"
#include "json/scan.h"
#include "stream/canonical.h"
#include "stream/record.h"
#include "target.h"
#include "tests/unit/naive.h"

/* as canonical_open() has it */
#define DEPTH 4096

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc;
	(void)argv;
	return 0;
}

static int
is_inside(struct slice s, const char *p, size_t n)
{
	return s.p == NULL || (s.p > p && s.p + s.n < p + n);
}

static void
try_record(const char *p, size_t n)
{
	struct text_error e = {0};
	struct record r;
	int f;

	if (record_read(&r, p, n, &e) == -1) {
		target_must(e.what != NULL && e.at <= n, "an error has a "
		    "place in the line");
		return;
	}
	for (f = 0; f < RECORD_FIELDS; f++) {
		target_must(is_inside(r.field[f], p, n) &&
		    is_inside(record_text(&r, (enum record_field)f), p, n),
		    "members are inside the line");
		record_number(&r, (enum record_field)f);
	}
}

static void
try_edited(const char *p, size_t n)
{
	static struct scan *scan;
	static struct buf out, again, plain;
	struct text_error e = {0};
	int rc, want;

	if (scan == NULL)
		scan = canonical_open(0);
	plain.len = 0;
	want = naive_read(p, n, DEPTH, &plain) != -1 &&
	    strncmp(buf_str(&plain), "object", 6) == 0 ? 0 : -1;
	rc = canonical_line(scan, &out, p, n, &e);
	if (rc == -1) {
		target_must(want == -1 || strstr(e.what, "once") != NULL,
		    "an object without doubles is taken");
		return;
	}
	target_must(want == 0, "what is no object is not taken");
	plain.len = 0;
	target_must(naive_read(out.ptr, out.len, DEPTH, &plain) == 1,
	    "a canonical line is JSON without white space");
	target_must(canonical_line(scan, &again, out.ptr, out.len, &e) == 0 &&
	    again.len == out.len &&
	    memcmp(again.ptr, out.ptr, out.len) == 0,
	    "a canonical line stays as it is");
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	char *p = malloc(n + 1);	/* n bytes and no more, unless none */

	target_must(p != NULL, "there is memory");
	memcpy(p, data, n);
	p = realloc(p, n > 0 ? n : 1);
	target_must(p != NULL, "there is memory");
	try_record(p, n);
	try_edited(p, n);
	free(p);
	return 0;
}
