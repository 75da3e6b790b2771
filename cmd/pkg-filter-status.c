/* SPDX-License-Identifier: ISC */
/*
 * pkg-filter-status: the versions of tasks that an export mode takes.
 */
#include <getopt.h>
#include <inttypes.h>
#include <string.h>

#include "base/allow.h"
#include "base/bigarray.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/lines.h"
#include "cmd/files.h"
#include "cmd/options.h"
#include "cmd/report.h"
#include "json/readfile.h"
#include "map/registry.h"
#include "select/filter.h"
#include "stream/head.h"
#include "stream/twopass.h"

static const char usage[] =
"usage: pkg-filter-status [-qv] [-S size] [--allow empty] [--edited]\n"
"                         [--map file] [--mark]\n"
"                         [--max-component size] [--max-depth n]\n"
"                         [--rejects file] [--report file] [--states file]\n"
"                         [--unknown keep|drop|fail]\n"
"                         published|latest|--request file [stream]\n"
"\n"
"  -S, --memory SIZE     the largest index in memory (256M)\n"
"      --allow empty     let all tasks be dropped\n"
"      --edited          take a stream that jq or a person edited\n"
"      --mark            tell the status of each task, drop nothing\n"
"      --rejects FILE    write what is dropped to FILE, as a stream\n"
"      --request FILE    the mode is the exportType of an API request\n"
"      --states FILE     statuses of tasks: TSV, CSV, NDJSON, or the stream\n"
"                        of the published export\n"
"      --unknown WHAT    tasks of unknown status: keep, drop or fail\n"
COMMON_USAGE
"\n"
"Without a stream standard input is read.  See pkg-filter-status(1).\n";

enum { ALLOW = COMMON_OWN, EDITED, MARK, REJECTS, REQUEST, STATES, UNKNOWN };

static const struct option options[] = {
	{ "allow", required_argument, NULL, ALLOW },
	{ "edited", no_argument, NULL, EDITED },
	{ "mark", no_argument, NULL, MARK },
	{ "memory", required_argument, NULL, 'S' },
	{ "rejects", required_argument, NULL, REJECTS },
	{ "request", required_argument, NULL, REQUEST },
	{ "states", required_argument, NULL, STATES },
	{ "unknown", required_argument, NULL, UNKNOWN },
	COMMON_OPTIONS
};

/* what the command line says, and what it leads to */
struct command {
	struct common common;
	struct filter_options filter;
	struct room room;
	const char *request;
	int edited;
	struct buf by;
	struct registry maps;
};

static void
set_unknown(struct command *c, const char *arg)
{
	if (strcmp(arg, "keep") == 0)
		c->filter.unknown = UNKNOWN_KEEP;
	else if (strcmp(arg, "drop") == 0)
		c->filter.unknown = UNKNOWN_DROP;
	else if (strcmp(arg, "fail") == 0)
		c->filter.unknown = UNKNOWN_FAIL;
	else
		common_wrong(&c->common, "--unknown: expected keep, drop or "
		    "fail", arg);
	head_option(&c->by, "--unknown", arg);
}

static void
set_option(struct command *c, int option, const char *arg)
{
	switch (option) {
	case 'S':
		c->room.cap = common_size(&c->common, "memory", arg);
		break;
	case ALLOW:
		if (allow_add(&c->filter.allow, ALLOW_EMPTY, arg) == -1)
			common_wrong(&c->common, "--allow: expected empty",
			    arg);
		head_option(&c->by, "--allow", arg);
		break;
	case EDITED:
		c->edited = 1;
		head_option(&c->by, "--edited", NULL);
		break;
	case MARK:
		c->filter.mark = 1;
		head_option(&c->by, "--mark", NULL);
		break;
	case REJECTS:
		c->filter.rejects = arg;
		break;
	case REQUEST:
		c->request = arg;
		break;
	case STATES:
		c->filter.states = arg;
		head_option(&c->by, "--states", NULL);
		break;
	case UNKNOWN:
		set_unknown(c, arg);
		break;
	default:
		common_option(&c->common, option, arg);
	}
}

/* published or latest, from a word; 0 or -1 */
static int
set_mode(struct command *c, const char *word)
{
	if (strcmp(word, "published") == 0)
		c->filter.mode = MODE_PUBLISHED;
	else if (strcmp(word, "latest") == 0)
		c->filter.mode = MODE_LATEST;
	else
		return -1;
	head_option(&c->by, word, NULL);
	return 0;
}

