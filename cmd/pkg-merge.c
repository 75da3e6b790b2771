/* SPDX-License-Identifier: ISC */
/*
 * pkg-merge: two streams of component records merged, as an import would.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/allow.h"
#include "base/bigarray.h"
#include "base/buf.h"
#include "base/counts.h"
#include "base/diag.h"
#include "base/lines.h"
#include "cmd/options.h"
#include "cmd/report.h"
#include "cmd/tools.h"
#include "diff/difference.h"
#include "diff/item.h"
#include "diff/look.h"
#include "map/registry.h"
#include "merge/merge.h"
#include "patch/patch.h"
#include "stream/stream.h"
#include "threeway/conflicts.h"
#include "threeway/threeway.h"

/* no limit of what was read, or made of that, once */
#define LONGEST ((uint64_t)1 << 40)

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
	struct buf texts;	/* of char *, to be freed */
	struct registry maps;
	struct threeway_options three;
	struct buf prefer;	/* of struct conflict_prefer */
	int apply;		/* the source is a patch */
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
	size_t i;

	buf_printf(&wrong, "expected KIND=%s", map_actions[0]);
	for (i = 1; map_actions[i] != NULL; i++)
		buf_printf(&wrong, "%s%s", map_actions[i + 1] == NULL ?
		    " or " : ", ", map_actions[i]);
	i = c->policies.n;
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
	    OPTION_TO(struct command, merge.force) },
	{ "memory", 'S', "SIZE", "the largest index in memory (256M)",
	    OPTION_TO(struct command, room.cap) },
	{ "allow", 0, "WORDS", "let pass: empty, unrelated, missing,\n"
	    "languages", .flags = OPTION_RECORD_VALUE, .set = set_allow },
	{ "backup", 0, "FILE", "write the target as it was to FILE, first",
	    .flags = OPTION_OUTPUT, OPTION_TO(struct command, merge.backup) },
	{ "base", 0, "BASE", "what both began with (three-way)",
	    .flags = OPTION_READ, OPTION_TO(struct command, three.base) },
	{ "color", 0, LOOK_COLOURS, "whether a plan has colours",
	    OPTION_TO(struct command, colour) },
	{ "conflicts", 0, "FILE", "write conflicts to FILE, a line each "
	    "(three-way)", .flags = OPTION_WRITTEN,
	    OPTION_TO(struct command, three.conflicts) },
	{ "drop-variables", 0, "NAMES", "leave these variables as they are",
	    .flags = OPTION_RECORD_VALUE, .set = add_drop },
	{ "edited", 0, NULL, "take streams that jq or a person edited",
	    .flags = OPTION_RECORD,
	    OPTION_TO(struct command, merge.input.edited) },
	{ "exit-code", 0, NULL, "end a plan with 1 if anything would change",
	    OPTION_TO(struct command, exit_code) },
	{ "full", 0, NULL, "do not cut a plan's values to the width",
	    OPTION_TO(struct command, full) },
	{ "html", 0, "FILE", "write a plan as a page to FILE, too",
	    .flags = OPTION_WRITTEN, OPTION_TO(struct command, html) },
	{ "into", 0, "TARGET", "the stream that is merged into",
	    .flags = OPTION_APART | OPTION_READ,
	    OPTION_TO(struct command, merge.target) },
	{ "no-limits", 0, NULL, "only warn of what the platform would refuse",
	    OPTION_TO(struct command, merge.no_limits) },
	{ "only", 0, "CATEGORIES", "import these alone (incremental)",
	    .flags = OPTION_RECORD_VALUE, .set = add_only },
	{ "patterns", 0, "append|replace", "patterns that only the target "
	    "has:\nkept (as it is) or removed",
	    .flags = OPTION_RECORD_VALUE,
	    OPTION_TO(struct command, merge.ask.patterns) },
	{ "plan", 0, "text|tsv|json|html", "tell what would change, and why; "
	    "write no\nstream",
	    .flags = OPTION_OPTIONAL, OPTION_TO(struct command, plan) },
	{ "policy", 0, "KIND=ACTION", "replace, replace-all, keep, add, "
	    "if-none,\nclear, union or error",
	    .flags = OPTION_RECORD_VALUE, .set = add_policy },
	{ "prefer", 0, "WORDS", "of conflicts take ours, theirs or base; or "
	    "of a\nkind: KIND=ours (three-way)",
	    .flags = OPTION_RECORD_VALUE, .set = add_prefer },
	{ "resolve", 0, "FILE", "that of --conflicts with a choice in each "
	    "line\n(three-way)", .flags = OPTION_READ,
	    OPTION_TO(struct command, three.resolve) },
	{ "utterances", 0, "append|replace", "utterances that only the target "
	    "has:\nkept (as it is) or removed",
	    .flags = OPTION_RECORD_VALUE,
	    OPTION_TO(struct command, merge.ask.utterances) },
	{ NULL }
};

