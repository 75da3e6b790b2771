/* SPDX-License-Identifier: ISC */
/*
 * pkg-unpack: a package to a stream of component records.
 */
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/lines.h"
#include "base/utf8.h"
#include "cmd/options.h"
#include "cmd/report.h"
#include "cmd/tools.h"
#include "convert/unpack.h"
#include "map/registry.h"
#include "package/member.h"
#include "package/package.h"
#include "stream/stream.h"

/* what the command line says */
struct command {
	struct common common;
	struct unpack_options unpack;
	struct package_options package;
	const char *platform;
};

/* a name for standard input that no package has ends the program */
static void
check_name(struct command *c, const struct option_spec *o, const char *arg)
{
	const char *unsafe = member_unsafe(arg);

	if (unsafe != NULL)
		options_refuse(&c->common, o, unsafe, arg);
}

static void
check_source(struct command *c, const struct option_spec *o, const char *arg)
{
	if (*arg == '\0' || !utf8_valid(arg, strlen(arg)))
		options_refuse(&c->common, o, "expected a name in UTF-8", arg);
}

static const struct option_spec options[] = {
	{ "all-files", 'a', NULL, "carry files that the map does not know, too",
	    .flags = OPTION_RECORD,
	    OPTION_TO(struct command, unpack.all_files) },
	{ "name", 'n', "NAME", "the member that JSON on standard input is",
	    OPTION_TO(struct command, unpack.name), .set = check_name },
	{ "platform", 'p', "PLATFORM", "take the package for one of this "
	    "platform", OPTION_TO(struct command, platform) },
	{ "max-size", 0, "SIZE", "what a zip may unpack to (8G)",
	    OPTION_TO(struct command, package.max_size) },
	{ "source", 0, "NAME", "what @stream is to name as its source",
	    OPTION_TO(struct command, unpack.source), .set = check_source },
	{ NULL }
};

/*
 * The entry in "by": the options that shape the stream.  A map is named
 * without its folder, which is nobody's business.
 */
static void
put_by(struct common *c, struct buf *b)
{
	const char *slash;

	if (c->map != NULL) {
		slash = strrchr(c->map, '/');
		stream_put_option(&c->by, "--map", slash != NULL ? slash + 1 :
		    c->map);
	}
	buf_printf(b, "{\"name\":\"%s\",\"version\":\"%s\",\"options\":[%s]}",
	    c->tool->name, VERSION, buf_str(&c->by));
}

/* the stream of the package, and the report */
static int
unpack_files(struct command *c, char *const *files, size_t n)
{
	struct diag *d = &c->common.diag;
	struct output out = { .diag = d, .name = "stdout",
	    .fd = STDOUT_FILENO };
	struct report report = { .input = n > 0 ? files[0] : NULL };
	struct package *package = NULL;
	struct registry *maps = &c->common.maps;
	int rc = -1;

	if (registry_open(d, maps, c->common.map, c->platform) == 0) {
		c->unpack.maps = maps;
		package = package_open(d, &c->package, files, n);
		if (package != NULL)
			rc = unpack(d, &c->unpack, package, &out,
			    &report.counts);
		if (rc == -1)
			(void)output_flush(&out);
		package_close(package);
		registry_close(maps);
	}
	output_free(&out);
	if (rc == 0)
		rc = output_end(d);
	return report_end(d, &report, c->common.report, rc);
}

static int
run(struct command *c, char *const *files, size_t n)
{
	const char *const none[] = { NULL };
	struct buf by = {0};
	int rc;

	if (options_check_files(&c->common, n > 0 ?
	    (const char *const *)files : none, n > 0 ? n : 1) == -1)
		return -1;
	put_by(&c->common, &by);
	c->unpack.by = buf_str(&by);
	c->unpack.split = (struct split_options){ c->common.max_component,
	    c->common.max_depth };
	c->package.all_files = c->unpack.all_files;
	c->package.report = c->common.report;
	rc = unpack_files(c, files, n);
	buf_free(&by);
	return rc;
}

int
pkg_unpack(int argc, char **argv)
{
	static const struct tool tool = {
		.name = "pkg-unpack",
		.operands = "[file ...]",
		.notes = "The file is a zip, a directory, or a "
		    "package's files one by one; without\n"
		    "any, standard input is a zip or a definition "
		    "in JSON.",
		.options = options,
		.run = run,
	};
	struct command c = {0};

	return options_main(&tool, &c, argc, argv);
}
