/* SPDX-License-Identifier: ISC */
/*
 * Whole tools, as main() has them: they end with a status of theirs, say
 * something if it is not 0, and what one has written another takes.
 *
 *	definition, zip		a package: unpacked, packed, and unpacked again
 *	filter, select, merge, diff, check, pack, list, redact, rename
 *				an edited stream, or two
 *	patch, apply		two: the old and the new; a patch and its target
 *	threeway		three: the base, ours and theirs
 *	map, states, request	a file of an option, with an input that is good
 */
#include <sys/mman.h>

#include <err.h>
#include <getopt.h>
#include <string.h>
#include <unistd.h>

#include "base/diag.h"
#include "base/hash.h"
#include "cmd/options.h"
#include "cmd/tools.h"
#include "map/registry.h"
#include "target.h"

#define WORDS 16
#define NAME 32			/* of /proc/self/fd/N */

/* how a stream begins, and the second of two */
#define HEAD "{\"kind\":\"@stream\""
#define SECOND "\n" HEAD

#define PACKAGE "{\"_id\":\"st-1\",\"refId\":\"r-0\"," \
	"\"dialogs\":[{\"_id\":\"dg-1\",\"refId\":\"r-1\"," \
	"\"localeData\":{\"en\":{\"name\":\"Pay\"}},\"nodes\":[],\"state\":" \
	"\"published\"}],\"botInfo\":{\"_id\":\"st-1\",\"name\":\"Shop\"}}"

/* files in memory, opened by their names */
enum file {
	FIRST, OTHER, THIRD, RESULT, PACKED, AGAIN, MESSAGES, FILES
};

static struct {
	int fd;
	char name[NAME];
} files[FILES];

static const struct tool_main tools[] = {
	{ "pkg-unpack", pkg_unpack }, { "pkg-pack", pkg_pack },
	{ "pkg-filter-status", pkg_filter_status },
	{ "pkg-select", pkg_select }, { "pkg-merge", pkg_merge },
	{ "pkg-diff", pkg_diff }, { "pkg-check", pkg_check },
	{ "pkg-vars", pkg_vars }, { "pkg-rename", pkg_rename },
};

static const char *target;
static int standard[3];		/* the descriptors that the fuzzer has */

extern void __sanitizer_set_report_fd(void *) __attribute__((weak));

/* the content of a file that stays open */
static void
put(enum file f, const void *p, size_t n)
{
	if (ftruncate(files[f].fd, 0) == -1 ||
	    pwrite(files[f].fd, p, n, 0) != (ssize_t)n)
		err(1, "a file in memory");
}

static size_t
size_of(enum file f)
{
	off_t n = lseek(files[f].fd, 0, SEEK_END);

	return n > 0 ? (size_t)n : 0;
}

/* what a file holds; to be freed */
static char *
get(enum file f, size_t *n)
{
	char *p;

	*n = size_of(f);
	p = malloc(*n + 1);
	if (p == NULL || pread(files[f].fd, p, *n, 0) != (ssize_t)*n)
		err(1, "a file in memory");
	p[*n] = '\0';
	return p;
}

/* standard descriptor "to" becomes the file, from its first byte on */
static void
become(enum file f, int to)
{
	if (lseek(files[f].fd, 0, SEEK_SET) == -1 ||
	    dup2(files[f].fd, to) == -1)
		err(1, "dup2");
}

static int
call(const char *name, int argc, char **argv)
{
	size_t i;

	optind = 0;
	for (i = 0; i < sizeof(tools) / sizeof(*tools); i++) {
		if (strcmp(tools[i].name, name) == 0)
			return tools[i].run(argc, argv);
	}
	errx(1, "%s: no such tool", name);
}

/* run a tool with the words that follow, ended by NULL; its exit status */
static int
run(enum file in, enum file out, const char *name, const char *const *words)
{
	char *argv[WORDS];
	int argc = 0, status, i;

	argv[argc++] = strdup(name);
	for (i = 0; words[i] != NULL; i++)
		argv[argc++] = strdup(words[i]);
	argv[argc] = NULL;
	put(out, "", 0);
	put(MESSAGES, "", 0);
	fflush(stdout);
	become(in, STDIN_FILENO);
	become(out, STDOUT_FILENO);
	become(MESSAGES, STDERR_FILENO);
	status = call(name, argc, argv);
	fflush(stdout);
	for (i = 0; i < 3; i++)
		dup2(standard[i], i);
	for (i = 0; i < argc; i++)
		free(argv[i]);
	target_must(status >= 0 && status <= STATUS_STREAM, "a status is one "
	    "of those of the manual");
	target_must(status == 0 || size_of(MESSAGES) > 0 ||
	    strcmp(name, "pkg-diff") == 0 || strcmp(name, "pkg-check") == 0,
	    "a tool that fails says why");
	return status;
}

/* a stream that was written whole ends as it should */
static void
check_end(enum file f)
{
	size_t n;
	char *p = get(f, &n), *last;

	target_must(n > 0 && p[n - 1] == '\n', "a stream's lines end");
	p[n - 1] = '\0';
	last = strrchr(p, '\n');
	target_must(last != NULL &&
	    strncmp(last, "\n{\"kind\":\"@end\"", 15) == 0,
	    "a stream's last line is its @end");
	free(p);
}

