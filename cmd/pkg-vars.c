/* SPDX-License-Identifier: ISC */
/*
 * pkg-vars: the values of a package that differ from one environment to the
 * next, and those that nobody is to see.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/diag.h"
#include "cmd/options.h"
#include "cmd/tools.h"
#include "stream/stream.h"
#include "stream/twopass.h"
#include "vars/vars.h"

/* its modes: bits, and their words */
enum {
	LIST = 1, APPLY = 2, REDACT = 4, RESTORE = 8, TEMPLATE = 16,
	WITH_FILE = APPLY | RESTORE	/* a file is the first operand */
};

static const char *const modes[] = { "list", "apply", "redact", "restore",
	"template", NULL };

/* what the command line says, and what it leads to */
struct command {
	struct common common;
	struct vars_options vars;
	unsigned format;
	struct vars_env *env;
};

/* NAME=VARIABLE: never a value, and so nothing of it is shown */
static void
add_env(struct command *c, const struct option_spec *o, const char *arg)
{
	const char *equals = strrchr(arg, '=');

	if (equals == NULL || equals == arg || equals[1] == '\0')
		options_refuse(&c->common, o, "expected NAME=VARIABLE, a "
		    "variable of the environment that has the value", NULL);
	c->env = xgrow(c->env, c->vars.nenv, sizeof(*c->env));
	c->env[c->vars.nenv++] = (struct vars_env){ xstrndup(arg,
	    (size_t)(equals - arg)), equals + 1 };
}

static const struct option_spec options[] = {
	{ "force", 'f', NULL, "redact: replace the file of originals",
	    .modes = REDACT, OPTION_TO(struct command, vars.force) },
	{ "memory", 'S', "SIZE", "the largest index in memory (256M)",
	    OPTION_TO(struct common, room.cap) },
	{ "add", 0, NULL, "apply: make the variables that there are not",
	    .flags = OPTION_RECORD, .modes = APPLY,
	    OPTION_TO(struct command, vars.add) },
	{ "edited", 0, NULL, "take a stream that jq or a person edited",
	    .flags = OPTION_RECORD,
	    OPTION_TO(struct command, vars.input.edited) },
	{ "empty", 0, NULL, "apply: empty values, too",
	    .flags = OPTION_RECORD, .modes = APPLY,
	    OPTION_TO(struct command, vars.empty) },
	{ "env", 0, "NAME=VARIABLE", "apply: take a value from the "
	    "environment", .flags = OPTION_RECORD, .modes = APPLY,
	    .set = add_env },
	{ "format", 0, "dotenv|tsv|json", "apply, template: what the file is",
	    .modes = APPLY | TEMPLATE, OPTION_TO(struct command, format) },
	{ "json", 0, NULL, "list: as JSON, with what uses each",
	    .modes = LIST, OPTION_TO(struct command, vars.json) },
	{ "originals", 0, "FILE", "redact: write what was there to FILE",
	    .flags = OPTION_OUTPUT, .modes = REDACT,
	    OPTION_TO(struct command, vars.originals) },
	{ "values", 0, NULL, "template: with the values that are not secured",
	    .modes = TEMPLATE, OPTION_TO(struct command, vars.values) },
	{ NULL }
};

/* the figures that are ours alone: for people, and as members of the report */
static void
put_figures(struct common *c, const struct vars_done *v)
{
	buf_printf(&c->figures, "\"variables\":%" PRIu64 ",\"set\":%" PRIu64
	    ",\"added\":%" PRIu64 ",\"places\":%" PRIu64 ",\"changed\":%"
	    PRIu64, v->variables, v->set, v->added, v->places, v->changed);
	diag_note(&c->diag, NULL, "%" PRIu64 " variable%s, %" PRIu64
	    " set, of these %" PRIu64 " new; %" PRIu64 " place%s redacted or "
	    "restored; %" PRIu64 " line%s changed", v->variables,
	    diag_s(v->variables), v->set, v->added, v->places,
	    diag_s(v->places), v->changed, diag_s(v->changed));
}

/* what a mode does */
static vars_command *
work_of(unsigned mode)
{
	return mode == LIST ? vars_list : mode == APPLY ? vars_apply :
	    mode == REDACT ? vars_redact : mode == RESTORE ? vars_restore :
	    vars_template;
}

/* the work of a mode, and the report */
static int
run_file(struct command *c, unsigned mode, const char *file)
{
	struct diag *d = &c->common.diag;
	struct vars_done done = {0};
	struct twopass in = {0};
	int rc = -1;

	c->vars.format = (enum vars_format)c->format;
	c->vars.env = c->env;
	c->vars.by = buf_str(&c->common.by);
	if (options_begin(&c->common, file, &c->vars.input, &in) == 0)
		rc = work_of(mode)(d, &c->vars, &in, &c->common.room,
		    &c->common.maps, &done);
	if (rc == 0)
		put_figures(&c->common, &done);
	return options_end(&c->common, file, &in, done.records, done.bytes,
	    rc);
}

static int
run(struct command *c, char *const *operands, size_t n)
{
	unsigned mode = options_mode(&c->common, n > 0 ? *operands : NULL, 0);
	const char *file, *reads[2] = { NULL, NULL };
	int rc = -1;
	size_t i = 1;

	if (c->vars.force && c->vars.originals == NULL)
		options_wrong(&c->common, "expected --originals with --force",
		    NULL);
	if (mode & WITH_FILE && n < 2)
		options_wrong(&c->common, "expected a file with the values",
		    NULL);
	if (mode & WITH_FILE)
		reads[1] = c->vars.file = operands[i++];
	file = options_file(&c->common, "stream", operands + i, n - i);
	reads[0] = file;
	if (mode & WITH_FILE && file == NULL && strcmp(c->vars.file, "-") == 0)
		options_wrong(&c->common, "expected a file: standard input "
		    "cannot be both", NULL);
	if (options_check_files(&c->common, reads, mode & WITH_FILE ? 2 : 1) ==
	    0)
		rc = run_file(c, mode, file);
	for (i = 0; i < c->vars.nenv; i++)
		free((char *)(size_t)c->env[i].name);
	free(c->env);
	return rc;
}

int
pkg_vars(int argc, char **argv)
{
	static const struct tool tool = {
		.name = "pkg-vars",
		.operands = "list|apply|redact|restore|template [file] "
		    "[stream]",
		.notes = "The file is that of values, for apply, or of "
		    "originals, for restore.\n"
		    "Without a stream standard input is read.",
		.options = options,
		.run = run,
		.modes = modes,
	};
	struct command c = {0};

	return options_main(&tool, &c, argc, argv);
}
