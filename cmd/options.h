/* SPDX-License-Identifier: ISC */
/*
 * A tool's command line: one table of its options says all that there is to
 * know of them, and main() is one call.
 *
 * From the table come what getopt_long(3) wants, the text of -h (usage.h),
 * what "by" in @stream says, and which files the run reads and writes.  The
 * completions of the shells are made of the text of -h: scripts/completions.
 */
#ifndef CMD_OPTIONS_H
#define CMD_OPTIONS_H

#include <stddef.h>

#include "cmd/option_spec.h"	/* the table */

struct buf;
struct counts;
struct input_options;
struct registry;
struct twopass;

/* maps that this process has open already: the batch sets it before fork(2) */
extern const struct registry *options_ready;

/*
 * A tool's main(): read the command line into a struct command, whose own
 * members have their defaults, and run it.  A command line that is wrong ends
 * the program (exit 2) with a sentence that says why.  Returns the exit
 * status, which is 0 only if run() returned 0.
 */
int	options_main(const struct tool *, struct command *, int argc,
	    char **argv);

/*
 * The bit of the mode that an operand (NULL: there is none) names, which is
 * recorded.  What is no mode ends the program; so does an option that was
 * given and is neither for this mode nor for one of more, bits of others.
 */
unsigned options_mode(struct common *, const char *operand, unsigned more);

/* words as a choice, "a, b or c", of those whose bits are given */
void	options_choice(struct buf *, const char *const *words, unsigned bits);

/* the only operand that is left: a file, or NULL for standard input */
const char *options_file(const struct common *, const char *what,
	    char *const *operands, size_t n);

/*
 * Check, before anything is done, that no file which the options say is
 * written is another one of the run (files_check()): more of those that are
 * read may be given, NULL for standard input, which only one may be.  0, or -1
 * after a message.
 */
int	options_check_files(struct common *, const char *const *reads,
	    size_t n);

/* how the run reads its streams; --edited is set already */
void	options_input(const struct common *, struct input_options *);

/*
 * The same of a run that reads one stream twice, which is opened.  0, or -1
 * after a message; options_end() in any case.
 */
int	options_begin(struct common *, const char *input,
	    struct input_options *, struct twopass *);

/*
 * The end of a run that read a stream (NULL: standard input), wrote something,
 * and returned rc: its maps and standard output are closed, and the counts
 * and figures reported.  0 or -1.
 */
int	options_end_stream(struct common *, const char *input,
	    const struct counts *, int rc);

/*
 * The same of a run that read its stream twice, began with options_begin(),
 * and wrote so many records and bytes: what it opened is closed first.
 */
int	options_end(struct common *, const char *input, struct twopass *,
	    uint64_t records, uint64_t bytes, int rc);

/* say that an option's value is wrong, and why; exit 2 */
void	options_refuse(const struct common *, const struct option_spec *,
	    const char *why, const char *found) __attribute__((noreturn));

/* say what the command line lacks, or (found) what it has instead; exit 2 */
void	options_wrong(const struct common *, const char *what,
	    const char *found) __attribute__((noreturn));

#endif