/* whether pkg-pack takes a stream */
static int
packs(enum file f, int edited)
{
	const char *const words[] = { "-j1", "-l0", "-o-", "--no-limits",
	    edited ? "--edited" : NULL, NULL };

	return run(f, PACKED, "pkg-pack", words) == STATUS_DONE;
}

/* all but the first line, which tells how a stream was made, is the same */
static int
same_records(enum file a, enum file b)
{
	size_t n[2];
	char *p[2] = { get(a, &n[0]), get(b, &n[1]) };
	char *q[2] = { strchr(p[0], '\n'), strchr(p[1], '\n') };
	int same;

	same = q[0] != NULL && q[1] != NULL && strcmp(q[0], q[1]) == 0;
	free(p[0]);
	free(p[1]);
	return same;
}

/* ---- the targets */

/* what unpacks packs, unless a name hinders, and the same unpacks again */
static void
try_package(const uint8_t *data, size_t n)
{
	const char *const words[] = { "-a", "-n", "botDefinition.json", NULL };

	put(FIRST, data, n);
	if (run(FIRST, RESULT, "pkg-unpack", words) != STATUS_DONE)
		return;
	check_end(RESULT);
	target_must(packs(RESULT, 0), "what was unpacked is packed");
	target_must(run(PACKED, AGAIN, "pkg-unpack", words) == STATUS_DONE,
	    "what was packed is unpacked");
	/* times and modes of a zip are told, those of a file are not */
	if (n > 2 && memcmp(data, "PK", 2) == 0)
		target_must(same_records(RESULT, AGAIN), "it is the same");
}

/* up to three streams, the last as often as there are fewer; 0, or -1: they
 * are none */
static int
put_streams(const uint8_t *data, size_t n)
{
	const uint8_t *next;
	size_t size;
	int f;

	if (n < strlen(HEAD) || memcmp(data, HEAD, strlen(HEAD)) != 0)
		return -1;	/* a package would be read by a child */
	for (f = FIRST; f <= THIRD; f++) {
		next = memmem(data, n, SECOND, strlen(SECOND));
		size = next != NULL ? (size_t)(next + 1 - data) : n;
		put(f, data, size);
		if (next != NULL && f < THIRD) {
			data += size;
			n -= size;
		}
	}
	return 0;
}

/* what the target does with its streams; its last word is the first of them */
static const char *const *
words_of(const char **name)
{
	static const char *const all[][WORDS] = {
		{ "filter", "pkg-filter-status", "latest", "--unknown=keep",
		    "--edited", NULL },
		{ "select", "pkg-select", "--edited", "--on-missing=keep",
		    "-k", "dialog", "--deps", NULL },
		{ "full", "pkg-merge", "full", "--edited", "--allow",
		    "unrelated,empty,missing,languages", "--into",
		    files[OTHER].name, NULL },
		{ "incremental", "pkg-merge", "incremental", "--edited",
		    "--allow", "unrelated,empty,missing,languages", "--into",
		    files[OTHER].name, NULL },
		{ "diff", "pkg-diff", "--edited", "--json", "-",
		    files[OTHER].name, NULL },
		{ "check", "pkg-check", "--edited", NULL },
		{ "list", "pkg-vars", "--edited", "--json", "list", NULL },
		{ "redact", "pkg-vars", "--edited", "-f", "--originals",
		    "/dev/null", "redact", NULL },
		{ "rename", "pkg-rename", "--edited", "--prefix", "dialog:New ",
		    "--prefix", "intent:new.", NULL },
		{ "threeway", "pkg-merge", "three-way", "--edited", "--base",
		    files[FIRST].name, "--into", files[OTHER].name, "--prefer",
		    "theirs", files[THIRD].name, NULL },
	};
	size_t i;

	for (i = 0; i < sizeof(all) / sizeof(*all); i++) {
		if (strcmp(all[i][0], target) == 0) {
			*name = all[i][1];
			return all[i] + 2;
		}
	}
	return NULL;
}

/* whether the target writes no stream */
static int
only_tells(void)
{
	return strcmp(target, "diff") == 0 || strcmp(target, "check") == 0 ||
	    strcmp(target, "list") == 0;
}

/* what a filter makes of streams that pack packs, too */
static void
try_streams(const uint8_t *data, size_t n)
{
	const char *name = NULL;
	const char *const *words = words_of(&name);
	int whole;

	if (put_streams(data, n) == -1)
		return;
	whole = packs(FIRST, 1) && packs(OTHER, 1) &&
	    (strcmp(target, "threeway") != 0 || packs(THIRD, 1));
	if (words == NULL ||
	    run(FIRST, RESULT, name, words) != STATUS_DONE || only_tells())
		return;
	check_end(RESULT);
	target_must(!whole || packs(RESULT, 0), "what it wrote is packed");
}

