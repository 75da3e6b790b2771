/* SPDX-License-Identifier: ISC */
/*
 * pkg-merge: two streams of component records merged, as an import would.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/allow.h"
#include "base/buf.h"
#include "base/diag.h"
#include "cmd/options.h"
#include "cmd/report.h"
#include "cmd/tools.h"
#include "diff/difference.h"
#include "diff/item.h"
#include "diff/look.h"
#include "merge/merge.h"
#include "patch/patch.h"
#include "stream/stream.h"
#include "threeway/conflicts.h"
#include "threeway/threeway.h"

/* no limit of what was read, or made of that, once */
#define LONGEST ((uint64_t)1 << 40)

/* its modes, and --plan, which some options are for: bits, and their words */
enum {
	FULL = 1, INCREMENTAL = 2, APPLY = 4, THREE_WAY = 8, PLAN = 16,
	IMPORT = FULL | INCREMENTAL
};

static const char *const modes[] = { "full", "incremental", "apply",
	"three-way", "--plan", NULL };

/* words given with commas between them, or one by one */
struct words {
	const char **list;
	size_t n;
};

/* what the command line says, and what it leads to */
struct command {
	struct common common;
	struct merge_options merge;
	struct words drop, only, policies;
	struct buf texts;	/* of char *, to be freed */
	struct threeway_options three;
	struct buf prefer;	/* of struct conflict_prefer */
	unsigned plan;		/* 0, or the number of its form's word */
	/* of a plan */
	int exit_code;		/* it says whether anything changes */
	int full;		/* values are not cut */
	unsigned colour;	/* 0, or the number of its word */
	const char *html;	/* a file for a page, or NULL */
};

/* take words apart; the text is copied, and lasts */
static void
add_words(struct command *c, struct words *w, const struct option_spec *o,
    const char *what, const char *arg)
{
	char *text = xstrdup(arg), *rest = text, *word;

	buf_add(&c->texts, &text, sizeof(text));
	while ((word = strsep(&rest, ",")) != NULL) {
		if (*word == '\0')
			options_refuse(&c->common, o, what, arg);
		w->list = xrealloc(w->list, w->n + 1, sizeof(*w->list));
		w->list[w->n++] = word;
	}
}

static void
add_drop(struct command *c, const struct option_spec *o, const char *arg)
{
	add_words(c, &c->drop, o, "expected names with commas between them",
	    arg);
}

static void
add_only(struct command *c, const struct option_spec *o, const char *arg)
{
	add_words(c, &c->only, o, "expected categories with commas between "
	    "them", arg);
}

/* KIND=ACTION; whether there is the kind is seen later */
static void
add_policy(struct command *c, const struct option_spec *o, const char *arg)
{
	struct buf wrong = {0};
	size_t i = c->policies.n;

	buf_adds(&wrong, "expected KIND=");
	options_choice(&wrong, map_actions, ~0u);
	add_words(c, &c->policies, o, buf_str(&wrong), arg);
	for (; i < c->policies.n; i++) {
		if (policy_action(c->policies.list[i]) == ACTIONS)
			options_refuse(&c->common, o, buf_str(&wrong),
			    c->policies.list[i]);
	}
	buf_free(&wrong);
}

static void
set_allow(struct command *c, const struct option_spec *o, const char *arg)
{
	if (allow_add(&c->merge.allow, ALLOW_EMPTY | ALLOW_UNRELATED |
	    ALLOW_MISSING | ALLOW_LANGUAGES, arg) == -1)
		options_refuse(&c->common, o, "expected empty, unrelated, "
		    "missing or languages, with commas between them", arg);
}

/* a version, or KIND=VERSION; several with commas between them */
static void
add_prefer(struct command *c, const struct option_spec *o, const char *arg)
{
	static const char *const picks[] = { "base", "ours", "theirs" };
	char *text = xstrdup(arg), *rest = text, *word, *pick;
	struct conflict_prefer p;
	size_t i;

	buf_add(&c->texts, &text, sizeof(text));
	while ((word = strsep(&rest, ",")) != NULL) {
		p = (struct conflict_prefer){0};
		pick = strchr(word, '=');
		if (pick != NULL) {
			*pick++ = '\0';
			p.kind = word;
		}
		for (i = 0; i < 3; i++) {
			if (strcmp(pick != NULL ? pick : word, picks[i]) == 0)
				p.pick = (enum pick)(PICK_BASE + i);
		}
		if (p.pick == PICK_OPEN)
			options_refuse(&c->common, o, "expected ours, theirs "
			    "or base, or KIND=ours and the like", arg);
		buf_add(&c->prefer, &p, sizeof(p));
	}
}

