/* SPDX-License-Identifier: ISC */
/*
 * pkg-merge: two streams of component records merged, as an import would.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/allow.h"
#include "base/bigarray.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/lines.h"
#include "cmd/files.h"
#include "cmd/options.h"
#include "cmd/report.h"
#include "map/registry.h"
#include "merge/merge.h"
#include "stream/head.h"

static const char usage[] =
"usage: pkg-merge [-fqv] [-S size] [--allow words] [--backup file]\n"
"                 [--drop-variables names] [--edited] [--exit-code]\n"
"                 [--map file] [--max-component size] [--max-depth n]\n"
"                 [--no-limits] [--only categories]\n"
"                 [--patterns append|replace] [--plan[=json]]\n"
"                 [--policy kind=action] [--report file]\n"
"                 [--utterances append|replace]\n"
"                 full|incremental --into target [source]\n"
"\n"
"  -f, --force           replace the file of --backup\n"
"  -S, --memory SIZE     the largest index in memory (256M)\n"
"      --allow WORDS     let pass: empty, unrelated, missing,\n"
"                        languages\n"
"      --backup FILE     write the target as it was to FILE, first\n"
"      --drop-variables NAMES  leave these variables as they are\n"
"      --edited          take streams that jq or a person edited\n"
"      --exit-code       end a plan with 1 if anything would change\n"
"      --into TARGET     the stream that is merged into\n"
"      --no-limits       only warn of what the platform would refuse\n"
"      --only CATEGORIES  import these alone (incremental)\n"
"      --patterns WHAT   append (as it is) or replace the target's\n"
"      --plan[=json]     tell what would change, write no stream\n"
"      --policy KIND=ACTION  replace, replace-all, keep, add, if-none,\n"
"                        clear, union or error\n"
"      --utterances WHAT  append (as it is) or replace the target's\n"
COMMON_USAGE
"\n"
"Without a source standard input is read.  See pkg-merge(1).\n";

/* arrays in memory, unless -S says otherwise */
#define ROOM ((uint64_t)256 << 20)

enum {
	ALLOW = COMMON_OWN, BACKUP, DROP, EDITED, EXIT_CODE, INTO, NO_LIMITS,
	ONLY, PATTERNS, PLAN, POLICY, UTTERANCES
};

static const struct option options[] = {
	{ "allow", required_argument, NULL, ALLOW },
	{ "backup", required_argument, NULL, BACKUP },
	{ "drop-variables", required_argument, NULL, DROP },
	{ "edited", no_argument, NULL, EDITED },
	{ "exit-code", no_argument, NULL, EXIT_CODE },
	{ "force", no_argument, NULL, 'f' },
	{ "into", required_argument, NULL, INTO },
	{ "memory", required_argument, NULL, 'S' },
	{ "no-limits", no_argument, NULL, NO_LIMITS },
	{ "only", required_argument, NULL, ONLY },
	{ "patterns", required_argument, NULL, PATTERNS },
	{ "plan", optional_argument, NULL, PLAN },
	{ "policy", required_argument, NULL, POLICY },
	{ "utterances", required_argument, NULL, UTTERANCES },
	COMMON_OPTIONS
};

/* words given with commas between them, or one by one */
struct words {
	const char **list;
	size_t n;
};

/* what the command line says, and what it leads to */
struct command {
	struct common common;
	struct merge_options merge;
	struct room room;
	struct words drop, only, policies;
	struct buf by;
	struct buf texts;	/* of char *, to be freed */
	struct registry maps;
	int exit_code;		/* a plan's tells whether anything changes */
};

/* take words apart; the text is copied, and lasts */
static void
add_words(struct command *c, struct words *w, const char *what,
    const char *arg)
{
	char *text = xstrdup(arg), *rest = text, *word;

	buf_add(&c->texts, &text, sizeof(text));
	while ((word = strsep(&rest, ",")) != NULL) {
		if (*word == '\0')
			common_wrong(&c->common, what, arg);
		w->list = xrealloc(w->list, w->n + 1, sizeof(*w->list));
		w->list[w->n++] = word;
	}
}

/* append or replace */
static const char *
append_or_replace(struct command *c, const char *name, const char *wrong,
    const char *arg)
{
	if (strcmp(arg, "append") != 0 && strcmp(arg, "replace") != 0)
		common_wrong(&c->common, wrong, arg);
	head_option(&c->by, name, arg);
	return arg;
}

