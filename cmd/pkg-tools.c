/* SPDX-License-Identifier: ISC */
/*
 * pkg-tools: all tools in one program, and many agents in one run of it.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/lines.h"
#include "cmd/agent.h"
#include "cmd/batch.h"
#include "cmd/tools.h"

/* no job is longer than this */
#define LONGEST ((size_t)16 << 20)

/* what GNU parallel takes for a failure that another try may help */
#define EXIT_AGAIN 75

static const struct tool_main tools[] = {
	{ "pkg-unpack", pkg_unpack },
	{ "pkg-filter-status", pkg_filter_status },
	{ "pkg-select", pkg_select },
	{ "pkg-diff", pkg_diff },
	{ "pkg-check", pkg_check },
	{ "pkg-merge", pkg_merge },
	{ "pkg-pack", pkg_pack },
	{ "pkg-rename", pkg_rename },
	{ "pkg-vars", pkg_vars },
};

static const char usage[] =
"usage: pkg-tools unpack|filter-status|select|merge|diff|check|rename|"
"vars|pack\n"
"                 [argument ...]\n"
"       pkg-tools batch [-j jobs] [--bar n] [--retries n] [--timeout time]\n"
"                 [file]\n"
"       pkg-tools agent version field ...\n"
"\n"
"      --bar N           show how many of N jobs have ended\n"
"  -j, --jobs JOBS       how many jobs at a time (all cores)\n"
"      --retries N       how often to try what may pass (3)\n"
"      --timeout TIME    end an agent that takes longer\n"
"  -V, --version         print the version\n"
"  -h, --help            print this\n"
"\n"
"A tool is the one of that name with pkg- before it.  batch, which has these\n"
"options, runs the jobs of a file, one a line; agent runs one.  See\n"
"pkg-tools(1).\n";

const struct tool_main *
tools_find(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof(tools) / sizeof(*tools); i++) {
		if (strcmp(tools[i].name, name) == 0 ||
		    strcmp(tools[i].name + strlen("pkg-"), name) == 0)
			return &tools[i];
	}
	return NULL;
}

static int
fail_usage(struct diag *d, const char *what, const char *found)
{
	diag_fail(d, STATUS_USAGE, NULL, "%s, found \"%s\"; see pkg-tools -h",
	    what, found);
	return STATUS_USAGE;
}

/* a number, -1: it is none; what follows it */
static double
number_of(const char *text, char **end)
{
	if (strchr("0123456789.", *text) == NULL || *text == '\0') {
		*end = (char *)(size_t)text;
		return -1;
	}
	return strtod(text, end);
}

/* a count; -1: it is none */
static long
count_of(const char *text)
{
	char *end;
	long n = strtol(text, &end, 10);

	return *text < '0' || *text > '9' || *end != '\0' || n > INT_MAX ? -1 :
	    n;
}

/* 90, 90s, 2m, 1h, 1d: seconds; -1: it is none */
static double
time_of(const char *text)
{
	static const char units[] = "smhd";
	static const double factors[] = { 1, 60, 3600, 86400 };
	const char *unit;
	char *end;
	double n = number_of(text, &end);

	if (n <= 0 || *end == '\0')
		return n > 0 ? n : -1;
	unit = strchr(units, *end);
	return unit != NULL && end[1] == '\0' ? n * factors[unit - units] : -1;
}

/* 4, 50%, +1, -1 of all cores; 0: it is none */
static unsigned
jobs_of(const char *text)
{
	long cores = sysconf(_SC_NPROCESSORS_ONLN);
	int sign = *text == '+' ? 1 : *text == '-' ? -1 : 0;
	char *end;
	double n = number_of(text + (sign != 0), &end);

	if (n < 0 || n > 10000)
		return 0;
	if (sign != 0)
		n = (double)cores + sign * n;
	else if (*end == '%' && end[1] == '\0')
		n = (double)cores * n / 100;
	else if (n == 0)
		n = (double)cores;
	if (sign == 0 && *end == '%')
		end++;
	return *end != '\0' ? 0 : n < 1 ? 1 : (unsigned)n;
}

