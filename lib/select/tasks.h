/* SPDX-License-Identifier: ISC */
/*
 * The first pass of a filter: the graph, the tasks, and what each says of its
 * status.
 */
#ifndef SELECT_TASKS_H
#define SELECT_TASKS_H

struct filter;

/*
 * Read all records; f->tasks has the tasks, versions of one identity
 * together.  0, or -1 after a message.
 */
int	tasks_read(struct filter *);

#endif
