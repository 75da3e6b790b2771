/* SPDX-License-Identifier: ISC */
/*
 * A component with less in its value: the stub that a platform leaves of what
 * was not exported, members taken out, words taken out of lists.  Its
 * references are those of the new value.
 */
#ifndef VALUE_PRUNE_H
#define VALUE_PRUNE_H

#include <stddef.h>

struct buf;
struct edits;
struct place;
struct record;
struct reviser;
struct slice;
struct tape;

/*
 * Make edits of a record's value: edit notes them in the patch, by the tape
 * of the value.  The place is that of the line, for messages.  1: changed, the
 * new line is in the buffer (emptied before), without a newline; 0: edit noted
 * none; -1 after a message.
 */
int	prune(struct reviser *, const struct record *, const struct place *,
	    void (*edit)(void *ctx, const struct tape *, struct edits *),
	    void *ctx, struct buf *line);

/* the same: leave only members with one of n keys */
int	prune_stub(struct reviser *, const struct record *,
	    const struct place *, char *const *keys, size_t n, struct buf *);

/*
 * The same: take out the empty containers at n places inside: RFC 6901, as in
 * JSON strings.
 */
int	prune_containers(struct reviser *, const struct record *,
	    const struct place *, const struct slice *pointers, size_t n,
	    struct buf *);

#endif
