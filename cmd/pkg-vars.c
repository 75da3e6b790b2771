/* SPDX-License-Identifier: ISC */
/*
 * pkg-vars: the values of a package that differ from one environment to the
 * next, and those that nobody is to see.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/bigarray.h"
#include "base/buf.h"
#include "base/diag.h"
#include "base/lines.h"
#include "cmd/options.h"
#include "cmd/tools.h"
#include "map/registry.h"
#include "stream/stream.h"
#include "stream/twopass.h"
#include "vars/vars.h"

/* which options a command has, and what is said of it: bits */
enum {
	OF_LIST = 1, OF_APPLY = 2, OF_REDACT = 4, OF_RESTORE = 8,
	OF_TEMPLATE = 16
};

static const struct word {
	const char *word;
	unsigned bit;
	int file;		/* a file is its first operand */
	vars_command *run;
} words[] = {
	{ "list", OF_LIST, 0, vars_list },
	{ "apply", OF_APPLY, 1, vars_apply },
	{ "redact", OF_REDACT, 0, vars_redact },
	{ "restore", OF_RESTORE, 1, vars_restore },
	{ "template", OF_TEMPLATE, 0, vars_template },
};

/* what the command line says, and what it leads to */
struct command {
	struct common common;
	struct vars_options vars;
	unsigned format;
	struct vars_env *env;
	struct room room;
	struct registry maps;
	const struct option_spec *last[16];	/* options that were given and
						   not all commands have */
	size_t nlast;
};

/* note an option that only some commands have */
static void
note(struct command *c, const struct option_spec *o, const char *arg)
{
	(void)arg;
	if (c->nlast < sizeof(c->last) / sizeof(*c->last))
		c->last[c->nlast++] = o;
}

/* NAME=VARIABLE: never a value, and so nothing of it is shown */
static void
add_env(struct command *c, const struct option_spec *o, const char *arg)
{
	const char *equals = strrchr(arg, '=');

	note(c, o, arg);
	if (equals == NULL || equals == arg || equals[1] == '\0')
		options_wrong(&c->common, "--env: expected NAME=VARIABLE, a "
		    "variable of the environment that has the value", NULL);
	c->env = xgrow(c->env, c->vars.nenv, sizeof(*c->env));
	c->env[c->vars.nenv++] = (struct vars_env){ xstrndup(arg,
	    (size_t)(equals - arg)), equals + 1 };
}

static const struct option_spec options[] = {
	{ "force", 'f', NULL, "redact: replace the file of originals",
	    OPTION_TO(struct command, vars.force), .set = note },
	{ "memory", 'S', "SIZE", "the largest index in memory (256M)",
	    OPTION_TO(struct command, room.cap) },
	{ "add", 0, NULL, "apply: make the variables that there are not",
	    .flags = OPTION_RECORD, OPTION_TO(struct command, vars.add),
	    .set = note },
	{ "edited", 0, NULL, "take a stream that jq or a person edited",
	    .flags = OPTION_RECORD,
	    OPTION_TO(struct command, vars.input.edited) },
	{ "empty", 0, NULL, "apply: empty values, too",
	    .flags = OPTION_RECORD, OPTION_TO(struct command, vars.empty),
	    .set = note },
	{ "env", 0, "NAME=VARIABLE", "apply: take a value from the "
	    "environment", .flags = OPTION_RECORD, .set = add_env },
	{ "format", 0, "dotenv|tsv|json", "apply, template: what the file is",
	    OPTION_TO(struct command, format), .set = note },
	{ "json", 0, NULL, "list: as JSON, with what uses each",
	    OPTION_TO(struct command, vars.json), .set = note },
	{ "originals", 0, "FILE", "redact: write what was there to FILE",
	    .flags = OPTION_OUTPUT,
	    OPTION_TO(struct command, vars.originals), .set = note },
	{ "values", 0, NULL, "template: with the values that are not secured",
	    OPTION_TO(struct command, vars.values), .set = note },
	{ NULL }
};

