/* SPDX-License-Identifier: ISC */
/*
 * The walk through a JSON document, where a map's components are found.
 */
#ifndef CONVERT_WALK_H
#define CONVERT_WALK_H

#include <stdint.h>	/* sizes and counts */

struct diag;
struct file;
struct json_token;
struct map;
struct nesting;

struct walk;

struct walk_options {
	uint64_t max_component;	/* bytes of a component's value */
	unsigned max_depth;	/* of containers; the parser sees to it */
	int watch;		/* count the keys that stand twice */
};

/* a walker whose lines go to nest; all are borrowed, but the options copied */
struct walk *walk_open(struct diag *, const struct map *,
	    const struct walk_options *, struct nesting *);
void	walk_close(struct walk *);

/* begin a file's document; it is borrowed until the next */
void	walk_begin(struct walk *, const struct file *);

/* a scan_taker; -1 after a message, or if a component is too large */
int	walk_take(void *walk, const struct json_token *);

/* where the walker is (RFC 6901); lasts until the next call */
const char *walk_pointer(struct walk *);

/* what was met so far */
struct walked {
	uint64_t components;
	uint64_t doubles;	/* keys that stood in their object before */
	int too_large;		/* a component is larger than allowed */
};
struct walked walk_end(const struct walk *);

#endif
