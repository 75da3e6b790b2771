/* SPDX-License-Identifier: ISC */
/*
 * What every tool's command line has, and its main() does in the same way.
 */
#ifndef CMD_OPTIONS_H
#define CMD_OPTIONS_H

#include <stddef.h>
#include <stdint.h>	/* sizes pass 4 GiB */

#include "base/diag.h"	/* who speaks */

struct option;

/* how much longer a line may be than the value in it */
#define MAX_ENVELOPE ((uint64_t)16 << 20)

/* the options of all tools */
struct common {
	struct diag diag;
	const char *usage;	/* the text of -h */
	const char *map;	/* --map: a file */
	const char *report;	/* --report: a file */
	uint64_t max_component;	/* --max-component: bytes of a value */
	unsigned max_depth;	/* --max-depth: containers in each other */
};

/* their long forms without a letter; a tool's own begin at COMMON_OWN */
enum {
	COMMON_MAP = 256, COMMON_MAX_COMPONENT, COMMON_MAX_DEPTH,
	COMMON_REPORT, COMMON_OWN
};

/* rows for getopt_long(3), and letters for its short options */
#define COMMON_OPTIONS \
	{ "help", no_argument, NULL, 'h' }, \
	{ "map", required_argument, NULL, COMMON_MAP }, \
	{ "max-component", required_argument, NULL, COMMON_MAX_COMPONENT }, \
	{ "max-depth", required_argument, NULL, COMMON_MAX_DEPTH }, \
	{ "quiet", no_argument, NULL, 'q' }, \
	{ "report", required_argument, NULL, COMMON_REPORT }, \
	{ "verbose", no_argument, NULL, 'v' }, \
	{ "version", no_argument, NULL, 'V' }, \
	{ 0 }
#define COMMON_LETTERS "hqvV"

/* and their lines in a usage text */
#define COMMON_USAGE \
"      --map FILE        read the map of the platform from FILE\n" \
"      --max-component SIZE  the largest component taken (64M)\n" \
"      --max-depth N     how deep JSON may nest (1024)\n" \
"      --report FILE     write what was done to FILE, as JSON\n" \
"  -q, --quiet           no warnings, no progress\n" \
"  -v, --verbose         tell what was done\n" \
"  -V, --version         print the version\n" \
"  -h, --help            print this\n"

/*
 * Begin: program speaks, the options have their defaults, and a dead pipe
 * ends us quietly, whoever started us.
 */
void	common_begin(struct common *, const char *program, const char *usage);

/*
 * The next option, as getopt_long(3) gives it; letters begin with ":".  One
 * that is wrong ends the program (exit 2) with a sentence that says why.
 */
int	common_next(const struct common *, int argc, char *const *argv,
	    const char *letters, const struct option *);

/* take an option that all tools have */
void	common_option(struct common *, int option, const char *arg);

/* an option's size, or the end of the program (exit 2) with a message */
uint64_t common_size(const struct common *, const char *option,
	    const char *text);

/* the exit status of a program whose run returned 0 or -1 */
int	common_end(struct common *, int rc);

/* say what the command line lacks, or (found) what it has instead; exit 2 */
void	common_wrong(const struct common *, const char *what,
	    const char *found) __attribute__((noreturn));

#endif
