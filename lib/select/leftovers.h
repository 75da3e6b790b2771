/* SPDX-License-Identifier: ISC */
/*
 * What the platform leaves of what was not exported: stubs (map rows "left"
 * and "stays"), empty containers or none ("left absent": of a category that
 * was not exported there is no empty list, but none at all), counters of what
 * belongs to a component ("count"), and what the export says of itself
 * (export_options.h).
 */
#ifndef SELECT_LEFTOVERS_H
#define SELECT_LEFTOVERS_H

#include <stddef.h>
#include <stdint.h>	/* numbers */

struct buf;
struct record;
struct selection;

/* before all: what the map says of containers */
void	leftovers_begin(struct selection *);

/* the first pass: a container that may be left out */
void	leftovers_container(struct selection *, uint32_t node,
	    const struct record *);

/* after the first pass: what the map says of the kinds */
void	leftovers_kinds(struct selection *);

/* whether a record that is not taken is left, as a stub or as a whole */
int	leftovers_stays(const struct selection *, uint32_t node);

/* after that: whether tasks of a category came along with what was chosen */
int	leftovers_came(const struct selection *, const char *category,
	    size_t n);

/* once it is known what is dropped: mark what changes for it */
void	leftovers_mark(struct selection *);

/*
 * The new line of a record that is marked, from its line so far, into an
 * empty buffer.  1: changed; 0; -1 after a message.
 */
int	leftovers_change(struct selection *, uint32_t node,
	    const struct record *, struct buf *line);

#endif
