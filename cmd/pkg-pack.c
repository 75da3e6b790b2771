/* SPDX-License-Identifier: ISC */
/*
 * pkg-pack: a stream of component records to a package.
 */
#include "base/diag.h"
#include "cmd/options.h"
#include "cmd/report.h"
#include "cmd/tools.h"
#include "convert/pack.h"
#include "map/registry.h"
#include "package/deflate.h"
#include "stream/stream.h"

/* what the command line says */
struct command {
	struct common common;
	struct pack_options pack;
	struct input_options input;
};

static void
set_level(struct command *c, const struct option_spec *o, const char *arg)
{
	if (arg[0] < '0' || arg[0] > '9' || arg[1] != '\0')
		options_refuse(&c->common, o, "expected a number from 0 to 9",
		    arg);
	c->pack.zip.level = arg[0] - '0';
}

static const struct option_spec options[] = {
	{ "force", 'f', NULL, "replace the output, if it is there",
	    OPTION_TO(struct command, pack.force) },
	{ "jobs", 'j', "JOBS", "how many threads deflate (the cores, at most "
	    "4)", .most = DEFLATE_THREADS,
	    OPTION_TO(struct command, pack.zip.jobs) },
	{ "level", 'l', "LEVEL", "how hard to deflate, 0 to 9 (6)",
	    .set = set_level },
	{ "output", 'o', "OUTPUT", "x.zip, a directory (ends in /), or - for "
	    "stdout", .flags = OPTION_APART | OPTION_OUTPUT | OPTION_STDOUT,
	    OPTION_TO(struct command, pack.output) },
	{ "edited", 0, NULL, "take a stream that jq or a person edited",
	    OPTION_TO(struct command, input.edited) },
	{ "no-limits", 0, NULL, "only warn of what is over the platform's "
	    "limits", OPTION_TO(struct command, pack.no_limits) },
	{ "zip64", 0, NULL, "write a Zip64, for members of 4 GiB and more",
	    OPTION_TO(struct command, pack.zip.zip64) },
	{ NULL }
};

/* the package of a stream, and the report */
static int
pack_file(struct command *c, const char *file)
{
	struct diag *d = &c->common.diag;
	struct stream_in in;
	struct report report = { .input = file };
	struct registry *maps = &c->common.maps;
	int rc = -1;

	options_input(&c->common, &c->input);
	if (stream_open(&in, d, file, &c->input) == 0 &&
	    registry_open(d, maps, c->common.map, NULL) == 0) {
		c->pack.maps = maps;
		c->pack.max_depth = c->common.max_depth;
		rc = pack(d, &c->pack, &in, &report.counts);
	}
	stream_close(&in);
	registry_close(maps);
	return report_end(d, &report, c->common.report, rc);
}

static int
run(struct command *c, char *const *operands, size_t n)
{
	const char *file = options_file(&c->common, "stream", operands, n);

	if (c->pack.output == NULL || *c->pack.output == '\0')
		options_wrong(&c->common, "expected -o and the name of a zip, "
		    "of a directory with a / at its end, or -", NULL);
	return options_check_files(&c->common, &file, 1) == -1 ? -1 :
	    pack_file(c, file);
}

int
pkg_pack(int argc, char **argv)
{
	static const struct tool tool = {
		.name = "pkg-pack",
		.operands = "-o output [stream]",
		.notes = "Without a stream standard input is read.",
		.options = options,
		.run = run,
	};
	struct command c = { .pack.zip.level = -1 };

	return options_main(&tool, &c, argc, argv);
}
