/* SPDX-License-Identifier: ISC */
/*
 * pkg-check: whether a package will import, and work.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/diag.h"
#include "base/lines.h"
#include "base/suggest.h"
#include "check/check.h"
#include "cmd/options.h"
#include "cmd/report.h"
#include "cmd/tools.h"
#include "map/registry.h"
#include "stream/twopass.h"

/* what the command line says, and what it leads to */
struct command {
	struct common common;
	struct check_options check;
	int only;		/* --only was given */
	int strict;		/* --strict: notes count, too */
	int list;		/* --list-rules */
	const char *lint;	/* --lint-map: a file, or NULL */
	enum check_rule explain;	/* RULES: not asked */
};

/* the rule that the n bytes of a word name */
static enum check_rule
find_rule(struct command *c, const struct option_spec *o, const char *word,
    size_t n)
{
	enum check_rule rule = check_rule(word, n);
	struct suggestion near = {0};
	struct buf why = {0};

	if (rule != RULES)
		return rule;
	near.word = xstrndup(word, n);
	for (rule = 0; rule < RULES; rule++)
		suggest_try(&near, check_rules[rule].name,
		    strlen(check_rules[rule].name));
	buf_printf(&why, "expected a rule of --list-rules, found \"%s\"",
	    near.word);
	suggest_put(&near, &why);
	options_refuse(&c->common, o, buf_str(&why), NULL);
}

/* rules with commas between them: --only, --skip */
static void
set_rules(struct command *c, const struct option_spec *o, const char *arg)
{
	int only = strcmp(o->name, "only") == 0;
	size_t n;

	if (*arg == '\0')
		options_refuse(&c->common, o, "expected rules with commas "
		    "between them, see --list-rules", arg);
	if (only && !c->only) {
		memset(c->check.without, 1, sizeof(c->check.without));
		c->only = 1;
	}
	for (; *arg != '\0'; arg += n + (arg[n] == ',')) {
		n = strcspn(arg, ",");
		c->check.without[find_rule(c, o, arg, n)] = !only;
	}
}

static void
set_explain(struct command *c, const struct option_spec *o, const char *arg)
{
	c->explain = find_rule(c, o, arg, strlen(arg));
}

static const struct option_spec options[] = {
	{ "memory", 'S', "SIZE", "the largest index in memory (256M)",
	    OPTION_TO(struct common, room.cap) },
	{ "baseline", 0, "FILE", "what FILE has, of --format json, was known "
	    "before", .flags = OPTION_READ,
	    OPTION_TO(struct command, check.baseline) },
	{ "edited", 0, NULL, "take a stream that jq or a person edited",
	    OPTION_TO(struct command, check.input.edited) },
	{ "explain", 0, "RULE", "print what a rule finds, and do nothing else",
	    .set = set_explain },
	{ "format", 0, "text|json|sarif|junit", "how findings are printed",
	    OPTION_TO(struct command, check.format) },
	{ "lint-map", 0, "FILE", "say what is wrong in a map, and do nothing "
	    "else", .flags = OPTION_READ, OPTION_TO(struct command, lint) },
	{ "list-rules", 0, NULL, "print all rules, and do nothing else",
	    OPTION_TO(struct command, list) },
	{ "only", 0, "RULE", "ask no rules but these", .set = set_rules },
	{ "skip", 0, "RULE", "do not ask these rules", .set = set_rules },
	{ "strict", 0, NULL, "notes count for the exit status, too",
	    OPTION_TO(struct command, strict) },
	{ NULL }
};

/* the rules, or what one of them finds, in place of a check */
static int
print_rules(struct command *c)
{
	const struct rule *r;
	int i;

	for (i = 0; i < RULES; i++) {
		r = &check_rules[i];
		if (c->explain == RULES)
			printf("%s\t%s\t%s\n", r->name,
			    check_severity(r->severity), r->sentence);
		else if ((int)c->explain == i)
			printf("%s (%s): %s\n\n%s\n", r->name,
			    check_severity(r->severity), r->sentence, r->text);
	}
	if (fflush(stdout) == EOF)
		return diag_fail(&c->common.diag, STATUS_IO, NULL,
		    "stdout: cannot be written");
	return output_end(&c->common.diag);
}

/* messages of all that is wrong in a map, in place of a check */
static int
lint_map(struct command *c)
{
	int rc;

	rc = registry_open(&c->common.diag, &c->common.maps, c->lint, NULL);
	registry_close(&c->common.maps);
	return rc == 0 ? output_end(&c->common.diag) : -1;
}

/* findings are exit status 1, and a line that says how many there are */
static int
judge(struct command *c, const struct checked *done)
{
	const uint64_t *n = done->found;

	if (n[CHECK_ERROR] + n[CHECK_WARNING] +
	    (c->strict ? n[CHECK_NOTE] : 0) == 0)
		return 0;
	return diag_fail(&c->common.diag, STATUS_FINDING, NULL,
	    "%" PRIu64 " error%s, %" PRIu64 " warning%s, %" PRIu64 " note%s",
	    n[CHECK_ERROR], diag_s(n[CHECK_ERROR]), n[CHECK_WARNING],
	    diag_s(n[CHECK_WARNING]), n[CHECK_NOTE], diag_s(n[CHECK_NOTE]));
}

/* the figures that are ours alone, as members of the report */
static void
put_figures(struct common *c, const struct checked *done)
{
	buf_printf(&c->figures, "\"errors\":%" PRIu64 ",\"warnings\":%" PRIu64
	    ",\"notes\":%" PRIu64 ",\"known\":%" PRIu64,
	    done->found[CHECK_ERROR], done->found[CHECK_WARNING],
	    done->found[CHECK_NOTE], done->known);
}

static int
check_file(struct command *c, const char *file)
{
	struct diag *d = &c->common.diag;
	struct report report = { .input = file, .stream = 1 };
	struct checked done = {0};
	struct twopass in = {0};
	int rc = -1;

	c->check.version = VERSION;
	if (options_begin(&c->common, file, &c->check.input, &in) == 0)
		rc = check(d, &c->check, &in, &c->common.room,
		    &c->common.maps, &done);
	report.counts.records = done.records;
	report.counts.bytes_in = in.in.lines.taken;
	report.counts.bytes_out = done.bytes;
	twopass_close(&in);
	put_figures(&c->common, &done);
	report.more = buf_str(&c->common.figures);
	registry_close(&c->common.maps);
	if (rc == 0)
		rc = output_end(d);
	if (rc == 0)
		rc = judge(c, &done);
	return report_end(d, &report, c->common.report, rc);
}

static int
run(struct command *c, char *const *operands, size_t n)
{
	const char *file;

	if (c->list || c->explain != RULES || c->lint != NULL) {
		if (n > 0)
			options_wrong(&c->common, "no stream is read with "
			    "--explain, --lint-map or --list-rules",
			    operands[0]);
		return c->lint != NULL ? lint_map(c) : print_rules(c);
	}
	file = options_file(&c->common, "stream", operands, n);
	return options_check_files(&c->common, &file, 1) == 0 ?
	    check_file(c, file) : -1;
}

int
pkg_check(int argc, char **argv)
{
	static const struct tool tool = {
		.name = "pkg-check",
		.operands = "[stream]",
		.notes = "Of rules several are given with commas "
		    "between them.\n"
		    "Without a stream standard input is read.",
		.options = options,
		.run = run,
	};
	struct command c = { .explain = RULES };

	return options_main(&tool, &c, argc, argv);
}