static const struct option_spec options[] = {
	{ "force", 'f', NULL, "replace the file of --backup",
	    .modes = IMPORT, OPTION_TO(struct command, merge.force) },
	{ "memory", 'S', "SIZE", "the largest index in memory (256M)",
	    OPTION_TO(struct common, room.cap) },
	{ "allow", 0, "WORDS", "let pass: empty, unrelated, missing,\n"
	    "languages", .flags = OPTION_RECORD_VALUE, .modes = IMPORT,
	    .set = set_allow },
	{ "backup", 0, "FILE", "write the target as it was to FILE, first",
	    .flags = OPTION_OUTPUT, .modes = IMPORT,
	    OPTION_TO(struct command, merge.backup) },
	{ "base", 0, "BASE", "what both began with (three-way)",
	    .flags = OPTION_READ, .modes = THREE_WAY,
	    OPTION_TO(struct command, three.base) },
	{ "color", 0, LOOK_COLOURS, "whether a plan has colours",
	    .modes = PLAN, OPTION_TO(struct command, colour) },
	{ "conflicts", 0, "FILE", "write conflicts to FILE, a line each "
	    "(three-way)", .flags = OPTION_WRITTEN, .modes = THREE_WAY,
	    OPTION_TO(struct command, three.conflicts) },
	{ "drop-variables", 0, "NAMES", "leave these variables as they are",
	    .flags = OPTION_RECORD_VALUE, .modes = IMPORT, .set = add_drop },
	{ "edited", 0, NULL, "take streams that jq or a person edited",
	    .flags = OPTION_RECORD,
	    OPTION_TO(struct command, merge.input.edited) },
	{ "exit-code", 0, NULL, "end a plan with 1 if anything would change",
	    .modes = PLAN, OPTION_TO(struct command, exit_code) },
	{ "full", 0, NULL, "do not cut a plan's values to the width",
	    .modes = PLAN, OPTION_TO(struct command, full) },
	{ "html", 0, "FILE", "write a plan as a page to FILE, too",
	    .flags = OPTION_WRITTEN, .modes = PLAN,
	    OPTION_TO(struct command, html) },
	{ "into", 0, "TARGET", "the stream that is merged into",
	    .flags = OPTION_APART | OPTION_READ,
	    OPTION_TO(struct command, merge.target) },
	{ "no-limits", 0, NULL, "only warn of what the platform would refuse",
	    .modes = IMPORT, OPTION_TO(struct command, merge.no_limits) },
	{ "only", 0, "CATEGORIES", "import these alone (incremental)",
	    .flags = OPTION_RECORD_VALUE, .modes = INCREMENTAL,
	    .set = add_only },
	{ "patterns", 0, "append|replace", "patterns that only the target "
	    "has:\nkept (as it is) or removed",
	    .flags = OPTION_RECORD_VALUE, .modes = INCREMENTAL,
	    OPTION_TO(struct command, merge.ask.patterns) },
	{ "plan", 0, "text|tsv|json|html", "tell what would change, and why; "
	    "write no\nstream",
	    .flags = OPTION_OPTIONAL, .modes = IMPORT,
	    OPTION_TO(struct command, plan) },
	{ "policy", 0, "KIND=ACTION", "replace, replace-all, keep, add, "
	    "if-none,\nclear, union or error",
	    .flags = OPTION_RECORD_VALUE, .modes = IMPORT, .set = add_policy },
	{ "prefer", 0, "WORDS", "of conflicts take ours, theirs or base; or "
	    "of a\nkind: KIND=ours (three-way)",
	    .flags = OPTION_RECORD_VALUE, .modes = THREE_WAY,
	    .set = add_prefer },
	{ "resolve", 0, "FILE", "that of --conflicts with a choice in each "
	    "line\n(three-way)", .flags = OPTION_READ, .modes = THREE_WAY,
	    OPTION_TO(struct command, three.resolve) },
	{ "utterances", 0, "append|replace", "utterances that only the target "
	    "has:\nkept (as it is) or removed",
	    .flags = OPTION_RECORD_VALUE, .modes = INCREMENTAL,
	    OPTION_TO(struct command, merge.ask.utterances) },
	{ NULL }
};

/* the figures that are ours alone, as members of the report */
static void
put_figures(struct buf *b, const struct merged *m)
{
	buf_printf(b, "\"target\":%" PRIu64 ",\"source\":%" PRIu64
	    ",\"added\":%" PRIu64 ",\"replaced\":%" PRIu64 ",\"renamed\":%"
	    PRIu64 ",\"repaired\":%" PRIu64 ",\"removed\":%" PRIu64
	    ",\"conflicts\":%" PRIu64 ",\"rewritten\":%" PRIu64, m->target,
	    m->source, m->counts[PLAN_ADD], m->counts[PLAN_REPLACE],
	    m->counts[PLAN_RENAME], m->counts[PLAN_REPAIR],
	    m->counts[PLAN_REMOVE], m->counts[PLAN_ERROR], m->rewritten);
}