/* KIND=ACTION; whether there is the kind is seen later */
static void
add_policy(struct command *c, const char *arg)
{
	static const char wrong[] = "--policy: expected KIND=replace, "
	    "replace-all, add, if-none, keep, clear, union or error";
	size_t i = c->policies.n;

	add_words(c, &c->policies, wrong, arg);
	for (; i < c->policies.n; i++) {
		if (policy_action(c->policies.list[i]) == ACTIONS)
			common_wrong(&c->common, wrong, c->policies.list[i]);
	}
	head_option(&c->by, "--policy", arg);
}

static void
set_plan(struct command *c, const char *arg)
{
	if (arg != NULL && strcmp(arg, "json") != 0)
		common_wrong(&c->common, "--plan: expected no form, or json",
		    arg);
	c->merge.plan = arg != NULL ? PLAN_JSON : PLAN_TEXT;
}

static void
set_allow(struct command *c, const char *arg)
{
	if (allow_add(&c->merge.allow, ALLOW_EMPTY | ALLOW_UNRELATED |
	    ALLOW_MISSING | ALLOW_LANGUAGES, arg) == -1)
		common_wrong(&c->common, "--allow: expected empty, unrelated, "
		    "missing or languages, with commas between them", arg);
	head_option(&c->by, "--allow", arg);
}

/* the options that shape the result, and are told in @stream */
static void
set_shape(struct command *c, int option, const char *arg)
{
	switch (option) {
	case ALLOW:
		set_allow(c, arg);
		break;
	case DROP:
		add_words(c, &c->drop, "--drop-variables: expected names with "
		    "commas between them", arg);
		head_option(&c->by, "--drop-variables", arg);
		break;
	case ONLY:
		add_words(c, &c->only, "--only: expected categories with "
		    "commas between them", arg);
		head_option(&c->by, "--only", arg);
		break;
	case PATTERNS:
		c->merge.ask.patterns = append_or_replace(c, "--patterns",
		    "--patterns: expected append or replace", arg);
		break;
	case POLICY:
		add_policy(c, arg);
		break;
	case UTTERANCES:
		c->merge.ask.utterances = append_or_replace(c, "--utterances",
		    "--utterances: expected append or replace", arg);
		break;
	default:
		common_option(&c->common, option, arg);
	}
}

static void
set_option(struct command *c, int option, const char *arg)
{
	switch (option) {
	case 'f':
		c->merge.force = 1;
		break;
	case 'S':
		c->room.cap = common_size(&c->common, "memory", arg);
		break;
	case BACKUP:
		c->merge.backup = arg;
		break;
	case EDITED:
		c->merge.edited = 1;
		head_option(&c->by, "--edited", NULL);
		break;
	case EXIT_CODE:
		c->exit_code = 1;
		break;
	case INTO:
		c->merge.target = arg;
		break;
	case NO_LIMITS:
		c->merge.no_limits = 1;
		break;
	case PLAN:
		set_plan(c, arg);
		break;
	default:
		set_shape(c, option, arg);
	}
}

/* the figures that are ours alone, as members of the report */
static void
put_figures(struct buf *b, const struct merged *m)
{
	buf_printf(b, "\"target\":%" PRIu64 ",\"source\":%" PRIu64
	    ",\"added\":%" PRIu64 ",\"replaced\":%" PRIu64 ",\"renamed\":%"
	    PRIu64 ",\"mended\":%" PRIu64 ",\"removed\":%" PRIu64
	    ",\"conflicts\":%" PRIu64 ",\"rewritten\":%" PRIu64, m->target,
	    m->source, m->counts[PLAN_ADD], m->counts[PLAN_REPLACE],
	    m->counts[PLAN_RENAME], m->counts[PLAN_MEND],
	    m->counts[PLAN_REMOVE], m->counts[PLAN_ERROR], m->rewritten);
}

/* no file that is written may be another one of the run */
static int
check_files(struct command *c)
{
	struct diag *d = &c->common.diag;
	const char *const reads[] = { c->merge.target, c->merge.source,
	    c->common.map };

	return clash(d, reads, 3, &c->common.report, 1, c->merge.backup) == -1
	    ? -1 : report_check(d, c->common.report);
}

