/* SPDX-License-Identifier: ISC */
/*
 * A stream with the versions of its tasks that an export mode takes.
 */
#ifndef SELECT_FILTER_H
#define SELECT_FILTER_H

#include <stddef.h>

#include "select/filtered.h"	/* what is asked and told */

struct twopass;
struct diag;
struct registry;
struct room;

/*
 * Filter a stream to standard output.  The maps are opened here, those of the
 * stream's platform, and are the caller's to close, whatever is returned: 0,
 * or -1 after a message (STATUS_FINDING: tasks of
 * unknown status, or all dropped, and nothing is written).
 */
int	filter(struct diag *, const struct filter_options *, struct twopass *,
	    struct room *, struct registry *, struct filtered *);

#endif
