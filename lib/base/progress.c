/* SPDX-License-Identifier: ISC */
/*
 * A line that shows how far a run is, or what it waits for.
 */
#include "base/progress.h"

#include <inttypes.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>

#include "base/diag.h"

/* milliseconds between two lines */
#define PAUSE 200

static int64_t
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

void
progress(struct progress *p, const struct diag *d, uint64_t bytes,
    uint64_t total, uint64_t records)
{
	int64_t t;

	if (p->state == 0) {
		p->state = !d->quiet && isatty(STDERR_FILENO) ? 1 : -1;
		p->started = p->state == 1 ? now() : 0;
		p->next = p->started + PAUSE;
	}
	if (p->state == -1 || (t = now()) < p->next)
		return;
	p->next = t + PAUSE;
	p->shown = 1;
	fprintf(stderr, "\r%s: ", d->program);
	if (total > 0)
		fprintf(stderr, "%" PRIu64 " %%, ", bytes * 100 / total);
	fprintf(stderr, "%" PRIu64 " MiB, %" PRIu64 " MiB/s, %" PRIu64
	    " records\033[K", bytes >> 20,
	    bytes * 1000 / (uint64_t)(t - p->started) >> 20, records);
}

void
progress_end(struct progress *p)
{
	if (p->shown)
		fputs("\r\033[K", stderr);
	p->shown = 0;
}

void
progress_wait(const struct diag *d, const char *what)
{
	if (d->quiet || !isatty(STDIN_FILENO))
		return;
	fprintf(stderr, "%s: waiting for %s on standard input, which is a "
	    "terminal; -h shows the usage\n", d->program, what);
}
