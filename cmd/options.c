/* SPDX-License-Identifier: ISC */
/*
 * A tool's command line.
 */
#include "cmd/options.h"

#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bigarray.h"
#include "base/fd.h"
#include "base/lines.h"
#include "base/size.h"
#include "base/suggest.h"
#include "cmd/files.h"
#include "cmd/report.h"
#include "cmd/usage.h"
#include "map/registry.h"
#include "stream/stream.h"
#include "stream/twopass.h"

/* unless the user says more */
#define MAX_COMPONENT ((uint64_t)64 << 20)
#define MAX_DEPTH 1024

/* there is an entry in memory for each level allowed */
#define DEEPEST (1U << 20)

/* getopt_long(3) returns a letter, or this and the number of the row */
#define ROW 256

const struct registry *options_ready;

/*
 * A closed standard descriptor must not become that of a file of ours: put
 * something there that fails with EBADF, as what is closed does.
 */
static void
hold_descriptors(void)
{
	int fd;

	for (fd = 0; fd <= 2; fd++) {
		if (fcntl(fd, F_GETFD) == -1 && open("/dev/null",
		    fd == 0 ? O_WRONLY : O_RDONLY) != fd)
			_exit(STATUS_IO);
	}
}

/*
 * The options have their defaults, and a dead pipe ends us quietly, whoever
 * started us.
 */
static void
begin(struct common *c, const struct tool *t)
{
	*c = (struct common){ .tool = t, .diag.program = t->name,
	    .max_component = MAX_COMPONENT, .max_depth = MAX_DEPTH,
	    .room.cap = ROOM, .maps.ready = options_ready };
	c->room.diag = &c->diag;
	memory_map_large();
	hold_descriptors();
	fd_widen(STDIN_FILENO);
	fd_widen(STDOUT_FILENO);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGXFSZ, SIG_IGN);	/* a write fails, and that is said */
	/* so that the messages of a pipeline's stages do not mix in a line */
	setvbuf(stderr, NULL, _IOLBF, BUFSIZ);
}

/* what is wrong with the command line, and where help is; exit 2 */
static void __attribute__((noreturn))
end_wrong(const struct common *c, struct buf *what)
{
	struct diag d = c->diag;
	const char *text = buf_str(what);

	diag_fail(&d, STATUS_USAGE, NULL, "%s%s see %s -h", text,
	    text[what->len - 1] == '?' ? "" : ";", d.program);
	buf_free(what);
	exit(STATUS_USAGE);
}

void
options_wrong(const struct common *c, const char *what, const char *found)
{
	struct buf b = {0};

	buf_adds(&b, what);
	if (found != NULL)
		buf_printf(&b, ", found \"%s\"", found);
	end_wrong(c, &b);
}

/* what an option is called */
static void
put_name(struct buf *b, const struct option_spec *o)
{
	if (o->flags & OPTION_BY_LETTER)
		buf_printf(b, "-%c", o->letter);
	else
		buf_printf(b, "--%s", o->name);
}

void
options_refuse(const struct common *c, const struct option_spec *o,
    const char *why, const char *found)
{
	struct buf b = {0};

	put_name(&b, o);
	buf_printf(&b, ": %s", why);
	options_wrong(c, buf_str(&b), found);
}

void
options_choice(struct buf *b, const char *const *words, unsigned bits)
{
	unsigned i, last = 0, n = 0;

	for (i = 0; words[i] != NULL; i++) {
		if (bits & 1u << i)
			last = i;
	}
	for (i = 0; i <= last; i++) {
		if (bits & 1u << i)
			buf_printf(b, "%s%s", n++ == 0 ? "" : i == last ?
			    " or " : ", ", words[i]);
	}
}

/* end the program if an option was given that is for none of these modes */
static void
only_modes(const struct common *c, unsigned modes)
{
	const struct option_spec *o;
	struct buf b = {0};
	size_t i;

	for (i = 0; (o = option_spec_row(c->tool, i)) != NULL; i++) {
		if (!(c->given & (uint64_t)1 << i) || o->modes == 0 ||
		    o->modes & modes)
			continue;
		put_name(&b, o);
		buf_adds(&b, " is for ");
		options_choice(&b, c->tool->modes, o->modes);
		end_wrong(c, &b);
	}
}

