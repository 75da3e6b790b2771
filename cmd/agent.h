/* SPDX-License-Identifier: ISC */
/*
 * One agent of a bulk run: its stages, done by workers, and what came of them.
 *
 * A stage is the tool's own main function in a worker.  If PATH has another
 * program of its name than the one beside this, that is run, but for jobs of
 * another host.  A stage can take down its agent, and nothing else.
 */
#ifndef CMD_AGENT_H
#define CMD_AGENT_H

#include <sys/types.h>
#include <time.h>

#include "base/buf.h"	/* the folder inside */

struct diag;

/* the fields of a job, in their order; \037 stands before each
   word of options, \036 in one for the root */
enum agent_field {
	AGENT_NUMBER,	/* any text without a blank: it is told again */
	AGENT_SOURCE,	/* paths below the root */
	AGENT_TARGET,
	AGENT_PART,	/* what is written: it ends in / if it is a folder */
	AGENT_FORCE,	/* "-f", or empty */
	AGENT_UNPACK,	/* options of each stage; "-": none, or no stage */
	AGENT_FILTER,
	AGENT_SELECT,
	AGENT_MERGE,
	AGENT_PACK,
	AGENT_OUTPUT,	/* the name that the part gets, if nothing has it;
			   "-": it keeps its own */
	AGENT_FIELDS
};

enum agent_stage {
	STAGE_TARGET,
	STAGE_UNPACK,
	STAGE_FILTER,
	STAGE_SELECT,
	STAGE_MERGE,
	STAGE_PACK,
	STAGES
};

/* what all agents of a run share: filled by agent_place() */
struct agent_place {
	const char *root;	/* where paths begin: "", or a folder */
	const char *host;	/* its name, for the report */
	int remote;		/* another host began the run */
	int others;		/* agents run at the same time: one thread */
	struct workers *workers;	/* they do the stages */
	const char *lacks;	/* what it must have and has not, or NULL */
	char *programs[STAGES];	/* what PATH has; NULL: it is this program */
};

struct agent {
	const struct agent_place *place;
	struct buf dir;		/* its own, for what the stages say */
	char *job;		/* the text of the fields */
	const char *fields[AGENT_FIELDS];
	struct {
		pid_t pid;	/* 0: it does not run */
		int code;	/* -1: it has not ended */
	} stages[STAGES];
	unsigned running;
	int piped;		/* the pipeline was begun */
	struct timespec began;
};

/*
 * Where this process works and what it runs; another host must have a version
 * of pkg-unpack, as that prints it.  0, or -1 after a message.
 */
int	agent_place(struct diag *, struct agent_place *, const char *version);
void	agent_place_free(struct agent_place *);

/* make room for agents, one after the other; 0, or -1 after a message */
int	agent_open(struct diag *, struct agent *, const struct agent_place *);
void	agent_close(struct agent *);

/*
 * Begin with a job of n bytes: fields with tabs between them, of which more
 * than AGENT_FIELDS are passed over; it is copied.  -1: it has too few.
 */
int	agent_begin(struct agent *, const char *job, size_t n);

/* the same job again */
void	agent_again(struct agent *);

/* whether a process that ended its task, with a code, did a stage of it */
int	agent_took(struct agent *, pid_t, int code);

/* send a signal to the stages that run */
void	agent_kill(const struct agent *, int signal);

/*
 * When none runs: append the line that says how it ended, to be read by
 * pkg-bulk; why (or NULL) is a reason of the caller's.  1: another try, or
 * another host, may do better.
 */
int	agent_report(struct agent *, struct buf *, const char *why);

#endif
