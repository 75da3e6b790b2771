/* SPDX-License-Identifier: ISC */
/*
 * Many agents, some at a time.
 */
#ifndef CMD_BATCH_H
#define CMD_BATCH_H

struct diag;
struct lines;

struct batch_options {
	unsigned jobs;		/* agents at a time */
	unsigned tries;		/* of what may pass */
	double timeout;		/* seconds of an agent; 0: any time */
	const char *timeout_text;	/* as the user has it */
	unsigned long bar;	/* show how many of so many are done */
	const char *version;	/* what another host must have, or NULL */
	int others;		/* other processes run agents, too */
	int again;		/* the last that failed may do better if it is
				   tried again */
};

/*
 * Run jobs, one a line (agent.h), and print a line for each that
 * has ended.  0, or -1 after a message; the number of a signal that ended it:
 * then what had begun is ended, and not told.
 */
int	batch(struct diag *, struct batch_options *,
	    struct lines *jobs);

#endif
