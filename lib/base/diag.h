/* SPDX-License-Identifier: ISC */
/*
 * Messages with their place, and the exit status they lead to.
 */
#ifndef BASE_DIAG_H
#define BASE_DIAG_H

#include <stddef.h>
#include <stdint.h>	/* uint64_t: lines and offsets pass 4 GiB */

/* exit codes of every tool: pkg-tools(7), EXIT STATUS */
enum status {
	STATUS_DONE = 0,
	STATUS_FINDING = 1,	/* a difference, a failed check */
	STATUS_USAGE = 2,
	STATUS_INPUT = 3,	/* the input is not what it should be */
	STATUS_IO = 4,		/* disk full, unreadable */
	STATUS_LIMIT = 5,	/* a limit, an option names another */
	STATUS_STREAM = 6	/* the stream is incomplete or altered */
};

/* no offset is known */
#define DIAG_NOWHERE UINT64_MAX

/* so many warnings of one kind are shown unless verbose, of so many kinds */
#define DIAG_SHOWN 20
#define DIAG_KINDS 16

/*
 * Where something is wrong; what is not known stays zero (the offset:
 * DIAG_NOWHERE).  All strings are borrowed.
 */
struct place {
	const char *input;	/* the operand; NULL: standard input */
	uint64_t line;		/* of a stream, from 1; 0: no line */
	const char *member;	/* path in the package */
	uint64_t offset;	/* bytes from the member's or input's start */
	const char *pointer;	/* RFC 6901 */
};

/* somewhere in a file that is named so; "-" is standard input */
static inline struct place
place_in(const char *file)
{
	return (struct place){ .input = file[0] == '-' && file[1] == '\0' ?
	    NULL : file, .offset = DIAG_NOWHERE };
}

/*
 * Who speaks and how much, and what came of it: one a program, set up by
 * main() and lent to all below.  No interior pointers.
 */
struct diag {
	const char *program;	/* borrowed */
	int verbose;		/* -v: also notes */
	int quiet;		/* -q: errors only */
	enum status status;	/* of the first error; STATUS_DONE: none */
	struct {
		const char *fmt;	/* borrowed: it is the kind */
		unsigned n;
	} warned[DIAG_KINDS];
	uint64_t unshown;	/* warnings */
	struct {
		const char *kind;	/* borrowed */
		uint64_t n;
	} counted[DIAG_KINDS];	/* warnings, shown or not */
	int reported;		/* the run's report was written, or tried */
};

/*
 * Print an error at a place (NULL: none) and remember its status, unless an
 * earlier error set one.  Always returns -1, for the caller to pass on.
 */
int	diag_fail(struct diag *, enum status, const struct place *,
	    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/*
 * -1 once an error was printed, else 0.  What completes an output asks this:
 * nothing is whole after a failure, whoever may have lost its -1.
 */
int	diag_failed(const struct diag *);

/*
 * The end of a run that returned 0 or -1: reports how many warnings were not
 * shown, once; a -1 of which nothing was printed is an error itself
 * (STATUS_IO), of ours.  0, or -1 if there was any.
 */
int	diag_settle(struct diag *, int rc);

/* print a warning, unless quiet, or there were DIAG_SHOWN of its kind */
void	diag_warn(struct diag *, const struct place *,
	    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

/* the same of a kind that reports and ledgers count by: one short word */
void	diag_warn_of(struct diag *, const char *kind, const struct place *,
	    const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* what makes a word plural, of so many */
static inline const char *
diag_s(uint64_t n)
{
	return n == 1 ? "" : "s";
}

/* print a note, only when verbose */
void	diag_note(const struct diag *, const struct place *,
	    const char *fmt, ...) __attribute__((format(printf, 3, 4)));

#endif
