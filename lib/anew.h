/* SPDX-License-Identifier: ISC */
/*
 * The envelopes of an edited stream, made anew from the values.
 */
#ifndef ANEW_H
#define ANEW_H

struct anew;
struct buf;
struct diag;
struct map;
struct place;
struct record;

/* the map is borrowed */
struct anew *anew_open(struct diag *, const struct map *);
void	anew_close(struct anew *);

/*
 * Give a record's envelope the members that pkg-unpack(1) would take from its
 * value, and tell of a new id where notes are shown.  The record stands in
 * the buffer, and does so afterwards.  All records of a stream are to be given,
 * in their order.  A component of which the map knows nothing stays as it is.
 * 0, or -1 after a message.
 */
int	anew_record(struct anew *, struct record *, struct buf *,
	    const struct place *);

#endif
