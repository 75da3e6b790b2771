/* SPDX-License-Identifier: ISC */
/*
 * lines [SEED]: lines out of pipes that deliver them in pieces, bytes into
 * files that are full, and bytes put aside in memory and in a file.
 */
#include "base/lines.h"

#include <sys/wait.h>

#include <fcntl.h>
#include <stdlib.h>

#include "base/diag.h"
#include "base/spool.h"
#include "check.h"

/* what lines.c and spool.c read and keep at once */
#define BLOCK ((size_t)1 << 17)

/* a descriptor that delivers n bytes, so many a read; *writer delivers them */
static int
deliver(const char *p, size_t n, size_t piece, pid_t *writer)
{
	int fds[2];
	size_t i, len;

	/* with O_DIRECT each read gets what one write gave */
	if (pipe2(fds, O_DIRECT | O_CLOEXEC) == -1 || (*writer = fork()) == -1)
		err(2, "pipe");
	if (*writer > 0) {
		close(fds[1]);
		return fds[0];
	}
	close(fds[0]);
	for (i = 0; i < n; i += len) {
		len = piece < n - i ? piece : n - i;
		if (write(fds[1], p + i, len) == -1)
			break;		/* SIGPIPE ends us before */
	}
	_exit(0);
}

/* a descriptor of a file with these bytes */
static int
file_of(const char *p, size_t n)
{
	int fd;

	if ((fd = memfd_create("lines", MFD_CLOEXEC)) == -1 ||
	    write(fd, p, n) != (ssize_t)n || lseek(fd, 0, SEEK_SET) == -1)
		err(2, "memfd");
	return fd;
}

/* whether lines_ahead() tells of the text at p, which may be the end */
static void
check_ahead(const struct lines *l, const char *p, const char *end)
{
	char text[LINES_AHEAD + 2];
	size_t n;

	for (n = 0; n <= LINES_AHEAD && p + n <= end; n++) {
		memcpy(text, p, n);
		text[n] = '\0';
		if (n > 0 && memchr(text, '\n', n) != NULL)
			break;
		CHECK(lines_ahead(l, text));
		if (n == 0)
			continue;
		text[n - 1] ^= 1;
		CHECK(!lines_ahead(l, text));
	}
	if (p == end)
		CHECK(!lines_ahead(l, "a"));
}

/*
 * Read all lines of a text from a descriptor; what comes of it at last, and
 * its status, must be these.
 */
static void
check_lines(int fd, const char *text, size_t n, size_t max, int last,
    enum status status)
{
	struct diag d = { .program = "lines" };
	struct lines l = { .diag = &d, .fd = fd, .max = max };
	const char *p = text, *end = text + n, *eol, *line;
	struct hush h;
	struct buf said = {0};
	uint64_t number = 0;
	size_t len;
	int got;

	for (;;) {
		hush_begin(&h);
		got = lines_next(&l, &line, &len);
		hush_end(&h, &said);
		if (got != 1)
			break;
		eol = memchr(p, '\n', (size_t)(end - p));
		CHECK(eol != NULL);
		if (eol == NULL)
			break;
		CHECK_BYTES("line", line, len, p, (size_t)(eol - p));
		CHECK_NUMBER("number", l.number, ++number);
		p = eol + 1;
		check_ahead(&l, p, end);
	}
	CHECK_NUMBER("what lines_next() returns at last", got, last);
	CHECK_NUMBER("status", d.status, status);
	CHECK(got == -1 || p == end);
	CHECK((said.len > 0) == (last == -1));
	len = said.len;
	said.len = 0;
	buf_printf(&said, "lines: stdin:%llu: ",
	    (unsigned long long)number + 1);
	if (last == -1)
		CHECK(len > said.len);
	lines_free(&l);
	close(fd);
	buf_free(&said);
}

/* the same in pieces of 1 to 31 bytes, in big ones, and out of a file */
static void
check_pieces(const char *text, size_t n, size_t max, int last,
    enum status status)
{
	size_t piece;
	pid_t writer;
	int fd;

	for (piece = 1; piece <= 32; piece++) {
		fd = deliver(text, n, piece == 32 ? 4096 : piece, &writer);
		check_lines(fd, text, n, max, last, status);
		waitpid(writer, NULL, 0);
	}
	check_lines(file_of(text, n), text, n, max, last, status);
}

