/* SPDX-License-Identifier: ISC */
/*
 * pkg-select: components, with what they depend on.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/bigarray.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/lines.h"
#include "cmd/files.h"
#include "cmd/options.h"
#include "cmd/report.h"
#include "map/registry.h"
#include "select/criteria.h"
#include "select/select.h"
#include "stream/head.h"
#include "stream/twopass.h"

static const char usage[] =
"usage: pkg-select [-qv] [[-x] -c category] [[-x] -i id] [[-x] -k kind]\n"
"                  [[-x] -l lang] [[-x] -n name] [[-x] -s status]\n"
"                  [[-x] -L file] [-S size] [--assume stream] [--deps]\n"
"                  [--edited] [--explain id] [--list [--json]]\n"
"                  [--map file] [--max-component size] [--max-depth n]\n"
"                  [--on-missing drop|keep|fail] [--rejects file]\n"
"                  [--report file] [--request file] [--stop-at kind]\n"
"                  [stream]\n"
"\n"
"  -c, --category LIST   of these categories, and all below them\n"
"  -i, --id LIST         with these ids or aliases; kind:id\n"
"  -k, --kind LIST       of these kinds\n"
"  -l, --lang LIST       of no language but these\n"
"  -n, --name LIST       with names that match these patterns\n"
"  -s, --status LIST     of these statuses\n"
"  -x, --exclude         not those that the next option names\n"
"  -L, --from FILE       that FILE lists: lines of --list, ids or names\n"
"  -S, --memory SIZE     the largest index in memory (256M)\n"
"      --assume STREAM   what STREAM has need not come along\n"
"      --deps            follow links to other tasks\n"
"      --edited          take a stream that jq or a person edited\n"
"      --explain ID      print how ID came in, or why not\n"
"      --json            --list prints a JSON object a line\n"
"      --list            print what can be selected\n"
"      --on-missing WHAT  references whose target is not selected: drop,\n"
"                        keep or fail\n"
"      --rejects FILE    write what is dropped to FILE, as a stream\n"
"      --request FILE    the body of a request to the platform's export API\n"
"      --stop-at LIST    do not follow anything to these kinds\n"
COMMON_USAGE
"\n"
"Without a stream standard input is read.  See pkg-select(1).\n";

enum {
	ASSUME = COMMON_OWN, DEPS, EDITED, EXPLAIN, JSON, LIST, ON_MISSING,
	REJECTS, REQUEST, STOP_AT
};

static const struct option options[] = {
	{ "assume", required_argument, NULL, ASSUME },
	{ "category", required_argument, NULL, 'c' },
	{ "deps", no_argument, NULL, DEPS },
	{ "edited", no_argument, NULL, EDITED },
	{ "exclude", no_argument, NULL, 'x' },
	{ "explain", required_argument, NULL, EXPLAIN },
	{ "from", required_argument, NULL, 'L' },
	{ "id", required_argument, NULL, 'i' },
	{ "json", no_argument, NULL, JSON },
	{ "kind", required_argument, NULL, 'k' },
	{ "lang", required_argument, NULL, 'l' },
	{ "list", no_argument, NULL, LIST },
	{ "memory", required_argument, NULL, 'S' },
	{ "name", required_argument, NULL, 'n' },
	{ "on-missing", required_argument, NULL, ON_MISSING },
	{ "rejects", required_argument, NULL, REJECTS },
	{ "request", required_argument, NULL, REQUEST },
	{ "status", required_argument, NULL, 's' },
	{ "stop-at", required_argument, NULL, STOP_AT },
	COMMON_OPTIONS
};

/* the index in memory, unless -S says more */
#define ROOM ((uint64_t)256 << 20)

/* what the command line says, and what it leads to */
struct command {
	struct common common;
	struct criteria criteria;
	struct select_options select;
	struct room room;
	char **stop;
	struct from {
		const char *file;
		int exclude;
	} *from;		/* -L */
	size_t nfrom;
	int exclude;
	struct buf by;
	struct registry maps;
};

/* a list of what is wanted, or, after -x, not */
static void
set_list(struct command *c, enum criterion by, const char *name,
    const char *arg)
{
	struct buf what = {0};

	if (c->exclude)
		head_option(&c->by, "-x", NULL);
	head_option(&c->by, name, arg);
	if (criteria_add(&c->criteria, by, arg, c->exclude) == 0) {
		buf_printf(&what, "%s: expected at least one word", name);
		common_wrong(&c->common, buf_str(&what), arg);
	}
	c->exclude = 0;
}