/* the options of batch; 0, or the exit status */
static int
read_options(struct diag *d, struct batch_options *o, int argc, char **argv)
{
	static const struct option options[] = {
		{ "bar", required_argument, NULL, 'b' },
		{ "jobs", required_argument, NULL, 'j' },
		{ "retries", required_argument, NULL, 'r' },
		{ "timeout", required_argument, NULL, 't' },
		{ NULL, 0, NULL, 0 }
	};
	long n = 0;
	int got;

	while ((got = getopt_long(argc, argv, "j:", options, NULL)) != -1) {
		if (got == '?')
			return STATUS_USAGE;
		if ((got == 'b' || got == 'r') && (n = count_of(optarg)) == -1)
			return fail_usage(d, "--bar and --retries: expected a "
			    "number", optarg);
		if (got == 'b')
			o->bar = (unsigned long)n;
		if (got == 'r')
			o->tries = (unsigned)n;
		if (got == 'j' && (o->jobs = jobs_of(optarg)) == 0)
			return fail_usage(d, "--jobs: expected a number, or "
			    "a part of all cores", optarg);
		if (got == 't' && (o->timeout = time_of(optarg)) == -1)
			return fail_usage(d, "--timeout: expected a time, "
			    "such as 90 or 5m", optarg);
		if (got == 't')
			o->timeout_text = optarg;
	}
	if (argc - optind > 1)
		return fail_usage(d, "expected one file", argv[optind + 1]);
	return 0;
}

static int
run_batch(struct diag *d, int argc, char **argv)
{
	struct batch_options o = { .jobs = jobs_of("100%"), .tries = 3 };
	struct lines jobs = { .diag = d, .max = LONGEST };
	struct place at = { .offset = DIAG_NOWHERE };
	int rc;

	if ((rc = read_options(d, &o, argc, argv)) != 0)
		return rc;
	if (optind < argc && strcmp(argv[optind], "-") != 0) {
		at.input = jobs.input = argv[optind];
		jobs.fd = open(jobs.input, O_RDONLY | O_CLOEXEC);
	}
	rc = jobs.fd != -1 ? batch(d, &o, &jobs) : diag_fail(d, STATUS_IO,
	    &at, "%s", strerror(errno));
	lines_free(&jobs);
	return rc > 0 ? 128 + rc : (int)d->status;
}

/* agent VERSION FIELD...: one job, as GNU parallel begins it on a host */
static int
run_agent(struct diag *d, int argc, char **argv)
{
	struct batch_options o = { .jobs = 1, .tries = 1, .others = 1 };
	struct lines job = { .diag = d, .ended = 1, .max = LONGEST };
	int rc, i;

	if (argc < 2 + AGENT_FIELDS)
		return fail_usage(d, "expected a version and the fields of a "
		    "job", argc > 1 ? argv[1] : "");
	for (i = 2; i < argc; i++)
		buf_printf(&job.buf, "%s%s", i > 2 ? "\t" : "", argv[i]);
	buf_addc(&job.buf, '\n');
	o.version = argv[1];
	rc = batch(d, &o, &job);
	lines_free(&job);
	if (rc > 0)
		return 128 + rc;
	return o.again || d->status == STATUS_IO ? EXIT_AGAIN :
	    (int)d->status;
}

/* whether a word asks what all this is */
static int
is_question(const char *word)
{
	return strcmp(word, "-h") == 0 || strcmp(word, "--help") == 0 ||
	    strcmp(word, "-V") == 0 || strcmp(word, "--version") == 0;
}

int
main(int argc, char **argv)
{
	struct diag d = { .program = "pkg-tools" };
	const char *name = argc > 1 ? argv[1] : "-h";
	const struct tool_main *tool = tools_find(name);

	if (strcmp(name, "batch") == 0 && argc > 2 && is_question(argv[2]))
		name = argv[2];
	if (tool != NULL) {
		argv[1] = (char *)(size_t)tool->name;
		return tool->run(argc - 1, argv + 1);
	}
	if (strcmp(name, "batch") == 0)
		return run_batch(&d, argc - 1, argv + 1);
	if (strcmp(name, "agent") == 0)
		return run_agent(&d, argc - 1, argv + 1);
	if (strcmp(name, "-V") == 0 || strcmp(name, "--version") == 0)
		return printf("pkg-tools %s\n", VERSION) < 0 ||
		    fflush(stdout) != 0 ? STATUS_IO : STATUS_DONE;
	if (strcmp(name, "-h") == 0 || strcmp(name, "--help") == 0)
		return fputs(usage, stdout) < 0 || fflush(stdout) != 0 ?
		    STATUS_IO : argc > 1 ? STATUS_DONE : STATUS_USAGE;
	return fail_usage(&d, "expected a tool, batch or agent", name);
}