static void
check_texts(void)
{
	static const struct {
		const char *text;
		size_t max;
		int last;
		enum status status;
	} rows[] = {
		{ "", 100, 0, STATUS_DONE },
		{ "\n", 100, 0, STATUS_DONE },
		{ "\n\n\n", 100, 0, STATUS_DONE },
		{ "a\n", 100, 0, STATUS_DONE },
		{ "a\nb\n\nc\n", 100, 0, STATUS_DONE },
		{ "{\"kind\":\"@stream\"}\n{\"kind\":\"@end\"}\n", 100, 0,
		    STATUS_DONE },
		{ "0123456789abcdef\n0123456789abcdefg\n0\n", 100, 0,
		    STATUS_DONE },
		{ "a\r\n\tb\n \n", 100, 0, STATUS_DONE },
		{ "\n\n0123456789\n01234567890123456789\n", 20, 0,
		    STATUS_DONE },
		{ "a", 100, -1, STATUS_STREAM },
		{ "a\nb", 100, -1, STATUS_STREAM },
		{ "{\"kind\":\"@stream\"}\n{\"kind\":", 100, -1,
		    STATUS_STREAM },
		{ "\n\nab", 100, -1, STATUS_STREAM },
		{ "0123\n01234\n", 4, -1, STATUS_LIMIT },
		{ "0123\n\n01234", 4, -1, STATUS_LIMIT },
		{ "01234567890123456789012345678901234567890123\n", 4, -1,
		    STATUS_LIMIT },
		{ "\na\n", 0, -1, STATUS_LIMIT },
	};
	size_t i;

	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		check_about = rows[i].text;
		check_pieces(rows[i].text, strlen(rows[i].text), rows[i].max,
		    rows[i].last, rows[i].status);
	}
	check_about = NULL;
}

/* random lines, some long, and lines longer than what is read at once */
static void
check_long_texts(struct dice *d)
{
	struct buf b = {0};
	size_t i, n, k;

	for (i = 0; i < 60; i++) {
		for (n = dice_roll(d, 8) == 0 ? 500 : dice_roll(d, 30); n > 0;
		    n--)
			buf_addc(&b, (char)('a' + dice_roll(d, 26)));
		buf_addc(&b, '\n');
	}
	check_pieces(b.ptr, b.len, 500, 0, STATUS_DONE);
	b.len = 0;
	for (k = 0; k < 5; k++) {
		for (n = BLOCK - 40 + dice_roll(d, 80); n > 0; n--)
			buf_addc(&b, (char)('a' + dice_roll(d, 26)));
		buf_adds(&b, k == 2 ? "\n\n" : "\n");
	}
	for (n = 3 * BLOCK; n > 0; n--)
		buf_addc(&b, (char)('a' + n % 26));
	buf_addc(&b, '\n');
	check_lines(file_of(b.ptr, b.len), b.ptr, b.len, 3 * BLOCK, 0,
	    STATUS_DONE);
	check_lines(file_of(b.ptr, b.len), b.ptr, b.len, 3 * BLOCK - 1, -1,
	    STATUS_LIMIT);
	buf_free(&b);
}

/* a line without end is refused at its limit; a directory has no lines */
static void
check_trouble(void)
{
	struct diag d = { .program = "lines" };
	struct lines l = { .diag = &d, .input = "x", .max = 1 << 20 };
	struct hush h;
	struct buf said = {0};
	const char *line;
	size_t n;

	if ((l.fd = open("/dev/zero", O_RDONLY | O_CLOEXEC)) == -1)
		err(2, "/dev/zero");
	hush_begin(&h);
	n = (size_t)lines_next(&l, &line, &n);
	hush_end(&h, &said);
	CHECK_NUMBER("no end", n, -1);
	CHECK_NUMBER("status", d.status, STATUS_LIMIT);
	CHECK(l.buf.len <= l.max + 2 * BLOCK);
	close(l.fd);
	lines_free(&l);
	d.status = STATUS_DONE;
	l = (struct lines){ .diag = &d, .input = "x", .max = 100 };
	if ((l.fd = open("/", O_RDONLY | O_CLOEXEC)) == -1)
		err(2, "/");
	hush_begin(&h);
	n = (size_t)lines_next(&l, &line, &n);
	hush_end(&h, &said);
	CHECK_NUMBER("a directory", n, -1);
	CHECK_NUMBER("status", d.status, STATUS_IO);
	buf_str(&said);
	CHECK(strncmp(said.ptr, "lines: x:1: ", 12) == 0);
	close(l.fd);
	lines_free(&l);
	buf_free(&said);
}

