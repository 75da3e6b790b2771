/* SPDX-License-Identifier: ISC */
/*
 * pkg-filter-status: the versions of tasks that an export mode takes.
 */
#include <inttypes.h>
#include <string.h>

#include "base/allow.h"
#include "base/buf.h"
#include "base/diag.h"
#include "cmd/options.h"
#include "cmd/tools.h"
#include "json/readfile.h"
#include "select/filter.h"
#include "stream/stream.h"
#include "stream/twopass.h"

/* what the command line says, and what it leads to */
struct command {
	struct common common;
	struct filter_options filter;
	const char *request;
};

static void
set_allow(struct command *c, const struct option_spec *o, const char *arg)
{
	if (allow_add(&c->filter.allow, ALLOW_EMPTY, arg) == -1)
		options_refuse(&c->common, o, "expected empty", arg);
}

static const struct option_spec options[] = {
	{ "memory", 'S', "SIZE", "the largest index in memory (256M)",
	    OPTION_TO(struct common, room.cap) },
	{ "allow", 0, "empty", "let all tasks be dropped",
	    .flags = OPTION_RECORD_VALUE, .set = set_allow },
	{ "edited", 0, NULL, "take a stream that jq or a person edited",
	    .flags = OPTION_RECORD,
	    OPTION_TO(struct command, filter.input.edited) },
	{ "mark", 0, NULL, "tell the status of each task, drop nothing",
	    .flags = OPTION_RECORD, OPTION_TO(struct command, filter.mark) },
	{ "rejects", 0, "FILE", "write what is dropped to FILE, as a stream",
	    .flags = OPTION_WRITTEN,
	    OPTION_TO(struct command, filter.rejects) },
	{ "request", 0, "FILE", "the mode is the exportType of an API request",
	    .flags = OPTION_APART | OPTION_READ,
	    OPTION_TO(struct command, request) },
	{ "states", 0, "FILE", "statuses of tasks: TSV, CSV, NDJSON, or the "
	    "stream\nof the published export",
	    .flags = OPTION_RECORD | OPTION_READ,
	    OPTION_TO(struct command, filter.states) },
	{ "unknown", 0, "keep|drop|fail", "tasks of unknown status",
	    .flags = OPTION_RECORD_VALUE,
	    OPTION_TO(struct command, filter.unknown) },
	{ NULL }
};

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
	stream_put_option(&c->common.by, word, NULL);
	return 0;
}

/* the mode that a request asks for */
static int
ask_request(struct command *c)
{
	struct place at = place_in(c->request);
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

/* the figures that are ours alone: for people, and for the report */
static void
put_figures(struct common *c, const struct filtered *f)
{
	struct buf *b = &c->figures;
	int s;

	diag_note(&c->diag, NULL, "%" PRIu64 " task%s, %" PRIu64 " dropped "
	    "for the status, %" PRIu64 " superseded, %" PRIu64 " of unknown "
	    "status; %" PRIu64 " record%s dropped, %" PRIu64 " changed",
	    f->tasks,
	    diag_s(f->tasks), f->left, f->superseded, f->unknown, f->dropped,
	    diag_s(f->dropped), f->changed);

	buf_printf(b, "\"tasks\":%" PRIu64 ",\"left\":%" PRIu64
	    ",\"superseded\":%" PRIu64 ",\"unknown\":%" PRIu64
	    ",\"dropped\":%" PRIu64 ",\"changed\":%" PRIu64 ",\"repairs\":%"
	    PRIu64 ",\"kept\":{", f->tasks, f->left, f->superseded,
	    f->unknown, f->dropped, f->changed, f->repairs);
	for (s = TASK_UNKNOWN; s < TASK_STATUSES; s++)
		buf_printf(b, "%s\"%s\":%" PRIu64, s > 0 ? "," : "",
		    status_word((enum task_status)s), f->taken[s]);
	buf_addc(b, '}');
}

/* the filtered stream, and the report */
static int
filter_file(struct command *c, const char *file)
{
	struct diag *d = &c->common.diag;
	struct filtered done = {0};
	struct twopass in = {0};
	int rc = -1;

	c->filter.by = buf_str(&c->common.by);
	if (options_begin(&c->common, file, &c->filter.input, &in) == 0)
		rc = filter(d, &c->filter, &in, &c->common.room,
		    &c->common.maps, &done);
	put_figures(&c->common, &done);
	return options_end(&c->common, file, &in, done.records, done.bytes,
	    rc);
}

static int
run(struct command *c, char *const *operands, size_t n)
{
	const char *file;

	if (c->request == NULL) {
		if (n == 0)
			options_wrong(&c->common, "expected published, latest "
			    "or --request", NULL);
		if (set_mode(c, *operands) == -1)
			options_wrong(&c->common, "expected published or "
			    "latest", *operands);
		operands++;
		n--;
	}
	file = options_file(&c->common, "stream", operands, n);
	if ((c->request != NULL && ask_request(c) == -1) ||
	    options_check_files(&c->common, &file, 1) == -1)
		return -1;
	return filter_file(c, file);
}

int
pkg_filter_status(int argc, char **argv)
{
	static const struct tool tool = {
		.name = "pkg-filter-status",
		.operands = "published|latest|--request file [stream]",
		.notes = "Without a stream standard input is read.",
		.options = options,
		.run = run,
	};
	struct command c = {0};

	return options_main(&tool, &c, argc, argv);
}
