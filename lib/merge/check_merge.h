/* SPDX-License-Identifier: ISC */
/*
 * What the command line of a merge names, and whether it is there.
 */
#ifndef MERGE_CHECK_MERGE_H
#define MERGE_CHECK_MERGE_H

#include <stddef.h>

struct buf;
struct diag;
struct policy_ask;
struct side;

/*
 * The categories and kinds that the user names must be known, to the map or
 * to a stream.  Both sides are read.  0, or -1 after messages (STATUS_USAGE)
 * that name those nearest.
 */
int	check_merge_words(struct diag *, const struct policy_ask *,
	    const struct side *target, const struct side *source);

/*
 * Leave the source's variables of these names alone; before it is said what
 * each rule holds.  For each that neither side has a text is appended to
 * unknown, with a NUL behind it.  0, or -1 after a message.
 */
int	check_merge_variables(const char *const *names, size_t n,
	    struct side *target, struct side *source, struct buf *unknown);

#endif
