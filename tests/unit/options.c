/* SPDX-License-Identifier: ISC */
/*
 * A tool of two lines: with -w its run() writes the report that all tools
 * take, else it forgets.  Prints the tool's exit status.
 */
#include <stdio.h>

#include "cmd/options.h"
#include "cmd/report.h"

struct command {
	struct common common;
	int writes;
};

static const struct option_spec options[] = {
	{ "write", 'w', NULL, "write the report",
	    OPTION_TO(struct command, writes) },
	{ NULL }
};

static int
run(struct command *c, char *const *operands, size_t n)
{
	struct report report = { .stream = 1 };

	(void)operands;
	(void)n;
	if (!c->writes)
		return 0;
	return report_end(&c->common.diag, &report, c->common.report, 0);
}

int
main(int argc, char **argv)
{
	static const struct tool tool = { .name = "forgetful", .operands = "",
	    .notes = "", .options = options, .run = run };
	struct command command = {0};

	printf("%d\n", options_main(&tool, &command, argc, argv));
	return 0;
}
