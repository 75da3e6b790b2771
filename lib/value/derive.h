/* SPDX-License-Identifier: ISC */
/*
 * The envelope of a component whose value was changed: what it says of the
 * value, said anew as pkg-unpack(1) would.
 */
#ifndef VALUE_DERIVE_H
#define VALUE_DERIVE_H

#include <stddef.h>

#include "stream/record_edit.h"	/* the members that differ */

struct buf;
struct locator;
struct tape;

/*
 * So many members may differ: id, name, type, status, lang, alias, names, and
 * the four lists.
 */
#define DERIVED 11

/*
 * The members from "first" on (RECORD_ID: all; RECORD_OWNER: what it refers
 * to) that a record's envelope should have and has not, with their texts in
 * the buffer, which is emptied first.  The tape holds the record's value.  An
 * id keeps what it has of its parent's.  Returns how many differ.
 */
size_t	derive(struct locator *, const struct record *, const struct tape *,
	    enum record_field first, struct record_edit changes[DERIVED],
	    struct buf *);

/*
 * The same of all members that the map takes from the value: also type,
 * status, lang and alias.  A scoped id begins with the scope (p NULL: what it
 * has of its parent's).  own is emptied, and gets the scope of the components
 * that stand in this one.
 */
size_t	derive_all(struct locator *, const struct record *, const struct tape *,
	    struct slice scope, struct record_edit changes[DERIVED],
	    struct buf *, struct buf *own);

#endif
