/* SPDX-License-Identifier: ISC */
/*
 * flate -r IN OUT [IN OUT ...]: inflate standard input, so many bytes taken
 * and given at once, and again for each two numbers; tells on standard error
 * how many were of the stream, and exits 3 if they are none, 6 if it has no
 * end.
 * flate -w LEVEL BLOCK: deflate it in blocks of so many bytes.
 */
#include "package/flate.h"

#include <err.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/fd.h"

#define DICT ((size_t)1 << 15)

static void
give(const char *p, size_t n)
{
	if (fwrite(p, 1, n, stdout) != n)
		err(STATUS_IO, "stdout");
}

static int
inflate(const struct buf *text, size_t in, size_t out)
{
	struct flate_reader *r = flate_reader_open();
	char *room = xmalloc(out);
	uint32_t crc = 0;
	size_t at = 0;
	int more;

	flate_reader_begin(r);
	do {
		struct flate_span s = { text->ptr + at,
		    text->len - at < in ? text->len - at : in, room, out };

		more = flate_reader_more(r, &s);
		if (more == 1 && s.nout == out && at == text->len)
			break;
		at = (size_t)(s.in - text->ptr);
		give(room, out - s.nout);
		crc = flate_crc(crc, room, out - s.nout);
	} while (more == 1);
	fprintf(stderr, "%" PRIu64 " %08" PRIx32 "\n", flate_reader_taken(r),
	    crc);
	flate_reader_close(r);
	free(room);
	return more == 0 ? STATUS_DONE : more == 1 ? STATUS_STREAM :
	    STATUS_INPUT;
}

static int
deflate(const struct buf *text, int level, size_t block)
{
	struct flate_writer *w = flate_writer_open(level);
	char *room = xmalloc(FLATE_ROOM(block));
	uint32_t crc = 0;
	size_t at = 0, n, got;
	int last;

	do {
		n = text->len - at < block ? text->len - at : block;
		last = at + n == text->len;
		got = flate_writer_block(w, text->ptr + at, n,
		    at < DICT ? at : DICT, last, room);
		if (got == 0)
			errx(STATUS_FINDING, "at %zu: it fails", at);
		give(room, got);
		crc = flate_crc_join(crc, flate_crc(0, text->ptr + at, n), n);
		at += n;
	} while (!last);
	fprintf(stderr, "%zu %08" PRIx32 "\n", at, crc);
	flate_writer_close(w);
	free(room);
	return STATUS_DONE;
}

int
main(int argc, char *argv[])
{
	struct buf text = {0};
	long got;
	int i, rc = STATUS_DONE;

	if (argc < 4 || argc % 2 != 0 || (strcmp(argv[1], "-r") != 0 &&
	    strcmp(argv[1], "-w") != 0)) {
		fputs("usage: flate -r IN OUT ... | -w LEVEL BLOCK\n", stderr);
		return STATUS_USAGE;
	}
	while ((got = fd_read(STDIN_FILENO, buf_room(&text, 1 << 16),
	    1 << 16)) > 0)
		text.len += (size_t)got;
	if (got == -1)
		err(STATUS_IO, "stdin");
	for (i = 2; i < argc && rc == STATUS_DONE; i += 2)
		rc = argv[1][1] == 'r' ?
		    inflate(&text, strtoul(argv[i], NULL, 10),
		    strtoul(argv[i + 1], NULL, 10)) :
		    deflate(&text, atoi(argv[i]),
		    strtoul(argv[i + 1], NULL, 10));
	if (fflush(stdout) != 0)
		err(STATUS_IO, "stdout");
	buf_free(&text);
	return rc;
}
