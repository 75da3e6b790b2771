/* SPDX-License-Identifier: ISC */
/*
 * A JSON file put together again from its records.
 */
#ifndef CONVERT_ASSEMBLE_H
#define CONVERT_ASSEMBLE_H

#include <stddef.h>

#include "base/slice.h"	/* slices */
#include "json/print.h"	/* the document inside */

struct style;

/* an open container, or a component whose inner containers are filled */
struct assembly_level {
	size_t at, nat;		/* its pointer, in pointers */
	int component;
	int array;
	int hole;		/* it stands inside a component's value */
	struct buf kept;	/* of a component: its value */
	struct print_value value;
};

/* a file being put together; zeroed: none yet */
struct assembly {
	struct print layout;
	struct assembly_level *levels;
	size_t depth, room;
	struct buf pointers;
	struct buf key;
	int begun;		/* the document's first token is there */
	const struct print_mark *marks;	/* of the next component, borrowed */
	size_t nmarks;
	const char *wrong;	/* after -1: what, NULL if the taker stopped */
};

/* begin a file; take NULL: it is measured only */
void	assemble_begin(struct assembly *, const struct style *,
	    unsigned max_depth, print_taker *, void *arg);

/*
 * A container that is filled by what follows; at is decoded, key is its key
 * as it stood in the source (p NULL: as the pointer has it).  0 or -1.
 */
int	assemble_open(struct assembly *, struct slice at, struct slice key,
	    int array);

/*
 * A component.  Where containers inside it may follow, its value must wait
 * for them: keep is then the buffer that the value stands in, which is taken
 * over and left empty.  NULL: none follow.
 */
int	assemble_component(struct assembly *, struct slice at,
	    struct slice key, struct slice value, struct buf *keep);

/* close all that is open, and hand all text over; 0 or -1 */
int	assemble_end(struct assembly *);
void	assemble_free(struct assembly *);

#endif
