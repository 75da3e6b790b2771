/* SPDX-License-Identifier: ISC */
/*
 * The text of -h: a synopsis, and a line for each option.
 */
#ifndef CMD_USAGE_H
#define CMD_USAGE_H

struct buf;
struct tool;

/* append the text of a tool, from the table of its options */
void	usage_put(struct buf *, const struct tool *);

#endif