/* which commands have an option */
static unsigned
commands_of(const struct option_spec *o)
{
	static const struct {
		const char *name;
		unsigned of;
	} of[] = {
		{ "force", OF_REDACT }, { "add", OF_APPLY },
		{ "empty", OF_APPLY }, { "env", OF_APPLY },
		{ "format", OF_APPLY | OF_TEMPLATE }, { "json", OF_LIST },
		{ "originals", OF_REDACT }, { "values", OF_TEMPLATE },
	};
	size_t i;

	for (i = 0; i < sizeof(of) / sizeof(*of); i++) {
		if (strcmp(of[i].name, o->name) == 0)
			return of[i].of;
	}
	return ~0u;
}

/* the figures that are ours alone: for people, and as members of the report */
static void
put_figures(struct command *c, struct buf *b, const struct vars_done *v)
{
	buf_printf(b, "\"variables\":%" PRIu64 ",\"set\":%" PRIu64
	    ",\"added\":%" PRIu64 ",\"places\":%" PRIu64 ",\"changed\":%"
	    PRIu64, v->variables, v->set, v->added, v->places, v->changed);
	diag_note(&c->common.diag, NULL, "%" PRIu64 " variable%s, %" PRIu64
	    " set, of these %" PRIu64 " new; %" PRIu64 " place%s redacted or "
	    "restored; %" PRIu64 " line%s changed", v->variables,
	    diag_s(v->variables), v->set, v->added, v->places,
	    diag_s(v->places), v->changed, diag_s(v->changed));
}

/* the work of a command, and the report */
static int
run_file(struct command *c, const struct word *word, const char *file)
{
	struct diag *d = &c->common.diag;
	struct vars_done done = {0};
	struct twopass in = {0};
	struct buf figures = {0};
	int rc = -1;

	c->vars.format = (enum vars_format)c->format;
	c->vars.env = c->env;
	c->vars.by = buf_str(&c->common.by);
	if (options_begin(&c->common, file, &c->vars.input, &c->room,
	    &c->maps, &in) == 0)
		rc = word->run(d, &c->vars, &in, &c->room, &c->maps, &done);
	if (rc == 0)
		put_figures(c, &figures, &done);
	return options_end(&c->common, file, &in, &c->maps, done.records,
	    done.bytes, &figures, rc);
}

/* the command of a word; all options that were given are its */
static const struct word *
find_word(struct command *c, const char *text)
{
	const struct word *w = words, *end = words + sizeof(words) /
	    sizeof(*words);
	size_t i;

	while (w < end && (text == NULL || strcmp(w->word, text) != 0))
		w++;
	if (w == end)
		options_wrong(&c->common, "expected list, apply, redact, "
		    "restore or template", text);
	for (i = 0; i < c->nlast; i++) {
		if ((commands_of(c->last[i]) & w->bit) == 0)
			options_wrong(&c->common, "this command has no such "
			    "option", c->last[i]->name);
	}
	if (c->vars.force && c->vars.originals == NULL)
		options_wrong(&c->common, "expected --originals with --force",
		    NULL);
	return w;
}

static int
run(struct command *c, char *const *operands, size_t n)
{
	const struct word *word = find_word(c, n > 0 ? operands[0] : NULL);
	const char *file, *reads[2] = { NULL, NULL };
	size_t i = 1;
	int rc = -1;

	if (word->file && n < 2)
		options_wrong(&c->common, "expected a file with the values",
		    NULL);
	if (word->file)
		reads[1] = c->vars.file = operands[i++];
	file = options_file(&c->common, "stream", operands + i, n - i);
	reads[0] = file != NULL ? file : "-";
	if (word->file && file == NULL && strcmp(c->vars.file, "-") == 0)
		options_wrong(&c->common, "expected a file: standard input "
		    "cannot be both", NULL);
	stream_put_option(&c->common.by, word->word, NULL);
	if (options_check_files(&c->common, reads, word->file ? 2 : 1) == 0)
		rc = run_file(c, word, file);
	for (i = 0; i < c->vars.nenv; i++)
		free((char *)(size_t)c->env[i].name);
	free(c->env);
	return rc;
}

int
pkg_vars(int argc, char **argv)
{
	static const struct tool tool = { "pkg-vars",
	    "list|apply|redact|restore|template [file] [stream]",
	    "The file is that of values, for apply, or of originals, for "
	    "restore.\nWithout a stream standard input is read.", options,
	    run };
	struct command c = { .room.cap = ROOM };

	return options_main(&tool, &c, argc, argv);
}
