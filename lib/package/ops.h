/* SPDX-License-Identifier: ISC */
/*
 * What every form of package gives its reader, members one after the other,
 * and what it takes from its writer.
 */
#ifndef PACKAGE_OPS_H
#define PACKAGE_OPS_H

#include <stddef.h>

struct member;

/* what reads a form; self is its own */
struct source_ops {
	/* go to the next member: 1; 0 at the end; -1 after a message */
	int (*next)(void *self, struct member *);
	/* its next bytes, in place until the next call: how many, 0, -1 */
	long (*read)(void *self, const char **);
	/* packed bytes read so far (for the ratio); NULL: not packed */
	unsigned long long (*packed)(void *self);
	void (*close)(void *self);
};

/* what writes a form; all but close: 0, or -1 after a message */
struct sink_ops {
	/* begin a member, ending the one before */
	int (*begin)(void *self, const struct member *);
	/* its next n bytes */
	int (*write)(void *self, const char *, size_t n);
	/* all members came: complete it, but for its name in the world */
	int (*finish)(void *self);
	/* give everything back, finished or not */
	void (*close)(void *self);
};

#endif
