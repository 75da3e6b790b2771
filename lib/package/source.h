/* SPDX-License-Identifier: ISC */
/*
 * What every form of package gives its reader: members one after the other.
 */
#ifndef PACKAGE_SOURCE_H
#define PACKAGE_SOURCE_H

#include <stddef.h>

struct member;

/* the operations of a form; self is its own */
struct source_ops {
	/* go to the next member: 1; 0 at the end; -1 after a message */
	int (*next)(void *self, struct member *);
	/* its next bytes, in place until the next call: how many, 0, -1 */
	long (*read)(void *self, const char **);
	/* packed bytes read so far (for the ratio); NULL: not packed */
	unsigned long long (*packed)(void *self);
	void (*close)(void *self);
};

#endif
