/* SPDX-License-Identifier: ISC */
/*
 * pkg-unpack: a package to a stream of component records.
 */
#include <getopt.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/lines.h"
#include "base/utf8.h"
#include "cmd/files.h"
#include "cmd/options.h"
#include "cmd/report.h"
#include "convert/unpack.h"
#include "json/string.h"
#include "map/registry.h"
#include "package/member.h"
#include "package/package.h"

static const char usage[] =
"usage: pkg-unpack [-aqv] [-n name] [-p platform] [--map file]\n"
"                  [--max-component size] [--max-depth n] [--max-size size]\n"
"                  [--report file] [--source name] [file ...]\n"
"\n"
"  -a, --all-files       carry files that the map does not know, too\n"
"  -n, --name NAME       the member that JSON on standard input is\n"
"  -p, --platform NAME   take the package for one of this platform\n"
"      --max-size SIZE   what a zip may unpack to (8G)\n"
"      --source NAME     what @stream is to name as its source\n"
COMMON_USAGE
"\n"
"The file is a zip, a directory, or a package's files one by one; without\n"
"any, standard input is a zip or a definition in JSON.  See pkg-unpack(1).\n";

enum { MAX_SIZE = COMMON_OWN, SOURCE };

static const struct option options[] = {
	{ "all-files", no_argument, NULL, 'a' },
	{ "max-size", required_argument, NULL, MAX_SIZE },
	{ "name", required_argument, NULL, 'n' },
	{ "platform", required_argument, NULL, 'p' },
	{ "source", required_argument, NULL, SOURCE },
	COMMON_OPTIONS
};

/* what the command line says */
struct command {
	struct common common;
	struct unpack_options unpack;
	struct package_options package;
	const char *platform;
	struct buf by;		/* the entry in @stream's "by" */
};

/* a name for standard input that no package has */
static void __attribute__((noreturn))
fail_name(struct command *c, const char *why, const char *name)
{
	struct buf b = {0};

	buf_printf(&b, "--name: %s", why);
	common_wrong(&c->common, buf_str(&b), name);
}

static void
set_option(struct command *c, int option, const char *arg)
{
	struct utf8 utf8 = {0};
	const char *unsafe;

	switch (option) {
	case 'a':
		c->unpack.all_files = c->package.all_files = 1;
		break;
	case 'n':
		if ((unsafe = member_unsafe(arg)) != NULL)
			fail_name(c, unsafe, arg);
		c->unpack.name = arg;
		break;
	case 'p':
		c->platform = arg;
		break;
	case MAX_SIZE:
		c->package.max_size = common_size(&c->common, "max-size", arg);
		break;
	case SOURCE:
		if (utf8_check(&utf8, arg, strlen(arg)) < strlen(arg) ||
		    utf8.left > 0)
			common_wrong(&c->common, "--source: expected UTF-8",
			    arg);
		c->unpack.source = arg;
		break;
	default:
		common_option(&c->common, option, arg);
	}
}

/*
 * The entry in "by": the options that shape the stream.  A map is named
 * without its folder, which is nobody's business.
 */
static void
put_by(struct command *c)
{
	const char *map = c->common.map, *slash;

	buf_printf(&c->by, "{\"name\":\"%s\",\"version\":\"%s\",\"options\":[",
	    c->common.diag.program, VERSION);
	if (c->unpack.all_files)
		buf_printf(&c->by, "\"--all-files\"%s", map != NULL ? "," : "");
	if (map != NULL) {
		slash = strrchr(map, '/');
		buf_adds(&c->by, "\"--map=");
		map = slash != NULL ? slash + 1 : map;
		string_encode(&c->by, map, strlen(map));
		buf_addc(&c->by, '"');
	}
	buf_adds(&c->by, "]}");
	c->unpack.by = buf_str(&c->by);
}

/* the report must not be written over what is read */
static int
check_files(struct command *c, char *const *files, size_t n)
{
	const char **reads;
	size_t i;
	int rc;

	reads = xcalloc(n + 1, sizeof(*reads));
	for (i = 0; i < n; i++)
		reads[i] = files[i];
	reads[n] = c->common.map;
	rc = clash(&c->common.diag, reads, n + 1, &c->common.report, 1, NULL);
	if (rc == 0)
		rc = report_check(&c->common.diag, c->common.report);
	free(reads);
	return rc;
}

/* the whole work: maps, package, stream */
static int
run(struct command *c, char *const *files, size_t n)
{
	struct diag *d = &c->common.diag;
	struct output out = { .diag = d, .name = "stdout",
	    .fd = STDOUT_FILENO };
	struct report report = { .version = VERSION,
	    .input = n > 0 ? files[0] : NULL };
	struct package *package = NULL;
	struct registry maps;
	int rc = -1;

	if (check_files(c, files, n) == -1)
		return -1;
	c->package.report = c->common.report;
	if (registry_open(d, &maps, c->common.map, c->platform) == 0) {
		c->unpack.maps = &maps;
		package = package_open(d, &c->package, files, n);
		if (package != NULL)
			rc = unpack(d, &c->unpack, package, &out,
			    &report.counts);
		if (rc == -1)
			(void)output_flush(&out);
		package_close(package);
		registry_close(&maps);
	}
	output_free(&out);
	if (rc == 0)
		rc = output_end(d);
	return report_end(d, &report, c->common.report, rc);
}

int
main(int argc, char **argv)
{
	struct command c = {0};
	int option, rc;

	common_begin(&c.common, "pkg-unpack", usage);
	while ((option = common_next(&c.common, argc, argv,
	    ":an:p:" COMMON_LETTERS, options)) != -1)
		set_option(&c, option, optarg);
	c.unpack.split = (struct split_options){ c.common.max_component,
	    c.common.max_depth };
	put_by(&c);
	rc = run(&c, argv + optind, (size_t)(argc - optind));
	buf_free(&c.by);
	return common_end(&c.common, rc);
}
