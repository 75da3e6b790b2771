/* SPDX-License-Identifier: ISC */
/*
 * A line with some members of its envelope changed; all other bytes, those of
 * members of one's own (x-...) too, stay as they are.
 */
#ifndef STREAM_RECORD_EDIT_H
#define STREAM_RECORD_EDIT_H

#include <stddef.h>

#include "stream/record.h"	/* members, slices */

struct buf;

/* a member to be set to this JSON, or (p NULL) taken out */
struct record_edit {
	enum record_field field;
	struct slice json;
};

/*
 * Append the record's line, without a newline, with n members changed: each
 * once, none of them kind.  A member that was not there is put where
 * pkg-stream(5) wants it.
 */
void	record_edit(struct buf *, const struct record *,
	    const struct record_edit *, size_t n);

/*
 * Append the line with another status (text; NULL: none), and with a member
 * "x-why" (text; NULL: none), which takes the place of one that is there.
 */
void	record_edit_status(struct buf *, const struct record *,
	    const char *status, const char *why);

/* the same, with the status as it is */
void	record_edit_why(struct buf *, const struct record *, const char *why);

#endif
