/* SPDX-License-Identifier: ISC */
/*
 * pkg-diff: what is different in two streams of component records.
 */
#include <inttypes.h>
#include <string.h>

#include "base/buf.h"
#include "base/counts.h"
#include "base/diag.h"
#include "cmd/options.h"
#include "cmd/tools.h"
#include "diff/difference.h"
#include "diff/look.h"
#include "patch/patch.h"
#include "stream/stream.h"

/* what the command line says, and what it leads to */
struct command {
	struct common common;
	struct difference_options diff;
	enum show_form form;
	int stat, names, json, patch;	/* the forms that were asked for */
	int full;
	const char *html;	/* --html: a file, or NULL */
	unsigned colour;	/* 0, or the number of its word */
};

static const struct option_spec options[] = {
	{ "memory", 'S', "SIZE", "the largest index in memory (256M)",
	    OPTION_TO(struct common, room.cap) },
	{ "color", 0, LOOK_COLOURS, "whether text has colours",
	    OPTION_TO(struct command, colour) },
	{ "edited", 0, NULL, "take streams that jq or a person edited",
	    OPTION_TO(struct command, diff.input.edited) },
	{ "full", 0, NULL, "do not cut values to the terminal's width",
	    OPTION_TO(struct command, full) },
	{ "html", 0, "FILE", "write a page for a browser to FILE, and no text",
	    .flags = OPTION_WRITTEN, OPTION_TO(struct command, html) },
	{ "json", 0, NULL, "a JSON object for each component, a line each",
	    OPTION_TO(struct command, json) },
	{ "name-status", 0, NULL, "sign, kind, id and name, with tabs",
	    OPTION_TO(struct command, names) },
	{ "patch", 0, NULL, "a stream that makes NEW of OLD, by pkg-merge "
	    "apply", .flags = OPTION_RECORD,
	    OPTION_TO(struct command, patch) },
	{ "stat", 0, NULL, "figures: a bar for each kind",
	    OPTION_TO(struct command, stat) },
	{ NULL }
};

/* print what differs, and the page; 0 or -1 */
static int
print(struct command *c, struct difference *found)
{
	struct look look = { .diag = &c->common.diag, .found = found,
	    .html = c->html };

	look_set(&look, c->colour, c->full, c->diff.old, c->diff.new);
	if ((c->html == NULL || c->form != SHOW_TEXT) &&
	    look_print(&look, c->form) == -1)
		return -1;
	return look_page(&look);
}

/* what differs, and the report */
static int
compare(struct command *c)
{
	struct diag *d = &c->common.diag;
	struct counts counts = {0};
	struct difference *found;
	int rc = -1;

	options_input(&c->common, &c->diff.input);
	found = difference_open(d, &c->diff, &c->common.room, &c->common.maps);
	if (found != NULL) {
		counts = difference_read(found);
		buf_printf(&c->common.figures, "\"differences\":%" PRIu64,
		    difference_count(found));
		c->common.finding = difference_count(found) > 0;
		rc = print(c, found);
	}
	difference_close(found);
	return options_end_stream(&c->common, c->diff.new, &counts, rc);
}

/* the patch, and the report */
static int
write_patch(struct command *c)
{
	struct patch_options o = { .from = c->diff.old, .with = c->diff.new,
	    .by = buf_str(&c->common.by) };
	struct patched done = {0};
	uint64_t all;
	int rc;

	options_input(&c->common, &c->diff.input);
	o.input = c->diff.input;
	rc = patch_write(&c->common.diag, &o, &c->common.room,
	    &c->common.maps, &done);
	all = done.counts[PATCH_ADD] + done.counts[PATCH_REPLACE] +
	    done.counts[PATCH_REMOVE] + done.counts[PATCH_MOVE];
	buf_printf(&c->common.figures, "\"differences\":%" PRIu64, all);
	c->common.finding = all > 0;
	return options_end_stream(&c->common, c->diff.new, &done.report, rc);
}

static int
run(struct command *c, char *const *operands, size_t n)
{
	const char *files[2];

	if (n != 2)
		options_wrong(&c->common, "expected two streams, the old and "
		    "the new", NULL);
	if (c->stat + c->names + c->json + c->patch > 1)
		options_wrong(&c->common, "expected one of --stat, "
		    "--name-status, --json and --patch", NULL);
	if (c->patch && c->html != NULL)
		options_wrong(&c->common, "expected --patch without --html",
		    NULL);
	c->form = c->stat ? SHOW_STAT : c->names ? SHOW_TSV : c->json ?
	    SHOW_JSON : SHOW_TEXT;
	c->diff.old = strcmp(operands[0], "-") == 0 ? NULL : operands[0];
	c->diff.new = strcmp(operands[1], "-") == 0 ? NULL : operands[1];
	if (c->diff.old == NULL && c->diff.new == NULL)
		options_wrong(&c->common, "expected standard input for one "
		    "of the two, not both", NULL);
	files[0] = c->diff.old;
	files[1] = c->diff.new;
	if (options_check_files(&c->common, files, 2) == -1)
		return -1;
	return c->patch ? write_patch(c) : compare(c);
}

int
pkg_diff(int argc, char **argv)
{
	static const struct tool tool = {
		.name = "pkg-diff",
		.operands = "old new",
		.notes = "One of both may be -, standard input.",
		.options = options,
		.run = run,
	};
	struct command c = {0};

	return options_main(&tool, &c, argc, argv);
}
