/* SPDX-License-Identifier: ISC */
/*
 * pkg-unpack: a package to a stream of component records.
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "common.h"
#include "diag.h"
#include "lines.h"
#include "maps.h"
#include "package.h"
#include "quote.h"
#include "report.h"
#include "unpack.h"

static const char program[] = "pkg-unpack";

static const char usage[] =
"usage: pkg-unpack [-aqv] [-n name] [-p platform] [--map file]\n"
"                  [--max-component size] [--max-depth n] [--max-size size]\n"
"                  [--report file] [--source name] [file ...]\n"
"\n"
"  -a, --all-files       carry files that the map does not know, too\n"
"  -n, --name NAME       the member that JSON on standard input is\n"
"  -p, --platform NAME   take the package for one of this platform\n"
"      --map FILE        read the map of the platform from FILE\n"
"      --max-component SIZE  the largest component taken (64M)\n"
"      --max-depth N     how deep JSON may nest (1024)\n"
"      --max-size SIZE   what a zip may unpack to (8G)\n"
"      --report FILE     write what was done to FILE, as JSON\n"
"      --source NAME     what @stream is to name as its source\n"
"  -q, --quiet           no warnings, no progress\n"
"  -v, --verbose         tell what was done\n"
"  -V, --version         print the version\n"
"  -h, --help            print this\n"
"\n"
"The file is a zip, a directory, or a package's files one by one; without\n"
"any, standard input is a zip or a definition in JSON.  See pkg-unpack(1).\n";

/* long options without a letter */
enum { MAP = 256, MAX_COMPONENT_OPT, MAX_DEPTH_OPT, MAX_SIZE, REPORT, SOURCE };

static const struct option options[] = {
	{ "all-files", no_argument, NULL, 'a' },
	{ "help", no_argument, NULL, 'h' },
	{ "map", required_argument, NULL, MAP },
	{ "max-component", required_argument, NULL, MAX_COMPONENT_OPT },
	{ "max-depth", required_argument, NULL, MAX_DEPTH_OPT },
	{ "max-size", required_argument, NULL, MAX_SIZE },
	{ "name", required_argument, NULL, 'n' },
	{ "platform", required_argument, NULL, 'p' },
	{ "quiet", no_argument, NULL, 'q' },
	{ "report", required_argument, NULL, REPORT },
	{ "source", required_argument, NULL, SOURCE },
	{ "verbose", no_argument, NULL, 'v' },
	{ "version", no_argument, NULL, 'V' },
	{ 0 }
};

/* what the command line says */
struct command {
	struct diag diag;
	struct unpack_options unpack;
	struct package_options package;
	const char *platform, *map, *report;
	struct buf by;		/* the entry in @stream's "by" */
};

static void
set_option(struct command *c, int option, const char *arg)
{
	switch (option) {
	case 'a':
		c->unpack.all_files = c->package.all_files = 1;
		break;
	case 'n':
		c->unpack.name = arg;
		break;
	case 'p':
		c->platform = arg;
		break;
	case 'q':
		c->diag.quiet = 1;
		break;
	case 'v':
		c->diag.verbose = 1;
		break;
	case MAP:
		c->map = arg;
		break;
	case MAX_COMPONENT_OPT:
		c->unpack.split.max_component = common_size(program,
		    "max-component", arg);
		break;
	case MAX_DEPTH_OPT:
		c->unpack.split.max_depth = (unsigned)common_size(program,
		    "max-depth", arg);
		break;
	case MAX_SIZE:
		c->package.max_size = common_size(program, "max-size", arg);
		break;
	case REPORT:
		c->report = arg;
		break;
	case SOURCE:
		c->unpack.source = arg;
		break;
	case 'V':
		common_version(program);
	default:
		common_usage(usage, option == 'h');
	}
}

/*
 * The entry in "by": the options that shape the stream.  A map is named
 * without its folder, which is nobody's business.
 */
static void
put_by(struct command *c)
{
	const char *slash;

	buf_printf(&c->by, "{\"name\":\"%s\",\"version\":\"%s\",\"options\":[",
	    program, VERSION);
	if (c->unpack.all_files)
		buf_adds(&c->by, "\"--all-files\"");
	if (c->map != NULL) {
		slash = strrchr(c->map, '/');
		slash = slash != NULL ? slash + 1 : c->map;
		buf_printf(&c->by, "%s\"--map=",
		    c->unpack.all_files ? "," : "");
		quote_encode(&c->by, slash, strlen(slash));
		buf_addc(&c->by, '"');
	}
	buf_adds(&c->by, "]}");
	c->unpack.by = buf_str(&c->by);
}

/* the whole work: maps, package, stream */
static int
run(struct command *c, char *const *files, size_t n)
{
	struct output out = { .diag = &c->diag, .name = "stdout",
	    .fd = STDOUT_FILENO };
	struct report report = { .version = VERSION,
	    .input = n > 0 ? files[0] : NULL };
	struct package *package = NULL;
	struct maps maps;
	int rc = -1;

	if (maps_open(&c->diag, &maps, c->map, c->platform) == 0) {
		c->unpack.maps = &maps;
		package = package_open(&c->diag, &c->package, files, n);
		if (package != NULL)
			rc = unpack(&c->diag, &c->unpack, package, &out,
			    &report);
		if (rc == -1)
			(void)output_flush(&out);
		package_close(package);
		maps_close(&maps);
	}
	output_free(&out);
	if (rc == 0 && close(STDOUT_FILENO) == -1)
		rc = diag_fail(&c->diag, STATUS_IO, NULL,
		    "stdout: cannot write");
	return report_end(&c->diag, &report, c->report) == -1 ? -1 : rc;
}

int
main(int argc, char **argv)
{
	struct command c = { .unpack.split = { MAX_COMPONENT, MAX_DEPTH } };
	int option;

	common_begin(&c.diag, program);
	while ((option = getopt_long(argc, argv, "ahn:p:qvV", options,
	    NULL)) != -1)
		set_option(&c, option, optarg);
	put_by(&c);
	run(&c, argv + optind, (size_t)(argc - optind));
	buf_free(&c.by);
	return (int)c.diag.status;
}