/* a file of such, to be read when all options are known */
static void
set_file(struct command *c, const char *file)
{
	if (c->exclude)
		head_option(&c->by, "-x", NULL);
	head_option(&c->by, "-L", NULL);
	c->from = xrealloc(c->from, c->nfrom + 1, sizeof(*c->from));
	c->from[c->nfrom++] = (struct from){ file, c->exclude };
	c->exclude = 0;
}

static void
set_missing(struct command *c, const char *arg)
{
	if (strcmp(arg, "drop") == 0)
		c->select.missing = MISSING_DROP;
	else if (strcmp(arg, "keep") == 0)
		c->select.missing = MISSING_KEEP;
	else if (strcmp(arg, "fail") == 0)
		c->select.missing = MISSING_FAIL;
	else
		common_wrong(&c->common, "--on-missing: expected drop, keep "
		    "or fail", arg);
	head_option(&c->by, "--on-missing", arg);
}

/* kinds to stop at, with commas between them */
static void
set_stop(struct command *c, const char *arg)
{
	size_t n;

	if (arg[strspn(arg, ",")] == '\0')
		common_wrong(&c->common, "--stop-at: expected at least one "
		    "kind", arg);
	head_option(&c->by, "--stop-at", arg);
	for (; *arg != '\0'; arg += n + (arg[n] == ',')) {
		if ((n = strcspn(arg, ",")) == 0)
			continue;
		c->stop = xrealloc(c->stop, c->select.nstop + 1,
		    sizeof(*c->stop));
		c->stop[c->select.nstop++] = xstrndup(arg, n);
	}
	c->select.stop = c->stop;
}

/* -x is about one option only, and that must be there */
#define NOT_AFTER "-x: expected -c, -i, -k, -l, -n, -s or -L right after it"

/* a letter that names a list: which, or CRITERIA */
static enum criterion
criterion_of(int option)
{
	static const char letters[] = "ckinls";
	const char *p = option == '\0' ? NULL : strchr(letters, option);

	return p == NULL ? CRITERIA : (enum criterion)(p - letters);
}

static void
set_option(struct command *c, int option, const char *arg)
{
	char name[3] = { '-', (char)option, '\0' };

	if (option < 256 && criterion_of(option) != CRITERIA) {
		set_list(c, criterion_of(option), name, arg);
		return;
	}
	if (c->exclude && option != 'L')
		common_wrong(&c->common, NOT_AFTER, NULL);
	switch (option) {
	case 'L':
		set_file(c, arg);
		break;
	case 'S':
		c->room.cap = common_size(&c->common, "memory", arg);
		break;
	case 'x':
		c->exclude = 1;
		break;
	case ASSUME:
		c->select.assume = arg;
		head_option(&c->by, "--assume", NULL);
		break;
	case DEPS:
		c->select.deps = 1;
		head_option(&c->by, "--deps", NULL);
		break;
	case EDITED:
		c->select.edited = 1;
		head_option(&c->by, "--edited", NULL);
		break;
	case EXPLAIN:
		if (*arg == '\0')
			common_wrong(&c->common, "--explain: expected an id",
			    arg);
		c->select.explain = arg;
		break;
	case JSON:
		c->select.json = 1;
		break;
	case LIST:
		c->select.list = 1;
		break;
	case ON_MISSING:
		set_missing(c, arg);
		break;
	case REJECTS:
		c->select.rejects = arg;
		break;
	case REQUEST:
		c->select.request = arg;
		head_option(&c->by, "--request", NULL);
		break;
	case STOP_AT:
		set_stop(c, arg);
		break;
	default:
		common_option(&c->common, option, arg);
	}
}

/* the figures that are ours alone: for people, and as members of the report */
static void
put_figures(struct command *c, struct buf *b, const struct selected *s)
{
	buf_printf(b, "\"chosen\":%" PRIu64 ",\"along\":%" PRIu64
	    ",\"always\":%" PRIu64 ",\"stubs\":%" PRIu64 ",\"dropped\":%"
	    PRIu64 ",\"changed\":%" PRIu64 ",\"lost\":%" PRIu64
	    ",\"mendings\":%" PRIu64 ",\"links_left_out\":%" PRIu64
	    ",\"led_nowhere\":%" PRIu64, s->chosen, s->along, s->always,
	    s->stubs, s->dropped, s->changed, s->lost, s->repaired,
	    s->left_out, s->nowhere);
	if (c->select.list || c->select.explain != NULL)
		return;
	diag_note(&c->common.diag, NULL, "%" PRIu64 " component%s chosen, %"
	    PRIu64 " more along with what was chosen, %" PRIu64 " of every "
	    "export; %" PRIu64 " line%s dropped, %" PRIu64 " changed; %" PRIu64
	    " reference%s lost, %" PRIu64 " link%s left out, %" PRIu64
	    " led nowhere before", s->chosen, diag_s(s->chosen), s->along,
	    s->always, s->dropped, diag_s(s->dropped), s->changed, s->lost,
	    diag_s(s->lost), s->left_out, diag_s(s->left_out), s->nowhere);
}