static void
free_words(struct command *c)
{
	size_t i;

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

/* what is done with a component that differs, and why */
static void
explain(void *ctx, struct diff_item *item)
{
	static const enum plan_act acts[DIFF_OPS] = {
		[DIFF_ADD] = PLAN_ADD, [DIFF_REMOVE] = PLAN_REMOVE,
		[DIFF_CHANGE] = PLAN_REPLACE, [DIFF_RENAME] = PLAN_RENAME,
	};
	struct plan *p = ctx;
	enum plan_act act;

	item->why = plan_why(p, item->old, item->new, &act);
	if (act != PLAN_ERROR && (act != PLAN_REPAIR ||
	    item->op != DIFF_CHANGE))
		act = acts[item->op];
	item->action = plan_acts[act];
	p->counts[act]++;
}

static struct slice
sentences(const struct buf *b)
{
	return (struct slice){ b->ptr, b->len };
}

/* print a plan, and the page; 0 or -1 */
static int
print_plan(struct command *c, struct plan *p, struct difference *found)
{
	/* the words of --plan */
	static const enum show_form forms[] = { SHOW_TEXT, SHOW_TSV,
		SHOW_JSON, SHOW_HTML };
	const struct show_plan all = { .import = c->merge.ask.full ? "full" :
	    "incremental", .lists = {
	    { "note", "notes", sentences(&p->notes) },
	    { "by hand", "by_hand", sentences(&p->hand) },
	    { "would fail", "fails", sentences(&p->fails) } },
	    .counts = p->counts, .done = plan_done, .n = PLAN_ACTS };
	struct look look = { .diag = &c->common.diag, .found = found,
	    .show.plan = &all, .html = c->html, .explain = explain,
	    .ctx = p };

	look_set(&look, c->colour, c->full, c->merge.target, c->merge.source);
	if (look_page(&look) == -1)
		return -1;
	memset(p->counts, 0, sizeof(p->counts));
	return look_print(&look, forms[c->plan - 1]);
}

/* the difference between the target and the result, with reasons; 0 or -1 */
static int
show_plan(struct command *c, struct merged *done)
{
	struct difference_options o = { .old = c->merge.target,
	    .new = "the result", .fds = done->plan.fds,
	    .input = c->merge.input };
	struct difference *found;
	int rc;

	o.input.edited = 0;	/* of both these it is done */
	o.input.max_component = LONGEST;
	memset(done->plan.counts, 0, sizeof(done->plan.counts));
	found = difference_open(&c->common.diag, &o, &c->common.room,
	    &c->common.maps);
	rc = found == NULL ? -1 : print_plan(c, &done->plan, found);
	memcpy(done->counts, done->plan.counts, sizeof(done->counts));
	if (rc == 0 && plan_fails(&done->plan))
		rc = diag_fail(&c->common.diag, STATUS_FINDING, NULL,
		    "the import would fail");
	difference_close(found);
	return rc;
}

/*
 * Only one file may be standard input, and is NULL then.  The last is no
 * option's, which are checked anyway.  0, or -1 after a message.
 */
static int
check_inputs(struct command *c, const char **files[], size_t n)
{
	size_t i, nstdin = 0;
	int rc;

	for (i = 0; i < n; i++)
		nstdin += *files[i] == NULL || strcmp(*files[i], "-") == 0;
	if (nstdin > 1)
		options_wrong(&c->common, "expected standard input for one "
		    "of the streams, not for several", NULL);
	rc = options_check_files(&c->common, files[n - 1], 1);
	for (i = 0; i < n; i++) {
		if (*files[i] != NULL && strcmp(*files[i], "-") == 0)
			*files[i] = NULL;
	}
	return rc;
}

/* what an import is asked for */
static void
set_import(struct command *c, unsigned mode)
{
	struct merge_options *m = &c->merge;

	m->ask.full = mode == FULL;
	m->plan = c->plan > 0;
	m->ask.policies = c->policies.list;
	m->ask.npolicies = c->policies.n;
	m->ask.only = c->only.list;
	m->ask.nonly = c->only.n;
	m->drop = c->drop.list;
	m->ndrop = c->drop.n;
	m->by = buf_str(&c->common.by);
}

/* the source comes into the target: the merged stream, or the plan */
static int
import_source(struct command *c)
{
	struct diag *d = &c->common.diag;
	struct merged done = {0};
	int rc;

	options_input(&c->common, &c->merge.input);
	rc = merge(d, &c->merge, &c->common.room, &c->common.maps, &done);
	if (rc == 0 && c->merge.plan)
		rc = show_plan(c, &done);
	put_figures(&c->common.figures, &done);
	plan_free(&done.plan);
	c->common.finding = c->exit_code && changes(&done);
	return options_end_stream(&c->common, c->merge.source, &done.report,
	    rc);
}

/* the figures of a patch that was applied, as members of the report */
static void
put_patched(struct buf *b, const struct patched *p)
{
	buf_printf(b, "\"added\":%" PRIu64 ",\"replaced\":%" PRIu64
	    ",\"moved\":%" PRIu64 ",\"removed\":%" PRIu64 ",\"already\":%"
	    PRIu64 ",\"conflicts\":%" PRIu64, p->counts[PATCH_ADD],
	    p->counts[PATCH_REPLACE], p->counts[PATCH_MOVE],
	    p->counts[PATCH_REMOVE], p->already, p->conflicts);
}

/* the source is a patch: the target as it changes it */
static int
apply_patch(struct command *c)
{
	struct patch_options o = { .from = c->merge.target,
	    .with = c->merge.source, .by = buf_str(&c->common.by) };
	struct patched done = {0};
	int rc;

	options_input(&c->common, &c->merge.input);
	o.input = c->merge.input;
	rc = patch_apply(&c->common.diag, &o, &c->common.room,
	    &c->common.maps, &done);
	put_patched(&c->common.figures, &done);
	return options_end_stream(&c->common, o.with, &done.report, rc);
}

/* the figures of three ways, as members of the report */
static void
put_three(struct buf *b, const struct threeway_done *t)
{
	buf_printf(b, "\"base\":%" PRIu64 ",\"ours\":%" PRIu64
	    ",\"theirs\":%" PRIu64 ",\"blended\":%" PRIu64
	    ",\"conflicts\":%" PRIu64 ",\"settled\":%" PRIu64, t->base,
	    t->ours, t->theirs, t->blended, t->conflicts, t->settled);
}

/* what two people made of one package: the merged stream */
static int
merge_three(struct command *c)
{
	struct threeway_options *o = &c->three;
	struct threeway_done done = {0};
	int rc;

	options_input(&c->common, &c->merge.input);
	o->input = c->merge.input;
	o->prefer = (const void *)c->prefer.ptr;
	o->nprefer = c->prefer.len / sizeof(struct conflict_prefer);
	o->by = buf_str(&c->common.by);
	rc = threeway(&c->common.diag, o, &c->common.room, &c->common.maps,
	    &done);
	put_three(&c->common.figures, &done);
	return options_end_stream(&c->common, o->theirs, &done.report, rc);
}

/* the files of a run, and what its mode does with them */
static int
run_mode(struct command *c, unsigned mode)
{
	const char **two[] = { &c->merge.target, &c->merge.source };
	const char **three[] = { &c->three.base, &c->three.ours,
		&c->three.theirs };

	if (mode == THREE_WAY) {
		c->three.ours = c->merge.target;
		c->three.theirs = c->merge.source;
		return check_inputs(c, three, 3) == -1 ? -1 : merge_three(c);
	}
	if (check_inputs(c, two, 2) == -1)
		return -1;
	if (mode == APPLY)
		return apply_patch(c);
	set_import(c, mode);
	return import_source(c);
}

static int
run(struct command *c, char *const *operands, size_t n)
{
	unsigned mode = options_mode(&c->common, n > 0 ? *operands : NULL,
	    c->plan > 0 ? PLAN : 0);
	int rc;

	if (c->merge.target == NULL)
		options_wrong(&c->common, "expected --into and the target",
		    NULL);
	if (mode == THREE_WAY && c->three.base == NULL)
		options_wrong(&c->common, "expected --base with what both "
		    "began with", NULL);
	c->merge.source = options_file(&c->common, mode == THREE_WAY ?
	    "theirs" : "source", operands + 1, n - 1);
	rc = run_mode(c, mode);
	buf_free(&c->prefer);
	free_words(c);
	return rc;
}

int
pkg_merge(int argc, char **argv)
{
	static const struct tool tool = {
		.name = "pkg-merge",
		.operands = "full|incremental|apply|three-way --into "
		    "target [source]",
		.notes = "For apply the source is a patch, as pkg-diff "
		    "--patch writes it.\n"
		    "Without a source standard input is read.",
		.options = options,
		.run = run,
		.modes = modes,
	};
	struct command c = {0};

	return options_main(&tool, &c, argc, argv);
}