unsigned
options_mode(struct common *c, const char *operand, unsigned more)
{
	const char *const *words = c->tool->modes;
	struct buf b = {0};
	unsigned i = 0, bits;

	while (words[i] != NULL && words[i][0] != '-' && (operand == NULL ||
	    strcmp(words[i], operand) != 0))
		i++;
	if (words[i] == NULL || words[i][0] == '-') {
		bits = (1u << i) - 1;
		buf_adds(&b, "expected ");
		options_choice(&b, words, bits);
		options_wrong(c, buf_str(&b), operand);
	}
	only_modes(c, 1u << i | more);
	stream_put_option(&c->by, operand, NULL);
	return 1u << i;
}

/* an option's size, or the end of the program */
static uint64_t
size_of(const struct common *c, const struct option_spec *o, const char *text)
{
	uint64_t v;

	if ((v = size_read(text)) == 0)
		options_refuse(c, o, "expected a size such as 512K, 64M or 4G",
		    text);
	return v;
}

/* an option's number, or the end of the program */
static unsigned
number_of(const struct common *c, const struct option_spec *o,
    const char *text)
{
	unsigned most = o->most > 0 ? o->most : DEEPEST;
	struct buf b = {0};
	unsigned long v;
	char *end;

	v = strtoul(text, &end, 10);
	if (*text >= '0' && *text <= '9' && *end == '\0' && v > 0 &&
	    v <= most)
		return (unsigned)v;
	buf_printf(&b, "expected a number from 1 to %u", most);
	options_refuse(c, o, buf_str(&b), text);
}

/* whether an option's value must be one of some words */
static int
has_words(const struct option_spec *o)
{
	return o->argument != NULL && strchr(o->argument, '|') != NULL;
}

/* which of an option's words a value is, from 1, or the end of the program */
static unsigned
word_of(const struct common *c, const struct option_spec *o, const char *text)
{
	struct buf b = {0};
	const char *word;
	unsigned n = 1;
	size_t len;

	buf_adds(&b, "expected ");
	for (word = o->argument;; word += len + 1, n++) {
		len = strcspn(word, "|");
		if (strlen(text) == len && memcmp(text, word, len) == 0) {
			buf_free(&b);
			return n;
		}
		buf_add(&b, word, len);
		if (word[len] == '\0')
			break;
		buf_adds(&b, strchr(word + len + 1, '|') != NULL ? ", " :
		    " or ");
	}
	options_refuse(c, o, buf_str(&b), text);
}

/* the row of the option that getopt_long(3) has a number for */
static size_t
row_of(const struct tool *t, int number)
{
	const struct option_spec *o;
	size_t i = 0;

	if (number >= ROW)
		return (size_t)(number - ROW);
	while ((o = option_spec_row(t, i)) != NULL && o->letter != number)
		i++;
	return i;
}

static const struct option_spec *
option_of(const struct tool *t, int number)
{
	return option_spec_row(t, row_of(t, number));
}

/* an option by a long name that no option has, or that several begin with */
static void
put_unknown(struct buf *b, const struct tool *t, const char *arg)
{
	struct buf word = {0}, name = {0}, more = {0};
	struct suggestion nearest = {0};
	const struct option_spec *o;
	size_t i;

	buf_add(&word, arg, strcspn(arg, "="));
	nearest.word = buf_str(&word);
	for (i = 0; (o = option_spec_row(t, i)) != NULL; i++) {
		name.len = 0;
		buf_printf(&name, "--%s", o->name);
		if (strncmp(buf_str(&name), nearest.word, word.len) == 0)
			buf_printf(&more, "%s%s", more.len > 0 ? " or " : "",
			    name.ptr);
		suggest_try(&nearest, name.ptr, name.len);
	}
	if (more.len > 0) {
		buf_printf(b, "%s is short for %s", nearest.word,
		    buf_str(&more));
	} else {
		buf_printf(b, "there is no option %s", nearest.word);
		suggest_put(&nearest, b);
	}
	suggest_free(&nearest);
	buf_free(&name);
	buf_free(&more);
	buf_free(&word);
}

/* say what getopt_long(3) found wrong, with the words of the command line */
static void __attribute__((noreturn))
fail_option(const struct common *c, int got, char *const *argv)
{
	const struct option_spec *o = option_of(c->tool, optopt);
	const char *arg = argv[optind - 1];
	struct buf b = {0};

	if (got == ':') {
		buf_printf(&b, "--%s needs a value", o->name);
	} else if (optopt == 0) {
		put_unknown(&b, c->tool, arg);
	} else if (o != NULL) {	/* one by its long name */
		buf_printf(&b, "--%s takes no value, found \"%s\"", o->name,
		    strchr(arg, '=') + 1);
	} else {
		buf_printf(&b, "there is no option -%c", optopt);
	}
	end_wrong(c, &b);
}

