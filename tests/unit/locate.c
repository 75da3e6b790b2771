/* SPDX-License-Identifier: ISC */
/*
 * What holds for the values of any stream, asked of one (standard input).
 *
 * The references that are found in a value are those that its envelope has:
 * each list is made again and compared, and each word's bytes, taken out of
 * the value, are the word.  That is so, too, after some were lost and the
 * component was repaired, and after all got other words; with the old words
 * again it is what it was, and meanwhile has the same digest if the identities
 * are the same.  Of lines that are spoilt nobody dies.  Prints how many
 * references there were, how many components were repaired, rewritten.
 */
#include "check.h"

#include <stdlib.h>

#include "base/diag.h"
#include "json/string.h"
#include "map/map.h"
#include "map/registry.h"
#include "stream/list.h"
#include "stream/record.h"
#include "stream/record_edit.h"
#include "stream/stream.h"
#include "value.h"
#include "value/derive.h"
#include "value/fingerprint.h"
#include "value/locate.h"
#include "value/repair.h"
#include "value/revise.h"
#include "value/rewrite.h"

static const enum record_field lists[] = { RECORD_OWNER, RECORD_NEEDS,
    RECORD_LINKS, RECORD_REFS };

/* one list of the envelope, as the spots have it */
static void
put_list(struct buf *b, const struct locator *s, size_t n,
    enum record_field list)
{
	const struct spot *p;
	struct list l;
	size_t i, before, at;

	list_begin(&l, b, list);
	for (i = 0; i < n; i++) {
		p = locate_at(s, i);
		if (p->ref->list != list)
			continue;
		before = b->len;
		list_item(&l);
		at = b->len;
		if (p->soft)
			buf_addc(b, '?');
		buf_add(b, p->text.p, p->text.n);
		list_end_item(&l, before, at);
	}
	list_end(&l);
}

/* the bytes that a spot points at are the end of its reference */
static void
check_bytes_of(const struct spot *p, struct slice value)
{
	struct buf b = {0};

	if (p->token == TAPE_NONE || p->ref->scope != NULL)
		return;
	string_canon(&b, value.p + p->at, p->n);
	CHECK(b.len <= p->text.n);
	if (b.len <= p->text.n)
		CHECK_BYTES("word", b.ptr, b.len, p->text.p + p->text.n -
		    b.len, b.len);
	CHECK(p->text.p[p->text.n - b.len - 1] == ':');
	CHECK(p->from <= p->at && p->at + p->n <= p->to);
	buf_free(&b);
}

/* all that works on the values of one map */
struct works {
	struct diag *diag;
	const struct map *map;
	struct locator *spots;
	struct reviser *repairer;
	struct reviser *rewriter;
	struct fingerprints *canon;
	struct tape tape;
	struct buf words;	/* new ones, each ended by a NUL */
	size_t references, repaired, rewritten;
	unsigned turn;		/* which references are lost */
	int back;		/* give old words again */
};

/* the lists of a line are what its value says */
static size_t
check_lists(struct works *w, const struct record *r)
{
	struct slice value = r->field[RECORD_VALUE];
	struct text_error e;
	struct buf got = {0}, want = {0};
	size_t n, i;

	if (tape_read(&w->tape, value.p, value.n, &e) == -1) {
		CHECK_TEXT("error", e.what, strlen(e.what), "none");
		return 0;
	}
	n = locate_find(w->spots, r, &w->tape, SPOT_REF);
	for (i = 0; i < 4; i++) {
		put_list(&got, w->spots, n, lists[i]);
		if (r->field[lists[i]].p != NULL)
			record_put(&want, lists[i], r->field[lists[i]].p,
			    r->field[lists[i]].n);
	}
	CHECK_BYTES("lists", got.ptr, got.len, want.ptr, want.len);
	for (i = 0; i < n; i++)
		check_bytes_of(locate_at(w->spots, i), value);
	buf_free(&got);
	buf_free(&want);
	return n;
}

/*
 * One word in three is lost, another one at each turn; with a flow, say, all
 * that is in it.
 */
