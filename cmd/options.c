/* SPDX-License-Identifier: ISC */
/*
 * What every tool's command line has, and its main() does in the same way.
 */
#include "cmd/options.h"

#include <fcntl.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/size.h"
#include "base/suggest.h"

/* unless the user says more */
#define MAX_COMPONENT ((uint64_t)64 << 20)
#define MAX_DEPTH 1024

/* there is an entry in memory for each level allowed */
#define DEEPEST (1U << 20)

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

void
common_begin(struct common *c, const char *program, const char *usage)
{
	*c = (struct common){ .diag.program = program, .usage = usage,
	    .max_component = MAX_COMPONENT, .max_depth = MAX_DEPTH };
	hold_descriptors();
	signal(SIGPIPE, SIG_DFL);
	/* so that the messages of a pipeline's stages do not mix in a line */
	setvbuf(stderr, NULL, _IOLBF, BUFSIZ);
}

/* what is wrong with the command line, and where help is; exit 2 */
static void __attribute__((noreturn))
fail(const struct common *c, struct buf *what)
{
	struct diag d = c->diag;
	const char *text = buf_str(what);

	diag_fail(&d, STATUS_USAGE, NULL, "%s%s see %s -h", text,
	    text[what->len - 1] == '?' ? "" : ";", d.program);
	buf_free(what);
	exit(STATUS_USAGE);
}

void
common_wrong(const struct common *c, const char *what, const char *found)
{
	struct buf b = {0};

	buf_adds(&b, what);
	if (found != NULL)
		buf_printf(&b, ", found \"%s\"", found);
	fail(c, &b);
}

uint64_t
common_size(const struct common *c, const char *option, const char *text)
{
	struct buf b = {0};
	uint64_t v;

	if ((v = size_read(text)) != 0)
		return v;
	buf_printf(&b, "--%s: expected a size such as 512K, 64M or 4G, found "
	    "\"%s\"", option, text);
	fail(c, &b);
}

/* an option's number, or the end of the program */
static unsigned
number(const struct common *c, const char *option, const char *text,
    unsigned most)
{
	struct buf b = {0};
	unsigned long v;
	char *end;

	v = strtoul(text, &end, 10);
	if (*text >= '0' && *text <= '9' && *end == '\0' && v > 0)
		return v < most ? (unsigned)v : most;
	buf_printf(&b, "--%s: expected a number from 1 to %u, found \"%s\"",
	    option, most, text);
	fail(c, &b);
}

/* the option that stands for a number: its long name, else its letter */
static void
put_option(struct buf *b, const struct option *o, int number)
{
	for (; o->name != NULL; o++) {
		if (o->val == number) {
			buf_printf(b, "--%s", o->name);
			return;
		}
	}
	buf_printf(b, "-%c", number);
}

/* an option by a long name that no option has, or that several begin with */
static void
put_unknown(struct buf *b, const struct option *o, const char *arg)
{
	struct buf word = {0}, name = {0}, more = {0};
	struct suggestion nearest = {0};

	buf_add(&word, arg, strcspn(arg, "="));
	nearest.word = buf_str(&word);
	for (; o->name != NULL; o++) {
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
fail_option(const struct common *c, const struct option *o, int got,
    char *const *argv)
{
	const char *arg = argv[optind - 1];
	struct buf b = {0};

	if (got == ':') {
		put_option(&b, o, optopt);
		buf_adds(&b, " needs a value");
	} else if (optopt == 0) {
		put_unknown(&b, o, arg);
	} else if (strncmp(arg, "--", 2) == 0 && strchr(arg, '=') != NULL) {
		put_option(&b, o, optopt);
		buf_printf(&b, " takes no value, found \"%s\"",
		    strchr(arg, '=') + 1);
	} else {
		buf_printf(&b, "there is no option -%c", optopt);
	}
	fail(c, &b);
}

int
common_next(const struct common *c, int argc, char *const *argv,
    const char *letters, const struct option *options)
{
	int got;

	opterr = 0;
	got = getopt_long(argc, argv, letters, options, NULL);
	if (got == '?' || got == ':')
		fail_option(c, options, got, argv);
	return got;
}

/* print to stdout, as asked, and end the program */
static void
print(const char *program, const char *text)
{
	fprintf(stdout, "%s%s", program, text);
	exit(fflush(stdout) == 0 ? STATUS_DONE : STATUS_IO);
}

void
common_option(struct common *c, int option, const char *arg)
{
	switch (option) {
	case 'h':
		print("", c->usage);
		break;
	case 'q':
		c->diag.quiet = 1;
		break;
	case 'v':
		c->diag.verbose = 1;
		break;
	case 'V':
		print(c->diag.program, " " VERSION "\n");
		break;
	case COMMON_MAP:
		c->map = arg;
		break;
	case COMMON_MAX_COMPONENT:
		c->max_component = common_size(c, "max-component", arg);
		break;
	case COMMON_MAX_DEPTH:
		c->max_depth = number(c, "max-depth", arg, DEEPEST);
		break;
	case COMMON_REPORT:
		c->report = arg;
		break;
	}
}

int
common_end(struct common *c, int rc)
{
	(void)diag_settle(&c->diag, rc);
	return (int)c->diag.status;
}
