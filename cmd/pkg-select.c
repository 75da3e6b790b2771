/* SPDX-License-Identifier: ISC */
/*
 * pkg-select: components, with what they depend on.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/diag.h"
#include "cmd/options.h"
#include "cmd/tools.h"
#include "select/criteria.h"
#include "select/select.h"
#include "stream/stream.h"
#include "stream/twopass.h"

/* what the command line says, and what it leads to */
struct command {
	struct common common;
	struct criteria criteria;
	struct select_options select;
	char **stop;
	struct from {
		const char *file;
		int exclude;
	} *from;		/* -L */
	size_t nfrom;
};

/* a list of what is wanted, or, after -x, not */
static void
add_list(struct command *c, const struct option_spec *o, const char *arg)
{
	static const char letters[] = "ckinls";	/* enum criterion */
	size_t by = (size_t)(strchr(letters, o->letter) - letters);

	if (criteria_add(&c->criteria, (enum criterion)by, arg,
	    c->common.prefix != NULL) == 0)
		options_refuse(&c->common, o, "expected at least one word",
		    arg);
}

/* a file of such, to be read when all options are known */
static void
add_file(struct command *c, const struct option_spec *o, const char *file)
{
	(void)o;
	c->from = xrealloc(c->from, c->nfrom + 1, sizeof(*c->from));
	c->from[c->nfrom++] = (struct from){ file, c->common.prefix != NULL };
}

/* kinds to stop at, with commas between them */
static void
add_stop(struct command *c, const struct option_spec *o, const char *arg)
{
	size_t n;

	if (arg[strspn(arg, ",")] == '\0')
		options_refuse(&c->common, o, "expected at least one kind",
		    arg);
	for (; *arg != '\0'; arg += n + (arg[n] == ',')) {
		if ((n = strcspn(arg, ",")) == 0)
			continue;
		c->stop = xrealloc(c->stop, c->select.nstop + 1,
		    sizeof(*c->stop));
		c->stop[c->select.nstop++] = xstrndup(arg, n);
	}
	c->select.stop = c->stop;
}

static void
check_id(struct command *c, const struct option_spec *o, const char *arg)
{
	if (*arg == '\0')
		options_refuse(&c->common, o, "expected an id", arg);
}

/* lists of what is wanted */
#define LIST OPTION_RECORD_VALUE | OPTION_BY_LETTER | OPTION_PREFIXED

static const struct option_spec options[] = {
	{ "category", 'c', "CATEGORY", "of these categories, and all below "
	    "them", .flags = LIST, .set = add_list },
	{ "id", 'i', "ID", "with these ids or aliases; kind:id",
	    .flags = LIST, .set = add_list },
	{ "kind", 'k', "KIND", "of these kinds",
	    .flags = LIST, .set = add_list },
	{ "lang", 'l', "LANG", "of no language but these",
	    .flags = LIST, .set = add_list },
	{ "name", 'n', "NAME", "with names that match these patterns",
	    .flags = LIST, .set = add_list },
	{ "status", 's', "STATUS", "of these statuses",
	    .flags = LIST, .set = add_list },
	{ "exclude", 'x', NULL, "not those that the next option names",
	    .flags = OPTION_APART | OPTION_PREFIX | OPTION_RECORD |
	    OPTION_BY_LETTER },
	{ "from", 'L', "FILE", "that FILE lists: lines of --list, ids or names",
	    .flags = OPTION_RECORD | OPTION_BY_LETTER | OPTION_PREFIXED,
	    .set = add_file },
	{ "memory", 'S', "SIZE", "the largest index in memory (256M)",
	    OPTION_TO(struct common, room.cap) },
	{ "assume", 0, "STREAM", "what STREAM has need not come along",
	    .flags = OPTION_RECORD | OPTION_READ,
	    OPTION_TO(struct command, select.assume) },
	{ "deps", 0, NULL, "follow links to other tasks",
	    .flags = OPTION_RECORD, OPTION_TO(struct command, select.deps) },
	{ "edited", 0, NULL, "take a stream that jq or a person edited",
	    .flags = OPTION_RECORD,
	    OPTION_TO(struct command, select.input.edited) },
	{ "explain", 0, "ID", "print how ID came in, or why not",
	    OPTION_TO(struct command, select.explain), .set = check_id },
	{ "json", 0, NULL, "--list prints a JSON object a line",
	    OPTION_TO(struct command, select.json) },
	{ "list", 0, NULL, "print what can be selected",
	    OPTION_TO(struct command, select.list) },
	{ "on-missing", 0, "drop|keep|fail", "references whose target is not "
	    "selected", .flags = OPTION_RECORD_VALUE,
	    OPTION_TO(struct command, select.missing) },
	{ "rejects", 0, "FILE", "write what is dropped to FILE, as a stream",
	    .flags = OPTION_WRITTEN,
	    OPTION_TO(struct command, select.rejects) },
	{ "request", 0, "FILE", "the body of a request to the platform's "
	    "export API", .flags = OPTION_RECORD | OPTION_READ,
	    OPTION_TO(struct command, select.request) },
	{ "stop-at", 0, "KIND", "do not follow anything to these kinds",
	    .flags = OPTION_RECORD_VALUE, .set = add_stop },
	{ NULL }
};

