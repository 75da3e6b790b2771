/* SPDX-License-Identifier: ISC */
/*
 * generate: write an invented Kore.ai export of any size and shape.
 * The same options give the same bytes, in the same memory for any size.
 */
#include <sys/stat.h>

#include <err.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "kore.h"
#include "out.h"

/* Sizes follow from apps of so many dialogs and of eight times as many. */
enum { PROBE = 64 };

static const struct style styles[] = {
	{ "indent4", ' ', 4 },
	{ "indent2", ' ', 2 },
	{ "tab", '\t', 1 },
	{ "compact", ' ', 0 },
};

/* A PNG of one green pixel. */
static const unsigned char icon[] = {
	0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a, 0x00, 0x00, 0x00, 0x0d,
	0x49, 0x48, 0x44, 0x52, 0x00, 0x00, 0x00, 0x01, 0x00, 0x00, 0x00, 0x01,
	0x08, 0x02, 0x00, 0x00, 0x00, 0x90, 0x77, 0x53, 0xde, 0x00, 0x00, 0x00,
	0x0c, 0x49, 0x44, 0x41, 0x54, 0x78, 0xda, 0x63, 0xd0, 0xab, 0x35, 0x02,
	0x00, 0x01, 0xba, 0x00, 0xde, 0xfa, 0x77, 0x6c, 0x24, 0x00, 0x00, 0x00,
	0x00, 0x49, 0x45, 0x4e, 0x44, 0xae, 0x42, 0x60, 0x82,
};

/*
 * Files and sizes.
 */

/* Everything that follows from the number of dialogs. */
static void
set_dialogs(struct app *a, uint64_t dialogs, bool big)
{
	a->dialogs = dialogs;
	a->components = dialogs * SLOTS + (big ? 1 : 0);
	for (a->halfbits = 1; UINT64_C(1) << 2 * a->halfbits < a->components;)
		a->halfbits++;
}

static uint64_t
measure(struct app *a, uint64_t dialogs, uint64_t extra)
{
	set_dialogs(a, dialogs, false);
	a->extra = extra;
	a->file = NULL;
	a->gone = a->used = 0;
	put_definition(a);
	return a->gone + a->used;
}

/*
 * As many dialogs as the size holds. A small app is measured as a whole, and
 * what is left is filled with utterances; a large one follows from two probes.
 */
static uint64_t
plan(struct app *a)
{
	uint64_t target = a->size > a->big ? a->size - a->big : 0;
	uint64_t low = measure(a, PROBE, 0), dialogs, each, sentence, got;

	each = (measure(a, 8 * PROBE, 0) - low) / (7 * PROBE);
	sentence = (measure(a, PROBE, PROBE) - low) / PROBE;
	a->extra = 0;
	if (target > low + 32 * PROBE * each)
		return PROBE + (target - low) / each;
	dialogs = target / each + 1;
	while ((got = measure(a, dialogs, 0)) > target && dialogs > 1)
		dialogs -= (got - target) / each < dialogs - 1 ?
		    (got - target + each - 1) / each : dialogs - 1;
	if (a->utterances > 0 && got < target)
		a->extra = (target - got) / sentence;
	return dialogs;
}

static void
open_file(struct app *a, const char *name)
{
	a->name = name;
	a->gone = a->used = 0;
	if ((a->file = fopen(name, "wb")) == NULL)
		err(4, "%s/%s", a->dir, name);
}

static void
close_file(struct app *a, bool newline)
{
	if (newline)
		str(a, "\n");
	flush(a);
	if (fflush(a->file) == EOF || fclose(a->file) == EOF)
		err(4, "%s", a->name);
}

