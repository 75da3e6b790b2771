/* SPDX-License-Identifier: ISC */
/*
 * What a run did, in figures: for people (-v) and for fleets (--report).
 */
#ifndef CMD_REPORT_H
#define CMD_REPORT_H

#include "base/counts.h"	/* its figures */

struct diag;

/* a run; counts that a tool does not have stay zero */
struct report {
	const char *input;	/* NULL: standard input */
	int stream;		/* it saw no package: files are not counted */
	struct counts counts;
	int finding;		/* done, it ends with STATUS_FINDING: an answer
				   that is no error */
	const char *more;	/* members of the tool's own, JSON; or NULL */
};

/*
 * Whether the file path (NULL: none) may become a report: it is not there, or
 * is empty, an older report or no regular file.  0, or -1 after a message
 * (STATUS_USAGE).
 */
int	report_check(struct diag *, const char *path);

/*
 * The end of a run that returned rc (diag_settle()): print the figures to
 * stderr if verbose, and as one JSON object to the file path, unless it is
 * NULL or may not become a report.  0, or -1 after a message of this or of
 * the run.
 */
int	report_end(struct diag *, const struct report *, const char *path,
	    int rc);

#endif