static int
lost(void *ctx, const char *ref, size_t n)
{
	const struct works *w = ctx;
	const char *p = memchr(ref, ':', n), *slash;

	if (p == NULL)
		return 1;
	n -= (size_t)(p - ref);
	if ((slash = memchr(p, '/', n)) != NULL)
		n = (size_t)(slash - p);
	return (hash_bytes(p, n) + w->turn) % 3 == 0;
}

/* a new line, read again */
static int
read_again(struct record *r, const struct buf *line)
{
	struct text_error e;

	if (record_read(r, line->ptr, line->len, &e) == 0)
		return 1;
	CHECK_TEXT("new line", e.what, strlen(e.what), "");
	return 0;
}

/* what is repaired has the lists that it says, and can be repaired no more */
static void
check_repair(struct works *w, const struct record *r)
{
	struct repair_ask ask = { .lost = lost, .ctx = w };
	struct buf line = {0}, twice = {0};
	struct record made;

	for (w->turn = 0; w->turn < 3; w->turn++) {
		if (repair(w->repairer, r, &ask, &line) != REPAIRED_CHANGED)
			continue;
		w->repaired++;
		if (!read_again(&made, &line))
			break;
		check_lists(w, &made);
		if (repair(w->repairer, &made, &ask, &twice) ==
		    REPAIRED_CHANGED)
			CHECK_BYTES("repaired twice", twice.ptr, twice.len,
			    line.ptr, line.len);
	}
	buf_free(&line);
	buf_free(&twice);
}

/* a part of a word gets "~" behind it, or loses it again */
static int
other_part(struct works *w, const char *kind, const char *p, size_t n)
{
	int has = n > 0 && p[n - 1] == '~';

	/* what is built in is soft, and would not be under another name */
	if (kind != NULL && map_builtin(w->map, kind, p, n))
		has = !w->back;
	/* and a number would be a text */
	if (n > 0 && strspn(p, "0123456789") >= n)
		has = !w->back;
	buf_add(&w->words, p, w->back && has ? n - 1 : n);
	if (!w->back && !has)
		buf_addc(&w->words, '~');
	return has == w->back;
}

/* whether ids of this kind have parts */
static int
is_composed(const struct works *w, const char *kind)
{
	size_t i;

	for (i = 0; i < w->map->nkinds; i++) {
		if (strcmp(w->map->kinds[i]->name, kind) == 0)
			return w->map->kinds[i]->members[RECORD_ID].n > 1;
	}
	return 0;
}

/* so does each part of a word */
static int
other_word(void *ctx, const char *ref, size_t n, struct slice *word)
{
	struct works *w = ctx;
	const char *end = ref + n, *p = memchr(ref, ':', n), *slash;
	size_t from = w->words.len, at;
	int changed = 0;

	if (p++ == NULL)
		return 0;
	buf_add(&w->words, ref, (size_t)(p - ref) - 1);
	buf_addc(&w->words, '\0');
	at = w->words.len;
	while (is_composed(w, w->words.ptr + from) &&
	    (slash = memchr(p, '/', (size_t)(end - p))) != NULL) {
		changed |= other_part(w, NULL, p, (size_t)(slash - p));
		buf_addc(&w->words, '/');
		p = slash + 1;
	}
	changed |= other_part(w, w->words.ptr + from, p, (size_t)(end - p));
	*word = (struct slice){ w->words.ptr + at, w->words.len - at };
	return changed;
}

/* append a token's text, or its key's, in canonical spelling */
static void
add_canon(struct buf *b, struct slice text)
{
	buf_addc(b, ' ');
	if (text.p != NULL)
		string_canon(b, text.p, text.n);
}

/* append a value with canonical escapes, each token on its own */
static void
spell_value(struct works *w, struct slice value, struct buf *b)
{
	struct text_error e;
	uint32_t i;

	CHECK(tape_read(&w->tape, value.p, value.n, &e) == 0);
	b->len = 0;
	for (i = 0; i < w->tape.n; i++) {
		buf_printf(b, " %d %u", w->tape.tokens[i].type,
		    (unsigned)w->tape.tokens[i].next);
		add_canon(b, tape_key(&w->tape, i));
		if (w->tape.tokens[i].type == TAPE_STRING)
			add_canon(b, tape_text(&w->tape, i));
		else if (w->tape.tokens[i].type > TAPE_ARRAY)
			add_canon(b, tape_bytes(&w->tape, i));
	}
}