/* pieces of all sizes written, by both ways, and read again */
static void
check_output(struct dice *d)
{
	struct diag dg = { .program = "lines" };
	struct output o = { .diag = &dg, .name = "out",
	    .fd = memfd_create("output", MFD_CLOEXEC) };
	struct buf want = {0}, got = {0};
	size_t i, n, k;
	char *p;

	for (i = 0; i < 300; i++) {
		n = dice_roll(d, 8) > 0 ? dice_roll(d, 200) :
		    dice_roll(d, 3 * OUTPUT_ROOM);
		for (k = 0; k < n; k++)
			buf_addc(&want, (char)dice_bits(d));
		if (n <= OUTPUT_ROOM && dice_roll(d, 2) == 0) {
			p = output_room(&o, n);
			CHECK(p != NULL);
			if (p != NULL && n > 0)
				memcpy(p, want.ptr + want.len - n, n);
		} else {
			CHECK_NUMBER("output_add", output_add(&o,
			    want.ptr + want.len - n, n), 0);
		}
	}
	CHECK_NUMBER("output_flush", output_flush(&o), 0);
	CHECK_NUMBER("total", o.total, want.len);
	buf_room(&got, want.len + 1);
	got.len = (size_t)pread(o.fd, got.ptr, want.len + 1, 0);
	CHECK_BYTES("written", got.ptr, got.len, want.ptr, want.len);
	close(o.fd);
	output_free(&o);
	buf_free(&want);
	buf_free(&got);
}

/* a full disk is told of, at once or at the flush */
static void
check_full(void)
{
	struct diag d = { .program = "lines" };
	struct output o = { .diag = &d, .name = "out" };
	struct hush h;
	struct buf said = {0}, big = {0};
	int rc;

	if ((o.fd = open("/dev/full", O_WRONLY | O_CLOEXEC)) == -1)
		err(2, "/dev/full");
	CHECK_NUMBER("held back", output_add(&o, "a", 1), 0);
	hush_begin(&h);
	rc = output_flush(&o);
	hush_end(&h, &said);
	CHECK_NUMBER("at the flush", rc, -1);
	CHECK_NUMBER("status", d.status, STATUS_IO);
	CHECK(said.len > 12 && memcmp(said.ptr, "lines: out: ", 12) == 0);
	buf_fill(&big, 'a', OUTPUT_ROOM + 1);
	hush_begin(&h);
	o.failed = 0;	/* as another output */
	rc = output_add(&o, big.ptr, big.len);
	hush_end(&h, &said);
	CHECK_NUMBER("at once", rc, -1);
	CHECK(said.len > 0);
	close(o.fd);
	output_free(&o);
	buf_free(&said);
	buf_free(&big);
}

/* read a spool back in random pieces, by both ways */
static void
check_back(struct spool *s, const struct buf *want, struct dice *d)
{
	struct buf got = {0};
	const char *p;
	size_t n;
	long r;

	CHECK_NUMBER("size", s->size, want->len);
	CHECK_NUMBER("spool_rewind", spool_rewind(s), 0);
	while (got.len < want->len) {
		n = 1 + dice_roll(d, dice_roll(d, 4) > 0 ? 1000 : 2 * BLOCK);
		if (n > want->len - got.len)
			n = want->len - got.len;
		if (dice_roll(d, 2) == 0) {
			CHECK_NUMBER("spool_take", spool_take(s,
			    buf_room(&got, n), n), 0);
			got.len += n;
			continue;
		}
		r = spool_read(s, &p, n);
		CHECK(r > 0 && (size_t)r <= n);
		if (r <= 0)
			break;
		buf_add(&got, p, (size_t)r);
	}
	CHECK_BYTES("put aside", got.ptr, got.len, want->ptr, want->len);
	CHECK_NUMBER("given", s->given, want->len);
	CHECK_NUMBER("the end", spool_read(s, &p, 1), 0);
	CHECK_NUMBER("the end again", spool_read(s, &p, 1), 0);
	buf_free(&got);
}