/* the figures that are ours alone, as members of the report */
static void
put_figures(struct buf *b, const struct merged *m)
{
	buf_printf(b, "\"target\":%" PRIu64 ",\"source\":%" PRIu64
	    ",\"added\":%" PRIu64 ",\"replaced\":%" PRIu64 ",\"renamed\":%"
	    PRIu64 ",\"mended\":%" PRIu64 ",\"removed\":%" PRIu64
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

/* what only an incremental import may be asked for */
static void
check_full(struct command *c)
{
	const struct policy_ask *a = &c->merge.ask;

	if (!a->full)
		return;
	if (c->only.n > 0)
		options_wrong(&c->common, "--only is for incremental; a full "
		    "import takes all", NULL);
	if (a->utterances != NULL)
		options_wrong(&c->common, "--utterances is for incremental; a "
		    "full import replaces them", NULL);
	if (a->patterns != NULL)
		options_wrong(&c->common, "--patterns is for incremental; a "
		    "full import replaces them", NULL);
}

/* how the source comes into the target */
static void
set_mode(struct command *c, const char *mode)
{
	if (mode == NULL || (strcmp(mode, "full") != 0 && strcmp(mode,
	    "incremental") != 0 && strcmp(mode, "apply") != 0))
		options_wrong(&c->common, "expected full, incremental, "
		    "apply or three-way", mode);
	c->merge.ask.full = strcmp(mode, "full") == 0;
	c->apply = strcmp(mode, "apply") == 0;
}

/* whether a plan is asked for, or what there is of a plan alone */
static int
is_plan(const struct command *c)
{
	return c->plan > 0 || c->exit_code || c->full || c->html != NULL ||
	    c->colour != 0;
}

/* what is not asked for where nothing is imported */
static void
only_imports(struct command *c, const char *mode)
{
	const struct merge_options *m = &c->merge;
	struct buf wrong = {0};

	if (!is_plan(c) && m->backup == NULL && m->allow == 0 &&
	    !m->no_limits && c->drop.n == 0 && c->only.n == 0 &&
	    c->policies.n == 0 && m->ask.patterns == NULL &&
	    m->ask.utterances == NULL)
		return;
	buf_printf(&wrong, "--allow, --backup, --drop-variables, "
	    "--no-limits, --only, --patterns, --plan, --policy and "
	    "--utterances are for imports, not for %s", mode);
	options_wrong(&c->common, buf_str(&wrong), NULL);
}

/* what only a plan may be asked for */
static void
check_plan(struct command *c)
{
	c->merge.plan = c->plan > 0;
	if (!c->merge.plan && is_plan(c))
		options_wrong(&c->common, c->exit_code ? "--exit-code is for "
		    "--plan" : c->full ? "--full is for --plan" : c->html !=
		    NULL ? "--html is for --plan" : "--color is for --plan",
		    NULL);
}

/* the mode and the files; what does not fit ends the program */
static void
set_operands(struct command *c, char *const *operands, size_t n)
{
	struct merge_options *m = &c->merge;

	set_mode(c, n > 0 ? operands[0] : NULL);
	if (m->target == NULL)
		options_wrong(&c->common, "expected --into and the target",
		    NULL);
	m->source = options_file(&c->common, "source", operands + 1, n - 1);
	check_plan(c);
	check_full(c);
	if (c->apply)
		only_imports(c, "apply");
	if (strcmp(m->target, "-") == 0)
		m->target = NULL;
	if (m->target == NULL && m->source == NULL)
		options_wrong(&c->common, "expected standard input for the "
		    "target or the source, not both", NULL);
	stream_put_option(&c->common.by, operands[0], NULL);
	m->ask.policies = c->policies.list;
	m->ask.npolicies = c->policies.n;
	m->ask.only = c->only.list;
	m->ask.nonly = c->only.n;
	m->drop = c->drop.list;
	m->ndrop = c->drop.n;
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
	found = difference_open(&c->common.diag, &o, &c->room, &c->maps);
	rc = found == NULL ? -1 : print_plan(c, &done->plan, found);
	memcpy(done->counts, done->plan.counts, sizeof(done->counts));
	if (rc == 0 && plan_fails(&done->plan))
		rc = diag_fail(&c->common.diag, STATUS_FINDING, NULL,
		    "the import would fail");
	difference_close(found);
	return rc;
}

/* the merged stream, and the report */
static int
merge_files(struct command *c)
{
	struct diag *d = &c->common.diag;
	struct report report = { .input = c->merge.source, .stream = 1 };
	struct merged done = {0};
	struct buf figures = {0};
	int rc;

	c->room.diag = d;
	options_input(&c->common, &c->merge.input);
	c->merge.by = buf_str(&c->common.by);
	c->maps.ready = c->common.ready;
	rc = merge(d, &c->merge, &c->room, &c->maps, &done);
	if (rc == 0 && c->merge.plan)
		rc = show_plan(c, &done);
	report.counts.records = done.records;
	report.counts.bytes_in = done.bytes_in;
	report.counts.bytes_out = done.bytes_out;
	put_figures(&figures, &done);
	report.more = buf_str(&figures);
	plan_free(&done.plan);
	registry_close(&c->maps);
	if (rc == 0)
		rc = output_end(d);
	report.finding = c->exit_code && changes(&done);
	rc = report_end(d, &report, c->common.report, rc);
	buf_free(&figures);
	return rc;
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

/* the three files */
static void
set_three(struct command *c, char *const *operands, size_t n)
{
	const struct merge_options *m = &c->merge;

	if (m->target == NULL || c->three.base == NULL)
		options_wrong(&c->common, "expected --base with what both "
		    "began with, and --into with ours", NULL);
	only_imports(c, "three-way");
	c->three.ours = m->target;
	c->three.theirs = options_file(&c->common, "theirs", operands, n);
}

/* a file that is standard input is NULL, and only one may be */
static void
check_stdin(struct command *c)
{
	const char **files[] = { &c->three.base, &c->three.ours,
		&c->three.theirs };
	size_t i, n = 0;

	for (i = 0; i < 3; i++) {
		if (*files[i] != NULL && strcmp(*files[i], "-") == 0)
			*files[i] = NULL;
		n += *files[i] == NULL;
	}
	if (n > 1)
		options_wrong(&c->common, "expected standard input for one "
		    "of the three, not for several", NULL);
}

/* what two people made of one package, and the report */
static int
merge_three(struct command *c, char *const *operands, size_t n)
{
	struct threeway_options *o = &c->three;
	struct threeway_done done = {0};
	struct counts counts = {0};
	struct buf figures = {0};
	int rc;

	set_three(c, operands, n);
	check_stdin(c);
	if (options_check_files(&c->common, &o->theirs, 1) == -1)
		return -1;
	stream_put_option(&c->common.by, "three-way", NULL);
	c->room.diag = &c->common.diag;
	options_input(&c->common, &c->merge.input);
	o->input = c->merge.input;
	o->prefer = (const void *)c->prefer.ptr;
	o->nprefer = c->prefer.len / sizeof(struct conflict_prefer);
	o->by = buf_str(&c->common.by);
	c->maps.ready = c->common.ready;
	rc = threeway(&c->common.diag, o, &c->room, &c->maps, &done);
	registry_close(&c->maps);
	counts.records = done.records;
	counts.bytes_in = done.bytes_in;
	counts.bytes_out = done.bytes_out;
	put_three(&figures, &done);
	return options_end_stream(&c->common, o->theirs, &counts, &figures,
	    rc);
}

/* what only a merge of three may be asked for */
static void
check_import(struct command *c)
{
	if (c->three.base != NULL || c->three.conflicts != NULL ||
	    c->three.resolve != NULL || c->prefer.len > 0)
		options_wrong(&c->common, "--base, --conflicts, --prefer and "
		    "--resolve are for three-way", NULL);
}

static int
run_three(struct command *c, char *const *operands, size_t n)
{
	int rc = merge_three(c, operands, n);

	buf_free(&c->prefer);
	free_words(c);
	return rc;
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

/* the target changed by the patch, and the report */
static int
apply_patch(struct command *c)
{
	struct patch_options o = { .from = c->merge.target,
	    .with = c->merge.source, .by = buf_str(&c->common.by) };
	struct patched done = {0};
	struct counts counts = {0};
	struct buf figures = {0};
	int rc;

	c->room.diag = &c->common.diag;
	options_input(&c->common, &c->merge.input);
	o.input = c->merge.input;
	c->maps.ready = c->common.ready;
	rc = patch_apply(&c->common.diag, &o, &c->room, &c->maps, &done);
	registry_close(&c->maps);
	counts.records = done.written;
	counts.bytes_in = done.bytes_in;
	counts.bytes_out = done.bytes_out;
	put_patched(&figures, &done);
	return options_end_stream(&c->common, o.with, &counts, &figures, rc);
}

static int
run(struct command *c, char *const *operands, size_t n)
{
	const char *source;
	int rc;

	if (n > 0 && strcmp(operands[0], "three-way") == 0)
		return run_three(c, operands + 1, n - 1);
	check_import(c);
	set_operands(c, operands, n);
	source = c->merge.source;
	if (options_check_files(&c->common, &source, 1) == -1)
		rc = -1;
	else
		rc = c->apply ? apply_patch(c) : merge_files(c);
	free_words(c);
	return rc;
}

int
pkg_merge(int argc, char **argv)
{
	static const struct tool tool = { "pkg-merge",
	    "full|incremental|apply|three-way --into target [source]",
	    "For apply the source is a patch, as pkg-diff --patch writes it.\n"
	    "Without a source standard input is read.", options, run };
	struct command c = { .room.cap = ROOM };

	return options_main(&tool, &c, argc, argv);
}
