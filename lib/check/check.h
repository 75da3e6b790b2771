/* SPDX-License-Identifier: ISC */
/*
 * Whether a package will import, and work: rules asked of a stream.
 *
 * The stream is read twice.  The first time the graph is made of it, and rules
 * take down what they must know of all records; then they judge what needs no
 * value, and mark the records; the second time the findings are made of those
 * that are marked, in the order of the stream.  Files in which something was
 * found are put together again to count their lines.
 *
 * The folder, in the order to read it: this; rules.h, their table;
 * check_priv.h, what the files share; kinds.c, finding.c; a file for each sort
 * of rule: references.c, identity.c, phrases.c, language.c, secret.c,
 * outside.c, variable.c, state.c; then lines.c and print.c.
 */
#ifndef CHECK_CHECK_H
#define CHECK_CHECK_H

#include <stdint.h>	/* counts */

#include "check/rules.h"	/* how many severities there are */
#include "stream/input.h"	/* how the stream is read */

struct diag;
struct registry;
struct room;
struct twopass;

/* how findings are printed */
enum check_format { CHECK_DEFAULT, CHECK_TEXT, CHECK_JSON, CHECK_SARIF,
    CHECK_JUNIT };

struct check_options {
	struct input_options input;
	unsigned format;	/* enum check_format */
	const char *baseline;	/* findings known before: a file, or NULL */
	uint8_t without[RULES];	/* these are not asked */
	const char *version;	/* of the program */
};

/* what came of it */
struct checked {
	uint64_t records, bytes;
	uint64_t found[CHECK_SEVERITIES];	/* not known before */
	uint64_t known;
};

/*
 * Ask the rules of a stream, and print to standard output what they find.  0,
 * or -1 after a message; findings are no failure.
 */
int	check(struct diag *, const struct check_options *, struct twopass *,
	    struct room *, struct registry *, struct checked *);

#endif
