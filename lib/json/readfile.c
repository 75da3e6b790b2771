/* SPDX-License-Identifier: ISC */
/*
 * JSON that people write, checked and without its white space.
 */
#include "json/readfile.h"

#include <errno.h>
#include <string.h>

#include "base/diag.h"
#include "base/fd.h"
#include "json/scan.h"
#include "json/string.h"

/* what is read in all */
#define MOST ((size_t)16 << 20)

/* deeper than anybody writes */
#define DEPTH 1024

struct compacting {
	struct buf *out;
	int keyed;	/* the last token was a key */
	int open;	/* nothing came yet */
};

static int
put_token(void *arg, const struct json_token *t)
{
	struct compacting *k = arg;

	if (t->type != JSON_END && !t->first && !k->keyed && !k->open)
		buf_addc(k->out, ',');
	k->open = 0;
	buf_add(k->out, t->raw, t->len);
	k->keyed = t->type == JSON_KEY;
	if (k->keyed)
		buf_addc(k->out, ':');
	return 0;
}

int
readfile_compact(struct buf *out, const char *text, size_t n,
    struct text_error *e)
{
	static const struct scan_options options = { DEPTH, SIZE_MAX };
	struct compacting k = { .out = out, .open = 1 };
	struct scan *json;
	int rc;

	json = scan_open(&options, put_token);
	rc = scan_text(json, &k, text, n, e);
	scan_close(json);
	return rc;
}

static int
parse(struct body *b, struct diag *d, const char *path, const struct buf *raw)
{
	struct place at = place_in(path);
	struct text_error e = {0};

	if (raw->len > MOST)
		return diag_fail(d, STATUS_LIMIT, &at, "expected the body of "
		    "a request, of at most 16 MiB");
	if (readfile_compact(&b->text, raw->ptr, raw->len, &e) == -1) {
		at.offset = e.at;
		return diag_fail(d, STATUS_INPUT, &at, "%s", e.what);
	}
	if (tape_read(&b->tape, b->text.ptr, b->text.len, &e) == -1 ||
	    b->tape.tokens[0].type != TAPE_OBJECT)
		return diag_fail(d, STATUS_INPUT, &at, "expected the body of "
		    "a request: a JSON object");
	return 0;
}

int
readfile_read(struct body *b, struct diag *d, const char *path)
{
	struct place at = place_in(path);
	struct buf raw = {0};
	int rc = fd_read_file(path, MOST, &raw);

	rc = rc == -1 ? diag_fail(d, STATUS_IO, &at, "%s", strerror(errno)) :
	    parse(b, d, path, &raw);
	buf_free(&raw);
	return rc;
}

int
readfile_word(const struct body *b, struct diag *d, const char *path,
    const char *member, struct buf *word)
{
	struct place at = place_in(path);
	struct slice text;
	uint32_t token;

	token = tape_member(&b->tape, 0, member);
	if (token == TAPE_NONE ||
	    b->tape.tokens[token].type != TAPE_STRING)
		return diag_fail(d, STATUS_INPUT, &at, "/%s: expected a "
		    "string, found %s", member, token == TAPE_NONE ?
		    "no such member" : "something else");
	text = tape_text(&b->tape, token);
	string_decode(word, text.p, text.n);
	return 0;
}

void
readfile_free(struct body *b)
{
	buf_free(&b->text);
	tape_free(&b->tape);
}