/* what a patch of two streams makes of the one is the other */
static void
try_patch(const uint8_t *data, size_t n)
{
	const char *const diff[] = { "--edited", "--patch", "-",
	    files[OTHER].name, NULL };
	const char *const apply[] = { "apply", "--edited", "--into",
	    files[FIRST].name, NULL };
	static const char *const copy[] = { "--edited", NULL };
	int whole;

	if (put_streams(data, n) == -1)
		return;
	whole = packs(FIRST, 1) && packs(OTHER, 1);
	if (run(FIRST, THIRD, "pkg-diff", diff) > STATUS_FINDING)
		return;
	check_end(THIRD);
	if (run(THIRD, RESULT, "pkg-merge", apply) != STATUS_DONE) {
		target_must(!whole, "a patch is applied to its old stream");
		return;
	}
	if (run(OTHER, AGAIN, "pkg-select", copy) == STATUS_DONE)
		target_must(same_records(RESULT, AGAIN), "it gives the new");
}

/* a stream's @end, made true; a patch is taken with no other */
static void
mend_end(enum file f)
{
	static const char end[] = "{\"kind\":\"@end\"";
	struct hash_sum sum = { 0 };
	char text[HASH_TEXT], *p, *line, *next;
	unsigned long records = 0;
	size_t n;

	p = get(f, &n);
	line = strchr(p, '\n');
	while (line != NULL && strncmp(++line, end, strlen(end)) != 0 &&
	    (next = strchr(line, '\n')) != NULL) {
		hash_add(&sum, line, (size_t)(next - line));
		records++;
		line = next;
	}
	if (line != NULL) {
		hash_text(&sum, text);
		put(f, p, (size_t)(line - p));
		lseek(files[f].fd, 0, SEEK_END);
		dprintf(files[f].fd, "%s,\"records\":%lu,\"sum\":\"%s\"}\n",
		    end, records, text);
	}
	free(p);
}

/* a patch, and what it is to be done to */
static void
try_apply(const uint8_t *data, size_t n)
{
	const char *const words[] = { "apply", "--edited", "--into",
	    files[OTHER].name, NULL };

	if (put_streams(data, n) == -1)
		return;
	mend_end(FIRST);
	if (run(FIRST, RESULT, "pkg-merge", words) == STATUS_DONE)
		check_end(RESULT);
}

static void
try_option(const uint8_t *data, size_t n)
{
	static const char *const plain[] = { "-n", "botDefinition.json", NULL };
	const char *const map[] = { "--map", files[OTHER].name, "-n",
	    "botDefinition.json", NULL };
	const char *const states[] = { "published", "--unknown=keep",
	    "--states", files[OTHER].name, NULL };
	const char *const request[] = { "--request", files[OTHER].name, NULL };

	put(OTHER, data, n);
	put(PACKED, PACKAGE, strlen(PACKAGE));
	if (strcmp(target, "map") == 0) {
		run(PACKED, RESULT, "pkg-unpack", map);
		return;
	}
	target_must(run(PACKED, FIRST, "pkg-unpack", plain) == 0,
	    "the package that is good is unpacked");
	if (strcmp(target, "states") == 0)
		run(FIRST, RESULT, "pkg-filter-status", states);
	else
		run(FIRST, RESULT, "pkg-select", request);
}

static const struct {
	const char *name;
	void (*try)(const uint8_t *, size_t);
} targets[] = {
	{ "definition", try_package }, { "zip", try_package },
	{ "filter", try_streams }, { "select", try_streams },
	{ "full", try_streams }, { "incremental", try_streams },
	{ "diff", try_streams }, { "check", try_streams },
	{ "list", try_streams }, { "redact", try_streams },
	{ "rename", try_streams }, { "apply", try_apply },
	{ "threeway", try_streams }, { "patch", try_patch },
	{ "pack", try_streams }, { "map", try_option },
	{ "states", try_option }, { "request", try_option },
};

/* ---- the fuzzer's side */

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	static struct registry maps;	/* read once */
	struct diag d = { .program = "tool" };
	const char *dash = strrchr((*argv)[0], '-');
	int i;

	(void)argc;
	if (registry_prepare(&d, &maps) == -1)
		errx(1, "the maps");
	options_ready = &maps;
	target = dash != NULL ? dash + 1 : "";
	for (i = 0; i < FILES; i++) {
		if ((files[i].fd = memfd_create("file", 0)) == -1)
			err(1, "memfd_create");
		snprintf(files[i].name, NAME, "/proc/self/fd/%d", files[i].fd);
	}
	for (i = 0; i < 3; i++)
		standard[i] = dup(i);
	/* messages of the tools are caught, those of the sanitizers not */
	if (__sanitizer_set_report_fd != NULL)
		__sanitizer_set_report_fd((void *)(intptr_t)standard[2]);
	return 0;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	size_t i;

	for (i = 0; i < sizeof(targets) / sizeof(*targets); i++) {
		if (strcmp(targets[i].name, target) == 0) {
			targets[i].try(data, n);
			return 0;
		}
	}
	errx(1, "%s: no such target", target);
}
