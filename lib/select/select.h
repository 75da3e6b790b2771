/* SPDX-License-Identifier: ISC */
/*
 * A stream with the components that are asked for, and what they depend on.
 */
#ifndef SELECT_SELECT_H
#define SELECT_SELECT_H

#include <stddef.h>

struct twopass;
struct diag;
struct registry;
struct room;
struct select_options;
struct selected;

/*
 * Select from a stream to standard output.  The maps are opened here, those of
 * the stream's platform, and are the caller's to close, whatever is returned:
 * 0, or -1 after a message (STATUS_FINDING: nothing
 * fits, or references are lost that must not be).
 */
int	selects(struct diag *, const struct select_options *, struct twopass *,
	    struct room *, struct registry *, struct selected *);

#endif
