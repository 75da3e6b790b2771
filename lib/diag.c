/* SPDX-License-Identifier: ISC */
/*
 * Messages with their place, and the exit status they lead to.
 */
#include "diag.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/* whether bytes from p on are a control character, U+0080 to U+009F too */
static int
is_control(const unsigned char *p)
{
	return p[0] < 0x20 || p[0] == 0x7f ||
	    (p[0] == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0);
}

/* print text from outside: what would move the terminal's cursor is shown */
static void
put_safe(const char *s)
{
	const unsigned char *p = (const unsigned char *)s;

	for (; *p != '\0'; p++) {
		if (!is_control(p)) {
			fputc(*p, stderr);
			continue;
		}
		p += *p == 0xc2;
		fprintf(stderr, "\\x%02x", *p);
	}
}

/* one line to stderr: program, place, kind of message, message */
static void
say(const struct diag *d, const struct place *at, const char *kind,
    const char *fmt, va_list ap)
{
	char *text;

	flockfile(stderr);
	fprintf(stderr, "%s: ", d->program);
	if (at != NULL) {
		put_safe(at->input != NULL ? at->input : "stdin");
		if (at->line > 0)
			fprintf(stderr, ":%" PRIu64, at->line);
		fputs(": ", stderr);
		if (at->member != NULL) {
			put_safe(at->member);
			fputs(": ", stderr);
		}
		if (at->offset != DIAG_NOWHERE)
			fprintf(stderr, "byte %" PRIu64 ": ", at->offset);
		if (at->pointer != NULL) {
			put_safe(*at->pointer != '\0' ? at->pointer : "(root)");
			fputs(": ", stderr);
		}
	}
	fputs(kind, stderr);
	if (vasprintf(&text, fmt, ap) != -1) {
		put_safe(text);
		free(text);
	}
	fputc('\n', stderr);
	funlockfile(stderr);
}

int
diag_fail(struct diag *d, enum status status, const struct place *at,
    const char *fmt, ...)
{
	va_list ap;

	if (d->status == STATUS_DONE)
		d->status = status;
	va_start(ap, fmt);
	say(d, at, "", fmt, ap);
	va_end(ap);
	return -1;
}

void
diag_warn(const struct diag *d, const struct place *at, const char *fmt, ...)
{
	va_list ap;

	if (d->quiet)
		return;
	va_start(ap, fmt);
	say(d, at, "warning: ", fmt, ap);
	va_end(ap);
}

void
diag_note(const struct diag *d, const struct place *at, const char *fmt, ...)
{
	va_list ap;

	if (!d->verbose)
		return;
	va_start(ap, fmt);
	say(d, at, "", fmt, ap);
	va_end(ap);
}
