/* SPDX-License-Identifier: ISC */
/*
 * What every tool's command line has, and its main() does in the same way.
 */
#include "common.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "size.h"

/* unless the user says more */
#define MAX_COMPONENT ((uint64_t)64 << 20)
#define MAX_DEPTH 1024

/* there is an entry in memory for each level allowed */
#define DEEPEST (1U << 20)

/*
 * A closed standard descriptor must not become that of a file of ours: put
 * something there that fails with EBADF, as what is closed does.
 */
static void
hold_descriptors(void)
{
	int fd;

	for (fd = 0; fd <= 2; fd++) {
		if (fcntl(fd, F_GETFD) == -1 && open("/dev/null",
		    fd == 0 ? O_WRONLY : O_RDONLY) != fd)
			_exit(STATUS_IO);
	}
}

void
common_begin(struct common *c, const char *program, const char *usage)
{
	*c = (struct common){ .diag.program = program, .usage = usage,
	    .max_component = MAX_COMPONENT, .max_depth = MAX_DEPTH };
	hold_descriptors();
	signal(SIGPIPE, SIG_DFL);
	/* so that the messages of a pipeline's stages do not mix in a line */
	setvbuf(stderr, NULL, _IOLBF, BUFSIZ);
}

uint64_t
common_size(const struct common *c, const char *option, const char *text)
{
	uint64_t v;

	if ((v = size_read(text)) != 0)
		return v;
	fprintf(stderr, "%s: --%s: expected a size such as 512K, 64M or 4G, "
	    "found \"%s\"\n", c->diag.program, option, text);
	exit(STATUS_USAGE);
}

/* an option's number, or the end of the program */
static unsigned
number(const struct common *c, const char *option, const char *text,
    unsigned most)
{
	unsigned long v;
	char *end;

	v = strtoul(text, &end, 10);
	if (*text >= '0' && *text <= '9' && *end == '\0' && v > 0)
		return v < most ? (unsigned)v : most;
	fprintf(stderr, "%s: --%s: expected a number from 1 to %u, found "
	    "\"%s\"\n", c->diag.program, option, most, text);
	exit(STATUS_USAGE);
}

void
common_usage(const struct common *c)
{
	fputs(c->usage, stderr);
	exit(STATUS_USAGE);
}

void
common_wrong(const struct common *c, const char *what, const char *found)
{
	fprintf(stderr, "%s: %s", c->diag.program, what);
	if (found != NULL)
		fprintf(stderr, ", found \"%s\"", found);
	fprintf(stderr, "; see %s -h\n", c->diag.program);
	exit(STATUS_USAGE);
}

/* print to stdout, as asked, and end the program */
static void
print(const char *program, const char *text)
{
	fprintf(stdout, "%s%s", program, text);
	exit(fflush(stdout) == 0 ? STATUS_DONE : STATUS_IO);
}

void
common_option(struct common *c, int option, const char *arg)
{
	switch (option) {
	case 'h':
		print("", c->usage);
		break;
	case 'q':
		c->diag.quiet = 1;
		break;
	case 'v':
		c->diag.verbose = 1;
		break;
	case 'V':
		print(c->diag.program, " " VERSION "\n");
		break;
	case COMMON_MAP:
		c->map = arg;
		break;
	case COMMON_MAX_COMPONENT:
		c->max_component = common_size(c, "max-component", arg);
		break;
	case COMMON_MAX_DEPTH:
		c->max_depth = number(c, "max-depth", arg, DEEPEST);
		break;
	case COMMON_REPORT:
		c->report = arg;
		break;
	default:
		common_usage(c);
	}
}
