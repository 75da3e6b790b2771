/* SPDX-License-Identifier: ISC */
/*
 * A list of strings in an envelope: read item by item, and written so that
 * nothing stands twice in it.
 */
#ifndef STREAM_LIST_H
#define STREAM_LIST_H

#include <stddef.h>

#include "base/hashset.h"	/* a table inside */
#include "stream/record.h"	/* which member it is */

struct buf;

/*
 * The next item of a list (JSON) after *at, which is 0 at first.  Returns 1, 0
 * at the end or if the rest is no list.  The text is still escaped.
 */
int	list_next(struct slice list, size_t *at, struct slice *text);

/* a reference without the "?" of one that may be built in */
struct slice list_reference(struct slice item);

/* a longer list is searched for doubles through a table */
#define LIST_FEW 16

/* a list being written, and what it has; no copy may be made of it */
struct list {
	struct buf *out;
	enum record_field field;
	size_t n, room;
	struct list_item {
		size_t at, n;	/* in out */
	} few[LIST_FEW], *items;	/* few, or more on the heap */
	struct hashset table;	/* the items' numbers; empty while few */
};

/* begin a list that is a member of the envelope; it is absent while empty */
void	list_begin(struct list *, struct buf *, enum record_field);

/* begin an item: what is appended to the buffer next is its text */
void	list_item(struct list *);

/*
 * End it: its text stands from at on.  If the list has it already, or it is
 * empty, the buffer goes back to what it was at before.
 */
void	list_end_item(struct list *, size_t before, size_t at);

/* end the list */
void	list_end(struct list *);

#endif