/* two lines have the same envelopes, and values but for their escapes */
static void
check_same(struct works *w, const struct buf *line, const struct record *r)
{
	struct buf one = {0}, two = {0};
	struct record made;

	if (!read_again(&made, line))
		return;
	CHECK_BYTES("envelope", line->ptr, (size_t)(
	    made.field[RECORD_VALUE].p - line->ptr), r->line.p, (size_t)(
	    r->field[RECORD_VALUE].p - r->line.p));
	spell_value(w, r->field[RECORD_VALUE], &one);
	spell_value(w, made.field[RECORD_VALUE], &two);
	CHECK_BYTES("value", two.ptr, two.len, one.ptr, one.len);
	buf_free(&one);
	buf_free(&two);
}

/* whether a word that the envelope has stands in the file's name or place */
static int
has_stars(struct works *w, const struct record *r)
{
	struct slice value = r->field[RECORD_VALUE];
	const struct spot *p;
	struct text_error e;
	size_t n, i;

	tape_read(&w->tape, value.p, value.n, &e);
	n = locate_find(w->spots, r, &w->tape, SPOT_REF | SPOT_ID);
	for (i = 0; i < n; i++) {
		p = locate_at(w->spots, i);
		if (p->token == TAPE_NONE || (p->ref != NULL && p->ref->scope
		    != NULL && p->ref->scope->from != FROM_PLACE))
			return 1;
	}
	return 0;
}

/* with other words, and the old ones again, it is the same line */
static void
check_rewriting(struct works *w, const struct record *r, int ids)
{
	struct rewrite_ask ask = { .word = other_word, .ctx = w,
	    .ids = ids };
	struct buf line = {0}, old = {0};
	struct record made;

	w->words.len = 0;
	w->back = 0;
	buf_room(&w->words, 1 << 22);	/* so that it never moves */
	if (rewrite(w->rewriter, r, &ask, &line) == 1 &&
	    read_again(&made, &line)) {
		w->rewritten++;
		if (!ids)
			check_lists(w, &made);
		w->back = 1;
		CHECK(rewrite(w->rewriter, &made, &ask, &old) == 1);
		check_same(w, &old, r);
	}
	buf_free(&line);
	buf_free(&old);
}

/* every reference is the same one */
static int
identity(void *ctx, const char *ref, size_t n, struct slice *text)
{
	(void)ctx;
	(void)ref;
	(void)n;
	*text = (struct slice){ "*", 1 };
	return 1;
}

/* other aliases are no other content, but other words are without asking */
static void
check_canon(struct works *w, const struct record *r)
{
	struct fingerprint_ask same = { .identity = identity }, raw = { .flags =
	    FINGERPRINT_ALIAS };
	struct rewrite_ask ask = { .word = other_word, .ctx = w };
	struct hash_sum one, two;
	struct buf line = {0};
	struct record made;

	w->words.len = 0;
	w->back = 0;
	if (rewrite(w->rewriter, r, &ask, &line) == 1 &&
	    read_again(&made, &line) &&
	    made.field[RECORD_VALUE].n != r->field[RECORD_VALUE].n) {
		CHECK(fingerprint(w->canon, r, &same, &one) == 0);
		CHECK(fingerprint(w->canon, &made, &same, &two) == 0);
		CHECK_BYTES("digest", (char *)&two, sizeof(two),
		    (char *)&one, sizeof(one));
		CHECK(fingerprint(w->canon, r, &raw, &one) == 0);
		CHECK(fingerprint(w->canon, &made, &raw, &two) == 0);
		/* all references of this one are where the map ignores them */
		if (!slice_is(r->field[RECORD_AT], "\"/exportOptions\""))
			CHECK(memcmp(&one, &two, sizeof(one)) != 0);
	}
	buf_free(&line);
}

