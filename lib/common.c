/* SPDX-License-Identifier: ISC */
/*
 * What every tool's main() does in the same way.
 */
#include "common.h"

#include <err.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "diag.h"
#include "size.h"

void
common_begin(struct diag *d, const char *program)
{
	*d = (struct diag){ .program = program };
	signal(SIGPIPE, SIG_DFL);
	/* so that the messages of a pipeline's stages do not mix in a line */
	setvbuf(stderr, NULL, _IOLBF, BUFSIZ);
}

uint64_t
common_size(const char *program, const char *option, const char *text)
{
	uint64_t v;

	if ((v = size_read(text)) != 0)
		return v;
	fprintf(stderr, "%s: --%s: expected a size such as 512K, 64M or 4G, "
	    "found \"%s\"\n", program, option, text);
	exit(STATUS_USAGE);
}

void
common_version(const char *program)
{
	printf("%s %s\n", program, VERSION);
	exit(fflush(stdout) == 0 ? STATUS_DONE : STATUS_IO);
}

void
common_usage(const char *text, int asked)
{
	FILE *f = asked ? stdout : stderr;

	fputs(text, f);
	if (fflush(f) != 0)
		exit(STATUS_IO);
	exit(asked ? STATUS_DONE : STATUS_USAGE);
}
