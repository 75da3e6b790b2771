/* SPDX-License-Identifier: ISC */
/*
 * The walk through a JSON document, where a map's components are found.
 */
#ifndef CONVERT_WALK_H
#define CONVERT_WALK_H

#include <stdint.h>	/* sizes and counts */

#include "json/scan.h"	/* takers of tokens */

struct diag;
struct file;
struct map;
struct nesting;

struct walk;

/*
 * A walker whose lines go to nest; all are borrowed.  The parser sees to it
 * that containers are nested no deeper; a component's value may have so many
 * bytes.
 */
struct walk *walk_open(struct diag *, const struct map *, unsigned max_depth,
	    uint64_t max_component, struct nesting *);
void	walk_close(struct walk *);

/* begin a file's document; it is borrowed until the next */
void	walk_begin(struct walk *, const struct file *);

/* take tokens; -1 after a message, or if a component is too large */
extern scan_taker *const walk_takers[JSON_TYPES];

/* where the walker is (RFC 6901); lasts until the next call */
const char *walk_pointer(struct walk *);

/* what was met so far */
struct walked {
	uint64_t components;
	uint64_t doubles;	/* keys that stood in their object before; if
				   notes are shown */
	int too_large;		/* a component is larger than allowed */
};
struct walked walk_end(const struct walk *);

#endif