/* the mode from the command line, unless a request has it */
static void
take_mode(struct command *c, int *argc, char ***argv)
{
	if (c->request != NULL)
		return;
	if (*argc == 0)
		common_wrong(&c->common, "expected published, latest or "
		    "--request", NULL);
	if (set_mode(c, **argv) == -1)
		common_wrong(&c->common, "expected published or latest",
		    **argv);
	(*argc)--;
	(*argv)++;
}

/* the mode that a request asks for */
static int
ask_request(struct command *c)
{
	struct place at = { .input = c->request, .offset = DIAG_NOWHERE };
	struct diag *d = &c->common.diag;
	struct body body = {0};
	struct buf word = {0};
	int rc;

	rc = readfile_read(&body, d, c->request);
	if (rc == 0)
		rc = readfile_word(&body, d, c->request, "exportType", &word);
	if (rc == 0 && set_mode(c, buf_str(&word)) == -1)
		rc = diag_fail(d, STATUS_INPUT, &at,
		    "/exportType: expected \"published\" or \"latest\", found "
		    "\"%s\"", buf_str(&word));
	buf_free(&word);
	readfile_free(&body);
	return rc;
}

/* the figures that are ours alone: told, and as members of the report */
static void
put_figures(const struct diag *d, struct buf *b, const struct filtered *f)
{
	int s;

	diag_note(d, NULL, "%" PRIu64 " task%s, %" PRIu64 " dropped for the "
	    "status, %" PRIu64 " superseded, %" PRIu64 " of unknown status; "
	    "%" PRIu64 " record%s dropped, %" PRIu64 " changed", f->tasks,
	    diag_s(f->tasks), f->left, f->superseded, f->unknown, f->dropped,
	    diag_s(f->dropped), f->changed);

	buf_printf(b, "\"tasks\":%" PRIu64 ",\"left\":%" PRIu64
	    ",\"superseded\":%" PRIu64 ",\"unknown\":%" PRIu64
	    ",\"dropped\":%" PRIu64 ",\"changed\":%" PRIu64 ",\"mendings\":%"
	    PRIu64 ",\"kept\":{", f->tasks, f->left, f->superseded,
	    f->unknown, f->dropped, f->changed, f->repairs);
	for (s = TASK_UNKNOWN; s < TASK_STATUSES; s++)
		buf_printf(b, "%s\"%s\":%" PRIu64, s > 0 ? "," : "",
		    status_word((enum task_status)s), f->taken[s]);
	buf_addc(b, '}');
}

/* the whole work: stream, filter, report */
static int
run(struct command *c, const char *file)
{
	struct diag *d = &c->common.diag;
	struct report report = { .version = VERSION, .input = file,
	    .stream = 1 };
	struct filtered done = {0};
	struct twopass in = {0};
	const char *const reads[] = { file != NULL ? file : "-",
	    c->common.map, c->request, c->filter.states };
	const char *const writes[] = { c->filter.rejects, c->common.report };
	struct buf figures = {0};
	int rc = -1;

	if (clash(d, reads, 4, writes, 2, NULL) == -1 ||
	    report_check(d, c->common.report) == -1)
		return -1;
	c->filter.map = c->common.map;
	c->filter.edited = c->edited;
	c->filter.max_line = c->common.max_component + MAX_ENVELOPE;
	c->filter.by = buf_str(&c->by);
	if (twopass_open(&in, d, file, c->edited, c->filter.max_line) == 0)
		rc = filter(d, &c->filter, &in, &c->room, &c->maps, &done);
	report.counts.records = done.records;
	report.counts.bytes_in = in.in.lines.taken;
	report.counts.bytes_out = done.bytes;
	twopass_close(&in);
	put_figures(d, &figures, &done);
	report.more = buf_str(&figures);
	registry_close(&c->maps);
	if (rc == 0)
		rc = output_end(d);
	rc = report_end(d, &report, c->common.report, rc);
	buf_free(&figures);
	return rc;
}

int
main(int argc, char **argv)
{
	struct command c = { .room.cap = ROOM };
	const char *file = NULL;
	int option, rc;

	common_begin(&c.common, "pkg-filter-status", usage);
	c.room.diag = &c.common.diag;
	while ((option = common_next(&c.common, argc, argv,
	    ":S:" COMMON_LETTERS, options)) != -1)
		set_option(&c, option, optarg);
	argc -= optind;
	argv += optind;
	take_mode(&c, &argc, &argv);
	if (argc > 1)
		common_wrong(&c.common, "expected one stream", argv[1]);
	if (argc == 1 && strcmp(argv[0], "-") != 0)
		file = argv[0];
	rc = c.request == NULL ? 0 : ask_request(&c);
	if (rc == 0)
		rc = run(&c, file);
	buf_free(&c.by);
	return common_end(&c.common, rc);
}
