/* SPDX-License-Identifier: ISC */
/*
 * Processes that run tools, one after the other.
 *
 * A worker is forked from this process and runs a tool as its main function,
 * without exec(2).  When that returns it waits for the next: what memory it
 * has, and what it knows of the maps, it keeps.  If it dies, or the tool ends
 * it, only that run is lost, and another takes its place.
 */
#ifndef CMD_WORKER_H
#define CMD_WORKER_H

#include <sys/types.h>

struct workers;

/* what a worker does next; all of it is borrowed for the call */
struct task {
	char *const *argv;	/* ended by NULL; the first names the tool */
	const char *program;	/* run this in its place, or NULL */
	int in, out, err;	/* what it has as 0, 1 and 2 */
	int other;		/* the other end of a pipe, or -1: a process
				   that is forked now is not to have it */
};

/* no worker yet; NULL: no descriptors are left, errno says why */
struct workers *workers_open(void);

/* let each end when it has ended its task; there can be no more */
void	workers_stop(struct workers *);

/* the same, and wait for them; NULL is nothing */
void	workers_close(struct workers *);

/* the process that does a task now, or -1 and errno */
pid_t	workers_run(struct workers *, const struct task *);

/*
 * Whether a task has ended meanwhile: its process, and the exit status, or
 * 128 and the signal.  0: none has.
 */
int	workers_took(struct workers *, pid_t *, int *code);

/* what can be read when a task has ended, unless SIGCHLD tells */
int	workers_fd(const struct workers *);

/* send a signal to a process, and to those that it made */
void	workers_kill(pid_t, int signal);

#endif