/* of a line as it was unpacked nothing differs from what its value says */
static void
check_deriving(struct works *w, const struct record *r)
{
	struct record_edit changes[DERIVED];
	struct text_error e;
	struct buf text = {0};
	size_t n;

	CHECK(tape_read(&w->tape, r->field[RECORD_VALUE].p,
	    r->field[RECORD_VALUE].n, &e) == 0);
	n = derive(w->spots, r, &w->tape, RECORD_ID, changes, &text);
	CHECK(n == 0);
	if (n > 0)
		CHECK_BYTES("derived", changes[0].json.p, changes[0].json.n,
		    r->field[changes[0].field].p, r->field[changes[0].field].n);
	buf_free(&text);
}

static int
unwanted(void *ctx, const char *status, size_t n)
{
	(void)ctx;
	(void)status;
	(void)n;
	return 1;
}

/* whatever a line says, nobody dies of it */
static void
try_spoilt(struct works *w, const struct record *r, struct dice *d)
{
	struct repair_ask ask = { .lost = lost, .ctx = w };
	struct repair_inner inner = { .unwanted = unwanted };
	struct rewrite_ask other = { .word = other_word, .ctx = w,
	    .ids = 1, .prefix = { "projects", 8 }, .new_prefix = { "p", 1 } };
	struct fingerprint_ask same = { .identity = identity };
	struct hash_sum sum;
	struct buf bad = {0}, line = {0};
	struct record made;
	struct text_error e;

	if (r->line.n > EDGE_ROOM / 2)
		return;
	value_spoil(&bad, d, r->line.p, r->line.n);
	if (record_read(&made, edge(bad.ptr, bad.len), bad.len, &e) == 0 &&
	    made.kind == RECORD_COMPONENT) {
		w->words.len = 0;
		(void)repair(w->repairer, &made, &ask, &line);
		(void)repair_inner(w->repairer, &made, &inner, &line);
		(void)rewrite(w->rewriter, &made, &other, &line);
		(void)fingerprint(w->canon, &made, &same, &sum);
		line.len = 0;
		record_edit_status(&line, &made, "published", "spoilt");
	}
	buf_free(&bad);
	buf_free(&line);
}

static void
open_works(struct works *w, const struct registry *maps, const struct record *r)
{
	struct slice platform = record_text(r, RECORD_PLATFORM);

	w->map = registry_find(w->diag, maps, platform.p, platform.n,
	    0);
	if (w->map == NULL)
		errx(2, "no map of this platform");
	w->spots = locate_open(w->map);
	w->repairer = revise_open(w->diag, w->map);
	w->rewriter = revise_open(w->diag, w->map);
	w->canon = fingerprint_open(w->diag, w->map);
}

static void
close_works(struct works *w)
{
	locate_close(w->spots);
	revise_close(w->repairer);
	revise_close(w->rewriter);
	fingerprint_close(w->canon);
	tape_free(&w->tape);
	buf_free(&w->words);
}

int
main(void)
{
	struct diag d = { .program = "locate", .quiet = 1 };
	struct stream_in in = { .lines = { .diag = &d, .max = 1 << 30 } };
	struct registry maps = {0};
	struct record r;
	struct works w = { .diag = &d };
	struct dice dice = { 3 };
	struct hush hush;
	struct buf said = {0};
	int rc;

	if (registry_open(&d, &maps, NULL, NULL) == -1)
		return 2;
	while ((rc = stream_read(&in, &r)) == 1) {
		if (r.kind == RECORD_STREAM) {
			open_works(&w, &maps, &r);
		} else if (r.kind == RECORD_COMPONENT) {
			w.references += check_lists(&w, &r);
			check_repair(&w, &r);
			check_rewriting(&w, &r, 0);
			if (!has_stars(&w, &r))
				check_rewriting(&w, &r, 1);
			check_canon(&w, &r);
			if (r.field[RECORD_ENCODING].p == NULL)
				check_deriving(&w, &r);
			hush_begin(&hush);
			try_spoilt(&w, &r, &dice);
			hush_end(&hush, &said);
		}
	}
	close_works(&w);
	buf_free(&said);
	stream_close(&in);
	registry_close(&maps);
	printf("%zu references, %zu repaired, %zu rewritten\n", w.references,
	    w.repaired, w.rewritten);
	return rc == 0 ? check_done() : 2;
}
