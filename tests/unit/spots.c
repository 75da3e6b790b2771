/* SPDX-License-Identifier: ISC */
/*
 * The references that are found in the values of a stream (standard input)
 * are those that their envelopes have: each list is made again and compared,
 * and each word's bytes, taken out of the value, are the word.  Prints how
 * many references there were.
 */
#include "check.h"

#include <stdlib.h>

#include "diag.h"
#include "map.h"
#include "maps.h"
#include "quote.h"
#include "spots.h"
#include "stream.h"
#include "wordlist.h"

static const enum record_field lists[] = { RECORD_OWNER, RECORD_NEEDS,
    RECORD_LINKS, RECORD_REFS };

/* one list of the envelope, as the spots have it */
static void
put_list(struct buf *b, const struct spots *s, size_t n,
    enum record_field list)
{
	const struct spot *p;
	struct wordlist l;
	size_t i, before, at;

	wordlist_begin(&l, b, list);
	for (i = 0; i < n; i++) {
		p = spots_at(s, i);
		if (p->ref->list != list)
			continue;
		before = b->len;
		wordlist_item(&l);
		at = b->len;
		if (p->soft)
			buf_addc(b, '?');
		buf_add(b, p->text.p, p->text.n);
		wordlist_end_item(&l, before, at);
	}
	wordlist_end(&l);
}

/* the bytes that a spot points at are the end of its reference */
static void
check_bytes_of(const struct spot *p, struct slice value)
{
	struct buf b = {0};

	if (p->token == TAPE_NONE || p->ref->scope != NULL)
		return;
	quote_canon(&b, value.p + p->at, p->n);
	CHECK(b.len <= p->text.n);
	if (b.len <= p->text.n)
		CHECK_BYTES("word", b.ptr, b.len, p->text.p + p->text.n -
		    b.len, b.len);
	CHECK(p->text.p[p->text.n - b.len - 1] == ':');
	CHECK(p->from <= p->at && p->at + p->n <= p->to);
	buf_free(&b);
}

static size_t
check_record(struct spots *s, const struct record *r, struct tape *t)
{
	struct slice value = r->field[RECORD_VALUE];
	struct record_error e;
	struct buf got = {0}, want = {0};
	size_t n, i;

	if (tape_read(t, value.p, value.n, &e) == -1) {
		CHECK_TEXT("error", e.what, strlen(e.what), "none");
		return 0;
	}
	n = spots_find(s, r, t, SPOT_REF);
	for (i = 0; i < 4; i++) {
		put_list(&got, s, n, lists[i]);
		if (r->field[lists[i]].p != NULL)
			record_put(&want, lists[i], r->field[lists[i]].p,
			    r->field[lists[i]].n);
	}
	CHECK_BYTES("lists", got.ptr, got.len, want.ptr, want.len);
	for (i = 0; i < n; i++)
		check_bytes_of(spots_at(s, i), value);
	buf_free(&got);
	buf_free(&want);
	return n;
}

int
main(void)
{
	struct diag d = { .program = "spots" };
	struct stream_in in = { .lines = { .diag = &d, .max = 1 << 30 } };
	struct maps maps = {0};
	struct record r;
	struct spots *s = NULL;
	struct tape t = {0};
	struct slice platform;
	size_t n = 0;
	int rc;

	if (maps_open(&d, &maps, NULL, NULL) == -1)
		return 2;
	while ((rc = stream_read(&in, &r)) == 1) {
		if (r.kind == RECORD_STREAM) {
			platform = record_text(&r, RECORD_PLATFORM);
			s = spots_open(maps_find(&maps, platform.p,
			    platform.n));
		} else if (r.kind == RECORD_COMPONENT) {
			n += check_record(s, &r, &t);
		}
	}
	spots_close(s);
	tape_free(&t);
	stream_read_free(&in);
	maps_close(&maps);
	printf("%zu references\n", n);
	return rc == 0 ? check_done() : 2;
}
