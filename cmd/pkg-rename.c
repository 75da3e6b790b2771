/* SPDX-License-Identifier: ISC */
/*
 * pkg-rename: components with other names, and all that refers to them.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/diag.h"
#include "cmd/options.h"
#include "cmd/tools.h"
#include "rename/asked.h"
#include "rename/renaming.h"
#include "stream/twopass.h"

/* what the command line says, and what it leads to */
struct command {
	struct common common;
	struct renaming_options rename;
	struct asked asked;
	const char *from;	/* -f */
};

/* KIND:TEXT, to be put before all names of the kind */
static void
add_prefix(struct command *c, const struct option_spec *o, const char *arg)
{
	const char *colon = strchr(arg, ':'), *wrong = "expected KIND:TEXT";
	char *kind;

	if (colon != NULL) {
		kind = xstrndup(arg, (size_t)(colon - arg));
		wrong = asked_prefix(&c->asked, kind, colon + 1);
		free(kind);
	}
	if (wrong != NULL)
		options_refuse(&c->common, o, wrong, arg);
}

static const struct option_spec options[] = {
	{ "from", 'f', "FILE", "also what FILE lists: kind, old and new name, "
	    "with tabs", .flags = OPTION_READ,
	    OPTION_TO(struct command, from) },
	{ "dry-run", 'n', NULL, "print the changes, not the stream",
	    OPTION_TO(struct command, rename.list) },
	{ "memory", 'S', "SIZE", "the largest index in memory (256M)",
	    OPTION_TO(struct common, room.cap) },
	{ "edited", 0, NULL, "take a stream that jq or a person edited",
	    .flags = OPTION_RECORD,
	    OPTION_TO(struct command, rename.input.edited) },
	{ "prefix", 0, "KIND:TEXT", "put TEXT before all names of a kind",
	    .flags = OPTION_RECORD_VALUE, .set = add_prefix },
	{ NULL }
};

/* the figures that are ours alone: for people, and as members of the report */
static void
put_figures(struct common *c, const struct renamed_counts *r)
{
	buf_printf(&c->figures, "\"renamed\":%" PRIu64 ",\"changed\":%" PRIu64
	    ",\"moved_files\":%" PRIu64, r->renamed, r->changed, r->files);
	diag_note(&c->diag, NULL, "%" PRIu64 " component%s renamed; %"
	    PRIu64 " line%s changed, %" PRIu64 " file%s renamed", r->renamed,
	    diag_s(r->renamed), r->changed, diag_s(r->changed), r->files,
	    diag_s(r->files));
}

/* the renamed stream, and the report */
static int
rename_file(struct command *c, const char *file)
{
	struct diag *d = &c->common.diag;
	struct renamed_counts done = {0};
	struct twopass in = {0};
	int rc = -1;

	c->rename.asked = &c->asked;
	c->rename.by = buf_str(&c->common.by);
	if (options_begin(&c->common, file, &c->rename.input, &in) == 0)
		rc = renaming(d, &c->rename, &in, &c->common.room,
		    &c->common.maps, &done);
	if (rc == 0)
		put_figures(&c->common, &done);
	return options_end(&c->common, file, &in, done.records, done.bytes,
	    rc);
}

/* the operands that are names; how many there are */
static size_t
take_names(struct command *c, char *const *operands, size_t n)
{
	const char *wrong;
	size_t i;

	for (i = 0; i < n && asked_is(operands[i]); i++) {
		if ((wrong = asked_add(&c->asked, operands[i])) != NULL)
			options_wrong(&c->common, wrong, operands[i]);
	}
	return i;
}

static int
run(struct command *c, char *const *operands, size_t n)
{
	size_t names = take_names(c, operands, n);
	const char *file = options_file(&c->common, "stream",
	    operands + names, n - names);
	int rc = -1;

	if (c->asked.n == 0 && c->from == NULL)
		options_wrong(&c->common, "expected KIND:OLD=NEW, --from or "
		    "--prefix", NULL);
	if (options_check_files(&c->common, &file, 1) == 0 &&
	    (c->from == NULL || asked_file(&c->asked, &c->common.diag,
	    c->from) == 0))
		rc = rename_file(c, file);
	asked_free(&c->asked);
	return rc;
}

int
pkg_rename(int argc, char **argv)
{
	static const struct tool tool = {
		.name = "pkg-rename",
		.operands = "[KIND:OLD=NEW ...] [stream]",
		.notes = "In OLD \"=\" is written \"==\"; a stream "
		    "whose name begins as a kind and a colon,\n"
		    "./ before it.  Without a stream standard "
		    "input is read.",
		.options = options,
		.run = run,
	};
	struct command c = {0};

	return options_main(&tool, &c, argc, argv);
}
