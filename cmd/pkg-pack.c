/* SPDX-License-Identifier: ISC */
/*
 * pkg-pack: a stream of component records to a package.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <string.h>
#include <unistd.h>

#include "common.h"
#include "diag.h"
#include "maps.h"
#include "pack.h"
#include "report.h"
#include "stream.h"

static const char program[] = "pkg-pack";

static const char usage[] =
"usage: pkg-pack -o output [-fqv] [-l level] [--edited] [--map file]\n"
"                [--max-component size] [--max-depth n] [--no-limits]\n"
"                [--report file] [--zip64] [stream]\n"
"\n"
"  -f, --force           replace the output, if it is there\n"
"  -l, --level N         how hard to deflate, 0 to 9 (6)\n"
"  -o, --output OUT      x.zip, a directory (ends in /), or - for stdout\n"
"      --edited          take a stream that jq or a person edited\n"
"      --map FILE        read the map of the platform from FILE\n"
"      --max-component SIZE  the largest component taken (64M)\n"
"      --max-depth N     how deep JSON may nest (1024)\n"
"      --no-limits       only warn of what is over the platform's limits\n"
"      --report FILE     write what was done to FILE, as JSON\n"
"      --zip64           write a Zip64, for members of 4 GiB and more\n"
"  -q, --quiet           no warnings, no progress\n"
"  -v, --verbose         tell what was done\n"
"  -V, --version         print the version\n"
"  -h, --help            print this\n"
"\n"
"Without a stream standard input is read.  See pkg-pack(1).\n";

/* long options without a letter */
enum { EDITED = 256, MAP, MAX_COMPONENT_OPT, MAX_DEPTH_OPT, NO_LIMITS, REPORT,
    ZIP64 };

static const struct option options[] = {
	{ "edited", no_argument, NULL, EDITED },
	{ "force", no_argument, NULL, 'f' },
	{ "help", no_argument, NULL, 'h' },
	{ "level", required_argument, NULL, 'l' },
	{ "map", required_argument, NULL, MAP },
	{ "max-component", required_argument, NULL, MAX_COMPONENT_OPT },
	{ "max-depth", required_argument, NULL, MAX_DEPTH_OPT },
	{ "no-limits", no_argument, NULL, NO_LIMITS },
	{ "output", required_argument, NULL, 'o' },
	{ "quiet", no_argument, NULL, 'q' },
	{ "report", required_argument, NULL, REPORT },
	{ "verbose", no_argument, NULL, 'v' },
	{ "version", no_argument, NULL, 'V' },
	{ "zip64", no_argument, NULL, ZIP64 },
	{ 0 }
};

/* what the command line says */
struct command {
	struct diag diag;
	struct pack_options pack;
	const char *map, *report;
	uint64_t max_component;
	int edited;
};

static void
set_option(struct command *c, int option, const char *arg)
{
	switch (option) {
	case 'f':
		c->pack.force = 1;
		break;
	case 'l':
		if (arg[0] < '0' || arg[0] > '9' || arg[1] != '\0')
			common_usage(usage, 0);
		c->pack.zip.level = arg[0] - '0';
		break;
	case 'o':
		c->pack.output = arg;
		break;
	case 'q':
		c->diag.quiet = 1;
		break;
	case 'v':
		c->diag.verbose = 1;
		break;
	case EDITED:
		c->edited = 1;
		break;
	case MAP:
		c->map = arg;
		break;
	case MAX_COMPONENT_OPT:
		c->max_component = common_size(program, "max-component", arg);
		break;
	case MAX_DEPTH_OPT:
		c->pack.max_depth = (unsigned)common_size(program,
		    "max-depth", arg);
		break;
	case NO_LIMITS:
		c->pack.no_limits = 1;
		break;
	case REPORT:
		c->report = arg;
		break;
	case ZIP64:
		c->pack.zip.zip64 = 1;
		break;
	case 'V':
		common_version(program);
	default:
		common_usage(usage, option == 'h');
	}
}

/* the whole work: maps, stream, package */
static int
run(struct command *c, const char *file)
{
	struct stream_in in = { .edited = c->edited, .lines = {
	    .diag = &c->diag, .input = file,
	    .max = c->max_component + MAX_ENVELOPE } };
	struct report report = { .version = VERSION, .input = file };
	struct place at = { .input = file, .offset = DIAG_NOWHERE };
	struct maps maps;
	int rc = -1;

	if (file != NULL &&
	    (in.lines.fd = open(file, O_RDONLY | O_CLOEXEC)) == -1)
		return diag_fail(&c->diag, STATUS_IO, &at, "%s",
		    strerror(errno));
	if (maps_open(&c->diag, &maps, c->map, NULL) == 0) {
		c->pack.maps = &maps;
		rc = pack(&c->diag, &c->pack, &in, &report);
		maps_close(&maps);
	}
	stream_read_free(&in);
	if (file != NULL)
		close(in.lines.fd);
	return report_end(&c->diag, &report, c->report) == -1 ? -1 : rc;
}

int
main(int argc, char **argv)
{
	struct command c = { .max_component = MAX_COMPONENT,
	    .pack = { .max_depth = MAX_DEPTH, .zip.level = -1 } };
	const char *file = NULL;
	int option;

	common_begin(&c.diag, program);
	while ((option = getopt_long(argc, argv, "fhl:o:qvV", options,
	    NULL)) != -1)
		set_option(&c, option, optarg);
	argc -= optind;
	argv += optind;
	if (argc > 1 || c.pack.output == NULL || *c.pack.output == '\0')
		common_usage(usage, 0);
	if (argc == 1 && strcmp(argv[0], "-") != 0)
		file = argv[0];
	run(&c, file);
	return (int)c.diag.status;
}