static void
write_package(struct app *a)
{
	if (mkdir(a->dir, 0777) == -1 && errno != EEXIST)
		err(4, "%s", a->dir);
	if (chdir(a->dir) == -1)
		err(4, "%s", a->dir);
	open_file(a, a->xo11 ? "appDefinition.json" : "botDefinition.json");
	put_definition(a);
	close_file(a, a->newline);
	open_file(a, "config.json");
	put_config(a);
	close_file(a, a->newline);
	open_file(a, "icon.png");
	raw(a, (const char *)icon, sizeof icon);
	close_file(a, false);
}

static void
write_stdout(struct app *a)
{
	a->name = "<stdout>";
	a->gone = a->used = 0;
	a->file = stdout;
	put_definition(a);
	close_file(a, a->newline);
}

static void
usage(void)
{
	fputs("usage: generate [-b size] [-d dialogs | -s size]\n"
	    "           [-e xo10 | xo11] [-m configured | published | twin]\n"
	    "           [-n] [-o directory] [-r seed] [-u utterances]\n"
	    "           [-y compact | indent2 | indent4 | tab]\n", stderr);
	exit(2);
}

/* A number of at least min, at most max; a size may end in K, M or G. */
static uint64_t
number(const char *s, bool size, uint64_t min, uint64_t max)
{
	static const char units[] = "KMG";
	const char *unit;
	uintmax_t value;
	char *end;

	errno = 0;
	value = strtoumax(s, &end, 10);
	if (errno != 0 || *s < '0' || *s > '9')
		usage();
	if (size && *end != '\0' && (unit = strchr(units, *end)) != NULL) {
		for (; unit >= units && value <= max; unit--)
			value *= 1024;
		end++;
	}
	if (*end != '\0' || value < min || value > max)
		usage();
	return value;
}

/* The place of a word among those that may stand there. */
static int
choice(const char *word, const char *const *names)
{
	int i;

	for (i = 0; names[i] != NULL; i++)
		if (strcmp(word, names[i]) == 0)
			return i;
	usage();
	return 0;
}

static const struct style *
find_style(const char *name)
{
	size_t i;

	for (i = 0; i < sizeof styles / sizeof *styles; i++)
		if (strcmp(name, styles[i].name) == 0)
			return &styles[i];
	usage();
	return NULL;
}

/* Gives the number of dialogs asked for, 0 if none was. */
static uint64_t
options(struct app *a, int argc, char *argv[])
{
	static const char *const editions[] = { "xo10", "xo11", NULL };
	static const char *const modes[] = {
		[CONFIGURED] = "configured", [PUBLISHED] = "published",
		[TWIN] = "twin", NULL
	};
	const uint64_t most = UINT64_C(1) << 44;
	uint64_t dialogs = 0;
	int c;

	while ((c = getopt(argc, argv, "b:d:e:m:no:r:s:u:y:")) != -1)
		switch (c) {
		case 'b': a->big = number(optarg, true, 1, most); break;
		case 'd': dialogs = number(optarg, false, 1, 1 << 28); break;
		case 'e': a->xo11 = choice(optarg, editions); break;
		case 'm': a->mode = choice(optarg, modes); break;
		case 'n': a->newline = true; break;
		case 'o': a->dir = optarg; break;
		case 'r': a->seed = number(optarg, false, 0, most); break;
		case 's': a->size = number(optarg, true, 1, most); break;
		case 'u': a->utterances = number(optarg, false, 0, most); break;
		case 'y': a->style = find_style(optarg); break;
		default: usage();
		}
	if (optind < argc || (dialogs > 0 && a->size > 0))
		usage();
	return dialogs;
}

int
main(int argc, char *argv[])
{
	static struct app app = {
		.seed = 1, .utterances = 10, .style = styles
	};
	uint64_t dialogs = options(&app, argc, argv);

	app.langs = 1 + app.seed % 2;
	if (app.size > 0)
		dialogs = plan(&app);
	else if (dialogs == 0)
		dialogs = 10;
	set_dialogs(&app, dialogs, app.big > 0);
	if (app.dir != NULL)
		write_package(&app);
	else
		write_stdout(&app);
	return 0;
}
