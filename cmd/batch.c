/* SPDX-License-Identifier: ISC */
/*
 * Many agents, some at a time.
 *
 * Stages that end are waited for, and signals, in one place; what an agent
 * needs is its folder and its workers, so memory is bounded by the jobs.
 */
#include "cmd/batch.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/fd.h"
#include "base/lines.h"
#include "cmd/agent.h"
#include "cmd/options.h"
#include "cmd/worker.h"
#include "map/registry.h"

/* seconds between SIGTERM and SIGKILL */
#define PATIENCE 2.0

/* a place for an agent */
struct slot {
	struct agent agent;
	int taken;
	unsigned tries;
	double ends;		/* when it is told to end; 0: never */
	int told;		/* it was told */
};

struct run {
	struct diag *diag;
	struct batch_options *options;
	struct agent_place place;
	struct slot *slots;
	unsigned n, taken;
	struct lines *jobs;
	int signals;		/* what comes of them */
	unsigned long done;
	int stopped;		/* the signal that ended it */
	struct buf out;
};

static double
seconds(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* the agent of a slot has begun, once more */
static void
begin_try(struct run *r, struct slot *s)
{
	s->tries++;
	s->told = 0;
	s->ends = r->options->timeout > 0 ? seconds() + r->options->timeout :
	    0;
}

static int
fail_job(const struct run *r)
{
	struct place at = { .input = r->jobs->input,
	    .line = r->jobs->number, .offset = DIAG_NOWHERE };

	return diag_fail(r->diag, STATUS_INPUT, &at, "expected a job: %d "
	    "fields with tabs between them", AGENT_FIELDS);
}

/* begin with the next job in a free slot: 1, 0: there is none, or -1 */
static int
begin_next(struct run *r, struct slot *s)
{
	const char *line;
	size_t n;
	int got;

	if ((got = lines_next(r->jobs, &line, &n)) != 1)
		return got;
	if (s->agent.place == NULL &&
	    agent_open(r->diag, &s->agent, &r->place) == -1)
		return -1;
	if (agent_begin(&s->agent, line, n) == -1)
		return fail_job(r);
	s->taken = 1;
	s->tries = 0;
	r->taken++;
	begin_try(r, s);
	return 1;
}

static void
show_bar(const struct run *r)
{
	if (r->options->bar > 0)
		fprintf(stderr, "\r%lu of %lu%s", r->done, r->options->bar,
		    r->done == r->options->bar ? "\r\033[K" : "");
}

/* all of an agent's stages have ended: tell it, or try again; 0 or -1 */
static int
end_agent(struct run *r, struct slot *s)
{
	struct buf why = {0};
	int again;

	if (s->told)
		buf_printf(&why, "took longer than %s, see --timeout",
		    r->options->timeout_text);
	r->out.len = 0;
	again = agent_report(&s->agent, &r->out,
	    s->told ? buf_str(&why) : NULL);
	buf_free(&why);
	if (again && s->tries < r->options->tries) {
		agent_again(&s->agent);
		begin_try(r, s);
		return 0;
	}
	r->options->again |= again;
	s->taken = 0;
	r->taken--;
	r->done++;
	show_bar(r);
	if (fd_write(STDOUT_FILENO, r->out.ptr, r->out.len) == 0)
		return 0;
	return errno == EPIPE ? -1 : diag_fail(r->diag, STATUS_IO, NULL,
	    "cannot write: %s", strerror(errno));
}

/* what has ended meanwhile; 0 or -1 */
static int
reap(struct run *r)
{
	struct slot *s;
	int code, rc = 0;
	pid_t pid;

	while (workers_took(r->place.workers, &pid, &code)) {
		for (s = r->slots; s < r->slots + r->n; s++) {
			if (s->taken && agent_took(&s->agent, pid, code))
				break;
		}
	}
	for (s = r->slots; rc == 0 && s < r->slots + r->n; s++) {
		while (rc == 0 && s->taken && s->agent.running == 0)
			rc = end_agent(r, s);
	}
	return rc;
}

/* end what takes too long; the seconds until the next does */
static double
check_times(struct run *r)
{
	double now = seconds(), next = 3600;
	struct slot *s;

	for (s = r->slots; s < r->slots + r->n; s++) {
		if (!s->taken || s->ends == 0)
			continue;
		if (now >= s->ends) {
			agent_kill(&s->agent, s->told ? SIGKILL : SIGTERM);
			s->told = 1;
			s->ends = now + PATIENCE;
		}
		if (s->ends - now < next)
			next = s->ends - now;
	}
	return next;
}

/* wait until a stage ends, a time is up, or a signal comes */
static void
wait_some(struct run *r)
{
	struct pollfd on[2] = { { .fd = r->signals, .events = POLLIN },
	    { .fd = workers_fd(r->place.workers), .events = POLLIN } };
	struct signalfd_siginfo got;

	if (poll(on, 2, (int)(check_times(r) * 1e3) + 1) < 1 ||
	    on[0].revents == 0)
		return;
	if (fd_read(r->signals, &got, sizeof(got)) == (long)sizeof(got) &&
	    got.ssi_signo != SIGCHLD)
		r->stopped = (int)got.ssi_signo;
}

/* nothing more is begun, and what was is ended */
static void
stop(struct run *r)
{
	struct pollfd on = { .fd = r->signals, .events = POLLIN };
	double until = seconds() + PATIENCE;
	struct slot *s;
	int how = SIGTERM;

	workers_stop(r->place.workers);
	for (;;) {
		for (s = r->slots; s < r->slots + r->n; s++) {
			if (s->taken)
				agent_kill(&s->agent, how);
		}
		how = seconds() > until ? SIGKILL : 0;
		while (waitpid(-1, NULL, WNOHANG) > 0)
			continue;
		if (waitpid(-1, NULL, WNOHANG) == -1)
			break;
		(void)poll(&on, 1, 50);
	}
}

/* 0 or -1 */
static int
open_signals(struct run *r)
{
	static const int taken[] = { SIGCHLD, SIGHUP, SIGINT, SIGTERM };
	sigset_t set;
	size_t i;

	sigemptyset(&set);
	for (i = 0; i < sizeof(taken) / sizeof(*taken); i++)
		sigaddset(&set, taken[i]);
	sigprocmask(SIG_BLOCK, &set, NULL);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	r->signals = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return r->signals != -1 ? 0 : diag_fail(r->diag, STATUS_IO, NULL,
	    "cannot wait for signals: %s", strerror(errno));
}

/* all jobs, until one cannot be begun or told; 0 or -1 */
static int
run_jobs(struct run *r)
{
	unsigned long done;
	int more = 1, rc = 0;
	unsigned i;

	while (rc == 0 && r->stopped == 0 && (more == 1 || r->taken > 0)) {
		for (i = 0; more == 1 && i < r->n; i++) {
			if (!r->slots[i].taken)
				more = begin_next(r, &r->slots[i]);
		}
		if (more == -1)
			return -1;
		done = r->done;
		rc = reap(r);
		if (rc == 0 && r->done == done && r->taken > 0)
			wait_some(r);
	}
	return rc;
}

int
batch(struct diag *d, struct batch_options *o, struct lines *jobs)
{
	struct run r = { .diag = d, .options = o, .n = o->jobs,
	    .jobs = jobs };
	struct registry maps = {0};
	unsigned i;
	int rc;

	r.slots = xcalloc(r.n, sizeof(*r.slots));
	rc = agent_place(d, &r.place, o->version);
	if (open_signals(&r) == -1)
		rc = -1;
	r.place.others = o->others || o->jobs > 1;
	if (rc == 0 && registry_prepare(d, &maps) == 0)
		options_ready = &maps;
	if (rc == 0)
		rc = run_jobs(&r);
	if (rc == -1 || r.stopped != 0)
		stop(&r);
	for (i = 0; i < r.n; i++)
		agent_close(&r.slots[i].agent);
	agent_place_free(&r.place);
	if (r.signals != -1)
		close(r.signals);
	options_ready = NULL;
	registry_close(&maps);
	free(r.slots);
	buf_free(&r.out);
	return r.stopped != 0 ? r.stopped : rc;
}