/* print to stdout, as asked, and end the program */
static void __attribute__((noreturn))
print(struct buf *text)
{
	fwrite(text->ptr, 1, text->len, stdout);
	buf_free(text);
	exit(fflush(stdout) == 0 ? STATUS_DONE : STATUS_IO);
}

/* the options after which nothing is done */
static void
print_asked(const struct common *c, const struct option_spec *o)
{
	struct buf b = {0};

	if (o->letter == 'h') {
		usage_put(&b, c->tool);
		print(&b);
	}
	if (o->letter == 'V') {
		buf_printf(&b, "%s %s\n", c->tool->name, VERSION);
		print(&b);
	}
}

/* what follows a prefix must be one that takes it; next is NULL at the end */
static void
check_prefix(struct common *c, const struct option_spec *next)
{
	const struct option_spec *o;
	struct buf b = {0};
	char last = '\0';
	size_t i;

	if (c->prefix == NULL || (next != NULL &&
	    next->flags & OPTION_PREFIXED))
		return;
	buf_printf(&b, "-%c: expected ", c->prefix->letter);
	for (i = 0; (o = option_spec_row(c->tool, i)) != NULL; i++) {
		if (!(o->flags & OPTION_PREFIXED))
			continue;
		if (last != '\0')
			buf_printf(&b, "-%c, ", last);
		last = (char)o->letter;
	}
	b.len -= 2;
	buf_printf(&b, " or -%c right after it", last);
	end_wrong(c, &b);
}

/* what @stream is to have of an option */
static void
record(struct common *c, const struct option_spec *o, const char *arg)
{
	struct buf name = {0};

	if (!(o->flags & (OPTION_RECORD | OPTION_RECORD_VALUE)))
		return;
	put_name(&name, o);
	stream_put_option(&c->by, buf_str(&name),
	    o->flags & OPTION_RECORD_VALUE ? arg : NULL);
	buf_free(&name);
}

/* where an option's value goes */
static void *
place_of(struct common *c, const struct option_spec *o)
{
	return (char *)c + o->offset;
}

/* put an option's value where it goes */
static void
set_value(struct common *c, const struct option_spec *o, const char *arg)
{
	unsigned word = !has_words(o) ? 0 : arg == NULL ? 1 :
	    word_of(c, o, arg);
	void *to = place_of(c, o);

	switch (o->type) {
	case OPTION_NOTHING:
		break;
	case OPTION_FLAG:
		*(int *)to = 1;
		break;
	case OPTION_TEXT:
		if (o->flags & (OPTION_READ | OPTION_WRITTEN) &&
		    arg != NULL && *arg == '\0')
			options_refuse(c, o, "expected the name of a file",
			    arg);
		*(const char **)to = arg;
		break;
	case OPTION_SIZE:
		*(uint64_t *)to = size_of(c, o, arg);
		break;
	case OPTION_NUMBER:
		*(unsigned *)to = word > 0 ? word : number_of(c, o, arg);
		break;
	}
}

static void
set_option(struct common *c, struct command *command, size_t row,
    const char *arg)
{
	const struct option_spec *o = option_spec_row(c->tool, row);

	check_prefix(c, o);
	print_asked(c, o);
	set_value(c, o, arg);
	record(c, o, arg);
	if (o->set != NULL)
		o->set(command, o, arg);
	c->prefix = o->flags & OPTION_PREFIX ? o : NULL;
	c->given |= (uint64_t)1 << row;
}

/* what getopt_long(3) wants: letters, and rows; both yours to free */
static struct option *
make_table(const struct tool *t, struct buf *letters)
{
	const struct option_spec *o;
	struct option *table;
	size_t i, n = 0;

	while (option_spec_row(t, n) != NULL)
		n++;
	table = xcalloc(n + 1, sizeof(*table));
	buf_addc(letters, ':');
	for (i = 0; i < n; i++) {
		o = option_spec_row(t, i);
		table[i] = (struct option){ o->name, o->argument == NULL ?
		    no_argument : o->flags & OPTION_OPTIONAL ?
		    optional_argument : required_argument, NULL,
		    o->letter != 0 ? o->letter : ROW + (int)i };
		if (o->letter != 0)
			buf_printf(letters, "%c%s", o->letter,
			    o->argument != NULL ? ":" : "");
	}
	return table;
}

