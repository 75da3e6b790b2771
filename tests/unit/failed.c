/* SPDX-License-Identifier: ISC */
/*
 * failed: in the folder it runs in, what completes an output once an error
 * was printed: nothing, whoever lost its -1.
 */
#include <fcntl.h>
#include <stdlib.h>

#include "base/atomicfile.h"
#include "base/diag.h"
#include "base/lines.h"
#include "check.h"
#include "cmd/report.h"
#include "stream/stream.h"

/* an error of which nobody hears */
static void
lose_error(struct diag *d)
{
	struct buf said = {0};
	struct hush h;

	hush_begin(&h);
	diag_fail(d, STATUS_LIMIT, NULL, "lost");
	hush_end(&h, &said);
	CHECK_TEXT("the message", said.ptr, said.len, "failed: lost\n");
	buf_free(&said);
}

/* a stream has an @end only if there was no error; errors if there was one */
static void
check_stream(int errors)
{
	struct diag d = { .program = "failed" };
	struct output out = { .diag = &d, .name = "memory" };
	struct stream_out s = { .out = &out };
	char text[200];
	ssize_t n;

	if ((out.fd = memfd_create("stream", 0)) == -1)
		err(2, "memfd");
	CHECK(stream_head(&s, "{}", 2) == 0);
	if (errors)
		lose_error(&d);
	CHECK_NUMBER("stream_finish", stream_finish(&s), errors ? -1 : 0);
	CHECK(output_flush(&out) == 0);
	n = pread(out.fd, text, sizeof(text) - 1, 0);
	text[n < 0 ? 0 : n] = '\0';
	CHECK_NUMBER("an @end", strstr(text, "\"@end\"") != NULL, !errors);
	close(out.fd);
	output_free(&out);
}

/* the same of a file and its name */
static void
check_file(const char *name, int errors)
{
	struct diag d = { .program = "failed" };
	struct atomicfile f;

	CHECK(atomicfile_open(&f, &d, name, 0) == 0);
	CHECK(write(f.fd, "x", 1) == 1);
	if (errors)
		lose_error(&d);
	CHECK_NUMBER("outfile_commit", atomicfile_commit(&f), errors ? -1 : 0);
	atomicfile_close(&f);
	CHECK_NUMBER("the file", access(name, F_OK), errors ? -1 : 0);
}

/* a write that failed is the last one: what follows would leave a hole */
static void
check_output(void)
{
	struct diag d = { .program = "failed" };
	struct output out = { .diag = &d, .name = "a pipe" };
	struct buf said = {0};
	struct hush h;
	int fds[2];
	char c;

	if (pipe2(fds, O_NONBLOCK) == -1)
		err(2, "pipe");
	out.fd = fds[1];
	while (write(fds[1], "full", 4) != -1)
		continue;
	hush_begin(&h);
	CHECK(output_add(&out, "lost", 4) == 0 && output_flush(&out) == -1);
	while (read(fds[0], &c, 1) == 1)
		continue;
	CHECK(output_add(&out, "after", 5) == 0 && output_flush(&out) == -1);
	hush_end(&h, &said);
	CHECK_NUMBER("a byte after the hole", read(fds[0], &c, 1), -1);
	CHECK_TEXT("the message, once", said.ptr, said.len, "failed: a pipe: "
	    "cannot write: Resource temporarily unavailable\n");
	close(fds[0]);
	close(fds[1]);
	output_free(&out);
	buf_free(&said);
}

/* a run that fails without a word fails, and says that it does */
static void
check_end(void)
{
	struct diag d = { .program = "failed" };
	struct report r = {0};
	struct buf said = {0};
	struct hush h;

	CHECK(report_end(&d, &r, NULL, 0) == 0);
	CHECK_NUMBER("status", d.status, STATUS_DONE);
	hush_begin(&h);
	CHECK(report_end(&d, &r, NULL, -1) == -1);
	hush_end(&h, &said);
	CHECK_NUMBER("status", d.status, STATUS_IO);
	CHECK_TEXT("the message", said.ptr, said.len, "failed: failed without "
	    "a message: this is a fault of failed itself; please report it\n");
	CHECK(report_end(&d, &r, NULL, 0) == -1);
	buf_free(&said);
}

int
main(void)
{
	check_stream(0);
	check_stream(1);
	check_file("there", 0);
	check_file("not-there", 1);
	check_output();
	check_end();
	return check_done();
}
