/* SPDX-License-Identifier: ISC */
/*
 * The body of an API request.
 */
#include "json/readfile.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "json/compact.h"
#include "json/string.h"

/* what is read at once, and in all */
#define BLOCK ((size_t)1 << 16)
#define MOST ((size_t)16 << 20)

static int
read_file(struct buf *b, int fd)
{
	ssize_t n;

	do {
		buf_room(b, BLOCK);
		n = read(fd, b->ptr + b->len, BLOCK);
		if (n > 0)
			b->len += (size_t)n;
	} while (b->len <= MOST && (n > 0 || (n == -1 && errno == EINTR)));
	return n == -1 ? -1 : 0;
}

static int
parse(struct body *b, struct diag *d, const char *path, const struct buf *raw)
{
	struct place at = { .input = path, .offset = DIAG_NOWHERE };
	struct text_error e = {0};

	if (raw->len > MOST)
		return diag_fail(d, STATUS_LIMIT, &at, "expected the body of "
		    "a request, of at most 16 MiB");
	if (compact(&b->text, raw->ptr, raw->len, &e) == -1) {
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
	struct place at = { .input = path, .offset = DIAG_NOWHERE };
	struct buf raw = {0};
	int fd = STDIN_FILENO, rc;

	if (strcmp(path, "-") != 0 &&
	    (fd = open(path, O_RDONLY | O_CLOEXEC)) == -1)
		return diag_fail(d, STATUS_IO, &at, "%s", strerror(errno));
	rc = read_file(&raw, fd);
	rc = rc == -1 ? diag_fail(d, STATUS_IO, &at, "%s", strerror(errno)) :
	    parse(b, d, path, &raw);
	if (fd != STDIN_FILENO)
		close(fd);
	buf_free(&raw);
	return rc;
}

int
readfile_word(const struct body *b, struct diag *d, const char *path,
    const char *member, struct buf *word)
{
	struct place at = { .input = path, .offset = DIAG_NOWHERE };
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
