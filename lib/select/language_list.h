/* SPDX-License-Identifier: ISC */
/*
 * The agent's own list of languages, at the places of the map's rows
 * "languages", in a selection by language.
 */
#ifndef SELECT_LANGUAGE_LIST_H
#define SELECT_LANGUAGE_LIST_H

#include <stdint.h>	/* nodes */

struct buf;
struct record;
struct selection;

/* once the map and the criteria are known: whether lists are looked at */
void	language_list_begin(struct selection *);

/*
 * The first pass: of a component that lists languages those that are asked for
 * are met, and it is marked if it lists others.  0, or -1 after a message.
 */
int	language_list_gather(struct selection *, uint32_t node,
	    const struct record *);

/* between the passes: those marked are to be changed */
void	language_list_mark(struct selection *);

/*
 * The second: take the languages that are not wanted out of lists, and warn of
 * one that stands alone, such as the default.  1: the new line is in the
 * buffer; 0: there is nothing to change; -1 after a message.
 */
int	language_list_change(struct selection *, uint32_t node,
	    const struct record *, struct buf *line);

#endif
