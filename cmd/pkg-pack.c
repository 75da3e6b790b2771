/* SPDX-License-Identifier: ISC */
/*
 * pkg-pack: a stream of component records to a package.
 */
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "cmd/files.h"
#include "cmd/options.h"
#include "cmd/report.h"
#include "convert/pack.h"
#include "map/registry.h"
#include "stream/stream.h"

static const char usage[] =
"usage: pkg-pack -o output [-fqv] [-l level] [--edited] [--map file]\n"
"                [--max-component size] [--max-depth n] [--no-limits]\n"
"                [--report file] [--zip64] [stream]\n"
"\n"
"  -f, --force           replace the output, if it is there\n"
"  -l, --level N         how hard to deflate, 0 to 9 (6)\n"
"  -o, --output OUT      x.zip, a directory (ends in /), or - for stdout\n"
"      --edited          take a stream that jq or a person edited\n"
"      --no-limits       only warn of what is over the platform's limits\n"
"      --zip64           write a Zip64, for members of 4 GiB and more\n"
COMMON_USAGE
"\n"
"Without a stream standard input is read.  See pkg-pack(1).\n";

enum { EDITED = COMMON_OWN, NO_LIMITS, ZIP64 };

static const struct option options[] = {
	{ "edited", no_argument, NULL, EDITED },
	{ "force", no_argument, NULL, 'f' },
	{ "level", required_argument, NULL, 'l' },
	{ "no-limits", no_argument, NULL, NO_LIMITS },
	{ "output", required_argument, NULL, 'o' },
	{ "zip64", no_argument, NULL, ZIP64 },
	COMMON_OPTIONS
};

/* what the command line says */
struct command {
	struct common common;
	struct pack_options pack;
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
			common_wrong(&c->common, "--level: expected a number "
			    "from 0 to 9", arg);
		c->pack.zip.level = arg[0] - '0';
		break;
	case 'o':
		c->pack.output = arg;
		break;
	case EDITED:
		c->edited = 1;
		break;
	case NO_LIMITS:
		c->pack.no_limits = 1;
		break;
	case ZIP64:
		c->pack.zip.zip64 = 1;
		break;
	default:
		common_option(&c->common, option, arg);
	}
}

/* no file that is written may be another one of the run */
static int
check_files(struct command *c, const char *file)
{
	struct diag *d = &c->common.diag;
	const char *output = c->pack.output;
	const char *const reads[] = { file, c->common.map };

	return clash(d, reads, 2, &c->common.report, 1,
	    strcmp(output, "-") != 0 ? output : NULL) == -1 ? -1 :
	    report_check(d, c->common.report);
}

/* the whole work: maps, stream, package */
static int
run(struct command *c, const char *file)
{
	struct diag *d = &c->common.diag;
	struct stream_in in = { .edited = c->edited, .lines = { .diag = d,
	    .input = file, .max = c->common.max_component + MAX_ENVELOPE } };
	struct report report = { .version = VERSION, .input = file };
	struct place at = { .input = file, .offset = DIAG_NOWHERE };
	struct registry maps = {0};
	int rc = -1;

	if (check_files(c, file) == -1)
		return -1;
	if (file != NULL &&
	    (in.lines.fd = open(file, O_RDONLY | O_CLOEXEC)) == -1)
		return diag_fail(d, STATUS_IO, &at, "%s", strerror(errno));
	if (registry_open(d, &maps, c->common.map, NULL) == 0) {
		c->pack.maps = &maps;
		c->pack.max_depth = c->common.max_depth;
		rc = pack(d, &c->pack, &in, &report.counts);
	}
	stream_read_free(&in);
	registry_close(&maps);
	if (file != NULL)
		close(in.lines.fd);
	return report_end(d, &report, c->common.report, rc);
}

int
main(int argc, char **argv)
{
	struct command c = { .pack.zip.level = -1 };
	const char *file = NULL;
	int option, rc;

	common_begin(&c.common, "pkg-pack", usage);
	while ((option = common_next(&c.common, argc, argv,
	    ":fl:o:" COMMON_LETTERS, options)) != -1)
		set_option(&c, option, optarg);
	argc -= optind;
	argv += optind;
	if (argc > 1)
		common_wrong(&c.common, "expected one stream", argv[1]);
	if (c.pack.output == NULL || *c.pack.output == '\0')
		common_wrong(&c.common, "expected -o and the name of a zip, "
		    "of a directory with a / at its end, or -", NULL);
	if (argc == 1 && strcmp(argv[0], "-") != 0)
		file = argv[0];
	rc = run(&c, file);
	return common_end(&c.common, rc);
}