static void
give_back(struct command *c)
{
	size_t i;

	buf_free(&c->by);
	for (i = 0; i < c->texts.len / sizeof(char *); i++)
		free(((char **)(void *)c->texts.ptr)[i]);
	buf_free(&c->texts);
	free(c->drop.list);
	free(c->only.list);
	free(c->policies.list);
}

/* whether there is anything in a plan */
static int
changes(const struct merged *m)
{
	int act;

	for (act = 0; act < PLAN_ACTS; act++) {
		if (m->counts[act] > 0)
			return 1;
	}
	return 0;
}

/* the whole work: streams, merge, report */
static int
run(struct command *c)
{
	struct diag *d = &c->common.diag;
	struct report report = { .version = VERSION,
	    .input = c->merge.source, .stream = 1 };
	struct merged done = {0};
	struct buf figures = {0};
	int rc;

	if (check_files(c) == -1)
		return -1;
	c->merge.map = c->common.map;
	c->merge.max_line = c->common.max_component + MAX_ENVELOPE;
	c->merge.by = buf_str(&c->by);
	rc = merge(d, &c->merge, &c->room, &c->maps, &done);
	report.counts.records = done.records;
	report.counts.bytes_in = done.bytes_in;
	report.counts.bytes_out = done.bytes_out;
	put_figures(&figures, &done);
	report.more = buf_str(&figures);
	registry_close(&c->maps);
	if (rc == 0)
		rc = output_end(d);
	if (rc == 0 && c->exit_code && changes(&done))
		d->status = STATUS_FINDING;
	rc = report_end(d, &report, c->common.report, rc);
	buf_free(&figures);
	return rc;
}

/* what only an incremental import may be asked for */
static void
check_full(struct command *c)
{
	const struct policy_ask *a = &c->merge.ask;

	if (!a->full)
		return;
	if (c->only.n > 0)
		common_wrong(&c->common, "--only is for incremental; a full "
		    "import takes all", NULL);
	if (a->utterances != NULL)
		common_wrong(&c->common, "--utterances is for incremental; a "
		    "full import replaces them", NULL);
	if (a->patterns != NULL)
		common_wrong(&c->common, "--patterns is for incremental; a "
		    "full import replaces them", NULL);
}

/* the mode and the files; what does not fit ends the program */
static void
set_operands(struct command *c, int argc, char **argv)
{
	struct merge_options *m = &c->merge;

	if (argc < 1)
		common_wrong(&c->common, "expected full or incremental", NULL);
	if (strcmp(argv[0], "full") != 0 &&
	    strcmp(argv[0], "incremental") != 0)
		common_wrong(&c->common, "expected full or incremental",
		    argv[0]);
	if (m->target == NULL)
		common_wrong(&c->common, "expected --into and the target",
		    NULL);
	if (argc > 2)
		common_wrong(&c->common, "expected one source", argv[2]);
	if (c->exit_code && m->plan == PLAN_NONE)
		common_wrong(&c->common, "--exit-code is for --plan", NULL);
	m->ask.full = strcmp(argv[0], "full") == 0;
	check_full(c);
	if (strcmp(m->target, "-") == 0)
		m->target = NULL;
	if (argc == 2 && strcmp(argv[1], "-") != 0)
		m->source = argv[1];
	if (m->target == NULL && m->source == NULL)
		common_wrong(&c->common, "expected standard input for the "
		    "target or the source, not both", NULL);
	head_option(&c->by, argv[0], NULL);
	m->ask.policies = c->policies.list;
	m->ask.npolicies = c->policies.n;
	m->ask.only = c->only.list;
	m->ask.nonly = c->only.n;
	m->drop = c->drop.list;
	m->ndrop = c->drop.n;
}

int
main(int argc, char **argv)
{
	struct command c = { .room.cap = ROOM };
	int option, rc;

	common_begin(&c.common, "pkg-merge", usage);
	c.room.diag = &c.common.diag;
	while ((option = common_next(&c.common, argc, argv,
	    ":fS:" COMMON_LETTERS, options)) != -1)
		set_option(&c, option, optarg);
	set_operands(&c, argc - optind, argv + optind);
	rc = run(&c);
	give_back(&c);
	return common_end(&c.common, rc);
}
