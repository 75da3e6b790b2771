/* SPDX-License-Identifier: ISC */
/*
 * The envelope of a component whose value was changed: what it says of the
 * value, derived as pkg-unpack(1) would.
 */
#ifndef VALUE_DERIVE_H
#define VALUE_DERIVE_H

#include <stddef.h>

#include "stream/record_edit.h"	/* the members that differ */

struct buf;
struct locator;
struct map;
struct registry;
struct stream_in;
struct tape;
struct twopass;

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
 * Let an edited stream (others stay as they are), whose first line was read,
 * give records whose envelopes have what pkg-unpack(1) would take from their
 * values: also type, status, lang and alias.  A component of which the map
 * knows nothing stays as it is; a new id is reported where notes are shown.
 * The map is borrowed, until stream_read_free().
 */
void	derive_edited(struct stream_in *, const struct map *);

/*
 * Find the map of the platform of a stream, in a file or (NULL) in those
 * compiled in; what was edited is then derived by it.  NULL after a message;
 * registry_close() in any case.
 */
const struct map *derive_begin(struct twopass *, struct registry *,
	    const char *map);

#endif
