/* SPDX-License-Identifier: ISC */
/*
 * Messages with their place, and the exit status they lead to.
 */
#include "base/diag.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mask.h"

/* what fits is formatted without memory, which may be what is lacking */
#define SHORT 1024

/* print text from outside: what a terminal would obey is shown */
static void
put_safe(const char *s)
{
	size_t n = strlen(s), len;
	unsigned code;

	for (; n > 0; s += len, n -= len) {
		if (mask_at(s, n, &len, &code))
			fprintf(stderr, code < 0x100 ? "\\x%02x" :
			    "\\u%04x", code);
		else
			fwrite(s, 1, len, stderr);
	}
}

/* print a message; of one that is long, what can be had */
static void
put_message(const char *fmt, va_list ap)
{
	char small[SHORT], *text = NULL;
	va_list again;
	int n;

	va_copy(again, ap);
	n = vsnprintf(small, sizeof(small), fmt, ap);
	if (n >= SHORT && (text = malloc((size_t)n + 1)) != NULL)
		vsnprintf(text, (size_t)n + 1, fmt, again);
	va_end(again);
	if (n >= 0)
		put_safe(text != NULL ? text : small);
	if (n >= SHORT && text == NULL)
		fputs("...", stderr);
	free(text);
}

/* one line to stderr: program, place, kind of message, message */
static void
say(const struct diag *d, const struct place *at, const char *kind,
    const char *fmt, va_list ap)
{
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
	put_message(fmt, ap);
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

/* whether a warning is one too many of its kind, which is its format */
static int
is_too_many(struct diag *d, const char *fmt)
{
	size_t i;

	/* a text that was made elsewhere may be of any kind */
	if (d->verbose || strcmp(fmt, "%s") == 0)
		return 0;
	for (i = 0; i < DIAG_KINDS && d->warned[i].fmt != NULL &&
	    d->warned[i].fmt != fmt; i++)
		continue;
	if (i == DIAG_KINDS)
		return 0;
	d->warned[i].fmt = fmt;
	if (d->warned[i].n == DIAG_SHOWN)
		return 1;
	d->warned[i].n++;
	return 0;
}

/* one more of a kind; if there are too many kinds, of the last */
static void
count_kind(struct diag *d, const char *kind)
{
	size_t i;

	for (i = 0; i < DIAG_KINDS - 1 && d->counted[i].kind != NULL &&
	    strcmp(d->counted[i].kind, kind) != 0; i++)
		continue;
	if (d->counted[i].kind == NULL)
		d->counted[i].kind = kind;
	d->counted[i].n++;
}

static void
warn(struct diag *d, const char *kind, const struct place *at,
    const char *fmt, va_list ap)
{
	count_kind(d, kind);
	if (d->quiet)
		return;
	if (is_too_many(d, fmt))
		d->unshown++;
	else
		say(d, at, "warning: ", fmt, ap);
}

/* a warning of warnings, which does not count */
static void __attribute__((format(printf, 2, 3)))
warn_more(const struct diag *d, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	say(d, NULL, "warning: ", fmt, ap);
	va_end(ap);
}

void
diag_warn(struct diag *d, const struct place *at, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	warn(d, "other", at, fmt, ap);
	va_end(ap);
}

void
diag_warn_of(struct diag *d, const char *kind, const struct place *at,
    const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	warn(d, kind, at, fmt, ap);
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

int
diag_settle(struct diag *d, int rc)
{
	uint64_t n = d->unshown;

	d->unshown = 0;
	if (n > 0)
		warn_more(d, "%" PRIu64 " more of what was warned of are not "
		    "shown; -v shows all", n);
	if (rc == -1 && d->status == STATUS_DONE)
		diag_fail(d, STATUS_IO, NULL, "failed without a message: "
		    "this is a fault of %s itself; please report it",
		    d->program);
	return diag_failed(d);
}

int
diag_failed(const struct diag *d)
{
	return d->status != STATUS_DONE ? -1 : 0;
}