/* the figures that are ours alone: for people, and as members of the report */
static void
put_figures(struct command *c, const struct selected *s)
{
	buf_printf(&c->common.figures, "\"chosen\":%" PRIu64 ",\"along\":%"
	    PRIu64 ",\"always\":%" PRIu64 ",\"stubs\":%" PRIu64
	    ",\"dropped\":%" PRIu64 ",\"changed\":%" PRIu64 ",\"lost\":%"
	    PRIu64 ",\"repairs\":%" PRIu64 ",\"links_left_out\":%" PRIu64
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

static void
free_lists(struct command *c)
{
	size_t i;

	for (i = 0; i < c->select.nstop; i++)
		free(c->stop[i]);
	free(c->stop);
	free(c->from);
	criteria_free(&c->criteria);
}

/* what does not go together */
static void
check_usage(const struct command *c)
{
	if (c->select.list && c->select.explain != NULL)
		options_wrong(&c->common, "expected one of --list and "
		    "--explain", NULL);
	if (c->select.json && !c->select.list)
		options_wrong(&c->common, "--json: expected --list", NULL);
	if (c->select.rejects != NULL && (c->select.list ||
	    c->select.explain != NULL))
		options_wrong(&c->common, "--rejects: nothing is dropped with "
		    "--list or --explain", NULL);
}

/* what is written is none of what is read, and standard input is read once */
static int
check_files(struct command *c, const char *file)
{
	const char **reads;
	size_t i;
	int rc;

	reads = xcalloc(c->nfrom + 1, sizeof(*reads));
	for (i = 0; i < c->nfrom; i++)
		reads[i] = c->from[i].file;
	reads[i] = file;
	rc = options_check_files(&c->common, reads, c->nfrom + 1);
	free(reads);
	return rc;
}

/* the selected stream, and the report */
static int
select_file(struct command *c, const char *file)
{
	struct diag *d = &c->common.diag;
	struct selected done = {0};
	struct twopass in = {0};
	int rc = -1;

	c->select.criteria = &c->criteria;
	c->select.by = buf_str(&c->common.by);
	if (options_begin(&c->common, file, &c->select.input, &in) == 0)
		rc = selects(d, &c->select, &in, &c->common.room,
		    &c->common.maps, &done);
	put_figures(c, &done);
	return options_end(&c->common, file, &in, done.records, done.bytes,
	    rc);
}

static int
run(struct command *c, char *const *operands, size_t n)
{
	const char *file = options_file(&c->common, "stream", operands, n);
	int rc = -1;

	check_usage(c);
	if (check_files(c, file) == 0 && read_lists(c) == 0)
		rc = select_file(c, file);
	free_lists(c);
	return rc;
}

int
pkg_select(int argc, char **argv)
{
	static const struct tool tool = {
		.name = "pkg-select",
		.operands = "[stream]",
		.notes = "Of what an option names several are given "
		    "with commas between them.\n"
		    "Without a stream standard input is read.",
		.options = options,
		.run = run,
	};
	struct command c = {0};

	return options_main(&tool, &c, argc, argv);
}
