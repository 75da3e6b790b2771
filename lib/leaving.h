/* SPDX-License-Identifier: ISC */
/*
 * What the platform leaves of what was not exported: stubs, empty containers
 * or none (map rows "left" and "stays"), counters, and what the export tells
 * of itself.
 */
#ifndef LEAVING_H
#define LEAVING_H

#include <stddef.h>
#include <stdint.h>	/* numbers */

struct buf;
struct record;
struct selection;

/* before all: what the map says of containers */
void	leaving_begin(struct selection *);

/* the first pass: a container that may be left out */
void	leaving_container(struct selection *, uint32_t node,
	    const struct record *);

/* after it: what the map says of the kinds */
void	leaving_kinds(struct selection *);

/* whether a record that is not taken is left, as a stub or as a whole */
int	leaving_stays(const struct selection *, uint32_t node);

/* after that: whether tasks of a category came along with what was chosen */
int	leaving_came(const struct selection *, const char *category,
	    size_t n);

/* once it is known what is dropped: mark what changes for it; 0 or -1 */
int	leaving_settle(struct selection *);

/*
 * The new line of a record that is marked, from its line so far, into an
 * empty buffer.  1: changed; 0; -1 after a message.
 */
int	leaving_change(struct selection *, uint32_t node,
	    const struct record *, struct buf *line);

#endif