/* taking more than there is fails with a message */
static void
check_too_much(struct spool *s)
{
	struct hush h;
	struct buf said = {0};
	char c;
	int rc;

	hush_begin(&h);
	rc = spool_take(s, &c, 1);
	hush_end(&h, &said);
	CHECK_NUMBER("more than there is", rc, -1);
	CHECK_NUMBER("status", s->diag->status, STATUS_IO);
	CHECK(said.len > 0);
	s->diag->status = STATUS_DONE;
	buf_free(&said);
}

/* read some of it, so that the next rewind comes in the middle */
static void
read_some(struct spool *s, size_t size)
{
	const char *p;

	CHECK_NUMBER("spool_rewind", spool_rewind(s), 0);
	CHECK(spool_read(s, &p, 10) == (size < 10 ? (long)size : 10));
}

/* so many bytes put aside, read back, and read back again */
static void
check_spool(size_t size, struct dice *d)
{
	struct diag dg = { .program = "lines" };
	struct spool s = { .diag = &dg };
	struct buf want = {0};
	size_t n, i;
	int round;

	for (round = 0; round < 2; round++) {
		want.len = 0;
		while (want.len < size) {
			n = dice_roll(d, dice_roll(d, 4) > 0 ? 3000 :
			    2 * BLOCK);
			if (n > size - want.len || size == BLOCK)
				n = size - want.len;
			for (i = 0; i < n; i++)
				buf_addc(&want, (char)dice_bits(d));
			CHECK_NUMBER("spool_add", spool_add(&s,
			    want.ptr + want.len - n, n), 0);
		}
		CHECK_NUMBER("in a file", s.filed, size > BLOCK);
		check_back(&s, &want, d);
		check_too_much(&s);
		read_some(&s, size);
		check_back(&s, &want, d);
		spool_reset(&s);
		CHECK(s.size == 0 && !s.filed);
	}
	spool_free(&s);
	buf_free(&want);
}

static void
check_spools(struct dice *d)
{
	static const size_t sizes[] = {
		0, 1, 100, BLOCK - 1, BLOCK, BLOCK + 1, 2 * BLOCK,
		2 * BLOCK + 1, 5 * BLOCK + 777
	};
	size_t i;

	for (i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++)
		check_spool(sizes[i], d);
}

/* where no file can be made, memory is still enough for little */
static void
check_no_room(const char *dir)
{
	struct diag dg = { .program = "lines" };
	struct spool s = { .diag = &dg };
	struct buf big = {0}, said = {0};
	struct hush h;
	const char *p;
	int rc;

	setenv("TMPDIR", dir, 1);
	check_about = dir;
	buf_fill(&big, 'a', BLOCK);
	CHECK_NUMBER("in memory", spool_add(&s, big.ptr, big.len), 0);
	hush_begin(&h);
	rc = spool_add(&s, "b", 1);
	hush_end(&h, &said);
	CHECK_NUMBER("no file", rc, -1);
	CHECK_NUMBER("status", dg.status, STATUS_IO);
	CHECK(strstr(buf_str(&said), dir) != NULL);
	CHECK(strstr(said.ptr, "TMPDIR") != NULL);
	spool_reset(&s);
	CHECK_NUMBER("little", spool_add(&s, "abc", 3), 0);
	CHECK_NUMBER("rewind", spool_rewind(&s), 0);
	CHECK_NUMBER("read", spool_read(&s, &p, 10), 3);
	spool_free(&s);
	buf_free(&big);
	buf_free(&said);
	unsetenv("TMPDIR");
	check_about = NULL;
}

int
main(int argc, char *argv[])
{
	struct dice d = { argc > 1 ? strtoul(argv[1], NULL, 10) : 1 };

	check_texts();
	check_long_texts(&d);
	check_trouble();
	check_output(&d);
	check_full();
	check_spools(&d);
	/* root may write anywhere else */
	check_no_room("/dev/null");
	check_no_room("/proc");
	check_no_room("/nonexistent/directory");
	return check_done();
}
