/* SPDX-License-Identifier: ISC */
/*
 * The envelopes of an edited stream, made anew from the values.
 */
#ifndef VALUE_ANEW_H
#define VALUE_ANEW_H

struct map;
struct stream_in;

/*
 * Let an edited stream (others stay as they are), whose first line was read,
 * give records whose envelopes have what pkg-unpack(1) would take from their
 * values.  A component of which the map knows nothing stays as it is; a new
 * id is told where notes are shown.  The map is borrowed, until
 * stream_read_free().
 */
void	derive_edited(struct stream_in *, const struct map *);

#endif