/* all options of the command line; the operands begin at optind */
static void
read_options(struct common *c, struct command *command, int argc,
    char **argv)
{
	struct buf letters = {0};
	struct option *table = make_table(c->tool, &letters);
	int got;

	opterr = 0;
	while ((got = getopt_long(argc, argv, buf_str(&letters), table,
	    NULL)) != -1) {
		if (got == '?' || got == ':')
			fail_option(c, got, argv);
		set_option(c, command, row_of(c->tool, got), optarg);
	}
	check_prefix(c, NULL);
	free(table);
	buf_free(&letters);
}

const char *
options_file(const struct common *c, const char *what, char *const *operands,
    size_t n)
{
	struct buf b = {0};

	if (n > 1) {
		buf_printf(&b, "expected one %s, found \"%s\"", what,
		    operands[1]);
		end_wrong(c, &b);
	}
	return n == 1 && strcmp(operands[0], "-") != 0 ? operands[0] : NULL;
}

void
options_input(const struct common *c, struct input_options *o)
{
	o->map = c->map;
	o->max_component = c->max_component;
	o->max_depth = c->max_depth;
}

int
options_check_files(struct common *c, const char *const *reads, size_t n)
{
	const char **all, **writes, *output = NULL, *name;
	const struct option_spec *o;
	size_t i, nwrites = 0, rows = 0;
	int rc;

	while (option_spec_row(c->tool, rows) != NULL)
		rows++;
	all = xcalloc(n + rows, sizeof(*all));
	writes = xcalloc(rows, sizeof(*writes));
	for (i = 0; i < n; i++)
		all[i] = reads[i] != NULL ? reads[i] : "-";
	for (i = 0; (o = option_spec_row(c->tool, i)) != NULL; i++) {
		if (o->type != OPTION_TEXT)
			continue;
		name = *(const char **)place_of(c, o);
		if (o->flags & OPTION_READ)
			all[n++] = name;
		else if (o->flags & OPTION_WRITTEN)
			writes[nwrites++] = name;
		else if (o->flags & OPTION_OUTPUT && name != NULL &&
		    !(o->flags & OPTION_STDOUT && strcmp(name, "-") == 0))
			output = name;
	}
	rc = files_check(&c->diag, all, n, writes, nwrites, output);
	if (rc == 0)
		rc = report_check(&c->diag, c->report);
	free(all);
	free(writes);
	return rc;
}

int
options_end_stream(struct common *c, const char *input,
    const struct counts *counts, int rc)
{
	struct report report = { .input = input, .stream = 1,
	    .counts = *counts, .finding = c->finding,
	    .more = c->figures.len > 0 ? buf_str(&c->figures) : NULL };

	registry_close(&c->maps);
	if (rc == 0)
		rc = output_end(&c->diag);
	return report_end(&c->diag, &report, c->report, rc);
}

int
options_begin(struct common *c, const char *file, struct input_options *o,
    struct twopass *in)
{
	options_input(c, o);
	return twopass_open(in, &c->diag, file, o);
}

int
options_end(struct common *c, const char *file, struct twopass *in,
    uint64_t records, uint64_t bytes, int rc)
{
	struct counts counts = { .records = records,
	    .bytes_in = in->in.lines.taken, .bytes_out = bytes };

	twopass_close(in);
	return options_end_stream(c, file, &counts, rc);
}

/* every tool takes --report: one that writes none is wrong, not its user */
static int
check_report(struct common *c)
{
	struct place at = { .input = c->report, .offset = DIAG_NOWHERE };

	if (c->report == NULL || c->diag.reported)
		return 0;
	return diag_fail(&c->diag, STATUS_IO, &at, "no report was written: "
	    "the run of %s ends without report_end()", c->tool->name);
}

int
options_main(const struct tool *t, struct command *command, int argc,
    char **argv)
{
	struct common *c = (struct common *)(void *)command;
	int rc;

	begin(c, t);
	read_options(c, command, argc, argv);
	rc = t->run(command, argv + optind, (size_t)(argc - optind));
	if (rc == 0)
		rc = check_report(c);
	buf_free(&c->by);
	buf_free(&c->figures);
	(void)diag_settle(&c->diag, rc == 0 ? 0 : -1);
	return (int)c->diag.status;
}