/* what is written is none of what is read, and standard input is read once */
static int
check_files(struct command *c, const char *file)
{
	const struct common *o = &c->common;
	const char *const writes[] = { c->select.rejects, o->report };
	const char **reads;
	size_t i, n = 0;
	int rc;

	reads = xcalloc(c->nfrom + 4, sizeof(*reads));
	reads[n++] = file != NULL ? file : "-";
	reads[n++] = o->map;
	reads[n++] = c->select.request;
	reads[n++] = c->select.assume;
	for (i = 0; i < c->nfrom; i++)
		reads[n++] = c->from[i].file;
	rc = clash(&c->common.diag, reads, n, writes, 2, NULL);
	if (rc == 0)
		rc = report_check(&c->common.diag, o->report);
	free(reads);
	return rc;
}

/* the files that list what is wanted */
static int
read_lists(struct command *c)
{
	size_t i;

	for (i = 0; i < c->nfrom; i++) {
		if (criteria_file(&c->criteria, &c->common.diag,
		    c->from[i].file, c->from[i].exclude) == -1)
			return -1;
	}
	return 0;
}

/* the whole work: stream, selection, report */
static int
run(struct command *c, const char *file)
{
	struct diag *d = &c->common.diag;
	struct report report = { .version = VERSION, .input = file,
	    .stream = 1 };
	struct selected done = {0};
	struct twopass in = {0};
	struct buf figures = {0};
	int rc = -1;

	if (check_files(c, file) == -1 || read_lists(c) == -1)
		return -1;
	c->select.map = c->common.map;
	c->select.criteria = &c->criteria;
	c->select.max_line = c->common.max_component + MAX_ENVELOPE;
	c->select.by = buf_str(&c->by);
	if (twopass_open(&in, d, file, c->select.edited,
	    c->select.max_line) == 0)
		rc = selects(d, &c->select, &in, &c->room, &c->maps, &done);
	report.counts.records = done.records;
	report.counts.bytes_in = in.in.lines.taken;
	report.counts.bytes_out = done.bytes;
	twopass_close(&in);
	put_figures(c, &figures, &done);
	report.more = buf_str(&figures);
	registry_close(&c->maps);
	if (rc == 0)
		rc = output_end(d);
	rc = report_end(d, &report, c->common.report, rc);
	buf_free(&figures);
	return rc;
}

static void
give_back(struct command *c)
{
	size_t i;

	for (i = 0; i < c->select.nstop; i++)
		free(c->stop[i]);
	free(c->stop);
	free(c->from);
	criteria_free(&c->criteria);
	buf_free(&c->by);
}

/* what does not go together */
static void
check_usage(const struct command *c, int argc, char **argv)
{
	if (c->exclude)
		common_wrong(&c->common, NOT_AFTER, NULL);
	if (argc > 1)
		common_wrong(&c->common, "expected one stream", argv[1]);
	if (c->select.list && c->select.explain != NULL)
		common_wrong(&c->common, "expected one of --list and "
		    "--explain", NULL);
	if (c->select.json && !c->select.list)
		common_wrong(&c->common, "--json: expected --list", NULL);
	if (c->select.rejects != NULL && (c->select.list ||
	    c->select.explain != NULL))
		common_wrong(&c->common, "--rejects: nothing is dropped with "
		    "--list or --explain", NULL);
}

int
main(int argc, char **argv)
{
	struct command c = { .room.cap = ROOM };
	const char *file = NULL;
	int option, rc;

	common_begin(&c.common, "pkg-select", usage);
	c.room.diag = &c.common.diag;
	while ((option = common_next(&c.common, argc, argv,
	    ":L:S:c:i:k:l:n:s:x" COMMON_LETTERS, options)) != -1)
		set_option(&c, option, optarg);
	argc -= optind;
	argv += optind;
	check_usage(&c, argc, argv);
	if (argc == 1 && strcmp(argv[0], "-") != 0)
		file = argv[0];
	rc = run(&c, file);
	give_back(&c);
	return common_end(&c.common, rc);
}
